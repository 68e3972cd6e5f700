"""What the infant observations: pure functions of a context, scaled by fixed physical ranges.

Each gives values of about -1 to 1. The environment adds noise, delays what the head and the skin
tell, and clips all to its observation bounds; joint observations come with delays of their own.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from dmi_sim.anatomy import SEGMENTS
from dmi_sim.arrays import Vector
from dmi_sim.env.context import StepContext
from dmi_sim.nervous.sensorimotor import SensoryNoise

_Feel = Callable[[StepContext], Vector]
_Noise = Callable[[SensoryNoise], float]

_ANGLE_RAD, _RATE_RAD_S, _TURN_RAD_S = 0.5, 3.0, 3.0
_SHIFT_BODY_LENGTHS, _SPEED_BODY_LENGTHS_S = 0.15, 0.5
_SMALL_SHIFT, _SMALL_SPEED = 0.05, 0.15
"""The same where the base is small: over two feet an infant falls from a fifth of the sway."""
_GRAVICEPTORS = [0, 3, 4]
"""Pelvis, upper thorax and head."""
_DOWNWARD = np.array([9 * segment + 6 + side for segment in _GRAVICEPTORS for side in (0, 1)])
_SPINNING = np.array([3 * segment + axis for segment in _GRAVICEPTORS for axis in (0, 1, 2)])
"""Where their matrices [2, :2] and their spins are in the arrays of all segments, flat."""
_FOOT, _OTHER_FOOT = (index for index, place in enumerate(SEGMENTS) if place.kind == "foot")


@dataclass(frozen=True)
class ObservationTerm:
    """A sense, how many numbers it gives and how it reaches the controller.

    Attributes:
        compute: The numbers at a context.
        fixed: How many there are always.
        per_actuated_axis: How many more for each actuated axis.
        per_action: How many more for each action.
        is_delayed: Delayed by the environment; others come with delays of their own.
        noise: Standard deviation of each number, from the infant's.
    """

    compute: _Feel
    fixed: int = 0
    per_actuated_axis: int = 0
    per_action: int = 0
    is_delayed: bool = True
    noise: _Noise = lambda _: 0.0

    def size(self, actuated_axes: int, actions: int) -> int:
        """How many numbers it gives."""
        return self.fixed + self.per_actuated_axis * actuated_axes + self.per_action * actions


def actuated_angles(context: StepContext) -> Vector:
    """Angles of the actuated axes from the start pose, per 0.5 rad."""
    then = context.start.joint_angle_rad.take(context.actuated)
    return (context.joints[0].take(context.actuated) - then) / _ANGLE_RAD


def actuated_rates(context: StepContext) -> Vector:
    """Rates of the actuated axes, per 3 rad/s."""
    return context.joints[1].take(context.actuated) / _RATE_RAD_S


def gravity_directions(context: StepContext) -> Vector:
    """Where down is, forward and left, in pelvis, upper trunk and head; sine over 0.5."""
    return context.state.segment_matrix_world.take(_DOWNWARD) / -0.5


def angular_velocities(context: StepContext) -> Vector:
    """Angular velocities of pelvis, upper trunk and head in their own frames, per 3 rad/s."""
    return context.state.segment_angular_velocity_own.take(_SPINNING) / _TURN_RAD_S


def _level(context: StepContext, vector: Vector, unit: float) -> Vector:
    """Forward and left parts of a world vector as the pelvis faces, without its tilt, per unit."""
    x, y = context.state.segment_matrix_world[0, :2, 0].tolist()
    norm = max(1e-6, math.hypot(x, y))
    forward, left, _ = vector.tolist()
    ahead, aside = (x * forward + y * left) / norm, (x * left - y * forward) / norm
    return np.array((ahead / unit, aside / unit))


def com_rel_pelvis(context: StepContext) -> Vector:
    """Centre of mass from the pelvis, forward and left, per 0.15 body lengths."""
    offset = context.state.com_m - context.state.segment_pos_world[0]
    return _level(context, offset, _SHIFT_BODY_LENGTHS * context.body_length_m)


def com_rel_feet(context: StepContext) -> Vector:
    """Centre of mass from the middle of the feet, forward and left, per 0.05 body lengths."""
    pos = context.state.segment_pos_world
    offset = context.state.com_m - (pos[_FOOT] + pos[_OTHER_FOOT]) / 2
    return _level(context, offset, _SMALL_SHIFT * context.body_length_m)


def com_velocity_fine(context: StepContext) -> Vector:
    """Velocity of the centre of mass, forward and left, per 0.15 body lengths a second."""
    return _level(context, context.state.com_velocity_m_s, _SMALL_SPEED * context.body_length_m)


def com_velocity(context: StepContext) -> Vector:
    """Velocity of the centre of mass, forward and left, per 0.5 body lengths a second."""
    unit = _SPEED_BODY_LENGTHS_S * context.body_length_m
    return _level(context, context.state.com_velocity_m_s, unit)


def contact_force(context: StepContext) -> Vector:
    """Force of the floor on each of the 15 segments, over body weight."""
    return context.contact_force


def last_actions(context: StepContext) -> Vector:
    """The last two commands: a copy that needs no nerve."""
    return np.concatenate([context.action, context.last_action])


def heading(context: StepContext) -> Vector:
    """How far the pelvis has turned to the left of where it faced, as eyes tell; sine over 0.5.

    Told by its axis from right to left, which stays level on hands and knees as in standing.
    """
    now, then = (s.segment_matrix_world[0, :2, 1] for s in (context.state, context.start))
    norm = max(1e-6, math.hypot(*now) * math.hypot(*then))
    return np.array([float(then[0] * now[1] - then[1] * now[0]) / norm / 0.5])


def cpg_phase(context: StepContext) -> Vector:
    """Phase of the pattern generator, sine and cosine: a copy that needs no nerve."""
    return np.array((math.sin(context.cpg_phase_rad), math.cos(context.cpg_phase_rad)))


OBSERVATIONS: dict[str, ObservationTerm] = {
    "actuated_angles": ObservationTerm(
        actuated_angles,
        per_actuated_axis=1,
        is_delayed=False,
        noise=lambda sd: sd.angle_rad / _ANGLE_RAD,
    ),
    "actuated_rates": ObservationTerm(
        actuated_rates,
        per_actuated_axis=1,
        is_delayed=False,
        noise=lambda sd: sd.rate_rad_s / _RATE_RAD_S,
    ),
    "gravity_directions": ObservationTerm(
        gravity_directions, fixed=6, noise=lambda sd: sd.tilt_rad / 0.5
    ),
    "angular_velocities": ObservationTerm(
        angular_velocities, fixed=9, noise=lambda sd: sd.angular_velocity_rad_s / _TURN_RAD_S
    ),
    "com_rel_pelvis": ObservationTerm(com_rel_pelvis, fixed=2, noise=lambda sd: sd.tilt_rad),
    "com_rel_feet": ObservationTerm(
        com_rel_feet,
        fixed=2,
        noise=lambda sd: sd.tilt_rad * _SHIFT_BODY_LENGTHS / _SMALL_SHIFT,
    ),
    "com_velocity_fine": ObservationTerm(
        com_velocity_fine,
        fixed=2,
        noise=lambda sd: sd.tilt_rad * _SPEED_BODY_LENGTHS_S / _SMALL_SPEED,
    ),
    "com_velocity": ObservationTerm(com_velocity, fixed=2, noise=lambda sd: sd.tilt_rad),
    "heading": ObservationTerm(heading, fixed=1, noise=lambda sd: sd.tilt_rad / 0.5),
    "contact_force": ObservationTerm(contact_force, fixed=15, noise=lambda sd: sd.pressure),
    "last_actions": ObservationTerm(last_actions, per_action=2, is_delayed=False),
    "cpg_phase": ObservationTerm(cpg_phase, fixed=2, is_delayed=False),
}
"""Senses by name."""
