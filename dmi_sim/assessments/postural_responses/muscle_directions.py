"""Which muscles hold a body back as it falls one way: by their moment arms, not by name."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dmi_sim.anatomy import AXES, MIDLINE, JointKind
from dmi_sim.arrays import Index, Vector
from dmi_sim.muscle.groups import Muscles
from dmi_sim.spec.responses import Direction, Motion

Mask = NDArray[np.bool_]

OPPOSITE: Mapping[Direction, Direction] = {
    "backward": "forward",
    "forward": "backward",
    "left": "right",
    "right": "left",
}
SIDE: Mapping[Direction, str] = {
    "forward": "ventral",
    "backward": "dorsal",
    "left": "left",
    "right": "right",
}
"""What muscles are called that pull one way."""

_HEADING: Mapping[Direction, tuple[float, float]] = {
    "forward": (1.0, 0.0),
    "backward": (-1.0, 0.0),
    "left": (0.0, 1.0),
    "right": (0.0, -1.0),
}


def falls(motion: Motion, towards: Direction) -> Direction:
    """Where a body falls that sits or stands on a platform.

    A slide first stretches the muscles that hold it back, a tilt those of the other side: the
    pelvis turns with the seat before the trunk does.

    Args:
        motion: A platform that slides leaves the body behind; one that tilts takes it along.
        towards: Where it slides, or which edge goes down.
    """
    return OPPOSITE[towards] if motion == "slide" else towards


@dataclass(frozen=True)
class MuscleDirections:
    """Where each muscle acts and which way it pulls.

    Attributes:
        levels: Names of the levels, from the head down.
        level: Index of each muscle's level, shape (n,); -1 for the muscles of other places.
        pull: Cosine between the moment arms of a muscle at its level and bending forward, and
            bending to the left; shape (n, 2).
        least: Smallest cosine that counts.
    """

    levels: tuple[str, ...]
    level: Index
    pull: Vector
    least: float

    def pulling(self, way: Direction) -> Mask:
        """Muscles that pull the body one way, shape (n,)."""
        return (self.level >= 0) & (self.pull @ np.array(_HEADING[way]) >= self.least)

    def against(self, fall: Direction) -> Mask:
        """Agonists: muscles that pull the body back from a fall, shape (n,)."""
        return self.pulling(OPPOSITE[fall])


def muscle_directions(
    muscles: Muscles, levels: Mapping[str, tuple[JointKind, ...]], least: float
) -> MuscleDirections:
    """Read the directions of muscles from their moment arms.

    Args:
        muscles: Of an infant.
        levels: Joints of each level, from the head down.
        least: Smallest cosine that counts.
    """
    inside = np.array([[axis.kind in kinds for axis in AXES] for kinds in levels.values()])
    reach = np.array([np.abs(muscles.moment_arms_m * own).max(axis=1) for own in inside])
    everywhere = np.abs(muscles.moment_arms_m).max(axis=1)
    level = np.where(reach.max(axis=0) >= everywhere, reach.argmax(axis=0), -1)
    pull = _pulls(muscles.moment_arms_m * inside[level.clip(0)])
    return MuscleDirections(tuple(levels), level, pull, least)


def _pulls(arms: Vector) -> Vector:
    """Cosines with bending forward and left, shape (n, 2), of arms at one level, shape (n, 34).

    Flexion of trunk, neck, hip and ankle all take the body forward; limbs have no left or right
    bend here, but their abduction counts in the length.
    """
    flexion, abduction, rotation = (
        arms @ np.array([float(axis.name == name) for axis in AXES])
        for name in ("flexion", "abduction", "rotation")
    )
    left = -arms @ np.array([float(a.name == "abduction" and a.kind in MIDLINE) for a in AXES])
    length = np.sqrt(flexion**2 + abduction**2 + rotation**2)
    return np.stack([flexion, left], axis=1) / np.maximum(length, 1e-12)[:, None]
