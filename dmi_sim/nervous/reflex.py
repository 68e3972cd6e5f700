"""The spinal cord: from motor command and delayed stretch to excitation, compiled.

*Drive* is the excitation of a muscle before it is limited to 0..1. ``params`` arrays have one row
per quantity and one column per muscle.
"""

import numpy as np

from dmi_sim.arrays import Index, Vector
from dmi_sim.kernel import kernel


@kernel
def stretch_reflex(
    excitation: Vector,
    commanded: Vector,
    length: Vector,
    velocity: Vector,
    params: Vector,
    out: Vector,
) -> None:
    """Write the drive of each muscle: the commanded excitation plus its stretch reflex.

    Args:
        excitation: Excitation sent by the controller [0..1], shape (n,).
        commanded: Commanded fibre lengths over optimal [1], shape (n,).
        length: Delayed fibre lengths over optimal [1], shape (n,).
        velocity: Delayed fibre velocities in optimal lengths per second [1/s], shape (n,).
        params: Row 0 gain [excitation per optimal length], row 1 weight of velocity [s], row 2
            threshold [optimal lengths]; shape (at least 3, n).
        out: Drive, shape (n,); written.

    Source:
        Feldman (1986), J. Mot. Behav. 18, 17-54; ``feldman1986`` in models/references.yaml.

    >>> gain_velocity_threshold, drive = np.array([[4.0], [0.05], [0.0]]), np.empty(1)
    >>> state = (np.array([x]) for x in (0.1, 1.0, 1.05, 1.0))
    >>> stretch_reflex(*state, gain_velocity_threshold, drive)
    >>> drive.round(3).tolist()
    [0.5]
    """
    # drive = excitation + gain max(0, length + mu velocity - lambda - threshold)
    for m in range(out.size):
        stretch = length[m] + params[1, m] * velocity[m] - commanded[m] - params[2, m]
        out[m] = excitation[m] + params[0, m] * max(0.0, stretch)


@kernel
def reciprocal_inhibition(
    drive: Vector, share: Vector, pairs: Index, direction: Vector, scratch: Vector
) -> None:
    """Inhibit each muscle by a share of the drive of its antagonists, in place.

    Antagonists are found by moment arms: drives are summed about each axis, with sign, and a muscle
    is inhibited by the part of that sum which opposes it. A drive counts with at most 1, and
    balanced co-contraction does not inhibit.

    Args:
        drive: Drive of the muscles, shape (n,); changed.
        share: Share of the antagonists' surplus drive that a muscle loses; negative where it is
            excited instead, shape (n,).
        pairs: Muscle and axis of every moment arm, shape (2, pairs).
        direction: Moment arm over the norm of all moment arms of its muscle [1], shape (pairs,).
        scratch: Working memory of any content, shape (34 + n,); changed.
    """
    # With unit moment-arm rows u_m: opposed_m = -u_m . sum over k of u_k min(1, drive_k)
    axis_drive, opposed = scratch[:34], scratch[34:]
    axis_drive[:], opposed[:] = 0.0, 0.0
    for k in range(direction.size):
        axis_drive[pairs[1, k]] += direction[k] * min(1.0, drive[pairs[0, k]])
    for k in range(direction.size):
        opposed[pairs[0, k]] -= direction[k] * axis_drive[pairs[1, k]]
    for m in range(drive.size):
        drive[m] = max(0.0, drive[m] - share[m] * max(0.0, opposed[m]))


@kernel
def mass_action(drive: Vector, selectivity: Vector, limb: Index) -> None:
    """Replace a share of each drive by the mean drive of its limb, in place: loss of selectivity.

    Args:
        drive: Drive of the muscles, shape (n,); changed.
        selectivity: Share of its own drive that a muscle keeps: 1 for selective movement, 0 for a
            limb that acts as one; shape (n,).
        limb: Limb of each muscle: 0 neck, 1 trunk, 2 and 3 arms, 4 and 5 legs; shape (n,).

    >>> drive = np.array([0.8, 0.2])
    >>> mass_action(drive, np.array([0.5, 0.5]), np.array([4, 4]))
    >>> drive.round(3).tolist()
    [0.65, 0.35]
    """
    # drive <- s drive + (1 - s) mean over the limb; equal s within a limb keeps its total.
    total, count = np.zeros(6), np.zeros(6)
    for m in range(drive.size):
        total[limb[m]] += drive[m]
        count[limb[m]] += 1.0
    for m in range(drive.size):
        own = selectivity[m]
        drive[m] = own * drive[m] + (1.0 - own) * total[limb[m]] / count[limb[m]]


@kernel
def phasic_reflex(velocity: Vector, params: Vector, drive: Vector) -> None:
    """Add the velocity-dependent reflex of spasticity, which ignores the motor command.

    Args:
        velocity: Delayed fibre velocities in optimal lengths per second [1/s], shape (n,).
        params: Row 0 gain [s], row 1 velocity threshold [1/s]; shape (2, n).
        drive: Drive of the muscles, shape (n,); changed.

    Source:
        van der Krogt et al. (2016), J. Neuroeng. Rehabil. 13, 64: velocity feedback above a
        threshold; ``vanderkrogt2016`` in models/references.yaml.

    >>> drive = np.array([0.2])
    >>> phasic_reflex(np.array([3.0]), np.array([[0.1], [1.0]]), drive)
    >>> drive.round(3).tolist()
    [0.4]
    """
    # drive <- drive + gain max(0, velocity - threshold)
    for m in range(drive.size):
        drive[m] += params[0, m] * max(0.0, velocity[m] - params[1, m])
