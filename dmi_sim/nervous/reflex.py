"""The spinal cord: from motor command and delayed stretch to excitation, compiled.

*Drive* is the excitation of a muscle before it is limited to 0..1.
"""

from typing import NamedTuple

import numpy as np

from dmi_sim.arrays import Index, Vector
from dmi_sim.body.kinematics import N_AXES
from dmi_sim.kernel import kernel
from dmi_sim.muscle.force import MomentArms


class ReflexParams(NamedTuple):
    """The reflexes of all muscles, arrays of shape (n,).

    Attributes:
        gain: Gain of the stretch reflex [excitation per optimal length].
        velocity_gain_s: Weight of velocity beside length in that stretch [s].
        threshold: Stretch below which it is silent [optimal lengths].
        reciprocal_inhibition: Share of the antagonists' surplus drive that a muscle loses; negative
            where it is excited instead.
        selectivity: Share of its own drive that a muscle keeps: 1 for selective movement, 0 for a
            limb that acts as one.
        phasic_gain_s: Gain of the velocity-dependent reflex of spasticity [s].
        phasic_threshold_per_s: Fibre velocity above which that reflex acts [optimal lengths/s].
        limb: Limb of each muscle: 0 neck, 1 trunk, 2 and 3 arms, 4 and 5 legs.
        delay_steps: Delay of the reflexes [physics steps].
    """

    gain: Vector
    velocity_gain_s: Vector
    threshold: Vector
    reciprocal_inhibition: Vector
    selectivity: Vector
    phasic_gain_s: Vector
    phasic_threshold_per_s: Vector
    limb: Index
    delay_steps: Index


@kernel
def stretch_reflex(
    excitation: Vector, commanded: Vector, length: Vector, velocity: Vector, reflex: ReflexParams
) -> Vector:
    """The drive of each muscle: the commanded excitation plus its stretch reflex, shape (n,).

    Args:
        excitation: Excitation sent by the controller [0..1], shape (n,).
        commanded: Commanded fibre lengths over optimal [1], shape (n,).
        length: Delayed fibre lengths over optimal [1], shape (n,).
        velocity: Delayed fibre velocities in optimal lengths per second [1/s], shape (n,).
        reflex: Reflexes of the muscles.

    Source:
        Feldman (1986), J. Mot. Behav. 18, 17-54; ``feldman1986`` in models/references.yaml.
    """
    # drive = excitation + gain max(0, length + mu velocity - lambda - threshold)
    drive = np.empty(excitation.size)
    for m in range(drive.size):
        stretch = length[m] + reflex.velocity_gain_s[m] * velocity[m] - commanded[m]
        drive[m] = excitation[m] + reflex.gain[m] * max(0.0, stretch - reflex.threshold[m])
    return drive


@kernel
def reciprocal_inhibition(drive: Vector, share: Vector, arms: MomentArms) -> None:
    """Inhibit each muscle by a share of the drive of its antagonists, in place.

    Antagonists are found by moment arms: drives are summed about each axis, with sign, and a muscle
    is inhibited by the part of that sum which opposes it. A drive counts with at most 1, and
    balanced co-contraction does not inhibit.

    Args:
        drive: Drive of the muscles, shape (n,); changed.
        share: Share of the antagonists' surplus drive that a muscle loses; negative where it is
            excited instead, shape (n,).
        arms: Moment arms of the muscles.
    """
    # With unit moment-arm rows u_m: opposed_m = -u_m . sum over k of u_k min(1, drive_k)
    axis_drive, opposed = np.zeros(N_AXES), np.zeros(drive.size)
    for k in range(arms.direction.size):
        axis_drive[arms.axis[k]] += arms.direction[k] * min(1.0, drive[arms.muscle[k]])
    for k in range(arms.direction.size):
        opposed[arms.muscle[k]] -= arms.direction[k] * axis_drive[arms.axis[k]]
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
def phasic_reflex(velocity: Vector, gain_s: Vector, threshold_per_s: Vector, drive: Vector) -> None:
    """Add the velocity-dependent reflex of spasticity, which ignores the motor command.

    Args:
        velocity: Delayed fibre velocities in optimal lengths per second [1/s], shape (n,).
        gain_s: Gain [s], shape (n,).
        threshold_per_s: Velocity above which it acts [1/s], shape (n,).
        drive: Drive of the muscles, shape (n,); changed.

    Source:
        van der Krogt et al. (2016), J. Neuroeng. Rehabil. 13, 64: velocity feedback above a
        threshold; ``vanderkrogt2016`` in models/references.yaml.

    >>> drive = np.array([0.2])
    >>> phasic_reflex(np.array([3.0]), np.array([0.1]), np.array([1.0]), drive)
    >>> drive.round(3).tolist()
    [0.4]
    """
    # drive <- drive + gain max(0, velocity - threshold)
    for m in range(drive.size):
        drive[m] += gain_s[m] * max(0.0, velocity[m] - threshold_per_s[m])
