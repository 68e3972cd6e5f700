"""Margins of stability against closed forms of the inverted pendulum."""

from dataclasses import replace

import numpy as np
import pytest

from dmi_sim.arrays import Vector
from dmi_sim.body.statics import GRAVITY_M_S2
from dmi_sim.outcome.stability import (
    base_of_support_m,
    corners,
    extrapolated_centre_m,
    inside_by_m,
    margin_of_stability_m,
    margin_of_stability_mean_mm,
    margin_of_stability_min_mm,
    margins_of_stability_m,
)
from dmi_sim.recording import Recording
from tests.outcome.recordings import recording

SQUARE = [(0.0, 0.0), (2.0, 0.0), (2.0, 2.0), (0.0, 2.0)]
FOOT = np.array([(-0.05, -0.1), (-0.05, 0.1), (0.05, -0.1), (0.05, 0.1)])


def pendulum(start_m: float, speed_m_s: float, height_m: float, edge_m: float) -> Vector:
    """Path of an inverted pendulum whose foot presses with its front edge, all the time."""
    growth = GRAVITY_M_S2 / height_m
    shift, speed, dt = start_m, speed_m_s, 1e-4
    path: list[float] = []
    for _ in range(15_000):
        speed += growth * (shift - edge_m) * dt
        shift += speed * dt
        path.append(shift)
    return np.array(path)


def margin(start_m: float, speed_m_s: float, height_m: float) -> float:
    centre = extrapolated_centre_m(
        np.array([[start_m, 0.0]]), np.array([[speed_m_s, 0.0]]), np.array([height_m])
    )
    return float(margins_of_stability_m(centre, FOOT[None])[0])


def test_the_margin_of_a_pendulum_is_its_closed_form() -> None:
    expected = 0.05 - (0.01 + 0.1 / np.sqrt(GRAVITY_M_S2 / 0.3))
    assert margin(0.01, 0.1, 0.3) == pytest.approx(expected)


@pytest.mark.parametrize("height_m", [0.2, 0.5])
def test_a_pendulum_can_come_back_exactly_if_its_margin_is_positive(height_m: float) -> None:
    own_hz = np.sqrt(GRAVITY_M_S2 / height_m)
    for margin_m in (0.001, -0.001):
        speed = own_hz * (0.05 - 0.01 - margin_m)
        assert margin(0.01, speed, height_m) == pytest.approx(margin_m)
        assert (pendulum(0.01, speed, height_m, 0.05).max() < 0.05) == (margin_m > 0)


def test_corners_are_the_convex_hull_and_what_lies_within_does_not_count() -> None:
    within = [(1.0, 1.0), (1.0, 0.0), (0.3, 1.9)]
    assert corners([*within, *SQUARE, *SQUARE]) == SQUARE


@pytest.mark.parametrize(
    ("point", "distance"),
    [((1.0, 1.0), 1.0), ((1.7, 1.0), 0.3), ((2.5, 1.0), -0.5), ((5.0, 6.0), -5.0), ((2, 1), 0.0)],
)
def test_the_margin_is_the_distance_to_the_nearest_edge(
    point: tuple[float, float], distance: float
) -> None:
    assert inside_by_m(SQUARE, point) == pytest.approx(distance)


@pytest.mark.parametrize(
    ("base", "distance"), [([(0, 0)], -1.0), ([(0, 0), (1, 0)], -1.0), ([], np.nan)]
)
def test_a_line_and_a_point_have_no_inside_and_nothing_has_no_margin(
    base: list[tuple[float, float]], distance: float
) -> None:
    assert inside_by_m(corners(base), (0.0, 1.0)) == pytest.approx(distance, nan_ok=True)


def test_a_hull_agrees_with_qhull() -> None:
    from scipy.spatial import ConvexHull

    points = np.random.default_rng(0).normal(size=(40, 2))
    hull = ConvexHull(points)
    assert {*corners(map(tuple, points.tolist()))} == {*map(tuple, points[hull.vertices].tolist())}
    for point in np.random.default_rng(1).normal(size=(20, 2)) / 3:
        depth = -float((hull.equations[:, :2] @ point + hull.equations[:, 2]).max())
        found = inside_by_m(corners(map(tuple, points.tolist())), tuple(point.tolist()))
        assert (found > 0) == (depth > 0)
        assert depth < 0 or found == pytest.approx(depth)


def test_the_base_is_the_lowest_spheres_of_the_segments_that_are_pressed_on() -> None:
    base = base_of_support_m(recording())
    carries = np.isfinite(base[:, :, 0])
    assert carries.tolist() == [[True] * 4 + [False] * 2] * 61
    assert base[0, :4, 2] == pytest.approx(0.0)
    assert base[0, 3, :2] == pytest.approx([0.1, 0.06])


def test_a_segment_that_is_turned_over_rests_on_its_other_sphere() -> None:
    lying = recording(segment_quat_world=np.tile([1.0, 0.0, 0.0, 0.0], (61, 15, 1)))
    (point,) = (p for p in base_of_support_m(lying)[0] if np.isfinite(p).all())
    assert point == pytest.approx([0.0, 0.0, -0.15])


def test_on_a_tilted_platform_low_is_measured_across_it() -> None:
    tilt = 0.3
    half = np.array([0.0, np.sin(tilt / 2), 0.0, np.cos(tilt / 2)])
    tilted = recording(
        segment_quat_world=np.tile(half, (61, 15, 1)), platform=np.tile([0, 0, 0, tilt], (61, 1))
    )
    base = base_of_support_m(tilted)[0]
    assert np.isfinite(base[:, 0]).tolist() == [True] * 4 + [False] * 2
    # the front edge of the seat is the low one
    assert base[3] == pytest.approx([0.1 * np.cos(tilt), 0.06, -0.1 * np.sin(tilt)])


def test_an_infant_at_rest_over_its_seat_has_the_distance_to_the_edge_as_margin() -> None:
    assert margin_of_stability_m(recording()) == pytest.approx(np.full(60, 0.06))


def test_speed_towards_the_edge_takes_from_the_margin() -> None:
    moving = recording(com_velocity_m_s=np.tile([0.0, 0.2, 0.0], (61, 1)))
    expected = 0.06 - 0.2 * np.sqrt(0.2 / GRAVITY_M_S2)
    assert margin_of_stability_m(moving) == pytest.approx(np.full(60, expected))


def test_an_infant_that_moves_with_its_platform_keeps_its_margin() -> None:
    shift = np.stack([0.3 * np.arange(61) / 30, *np.zeros((3, 61))], axis=1)
    along = shift[:, :3]
    at_rest = recording()
    riding = replace(
        at_rest,
        platform=shift,
        com_m=at_rest.com_m + along,
        segment_pos_world=at_rest.segment_pos_world + along[:, None],
        com_velocity_m_s=np.tile([0.3, 0.0, 0.0], (61, 1)),
    )
    assert margin_of_stability_m(riding) == pytest.approx(np.full(60, 0.06))


def airborne(step: int) -> Recording:
    """An infant at rest over its seat that nothing carries at one step."""
    contact_force = recording().contact_force.copy()
    contact_force[step] = 0.0
    return recording(contact_force=contact_force)


def test_an_infant_that_left_the_ground_once_has_no_margin_of_the_episode() -> None:
    assert np.isnan(margin_of_stability_mean_mm(airborne(30)))
    assert np.isnan(margin_of_stability_min_mm(airborne(30)))


def test_the_start_presses_on_nothing_and_does_not_count() -> None:
    assert margin_of_stability_min_mm(airborne(0)) == pytest.approx(60.0)


def test_the_smallest_margin_is_that_of_one_step() -> None:
    com = recording().com_m.copy()
    com[20, 1] = 0.05
    leaning = recording(com_m=com)
    assert margin_of_stability_min_mm(leaning) == pytest.approx(10.0)
    assert margin_of_stability_mean_mm(leaning) == pytest.approx((59 * 60 + 10) / 60)
