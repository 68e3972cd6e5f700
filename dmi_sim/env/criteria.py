"""What is aimed at: pure functions of a moment that tell how much of it is reached, 0 to 1.

None of them knows where hands are. Each is a reward term too (:mod:`dmi_sim.env.rewards`). To add
one, write a function here with a docstring that says what it measures, its parameters as keywords,
and a test in ``tests/env/test_goals.py``; its name is then free to use in ``envs/``.
"""

import math
from collections.abc import Callable

from dmi_sim.anatomy import SEGMENTS
from dmi_sim.env.context import StepContext

Goal = Callable[..., float]

CRITERIA: dict[str, Goal] = {}
"""Goals by name."""

_INDEX = {place.name: index for index, place in enumerate(SEGMENTS)}
_FEET = (_INDEX["left_foot"], _INDEX["right_foot"])
_ELBOWS_AND_KNEES = tuple(
    _INDEX[f"{side}_{part}"] for side in ("left", "right") for part in ("forearm", "shank")
)
"""A segment begins at its proximal joint: a forearm at the elbow."""
_PELVIS, _CHEST, _HEAD = _INDEX["pelvis"], _INDEX["upper_thorax"], _INDEX["head"]


def criterion(function: Goal) -> Goal:
    """Make a function known under its name."""
    CRITERIA[function.__name__] = function
    return function


def share_of(value: float, whole: float) -> float:
    """A value as a share of what makes it whole, within 0 and 1; where nothing is missing, 1."""
    if whole <= 0:
        return 1.0
    return min(1.0, max(0.0, value / whole))


def _risen_m(context: StepContext, segment: int) -> float:
    """How far a segment is above where it was at the start [m]."""
    now, then = (s.segment_pos_world[segment, 2] for s in (context.state, context.start))
    return float(now - then)


@criterion
def stays_up(context: StepContext) -> float:
    """1 until the infant falls."""
    return 0.0 if context.has_fallen else 1.0


@criterion
def head_up(context: StepContext, *, resting: float, lifted: float) -> float:
    """How far the head is from its height at rest to that when lifted, both in body lengths."""
    height = context.state.head_height_m / context.body_length_m
    return share_of(height - resting, lifted - resting)


@criterion
def chest_raised(context: StepContext, *, rise: float) -> float:
    """How far the chest has risen since the start, over a rise in body lengths."""
    return share_of(_risen_m(context, _CHEST), rise * context.body_length_m)


@criterion
def pelvis_raised(context: StepContext, *, rise: float) -> float:
    """How far the pelvis has risen since the start, over a rise in body lengths."""
    return share_of(_risen_m(context, _PELVIS), rise * context.body_length_m)


@criterion
def turned_over(context: StepContext, *, within_rad: float) -> float:
    """How far the chest has turned from facing up (0) to facing down within an angle (1)."""
    facing = float(context.state.segment_matrix_world[_CHEST, 2, 0])
    return share_of(math.acos(max(-1.0, min(1.0, facing))), math.pi - within_rad)


@criterion
def head_in_line(context: StepContext, *, within_rad: float) -> float:
    """1 while the head follows the trunk within an angle; less when it lags or hangs more."""
    matrix = context.state.segment_matrix_world
    aligned = float(matrix[_HEAD, :, 2].dot(matrix[_CHEST, :, 2]))
    angle = math.acos(max(-1.0, min(1.0, aligned)))
    return share_of(within_rad, max(angle, 1e-9))


@criterion
def risen_in_line(context: StepContext, *, within_rad: float, upright_rad: float) -> float:
    """How far the trunk has come from lying (0) to an angle from the vertical (1), head in line.

    What the head lags behind the trunk is taken off, as in :func:`head_in_line`.
    """
    risen = share_of(math.pi / 2 - context.state.upright_rad, math.pi / 2 - upright_rad)
    return risen * head_in_line(context, within_rad=within_rad)


@criterion
def moved_on(context: StepContext, *, distance: float, heading_rad: float) -> float:
    """Way of the pelvis over the floor in a direction, over a distance in body lengths.

    The direction is counted from forward to the left as the infant faced at the start.
    """
    way = _way_m(context, (_PELVIS,), heading_rad)
    return share_of(way, distance * context.body_length_m)


@criterion
def stepped_on(context: StepContext, *, distance: float, heading_rad: float) -> float:
    """The same of the foot that is less far: to lean, or to step with one foot, is not enough."""
    return share_of(_way_m(context, _FEET, heading_rad), distance * context.body_length_m)


@criterion
def crept_on(context: StepContext, *, distance: float, heading_rad: float) -> float:
    """The same of the elbow or knee that lags most: to dive over the knees is nothing."""
    return share_of(
        _way_m(context, _ELBOWS_AND_KNEES, heading_rad), distance * context.body_length_m
    )


def _way_m(context: StepContext, segments: tuple[int, ...], heading_rad: float) -> float:
    """Shortest way of some segments along a direction since the start [m]."""
    now, then = context.state.segment_pos_world, context.start.segment_pos_world
    x, y = math.cos(heading_rad), math.sin(heading_rad)
    return min(float((now[s] - then[s]) @ (x, y, 0.0)) for s in segments)
