"""What is drawn around an infant is what the physics has there."""

import numpy as np
import pytest

from dmi_sim.physics.scene import (
    FLOOR_BELOW_PLATFORM_M,
    FLOOR_ONLY,
    PLATFORM_HALF_EXTENTS_M,
    Scene,
    Solid,
)
from dmi_sim.render.placement import rotated
from dmi_sim.render.scene_objects import floor_height_m, platform_frame, props

LEVEL = np.zeros(4)
BENCH = Solid(("box", (0.1, 0.2, 0.3)), (0.0, 0.0, 0.3), (0.0, 0.0, np.pi / 2))


def test_nothing_is_drawn_on_a_bare_floor() -> None:
    assert props(FLOOR_ONLY) == ()
    assert floor_height_m(FLOOR_ONLY) == 0.0


def test_the_floor_is_below_a_board() -> None:
    assert floor_height_m(Scene(has_platform=True)) == FLOOR_BELOW_PLATFORM_M


def test_a_turned_bench_has_its_corners_where_it_stands() -> None:
    (bench,) = props(Scene((BENCH,)))
    corners = bench.corners(LEVEL)
    assert corners.max(axis=0) == pytest.approx([0.2, 0.1, 0.6])
    assert BENCH.distance_m(corners) == pytest.approx(np.zeros(8), abs=1e-12)


def test_a_rail_is_as_long_as_it_is_with_its_caps() -> None:
    (rail,) = props(Scene((Solid(("capsule", (0.02, 0.5)), (0.0, 0.0, 1.0)),)))
    assert np.ptp(rail.corners(LEVEL), axis=0) == pytest.approx([0.04, 0.04, 0.54])


def test_the_top_of_a_level_board_is_at_height_zero() -> None:
    platform = props(Scene(has_platform=True))[0]
    low, high = (edge(platform.corners(LEVEL), axis=0) for edge in (np.min, np.max))
    assert high == pytest.approx([*PLATFORM_HALF_EXTENTS_M[:2], 0.0])
    assert low[2] == pytest.approx(-2 * PLATFORM_HALF_EXTENTS_M[2])


def test_a_board_that_tilts_about_y_has_its_front_down_and_keeps_the_middle_of_its_top() -> None:
    origin, turn = platform_frame(np.array((0.1, -0.2, 0.0, 0.3)))
    assert origin.tolist() == [0.1, -0.2, 0.0]
    assert rotated(turn, np.array((1.0, 0.0, 0.0)))[2] == pytest.approx(-np.sin(0.3))


def test_stripes_ride_on_the_board_and_furniture_does_not() -> None:
    platform, *stripes, bench = props(Scene((BENCH,), has_platform=True))
    moved = np.array((0.1, 0.0, 0.2, 0.0))
    for stripe in stripes:
        assert stripe.place(moved)[0].tolist() == [0.1, 0.0, 0.0]
        assert stripe.place(moved)[1] == pytest.approx(platform.place(moved)[1])
    assert bench.place(moved)[0] is bench.centre_m
