"""An infant and its props as handles in a scene of the browser."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from dmi_sim.arrays import Vector
from dmi_sim.physics.scene import Scene
from dmi_sim.render.meshes import prop_mesh, segment_mesh
from dmi_sim.render.placement import face, wxyz
from dmi_sim.render.scene_objects import platform_frame, props
from dmi_sim.render.shapes import Shape

if TYPE_CHECKING:
    from viser import GlbHandle, GridHandle, SceneApi

_STILL_M, _STILL_TURN = 2e-4, 1e-3


def add_body(
    scene: "SceneApi", name: str, shapes: Sequence[Shape], paint: Mapping[str, str]
) -> "dict[int, GlbHandle]":
    """One mesh per segment that has a shape, by segment index.

    Args:
        scene: Where they are added.
        name: Node of the scene under which they hang.
        shapes: What the infant series_styles like.
        paint: ``#rrggbb`` by colour name.
    """
    balls = face(shapes)
    return {
        index: scene.add_mesh_trimesh(
            f"{name}/segment_{index}", segment_mesh(index, shapes, balls, paint)
        )
        for index in sorted({shape.segment_index for shape in shapes})
    }


def add_floor(scene: "SceneApi", name: str, points: Vector, height_m: float) -> "GridHandle":
    """A grid under all points [m], (n, 3), at a height; its cells are 0.1 m wide."""
    low, high = points.min(axis=0), points.max(axis=0)
    length, width = np.ceil(high - low + 1.4)[:2].tolist()
    middle = np.round((low + high) / 2, 1)
    return scene.add_grid(
        name,
        width=length,
        height=width,
        cell_size=0.1,
        section_size=0.5,
        plane="xy",
        position=(middle[0], middle[1], height_m),
        cell_color=(214, 219, 226),
        section_color=(176, 184, 196),
        shadow_opacity=0.3,
    )


def add_props(
    scene: "SceneApi", name: str, surroundings: Scene, offset_m: Vector
) -> "tuple[GlbHandle, ...]":
    """Furniture and platform as one mesh each; gives those that move, which is the platform.

    Args:
        scene: Where they are added.
        name: Node of the scene under which they hang.
        surroundings: What the infant is put on and beside.
        offset_m: Where its world stands in the scene, (3,).
    """
    drawn = props(surroundings)
    at_rest, moving = (
        [prop for prop in drawn if prop.on_platform is moves] for moves in (False, True)
    )
    if at_rest:
        scene.add_mesh_trimesh(f"{name}/furniture", prop_mesh(at_rest), position=offset_m)
    if not moving:
        return ()
    return (scene.add_mesh_trimesh(f"{name}/platform", prop_mesh(moving), position=offset_m),)


def move_platform(handles: "Sequence[GlbHandle]", platform: Vector, offset_m: Vector) -> None:
    """Put a platform where it is: shift along x, y [m] and tilt about x, y [rad], (4,)."""
    origin, turn = platform_frame(platform)
    for handle in handles:
        move(handle, origin + offset_m, wxyz(turn))


def move(handle: "GlbHandle", position: Vector, turn_wxyz: Vector) -> None:
    """Send only what has moved, which keeps a calm infant's replay small."""
    if float(np.max(np.abs(handle.position - position))) > _STILL_M:
        handle.position = position
    if float(np.max(np.abs(handle.wxyz - turn_wxyz))) > _STILL_TURN:
        handle.wxyz = turn_wxyz
