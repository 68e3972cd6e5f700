"""What is aimed at: pure functions of a moment that tell how much of it is reached, 0 to 1.

None of them knows where hands are. Each is a reward term too (:mod:`dmi_sim.env.rewards`). To add
one, write a function here with a docstring that says what it measures, its parameters as keywords,
and a test in ``tests/env/test_goals.py``; its name is then free to use in ``envs/``.
"""

import math
from collections.abc import Callable

from dmi_sim.body.segments import PLACES
from dmi_sim.env.moment import Moment

Goal = Callable[..., float]

GOALS: dict[str, Goal] = {}
"""Goals by name."""

_INDEX = {place.name: index for index, place in enumerate(PLACES)}
_CHEST, _HEAD = _INDEX["upper_thorax"], _INDEX["head"]


def goal(function: Goal) -> Goal:
    """Make a function known under its name."""
    GOALS[function.__name__] = function
    return function


def share_of(value: float, whole: float) -> float:
    """A value as a share of what makes it whole, within 0 and 1; where nothing is missing, 1."""
    if whole <= 0:
        return 1.0
    return min(1.0, max(0.0, value / whole))


@goal
def stays_up(moment: Moment) -> float:
    """1 until the infant falls."""
    return 0.0 if moment.has_fallen else 1.0


@goal
def head_raised(moment: Moment, *, rise: float) -> float:
    """How far the head has risen since the start, over a rise in body lengths."""
    height = moment.state.head_height_m - moment.start.head_height_m
    return share_of(height, rise * moment.body_length_m)


@goal
def chest_raised(moment: Moment, *, rise: float) -> float:
    """How far the chest has risen since the start, over a rise in body lengths."""
    now, then = (s.segment_pos_world[_CHEST, 2] for s in (moment.state, moment.start))
    return share_of(float(now - then), rise * moment.body_length_m)


@goal
def stands_tall(moment: Moment, *, head_height: float) -> float:
    """Head height above that at the start, over what is missing to a height in body lengths."""
    start = moment.start.head_height_m
    missing = head_height * moment.body_length_m - start
    return share_of(moment.state.head_height_m - start, missing)


@goal
def turned_over(moment: Moment, *, within_rad: float) -> float:
    """How far the chest has turned from facing up (0) to facing down within an angle (1)."""
    facing = float(moment.state.segment_matrix_world[_CHEST, 2, 0])
    return share_of(math.acos(max(-1.0, min(1.0, facing))), math.pi - within_rad)


@goal
def head_in_line(moment: Moment, *, within_rad: float) -> float:
    """1 while the head follows the trunk within an angle; less when it lags or hangs more."""
    matrix = moment.state.segment_matrix_world
    aligned = float(matrix[_HEAD, :, 2] @ matrix[_CHEST, :, 2])
    angle = math.acos(max(-1.0, min(1.0, aligned)))
    return share_of(within_rad, max(angle, 1e-9))


@goal
def moved_on(moment: Moment, *, distance: float, heading_rad: float) -> float:
    """Way of the pelvis over the floor in a direction, over a distance in body lengths.

    The direction is counted from forward to the left as the infant faced at the start.
    """
    way = moment.state.segment_pos_world[0] - moment.start.segment_pos_world[0]
    along = float(way[0]) * math.cos(heading_rad) + float(way[1]) * math.sin(heading_rad)
    return share_of(along, distance * moment.body_length_m)
