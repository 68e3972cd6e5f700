"""One page over all finished studies: a forest, one line for each hypothesis."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from math import isfinite
from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING

from dmi_sim.files import write_text
from dmi_sim.render.plotting import Picture, canvas
from dmi_sim.report.all_findings import AllFindings, Finding, StudyLine
from dmi_sim.report.context import figure
from dmi_sim.report.markup import Html, element, paragraph, section, table, unbroken
from dmi_sim.report.page import head
from dmi_sim.report.verdicts import Decision
from dmi_sim.statistics.p_values import FEWEST_TO_DECIDE
from dmi_sim.study.run_manifest import CONTEXT_OF_USE
from dmi_sim.tables import effect_text, p_text, with_unit

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PAGE = "findings.html"
"""Name of the page, in the folder of the runs."""
_TITLE = "What all studies found"
_WIDTH, _LINE, _ABOVE = 9.6, 0.17, 0.32
_LABEL = 38
"""Characters in a line of the name of a hypothesis."""
_WIDEST = 8.0
"""Largest difference, in margins, that the axis holds; arrows stand for what goes beyond."""
_COLOURS = {"difference": "#d55e00", "equivalence": "#009e73"}
_OTHERWISE = "#3a6ea5"
_NEUTRAL = "#5f6b7a"


def write_findings(found: AllFindings, runs: Path) -> Path:
    """Write the page of all findings into the folder of the runs.

    Args:
        found: The findings.
        runs: Folder with the runs of all studies.

    Returns:
        The file of the page.
    """
    write_text(runs / PAGE, findings_html(found, runs))
    return runs / PAGE


def findings_html(found: AllFindings, runs: Path) -> str:
    """The page of all findings.

    Args:
        found: The findings.
        runs: Folder of the page, from which it leads to the reports.
    """
    body = element(
        "body",
        element("header", paragraph(CONTEXT_OF_USE, class_="use"), element("h1", _TITLE)),
        _summary(found),
        *(_studies(found.findings, runs) if found.findings else ()),
        element("footer", paragraph(CONTEXT_OF_USE, class_="use")),
    )
    return f"<!DOCTYPE html>\n{element('html', head(_TITLE), body, lang='en')}\n"


def _summary(found: AllFindings) -> Html:
    return section(
        "summary",
        "All hypotheses",
        paragraph(element("strong", headline_of_all(found.findings)), class_="question"),
        *(_forest_parts(found.findings) if found.findings else ()),
        *(paragraph(f"Left out: {line}", class_="warning") for line in found.left_out),
    )


def headline_of_all(findings: Sequence[Finding]) -> str:
    """How many hypotheses came to what, in one line.

    Args:
        findings: All findings.
    """
    if not findings:
        return "There is no finished study to tell of."
    counts = {
        "a difference was shown": sum(one.comes_to == "difference" for one in findings),
        "the arms are equivalent": sum(one.comes_to == "equivalence" for one in findings),
        "no difference was shown": sum(one.comes_to == "undecided" for one in findings),
        "too few infants to decide": sum(
            one.comes_to in ("description", "unknown") for one in findings
        ),
    }
    parts = [f"{words} in {count}" for words, count in counts.items() if count]
    studies = len({one.source.study for one in findings})
    return (
        f"{_counted(len(findings), 'hypothesis', 'hypotheses')} of "
        f"{_counted(studies, 'study', 'studies')}: {', '.join(parts)}."
    )


def _counted(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"


def _forest_parts(findings: Sequence[Finding]) -> Iterator[Html]:
    yield figure(
        all_findings_picture(findings).inline,
        "Each line is one hypothesis: two arms compared in the primary outcome that its study "
        "named before it ran. Outcomes have different units, so differences are told in margins: "
        "the grey band, from \u22121 to 1, is what the study called too small to matter. A line "
        "through zero: no difference is shown. Arrows: the interval goes on. A hollow diamond "
        f"rests on fewer than {FEWEST_TO_DECIDE} infants and decides nothing. Positive is no "
        "better than negative: it means more of the outcome in the first arm.",
    )
    yield paragraph(
        "Each study corrects for its own comparisons; nothing corrects for the number of studies. "
        "Of many studies without any effect, one in twenty would show one.",
        class_="note",
    )


def all_findings_picture(findings: Sequence[Finding]) -> Picture:
    """Forest of all findings, in margins of their studies.

    Args:
        findings: All findings.
    """
    labels = [_label(one) for one in findings]
    lines = [max(2, label.count("\n") + 1) for label in labels]
    heights = [_ABOVE + _LINE * count for count in lines]
    with canvas(_WIDTH, 1.0 + sum(heights)) as (drawing, (axes,)):
        places = _places(heights)
        limit = _limit(findings)
        axes.axvspan(-1, 1, color=_NEUTRAL, alpha=0.14, linewidth=0)
        axes.axvline(0.0, color=_NEUTRAL, linewidth=1.4)
        for place, one in zip(places, findings, strict=True):
            _draw(axes, place, one, limit)
        axes.set_yticks(places, labels, fontsize=9.5)
        beside = axes.secondary_yaxis("right")
        beside.set_yticks(places, [_came_to(one) for one in findings], fontsize=9.5)
        beside.tick_params(axis="y", length=0)
        beside.spines["right"].set_visible(False)
        axes.set_ylim(-sum(heights), 0)
        axes.set_xlim(-1.04 * limit, 1.04 * limit)
        axes.grid(visible=False, axis="y")
        axes.tick_params(axis="y", length=0)
        axes.set_xlabel("Difference, in margins that would not matter")
        return Picture("all_findings", "All hypotheses of all studies with 95 % intervals", drawing)


def _places(heights: Sequence[float]) -> list[float]:
    """The middle of each row, from the top down."""
    return [-(sum(heights[:row]) + height / 2) for row, height in enumerate(heights)]


def _label(one: Finding) -> str:
    form = f" ({one.source.form})" if one.source.form else ""
    study = fill(f"{one.source.study.replace('_', ' ')}{form}:", _LABEL)
    return f"{study}\n{fill(one.hypothesis, _LABEL)}"


_WORDS: Mapping[Decision, str] = {
    "difference": "difference shown",
    "equivalence": "no difference shown, equivalent",
    "undecided": "no difference shown",
    "description": "too few to decide",
    "unknown": "no verdict",
}


def _came_to(one: Finding) -> str:
    """A finding beside its line: the effect with its interval, and what it comes to."""
    effect = effect_text(one.comparison.difference, one.measure.unit)
    return f"{effect}\n{_WORDS[one.comes_to]}, n = {len(one.comparison.differences)}"


def _limit(findings: Sequence[Finding]) -> float:
    ends = [
        abs(end) / one.margin
        for one in findings
        for end in (one.comparison.difference.low, one.comparison.difference.high)
        if isfinite(end)
    ]
    return max(2.0, min(_WIDEST, 1.05 * max(ends, default=2.0)))


def _draw(axes: "Axes", place: float, one: Finding, limit: float) -> None:
    """The interval of a finding, cut off at the frame."""
    found, colour = one.comparison.difference, _COLOURS.get(one.comes_to, _OTHERWISE)
    low, value, high = (x / one.margin for x in (found.low, found.value, found.high))
    if found.known:
        axes.plot([max(low, -limit), min(high, limit)], [place] * 2, color=colour, linewidth=2.2)
        for end, marker in ((low, "<"), (high, ">")):
            if abs(end) > limit:
                at = limit if end > 0 else -limit
                axes.plot([at], [place], marker, color=colour, markersize=7)
    if isfinite(value):
        decided = len(one.comparison.differences) >= FEWEST_TO_DECIDE
        shown = min(max(value, -limit), limit)
        style = "full" if decided else "none"
        axes.plot([shown], [place], "D", color=colour, markersize=7.5, fillstyle=style)


def _studies(findings: Sequence[Finding], runs: Path) -> Iterator[Html]:
    for source, own in groupby(findings, key=lambda one: one.source):
        yield section(
            f"study_{source.study}",
            source.title,
            paragraph(source.question),
            table(
                ["Hypothesis", "Difference [95 %]", "Infants", "p, Holm", "In words"],
                [_row(one) for one in own],
                class_="tight",
            ),
            paragraph(_about(source), " ", _link(source, runs), class_="note"),
        )


def _about(source: StudyLine) -> str:
    form = f"{source.form.capitalize()} of the study" if source.form else "The study"
    return f"{form} \u201c{source.study}\u201d, {source.date}."


def _link(source: StudyLine, runs: Path) -> Html:
    report = source.run / "report.html"
    shown = report.relative_to(runs) if report.is_relative_to(runs) else report
    return element("a", "Its report", href=shown.as_posix())


def _row(one: Finding) -> list[str]:
    margin = with_unit(f"±{one.margin:g}", one.measure.unit)
    return [
        f"{one.hypothesis}: {one.measure.title} (margin {margin})",
        unbroken(effect_text(one.comparison.difference, one.measure.unit)),
        str(len(one.comparison.differences)),
        p_text(one.comparison.p_holm).replace(" ", "\u00a0"),
        one.words,
    ]
