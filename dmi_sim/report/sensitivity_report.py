"""The page of a sensitivity: a tornado, a table, and a table as a file."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from dmi_sim.catalog import Catalog
from dmi_sim.files import write_bytes, write_text
from dmi_sim.render.plotting import Picture, canvas
from dmi_sim.report.any_report import write_any_report
from dmi_sim.report.context import figure
from dmi_sim.report.labels import Measure
from dmi_sim.report.markup import Html, element, paragraph, section, table
from dmi_sim.report.page import head
from dmi_sim.report.programme_effects_section import told, told_margin, told_measure
from dmi_sim.report.programme_numbers import programme_numbers
from dmi_sim.report.programme_run import courses_and_question
from dmi_sim.spec.sensitivity import AS_ASSUMED
from dmi_sim.statistics.intervals import Estimate, t_interval
from dmi_sim.statistics.p_values import FEWEST_TO_DECIDE
from dmi_sim.study.run_manifest import CONTEXT_OF_USE
from dmi_sim.study.sensitivity import SensitivityPlan
from dmi_sim.tables import UNKNOWN, effect_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PAGE, FIGURE, TABLE = "report.html", "tornado.svg", "effects.csv"
"""Names of the files, in the folder of the whole."""
_WIDTH, _ROW = 9.6, 0.42
_INK, _GREY = "#3a6ea5", "#5f6b7a"


@dataclass(frozen=True)
class Line:
    """What the effect is under one assumption.

    Attributes:
        change: Name of the change.
        title: The change in words.
        effect: First arm minus second, mean over the children with its interval.
        by_child: The same in each child.
        moved: How much more than as assumed, child by child; unknown for the line as assumed.
    """

    change: str
    title: str
    effect: Estimate
    by_child: Mapping[int, float]
    moved: Estimate


@dataclass(frozen=True)
class Tornado:
    """The effect under all assumptions.

    Attributes:
        measure: The outcome in words.
        margin: Largest difference that would not matter.
        lines: The line as assumed first, then the others, those that moved most first.
    """

    measure: Measure
    margin: float
    lines: tuple[Line, ...]

    @property
    def few(self) -> bool:
        """Whether there are too few children to decide anything."""
        return min(len(one.by_child) for one in self.lines) < FEWEST_TO_DECIDE


def tornado(plan: SensitivityPlan, runs: Mapping[str, Path], catalog: Catalog) -> Tornado:
    """The effect under all assumptions, from finished runs.

    Args:
        plan: What was run.
        runs: Folder of each run, by the name of its change.
        catalog: Source of the brains that the studies name.
    """
    lines, measure, margin = list[Line](), None, 0.0
    for change, run in runs.items():
        numbers = programme_numbers(*courses_and_question(run, catalog))
        (own,) = (told(numbers, one.primary) for one in numbers.compared)
        measure, margin = told_measure(numbers), told_margin(numbers)
        before = lines[0].by_child if lines else {}
        moved = moved_by(before, own.differences)
        lines.append(Line(change, plan.title(change), own.difference, own.differences, moved))
    assert measure is not None
    return Tornado(measure, margin, in_order(lines))


def in_order(lines: Sequence[Line]) -> tuple[Line, ...]:
    """The line as assumed, then the others, those whose effect lies farthest from it first.

    Args:
        lines: All lines, that as assumed among them.
    """
    (first,) = (one for one in lines if one.change == AS_ASSUMED)

    def far(one: Line) -> float:
        distance = abs(one.effect.value - first.effect.value)
        return distance if isfinite(distance) else -1.0

    others = sorted((one for one in lines if one is not first), key=far, reverse=True)
    return (first, *others)


def moved_by(before: Mapping[int, float], now: Mapping[int, float]) -> Estimate:
    """How much more the effect is than before, over the children who are in both.

    Args:
        before: Effect as assumed, by child.
        now: Effect with a change, by child.
    """
    shared = sorted(before.keys() & now.keys())
    return t_interval(np.array([now[child] - before[child] for child in shared]))


def write_sensitivity_report(
    plan: SensitivityPlan, runs: Mapping[str, Path], folder: Path, catalog: Catalog
) -> tuple[Path, Tornado]:
    """Write the page, the figure and the table into a folder, and the report of each run into its.

    Args:
        plan: What was run.
        runs: Folder of each run, by the name of its change.
        folder: Folder of the whole.
        catalog: Source of the brains that the studies name.

    Returns:
        The file of the page, and what stands on it.
    """
    for run in runs.values():
        write_any_report(run, catalog)
    found = tornado(plan, runs, catalog)
    write_bytes(folder / FIGURE, tornado_picture(found).file_bytes("svg"))
    write_text(folder / TABLE, effects_csv(found))
    write_text(folder / PAGE, sensitivity_html(plan, found))
    return folder / PAGE, found


def told_lines(found: Tornado) -> Iterator[str]:
    """One line for each assumption, as the command line tells it.

    Args:
        found: The effect under all assumptions.
    """
    for one in found.lines:
        yield f"{one.title}: {effect_text(one.effect, found.measure.unit)}, n = {len(one.by_child)}"


def effects_csv(found: Tornado) -> str:
    """The table of all effects as CSV.

    Args:
        found: The effect under all assumptions.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    unit = found.measure.unit or "1"
    names = ("effect", "low", "high", "moved", "moved_low", "moved_high")
    writer.writerow(["change", "title", "children", *(f"{name} [{unit}]" for name in names)])
    for one in found.lines:
        numbers = [getattr(own, end) for own in (one.effect, one.moved) for end in _ENDS]
        shown = [f"{value:.6g}" if isfinite(value) else "" for value in numbers]
        writer.writerow([one.change, one.title, len(one.by_child), *shown])
    return text.getvalue()


_ENDS = ("value", "low", "high")


def tornado_picture(found: Tornado) -> Picture:
    """The effect under each assumption with its interval, those that moved most on top.

    Args:
        found: The effect under all assumptions.
    """
    with canvas(_WIDTH, 1.3 + _ROW * len(found.lines)) as (drawing, (axes,)):
        axes.axvspan(-found.margin, found.margin, color=_GREY, alpha=0.14, linewidth=0)
        axes.axvline(0.0, color=_GREY, linewidth=1.4)
        axes.axvline(found.lines[0].effect.value, color=_GREY, linewidth=1.2, linestyle="--")
        places = range(0, -len(found.lines), -1)
        for place, one in zip(places, found.lines, strict=True):
            _draw(axes, place, one, found.lines[0].effect.value)
        axes.set_yticks(list(places), [one.title for one in found.lines])
        axes.set_ylim(-len(found.lines) + 0.4, 0.6)
        axes.grid(visible=False, axis="y")
        axes.tick_params(axis="y", length=0)
        axes.set_xlabel(f"Difference {found.measure.bracketed_unit}".strip())
        return Picture("tornado", "The effect under each assumption with 95 % intervals", drawing)


def _draw(axes: "Axes", place: float, one: Line, middle: float) -> None:
    """A bar from the effect as assumed to that of a line, and its interval."""
    effect = one.effect
    if not isfinite(effect.value):
        return
    axes.barh(place, effect.value - middle, left=middle, height=0.62, color=_INK, alpha=0.35)
    if effect.known:
        axes.plot([effect.low, effect.high], [place, place], color=_INK, linewidth=2)
    style = "full" if len(one.by_child) >= FEWEST_TO_DECIDE else "none"
    axes.plot([effect.value], [place], "D", color=_INK, markersize=7, fillstyle=style)


def sensitivity_html(plan: SensitivityPlan, found: Tornado) -> str:
    """The page.

    Args:
        plan: What was run.
        found: The effect under all assumptions.
    """
    title = plan.spec.title
    body = element(
        "body",
        element("header", paragraph(CONTEXT_OF_USE, class_="use"), element("h1", title)),
        _effects(plan, found),
        _what(plan),
        element("footer", paragraph(CONTEXT_OF_USE, class_="use")),
    )
    return f"<!DOCTYPE html>\n{element('html', head(title), body, lang='en')}\n"


def _effects(plan: SensitivityPlan, found: Tornado) -> Html:
    first, second = plan.spec.comparison
    unit = found.measure.unit
    rows = [
        [
            one.title,
            effect_text(one.effect, unit),
            UNKNOWN if one.change == AS_ASSUMED else effect_text(one.moved, unit),
            str(len(one.by_child)),
        ]
        for one in found.lines
    ]
    few = "So few children describe; they do not decide. " if found.few else ""
    return section(
        "effects",
        f"{first} minus {second}",
        paragraph(plan.spec.question, class_="question"),
        figure(
            tornado_picture(found).inline,
            f"{found.measure.title}, {first} minus {second}. Bars begin at the effect as assumed "
            "(dashed), lines are 95 % intervals, and the grey band is what the study calls too "
            "small to matter. A hollow diamond rests on too few children to decide anything.",
        ),
        table(["Assumed", "Effect [95 %]", "More than as assumed [95 %]", "Children"], rows),
        paragraph(
            f"{few}Nothing corrects for the number of lines. The last but one column compares "
            "the same children, and says whether the change matters; two intervals that overlap "
            "do not.",
            class_="note",
        ),
    )


def _what(plan: SensitivityPlan) -> Html:
    rows = [[one.title, "; ".join(one.set)] for one in plan.spec.changes.values()]
    return section(
        "changes",
        "What was changed",
        paragraph(plan.spec.background),
        table(["Change", f"Setting of {plan.spec.study}, {plan.form} form"], rows, class_="tight"),
    )
