"""The muscles that hold a body back from a fall, read from moment arms instead of names."""

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
"""Side of the body with the muscles that pull in a direction, in words."""

_HEADING: Mapping[Direction, tuple[float, float]] = {
    "forward": (1.0, 0.0),
    "backward": (-1.0, 0.0),
    "left": (0.0, 1.0),
    "right": (0.0, -1.0),
}


def fall_direction(motion: Motion, towards: Direction) -> Direction:
    """The direction in which a body on a moving platform falls.

    A slide leaves the body behind. A tilt takes it along: the pelvis turns with the seat before the
    trunk does.

    Args:
        motion: Motion of the platform.
        towards: Direction of the slide, or side of the edge that goes down.

    >>> fall_direction("slide", "backward"), fall_direction("tilt", "backward")
    ('forward', 'backward')
    """
    return OPPOSITE[towards] if motion == "slide" else towards


@dataclass(frozen=True)
class MuscleDirections:
    """The level at which each muscle acts and the directions in which it pulls.

    Attributes:
        levels: Names of the levels, from the head down.
        level: Index of each muscle's level, shape (n,); -1 for muscles outside these levels.
        cosine: Cosines between the moment arms of a muscle at its level and bending forward and to
            the left, shape (n, 2).
        least_cosine: Smallest cosine that counts.
    """

    levels: tuple[str, ...]
    level: Index
    cosine: Vector
    least_cosine: float

    def pulling(self, direction: Direction) -> Mask:
        """Whether each muscle pulls the body in a direction, shape (n,)."""
        return (self.level >= 0) & (
            self.cosine @ np.array(_HEADING[direction]) >= self.least_cosine
        )

    def agonists(self, fall: Direction) -> Mask:
        """Whether each muscle pulls the body back from a fall, shape (n,)."""
        return self.pulling(OPPOSITE[fall])

    def antagonists(self, fall: Direction) -> Mask:
        """Whether each muscle pulls the body in the direction of its fall, shape (n,)."""
        return self.pulling(fall)


def muscle_directions(
    muscles: Muscles, levels: Mapping[str, tuple[JointKind, ...]], least_cosine: float
) -> MuscleDirections:
    """The directions of muscles, read from their moment arms.

    Args:
        muscles: Muscles of an infant.
        levels: Joints of each level, from the head down.
        least_cosine: Smallest cosine that counts.
    """
    inside = np.array([[axis.kind in kinds for axis in AXES] for kinds in levels.values()])
    # A muscle belongs to the level of its largest moment arm; if that is elsewhere, to none.
    largest_m = np.array([np.abs(muscles.moment_arms_m * own).max(axis=1) for own in inside])
    everywhere = np.abs(muscles.moment_arms_m).max(axis=1)
    level = np.where(largest_m.max(axis=0) >= everywhere, largest_m.argmax(axis=0), -1)
    cosine = _direction_cosines(muscles.moment_arms_m * inside[level.clip(0)])
    return MuscleDirections(tuple(levels), level, cosine, least_cosine)


def _direction_cosines(moment_arms_m: Vector) -> Vector:
    """The cosines of moment arms, shape (n, 34), with bending forward and left, shape (n, 2).

    Flexion of trunk, neck, hip and ankle all move the body forward. Only the midline bends to a
    side; the abduction of limbs counts in the length of the vector alone.
    """
    flexion, abduction, rotation = (
        moment_arms_m @ np.array([float(axis.name == name) for axis in AXES])
        for name in ("flexion", "abduction", "rotation")
    )
    bends = [float(axis.name == "abduction" and axis.kind in MIDLINE) for axis in AXES]
    left = -moment_arms_m @ np.array(bends)
    length = np.sqrt(flexion**2 + abduction**2 + rotation**2)
    return np.stack([flexion, left], axis=1) / np.maximum(length, 1e-12)[:, None]
