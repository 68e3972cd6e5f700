"""The score of all children over their age, by arm."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from dmi_sim.arrays import Vector
from dmi_sim.child.course import Course
from dmi_sim.child.outcomes import score_over_weeks
from dmi_sim.render.plotting import Picture, canvas
from dmi_sim.render.series_style import SeriesStyle, series_styles
from dmi_sim.statistics.intervals import Bounds, t_interval, within
from dmi_sim.statistics.p_values import FEWEST_TO_DECIDE

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_WIDTH, _HEIGHT = 9.6, 4.4
_LEGEND_LINE = 0.22
_SCORES = Bounds(0.0, 100.0)


def scores_picture(courses: Sequence[Course], titles: Mapping[str, str]) -> Picture:
    """Score over age: thin lines for children, thick ones for means, bands from six children on.

    Args:
        courses: Courses of all children.
        titles: Titles of the arms, by name, in planned order.
    """
    columns = 2 if max(map(len, titles.values())) < 52 else 1
    rows = -(-len(titles) // columns)
    with canvas(_WIDTH, _HEIGHT + _LEGEND_LINE * rows) as (figure, (axes,)):
        for arm, style in series_styles(titles).items():
            _draw_arm(axes, [one for one in courses if one.arm == arm], style, titles[arm])
        axes.set_xlabel("Age [months]")
        axes.set_ylabel("Success alone, all exercises [%]")
        axes.set_ylim(0, _highest(courses))
        handles, labels = axes.get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside upper left", ncols=columns, handlelength=3.2)
        return Picture("scores", "Score of all children over age, by arm", figure)


def _highest(courses: Sequence[Course]) -> float:
    """Upper end of the axis, in tens of per cent."""
    highest = max(100 * point.score for one in courses for point in score_over_weeks(one))
    return min(100.0, 10 * np.ceil(highest / 10 + 0.5))


def _draw_arm(axes: "Axes", courses: Sequence[Course], style: SeriesStyle, title: str) -> None:
    for course in courses:
        points = score_over_weeks(course)
        axes.plot(
            [one.age_months for one in points],
            [100 * one.score for one in points],
            color=style.colour,
            linewidth=0.9,
            alpha=0.45,
        )
    ages, means, lows, highs = mean_scores(courses)
    if len(courses) >= FEWEST_TO_DECIDE:
        axes.fill_between(ages, lows, highs, color=style.colour, alpha=0.14, linewidth=0)
    axes.plot(
        ages,
        means,
        color=style.colour,
        linestyle=style.line,
        linewidth=2.8,
        marker=style.marker,
        markersize=6.5,
        label=title,
    )


def mean_scores(courses: Sequence[Course]) -> tuple[Vector, Vector, Vector, Vector]:
    """Ages [months], mean scores over the children [%], and the limits of their t intervals.

    Children of an arm are assessed in the same weeks; a week counts if all of them were.

    Args:
        courses: Courses of the children of one arm.
    """
    by_week = [{one.week: one for one in score_over_weeks(course)} for course in courses]
    weeks = sorted(set[int].intersection(*(set(own) for own in by_week)))
    ages = [float(np.mean([own[week].age_months for own in by_week])) for week in weeks]
    found = [
        within(t_interval(np.array([100 * own[week].score for own in by_week])), _SCORES)
        for week in weeks
    ]
    return (
        np.array(ages),
        np.array([one.value for one in found]),
        np.array([one.low for one in found]),
        np.array([one.high for one in found]),
    )
