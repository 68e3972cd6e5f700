"""The figures of a report, each a function from numbers to one picture."""

from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from math import ceil
from textwrap import fill
from typing import TYPE_CHECKING

import numpy as np

from dmi_sim.arrays import Vector
from dmi_sim.render.plotting import Picture, canvas
from dmi_sim.render.series_style import SeriesStyle, series_styles
from dmi_sim.report.comparisons import Comparison, Group
from dmi_sim.report.findings import LearningCurve
from dmi_sim.report.labels import Measure, comparison_title
from dmi_sim.statistics.intervals import UNBOUNDED, Bounds, t_interval, within
from dmi_sim.tables import decimals_for, effect_text, number, with_unit

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_WIDTH = 9.6
_CHARACTERS = 110
"""Characters of text that fit into the width of a figure beside the labels of an axis."""
_BOLD = 90
"""The same for the bold titles of panels."""
_LINE = 0.17
"""Height of a line of text [inch at 72 px]."""
_FOREST_LABEL = 44
"""Characters in a line of the label of a comparison."""
_MOST_SIDE_BY_SIDE = 3
"""Panels in a row; more of them stand in several rows."""
_NEUTRAL = "#5f6b7a"
_ONE_GROUP: Mapping[Group, str] = {}
"""Titles of infants of one kind, which need none."""


def forest(
    comparisons: Sequence[Comparison],
    titles: Mapping[str, str],
    measure: Measure,
    margin: float,
    group_titles: Mapping[Group, str] = _ONE_GROUP,
) -> Picture:
    """Forest plot: all comparisons with their intervals, one row each, and the margin."""
    labels = [_forest_label(one, titles, group_titles) for one in comparisons]
    lines = max((label.count("\n") + 1 for label in labels), default=1)
    height = 1.3 + max(0.66, 0.27 + _LINE * lines) * len(comparisons)
    with canvas(_WIDTH, height) as (figure, (axes,)):
        rows = np.arange(len(comparisons))[::-1]
        axes.axvspan(-margin, margin, color=_NEUTRAL, alpha=0.12, linewidth=0)
        axes.axvline(0.0, color=_NEUTRAL, linewidth=1.4)
        for row, comparison in zip(rows.tolist(), comparisons, strict=True):
            _forest_row(axes, row, comparison, measure)
        axes.set_yticks(rows, labels)
        axes.set_ylim(-0.75, len(comparisons) - 0.35)
        axes.grid(visible=False, axis="y")
        axes.tick_params(axis="y", length=0)
        axes.set_xlabel(with_unit(f"Difference in {measure.title}", measure.bracketed_unit))
        return Picture("forest", "Differences between arms with 95 % intervals", figure)


def _forest_label(
    comparison: Comparison, titles: Mapping[str, str], group_titles: Mapping[Group, str]
) -> str:
    first, second = comparison_title(comparison, titles).split(" minus ", 1)
    about = [group_titles[comparison.group]] if group_titles else []
    return "\n".join(fill(text, _FOREST_LABEL) for text in (first, f"minus {second}", *about))


def _forest_row(axes: "Axes", row: float, comparison: Comparison, measure: Measure) -> None:
    """Draw the interval of the verdict, the bootstrap interval inside it, and every infant."""
    found, inner = comparison.difference, comparison.bootstrap
    each = list(comparison.differences.values())
    axes.plot(each, [row - 0.26] * len(each), "|", color=_NEUTRAL, markersize=8)
    if found.known:
        axes.plot([found.low, found.high], [row, row], color="#3a6ea5", linewidth=2.2)
        axes.plot([inner.low, inner.high], [row, row], color="#3a6ea5", linewidth=6.5, alpha=0.55)
    axes.plot([found.value], [row], "D", color="#3a6ea5", markersize=8)
    axes.text(
        found.value,
        row + 0.2,
        effect_text(found, measure.unit),
        ha="center",
        va="bottom",
        fontsize=10.5,
    )


def learning_curves(
    curves: Sequence[LearningCurve],
    titles: Mapping[str, str],
    ylabel: str,
    name: str,
    group_titles: Mapping[Group, str] = _ONE_GROUP,
    bounds: Bounds = UNBOUNDED,
) -> Picture:
    """Learning curves: thin lines for infants, bold ones with bands for the means of arms.

    The axes contain zero and every infant; bands of few infants are cut off, at the bounds of what
    is possible or at the frame.
    """
    groups = list(dict.fromkeys(curve.group for curve in curves))
    with _panels(len(groups), 4.3) as (figure, panels, columns):
        for axes, group in zip(panels, groups, strict=True):
            own = [curve for curve in curves if curve.group == group]
            for arm, style in series_styles(titles).items():
                arm_curves = [one for one in own if one.arm == arm]
                _draw_arm(axes, arm_curves, style, titles[arm], bounds)
            axes.set_xlabel("Practice [simulated hours]")
            axes.set_ylim(*_limits(np.concatenate([curve.values for curve in own])))
            axes.margins(x=0.03)
            if group_titles:
                axes.set_title(fill(group_titles[group], _BOLD // columns), fontsize=10.5)
        for axes in panels[::columns]:
            axes.set_ylabel(ylabel)
        _legend(figure, panels[0])
        return Picture(name, f"{ylabel} against practice, by arm", figure)


@contextmanager
def _panels(count: int, height: float) -> "Generator[tuple[Figure, list[Axes], int]]":
    """A figure with a panel for each kind of infants, and the number of panels in a row."""
    rows = ceil(count / _MOST_SIDE_BY_SIDE)
    columns = ceil(count / rows)
    with canvas(_WIDTH, height * rows, columns, rows) as (figure, panels):
        for unused in panels[count:]:
            unused.remove()
        yield figure, panels[:count], columns


def _legend(figure: "Figure", axes: "Axes") -> None:
    """The arms above the panels, in as many columns as their titles leave room for."""
    handles, labels = axes.get_legend_handles_labels()
    longest = max(map(len, labels), default=0)
    columns = next(n for n in (3, 2, 1) if n == 1 or longest <= _CHARACTERS // n - 7)
    texts = [fill(label, _CHARACTERS - 7) for label in labels]
    lines = ceil(sum(text.count("\n") + 1 for text in texts) / columns)
    figure.set_figheight(figure.get_figheight() + 1.3 * _LINE * (lines - 1))
    figure.legend(handles, texts, loc="outside upper left", ncols=columns, handlelength=3.2)


def _limits(values: Vector) -> tuple[float, float]:
    """Limits of an axis that contains zero and all finite values."""
    known = np.append(values[np.isfinite(values)], 0.0)
    low, high = 1.1 * float(known.min()), 1.1 * float(known.max())
    return (low, high) if low < high else (0.0, 1.0)


def _draw_arm(
    axes: "Axes",
    curves: Sequence[LearningCurve],
    style: SeriesStyle,
    title: str,
    bounds: Bounds = UNBOUNDED,
) -> None:
    """Draw one arm; the mean is over the infants that have a value at a dose."""
    for curve in curves:
        axes.plot(curve.dose_h, curve.values, color=style.colour, linewidth=1.0, alpha=0.6)
    doses, means, lows, highs = _band(curves, bounds)
    if len(doses) == 0:
        return
    axes.fill_between(doses, lows, highs, color=style.colour, alpha=0.10, linewidth=0)
    axes.plot(
        doses,
        means,
        color=style.colour,
        linestyle=style.line,
        linewidth=2.6,
        marker=style.marker,
        markersize=6.5,
        markevery=max(1, len(doses) // 10),
        label=title,
    )


def _band(curves: Sequence[LearningCurve], bounds: Bounds) -> tuple[Vector, Vector, Vector, Vector]:
    """Doses, means over infants, and the limits of their t intervals within what is possible."""
    values_at: dict[float, list[float]] = {}
    for curve in curves:
        for dose, value in zip(curve.dose_h.tolist(), curve.values.tolist(), strict=True):
            values_at.setdefault(round(dose, 9), []).append(value)
    doses = sorted(values_at)
    bands = [within(t_interval(np.array(values_at[dose])), bounds) for dose in doses]
    return (
        np.array(doses),
        np.array([band.value for band in bands]),
        np.array([band.low for band in bands]),
        np.array([band.high for band in bands]),
    )


def last_test(
    curves: Sequence[LearningCurve],
    titles: Mapping[str, str],
    measure: Measure,
    group_titles: Mapping[Group, str] = _ONE_GROUP,
) -> Picture:
    """Every infant at its last test: one point per arm; thin lines join the arms of an infant."""
    groups = list(dict.fromkeys(curve.group for curve in curves))
    with _panels(len(groups), 4.2) as (figure, panels, columns):
        width = max(1, _CHARACTERS // (columns * len(titles)) - 2)
        below = [fill(title, width) for title in titles.values()]
        lines = max(text.count("\n") for text in below) * ceil(len(groups) / columns)
        figure.set_figheight(figure.get_figheight() + _LINE * lines)
        for axes, group in zip(panels, groups, strict=True):
            own = [curve for curve in curves if curve.group == group]
            _draw_pairs(axes, own, list(titles))
            for x, (arm, style) in enumerate(series_styles(titles).items()):
                last = [float(one.values[-1]) for one in own if one.arm == arm]
                _draw_points(axes, x, last, style, measure)
            axes.set_xticks(range(len(titles)), below)
            axes.set_xlim(-0.5, len(titles) - 0.3)
            low, high = _limits(np.array([one.values[-1] for one in own]))
            axes.set_ylim(low, max(high, axes.get_ylim()[1]))
            axes.grid(visible=False, axis="x")
            if group_titles:
                axes.set_title(fill(group_titles[group], _BOLD // columns), fontsize=10.5)
        for axes in panels[::columns]:
            axes.set_ylabel(_axis_label(measure))
        meaning = f"{measure.title} of every infant at its last test, by arm"
        return Picture("last_test", meaning, figure)


def _axis_label(measure: Measure) -> str:
    return with_unit(measure.title.capitalize(), measure.bracketed_unit)


def _draw_pairs(axes: "Axes", curves: Sequence[LearningCurve], arms: Sequence[str]) -> None:
    last = {(one.seed, one.arm): float(one.values[-1]) for one in curves}
    for seed in sorted({one.seed for one in curves}):
        xs = [x for x, arm in enumerate(arms) if (seed, arm) in last]
        values = [last[seed, arms[x]] for x in xs]
        axes.plot(xs, values, color=_NEUTRAL, linewidth=0.9, alpha=0.6, zorder=1)


def _draw_points(
    axes: "Axes", x: int, values: Sequence[float], style: SeriesStyle, measure: Measure
) -> None:
    if not values:
        return
    axes.plot(
        [x] * len(values),
        values,
        style.marker,
        color=style.colour,
        markersize=8,
        alpha=0.8,
        linestyle="none",
    )
    mean = t_interval(np.array(values))
    axes.plot([x - 0.13, x + 0.13], [mean.value] * 2, color=style.colour, linewidth=3)
    text = with_unit(number(mean.value, decimals_for(mean)), measure.unit)
    axes.text(x + 0.17, mean.value, text, va="center", fontsize=10.5, fontweight="bold")


def assistance(
    impulse: Sequence[LearningCurve],
    share: Sequence[LearningCurve],
    titles: Mapping[str, str],
    name: str,
    about: str = "",
) -> Picture:
    """Assistance over training: impulse of the hands per hour and share of body weight, by arm.

    Where a study has several kinds of infants, ``about`` tells which of them it is.
    """
    above = [fill(about, _BOLD // 2)] if about else []
    with canvas(_WIDTH, 3.9 + _LINE * len("".join(above).splitlines()), 2) as (figure, panels):
        left, right = panels
        for arm, style in series_styles(titles).items():
            for axes, curves, scale in ((left, impulse, 1e-3), (right, share, 100.0)):
                own = [_scaled(one, scale) for one in curves if one.arm == arm]
                _draw_arm(axes, own, style, titles[arm])
        left.set_title("\n".join([*above, "Impulse of the hands per hour of practice"]))
        left.set_ylabel("[kN·s per hour]")
        right.set_title("Body weight in the hands")
        right.set_ylabel("[% of body weight]")
        for axes, curves, scale in ((left, impulse, 1e-3), (right, share, 100.0)):
            axes.set_xlabel("Practice [simulated hours]")
            axes.set_xlim(0.0, 1.04 * max(float(one.dose_h[-1]) for one in curves))
            axes.set_ylim(*_limits(scale * np.concatenate([one.values for one in curves])))
        _legend(figure, left)
        return Picture(name, "Impulse of the hands and weight in the hands, by arm", figure)


def _scaled(curve: LearningCurve, factor: float) -> LearningCurve:
    return LearningCurve(curve.group, curve.arm, curve.seed, curve.dose_h, curve.values * factor)
