"""What is aimed at: pure functions of a moment that tell how much of it is reached, 0 to 1.

None of them knows where hands are. Each is a reward term too (:mod:`dmi_sim.env.rewards`). To add
one, write a function here with a docstring that says what it measures, its parameters as keywords,
and a test in ``tests/env/test_goals.py``; its name is then free to use in ``envs/``.
"""

import math
from collections.abc import Callable

from dmi_sim.body.segments import PLACES
from dmi_sim.env.context import Moment

Goal = Callable[..., float]

GOALS: dict[str, Goal] = {}
"""Goals by name."""

_INDEX = {place.name: index for index, place in enumerate(PLACES)}
_FEET = (_INDEX["left_foot"], _INDEX["right_foot"])
_ELBOWS_AND_KNEES = tuple(
    _INDEX[f"{side}_{part}"] for side in ("left", "right") for part in ("forearm", "shank")
)
"""A segment begins at its proximal joint: a forearm at the elbow."""
_PELVIS, _CHEST, _HEAD = _INDEX["pelvis"], _INDEX["upper_thorax"], _INDEX["head"]


def goal(function: Goal) -> Goal:
    """Make a function known under its name."""
    GOALS[function.__name__] = function
    return function


def share_of(value: float, whole: float) -> float:
    """A value as a share of what makes it whole, within 0 and 1; where nothing is missing, 1."""
    if whole <= 0:
        return 1.0
    return min(1.0, max(0.0, value / whole))


def _risen_m(moment: Moment, segment: int) -> float:
    """How far a segment is above where it was at the start [m]."""
    now, then = (s.segment_pos_world[segment, 2] for s in (moment.state, moment.start))
    return float(now - then)


@goal
def stays_up(moment: Moment) -> float:
    """1 until the infant falls."""
    return 0.0 if moment.has_fallen else 1.0


@goal
def head_up(moment: Moment, *, resting: float, lifted: float) -> float:
    """How far the head is from its height at rest to that when lifted, both in body lengths."""
    height = moment.state.head_height_m / moment.body_length_m
    return share_of(height - resting, lifted - resting)


@goal
def chest_raised(moment: Moment, *, rise: float) -> float:
    """How far the chest has risen since the start, over a rise in body lengths."""
    return share_of(_risen_m(moment, _CHEST), rise * moment.body_length_m)


@goal
def pelvis_raised(moment: Moment, *, rise: float) -> float:
    """How far the pelvis has risen since the start, over a rise in body lengths."""
    return share_of(_risen_m(moment, _PELVIS), rise * moment.body_length_m)


@goal
def turned_over(moment: Moment, *, within_rad: float) -> float:
    """How far the chest has turned from facing up (0) to facing down within an angle (1)."""
    facing = float(moment.state.segment_matrix_world[_CHEST, 2, 0])
    return share_of(math.acos(max(-1.0, min(1.0, facing))), math.pi - within_rad)


@goal
def head_in_line(moment: Moment, *, within_rad: float) -> float:
    """1 while the head follows the trunk within an angle; less when it lags or hangs more."""
    matrix = moment.state.segment_matrix_world
    aligned = float(matrix[_HEAD, :, 2].dot(matrix[_CHEST, :, 2]))
    angle = math.acos(max(-1.0, min(1.0, aligned)))
    return share_of(within_rad, max(angle, 1e-9))


@goal
def risen_in_line(moment: Moment, *, within_rad: float, upright_rad: float) -> float:
    """How far the trunk has come from lying (0) to an angle from the vertical (1), head in line.

    What the head lags behind the trunk is taken off, as in :func:`head_in_line`.
    """
    risen = share_of(math.pi / 2 - moment.state.upright_rad, math.pi / 2 - upright_rad)
    return risen * head_in_line(moment, within_rad=within_rad)


@goal
def moved_on(moment: Moment, *, distance: float, heading_rad: float) -> float:
    """Way of the pelvis over the floor in a direction, over a distance in body lengths.

    The direction is counted from forward to the left as the infant faced at the start.
    """
    way = _way_m(moment, (_PELVIS,), heading_rad)
    return share_of(way, distance * moment.body_length_m)


@goal
def stepped_on(moment: Moment, *, distance: float, heading_rad: float) -> float:
    """The same of the foot that is less far: to lean, or to step with one foot, is not enough."""
    return share_of(_way_m(moment, _FEET, heading_rad), distance * moment.body_length_m)


@goal
def crept_on(moment: Moment, *, distance: float, heading_rad: float) -> float:
    """The same of the elbow or knee that lags most: to dive over the knees is nothing."""
    return share_of(_way_m(moment, _ELBOWS_AND_KNEES, heading_rad), distance * moment.body_length_m)


def _way_m(moment: Moment, segments: tuple[int, ...], heading_rad: float) -> float:
    """Shortest way of some segments along a direction since the start [m]."""
    now, then = moment.state.segment_pos_world, moment.start.segment_pos_world
    x, y = math.cos(heading_rad), math.sin(heading_rad)
    return min(float((now[s] - then[s]) @ (x, y, 0.0)) for s in segments)
