"""From an action to a command: three ways to drive the same muscles.

``posture`` moves equilibrium angles, through the stretch reflex; ``synergy`` excites the muscles of
whole movements; ``muscle`` excites each one. In all of them 0 is an infant who does nothing of its
own accord.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from dmi_sim.anatomy import AXES, AXIS_INDEX, region_of
from dmi_sim.arrays import Vector
from dmi_sim.muscle.groups import Muscles
from dmi_sim.nervous.motor_command import MotorCommand, equilibrium_command, excitation_command
from dmi_sim.spec.exercise import ExerciseSpec

ACTION_MODES = ("posture", "synergy", "muscle")


@dataclass(frozen=True)
class Actions:
    """What the numbers of an action mean.

    Attributes:
        names: One for each number.
        command: Gives the command for an action in [-1, 1], shape (n_actions,).
    """

    names: tuple[str, ...]
    command: Callable[[Vector], MotorCommand]


def build_actions(
    mode: str, spec: ExerciseSpec, angle_matrix: Vector, muscles: Muscles, start_rad: Vector
) -> Actions:
    """The actions of an exercise in one mode.

    Args:
        mode: One of :data:`ACTION_MODES`.
        spec: The exercise.
        angle_matrix: Equilibrium angles [rad] per unit of a synergy, shape (34, synergies).
        muscles: Of the infant.
        start_rad: Start pose [rad], shape (34,).
    """
    if mode == "muscle":
        return Actions(muscles.names, lambda action: excitation_command(np.maximum(action, 0.0)))
    names = (*spec.synergies, *spec.cocontractions)
    if mode == "posture":
        return Actions(names, _posture(spec, angle_matrix, muscles, start_rad))
    return Actions(names, _synergy(spec, angle_matrix, muscles))


def _posture(
    spec: ExerciseSpec, angle_matrix: Vector, muscles: Muscles, start_rad: Vector
) -> Callable[[Vector], MotorCommand]:
    held = equilibrium_command(muscles, start_rad)
    lengthening = -(muscles.moment_arms_m @ angle_matrix) / np.array([muscles.optimal_length_m]).T
    tension, k = _tension(spec, muscles), angle_matrix.shape[1]
    stiffness = _tension_of_movement(spec, muscles)

    def command(action: Vector) -> MotorCommand:
        length = held.length + lengthening @ action[:k]
        if tension.size:
            length = length - tension @ np.maximum(action[k:], 0.0)
        if stiffness.any():
            length = length - stiffness @ np.abs(action[:k])
        return MotorCommand(held.excitation, length)

    return command


def _tension(spec: ExerciseSpec, muscles: Muscles) -> Vector:
    """How much each co-contraction shortens commanded lengths, shape (n, cocontractions)."""
    rows = [
        [c.range * (part in c.regions) for c in spec.cocontractions.values()]
        for part in muscles.regions
    ]
    return np.array(rows, dtype=np.float64)


def _tension_of_movement(spec: ExerciseSpec, muscles: Muscles) -> Vector:
    """How much each synergy shortens all muscles around its joints, shape (n, synergies)."""
    moved = [
        {region_of(AXES[AXIS_INDEX[label]].kind) for label in s.axes}
        for s in spec.synergies.values()
    ]
    sizes = [s.cocontraction for s in spec.synergies.values()]
    rows = [
        [size * (part in parts) for size, parts in zip(sizes, moved, strict=True)]
        for part in muscles.regions
    ]
    return np.array(rows, dtype=np.float64)


def _synergy(
    spec: ExerciseSpec, angle_matrix: Vector, muscles: Muscles
) -> Callable[[Vector], MotorCommand]:
    share = muscles.moment_arms_m @ angle_matrix
    share = share / np.maximum(np.abs(share).max(axis=0), 1e-12)
    tense = (_tension(spec, muscles) > 0).astype(np.float64)
    k = angle_matrix.shape[1]

    def command(action: Vector) -> MotorCommand:
        moved = np.maximum(share * action[:k], 0.0).sum(axis=1)
        together = tense @ np.maximum(action[k:], 0.0)
        return excitation_command(np.minimum(moved + together, 1.0))

    return command
