"""Observations: pure functions of a step, scaled by fixed physical ranges to about -1 to 1.

The environment makes them noisy, delays those that come through the head or the skin, and clips
all to its observation bounds; joint observations come with delays of their own. To add one, write a
function here, or in a plug-in, under ``@observation(...)``, which says how many numbers it gives,
how they reach the controller and, if they may be mirrored, where in their mirror image each is
found. Its test goes to ``tests/env/test_observations.py``; its name is then free to use in
``envs/``. Names are part of what a trained policy was made for.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from dmi_sim.anatomy import HEAD, PELVIS, SEGMENTS, UPPER_THORAX
from dmi_sim.arrays import Vector
from dmi_sim.body.reflection import ABOUT_FORWARD_LEFT_UP, SEGMENTS_MIRRORED, Reflection
from dmi_sim.env.context import StepContext, com_from_feet_m
from dmi_sim.errors import InputError
from dmi_sim.nervous.sensorimotor import SensoryNoise
from dmi_sim.registry import Registry
from dmi_sim.spec.exercise import N_CUES

Compute = Callable[[StepContext], Vector]
NoiseSd = Callable[[SensoryNoise], float]
Names = tuple[str, ...]
Mirrored = Callable[[Reflection, Reflection], Reflection]
"""Gives the mirror image of the numbers of an observation, from that of the actuated axes and that
of the actions."""

_ANGLE_RAD, _RATE_RAD_S, _TURN_RAD_S, _SINE = 0.5, 3.0, 3.0, 0.5
_SHIFT_BODY_LENGTHS, _SPEED_BODY_LENGTHS_S = 0.15, 0.5
_SMALL_SHIFT, _SMALL_SPEED = 0.05, 0.15
"""The same where the base is small: over two feet an infant falls from a fifth of the sway."""
_VESTIBULAR = (PELVIS, UPPER_THORAX, HEAD)
"""Segments that feel gravity and turning."""
_DOWNWARD = np.array([9 * segment + 6 + side for segment in _VESTIBULAR for side in (0, 1)])
_SPINNING = np.array([3 * segment + axis for segment in _VESTIBULAR for axis in (0, 1, 2)])
"""Places of their matrices [2, :2] and angular velocities in the flat arrays of all segments."""
_SIDES = ("forward", "left")
_FORWARD_LEFT, _TO_THE_LEFT = Reflection.in_place((1, -1)), Reflection.in_place((-1,))
_HALF_A_CYCLE_LATER = Reflection.in_place((-1, -1))
"""Mirror image of sine and cosine of a phase: in a mirror the legs take turns the other way."""
_FELT_BY = tuple(SEGMENTS[segment].name for segment in _VESTIBULAR)


@dataclass(frozen=True)
class ObservationTerm:
    """An observation, how many numbers it gives and how they reach the controller.

    Attributes:
        compute: Gives the numbers at a step.
        fixed: Count of numbers that there are always.
        per_actuated_axis: Further numbers for each actuated axis.
        per_action: Further numbers for each action.
        is_delayed: Whether the environment delays them; others bring their own delay, or have none.
        noise: Gives the standard deviation of each number, scaled as they are, from the infant's.
        unit: Unit of the physical quantity; ``1`` for a plain number.
        per_unit: Gives what the quantity is multiplied by to give the number, from the length of
            the body [m].
        axes: Gives what each number is about, from the names of the actuated axes and of the
            actions; None for places alone.
        mirror: Gives their mirror image; None if it does not tell.
    """

    compute: Compute
    fixed: int
    per_actuated_axis: int
    per_action: int
    is_delayed: bool
    noise: NoiseSd
    unit: str
    per_unit: Callable[[float], float]
    axes: Callable[[Names, Names], Names] | None
    mirror: Mirrored | None = None

    def size(self, actuated_axes: int, actions: int) -> int:
        """Count of the numbers that it gives."""
        return self.fixed + self.per_actuated_axis * actuated_axes + self.per_action * actions

    def axis_names(self, joints: Names, actions: Names) -> Names:
        """What each number is about.

        Args:
            joints: Names of the actuated axes.
            actions: Names of the actions.

        Raises:
            InputError: If the observation was registered with more or fewer names than numbers.
        """
        size = self.size(len(joints), len(actions))
        names = self.axes(joints, actions) if self.axes else tuple(str(i) for i in range(size))
        if len(names) != size:
            name = getattr(self.compute, "__name__", "observation")
            raise InputError(f"{name}: axes names {len(names)} numbers, not the {size} that it has")
        return names


OBSERVATIONS: Registry[ObservationTerm] = Registry("observation")
"""Observations by name."""


def _no_noise(_: SensoryNoise) -> float:
    return 0.0


def _as_it_is(_: float) -> float:
    return 1.0


def _per(range_: float) -> Callable[[float], float]:
    """Scale of a quantity that is told per this."""
    return lambda _: 1 / range_


def _per_body_lengths(lengths: float) -> Callable[[float], float]:
    """Scale of a quantity that is told per so many body lengths."""
    return lambda length_m: 1 / (lengths * length_m)


def _of_joints(joints: Names, _: Names) -> Names:
    return joints


def _named(*names: str) -> Callable[[Names, Names], Names]:
    """The same names in every exercise."""
    return lambda _joints, _actions: names


def _mirrored_joints(joints: Reflection, _: Reflection) -> Reflection:
    return joints


def _mirrored(*parts: Reflection) -> Mirrored:
    """The same mirror image in every exercise."""
    return lambda _joints, _actions: Reflection.joined(parts)


def observation(
    *,
    fixed: int = 0,
    per_actuated_axis: int = 0,
    per_action: int = 0,
    is_delayed: bool = True,
    noise: NoiseSd = _no_noise,
    unit: str = "1",
    per_unit: Callable[[float], float] = _as_it_is,
    axes: Callable[[Names, Names], Names] | None = None,
    mirror: Mirrored | None = None,
) -> Callable[[Compute], Compute]:
    """Register a function as an observation under its name; see :class:`ObservationTerm`."""

    def register(compute: Compute) -> Compute:
        sizes = (fixed, per_actuated_axis, per_action)
        term = ObservationTerm(compute, *sizes, is_delayed, noise, unit, per_unit, axes, mirror)
        OBSERVATIONS.add(compute.__name__, term)
        return compute

    return register


@observation(
    per_actuated_axis=1,
    is_delayed=False,
    noise=lambda sd: sd.angle_rad / _ANGLE_RAD,
    unit="rad",
    per_unit=_per(_ANGLE_RAD),
    axes=_of_joints,
    mirror=_mirrored_joints,
)
def actuated_angles(context: StepContext) -> Vector:
    """Angles of the actuated axes from the start pose, per 0.5 rad."""
    bent = context.joints[0] - context.start.joint_angle_rad
    return bent[context.actuated] / _ANGLE_RAD


@observation(
    per_actuated_axis=1,
    is_delayed=False,
    noise=lambda sd: sd.rate_rad_s / _RATE_RAD_S,
    unit="rad/s",
    per_unit=_per(_RATE_RAD_S),
    axes=_of_joints,
    mirror=_mirrored_joints,
)
def actuated_rates(context: StepContext) -> Vector:
    """Rates of the actuated axes, per 3 rad/s."""
    return context.joints[1][context.actuated] / _RATE_RAD_S


@observation(
    fixed=6,
    noise=lambda sd: sd.tilt_rad / _SINE,
    per_unit=_per(_SINE),
    axes=_named(*(f"{part} {side}" for part in _FELT_BY for side in _SIDES)),
    mirror=_mirrored(*(_FORWARD_LEFT for _ in _FELT_BY)),
)
def gravity_directions(context: StepContext) -> Vector:
    """Direction of gravity, forward and left, in pelvis, upper trunk and head; sine over 0.5."""
    return context.state.segment_matrix_world.take(_DOWNWARD) / -_SINE


@observation(
    fixed=9,
    noise=lambda sd: sd.angular_velocity_rad_s / _TURN_RAD_S,
    unit="rad/s",
    per_unit=_per(_TURN_RAD_S),
    axes=_named(*(f"{part} about {a}" for part in _FELT_BY for a in "xyz")),
    mirror=_mirrored(*(ABOUT_FORWARD_LEFT_UP for _ in _FELT_BY)),
)
def angular_velocities(context: StepContext) -> Vector:
    """Angular velocities of pelvis, upper trunk and head in their own frames, per 3 rad/s."""
    return context.state.segment_angular_velocity_own.take(_SPINNING) / _TURN_RAD_S


def _level(context: StepContext, x: float, y: float, unit: float) -> Vector:
    """Forward and left parts of a world vector as the pelvis faces, without its tilt, per unit."""
    matrix = context.state.segment_matrix_world
    cosine, sine = matrix.item(PELVIS, 0, 0), matrix.item(PELVIS, 1, 0)
    norm = max(1e-6, math.hypot(cosine, sine))
    forward, left = (cosine * x + sine * y) / norm, (cosine * y - sine * x) / norm
    return np.array((forward / unit, left / unit))


@observation(
    fixed=2,
    noise=lambda sd: sd.tilt_rad,
    unit="m",
    per_unit=_per_body_lengths(_SHIFT_BODY_LENGTHS),
    axes=_named(*_SIDES),
    mirror=_mirrored(_FORWARD_LEFT),
)
def com_rel_pelvis(context: StepContext) -> Vector:
    """Centre of mass from the pelvis, forward and left, per 0.15 body lengths."""
    com, pos = context.state.com_m, context.state.segment_pos_world
    x, y = com.item(0) - pos.item(PELVIS, 0), com.item(1) - pos.item(PELVIS, 1)
    return _level(context, x, y, _SHIFT_BODY_LENGTHS * context.body_length_m)


@observation(
    fixed=2,
    noise=lambda sd: sd.tilt_rad * _SHIFT_BODY_LENGTHS / _SMALL_SHIFT,
    unit="m",
    per_unit=_per_body_lengths(_SMALL_SHIFT),
    axes=_named(*_SIDES),
    mirror=_mirrored(_FORWARD_LEFT),
)
def com_rel_feet(context: StepContext) -> Vector:
    """Centre of mass from the middle of the feet, forward and left, per 0.05 body lengths."""
    x, y = com_from_feet_m(context.state)
    return _level(context, x, y, _SMALL_SHIFT * context.body_length_m)


@observation(
    fixed=2,
    noise=lambda sd: sd.tilt_rad * _SPEED_BODY_LENGTHS_S / _SMALL_SPEED,
    unit="m/s",
    per_unit=_per_body_lengths(_SMALL_SPEED),
    axes=_named(*_SIDES),
    mirror=_mirrored(_FORWARD_LEFT),
)
def com_velocity_fine(context: StepContext) -> Vector:
    """Velocity of the centre of mass, forward and left, per 0.15 body lengths a second."""
    x, y, _ = context.state.com_velocity_m_s.tolist()
    return _level(context, x, y, _SMALL_SPEED * context.body_length_m)


@observation(
    fixed=2,
    noise=lambda sd: sd.tilt_rad,
    unit="m/s",
    per_unit=_per_body_lengths(_SPEED_BODY_LENGTHS_S),
    axes=_named(*_SIDES),
    mirror=_mirrored(_FORWARD_LEFT),
)
def com_velocity(context: StepContext) -> Vector:
    """Velocity of the centre of mass, forward and left, per 0.5 body lengths a second."""
    x, y, _ = context.state.com_velocity_m_s.tolist()
    return _level(context, x, y, _SPEED_BODY_LENGTHS_S * context.body_length_m)


@observation(
    fixed=15,
    noise=lambda sd: sd.pressure,
    axes=_named(*(segment.name for segment in SEGMENTS)),
    mirror=_mirrored(SEGMENTS_MIRRORED),
)
def contact_force(context: StepContext) -> Vector:
    """Force of ground and furniture on each of the 15 segments, over body weight."""
    return context.contact_force


def _sent_twice(_: Names, actions: Names) -> Names:
    return (*actions, *(f"{one}, a step before" for one in actions))


def _mirrored_twice(_: Reflection, actions: Reflection) -> Reflection:
    return Reflection.joined((actions, actions))


@observation(per_action=2, is_delayed=False, axes=_sent_twice, mirror=_mirrored_twice)
def last_actions(context: StepContext) -> Vector:
    """The last two actions: an efference copy, which needs no nerve."""
    return np.concatenate([context.action, context.last_action])


@observation(
    fixed=1,
    noise=lambda sd: sd.tilt_rad / _SINE,
    per_unit=_per(_SINE),
    axes=_named("pelvis, turn to the left"),
    mirror=_mirrored(_TO_THE_LEFT),
)
def heading(context: StepContext) -> Vector:
    """Turn of the pelvis to the left of where it faced at the start, as eyes tell; sine over 0.5.

    It is told by the axis from right to left, which stays level on hands and knees as in standing.
    """
    x, y, _ = context.state.segment_matrix_world[PELVIS, :, 1].tolist()
    x_then, y_then, _ = context.start.segment_matrix_world[PELVIS, :, 1].tolist()
    norm = max(1e-6, math.hypot(x, y) * math.hypot(x_then, y_then))
    return np.array(((x_then * y - y_then * x) / norm / _SINE,))


@observation(
    fixed=2,
    is_delayed=False,
    axes=_named("sine", "cosine"),
    mirror=_mirrored(_HALF_A_CYCLE_LATER),
)
def cpg_phase(context: StepContext) -> Vector:
    """Phase of the pattern generator, sine and cosine: an efference copy, which needs no nerve.

    Both are 0 while it rests.
    """
    if context.cpg_phase_rad is None:
        return np.zeros(2)
    return np.array((math.sin(context.cpg_phase_rad), math.cos(context.cpg_phase_rad)))


@observation(
    per_action=1,
    is_delayed=False,
    axes=lambda _, actions: actions,
    mirror=lambda _, actions: actions,
)
def last_action(context: StepContext) -> Vector:
    """The last action: an efference copy, which needs no nerve."""
    return context.action


@observation(fixed=N_CUES, is_delayed=False, mirror=_mirrored(Reflection.in_place((1,) * N_CUES)))
def cue(context: StepContext) -> Vector:
    """What is asked of the infant: one number is 1, the others are 0."""
    return context.cue


@observation(
    fixed=2,
    is_delayed=False,
    unit="m/s",
    per_unit=_per_body_lengths(_SMALL_SPEED),
    axes=_named(*_SIDES),
    mirror=_mirrored(_FORWARD_LEFT),
)
def asked_velocity(context: StepContext) -> Vector:
    """Velocity asked for, forward and left as the pelvis faces, per 0.15 body lengths a second."""
    forward, left = context.asked_velocity
    if not (forward or left):
        return np.zeros(2)
    x, y, _ = context.start.segment_matrix_world[PELVIS, :, 1].tolist()  # the axis to the left
    norm = max(1e-6, math.hypot(x, y)) * _SMALL_SPEED
    now_x, now_y, _ = context.state.segment_matrix_world[PELVIS, :, 1].tolist()
    norm *= max(1e-6, math.hypot(now_x, now_y))
    cosine, sine = (x * now_x + y * now_y) / norm, (x * now_y - y * now_x) / norm
    return np.array((cosine * forward + sine * left, cosine * left - sine * forward))
