"""One description of a picture for the camera, the SVG stills and the browser alike.

A scene is a list of solids, each of one colour and fixed to one frame. The solids stay the same for
a whole episode; only the frames move, see :mod:`dmi_sim.render.frames`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from dmi_sim.arrays import Vector
from dmi_sim.body.rotation import quaternions_from_z, quaternions_of, rotated
from dmi_sim.body.segments import Point
from dmi_sim.physics.scene import FLOOR_BELOW_PLATFORM_M, PLATFORM_HALF_EXTENTS_M, Scene, Solid
from dmi_sim.render.colours import Role
from dmi_sim.render.frames import IDENTITY, LEFT_HAND, PLATFORM, PUSH, RIGHT_HAND, WORLD, Poses
from dmi_sim.render.shapes import Shape

_ORIGIN: Point = (0.0, 0.0, 0.0)
_FOREARM_M: Point = (-0.10, 0.11, 0.0)
"""End of the forearm in the frame of a hand, whose origin is in the palm [m]."""
_ARROW_M, _BARB_M, _ARROW_RADIUS_M = 0.16, 0.04, 0.008
_TIP: Point = (0.0, 0.0, -0.08)
"""Tip of an arrow in the frame of a push, on the skin and not in the centre of mass [m]."""


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
    position_m: Point = _ORIGIN
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
        return np.array((self.size_m, _ORIGIN) if self.kind == "box" else (_ORIGIN, self.size_m))

    def half_extents_m(self) -> Vector:
        """Half extents of the box around the solid, along its own axes [m], shape (3,)."""
        return self.core_and_rounding_m().sum(axis=0)


def drawables_of(shapes: Sequence[Shape], scene: Scene) -> tuple[Drawable, ...]:
    """All solids that may come into a picture; the floor is not among them.

    Args:
        shapes: Solids of the infant's body.
        scene: Furniture and platform.
    """
    return (*surroundings(scene), *body_drawables(shapes), *_face(shapes), *_HANDS, *_ARROW)


def surroundings(scene: Scene) -> tuple[Drawable, ...]:
    """Platform and furniture."""
    platform = _PLATFORM if scene.has_platform else ()
    return (*platform, *(_furniture(solid) for solid in scene.furniture))


def floor_height_m(scene: Scene) -> float:
    """Height of the floor in the world [m].

    >>> floor_height_m(Scene())
    0.0
    """
    return FLOOR_BELOW_PLATFORM_M if scene.has_platform else 0.0


def body_drawables(shapes: Sequence[Shape]) -> tuple[Drawable, ...]:
    """The infant's body without eyes and nose."""
    return tuple(
        _capsule(shape.segment_index, shape.colour, (shape.start_m, shape.end_m), shape.size_m[0])
        if shape.kind == "capsule"
        else Drawable(shape.segment_index, shape.colour, shape.kind, shape.size_m, shape.start_m)
        for shape in shapes
    )


def world_poses(drawables: Sequence[Drawable], frames: Poses) -> Poses:
    """Poses of n solids in the world, shapes (..., n, 3) and (..., n, 4).

    Args:
        drawables: Solids.
        frames: Poses of all frames.
    """
    local = Poses(
        np.array([drawable.position_m for drawable in drawables]).reshape(-1, 3),
        np.array([drawable.quaternion for drawable in drawables]).reshape(-1, 4),
    )
    return frames.attached([drawable.frame for drawable in drawables], local)


def extreme_points(drawables: Sequence[Drawable], frames: Poses) -> Vector:
    """Lowest and highest corners of the upright boxes around solids, world [m], shape (n, 3).

    Args:
        drawables: Solids that are in the picture at all times.
        frames: Poses of all frames.
    """
    world = world_poses(drawables, frames)
    axes = rotated(world.quaternion[..., None, :], np.eye(3))  # rows: own axes in the world
    sizes = np.array([drawable.core_and_rounding_m() for drawable in drawables])
    core, rounding = np.moveaxis(sizes.reshape(-1, 2, 3, 1), 1, 0)
    half = np.abs(axes * core).sum(axis=-2) + np.linalg.norm(axes * rounding, axis=-2)
    return np.stack((world.position_m - half, world.position_m + half)).reshape(-1, 3)


def _capsule(frame: int, role: Role, ends_m: tuple[Point, Point], radius_m: float) -> Drawable:
    start, end = np.array(ends_m)
    length = float(np.linalg.norm(end - start))
    turn = quaternions_from_z(end - start).tolist() if length > 0 else IDENTITY
    x, y, z = ((start + end) / 2).tolist()
    return Drawable(frame, role, "capsule", (radius_m, length), (x, y, z), tuple(turn))


def _face(shapes: Sequence[Shape]) -> tuple[Drawable, ...]:
    """Two eyes and a nose on the front (+x) of the head, to show the direction of its gaze."""
    head = next((shape for shape in shapes if _is_bare_head(shape)), None)
    if head is None:
        return ()
    return (
        _feature(head, "eye", (0.86, 0.46, 0.02), 0.13),
        _feature(head, "eye", (0.86, -0.46, 0.02), 0.13),
        _feature(head, "skin", (0.98, 0.0, -0.20), 0.14),
    )


def _is_bare_head(shape: Shape) -> bool:
    """Whether a shape is the head itself, not its neck or hair."""
    return (shape.segment, shape.kind, shape.colour) == ("head", "ellipsoid", "skin")


def _feature(head: Shape, role: Role, position: Point, radius: float) -> Drawable:
    """A ball on the head; position and radius are in half axes of the head."""
    x, y, z = (np.array(head.start_m) + np.array(head.size_m) * position).tolist()
    return Drawable(
        head.segment_index, role, "ellipsoid", (radius * min(head.size_m),) * 3, (x, y, z)
    )


def _furniture(solid: Solid) -> Drawable:
    kind, size = solid.form
    turn = tuple(quaternions_of(np.array(solid.rotation_rad)).tolist())
    known = "box" if kind == "box" else "capsule"
    return Drawable(WORLD, "furniture", known, size, solid.centre_m, turn)


_LENGTH_M, _WIDTH_M, _DEPTH_M = PLATFORM_HALF_EXTENTS_M
_PLATFORM = (
    Drawable(PLATFORM, "platform", "box", PLATFORM_HALF_EXTENTS_M, (0.0, 0.0, -_DEPTH_M)),
    Drawable(PLATFORM, "platform_line", "box", (_LENGTH_M, 0.006, 0.001)),
    Drawable(PLATFORM, "platform_line", "box", (0.006, _WIDTH_M, 0.001)),
)
"""The platform, with two lines through its middle that make its motion visible."""

_HANDS = tuple(
    drawable
    for hand in (LEFT_HAND, RIGHT_HAND)
    for drawable in (
        _capsule(hand, "sleeve", (_ORIGIN, _FOREARM_M), 0.018),
        Drawable(hand, "hand", "ellipsoid", (0.036, 0.016, 0.042)),
    )
)

_ARROW = (
    _capsule(PUSH, "push", (_TIP, (0.0, 0.0, _TIP[2] - _ARROW_M)), _ARROW_RADIUS_M),
    *(
        _capsule(PUSH, "push", (_TIP, (x, y, _TIP[2] - _BARB_M)), _ARROW_RADIUS_M)
        for x, y in ((_BARB_M, 0.0), (-_BARB_M, 0.0), (0.0, _BARB_M), (0.0, -_BARB_M))
    ),
)
"""A shaft and four barbs, which look like an arrow from every side."""
