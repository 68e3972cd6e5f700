"""Segments: inertia by integration over points, symmetry, contact spheres."""

import numpy as np
import pytest

from dmi_sim.anatomy import SEGMENTS
from dmi_sim.arrays import Vector
from dmi_sim.body.segments import cylinder_inertia, ellipsoid_inertia, rod_inertia
from dmi_sim.infant import Infant

AGES = (0.0, 7.0, 24.0)
POINTS = 200_000


def box_points(halves: tuple[float, float, float]) -> Vector:
    """Random points of a box about the origin, shape (POINTS, 3)."""
    return np.random.default_rng(0).uniform(-1, 1, (POINTS, 3)) * np.array(halves)


def inertia_of_points(points: Vector, mass_kg: float) -> Vector:
    """Moments about x, y, z of a mass spread evenly over points."""
    square = (points**2).mean(axis=0)
    return mass_kg * (square.sum() - square)


def test_the_inertia_of_an_elliptic_cylinder_is_that_of_its_points() -> None:
    x, y, height = 0.05, 0.08, 0.12
    points = box_points((x, y, height / 2))
    inside = points[(points[:, 0] / x) ** 2 + (points[:, 1] / y) ** 2 < 1]
    assert cylinder_inertia(1.3, height, x, y) == pytest.approx(
        inertia_of_points(inside, 1.3), rel=0.01
    )


def test_the_inertia_of_an_ellipsoid_is_that_of_its_points() -> None:
    halves = (0.08, 0.06, 0.10)
    points = box_points(halves)
    inside = points[((points / np.array(halves)) ** 2).sum(axis=1) < 1]
    assert ellipsoid_inertia(2.0, *halves) == pytest.approx(
        inertia_of_points(inside, 2.0), rel=0.01
    )


def test_a_limb_has_the_axial_inertia_of_a_cylinder_and_the_given_radius_of_gyration() -> None:
    mass, length, density = 0.5, 0.15, 1050.0
    radius = np.sqrt(mass / (density * np.pi * length))
    points = box_points((radius, radius, length / 2))
    inside = points[(points[:, :2] ** 2).sum(axis=1) < radius**2]
    moments = rod_inertia(mass, length, 0.3, density)
    assert moments[0] == moments[1] == pytest.approx(mass * (0.3 * length) ** 2)
    assert moments[2] == pytest.approx(inertia_of_points(inside, mass)[2], rel=0.01)


@pytest.mark.parametrize("age_months", AGES)
def test_the_four_trunk_segments_together_have_the_inertia_of_one_cylinder(
    age_months: float,
) -> None:
    infant = Infant.from_spec(age_months)
    trunk = infant.ordered_segments[:4]
    half_x, half_y = infant.anthropometry.trunk_half_axes_m()
    centres = [sum(segment.joint_m[2] for segment in trunk[: i + 1]) for i in range(4)]
    heights = np.array([z + segment.com_m[2] for z, segment in zip(centres, trunk, strict=True)])
    mass = np.array([segment.mass_kg for segment in trunk])
    middle = (mass * heights).sum() / mass.sum()
    whole = cylinder_inertia(mass.sum(), infant.lengths.trunk, half_x, half_y)
    own = np.array([segment.inertia_kgm2 for segment in trunk]).sum(axis=0)
    offset = float((mass * (heights - middle) ** 2).sum())
    assert own + np.array([offset, offset, 0.0]) == pytest.approx(whole, rel=1e-9)


@pytest.mark.parametrize("age_months", AGES)
def test_no_principal_moment_exceeds_the_sum_of_the_other_two(age_months: float) -> None:
    for segment in Infant.from_spec(age_months).ordered_segments:
        least, middle, most = sorted(segment.inertia_kgm2)
        assert least > 0
        assert most <= least + middle + 1e-12


def test_parents_come_before_children() -> None:
    names = [node.name for node in SEGMENTS]
    assert len(set(names)) == 15
    assert all(names.index(node.parent) < i for i, node in enumerate(SEGMENTS) if i)


@pytest.mark.parametrize("age_months", AGES)
def test_the_right_side_mirrors_the_left(age_months: float) -> None:
    segments = Infant.from_spec(age_months).segments
    across = np.array([1, -1, 1])
    for name, left in segments.items():
        if not name.startswith("left_"):
            continue
        right = segments[name.replace("left_", "right_")]
        assert right.mass_kg == left.mass_kg
        assert right.inertia_kgm2 == left.inertia_kgm2
        assert np.array(right.joint_m) == pytest.approx(across * left.joint_m)
        assert np.array(right.com_m) == pytest.approx(across * left.com_m)
        for ours, theirs in zip(left.spheres, right.spheres, strict=True):
            assert np.array(theirs.centre_m) == pytest.approx(across * ours.centre_m)


def test_contact_spheres_of_midline_segments_are_symmetric() -> None:
    for segment in Infant.from_spec(7).ordered_segments:
        if not segment.node.side:
            sideways = sorted(sphere.centre_m[1] for sphere in segment.spheres)
            assert sideways == pytest.approx([-y for y in reversed(sideways)])


@pytest.mark.parametrize("age_months", AGES)
def test_the_inertia_floor_is_small_for_the_body_and_scales_with_it(age_months: float) -> None:
    infant, reference = Infant.from_spec(age_months), Infant.from_spec(7)
    scale = (infant.mass_kg * infant.length_m**2) / (reference.mass_kg * reference.length_m**2)
    for ours, theirs in zip(infant.ordered_segments, reference.ordered_segments, strict=True):
        assert ours.inertia_floor_kgm2 == pytest.approx(scale * theirs.inertia_floor_kgm2, rel=1e-3)
    whole = infant.mass_kg * (infant.length_m / 3.5) ** 2
    assert sum(segment.inertia_floor_kgm2 for segment in infant.ordered_segments) < 0.15 * whole
