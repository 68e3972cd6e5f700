"""Meshes have the size and place of the shapes that they stand for."""

import numpy as np
import pytest
from trimesh.visual import ColorVisuals

from dmi_sim.physics.scene import Scene, Solid
from dmi_sim.render.hands import Palm
from dmi_sim.render.meshes import (
    arrow_mesh,
    ball_mesh,
    hand_mesh,
    prop_mesh,
    segment_mesh,
    shape_mesh,
)
from dmi_sim.render.placement import PAINT, face
from dmi_sim.render.scene_objects import props
from dmi_sim.render.shapes import Shape
from tests.render.doll import HEAD, shapes


def tube(start: tuple[float, float, float], end: tuple[float, float, float]) -> Shape:
    return Shape("x", 0, "capsule", start, end, (0.02, 0.02, 0.02), "skin")


def test_a_capsule_reaches_from_end_to_end_with_its_caps() -> None:
    low, high = shape_mesh(tube((0, 0, 0), (0, 0, -0.1))).bounds
    assert low == pytest.approx([-0.02, -0.02, -0.12], abs=1e-3)
    assert high == pytest.approx([0.02, 0.02, 0.02], abs=1e-3)


@pytest.mark.parametrize("end", [(0.1, 0.0, 0.0), (0.0, -0.1, 0.0), (0.06, 0.0, 0.08)])
def test_a_capsule_has_the_volume_of_a_capsule_whatever_its_direction(
    end: tuple[float, float, float],
) -> None:
    expected = np.pi * 0.02**2 * 0.1 + 4 / 3 * np.pi * 0.02**3
    mesh = shape_mesh(tube((0, 0, 0), end))
    assert mesh.volume == pytest.approx(expected, rel=0.04)
    assert mesh.center_mass == pytest.approx(np.array(end) / 2, abs=1e-4)


def test_a_capsule_without_length_is_a_ball() -> None:
    assert shape_mesh(tube((0, 0, 1), (0, 0, 1))).extents == pytest.approx([0.04] * 3, rel=0.02)


def test_an_ellipsoid_has_its_half_axes_about_its_centre() -> None:
    egg = Shape("x", 0, "ellipsoid", (1, 0, 0), (1, 0, 0), (0.1, 0.2, 0.3), "skin")
    low, high = shape_mesh(egg).bounds
    assert high - low == pytest.approx([0.2, 0.4, 0.6], rel=0.01)
    assert (high + low) / 2 == pytest.approx([1, 0, 0], abs=1e-9)


def test_a_segment_holds_its_shapes_and_its_face_only() -> None:
    balls = face(shapes())
    head = segment_mesh(HEAD, shapes(), balls, PAINT)
    bare = segment_mesh(HEAD, shapes(), (), PAINT)
    arm = segment_mesh(6, shapes(), balls, PAINT)
    assert len(head.split()) - len(bare.split()) == 3
    assert len(arm.split()) == 1


def test_colours_stay_on_their_parts() -> None:
    head = segment_mesh(HEAD, shapes(), face(shapes()), PAINT)
    assert isinstance(head.visual, ColorVisuals)
    assert len(np.unique(head.visual.vertex_colors, axis=0)) == 3  # skin, hair, eyes


def test_an_arrow_points_along_x_and_ends_in_the_origin() -> None:
    low, high = arrow_mesh(0.2, 0.01, "#d55e00").bounds
    assert (low[0], high[0]) == pytest.approx((-0.2, 0.0), abs=1e-6)
    assert high[1] == pytest.approx(0.022, abs=1e-3)


def test_a_ball_is_as_large_as_asked() -> None:
    assert ball_mesh(0.05, "#000000").extents == pytest.approx([0.1] * 3, rel=0.02)


def test_a_hand_reaches_to_the_elbow() -> None:
    palm = Palm(0, np.array((0.0, 0.1, 0.0)), np.array((-0.1, 0.2, 0.0)))
    low, high = hand_mesh(palm).bounds
    assert low[0] < -0.1
    assert high[1] > 0.2


def test_furniture_is_where_it_stands_in_the_world() -> None:
    bench = Solid(("box", (0.1, 0.2, 0.3)), (1.0, 0.0, 0.3))
    rail = Solid(("capsule", (0.02, 0.5)), (0.0, 2.0, 0.4), (np.pi / 2, 0.0, 0.0))
    low, high = prop_mesh(props(Scene((bench, rail)))).bounds
    assert low == pytest.approx([-0.02, -0.2, 0.0], abs=1e-3)
    assert high == pytest.approx([1.1, 2.27, 0.6], abs=1e-3)


def test_the_edges_of_a_board_are_sharp() -> None:
    mesh = prop_mesh(props(Scene(has_platform=True))[:1])
    assert np.abs(mesh.vertex_normals).max(axis=1) == pytest.approx(np.ones(36))
    assert mesh.bounds[1, 2] == pytest.approx(0.0)
