"""The figure of postural responses: muscles over time, as drawn in electromyography papers."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from dmi_sim.arrays import Vector
from dmi_sim.assessments.postural_responses.muscle_directions import MuscleDirections
from dmi_sim.assessments.postural_responses.result import NOTICE, MoveFinding, ResponsesFinding
from dmi_sim.assessments.postural_responses.text import UNIT, agonist_side, move_title
from dmi_sim.render.plotting import canvas, require_format
from dmi_sim.spec.responses import DIRECTIONS, Direction, Motion

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_WIDTH, _ROW_HEIGHT, _DPI = 15.0, 0.42, 110
_AGONIST, _ANTAGONIST, _OTHER, _INK = "#0072b2", "#d55e00", "#aab2bd", "#1b2a3c"
_FROM_S, _TO_S = -0.1, 0.4
_REACH = 0.47
"""Height of the largest activation in a row, in rows."""


@dataclass(frozen=True)
class _Row:
    """A row of the figure: a muscle, its side and level, and the indices of left and right."""

    name: str
    side: str
    level: int
    muscles: tuple[int, int]


def draw_responses(found: ResponsesFinding, who: str, path: Path, motion: Motion = "slide") -> None:
    """Draw the responses to the fastest moves, a column per direction and a row per muscle.

    Args:
        found: Finding of the assessment.
        who: Controller and infant, in words.
        path: File that the figure is written into.
        motion: Motion of the platform that is drawn.

    Raises:
        InputError: If the file format cannot hold a figure.
    """
    require_format(path)
    rows = _rows(found)
    columns = [found.at_speeds(motion, direction)[-1] for direction in DIRECTIONS]
    largest = max(float(one.activation.max()) for one in columns)
    with canvas(_WIDTH, 3.2 + _ROW_HEIGHT * len(rows)) as (figure, (axes,)):
        axes.remove()
        grid = figure.add_gridspec(2, len(DIRECTIONS), height_ratios=(1.6, len(rows)))
        for column, one in enumerate(columns):
            above = figure.add_subplot(grid[0, column])
            _draw_platform(above, one, is_first=column == 0)
            below = figure.add_subplot(grid[1, column], sharex=above)
            below.axvspan(0, 1e3 * found.controller_from_s, color=_OTHER, alpha=0.25, linewidth=0)
            _draw_muscles(below, one, found.directions, rows, largest)
            _label_rows(below, rows if column == 0 else [], found.directions)
        figure.suptitle(f"Which muscles answer when the seat moves?  {who}", x=0.01, ha="left")
        figure.supxlabel(_caption(), fontsize=10)
        figure.savefig(path, dpi=_DPI)


def _caption() -> str:
    return (
        "Time after the platform begins to move [ms]. Each row: the left muscle upward, the right "
        "one downward, filled by its activation; dark line: the same infant, same noise, platform "
        "at rest.\nBlue: holds the body back from the fall (agonist). Orange: pulls it that way. "
        "Grey: neither. Thick bar: onset, median of the trials if most answered. "
        "Shaded: before the controller can act.\n" + NOTICE
    )


def _rows(found: ResponsesFinding) -> list[_Row]:
    """The muscles that pull in some direction, by level; within a level ventral to dorsal."""
    directions = found.directions
    acts = np.any([directions.pulling(direction) for direction in DIRECTIONS], axis=0)
    rows = [
        _row(found, left)
        for left in np.flatnonzero(acts).tolist()
        if found.names[left].startswith("left_")
    ]
    return sorted(rows, key=lambda row: (row.level, -directions.cosine[row.muscles[0], 0]))


def _row(found: ResponsesFinding, left: int) -> _Row:
    name, directions = found.names[left].removeprefix("left_"), found.directions
    pair = (left, found.names.index(f"right_{name}"))
    level = int(directions.level[left])
    return _Row(name.replace("_", " "), _side_of(directions, left), level, pair)


def _side_of(directions: MuscleDirections, muscle: int) -> str:
    if directions.pulling("forward")[muscle]:
        return "ventral"
    return "dorsal" if directions.pulling("backward")[muscle] else "side"


def _draw_platform(panel: "Axes", one: MoveFinding, *, is_first: bool) -> None:
    move, time_s = one.move, np.linspace(_FROM_S, _TO_S, 200)
    covered = [np.linalg.norm(move.platform_motion(1.0).at(1.0 + t)[0]) / move.size for t in time_s]
    panel.fill_between(1e3 * time_s, covered, color=_OTHER, alpha=0.6)
    panel.set_title(f"platform {move_title(move)}\nbody falls {_to(move.fall)}")
    panel.set(yticks=[], ylim=(0, 1.6), xlim=(1e3 * _FROM_S, 1e3 * _TO_S))
    panel.tick_params(labelbottom=False)
    size = (
        f"{100 * move.size:.0f} cm" if move.motion == "slide" else f"{np.degrees(move.size):.0f}°"
    )
    speed = f"{size}, up to {move.peak_speed:.2f} {UNIT[move.motion]}"
    panel.text(1e3 * _FROM_S, 1.25, speed, fontsize=9)
    if is_first:
        panel.set_ylabel("platform", rotation=0, ha="right", va="center")


def _to(direction: Direction) -> str:
    return f"to the {direction}" if direction in ("left", "right") else direction


def _draw_muscles(
    panel: "Axes",
    one: MoveFinding,
    directions: MuscleDirections,
    rows: Sequence[_Row],
    largest: float,
) -> None:
    colours = np.full(len(directions.level), _OTHER)
    colours[directions.agonists(one.move.fall)] = _AGONIST
    colours[directions.antagonists(one.move.fall)] = _ANTAGONIST
    latency_s, time_ms = _usual_latency_s(one), 1e3 * one.time_s
    panel.axvline(0, color=_INK, linewidth=0.8)
    for position, row in enumerate(rows):
        for muscle, up in zip(row.muscles, (-_REACH, _REACH), strict=True):  # the axis goes down
            scale, colour = up / largest, str(colours[muscle])
            top = position + scale * one.activation[:, muscle]
            panel.fill_between(time_ms, position, top, color=colour, alpha=0.75, linewidth=0)
            rest = position + scale * one.quiet[:, muscle]
            panel.plot(time_ms, rest, color=_INK, linewidth=0.7)
            if np.isfinite(latency_s[muscle]) and colour != _OTHER:
                at_ms = 1e3 * latency_s[muscle]
                panel.plot([at_ms] * 2, [position, position + up], color=_INK, linewidth=2.6)
    panel.set_ylim(len(rows) - 0.4, -0.6)
    for edge in _level_edges(rows):
        panel.axhline(edge, color=_INK, linewidth=0.6, alpha=0.5)
    panel.set_xlabel(_sum_up(one), fontsize=10)


def _usual_latency_s(one: MoveFinding) -> Vector:
    """The median onset of each muscle over the trials [s]; not finite unless most show one."""
    latency_s = np.array([response.latency_s for response in one.responses])
    return np.median(np.where(np.isfinite(latency_s), latency_s, np.inf), axis=0)


def _sum_up(one: MoveFinding) -> str:
    side = agonist_side(one.move.fall)
    latency = f"{1e3 * one.latency_s:.0f} ms" if np.isfinite(one.latency_s) else "no answer"
    return (
        f"first {side} muscle: {latency}\n{side} before all others: {one.agonist_first:.0%}\n"
        f"{side} gain more: {one.agonist_larger:.0%} of {len(one.responses)} trials"
    )


def _label_rows(panel: "Axes", rows: Sequence[_Row], directions: MuscleDirections) -> None:
    """Label the rows with muscles and levels; without rows, hide the labels."""
    panel.grid(visible=False, axis="y")
    panel.set_yticks(range(len(rows)), [f"{row.name} · {row.side}" for row in rows], fontsize=9)
    if not rows:
        return
    for level, name in enumerate(directions.levels):
        positions = [position for position, row in enumerate(rows) if row.level == level]
        if positions:
            middle, transform = float(np.mean(positions)), panel.get_yaxis_transform()
            panel.text(
                -0.8, middle, name, transform=transform, weight="bold", va="center", ha="right"
            )


def _level_edges(rows: Sequence[_Row]) -> list[float]:
    return [k - 0.5 for k in range(1, len(rows)) if rows[k].level != rows[k - 1].level]
