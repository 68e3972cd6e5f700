"""From command and stretch to excitation: what the spinal cord does, compiled."""

import numpy as np

from dmi_sim.arrays import Index, Vector
from dmi_sim.kernel import kernel


@kernel
def stretch_reflex(
    central: Vector, commanded: Vector, length: Vector, velocity: Vector, law: Vector, out: Vector
) -> None:
    """Write the drive of each muscle, not yet limited, shape (n,).

    Args:
        central: Excitation sent by the controller, shape (n,).
        commanded: Lengths beyond which the reflex works, in optimal lengths, shape (n,).
        length: Of the fibres as the cord knows them, shape (n,).
        velocity: Of the fibres as the cord knows them [1/s], shape (n,).
        law: Rows gain, velocity [s], threshold; shape (3, n).
        out: Changed.

    Source:
        Feldman (1986), J. Mot. Behav. 18, 17-54; ``feldman1986`` in models/references.yaml.
    """
    for m in range(out.size):
        stretch = length[m] + law[1, m] * velocity[m] - commanded[m] - law[2, m]
        out[m] = central[m] + law[0, m] * max(0.0, stretch)


@kernel
def reciprocal_inhibition(
    drive: Vector, share: Vector, places: Index, direction: Vector, work: Vector
) -> None:
    """Clip from each drive a share of what its antagonists get, at most 1 each, in place.

    Args:
        drive: Of the muscles, shape (n,); changed.
        share: Of the antagonists' drive, negative to add it, shape (n,).
        places: Muscle and axis of every moment arm, shape (2, pairs).
        direction: StepContext arm over the norm of the muscle's arms, shape (pairs,).
        work: Any content, shape (34 + n,); changed.
    """
    axis_drive, opposed = work[:34], work[34:]
    axis_drive[:], opposed[:] = 0.0, 0.0
    for k in range(direction.size):
        axis_drive[places[1, k]] += direction[k] * min(1.0, drive[places[0, k]])
    for k in range(direction.size):
        opposed[places[0, k]] -= direction[k] * axis_drive[places[1, k]]
    for m in range(drive.size):
        drive[m] = max(0.0, drive[m] - share[m] * max(0.0, opposed[m]))


@kernel
def mass_action(drive: Vector, selectivity: Vector, limb: Index) -> None:
    """Mix each drive with the mean of its limb, in place.

    Args:
        drive: Of the muscles, shape (n,); changed.
        selectivity: Share of its own drive that a muscle keeps, shape (n,).
        limb: Neck, trunk, arms and legs as numbers from 0 to 5, shape (n,).
    """
    total, count = np.zeros(6), np.zeros(6)
    for m in range(drive.size):
        total[limb[m]] += drive[m]
        count[limb[m]] += 1.0
    for m in range(drive.size):
        own = selectivity[m]
        drive[m] = own * drive[m] + (1.0 - own) * total[limb[m]] / count[limb[m]]


@kernel
def phasic_reflex(velocity: Vector, law: Vector, drive: Vector) -> None:
    """Add what fast stretch excites whatever the command is: spasticity.

    Args:
        velocity: Of the fibres as the cord knows them [1/s], shape (n,).
        law: Rows gain [s] and threshold [1/s]; shape (2, n).
        drive: Of the muscles, shape (n,); changed.

    Source:
        van der Krogt et al. (2016), J. Neuroeng. Rehabil. 13, 64: velocity feedback above a
        threshold; ``vanderkrogt2016`` in models/references.yaml.
    """
    for m in range(drive.size):
        drive[m] += law[0, m] * max(0.0, velocity[m] - law[1, m])
