"""What a controller may send down to the spinal cord: excitation, or lengths to hold."""

from dataclasses import dataclass

import numpy as np

from dmi_sim.arrays import Vector
from dmi_sim.muscle.groups import Muscles

SILENT_LENGTH = 100.0
"""A commanded length that no fibre reaches: its stretch reflex sleeps."""


@dataclass(frozen=True)
class MotorCommand:
    """One command to all muscles.

    Attributes:
        excitation: Sent directly [0..1], shape (n,).
        length: Beyond which the stretch reflex works, in optimal lengths, shape (n,).
    """

    excitation: Vector
    length: Vector


def equilibrium_command(
    muscles: Muscles, angle_rad: Vector, cocontraction: float = 0.0
) -> MotorCommand:
    """The posture whose equilibrium, without load, is at these anatomical angles.

    Args:
        muscles: Of the infant.
        angle_rad: Anatomical angles [rad], shape (34,).
        cocontraction: Shortens the commanded lengths of all muscles, in optimal lengths.

    Source:
        Feldman (1986), J. Mot. Behav. 18, 17-54: the lambda model; ``feldman1986`` in
        models/references.yaml.
    """
    return MotorCommand(np.zeros(len(muscles.names)), muscles.length_at(angle_rad) - cocontraction)


def excitation_command(excitation: Vector) -> MotorCommand:
    """Excitations as they are, stretch reflexes asleep."""
    return MotorCommand(excitation, np.full(excitation.size, SILENT_LENGTH))


def silent_command(muscles: Muscles) -> MotorCommand:
    """No excitation and sleeping reflexes: an infant who lets go."""
    return excitation_command(np.zeros(len(muscles.names)))
