"""What the infant senses: pure functions of a moment, scaled by fixed physical ranges.

Each gives values of about -1 to 1; the environment clips all of them to its observation bounds and
delivers them late.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from dmi_sim.body.arrays import Vector
from dmi_sim.env.moment import Moment


@dataclass(frozen=True)
class Sense:
    """A sense and how many numbers it gives.

    Attributes:
        feel: The numbers at a moment.
        fixed: How many there are always.
        per_driven_axis: How many more for each driven axis.
        per_action: How many more for each action.
    """

    feel: Callable[[Moment], Vector]
    fixed: int
    per_driven_axis: int
    per_action: int

    def size(self, driven_axes: int, actions: int) -> int:
        """How many numbers it gives."""
        return self.fixed + self.per_driven_axis * driven_axes + self.per_action * actions


SENSES: dict[str, Sense] = {}
"""Senses by name."""

_ANGLE_RAD, _RATE_RAD_S, _TURN_RAD_S = 0.5, 3.0, 3.0
_SHIFT_BODY_LENGTHS, _SPEED_BODY_LENGTHS_S = 0.15, 0.5
_GRAVICEPTORS = [0, 3, 4]
"""Pelvis, upper thorax and head."""

_Feel = Callable[[Moment], Vector]


def sense(
    fixed: int = 0, per_driven_axis: int = 0, per_action: int = 0
) -> Callable[[_Feel], _Feel]:
    """Make a function known under its name, with the number of values that it gives."""

    def known(function: _Feel) -> _Feel:
        SENSES[function.__name__] = Sense(function, fixed, per_driven_axis, per_action)
        return function

    return known


@sense(per_driven_axis=1)
def driven_angles(moment: Moment) -> Vector:
    """Angles of the driven axes from the start pose, per 0.5 rad."""
    now, then = moment.state.joint_angle_rad, moment.start.joint_angle_rad
    return (now[moment.driven] - then[moment.driven]) / _ANGLE_RAD


@sense(per_driven_axis=1)
def driven_rates(moment: Moment) -> Vector:
    """Rates of the driven axes, per 3 rad/s."""
    return moment.state.joint_velocity_rad_s[moment.driven] / _RATE_RAD_S


@sense(fixed=6)
def gravity_directions(moment: Moment) -> Vector:
    """Where down is, forward and left, in pelvis, upper trunk and head; sine over 0.5."""
    return moment.state.segment_matrix_world[_GRAVICEPTORS, 2, :2].ravel() / -0.5


@sense(fixed=9)
def turning(moment: Moment) -> Vector:
    """Angular velocities of pelvis, upper trunk and head in their own frames, per 3 rad/s."""
    matrix, spin = moment.state.segment_matrix_world, moment.state.segment_spin_world
    own = [spin[s] @ matrix[s] for s in _GRAVICEPTORS]
    return np.concatenate(own) / _TURN_RAD_S


def _level(moment: Moment, vector: Vector) -> Vector:
    """Forward and left parts of a world vector as the pelvis faces, without its tilt."""
    x, y = moment.state.segment_matrix_world[0, :2, 0].tolist()
    norm = max(1e-6, math.hypot(x, y))
    forward, left, _ = vector.tolist()
    return np.array([x * forward + y * left, x * left - y * forward]) / norm


@sense(fixed=2)
def com_over_seat(moment: Moment) -> Vector:
    """Centre of mass from the pelvis, forward and left, per 0.15 body lengths."""
    offset = moment.state.com_m - moment.state.segment_pos_world[0]
    return _level(moment, offset) / (_SHIFT_BODY_LENGTHS * moment.body_length_m)


@sense(fixed=2)
def com_velocity(moment: Moment) -> Vector:
    """Velocity of the centre of mass, forward and left, per 0.5 body lengths a second."""
    velocity = _level(moment, moment.state.com_velocity_m_s)
    return velocity / (_SPEED_BODY_LENGTHS_S * moment.body_length_m)


@sense(per_action=2)
def last_actions(moment: Moment) -> Vector:
    """The last two commands."""
    return np.concatenate([moment.action, moment.last_action])
