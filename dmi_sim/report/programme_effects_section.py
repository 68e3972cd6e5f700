"""The answer of a study of programmes: effects, and dose and falls beside each of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from dmi_sim.report.comparisons import Comparison, Group
from dmi_sim.report.context import arm_label, figure
from dmi_sim.report.figures import forest
from dmi_sim.report.interaction_table import interactions_told
from dmi_sim.report.interactions import interactions
from dmi_sim.report.labels import Measure, comparison_title, lower_first
from dmi_sim.report.markup import Html, element, fold, paragraph, section, table, unbroken
from dmi_sim.report.programme_numbers import ArmsCompared, ProgrammeNumbers, SideBySide
from dmi_sim.report.programme_question import ProgrammeQuestion
from dmi_sim.report.verdicts import headline, verdict
from dmi_sim.statistics.intervals import Bounds, Estimate, t_interval
from dmi_sim.statistics.p_values import FEWEST_TO_DECIDE
from dmi_sim.tables import (
    UNKNOWN,
    decimals_for,
    effect_text,
    interval_text,
    number,
    p_text,
    percent,
    with_unit,
)

POINTS = "points"
"""Unit of differences between shares: hundredths."""


def in_points(comparison: Comparison) -> Comparison:
    """A comparison of shares in hundredths, as a report tells it; all p values stay.

    Args:
        comparison: A difference between two arms in an outcome from 0 to 1.
    """
    names = ("difference", "bootstrap", "student", "robust")
    scaled = {name: _hundredfold(getattr(comparison, name)) for name in names}
    each = {child: 100 * value for child, value in comparison.differences.items()}
    return replace(comparison, differences=each, **scaled)


def _hundredfold(one: Estimate) -> Estimate:
    return Estimate(100 * one.value, 100 * one.low, 100 * one.high)


def told(numbers: ProgrammeNumbers, one: Comparison) -> Comparison:
    """A comparison in the unit in which the report tells it."""
    return in_points(one) if _is_share(numbers.measure) else one


def told_measure(numbers: ProgrammeNumbers) -> Measure:
    """The primary outcome in words, in the unit in which the report tells it."""
    measure = numbers.measure
    if not _is_share(measure):
        return measure
    low, high = measure.bounds
    return replace(measure, unit=POINTS, bounds=Bounds(100 * low, 100 * high))


def told_margin(numbers: ProgrammeNumbers) -> float:
    """Largest difference that would not matter, in the unit in which the report tells it."""
    return round(100 * numbers.margin, 9) if _is_share(numbers.measure) else numbers.margin


def _is_share(measure: Measure) -> bool:
    return not measure.unit


def answer_of_programmes(numbers: ProgrammeNumbers) -> str:
    """The answer of a study of programmes in one line, of its elements if it asks for them."""
    if numbers.by_elements:
        return _answer(numbers, [told(numbers, one.comparison) for one in numbers.elements])
    return _answer(numbers, [told(numbers, one.primary) for one in numbers.compared])


def _answer(numbers: ProgrammeNumbers, comparisons: Sequence[Comparison]) -> str:
    if not comparisons:
        return "No verdict: the run has no two arms to compare."
    return children_for_infants(
        headline(comparisons, told_measure(numbers), told_margin(numbers), tells_apart(numbers))
    )


def children_for_infants(words: str) -> str:
    """Words of verdicts, which speak of infants, for a study of children."""
    return words.replace("infants", "children").replace("infant", "child")


def tells_apart(numbers: ProgrammeNumbers, one: ArmsCompared | None = None) -> bool:
    """Whether the outcome could tell arms apart: not if it came out alike in every child.

    Args:
        numbers: All numbers of the report.
        one: The comparison whose kind of children is meant; all children by default.
    """
    values = numbers.values if one is None else one.values
    every = [value for own in values.values() for value in own.values()]
    return len({*every}) > 1 and not _nobody_reached(numbers)


def _nobody_reached(numbers: ProgrammeNumbers) -> bool:
    return all(numbers.censored[arm] == len(own) for arm, own in numbers.values.items())


_ONE_KIND: Mapping[Group, str] = {}
"""Titles of children of one kind, which need none."""


def effects_section(
    numbers: ProgrammeNumbers,
    titles: Mapping[str, str],
    question: ProgrammeQuestion,
    kinds: Mapping[Group, str] = _ONE_KIND,
) -> Html:
    """The verdicts, the forest plot, and a table for each two arms.

    Args:
        numbers: All numbers of the report.
        titles: Titles of the arms, by name, in planned order.
        question: What the study asks.
        kinds: Titles of the kinds of children, if there are several.
    """
    names = Names(titles, kinds)
    return section(
        "answer",
        "The answer",
        paragraph(element("strong", answer_of_programmes(numbers)), class_="question"),
        paragraph(_what_was_asked(numbers, question), class_="note"),
        *_censored(numbers, titles),
        element("div", *(_card(numbers, one, names) for one in numbers.compared), class_="cards"),
        *_few(numbers),
        *_forest(numbers, names),
        *_interactions(numbers, question, names),
        _arm_table(numbers, titles),
        *(_table(numbers, one, names) for one in numbers.compared[:1]),
        *(
            fold(_table_title(one, names), _table(numbers, one, names))
            for one in numbers.compared[1:]
        ),
        paragraph(_HOW_TO_READ, class_="note"),
    )


@dataclass(frozen=True)
class Names:
    """What arms and kinds of children are called.

    Attributes:
        arms: Titles of the arms, by name, in planned order.
        kinds: Titles of the kinds of children; none where there is one kind.
    """

    arms: Mapping[str, str]
    kinds: Mapping[Group, str]

    def of(self, one: Comparison) -> str:
        """A comparison in words, with the kind of children where there are several."""
        about = f", {self.kinds[one.group]}" if self.kinds else ""
        return f"{comparison_title(one, self.arms)}{about}"


_HOW_TO_READ = (
    "Differences are the first arm minus the second, child by child, in brackets their 95 % "
    "interval; where it holds zero, no difference is shown. Only the first row of a table decides, "
    "corrected for the number of comparisons; all others are told as they came, without "
    "correction. Dose and falls stand beside every effect because an effect may come from how "
    "much was practised or carried, and not from how. A child who never reached a milestone counts "
    "with its age in the end (restricted mean age): true differences may be larger."
)


def _what_was_asked(numbers: ProgrammeNumbers, question: ProgrammeQuestion) -> str:
    measure = told_measure(numbers)
    margin = with_unit(f"{told_margin(numbers):g}", measure.unit)
    when = (
        "Outcome, comparisons and margin were named before the run"
        if question.is_declared
        else "Nobody named an outcome before; all arms are compared with each other"
    )
    return (
        f"{when}: {measure.title} ({measure.meaning}); differences up to ±{margin} would not "
        "matter."
    )


def _censored(numbers: ProgrammeNumbers, titles: Mapping[str, str]) -> Iterator[Html]:
    if not any(numbers.censored.values()):
        return
    each = (
        f"{lower_first(titles[arm])} {count} of {len(numbers.values[arm])}"
        for arm, count in numbers.censored.items()
    )
    yield paragraph(
        f"Children who did not reach it: {'; '.join(each)}. They count with their age in the end; "
        "nobody is dropped.",
        class_="note",
    )


def _card(numbers: ProgrammeNumbers, one: ArmsCompared, names: Names) -> Html:
    primary, measure = told(numbers, one.primary), told_measure(numbers)
    words = verdict(primary, names.arms, measure, told_margin(numbers), tells_apart(numbers, one))
    return element(
        "div",
        element("h3", names.of(primary)),
        paragraph(unbroken(effect_text(primary.difference, measure.unit)), class_="effect"),
        paragraph(children_for_infants(words), class_="verdict"),
        *(paragraph(counted, class_="note") for counted in _directions(primary)),
        paragraph(unbroken(_beside(one)), class_="note"),
        class_="card",
    )


def _directions(one: Comparison) -> Iterator[str]:
    each = list(one.differences.values())
    if each:
        higher, lower = sum(value > 0 for value in each), sum(value < 0 for value in each)
        yield f"Higher under the first in {higher} of {len(each)} children, lower in {lower}."


def _beside(one: ArmsCompared) -> str:
    """What the arms differ in beside the effect, in one sentence."""
    differ = [
        with_unit(f"{row.title} {_value(row, row.first)} and {_value(row, row.second)}", row.unit)
        for row in one.doses
        if not _is_alike(row)
    ]
    return f"Beside it, first and second: {'; '.join(differ)}." if differ else "Dose was the same."


def _is_alike(row: SideBySide) -> bool:
    return _value(row, row.first) == _value(row, row.second)


def _few(numbers: ProgrammeNumbers) -> Iterator[Html]:
    counts = [len(one.primary.differences) for one in numbers.compared]
    if counts and min(counts) < FEWEST_TO_DECIDE:
        yield paragraph(
            f"Fewer than {FEWEST_TO_DECIDE} children describe what happened to them; they do not "
            "decide. That no difference is shown does not mean that there is none.",
            class_="warning",
        )


def _forest(numbers: ProgrammeNumbers, names: Names) -> Iterator[Html]:
    comparisons = [told(numbers, one.primary) for one in numbers.compared]
    if not comparisons:
        return
    margin = told_margin(numbers)
    picture = forest(comparisons, names.arms, told_measure(numbers), margin, names.kinds)
    yield figure(
        picture.inline,
        "Each diamond is a mean difference and its line the 95 % interval: if it crosses zero, no "
        "difference is shown. Small strokes are single children. The grey band would not matter.",
    )


def _interactions(
    numbers: ProgrammeNumbers, question: ProgrammeQuestion, names: Names
) -> Iterator[Html]:
    """How far effects depend on the kind of children, in the unit in which the report tells."""
    comparisons = [told(numbers, one.primary) for one in numbers.compared]
    asked = question.interactions
    found = interactions(comparisons, asked)
    parts = interactions_told(asked, found, told_measure(numbers), names.arms, names.kinds)
    yield from (Html(children_for_infants(part)) for part in parts)


def _arm_table(numbers: ProgrammeNumbers, titles: Mapping[str, str]) -> Html:
    measure = told_measure(numbers)
    scale = 100.0 if _is_share(numbers.measure) else 1.0
    caption = with_unit(measure.title.capitalize(), measure.bracketed_unit)
    return table(
        ["Programme", "Mean [95 %]", "Each child"],
        [_arm_row(numbers, arm, titles, scale) for arm in numbers.arms],
        f"{caption}, by arm",
        "tight",
    )


def _arm_row(
    numbers: ProgrammeNumbers, arm: str, titles: Mapping[str, str], scale: float
) -> list[str]:
    import numpy as np

    values = np.array([scale * one for one in numbers.values[arm].values()])
    found = t_interval(values[np.isfinite(values)])
    decimals = decimals_for(found)
    each = ", ".join(number(one, decimals) for one in values.tolist())
    shown = f"{number(found.value, decimals)} {interval_text(found, decimals)}"
    return [arm_label(titles, arm), shown, each]


def _table(numbers: ProgrammeNumbers, one: ArmsCompared, names: Names) -> Html:
    primary, titles = told(numbers, one.primary), names.arms
    head = ["", titles[primary.first], titles[primary.second], "Difference [95 %]", "In words"]
    decided = _decided(primary)
    rows = [
        _row(row, decided if place == 0 else _seen(row, primary))
        for place, row in enumerate(one.outcomes)
    ]
    beside = [_row(row, row.kind) for row in one.doses]
    return table(head, [*rows, *beside], _table_title(one, names), "tight")


def _table_title(one: ArmsCompared, names: Names) -> str:
    return f"Effects, dose and falls: {lower_first(names.of(one.primary))}"


def _decided(primary: Comparison) -> str:
    """What the corrected p value of the primary outcome comes to, where children may decide."""
    if len(primary.differences) < FEWEST_TO_DECIDE:
        return "primary; too few to decide"
    p = p_text(primary.p_holm)
    return f"primary; p {p if p.startswith('<') else f'= {p}'} (Holm)"


def _seen(row: SideBySide, primary: Comparison) -> str:
    """What an outcome that decides nothing shows."""
    if not row.difference.known:
        return UNKNOWN
    if row.difference.contains(0.0):
        return "no difference shown"
    few = len(primary.differences) < FEWEST_TO_DECIDE
    return "seen in few children" if few else "interval without zero, not corrected"


def _row(row: SideBySide, words: str) -> list[str]:
    unit = f" [{row.unit}]" if row.unit else ""
    name = f"{row.title[:1].upper()}{row.title[1:]}{unit}"
    return [
        name,
        _value(row, row.first),
        _value(row, row.second),
        _difference(row),
        words,
    ]


def _value(row: SideBySide, value: float) -> str:
    if row.is_share:
        return percent(value)
    return number(value, 0 if abs(value) >= 100 else 1)


def _difference(row: SideBySide) -> str:
    if not row.is_share:
        return effect_text(row.difference, "")
    return effect_text(_hundredfold(row.difference), POINTS)
