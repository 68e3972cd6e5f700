"""From excitation to joint torque, one physics step at a time, compiled.

The tendon is rigid: a muscle is its fibre. Moment arms are sparse, because most muscles cross one
or two joints, and constant in the anatomical angles: ``dl = -R dq``.
"""

from typing import NamedTuple

import numpy as np

from dmi_sim.arrays import Index, Vector
from dmi_sim.body.kinematics import N_AXES
from dmi_sim.kernel import kernel
from dmi_sim.muscle.curves import (
    active_length_factor,
    passive_force_factor,
    velocity_factor,
    velocity_slope,
)

SILENT = 1e-3
"""Activation [0..1] below which a muscle without excitation is switched off."""


class FibreParams(NamedTuple):
    """The fibres of all muscles, arrays of shape (n,).

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

    peak_force_n: Vector
    optimal_length_m: Vector
    neutral_length: Vector
    max_shortening_velocity_per_s: Vector
    rise: Vector
    fall: Vector
    moment_arm_sum_m: Vector
    passive_force_n: Vector


class MomentArms(NamedTuple):
    """The moment arms that are not 0, pair by pair of a muscle and an axis, shape (pairs,) each.

    Attributes:
        muscle: Index of the muscle.
        axis: Index of the axis that it turns.
        arm_m: Moment arm [m]; positive where the muscle turns the axis in its positive direction.
        direction: Moment arm over the norm of all moment arms of the muscle [1].
    """

    muscle: Index
    axis: Index
    arm_m: Vector
    direction: Vector


class FibreForces(NamedTuple):
    """The force of every fibre, split by what depends on velocity, arrays of shape (n,).

    Attributes:
        still_n: Force at zero velocity, active and passive [N].
        moving_n: Force that velocity adds [N].
        damping_ns_per_m: Slope of force over velocity [N s/m].
        still_active_n: Active part of ``still_n`` [N].
    """

    still_n: Vector
    moving_n: Vector
    damping_ns_per_m: Vector
    still_active_n: Vector


class JointTorques(NamedTuple):
    """The torques of all muscles, split as their forces, arrays of shape (34,).

    Attributes:
        still_nm: Torque at zero velocity [N m].
        moving_nm: Torque that velocity adds [N m].
        damping_nms_per_rad: Upper bound of the damping about each axis [N m s/rad].
    """

    still_nm: Vector
    moving_nm: Vector
    damping_nms_per_rad: Vector


def sparse_moment_arms(moment_arms_m: Vector) -> MomentArms:
    """The moment arms that are not 0.

    Args:
        moment_arms_m: Moment arms of all muscles about all axes [m], shape (n, 34).

    >>> arms = sparse_moment_arms(np.array([[0.0, 0.02], [-0.01, 0.0]]))
    >>> arms.muscle.tolist(), arms.axis.tolist(), arms.arm_m.tolist(), arms.direction.tolist()
    ([0, 1], [1, 0], [0.02, -0.01], [1.0, -1.0])
    """
    muscle, axis = (found.astype(np.int64) for found in np.nonzero(moment_arms_m))
    arm_m = moment_arms_m[muscle, axis]
    norm_m = np.linalg.norm(moment_arms_m, axis=1)
    return MomentArms(muscle, axis, arm_m, arm_m / norm_m[muscle])


@kernel
def advance_activation(activation: Vector, excitation: Vector, fibre: FibreParams) -> None:
    """Advance first-order activation dynamics by one step, in place.

    The step is exact for an excitation that is constant within it. A muscle without excitation
    whose activation falls below :data:`SILENT` is switched off.

    Args:
        activation: Activation [0..1], shape (n,); changed.
        excitation: Excitation [0..1], shape (n,).
        fibre: Fibres of the muscles, of which ``rise`` and ``fall`` are read.
    """
    for m in range(activation.size):
        gap = excitation[m] - activation[m]
        activation[m] += (fibre.rise[m] if gap > 0 else fibre.fall[m]) * gap
        if activation[m] < SILENT and excitation[m] == 0.0:
            activation[m] = 0.0  # so that a muscle at rest costs nothing


@kernel
def fibre_motion(
    angle: Vector,
    rate: Vector,
    fibre: FibreParams,
    arms: MomentArms,
    length: Vector,
    velocity: Vector,
) -> None:
    """Write fibre lengths and velocities, with a rigid tendon and constant moment arms.

    Args:
        angle: Anatomical angles [rad], shape (34,).
        rate: Rates of the anatomical angles [rad/s], shape (34,).
        fibre: Fibres of the muscles.
        arms: Moment arms of the muscles.
        length: Fibre lengths over optimal [1], shape (n,); written.
        velocity: Fibre velocities in optimal lengths per second [1/s], positive when lengthening,
            shape (n,); written.
    """
    # l = l_neutral - (R q) / l_opt: a muscle shortens when a joint moves the way it pulls.
    length[:], velocity[:] = fibre.neutral_length, 0.0
    for k in range(arms.arm_m.size):
        m, i = arms.muscle[k], arms.axis[k]
        share = arms.arm_m[k] / fibre.optimal_length_m[m]
        length[m] -= share * angle[i]
        velocity[m] -= share * rate[i]


@kernel
def muscle_force(
    activation: Vector, length: Vector, velocity: Vector, fibre: FibreParams
) -> FibreForces:
    """The force of every muscle, split by what depends on velocity.

    Args:
        activation: Activation [0..1], shape (n,).
        length: Fibre lengths over optimal [1], shape (n,).
        velocity: Fibre velocities in optimal lengths per second [1/s], shape (n,).
        fibre: Fibres of the muscles.

    Source:
        De Groote et al. (2016), Ann. Biomed. Eng. 44, 2922-2936: the curves; ``degroote2016``.
    """
    # F = F_max a f_l(l) f_v(v) + F_passive f_p(l), with f_v split as f_v(0) + (f_v(v) - f_v(0)).
    n = activation.size
    still, moving, damping, still_active = np.empty(n), np.zeros(n), np.zeros(n), np.zeros(n)
    still_factor = velocity_factor(0.0)
    for m in range(n):
        still[m] = fibre.passive_force_n[m] * passive_force_factor(length[m])
        if activation[m] > 0.0:
            max_velocity = fibre.max_shortening_velocity_per_s[m]
            active = fibre.peak_force_n[m] * activation[m] * active_length_factor(length[m])
            v = velocity[m] / max_velocity
            still_active[m] = active * still_factor
            still[m] += still_active[m]
            moving[m] = active * (velocity_factor(v) - still_factor)
            damping[m] = active * velocity_slope(v) / (max_velocity * fibre.optimal_length_m[m])
    return FibreForces(still, moving, damping, still_active)


@kernel
def add_fibre_work(
    force: FibreForces,
    velocity: Vector,
    damped_velocity: Vector,
    optimal_m: Vector,
    time_s: float,
    concentric_j: Vector,
    eccentric_j: Vector,
) -> None:
    """Add the work of the active fibres over one step; passive force does not count.

    Args:
        force: Forces of the fibres.
        velocity: Fibre velocities in optimal lengths per second [1/s], positive when lengthening,
            shape (n,).
        damped_velocity: Fibre velocities that give the power of ``force.moving_n`` as it was
            applied, after implicit damping, see
            :func:`dmi_sim.physics.neuromuscular.damped_rates` [1/s], shape (n,).
        optimal_m: Optimal fibre lengths [m], shape (n,).
        time_s: Duration of the step [s].
        concentric_j: Work of each muscle so far while it shortened [J], shape (n,); grows.
        eccentric_j: Work of each muscle so far while it was stretched [J], shape (n,); falls.
    """
    for m in range(velocity.size):
        power = -optimal_m[m] * (
            force.still_active_n[m] * velocity[m] + force.moving_n[m] * damped_velocity[m]
        )
        if power > 0:
            concentric_j[m] += power * time_s
        else:
            eccentric_j[m] += power * time_s


@kernel
def muscle_torque(force: FibreForces, arms: MomentArms, arm_sum_m: Vector) -> JointTorques:
    """The joint torques of all muscles, split as their forces, and a bound on their damping.

    Args:
        force: Forces of the fibres.
        arms: Moment arms of the muscles.
        arm_sum_m: Sum of the absolute moment arms of each muscle [m], shape (n,).
    """
    # Torque is R' F. Damping is the matrix R' K R, which couples axes; the sum of the absolute
    # entries of a row, |R|' K (|R| 1), bounds it by a diagonal matrix (Gershgorin).
    still, moving, damping = np.zeros(N_AXES), np.zeros(N_AXES), np.zeros(N_AXES)
    for k in range(arms.arm_m.size):
        m, i, arm = arms.muscle[k], arms.axis[k], arms.arm_m[k]
        still[i] += arm * force.still_n[m]
        moving[i] += arm * force.moving_n[m]
        damping[i] += abs(arm) * arm_sum_m[m] * force.damping_ns_per_m[m]
    return JointTorques(still, moving, damping)
