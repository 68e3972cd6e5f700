"""Which muscles hold a body back from a fall: told by their moment arms, not by their names."""

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
MUSCLE_SIDE: Mapping[Direction, str] = {
    "forward": "ventral",
    "backward": "dorsal",
    "left": "left",
    "right": "right",
}
"""Words for the muscles that pull in a direction."""

_HEADING: Mapping[Direction, tuple[float, float]] = {
    "forward": (1.0, 0.0),
    "backward": (-1.0, 0.0),
    "left": (0.0, 1.0),
    "right": (0.0, -1.0),
}


def fall_direction(motion: Motion, towards: Direction) -> Direction:
    """The direction in which a body falls that sits or stands on a platform.

    A slide first stretches the muscles that hold it back, a tilt those of the other side: the
    pelvis turns with the seat before the trunk does.

    Args:
        motion: Motion of the platform: a slide leaves the body behind, a tilt takes it along.
        towards: Direction of the slide, or the edge that goes down.

    >>> fall_direction("slide", "backward"), fall_direction("tilt", "backward")
    ('forward', 'backward')
    """
    return OPPOSITE[towards] if motion == "slide" else towards


@dataclass(frozen=True)
class MuscleDirections:
    """The level at which each muscle acts and the directions in which it pulls.

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

    def pulling(self, direction: Direction) -> Mask:
        """Muscles that pull the body in a direction, shape (n,)."""
        return (self.level >= 0) & (self.pull @ np.array(_HEADING[direction]) >= self.least)

    def agonists(self, fall: Direction) -> Mask:
        """Muscles that pull the body back from a fall, shape (n,)."""
        return self.pulling(OPPOSITE[fall])

    def antagonists(self, fall: Direction) -> Mask:
        """Muscles that pull the body in the direction of its fall, shape (n,)."""
        return self.pulling(fall)


def muscle_directions(
    muscles: Muscles, levels: Mapping[str, tuple[JointKind, ...]], least: float
) -> MuscleDirections:
    """Read the directions of muscles from their moment arms.

    Args:
        muscles: Muscles of an infant.
        levels: Joints of each level, from the head down.
        least: Smallest cosine that counts.
    """
    inside = np.array([[axis.kind in kinds for axis in AXES] for kinds in levels.values()])
    reach = np.array([np.abs(muscles.moment_arms_m * own).max(axis=1) for own in inside])
    everywhere = np.abs(muscles.moment_arms_m).max(axis=1)
    level = np.where(reach.max(axis=0) >= everywhere, reach.argmax(axis=0), -1)
    pull = _pulls(muscles.moment_arms_m * inside[level.clip(0)])
    return MuscleDirections(tuple(levels), level, pull, least)


def _pulls(moment_arms_m: Vector) -> Vector:
    """Cosines with bending forward and left, (n, 2), of moment arms at one level, (n, 34).

    Flexion of trunk, neck, hip and ankle all take the body forward; limbs have no left or right
    bend here, but their abduction counts in the length.
    """
    flexion, abduction, rotation = (
        moment_arms_m @ np.array([float(axis.name == name) for axis in AXES])
        for name in ("flexion", "abduction", "rotation")
    )
    bends = [float(axis.name == "abduction" and axis.kind in MIDLINE) for axis in AXES]
    left = -moment_arms_m @ np.array(bends)
    length = np.sqrt(flexion**2 + abduction**2 + rotation**2)
    return np.stack([flexion, left], axis=1) / np.maximum(length, 1e-12)[:, None]
