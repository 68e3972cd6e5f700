"""The page of a search: what was found, how others judge it, and where its hands went."""

import json
from collections.abc import Iterator, Mapping, Sequence
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dmi_sim.catalog import Catalog
from dmi_sim.child.course import Course
from dmi_sim.files import write_text
from dmi_sim.render.plotting import Picture, canvas
from dmi_sim.report.any_report import write_any_report
from dmi_sim.report.context import figure
from dmi_sim.report.markup import Html, element, paragraph, section, table
from dmi_sim.report.page import head
from dmi_sim.report.programme_effects_section import answer_of_programmes, told, told_measure
from dmi_sim.report.programme_numbers import ProgrammeNumbers, programme_numbers
from dmi_sim.report.programme_run import courses_and_question
from dmi_sim.report.search_numbers import HandsOverTime, hands_over_time
from dmi_sim.spec.programme import ProgrammeSpec
from dmi_sim.spec.search import FOUND, ChoiceSpec, Dimension
from dmi_sim.spec.support import SITES
from dmi_sim.statistics.intervals import Estimate
from dmi_sim.statistics.p_values import FEWEST_TO_DECIDE
from dmi_sim.study.run_manifest import CONTEXT_OF_USE
from dmi_sim.study.search_run import SearchPlan, SearchResult
from dmi_sim.tables import decimals_for, effect_text, interval_text, number, plain_words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PAGE = "report.html"
"""Name of the page, in the folder of the search."""
_WIDTH, _PANEL = 9.6, 2.1
_INK, _BEST = "#3a6ea5", "#d55e00"


def write_search_report(plan: SearchPlan, result: SearchResult, catalog: Catalog) -> Path:
    """Write the page of a search, and the report of the run in which others judge.

    Args:
        plan: The search.
        result: What it found.
        catalog: Source of the programmes.

    Returns:
        The file of the page.
    """
    write_any_report(result.judged, catalog)
    courses, question = courses_and_question(result.judged, catalog)
    numbers = programme_numbers(courses, question)
    page = result.folder / PAGE
    write_text(page, search_html(plan, result, courses, numbers, catalog))
    return page


def search_html(
    plan: SearchPlan,
    result: SearchResult,
    courses: Sequence[Course],
    numbers: ProgrammeNumbers,
    catalog: Catalog,
) -> str:
    """The page of a search.

    Args:
        plan: The search.
        result: What it found.
        courses: Courses of the children who judge.
        numbers: What they say.
        catalog: Source of the programmes.
    """
    title = plan.spec.title
    hands = hands_by_arm(courses)
    body = element(
        "body",
        element("header", paragraph(CONTEXT_OF_USE, class_="use"), element("h1", title)),
        _answer(plan, result, numbers),
        _found(plan, result, catalog),
        _hands(hands),
        _tried(plan, result),
        element("footer", paragraph(CONTEXT_OF_USE, class_="use")),
    )
    return f"<!DOCTYPE html>\n{element('html', head(title), body, lang='en')}\n"


def hands_by_arm(courses: Sequence[Course]) -> dict[str, HandsOverTime]:
    """Where hands were in each arm, in the order of the courses.

    Args:
        courses: Courses of the children who judge.
    """
    arms = dict.fromkeys(one.arm for one in courses)
    return {arm: hands_over_time([one for one in courses if one.arm == arm]) for arm in arms}


def answer_of_search(numbers: ProgrammeNumbers, hands: Mapping[str, HandsOverTime]) -> list[str]:
    """What came out, one line each: the judgement, and where the hands went.

    Args:
        numbers: What other children say.
        hands: Where hands were, by arm.
    """
    measure = told_measure(numbers)
    effects = [
        f"{one.primary.first} minus {one.primary.second}: "
        f"{effect_text(told(numbers, one.primary).difference, measure.unit)}, "
        f"n = {len(one.primary.differences)}"
        for one in numbers.compared
    ]
    return [answer_of_programmes(numbers), *effects, shift_words(hands[FOUND])]


def shift_words(hands: HandsOverTime) -> str:
    """Whether hands went caudal, in a sentence.

    Args:
        hands: Where hands were.
    """
    shift = hands.shift
    told_places = f"from {_estimate(hands.early)} to {_estimate(hands.late)}"
    if not isfinite(shift.value):
        return "Where the hands of the programme that was found went is not known."
    if not shift.known:
        went = "one child does not tell whether they move"
    elif shift.contains(0.0):
        went = "no movement is shown"
    else:
        went = "they moved caudally" if shift.value > 0 else "they moved cranially"
    return (
        f"Hands of the programme that was found went {told_places} (0 at the head, 1 no hands), "
        f"by {_estimate(shift)}: {went}."
    )


def _estimate(one: Estimate) -> str:
    decimals = decimals_for(one) if one.known else 2
    interval = f" {interval_text(one, decimals)}" if one.known else ""
    return f"{number(one.value, decimals)}{interval}"


def _answer(plan: SearchPlan, result: SearchResult, numbers: ProgrammeNumbers) -> Html:
    measure, budget = told_measure(numbers), plan.spec.budget
    few = plan.study.children < FEWEST_TO_DECIDE
    return section(
        "answer",
        "What other children say",
        paragraph(plan.spec.question, class_="question"),
        paragraph(element("strong", answer_of_programmes(numbers))),
        *(
            [paragraph("So few children describe; they do not decide.", class_="warning")]
            if few
            else []
        ),
        table(
            ["Compared", f"Difference in {measure.title} [95 %]", "Children"],
            list(_effects(numbers)),
        ),
        paragraph(
            f"Chosen among {len(result.candidates)} programmes by {budget.children} children under "
            "each, a budget that was fixed before it ran. Among them its value (the mean of the "
            f"outcome, with its sign changed where lower is better) was "
            f"{number(result.found.value, 3)}; the best of many looks better than it is, so the "
            "children above are others. ",
            element("a", "Their report", href=f"{result.judged.name}/report.html"),
            ", ",
            element("a", "their study", href=result.study_file.name),
            ".",
            class_="note",
        ),
    )


def _effects(numbers: ProgrammeNumbers) -> Iterator[list[str]]:
    for one in numbers.compared:
        effect = effect_text(told(numbers, one.primary).difference, told_measure(numbers).unit)
        yield [
            f"{one.primary.first} minus {one.primary.second}",
            effect,
            str(len(one.primary.differences)),
        ]


def _found(plan: SearchPlan, result: SearchResult, catalog: Catalog) -> Html:
    before = catalog.load(ProgrammeSpec, plan.spec.programme).model_dump(mode="json")
    rows = [
        [path, _plain(value), _plain(_at(before, path)), _range(plan.spec.space[path])]
        for path, value in result.found.settings.items()
    ]
    return section(
        "found",
        "The programme that was found",
        table(["Parameter", "Found", f"In {plan.spec.programme}", "Searched"], rows),
    )


def _at(content: Any, path: str) -> Any:
    for key in path.split("."):
        content = content.get(key) if isinstance(content, dict) else None
    return content


def _plain(value: Any) -> str:
    return "as its rule has it" if value is None else json.dumps(value).replace('"', "")


def _range(one: Dimension) -> str:
    if isinstance(one, ChoiceSpec):
        return f"{len(one.of)} choices"
    return f"{one.low:g} to {one.high:g}"


def _hands(hands: Mapping[str, HandsOverTime]) -> Html:
    return section(
        "hands",
        "Where its hands were",
        paragraph(shift_words(hands[FOUND])),
        figure(
            hands_picture(hands).inline,
            "Share of the time with a therapist by site, week by week, over all children who judge;"
            " cranial sites below, no hands on top. Sites depend on the exercises too: each offers "
            "its own, so other exercises may move hands although the child does not.",
        ),
    )


def hands_picture(hands: Mapping[str, HandsOverTime]) -> Picture:
    """Share of the time by site over the weeks, a panel for each arm.

    Args:
        hands: Where hands were, by arm.
    """
    with canvas(_WIDTH, 0.9 + _PANEL * len(hands), rows=len(hands)) as (drawing, panels):
        for axes, (arm, one) in zip(panels, hands.items(), strict=True):
            _draw_hands(axes, arm, one)
        panels[-1].set_xlabel("Week")
        handles, labels = panels[0].get_legend_handles_labels()
        drawing.legend(handles, labels, loc="outside right upper", fontsize=9)
        return Picture("hands", "Share of time by site over the weeks, by programme", drawing)


def _draw_hands(axes: "Axes", arm: str, hands: HandsOverTime) -> None:
    from matplotlib import colormaps

    colours = colormaps["viridis"]
    below = dict.fromkeys(hands.weeks, 0.0)
    for place, site in enumerate(SITES):
        shares = [
            100 * own.get(site, 0.0) / total if (total := sum(own.values())) else 0.0
            for own in hands.weeks.values()
        ]
        axes.bar(
            [week + 1 for week in hands.weeks],
            shares,
            bottom=list(below.values()),
            color=colours(place / (len(SITES) - 1)),
            label=plain_words(site),
            width=0.9,
        )
        below = {w: low + own for (w, low), own in zip(below.items(), shares, strict=True)}
    axes.set_title(plain_words(arm))
    axes.set_ylabel("Time [%]")
    axes.set_ylim(0, 100)


def _tried(plan: SearchPlan, result: SearchResult) -> Html:
    rows = [
        [f"{one.round + 1}.{one.number + 1}", number(one.value, 3), *map(_plain, _values(one))]
        for one in sorted(result.candidates, key=lambda one: -one.value)
    ]
    return section(
        "tried",
        "All that was tried",
        figure(
            tried_picture(result).inline, "Each point is a programme; the line is the best yet."
        ),
        table(["Round", "Value", *plan.spec.space], rows, class_="tight"),
    )


def _values(candidate: Any) -> list[Any]:
    return [
        value["rule"] if isinstance(value, dict) and "rule" in value else value
        for value in candidate.settings.values()
    ]


def tried_picture(result: SearchResult) -> Picture:
    """What came of each candidate, in the order in which they were tried.

    Args:
        result: What a search found.
    """
    values = [one.value for one in result.candidates]
    best = [max(filter(isfinite, values[: k + 1]), default=0.0) for k in range(len(values))]
    with canvas(_WIDTH, 3.2) as (drawing, (axes,)):
        axes.plot(range(1, len(values) + 1), values, "o", color=_INK, alpha=0.7)
        axes.step(range(1, len(values) + 1), best, where="post", color=_BEST, linewidth=2)
        axes.set_xlabel("Programme, in the order in which it was tried")
        axes.set_ylabel("Value")
        return Picture("tried", "What came of each programme that was tried", drawing)
