"""The drawn surroundings are those of the physics, and the face is in front."""

from dataclasses import replace

import numpy as np
import pytest

from dmi_sim.arrays import Vector
from dmi_sim.physics.scene import (
    FLOOR_BELOW_PLATFORM_M,
    FLOOR_ONLY,
    PLATFORM_HALF_EXTENTS_M,
    Scene,
    Solid,
)
from dmi_sim.render.drawable import Drawable
from dmi_sim.render.frames import PLATFORM, WORLD, frame_poses
from dmi_sim.render.scene import (
    body_drawables,
    drawables_of,
    extreme_points,
    floor_height_m,
    surroundings,
    world_poses,
)
from dmi_sim.render.shapes import Shape
from tests.render.bodies import HEAD, PELVIS, SKULL_M, shapes, toppling

FRAMES = frame_poses(toppling()).at(0)
BENCH = Solid(("box", (0.1, 0.2, 0.3)), (0.0, 0.0, 0.3), (0.0, 0.0, np.pi / 2))


def edges(*drawables: Drawable) -> tuple[Vector, Vector]:
    points = extreme_points(drawables, FRAMES)
    return points.min(axis=0), points.max(axis=0)


def test_nothing_stands_on_a_bare_floor() -> None:
    assert surroundings(FLOOR_ONLY) == ()
    assert floor_height_m(FLOOR_ONLY) == 0.0


def test_the_floor_is_below_a_platform() -> None:
    assert floor_height_m(Scene(has_platform=True)) == FLOOR_BELOW_PLATFORM_M


def test_a_rotated_bench_is_where_it_stands() -> None:
    low, high = edges(*surroundings(Scene((BENCH,))))
    assert low == pytest.approx([-0.2, -0.1, 0.0])
    assert high == pytest.approx([0.2, 0.1, 0.6])


def test_a_rail_is_as_long_as_it_is_with_its_caps() -> None:
    low, high = edges(*surroundings(Scene((Solid(("capsule", (0.02, 0.5)), (0.0, 0.0, 1.0)),))))
    assert high - low == pytest.approx([0.04, 0.04, 0.54])


def test_the_top_of_a_level_platform_is_at_height_zero() -> None:
    low, high = edges(surroundings(Scene(has_platform=True))[0])
    assert high == pytest.approx([*PLATFORM_HALF_EXTENTS_M[:2], 0.0])
    assert low[2] == pytest.approx(-2 * PLATFORM_HALF_EXTENTS_M[2])


def test_lines_move_with_the_platform_and_furniture_does_not() -> None:
    *plates, bench = surroundings(Scene((BENCH,), has_platform=True))
    assert {plate.frame for plate in plates} == {PLATFORM}
    assert bench.frame == WORLD


@pytest.mark.parametrize("end", [(0.1, 0.0, 0.0), (0.0, -0.1, 0.0), (0.0, 0.0, -0.1)])
def test_a_capsule_reaches_from_end_to_end_with_its_caps(end: tuple[float, float, float]) -> None:
    tube = Shape("pelvis", PELVIS, "capsule", (0, 0, 0), end, (0.02, 0.02, 0.02), "skin")
    low, high = edges(*body_drawables([tube]))
    origin = FRAMES.position_m[PELVIS]
    assert low == pytest.approx(origin + np.minimum(end, 0) - 0.02)
    assert high == pytest.approx(origin + np.maximum(end, 0) + 0.02)


def test_a_capsule_without_length_is_a_ball() -> None:
    dot = Shape("pelvis", PELVIS, "capsule", (0, 0, 1), (0, 0, 1), (0.02, 0.02, 0.02), "skin")
    low, high = edges(*body_drawables([dot]))
    assert high - low == pytest.approx([0.04, 0.04, 0.04])


def test_an_ellipsoid_turns_with_its_segment() -> None:
    egg = Shape("x", PELVIS, "ellipsoid", (0, 0, 0), (0, 0, 0), (0.1, 0.2, 0.3), "skin")
    upright, lying = (
        np.ptp(extreme_points(body_drawables([egg]), frame_poses(toppling()).at(now)), axis=0)
        for now in (0, -1)
    )
    assert upright == pytest.approx([0.2, 0.4, 0.6])
    assert lying == pytest.approx([0.6, 0.4, 0.2])


def face_of(body: tuple[Shape, ...]) -> tuple[Drawable, ...]:
    """Solids on the head besides its shapes."""
    plain = body_drawables(body)
    return tuple(d for d in drawables_of(body, FLOOR_ONLY) if d.frame == HEAD and d not in plain)


def test_eyes_cheeks_and_mouth_are_on_the_front_of_the_head() -> None:
    centre = np.array((0.0, 0.0, SKULL_M[2]))
    painted = [one for one in face_of(shapes()) if one.role in ("eye", "cheek", "mouth")]
    for feature in painted:
        on_skull = np.sum(((feature.position_m - centre) / SKULL_M) ** 2)
        assert on_skull == pytest.approx(1.0, abs=0.15)
        assert feature.position_m[0] > 0.05
    eyes, mouth = ([d for d in painted if d.role == role] for role in ("eye", "mouth"))
    left, right = eyes
    assert left.position_m[1] == -right.position_m[1] > 0
    assert all(one.position_m[2] < left.position_m[2] for one in mouth)


def test_a_body_without_a_head_has_no_face() -> None:
    assert face_of(tuple(replace(shape, segment="trunk") for shape in shapes())) == ()


def test_a_segment_and_the_solids_on_it_move_together() -> None:
    drawables = drawables_of(shapes(), FLOOR_ONLY)
    frames = frame_poses(toppling())
    world = world_poses(drawables, frames)
    assert world.position_m.shape == (31, len(drawables), 3)
    head = [i for i, drawable in enumerate(drawables) if drawable.frame == HEAD]
    apart = np.linalg.norm(world.position_m[:, head] - frames.position_m[:, [HEAD]], axis=2)
    assert np.ptp(apart, axis=0) == pytest.approx(0, abs=1e-12)
