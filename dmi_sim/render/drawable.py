"""What every picture consists of: solids of one colour, each fixed to one frame."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from dmi_sim.arrays import Vector
from dmi_sim.body.rotation import quaternions_from_z
from dmi_sim.body.segments import Point
from dmi_sim.render.colours import Role
from dmi_sim.render.frames import IDENTITY

ORIGIN: Point = (0.0, 0.0, 0.0)


@dataclass(frozen=True)
class Drawable:
    """A solid of one colour, fixed to a frame.

    Attributes:
        frame: Index of a segment, or one of the frames after them such as ``PLATFORM``.
        role: Key of the table of colours.
        kind: Kind of the solid.
        size_m: Half extents of a box, half axes of an ellipsoid, or radius of a capsule and its
            length along z without the caps [m].
        position_m: Centre in the frame [m].
        quaternion: Orientation in the frame (x, y, z, w).
    """

    frame: int
    role: Role
    kind: Literal["box", "capsule", "ellipsoid"]
    size_m: tuple[float, ...]
    position_m: Point = ORIGIN
    quaternion: tuple[float, ...] = IDENTITY

    def core_and_rounding_m(self) -> Vector:
        """Half extents of a box and half axes of an ellipsoid whose sum is the solid, (2, 3) [m].

        The sum is that of Minkowski: all points of one moved by all points of the other.

        >>> Drawable(0, "skin", "capsule", (0.1, 0.6)).core_and_rounding_m()
        array([[0. , 0. , 0.3],
               [0.1, 0.1, 0.1]])
        """
        if self.kind == "capsule":
            radius, length = self.size_m
            return np.array(((0.0, 0.0, length / 2), (radius, radius, radius)))
        return np.array((self.size_m, ORIGIN) if self.kind == "box" else (ORIGIN, self.size_m))

    def half_extents_m(self) -> Vector:
        """Half extents of the box around the solid, along its own axes [m], shape (3,)."""
        return self.core_and_rounding_m().sum(axis=0)


def capsule(frame: int, role: Role, ends_m: tuple[Point, Point], radius_m: float) -> Drawable:
    """A capsule between two points of a frame.

    Args:
        frame: Index of the frame.
        role: Key of the table of colours.
        ends_m: Ends of its axis in the frame [m]; the same point twice gives a ball.
        radius_m: Radius [m].
    """
    start, end = np.array(ends_m)
    length = float(np.linalg.norm(end - start))
    turn = quaternions_from_z(end - start).tolist() if length > 0 else IDENTITY
    x, y, z = ((start + end) / 2).tolist()
    return Drawable(frame, role, "capsule", (radius_m, length), (x, y, z), tuple(turn))
