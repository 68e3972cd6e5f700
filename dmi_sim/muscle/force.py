"""From excitation to joint torque, one physics step at a time, compiled.

The tendon is rigid: a muscle is its fibre. Moment arms are sparse, because most muscles cross one
or two joints, and constant in the anatomical angles: ``dl = -R dq``.
"""

import math
from typing import Any

import numpy as np

from dmi_sim.arrays import Vector
from dmi_sim.body.kinematics import N_AXES
from dmi_sim.kernel import kernel
from dmi_sim.muscle.curves import (
    active_length_factor,
    passive_force_factor,
    velocity_factor,
    velocity_slope,
)
from dmi_sim.records import Records, record_dtype, records

SILENT = 1e-3
"""Activation [0..1] below which a muscle without excitation is switched off."""


class Fibre:
    """The fibre of a muscle.

    Attributes:
        peak_force_n: Peak isometric force [N].
        optimal_length_m: Optimal fibre length [m].
        neutral_length: Fibre length over optimal with all angles 0 [1].
        max_shortening_velocity_per_s: Largest shortening velocity [optimal lengths/s].
        rise: Share ``1 - exp(-dt / tau)`` of the gap to the excitation that activation closes in
            one step while it rises.
        fall: The same share while activation falls.
        moment_arm_sum_m: Sum of the absolute moment arms [m].
        passive_force_n: Passive force at 1.6 optimal lengths [N].
    """

    peak_force_n: float
    optimal_length_m: float
    neutral_length: float
    max_shortening_velocity_per_s: float
    rise: float
    fall: float
    moment_arm_sum_m: float
    passive_force_n: float


class MomentArm:
    """A moment arm that is not 0, of a muscle about an axis.

    Attributes:
        muscle: Index of the muscle.
        axis: Index of the axis that it turns.
        arm_m: Moment arm [m]; positive where the muscle turns the axis in its positive direction.
        direction: Moment arm over the norm of all moment arms of the muscle [1].
    """

    muscle: int
    axis: int
    arm_m: float
    direction: float


class Muscle:
    """A muscle at one moment; activation and work are changed by every step.

    Attributes:
        activation: Activation [0..1].
        excitation: Excitation that the controller sends [0..1].
        commanded_length: Fibre length over optimal that the controller commands [1].
        noise_factor: Factor of motor noise on the drive [1].
        concentric_j: Work of the active fibre while it shortened [J].
        eccentric_j: Work of the active fibre while it was stretched [J], negative.
    """

    activation: float
    excitation: float
    commanded_length: float
    noise_factor: float
    concentric_j: float
    eccentric_j: float


@kernel
def take_command(
    excitation: Vector, length: Vector, noise: Vector, muscle: Records[Muscle]
) -> bool:
    """Give the muscles a command if all of it is finite, and tell whether it is.

    Args:
        excitation: Excitation of each muscle [0..1], shape (n,).
        length: Commanded fibre length over optimal of each, shape (n,).
        noise: Relative error of the excitation of each, shape (n,).
        muscle: The muscles, shape (n,); changed.
    """
    for i in range(muscle.size):
        if not math.isfinite(excitation[i] + length[i] + noise[i]):
            return False
    for i in range(muscle.size):
        muscle[i].excitation, muscle[i].commanded_length = excitation[i], length[i]
        muscle[i].noise_factor = 1.0 + noise[i]
    return True


class FibreMotion:
    """The motion of a fibre.

    Attributes:
        length: Length over optimal [1].
        velocity: Velocity in optimal lengths per second [1/s], positive when lengthening.
    """

    length: float
    velocity: float


class FibreForce:
    """The force of a fibre, split by what depends on velocity.

    Attributes:
        still_n: Force at zero velocity, active and passive [N].
        moving_n: Force that velocity adds [N].
        damping_ns_per_m: Slope of force over velocity [N s/m].
        still_active_n: Active part of ``still_n`` [N].
    """

    still_n: float
    moving_n: float
    damping_ns_per_m: float
    still_active_n: float


class MuscleTorque:
    """The torque of all muscles about an axis, split as their forces.

    Attributes:
        still_nm: Torque at zero velocity [N m].
        moving_nm: Torque that velocity adds [N m].
        damping_nms_per_rad: Upper bound of the damping [N m s/rad].
    """

    still_nm: float
    moving_nm: float
    damping_nms_per_rad: float


_FIBRE_FORCE = record_dtype(FibreForce)
_MUSCLE_TORQUE = record_dtype(MuscleTorque)


def sparse_moment_arms(moment_arms_m: Vector) -> Records[MomentArm]:
    """The moment arms that are not 0.

    Args:
        moment_arms_m: Moment arms of all muscles about all axes [m], shape (n, 34).

    >>> arms = sparse_moment_arms(np.array([[0.0, 0.02], [-0.01, 0.0]]))
    >>> arms["muscle"].tolist(), arms["axis"].tolist(), arms["arm_m"].tolist()
    ([0, 1], [1, 0], [0.02, -0.01])
    """
    muscle, axis = np.nonzero(moment_arms_m)
    arm_m = moment_arms_m[muscle, axis]
    direction = arm_m / np.linalg.norm(moment_arms_m, axis=1)[muscle]
    columns = {"muscle": muscle, "axis": axis, "arm_m": arm_m, "direction": direction}
    return records(MomentArm, columns)


@kernel
def advance_activation(muscle: Records[Muscle], excitation: Vector, fibre: Records[Fibre]) -> None:
    """Advance first-order activation dynamics by one step, in place.

    The step is exact for an excitation that is constant within it. A muscle without excitation
    whose activation falls below :data:`SILENT` is switched off.

    Args:
        muscle: Muscles, whose activation changes, shape (n,).
        excitation: Excitation [0..1], shape (n,).
        fibre: Fibres of the muscles, shape (n,).
    """
    for m in range(excitation.size):
        gap = excitation[m] - muscle[m].activation
        muscle[m].activation += (fibre[m].rise if gap > 0 else fibre[m].fall) * gap
        if muscle[m].activation < SILENT and excitation[m] == 0.0:
            muscle[m].activation = 0.0  # so that a muscle at rest costs nothing


@kernel
def fibre_motion(
    angle: Vector,
    rate: Vector,
    fibre: Records[Fibre],
    arms: Records[MomentArm],
    motion: Records[FibreMotion],
) -> None:
    """Write fibre lengths and velocities, with a rigid tendon and constant moment arms.

    Args:
        angle: Anatomical angles [rad], shape (34,).
        rate: Rates of the anatomical angles [rad/s], shape (34,).
        fibre: Fibres of the muscles, shape (n,).
        arms: Moment arms of the muscles.
        motion: Motion of the fibres, shape (n,); written.
    """
    # l = l_neutral - (R q) / l_opt: a muscle shortens when a joint moves the way it pulls.
    for m in range(fibre.size):
        motion[m].length, motion[m].velocity = fibre[m].neutral_length, 0.0
    for k in range(arms.size):
        m, i = arms[k].muscle, arms[k].axis
        share = arms[k].arm_m / fibre[m].optimal_length_m
        motion[m].length -= share * angle[i]
        motion[m].velocity -= share * rate[i]


@kernel
def muscle_force(
    muscle: Records[Muscle], motion: Records[FibreMotion], fibre: Records[Fibre]
) -> Records[FibreForce]:
    """The force of every muscle, split by what depends on velocity, shape (n,).

    Args:
        muscle: Muscles, of which activation is read, shape (n,).
        motion: Motion of their fibres, shape (n,).
        fibre: Their fibres, shape (n,).

    Source:
        De Groote et al. (2016), Ann. Biomed. Eng. 44, 2922-2936: the curves; ``degroote2016``.
    """
    # F = F_max a f_l(l) f_v(v) + F_passive f_p(l), with f_v split as f_v(0) + (f_v(v) - f_v(0)).
    force: Any = np.zeros(muscle.size, _FIBRE_FORCE)
    still_factor = velocity_factor(0.0)
    for m in range(muscle.size):
        length, v_max = motion[m].length, fibre[m].max_shortening_velocity_per_s
        force[m].still_n = fibre[m].passive_force_n * passive_force_factor(length)
        if muscle[m].activation > 0.0:
            active = fibre[m].peak_force_n * muscle[m].activation * active_length_factor(length)
            v = motion[m].velocity / v_max
            force[m].still_active_n = active * still_factor
            force[m].still_n += force[m].still_active_n
            force[m].moving_n = active * (velocity_factor(v) - still_factor)
            slope = active * velocity_slope(v)
            force[m].damping_ns_per_m = slope / (v_max * fibre[m].optimal_length_m)
    return force


@kernel
def add_fibre_work(
    muscle: Records[Muscle],
    force: Records[FibreForce],
    motion: Records[FibreMotion],
    damped: Records[FibreMotion],
    fibre: Records[Fibre],
    time_s: float,
) -> None:
    """Add the work of the active fibres over one step; passive force does not count.

    Args:
        muscle: Muscles, whose work changes, shape (n,).
        force: Forces of the fibres, shape (n,).
        motion: Motion of the fibres, shape (n,).
        damped: Motion whose velocities give the power of ``moving_n`` as it was applied, after
            implicit damping, see :func:`dmi_sim.physics.neuromuscular.damped_rates`, shape (n,).
        fibre: Fibres of the muscles, shape (n,).
        time_s: Duration of the step [s].
    """
    for m in range(muscle.size):
        still, moving = force[m].still_active_n, force[m].moving_n
        power = -(still * motion[m].velocity + moving * damped[m].velocity)
        work_j = power * fibre[m].optimal_length_m * time_s
        if work_j > 0:
            muscle[m].concentric_j += work_j
        else:
            muscle[m].eccentric_j += work_j


@kernel
def muscle_work(muscle: Records[Muscle]) -> Vector:
    """Work of all active fibres so far [J], shape (2,): concentric, and eccentric (negative).

    Args:
        muscle: The muscles, shape (n,).
    """
    out = np.zeros(2)
    for m in range(muscle.size):
        out[0] += muscle[m].concentric_j
        out[1] += muscle[m].eccentric_j
    return out


@kernel
def muscle_torque(
    force: Records[FibreForce], arms: Records[MomentArm], fibre: Records[Fibre]
) -> Records[MuscleTorque]:
    """The joint torques of all muscles, split as their forces, shape (34,).

    Args:
        force: Forces of the fibres, shape (n,).
        arms: Moment arms of the muscles.
        fibre: Fibres of the muscles, shape (n,).
    """
    # Torque is R' F. Damping is the matrix R' K R, which couples axes; the sum of the absolute
    # entries of a row, |R|' K (|R| 1), bounds it by a diagonal matrix (Gershgorin).
    torque: Any = np.zeros(N_AXES, _MUSCLE_TORQUE)
    for k in range(arms.size):
        m, i, arm = arms[k].muscle, arms[k].axis, arms[k].arm_m
        torque[i].still_nm += arm * force[m].still_n
        torque[i].moving_nm += arm * force[m].moving_n
        bound = abs(arm) * fibre[m].moment_arm_sum_m
        torque[i].damping_nms_per_rad += bound * force[m].damping_ns_per_m
    return torque
