"""Triangle meshes of solids for the browser."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, cast

import numpy as np

from dmi_sim.body.rotation import matrix_of
from dmi_sim.render.colours import Role, rgb
from dmi_sim.render.drawable import Drawable

if TYPE_CHECKING:
    from trimesh import Trimesh

_SMALL_M = (0.02, 0.035)
"""Largest half axes of ellipsoids and breadths of capsules [m] up to which they are drawn coarsely,
and up to which less finely."""
_CAPSULE_SIDES = ((6, 8), (8, 12), (12, 16))
_ELLIPSOID_SUBDIVISIONS = (1, 2, 3)
"""Fineness of small, middling and large solids."""


def mesh_of(drawables: Sequence[Drawable], colours: Mapping[Role, str]) -> "Trimesh":
    """One mesh of the solids of a frame, in that frame.

    Args:
        drawables: Solids of one frame, at least one.
        colours: ``#rrggbb`` by role.
    """
    import trimesh

    meshes = [_solid_mesh(drawable, colours[drawable.role]) for drawable in drawables]
    return cast("Trimesh", trimesh.util.concatenate(meshes))


def _solid_mesh(drawable: Drawable, colour: str) -> "Trimesh":
    from trimesh.visual import ColorVisuals

    mesh = _MESHES[drawable.kind](drawable.size_m)
    pose = np.eye(4)
    pose[:3, :3] = matrix_of(np.array(drawable.quaternion))
    pose[:3, 3] = drawable.position_m
    mesh.apply_transform(pose)
    colours = np.tile((*_linear(colour), 255), (len(mesh.vertices), 1))
    mesh.visual = ColorVisuals(mesh, vertex_colors=colours.astype(np.uint8))
    return mesh


def _linear(colour: str) -> tuple[int, ...]:
    """Linear light of a colour [0..255]; a GLB file has vertex colours so, not as sRGB."""
    return tuple(round(255 * (channel / 255) ** 2.2) for channel in rgb(colour))


def _box(half_extents_m: tuple[float, ...]) -> "Trimesh":
    import trimesh

    box = trimesh.creation.box(extents=2 * np.array(half_extents_m))
    box.unmerge_vertices()  # else viewers shade its edges as if they were round
    return box


def _capsule(size_m: tuple[float, ...]) -> "Trimesh":
    import trimesh

    radius, length = size_m
    mesh = trimesh.creation.capsule(
        height=length, radius=radius, count=_CAPSULE_SIDES[_fineness(2 * radius)]
    )
    mesh.apply_translation((0.0, 0.0, -float(mesh.bounds.mean(axis=0)[2])))
    return mesh


def _ellipsoid(half_axes_m: tuple[float, ...]) -> "Trimesh":
    import trimesh

    mesh = trimesh.creation.icosphere(
        subdivisions=_ELLIPSOID_SUBDIVISIONS[_fineness(max(half_axes_m))]
    )
    mesh.apply_scale(half_axes_m)
    return mesh


def _fineness(size_m: float) -> int:
    return sum(size_m > small for small in _SMALL_M)


_MESHES = {"box": _box, "capsule": _capsule, "ellipsoid": _ellipsoid}
