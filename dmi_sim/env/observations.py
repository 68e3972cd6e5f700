"""What the infant senses: pure functions of a moment, scaled by fixed physical ranges.

Each gives values of about -1 to 1. The environment adds noise, delays what the head and the skin
tell, and clips all to its observation bounds; joint senses come with delays of their own.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from dmi_sim.arrays import Vector
from dmi_sim.body.segments import PLACES
from dmi_sim.env.context import Moment
from dmi_sim.nervous.sensorimotor import SenseNoise

_Feel = Callable[[Moment], Vector]
_Noise = Callable[[SenseNoise], float]

_ANGLE_RAD, _RATE_RAD_S, _TURN_RAD_S = 0.5, 3.0, 3.0
_SHIFT_BODY_LENGTHS, _SPEED_BODY_LENGTHS_S = 0.15, 0.5
_SMALL_SHIFT, _SMALL_SPEED = 0.05, 0.15
"""The same where the base is small: over two feet an infant falls from a fifth of the sway."""
_GRAVICEPTORS = [0, 3, 4]
"""Pelvis, upper thorax and head."""
_DOWNWARD = np.array([9 * segment + 6 + side for segment in _GRAVICEPTORS for side in (0, 1)])
_SPINNING = np.array([3 * segment + axis for segment in _GRAVICEPTORS for axis in (0, 1, 2)])
"""Where their matrices [2, :2] and their spins are in the arrays of all segments, flat."""
_FOOT, _OTHER_FOOT = (index for index, place in enumerate(PLACES) if place.kind == "foot")


@dataclass(frozen=True)
class Sense:
    """A sense, how many numbers it gives and how it reaches the controller.

    Attributes:
        feel: The numbers at a moment.
        fixed: How many there are always.
        per_driven_axis: How many more for each driven axis.
        per_action: How many more for each action.
        is_central: Delayed by the environment; others come with delays of their own.
        noise: Standard deviation of each number, from the infant's.
    """

    feel: _Feel
    fixed: int = 0
    per_driven_axis: int = 0
    per_action: int = 0
    is_central: bool = True
    noise: _Noise = lambda _: 0.0

    def size(self, driven_axes: int, actions: int) -> int:
        """How many numbers it gives."""
        return self.fixed + self.per_driven_axis * driven_axes + self.per_action * actions


def driven_angles(moment: Moment) -> Vector:
    """Angles of the driven axes from the start pose, per 0.5 rad."""
    then = moment.start.joint_angle_rad.take(moment.driven)
    return (moment.joints[0].take(moment.driven) - then) / _ANGLE_RAD


def driven_rates(moment: Moment) -> Vector:
    """Rates of the driven axes, per 3 rad/s."""
    return moment.joints[1].take(moment.driven) / _RATE_RAD_S


def gravity_directions(moment: Moment) -> Vector:
    """Where down is, forward and left, in pelvis, upper trunk and head; sine over 0.5."""
    return moment.state.segment_matrix_world.take(_DOWNWARD) / -0.5


def turning(moment: Moment) -> Vector:
    """Angular velocities of pelvis, upper trunk and head in their own frames, per 3 rad/s."""
    return moment.state.segment_spin_own.take(_SPINNING) / _TURN_RAD_S


def _level(moment: Moment, vector: Vector, unit: float) -> Vector:
    """Forward and left parts of a world vector as the pelvis faces, without its tilt, per unit."""
    x, y = moment.state.segment_matrix_world[0, :2, 0].tolist()
    norm = max(1e-6, math.hypot(x, y))
    forward, left, _ = vector.tolist()
    ahead, aside = (x * forward + y * left) / norm, (x * left - y * forward) / norm
    return np.array((ahead / unit, aside / unit))


def com_over_seat(moment: Moment) -> Vector:
    """Centre of mass from the pelvis, forward and left, per 0.15 body lengths."""
    offset = moment.state.com_m - moment.state.segment_pos_world[0]
    return _level(moment, offset, _SHIFT_BODY_LENGTHS * moment.body_length_m)


def com_over_feet(moment: Moment) -> Vector:
    """Centre of mass from the middle of the feet, forward and left, per 0.05 body lengths."""
    pos = moment.state.segment_pos_world
    offset = moment.state.com_m - (pos[_FOOT] + pos[_OTHER_FOOT]) / 2
    return _level(moment, offset, _SMALL_SHIFT * moment.body_length_m)


def com_sway(moment: Moment) -> Vector:
    """Velocity of the centre of mass, forward and left, per 0.15 body lengths a second."""
    return _level(moment, moment.state.com_velocity_m_s, _SMALL_SPEED * moment.body_length_m)


def com_velocity(moment: Moment) -> Vector:
    """Velocity of the centre of mass, forward and left, per 0.5 body lengths a second."""
    unit = _SPEED_BODY_LENGTHS_S * moment.body_length_m
    return _level(moment, moment.state.com_velocity_m_s, unit)


def touch(moment: Moment) -> Vector:
    """Force of the floor on each of the 15 segments, over body weight."""
    return moment.touch


def last_actions(moment: Moment) -> Vector:
    """The last two commands: a copy that needs no nerve."""
    return np.concatenate([moment.action, moment.last_action])


def heading(moment: Moment) -> Vector:
    """How far the pelvis has turned to the left of where it faced, as eyes tell; sine over 0.5.

    Told by its axis from right to left, which stays level on hands and knees as in standing.
    """
    now, then = (s.segment_matrix_world[0, :2, 1] for s in (moment.state, moment.start))
    norm = max(1e-6, math.hypot(*now) * math.hypot(*then))
    return np.array([float(then[0] * now[1] - then[1] * now[0]) / norm / 0.5])


def rhythm(moment: Moment) -> Vector:
    """Phase of the pattern generator, sine and cosine: a copy that needs no nerve."""
    return np.array((math.sin(moment.rhythm_rad), math.cos(moment.rhythm_rad)))


SENSES: dict[str, Sense] = {
    "driven_angles": Sense(
        driven_angles,
        per_driven_axis=1,
        is_central=False,
        noise=lambda sd: sd.angle_rad / _ANGLE_RAD,
    ),
    "driven_rates": Sense(
        driven_rates,
        per_driven_axis=1,
        is_central=False,
        noise=lambda sd: sd.rate_rad_s / _RATE_RAD_S,
    ),
    "gravity_directions": Sense(gravity_directions, fixed=6, noise=lambda sd: sd.tilt_rad / 0.5),
    "turning": Sense(turning, fixed=9, noise=lambda sd: sd.spin_rad_s / _TURN_RAD_S),
    "com_over_seat": Sense(com_over_seat, fixed=2, noise=lambda sd: sd.tilt_rad),
    "com_over_feet": Sense(
        com_over_feet,
        fixed=2,
        noise=lambda sd: sd.tilt_rad * _SHIFT_BODY_LENGTHS / _SMALL_SHIFT,
    ),
    "com_sway": Sense(
        com_sway,
        fixed=2,
        noise=lambda sd: sd.tilt_rad * _SPEED_BODY_LENGTHS_S / _SMALL_SPEED,
    ),
    "com_velocity": Sense(com_velocity, fixed=2, noise=lambda sd: sd.tilt_rad),
    "heading": Sense(heading, fixed=1, noise=lambda sd: sd.tilt_rad / 0.5),
    "touch": Sense(touch, fixed=15, noise=lambda sd: sd.pressure),
    "last_actions": Sense(last_actions, per_action=2, is_central=False),
    "rhythm": Sense(rhythm, fixed=2, is_central=False),
}
"""Senses by name."""
