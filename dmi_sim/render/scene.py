"""One description of a picture for the camera, the SVG stills and the browser alike.

A scene is a list of solids, each of one colour and fixed to one frame, and the romper over the
trunk. They stay the same for a whole episode; only the frames move, see
:mod:`dmi_sim.render.frames`. How it all looks is said in :mod:`dmi_sim.render.shapes`,
:mod:`dmi_sim.render.looks` and :mod:`dmi_sim.render.cloth`.
"""

from collections.abc import Sequence

import numpy as np

from dmi_sim.arrays import Vector
from dmi_sim.body.rotation import quaternions_of, rotated
from dmi_sim.body.segments import Point
from dmi_sim.physics.scene import FLOOR_BELOW_PLATFORM_M, PLATFORM_HALF_EXTENTS_M, Scene, Solid
from dmi_sim.render.cloth import under_romper
from dmi_sim.render.drawable import Drawable, capsule
from dmi_sim.render.frames import PLATFORM, PUSH, WORLD, Poses
from dmi_sim.render.looks import THERAPISTS_HANDS, details
from dmi_sim.render.shapes import Shape

_ARROW_M, _BARB_M, _ARROW_RADIUS_M = 0.16, 0.04, 0.008
_TIP: Point = (0.0, 0.0, -0.08)
"""Tip of an arrow in the frame of a push, on the skin and not in the centre of mass [m]."""


def drawables_of(shapes: Sequence[Shape], scene: Scene) -> tuple[Drawable, ...]:
    """All solids that may come into a picture besides floor and romper.

    Args:
        shapes: Solids of the infant's body.
        scene: Furniture and platform.
    """
    hidden = under_romper(shapes)
    body = body_drawables([shape for shape in shapes if shape not in hidden])
    return (*surroundings(scene), *body, *details(shapes), *THERAPISTS_HANDS, *_ARROW)


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
    """The infant's body without face, fingers and toes, its trunk as it is below the romper."""
    return tuple(
        capsule(shape.segment_index, shape.colour, (shape.start_m, shape.end_m), shape.size_m[0])
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

_ARROW = (
    capsule(PUSH, "push", (_TIP, (0.0, 0.0, _TIP[2] - _ARROW_M)), _ARROW_RADIUS_M),
    *(
        capsule(PUSH, "push", (_TIP, (x, y, _TIP[2] - _BARB_M)), _ARROW_RADIUS_M)
        for x, y in ((_BARB_M, 0.0), (-_BARB_M, 0.0), (0.0, _BARB_M), (0.0, -_BARB_M))
    ),
)
"""A shaft and four barbs, which look like an arrow from every side."""
