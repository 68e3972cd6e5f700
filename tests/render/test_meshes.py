"""Meshes have the size, position and colour of the solids that they stand for."""

import numpy as np
import pytest
from trimesh.visual import ColorVisuals

from dmi_sim.physics.scene import Scene, Solid
from dmi_sim.render.colours import COLOURS
from dmi_sim.render.drawable import Drawable
from dmi_sim.render.frames import LEFT_HAND, PUSH
from dmi_sim.render.meshes import mesh_of
from dmi_sim.render.scene import body_drawables, drawables_of, surroundings
from dmi_sim.render.shapes import Shape
from tests.render.bodies import HEAD, shapes


def tube(end: tuple[float, float, float]) -> tuple[Drawable, ...]:
    return body_drawables([Shape("x", 0, "capsule", (0, 0, 0), end, (0.02, 0.02, 0.02), "skin")])


def on_frame(frame: int) -> list[Drawable]:
    return [d for d in drawables_of(shapes(), Scene()) if d.frame == frame]


@pytest.mark.parametrize("end", [(0.1, 0, 0), (0, -0.1, 0), (0, 0, -0.1), (0.06, 0.0, 0.08)])
def test_a_capsule_has_the_volume_of_a_capsule_whatever_its_direction(
    end: tuple[float, float, float],
) -> None:
    expected = np.pi * 0.02**2 * 0.1 + 4 / 3 * np.pi * 0.02**3
    mesh = mesh_of(tube(end), COLOURS)
    assert mesh.volume == pytest.approx(expected, rel=0.04)
    assert mesh.center_mass == pytest.approx(np.array(end) / 2, abs=1e-4)


def test_a_capsule_without_length_is_a_ball() -> None:
    assert mesh_of(tube((0, 0, 0)), COLOURS).extents == pytest.approx([0.04] * 3, rel=0.02)


def test_an_ellipsoid_has_its_half_axes_about_its_centre() -> None:
    egg = Drawable(0, "skin", "ellipsoid", (0.1, 0.2, 0.3), (1.0, 0.0, 0.0))
    low, high = mesh_of([egg], COLOURS).bounds
    assert high - low == pytest.approx([0.2, 0.4, 0.6], rel=0.01)
    assert (high + low) / 2 == pytest.approx([1, 0, 0], abs=1e-9)


def test_all_that_moves_with_a_head_is_one_mesh_in_the_colours_of_its_parts() -> None:
    head, parts = mesh_of(on_frame(HEAD), COLOURS), on_frame(HEAD)
    assert len(head.split()) == len(parts)
    assert isinstance(head.visual, ColorVisuals)
    assert len(np.unique(head.visual.vertex_colors, axis=0)) == len({one.role for one in parts})


def test_small_solids_have_fewer_triangles() -> None:
    large, small = (
        mesh_of([Drawable(0, "skin", "ellipsoid", (r,) * 3)], COLOURS) for r in (0.1, 0.01)
    )
    assert len(small.faces) < len(large.faces) / 4


def test_an_arrow_points_at_the_centre_of_mass_from_outside_the_body() -> None:
    low, high = mesh_of(on_frame(PUSH), COLOURS).bounds
    assert low[2] < -0.2
    assert -0.1 < high[2] < -0.05
    assert high[:2] == pytest.approx(-low[:2])


def test_a_hand_lies_flat_on_the_skin_and_its_forearm_comes_from_outside() -> None:
    sleeve = next(one for one in on_frame(LEFT_HAND) if one.role == "sleeve")
    palm = next(one for one in on_frame(LEFT_HAND) if one.kind == "ellipsoid")
    assert palm.size_m[1] < min(palm.size_m[0], palm.size_m[2])
    low, high = mesh_of([sleeve], COLOURS).bounds
    assert low[0] < -0.1
    assert high[1] > 0.1


def test_furniture_is_where_it_stands_in_the_world() -> None:
    bench = Solid(("box", (0.1, 0.2, 0.3)), (1.0, 0.0, 0.3))
    rail = Solid(("capsule", (0.02, 0.5)), (0.0, 2.0, 0.4), (np.pi / 2, 0.0, 0.0))
    low, high = mesh_of(surroundings(Scene((bench, rail))), COLOURS).bounds
    assert low == pytest.approx([-0.02, -0.2, 0.0], abs=1e-3)
    assert high == pytest.approx([1.1, 2.27, 0.6], abs=1e-3)


def test_the_edges_of_a_platform_are_sharp() -> None:
    mesh = mesh_of(surroundings(Scene(has_platform=True))[:1], COLOURS)
    assert np.abs(mesh.vertex_normals).max(axis=1) == pytest.approx(np.ones(36))
    assert mesh.bounds[1, 2] == pytest.approx(0.0)
