"""From excitation to joint torque, one physics step at a time, compiled.

StepContext arms are sparse: most muscles cross one or two joints. They are kept as two arrays over the
pairs of a muscle and an axis that it turns: places (muscle, axis) and arms [m].
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
"""Activation that counts as none."""


def pairs_of(arms: Vector) -> tuple[Index, Vector]:
    """Places (2, pairs) and arms [m] (pairs,) of a matrix of moment arms, shape (n, 34)."""
    places = np.array(np.nonzero(arms), dtype=np.int64)
    return places, arms[places[0], places[1]]


@kernel
def advance_activation(activation: Vector, excitation: Vector, rise: Vector, fall: Vector) -> None:
    """Move activations towards excitations, in place; exact for a constant excitation.

    What falls below :data:`SILENT` falls silent.

    Args:
        activation: [0..1], shape (n,); changed.
        excitation: [0..1], shape (n,).
        rise: Share of the way in one step when excitation is higher, shape (n,).
        fall: Share of the way in one step when it is lower, shape (n,).
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
    places: Index,
    arms: Vector,
    length: Vector,
    velocity: Vector,
) -> None:
    """Write fibre lengths (over optimal) and their rates [1/s], each shape (n,).

    Args:
        angle: Anatomical angles [rad], shape (34,).
        rate: Their rates [rad/s], shape (34,).
        fibre: Rows peak force [N], optimal length [m], neutral length, fastest [1/s]; (4, n).
        places: Muscle and axis of every arm, shape (2, pairs).
        arms: StepContext arms [m], shape (pairs,).
        length: Changed.
        velocity: Positive when lengthening; changed.
    """
    length[:], velocity[:] = fibre[2], 0.0
    for k in range(arms.size):
        m, i = places[0, k], places[1, k]
        share = arms[k] / fibre[1, m]
        length[m] -= share * angle[i]
        velocity[m] -= share * rate[i]


@kernel
def muscle_force(
    activation: Vector, length: Vector, velocity: Vector, fibre: Vector, out: Vector
) -> None:
    """Write force at rest, what velocity adds, damping, active force at rest: rows of ``out``.

    Args:
        activation: [0..1], shape (n,).
        length: Of the fibres over optimal, shape (n,).
        velocity: Of the fibres [1/s], shape (n,).
        fibre: See :func:`fibre_motion`; row 7 is passive force at 1.6 of optimal [N], (8, n).
        out: Force [N] if the fibre stood still, the force [N] that its velocity adds, the slope of
            force over velocity [N s/m], and what of the first the active fibre gives [N];
            shape (4, n); changed.
    """
    still_factor = velocity_factor(0.0)
    for m in range(activation.size):
        out[0, m] = fibre[7, m] * passive_force_factor(length[m])
        out[1, m] = out[2, m] = out[3, m] = 0.0
        if activation[m] > 0.0:
            fastest = fibre[3, m]
            active = fibre[0, m] * activation[m] * active_length_factor(length[m])
            v = velocity[m] / fastest
            out[3, m] = active * still_factor
            out[0, m] += out[3, m]
            out[1, m] = active * (velocity_factor(v) - still_factor)
            out[2, m] = active * velocity_slope(v) / (fastest * fibre[1, m])


@kernel
def add_fibre_work(
    force: Vector, velocity: Vector, eased: Vector, optimal_m: Vector, time_s: float, work: Vector
) -> None:
    """Add the work of the active fibres to rows: shortening (positive), stretched (negative).

    Args:
        force: See :func:`muscle_force`; passive force does not count, shape (4, n).
        velocity: Of the fibres [1/s], positive when lengthening, shape (n,).
        eased: The velocity [1/s] that gives the power of the force that velocity adds as it was
            applied, see :func:`dmi_sim.physics.neuromuscular.damped_rates`, shape (n,).
        optimal_m: Optimal fibre lengths [m], shape (n,).
        time_s: How long [s].
        work: Of each muscle so far [J], shape (2, n); changed.
    """
    for m in range(velocity.size):
        power = -(force[3, m] * velocity[m] + force[1, m] * eased[m]) * optimal_m[m]
        work[0 if power > 0 else 1, m] += power * time_s


@kernel
def muscle_torque(force: Vector, places: Index, arms: Vector, reach: Vector, out: Vector) -> None:
    """Write torque at rest, what velocity adds, and a bound on damping; rows of ``out``, (3, 34).

    Args:
        force: See :func:`muscle_force`; its first three rows count.
        places: Muscle and axis of every arm, shape (2, pairs).
        arms: StepContext arms [m], shape (pairs,).
        reach: Sum of the arms of each muscle [m], shape (n,): damping couples axes, and a row of a
            matrix with positive diagonal cannot outgrow the sum of its entries.
        out: Torques [N m] and damping [N m s/rad]; changed.
    """
    out[:] = 0.0
    for k in range(arms.size):
        m, i = places[0, k], places[1, k]
        out[0, i] += arms[k] * force[0, m]
        out[1, i] += arms[k] * force[1, m]
        out[2, i] += abs(arms[k]) * reach[m] * force[2, m]
