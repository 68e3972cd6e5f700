"""The mirror image of an action: the synergy that does the same with the other side."""

from collections.abc import Iterable

import numpy as np

from dmi_sim.anatomy import AXES, AXIS_INDEX, other_side
from dmi_sim.arrays import Vector
from dmi_sim.body.reflection import AXES_MIRRORED, Reflection
from dmi_sim.errors import InputError
from dmi_sim.spec.exercise import ExerciseSpec, SynergySpec

_TIMING_MIRRORED = Reflection.in_place((1, -1, -1))
"""The mirror image of co-contraction, cosine and sine of the phase: half a cycle later."""


def mirrored_synergies(spec: ExerciseSpec) -> Reflection:
    """The mirror image of the actions of an exercise: synergies, then co-contractions.

    What one does to the left another does to the right, in the same direction or in the opposite
    one; or it is its own mirror image, as bending the trunk is, with the opposite sign. One that
    bursts has a partner that bursts half a cycle later. A co-contraction tenses both sides.

    Args:
        spec: The exercise.

    Raises:
        InputError: If some synergy has no mirror image.
    """
    free, found = list(spec.synergies), dict[str, tuple[str, int]]()
    while free:
        name = free[0]
        image, sign = _mirror_image(spec, name, free)
        found |= {name: (image, sign), image: (name, sign)}
        free = [other for other in free if other not in (name, image)]
    places = {name: place for place, name in enumerate(spec.synergies)}
    moved = Reflection(
        np.array([places[found[name][0]] for name in places], dtype=np.int64),
        np.array([found[name][1] for name in places], dtype=np.int8),
    )
    return Reflection.joined((moved, Reflection.in_place((1,) * len(spec.cocontractions))))


def _mirror_image(spec: ExerciseSpec, name: str, among: Iterable[str]) -> tuple[str, int]:
    """The synergy among some that does the same with the other side, and with which sign."""
    synergy = spec.synergies[name]
    axes, timing = AXES_MIRRORED.of(_axes_deg(synergy)), _TIMING_MIRRORED.of(_timing(synergy))
    for sign in (1, -1):
        for other in among:
            one = spec.synergies[other]
            same = np.allclose(_axes_deg(one), sign * axes) and np.allclose(_timing(one), timing)
            if same:
                return other, sign
    sides = ", ".join(other_side(axis) for axis in synergy.axes)
    later = "" if synergy.cpg_phase_deg is None else ", half a cycle later"
    raise InputError(f"no mirror image of '{name}': no synergy moves {sides} alike{later}")


def _axes_deg(synergy: SynergySpec) -> Vector:
    """Angle by which full action moves each axis [deg], shape (34,)."""
    out = np.zeros(len(AXES))
    for label, weight in synergy.axes.items():
        out[AXIS_INDEX[label]] = weight * synergy.range_deg
    return out


def _timing(synergy: SynergySpec) -> Vector:
    """Co-contraction, and cosine and sine of the phase at which it begins, shape (3,)."""
    phase = synergy.cpg_phase_deg
    turn = (0.0, 0.0) if phase is None else (np.cos(np.radians(phase)), np.sin(np.radians(phase)))
    return np.array((synergy.cocontraction, *turn))
