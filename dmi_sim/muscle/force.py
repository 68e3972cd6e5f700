"""From excitation to joint torque, one physics step at a time, compiled.

Moment arms are sparse, because most muscles cross one or two joints. They are kept as two arrays
over the pairs of a muscle and an axis that it moves: ``pairs`` (index of the muscle, index of the
axis) and ``arms`` [m]. The tendon is rigid: a muscle is its fibre.

Arrays over muscles have one row per quantity. Rows of ``fibre``, shape (8, n): 0 peak isometric
force [N], 1 optimal fibre length [m], 2 neutral length (fibre length over optimal with all angles
0), 3 maximum shortening velocity [optimal lengths/s], 4 and 5 share of the way to the excitation
that activation covers in one step while it rises and while it falls, 6 sum of the absolute moment
arms [m], 7 passive force at 1.6 optimal lengths [N].
"""

import numpy as np

from dmi_sim.arrays import Index, Vector
from dmi_sim.kernel import kernel
from dmi_sim.muscle.curves import (
    active_length_factor,
    passive_force_factor,
    velocity_factor,
    velocity_slope,
)

SILENT = 1e-3
"""Activation [0..1] below which a muscle without excitation is switched off."""


def sparse_moment_arms(moment_arms_m: Vector) -> tuple[Index, Vector]:
    """The moment arms that are not 0, pair by pair of a muscle and an axis.

    Args:
        moment_arms_m: Moment arms of all muscles about all axes [m], shape (n, 34).

    Returns:
        Muscle and axis of every pair, shape (2, pairs), and its moment arm [m], shape (pairs,).

    >>> pairs, arms = sparse_moment_arms(np.array([[0.0, 0.02], [-0.01, 0.0]]))
    >>> pairs.tolist(), arms.tolist()
    ([[0, 1], [1, 0]], [0.02, -0.01])
    """
    pairs = np.array(np.nonzero(moment_arms_m), dtype=np.int64)
    return pairs, moment_arms_m[pairs[0], pairs[1]]


@kernel
def advance_activation(activation: Vector, excitation: Vector, rise: Vector, fall: Vector) -> None:
    """Advance first-order activation dynamics by one step, in place.

    The step is exact for an excitation that is constant within it. A muscle without excitation
    whose activation falls below :data:`SILENT` is switched off.

    Args:
        activation: Activation [0..1], shape (n,); changed.
        excitation: Excitation [0..1], shape (n,).
        rise: Share ``1 - exp(-dt / tau)`` of the gap that one step closes while activation rises,
            shape (n,).
        fall: The same share while activation falls, shape (n,).

    >>> activation = np.array([0.0])
    >>> advance_activation(activation, np.array([1.0]), np.array([0.25]), np.array([0.1]))
    >>> activation.tolist()
    [0.25]
    """
    for m in range(activation.size):
        gap = excitation[m] - activation[m]
        activation[m] += (rise[m] if gap > 0 else fall[m]) * gap
        if activation[m] < SILENT and excitation[m] == 0.0:
            activation[m] = 0.0  # so that a muscle at rest costs nothing


@kernel
def fibre_motion(
    angle: Vector,
    rate: Vector,
    fibre: Vector,
    pairs: Index,
    arms: Vector,
    length: Vector,
    velocity: Vector,
) -> None:
    """Write fibre lengths and velocities, with a rigid tendon and constant moment arms.

    Args:
        angle: Anatomical angles [rad], shape (34,).
        rate: Rates of the anatomical angles [rad/s], shape (34,).
        fibre: Fibre rows of the module, of which 1 (optimal length [m]) and 2 (neutral length) are
            read; shape (8, n).
        pairs: Muscle and axis of every moment arm, shape (2, pairs).
        arms: Moment arms [m], shape (pairs,).
        length: Fibre lengths over optimal [1], shape (n,); written.
        velocity: Fibre velocities in optimal lengths per second [1/s], positive when lengthening,
            shape (n,); written.
    """
    # l = l_neutral - (R q) / l_opt: a muscle shortens when a joint moves the way it pulls.
    length[:], velocity[:] = fibre[2], 0.0
    for k in range(arms.size):
        m, i = pairs[0, k], pairs[1, k]
        share = arms[k] / fibre[1, m]
        length[m] -= share * angle[i]
        velocity[m] -= share * rate[i]


@kernel
def muscle_force(
    activation: Vector, length: Vector, velocity: Vector, fibre: Vector, out: Vector
) -> None:
    """Write the force of every muscle, split by what depends on velocity.

    Args:
        activation: Activation [0..1], shape (n,).
        length: Fibre lengths over optimal [1], shape (n,).
        velocity: Fibre velocities in optimal lengths per second [1/s], shape (n,).
        fibre: Fibre rows of the module, of which 0, 1, 3 and 7 are read; shape (8, n).
        out: Written, shape (4, n). Row 0 is the force at zero velocity, active and passive [N];
            row 1 the force that velocity adds [N]; row 2 the slope of force over velocity [N s/m];
            row 3 the active part of row 0 [N].
    """
    # F = F_max a f_l(l) f_v(v) + F_passive f_p(l), with f_v split as f_v(0) + (f_v(v) - f_v(0)).
    still_factor = velocity_factor(0.0)
    for m in range(activation.size):
        out[0, m] = fibre[7, m] * passive_force_factor(length[m])
        out[1, m] = out[2, m] = out[3, m] = 0.0
        if activation[m] > 0.0:
            max_velocity = fibre[3, m]
            active = fibre[0, m] * activation[m] * active_length_factor(length[m])
            v = velocity[m] / max_velocity
            out[3, m] = active * still_factor
            out[0, m] += out[3, m]
            out[1, m] = active * (velocity_factor(v) - still_factor)
            out[2, m] = active * velocity_slope(v) / (max_velocity * fibre[1, m])


@kernel
def add_fibre_work(
    force: Vector,
    velocity: Vector,
    damped_velocity: Vector,
    optimal_m: Vector,
    time_s: float,
    work: Vector,
) -> None:
    """Add the work of the active fibres over one step; passive force does not count.

    Args:
        force: Force rows of :func:`muscle_force`, of which 1 and 3 are read, shape (4, n).
        velocity: Fibre velocities in optimal lengths per second [1/s], positive when lengthening,
            shape (n,).
        damped_velocity: Fibre velocities that give the power of row 1 as it was applied, after
            implicit damping, see :func:`dmi_sim.physics.neuromuscular.damped_rates` [1/s], shape
            (n,).
        optimal_m: Optimal fibre lengths [m], shape (n,).
        time_s: Duration of the step [s].
        work: Work of each muscle so far [J], shape (2, n): row 0 while it shortens (positive), row
            1 while it is stretched (negative); changed.
    """
    for m in range(velocity.size):
        power = -(force[3, m] * velocity[m] + force[1, m] * damped_velocity[m]) * optimal_m[m]
        work[0 if power > 0 else 1, m] += power * time_s


@kernel
def muscle_torque(force: Vector, pairs: Index, arms: Vector, arm_sum: Vector, out: Vector) -> None:
    """Write the joint torques of all muscles, split as their forces, and a bound on their damping.

    Args:
        force: Force rows of :func:`muscle_force`, of which 0, 1 and 2 are read, shape (4, n).
        pairs: Muscle and axis of every moment arm, shape (2, pairs).
        arms: Moment arms [m], shape (pairs,).
        arm_sum: Sum of the absolute moment arms of each muscle [m], shape (n,).
        out: Written, shape (3, 34). Row 0 is the torque at zero velocity [N m], row 1 the torque
            that velocity adds [N m], row 2 an upper bound of the damping about each axis
            [N m s/rad].
    """
    # Torque is R' F. Damping is the matrix R' K R, which couples axes; the sum of the absolute
    # entries of a row, |R|' K (|R| 1), bounds it by a diagonal matrix (Gershgorin).
    out[:] = 0.0
    for k in range(arms.size):
        m, i = pairs[0, k], pairs[1, k]
        out[0, i] += arms[k] * force[0, m]
        out[1, i] += arms[k] * force[1, m]
        out[2, i] += abs(arms[k]) * arm_sum[m] * force[2, m]
