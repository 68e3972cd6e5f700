"""The motor command that a controller sends to the spinal cord: excitations and fibre lengths."""

from dataclasses import dataclass

import numpy as np

from dmi_sim.arrays import Vector
from dmi_sim.muscle.groups import Muscles

SILENT_LENGTH = 100.0
"""A commanded length [optimal lengths] that no fibre reaches: its stretch reflex never acts."""


@dataclass(frozen=True)
class MotorCommand:
    """One motor command to all n muscles.

    Attributes:
        excitation: Excitation that is sent directly [0..1], shape (n,).
        length: Commanded fibre length over optimal [1], beyond which the stretch reflex acts (the
            lambda of the equilibrium-point hypothesis), shape (n,).
    """

    excitation: Vector
    length: Vector


def equilibrium_command(
    muscles: Muscles, angle_rad: Vector, cocontraction: float = 0.0
) -> MotorCommand:
    """The command whose unloaded equilibrium posture has these anatomical angles.

    Args:
        muscles: Muscles of the infant.
        angle_rad: Anatomical angles [rad], shape (34,).
        cocontraction: Shortening of all commanded lengths [optimal lengths], which excites agonists
            and antagonists alike.

    Source:
        Feldman (1986), J. Mot. Behav. 18, 17-54: the lambda model; ``feldman1986`` in
        models/references.yaml.
    """
    return MotorCommand(np.zeros(len(muscles.names)), muscles.length_at(angle_rad) - cocontraction)


def excitation_command(excitation: Vector) -> MotorCommand:
    """The command that excites muscles directly, without any stretch reflex.

    Args:
        excitation: Excitation of each muscle [0..1], shape (n,).

    >>> excitation_command(np.array([0.2, 0.0])).length.tolist()
    [100.0, 100.0]
    """
    return MotorCommand(excitation, np.full(excitation.size, SILENT_LENGTH))


def silent_command(muscles: Muscles) -> MotorCommand:
    """The command of a limp infant: silent muscles, without excitation and without reflexes."""
    return excitation_command(np.zeros(len(muscles.names)))
