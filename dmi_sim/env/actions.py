"""From an action to a command: ways to drive the same muscles.

``posture`` moves equilibrium angles, through the stretch reflex; ``synergy`` excites the muscles of
whole movements; ``muscle`` excites each one, with numbers from 0 to 1. The excitations of both are
added to those by which the stretch reflex holds the start pose, so that the zero action leaves the
infant to its reflexes in every mode. In exercises without a repertoire, as all were in version 0,
reflexes are silent in both: commanded lengths are so long that no stretch reaches them. To add a
mode, write a function here, or in a plug-in, under ``@action_mode``.

A mode may say what its actions are in a mirror: that of a synergy moves the same axes of the other
side, and bursts half a cycle later.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from dmi_sim.anatomy import AXES, AXIS_INDEX, region_of
from dmi_sim.arrays import Vector
from dmi_sim.body.reflection import Reflection
from dmi_sim.env.synergy_mirror import mirrored_synergies
from dmi_sim.muscle.groups import Muscles
from dmi_sim.nervous.motor_command import MotorCommand, equilibrium_command, silent_command
from dmi_sim.registry import Registry
from dmi_sim.spec.exercise import ExerciseSpec


@dataclass(frozen=True)
class Actions:
    """The actions of an exercise and the commands that they become.

    Attributes:
        names: Name of each number.
        command: Gives the command for an action, shape (n_actions,).
        low: Smallest value of each number.
        high: Largest value of each number.
        mirror: Gives the mirror image of an action; None if the mode does not tell. It raises
            InputError where an action has none.
    """

    names: tuple[str, ...]
    command: Callable[[Vector], MotorCommand]
    low: float = -1.0
    high: float = 1.0
    mirror: Callable[[], Reflection] | None = None


ActionMode = Callable[[ExerciseSpec, Vector, Muscles, Vector], Actions]
"""Gives the actions of an exercise from the exercise, the equilibrium angles [rad] per unit of each
synergy, shape (34, synergies), the muscles, and the start pose [rad], shape (34,)."""

ACTION_MODES: Registry[ActionMode] = Registry("action mode")
"""Action modes by name."""


def action_mode(build: ActionMode) -> ActionMode:
    """Register a function as an action mode under its name."""
    return ACTION_MODES.add(build.__name__, build)


@action_mode
def posture(
    spec: ExerciseSpec, angle_matrix: Vector, muscles: Muscles, start_rad: Vector
) -> Actions:
    """Synergies move the equilibrium angles around the start pose, through the stretch reflex."""
    rest = equilibrium_command(muscles, start_rad)
    lengthening = -(muscles.moment_arms_m @ angle_matrix) / np.array([muscles.optimal_length_m]).T
    cocontraction, k = _cocontraction(spec, muscles), angle_matrix.shape[1]
    stiffening = _cocontraction_of_synergies(spec, muscles)
    stiffens = bool(stiffening.any())

    def command(action: Vector) -> MotorCommand:
        length = rest.length + lengthening.dot(action[:k])
        if cocontraction.size:
            length -= cocontraction.dot(np.maximum(action[k:], 0.0))
        if stiffens:
            length -= stiffening.dot(np.abs(action[:k]))
        return MotorCommand(rest.excitation, length)

    return Actions(_synergy_names(spec), command, mirror=partial(mirrored_synergies, spec))


@action_mode
def synergy(
    spec: ExerciseSpec, angle_matrix: Vector, muscles: Muscles, start_rad: Vector
) -> Actions:
    """Synergies excite the muscles that pull their way, each by its moment arm, beside reflexes."""
    held = _held_length(spec, muscles, start_rad)
    share = muscles.moment_arms_m @ angle_matrix
    share = share / np.maximum(np.abs(share).max(axis=0), 1e-12)
    cocontracted = (_cocontraction(spec, muscles) > 0).astype(np.float64)
    k = angle_matrix.shape[1]

    def command(action: Vector) -> MotorCommand:
        moved = np.maximum(share * action[:k], 0.0).sum(axis=1)
        together = cocontracted @ np.maximum(action[k:], 0.0)
        return MotorCommand(np.minimum(moved + together, 1.0), held)

    return Actions(_synergy_names(spec), command, mirror=partial(mirrored_synergies, spec))


@action_mode
def muscle(
    spec: ExerciseSpec, angle_matrix: Vector, muscles: Muscles, start_rad: Vector
) -> Actions:
    """Each muscle has its own excitation, from 0 to 1, beside that of its reflexes."""
    held = _held_length(spec, muscles, start_rad)
    signs = (1,) * len(muscles.names)
    mirror = partial(Reflection.of_names, muscles.names, signs)

    def command(action: Vector) -> MotorCommand:
        return MotorCommand(action, held)

    return Actions(muscles.names, command, low=0.0, mirror=mirror)


def _held_length(spec: ExerciseSpec, muscles: Muscles, start_rad: Vector) -> Vector:
    """Lengths beyond which a muscle answers to stretch: those of the start pose, shape (n,).

    In an exercise without a repertoire no muscle does, as its policies have learnt.
    """
    if spec.repertoire is None:
        return silent_command(muscles).length
    return equilibrium_command(muscles, start_rad).length


def _synergy_names(spec: ExerciseSpec) -> tuple[str, ...]:
    return (*spec.synergies, *spec.cocontractions)


def _cocontraction(spec: ExerciseSpec, muscles: Muscles) -> Vector:
    """Shortening of commanded lengths by each co-contraction, shape (n, cocontractions)."""
    rows = [
        [c.range * (region in c.regions) for c in spec.cocontractions.values()]
        for region in muscles.regions
    ]
    return np.array(rows, dtype=np.float64)


def _cocontraction_of_synergies(spec: ExerciseSpec, muscles: Muscles) -> Vector:
    """Shortening of all muscles around its joints by each synergy, shape (n, synergies)."""
    moved = [
        {region_of(AXES[AXIS_INDEX[label]].kind) for label in s.axes}
        for s in spec.synergies.values()
    ]
    sizes = [s.cocontraction for s in spec.synergies.values()]
    rows = [
        [size * (region in regions) for size, regions in zip(sizes, moved, strict=True)]
        for region in muscles.regions
    ]
    return np.array(rows, dtype=np.float64)
