"""The spinal cord: from motor command and delayed stretch to excitation, compiled.

*Drive* is the excitation of a muscle before it is limited to 0..1.
"""

import numpy as np

from dmi_sim.arrays import Vector
from dmi_sim.body.kinematics import N_AXES
from dmi_sim.kernel import kernel
from dmi_sim.muscle.force import FibreMotion, MomentArm, Muscle
from dmi_sim.records import Records


class Reflex:
    """The reflexes of a muscle.

    Attributes:
        gain: Gain of the stretch reflex [excitation per optimal length].
        velocity_gain_s: Weight of velocity beside length in that stretch [s].
        threshold: Stretch below which it is silent [optimal lengths].
        reciprocal_inhibition: Share of the antagonists' surplus drive that the muscle loses;
            negative where it is excited instead.
        selectivity: Share of its own drive that the muscle keeps: 1 for selective movement, 0 for a
            limb that acts as one.
        phasic_gain_s: Gain of the velocity-dependent reflex of spasticity [s].
        phasic_threshold_per_s: Fibre velocity above which that reflex acts [optimal lengths/s].
        limb: Limb of the muscle: 0 neck, 1 trunk, 2 and 3 arms, 4 and 5 legs.
        delay_steps: Delay of the reflexes [physics steps].
    """

    gain: float
    velocity_gain_s: float
    threshold: float
    reciprocal_inhibition: float
    selectivity: float
    phasic_gain_s: float
    phasic_threshold_per_s: float
    limb: int
    delay_steps: int


@kernel
def stretch_reflex(
    muscle: Records[Muscle], delayed: Records[FibreMotion], reflex: Records[Reflex]
) -> Vector:
    """The drive of each muscle: the commanded excitation plus its stretch reflex, shape (n,).

    Args:
        muscle: Muscles, of which the command is read, shape (n,).
        delayed: Motion of their fibres as the spinal cord knows it, shape (n,).
        reflex: Their reflexes, shape (n,).

    Source:
        Feldman (1986), J. Mot. Behav. 18, 17-54; ``feldman1986`` in models/references.yaml.
    """
    # drive = excitation + gain max(0, length + mu velocity - lambda - threshold)
    drive = np.empty(muscle.size)
    for m in range(muscle.size):
        seen = delayed[m].length + reflex[m].velocity_gain_s * delayed[m].velocity
        stretch = seen - muscle[m].commanded_length - reflex[m].threshold
        drive[m] = muscle[m].excitation + reflex[m].gain * max(0.0, stretch)
    return drive


@kernel
def reciprocal_inhibition(drive: Vector, reflex: Records[Reflex], arms: Records[MomentArm]) -> None:
    """Inhibit each muscle by a share of the drive of its antagonists, in place.

    Antagonists are found by moment arms: drives are summed about each axis, with sign, and a muscle
    is inhibited by the part of that sum which opposes it. A drive counts with at most 1, and
    balanced co-contraction does not inhibit.

    Args:
        drive: Drive of the muscles, shape (n,); changed.
        reflex: Reflexes of the muscles, shape (n,).
        arms: Moment arms of the muscles.
    """
    # With unit moment-arm rows u_m: opposed_m = -u_m . sum over k of u_k min(1, drive_k)
    axis_drive, opposed = np.zeros(N_AXES), np.zeros(drive.size)
    for k in range(arms.size):
        axis_drive[arms[k].axis] += arms[k].direction * min(1.0, drive[arms[k].muscle])
    for k in range(arms.size):
        opposed[arms[k].muscle] -= arms[k].direction * axis_drive[arms[k].axis]
    for m in range(drive.size):
        lost = reflex[m].reciprocal_inhibition * max(0.0, opposed[m])
        drive[m] = max(0.0, drive[m] - lost)


@kernel
def mass_action(drive: Vector, reflex: Records[Reflex]) -> None:
    """Replace a share of each drive by the mean drive of its limb, in place: loss of selectivity.

    Args:
        drive: Drive of the muscles, shape (n,); changed.
        reflex: Reflexes of the muscles, shape (n,).
    """
    # drive <- s drive + (1 - s) mean over the limb; equal s within a limb keeps its total.
    total, count = np.zeros(6), np.zeros(6)
    for m in range(drive.size):
        total[reflex[m].limb] += drive[m]
        count[reflex[m].limb] += 1.0
    for m in range(drive.size):
        own, limb = reflex[m].selectivity, reflex[m].limb
        drive[m] = own * drive[m] + (1.0 - own) * total[limb] / count[limb]


@kernel
def phasic_reflex(drive: Vector, delayed: Records[FibreMotion], reflex: Records[Reflex]) -> None:
    """Add the velocity-dependent reflex of spasticity, which ignores the motor command.

    Args:
        drive: Drive of the muscles, shape (n,); changed.
        delayed: Motion of the fibres as the spinal cord knows it, shape (n,).
        reflex: Reflexes of the muscles, shape (n,).

    Source:
        van der Krogt et al. (2016), J. Neuroeng. Rehabil. 13, 64: velocity feedback above a
        threshold; ``vanderkrogt2016`` in models/references.yaml.
    """
    # drive <- drive + gain max(0, velocity - threshold)
    for m in range(drive.size):
        beyond = delayed[m].velocity - reflex[m].phasic_threshold_per_s
        drive[m] += reflex[m].phasic_gain_s * max(0.0, beyond)
