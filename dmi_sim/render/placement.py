"""Where the parts of an infant are in the world, for everything that draws one."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dmi_sim.arrays import Vector
from dmi_sim.render.shapes import Shape

PAINT: dict[str, str] = {
    "skin": "#e3b08e",
    "shirt": "#6c8ebf",
    "trousers": "#5c6470",
    "hair": "#5a4033",
    "eye": "#20242b",
}
"""Colours of an infant as sRGB hex; the shirt takes the colour of its arm where there are arms."""


@dataclass(frozen=True)
class Ball:
    """A small ellipsoid that only helps the eye, such as the nose, in its segment's frame.

    Attributes:
        segment_index: Which segment it moves with.
        centre_m: Centre [m], (3,).
        radius_m: Radius [m].
        colour: Key of :data:`PAINT`.
    """

    segment_index: int
    centre_m: Vector
    radius_m: float
    colour: str


def rotated(quaternion: Vector, points: Vector) -> Vector:
    """Points turned by unit quaternions.

    Args:
        quaternion: Order x, y, z, w; (..., 4).
        points: (..., 3), broadcast against the quaternions.
    """
    axis, scalar = quaternion[..., :3], quaternion[..., 3:]
    swept = 2 * np.cross(axis, points)
    return points + scalar * swept + np.cross(axis, swept)


def rotation_matrix(quaternion: Vector) -> Vector:
    """Matrix (3, 3) whose columns are the axes of the turned frame; quaternion x, y, z, w, (4,)."""
    return rotated(quaternion[None, :], np.eye(3)).T


def wxyz(quaternion: Vector) -> Vector:
    """Quaternions with the scalar first, as viewers of scenes want them; (..., 4)."""
    return np.roll(quaternion, 1, axis=-1)


def skull(shapes: Sequence[Shape]) -> Shape | None:
    """The ellipsoid of the head that carries the face, or None where nothing is a head."""
    heads = [s for s in shapes if s.segment == "head" and s.kind == "ellipsoid"]
    return next((s for s in heads if s.colour == "skin"), heads[0] if heads else None)


def face(shapes: Sequence[Shape]) -> tuple[Ball, ...]:
    """Two eyes and a nose on the front (+x) of the skull, to show where an infant series_styles."""
    head = skull(shapes)
    if head is None:
        return ()
    return (
        _feature(head, (0.86, 0.46, 0.02), 0.13, "eye"),
        _feature(head, (0.86, -0.46, 0.02), 0.13, "eye"),
        _feature(head, (0.98, 0.0, -0.20), 0.14, "skin"),
    )


def _feature(head: Shape, direction: tuple[float, ...], radius: float, colour: str) -> Ball:
    """A ball on the skull: direction and radius in half axes of the skull."""
    semi_axes = np.asarray(head.size_m)
    centre = np.asarray(head.start_m) + semi_axes * np.asarray(direction)
    return Ball(head.segment_index, centre, radius * float(np.min(semi_axes)), colour)


def rgb(colour: str) -> tuple[int, int, int]:
    """Red, green and blue [0..255] of a ``#rrggbb`` colour."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
