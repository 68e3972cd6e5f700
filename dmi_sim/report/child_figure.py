"""One child's way through its programme as a picture: what it practised, its score, the hands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from textwrap import fill
from typing import TYPE_CHECKING

import numpy as np

from dmi_sim.catalog import Catalog
from dmi_sim.child.course import Course
from dmi_sim.child.outcomes import score_over_weeks
from dmi_sim.render.plotting import INK, Picture, canvas
from dmi_sim.report.child_marks import (
    Load,
    Mark,
    is_drawn_by_week,
    loads,
    play_marks,
    practised_exercises,
    therapy_marks,
)
from dmi_sim.report.exercise_words import title_and_verb
from dmi_sim.report.labels import lower_first
from dmi_sim.report.support_words import support_title
from dmi_sim.spec.support import SITES
from dmi_sim.therapy.skills import NONE, all_skills

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SITE_COLOURS: Mapping[str, str] = dict(
    zip(
        SITES,
        (
            "#6a3d9a", "#3f5fc4", "#0084c7", "#0097a0", "#12a06f", "#74a31c", "#c79a00", "#e57a10",
            "#d4382e", INK,
        ),
        strict=True,
    )
)  # fmt: skip
"""Colour of hands by site, from cranial to caudal; no hands have the colour of the text."""
_WIDTH = 9.6
_ROW = 0.5
"""Height of the row of an exercise [inch at 72 px]."""
_ABOVE, _BELOW = 0.66, 0.24
"""Height of the longest practice with a therapist, and at play, in a row of height 1."""
_SHADES = 4
"""Firmness is shown in so many shades."""
_PALEST = 0.3
_PLAY = "#8a93a1"
_LABEL = 22
"""Characters in a line of the name of an exercise."""


@dataclass(frozen=True)
class StoryScale:
    """What the pictures of children share who stand beside each other.

    Attributes:
        exercises: Rows, from the lowest skill to the highest.
        ages_months: Youngest and oldest age [months].
        share: Lowest and highest share of body weight in the hands.
        impulse_n_s: Largest impulse of the hands [N s].
        longest_min: Longest practice of an exercise that is drawn, with a therapist [min].
    """

    exercises: tuple[str, ...]
    ages_months: tuple[float, float]
    share: tuple[float, float]
    impulse_n_s: float
    longest_min: float


def story_scale(courses: Sequence[Course], catalog: Catalog) -> StoryScale:
    """The scale in which all these children can be drawn.

    Args:
        courses: Courses of the children that stand beside each other.
        catalog: Source of the order of the exercises.
    """
    carried = [load for one in courses for load in loads(one)]
    ages = [age for one in courses for age in _ages(one)]
    shares = [0.0, *(one.share for one in carried)]
    longest = [_longest(therapy_marks(one)) for one in courses]
    return StoryScale(
        exercises=practised_exercises(courses, all_skills(catalog)),
        ages_months=(min(ages), max(ages)),
        share=(min(shares), max(shares)),
        impulse_n_s=max((one.impulse_n_s for one in carried), default=0.0),
        longest_min=max(longest),
    )


def child_picture(course: Course, name: str, catalog: Catalog, scale: StoryScale) -> Picture:
    """What a child practised over its age, its score, and what the hands carried.

    Each exercise has a row, the lowest skill at the bottom. A session with a therapist stands on
    the line of an exercise, as high as it was long; free play hangs below it.

    Args:
        course: The course of the child.
        name: Name of the picture, unique on a page.
        catalog: Source of the titles of exercises.
        scale: What it shares with those that stand beside it.
    """
    band = 0.6 + _ROW * len(scale.exercises)
    heights = (band, 1.35, 0.95, 0.95)
    with canvas(_WIDTH, sum(heights) + 1.3, rows=4, row_heights=heights) as (figure, panels):
        top, score, share, impulse = panels
        marks = therapy_marks(course)
        _draw_band(top, marks, play_marks(course), scale, catalog)
        _draw_score(score, course)
        _draw_loads((share, impulse), course, scale)
        impulse.set_xlabel("Age [months]")
        begin, end = scale.ages_months
        impulse.set_xlim(begin - 0.02 * (end - begin), end + 0.02 * (end - begin))
        _legend(figure, marks)
        return Picture(name, "What one child practised over its age, in whose hands", figure)


def _ages(course: Course) -> tuple[float, float]:
    tested = [*course.assessments, *([course.retention] if course.retention else [])]
    return course.assessments[0].age_months, max(one.age_months for one in tested)


def _columns(marks: Sequence[Mark]) -> dict[tuple[float, str], list[Mark]]:
    """Marks that stand on each other, from caudal to cranial."""
    columns: dict[tuple[float, str], list[Mark]] = {}
    for mark in sorted(marks, key=lambda one: -SITES.index(one.site)):
        columns.setdefault((mark.from_months, mark.exercise), []).append(mark)
    return columns


def _longest(marks: Sequence[Mark]) -> float:
    columns = _columns(marks).values()
    return max((sum(one.minutes for one in own) for own in columns), default=0.0)


def _draw_band(
    axes: "Axes",
    therapy: Sequence[Mark],
    play: Sequence[Mark],
    scale: StoryScale,
    catalog: Catalog,
) -> None:
    rows = scale.exercises
    if therapy:
        _draw_marks(axes, therapy, rows, _ABOVE / scale.longest_min)
    if play:
        _draw_marks(axes, play, rows, -_BELOW / _longest(play))
    titles = [fill(title_and_verb(row, catalog)[0], _LABEL) for row in rows]
    axes.set_yticks(range(len(rows)), titles, fontsize=9)
    axes.set_ylim(-0.4, len(rows) - 0.15)
    axes.grid(visible=False, axis="x")
    axes.tick_params(axis="y", length=0)
    axes.set_title("What it practised, and where the hands were")


def _draw_marks(axes: "Axes", marks: Sequence[Mark], rows: Sequence[str], per_min: float) -> None:
    """Bars by exercise; sites stand on each other, the cranial one on top.

    Bars of one look are one path, which keeps a page small.
    """
    bars: dict[tuple[str, float], list[_Bar]] = {}
    for (begin, exercise), own in _columns(marks).items():
        base = float(rows.index(exercise))
        for mark in own:
            tall = per_min * mark.minutes
            bar = (begin, base, mark.months, tall)
            bars.setdefault(_look(mark, is_play=per_min < 0), []).append(bar)
            base += tall
    for (colour, alpha), own_bars in sorted(bars.items()):
        _draw_bars(axes, own_bars, colour, alpha)


def _look(mark: Mark, *, is_play: bool) -> tuple[str, float]:
    """Colour of a site, fuller the firmer the hands are."""
    if is_play:
        return _PLAY, 0.8
    if mark.site == NONE:
        return SITE_COLOURS[NONE], 0.85
    shade = ceil(_SHADES * min(1.0, max(mark.firmness, 1e-9))) / _SHADES
    return SITE_COLOURS[mark.site], _PALEST + (1 - _PALEST) * shade


_Bar = tuple[float, float, float, float]
"""Left, bottom, width and height."""


def _draw_bars(axes: "Axes", bars: Sequence[_Bar], colour: str, alpha: float) -> None:
    """Bars as one path."""
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    corners = [
        [(x, y), (x + 0.86 * w, y), (x + 0.86 * w, y + h), (x, y + h), (x, y)]
        for x, y, w, h in bars
    ]
    if not corners:
        return
    codes = [Path.MOVETO, Path.LINETO, Path.LINETO, Path.LINETO, Path.CLOSEPOLY] * len(corners)
    path = Path(np.array(corners).reshape(-1, 2), codes)
    axes.add_patch(PathPatch(path, facecolor=colour, alpha=alpha, linewidth=0))


def _draw_score(axes: "Axes", course: Course) -> None:
    points = score_over_weeks(course)
    ages, scores = [one.age_months for one in points], [100 * one.score for one in points]
    axes.step(ages, scores, where="post", color=INK, linewidth=2.2)
    axes.plot(ages, scores, "o", color=INK, markersize=5)
    after = course.retention
    if after is not None:
        axes.plot([ages[-1], after.age_months], [scores[-1], 100 * after.score], ":", color=INK)
        axes.plot([after.age_months], [100 * after.score], "o", color=INK, fillstyle="none")
    axes.set_ylim(0, 100)
    axes.set_yticks([0, 50, 100])
    axes.set_ylabel("[%]")
    pause = ", and after a pause (ring)" if after else ""
    axes.set_title(f"Its score: share of success alone, over all exercises{pause}")


def _draw_loads(panels: "Sequence[Axes]", course: Course, scale: StoryScale) -> None:
    """Share of body weight and impulse of the hands, session by session."""
    share, impulse = panels
    carried = loads(course)
    _draw_load(share, carried, [100 * one.share for one in carried])
    low, high = scale.share
    share.set_ylim(110 * low, 115 * high if high > 0 else 1.0)
    share.set_ylabel("[%]")
    share.set_title("Body weight in the hands of the therapist")
    _draw_load(impulse, carried, [one.impulse_n_s / 1000 for one in carried])
    impulse.set_ylim(0, 1.15e-3 * scale.impulse_n_s or 1.0)
    impulse.set_ylabel("[kN·s]")
    when = "week by week" if is_drawn_by_week(course) else "session by session"
    impulse.set_title(f"Impulse of the hands, {when}")


def _draw_load(axes: "Axes", carried: Sequence[Load], values: Sequence[float]) -> None:
    pairs = zip(carried, values, strict=True)
    bars = [(one.from_months, 0.0, one.months, value) for one, value in pairs]
    _draw_bars(axes, bars, "#3a6ea5", 0.9)
    if not any(values):
        told = "none: nobody held it" if carried else "none: no therapist came"
        axes.text(0.01, 0.5, told, transform=axes.transAxes, va="center", fontsize=10)


def _legend(figure: "Figure", marks: Sequence[Mark]) -> None:
    """The sites that were used, from cranial to caudal, and free play."""
    from matplotlib.patches import Patch

    used = [site for site in SITES if any(one.site == site for one in marks)]
    catalog = Catalog.shipped()
    looks = [(SITE_COLOURS[site], support_title(site, catalog)) for site in used]
    looks.append((_PLAY, "Free play (below the line)"))
    handles = [Patch(facecolor=colour, label=label) for colour, label in looks]
    figure.legend(
        handles=handles, loc="outside upper left", ncols=min(4, len(handles)), handlelength=1.0
    )


def site_words(site: str) -> str:
    """Where hands are, for the middle of a sentence.

    >>> site_words("axillae"), site_words("none")
    ('at the armpits', 'no hands')
    """
    title = lower_first(support_title(site, Catalog.shipped()))
    return title.removeprefix("hands ")
