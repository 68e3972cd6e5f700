"""Triangle meshes of body parts, hands, props and arrows for the browser."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, cast

import numpy as np

from dmi_sim.arrays import Vector
from dmi_sim.render.hands import PALM, SLEEVE, Palm
from dmi_sim.render.placement import Ball, rgb, rotation_matrix
from dmi_sim.render.scene_objects import Prop
from dmi_sim.render.shapes import Shape

if TYPE_CHECKING:
    from trimesh import Trimesh

_CAPSULE_SIDES = (12, 16)
_ELLIPSOID_SUBDIVISIONS = 3


def segment_mesh(
    index: int, shapes: Sequence[Shape], balls: Sequence[Ball], paint: Mapping[str, str]
) -> "Trimesh":
    """All that moves with one segment as one mesh in the segment's frame.

    Args:
        index: Which segment.
        shapes: The body; those of other segments are left out.
        balls: Eyes and the like; those of other segments are left out.
        paint: ``#rrggbb`` by colour name.
    """
    parts = [
        painted(shape_mesh(shape), paint[shape.colour])
        for shape in shapes
        if shape.segment_index == index
    ]
    parts += [
        _moved(ball_mesh(ball.radius_m, paint[ball.colour]), ball.centre_m)
        for ball in balls
        if ball.segment_index == index
    ]
    return _joined(parts)


def shape_mesh(shape: Shape) -> "Trimesh":
    """A capsule or ellipsoid in its segment's frame [m], without colour."""
    if shape.kind == "capsule":
        return _capsule(np.asarray(shape.start_m), np.asarray(shape.end_m), shape.size_m[0])
    return _ellipsoid(np.asarray(shape.start_m), np.asarray(shape.size_m))


def _capsule(start: Vector, end: Vector, radius: float) -> "Trimesh":
    import trimesh

    axis = end - start
    length = float(np.linalg.norm(axis))
    if length < 1e-9:
        return _ellipsoid(start, np.full(3, radius))
    mesh = trimesh.creation.capsule(height=length, radius=radius, count=_CAPSULE_SIDES)
    mesh.apply_translation((0.0, 0.0, -float(mesh.bounds.mean(axis=0)[2])))
    mesh.apply_transform(trimesh.geometry.align_vectors((0.0, 0.0, 1.0), axis / length))
    return _moved(mesh, (start + end) / 2)


def _ellipsoid(centre: Vector, half_axes: Vector) -> "Trimesh":
    import trimesh

    mesh = trimesh.creation.icosphere(subdivisions=_ELLIPSOID_SUBDIVISIONS)
    mesh.apply_scale(half_axes)
    return _moved(mesh, centre)


def ball_mesh(radius_m: float, colour: str) -> "Trimesh":
    """A ball about the origin."""
    import trimesh

    return painted(trimesh.creation.icosphere(subdivisions=2, radius=radius_m), colour)


def hand_mesh(palm: Palm) -> "Trimesh":
    """A hand on the skin with the forearm behind it, in the frame of the held segment."""
    hand = painted(_ellipsoid(palm.centre_m, np.array((0.032, 0.014, 0.038))), PALM)
    sleeve = painted(_capsule(palm.centre_m, palm.elbow_m, 0.015), SLEEVE)
    return _joined([hand, sleeve])


def prop_mesh(props: Sequence[Prop]) -> "Trimesh":
    """Furniture in the world, or a platform in its own frame, as one mesh."""
    return _joined([_placed(painted(_solid(prop), prop.colour), prop) for prop in props])


def _solid(prop: Prop) -> "Trimesh":
    """A box or a capsule along z about the origin."""
    import trimesh

    kind, sizes = prop.form
    if kind == "box":
        box = trimesh.creation.box(extents=2 * np.array(sizes))
        box.unmerge_vertices()  # else viewers shade its edges as if they were round
        return box
    along = np.array((0.0, 0.0, sizes[1] / 2))
    return _capsule(-along, along, sizes[0])


def _placed(mesh: "Trimesh", prop: Prop) -> "Trimesh":
    where = np.eye(4)
    where[:3, :3], where[:3, 3] = rotation_matrix(prop.quat), prop.centre_m
    mesh.apply_transform(where)
    return mesh


def arrow_mesh(length_m: float, radius_m: float, colour: str) -> "Trimesh":
    """An arrow along +x that ends in the origin."""
    import trimesh

    head = 4 * radius_m
    shaft = trimesh.creation.cylinder(radius=radius_m, height=length_m - head, sections=12)
    shaft.apply_translation((0.0, 0.0, -head - (length_m - head) / 2))
    cone = trimesh.creation.cone(radius=2.2 * radius_m, height=head, sections=16)
    cone.apply_translation((0.0, 0.0, -head))
    arrow = _joined([shaft, cone])
    arrow.apply_transform(trimesh.geometry.align_vectors((0.0, 0.0, 1.0), (1.0, 0.0, 0.0)))
    return painted(arrow, colour)


def painted(mesh: "Trimesh", colour: str) -> "Trimesh":
    """The mesh with one colour on all its faces."""
    from trimesh.visual import ColorVisuals

    colours = np.tile((*_linear(colour), 255), (len(mesh.vertices), 1))
    mesh.visual = ColorVisuals(mesh, vertex_colors=colours.astype(np.uint8))
    return mesh


def _linear(colour: str) -> tuple[int, ...]:
    """Light of a colour [0..255]; colours of vertices are light, not sRGB, in a GLB file."""
    return tuple(round(255 * (part / 255) ** 2.2) for part in rgb(colour))


def _joined(parts: "Sequence[Trimesh]") -> "Trimesh":
    import trimesh

    return cast("Trimesh", trimesh.util.concatenate(list(parts)))


def _moved(mesh: "Trimesh", offset: Vector) -> "Trimesh":
    mesh.apply_translation(offset)
    return mesh
