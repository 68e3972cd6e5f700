"""Capsules: where the flesh of each segment is."""

import numpy as np
import pytest

from dmi_sim.anatomy import SEGMENT_INDEX, SEGMENTS
from dmi_sim.body.capsules import Capsule, capsule, limb_radius_m
from dmi_sim.infant import Infant

NAMES = [node.name for node in SEGMENTS]
MIRROR = np.array([1.0, -1.0, 1.0])


def capsules(age_months: float) -> dict[str, Capsule]:
    infant = Infant.from_spec(age_months)
    return {name: capsule(infant.anthropometry, infant.segments[name]) for name in NAMES}


@pytest.mark.parametrize("name", NAMES)
def test_flesh_grows_with_the_infant(name: str) -> None:
    small, large = capsules(0)[name], capsules(24)[name]
    assert 0.01 < small.radius_m < large.radius_m < 0.1


@pytest.mark.parametrize("name", [name for name in NAMES if name.startswith("left_")])
def test_the_flesh_of_the_right_side_is_that_of_the_left_in_a_mirror(name: str) -> None:
    body = capsules(7)
    left, right = body[name], body[name.replace("left", "right")]
    assert right.radius_m == left.radius_m
    assert np.array(right.start_m) == pytest.approx(MIRROR * left.start_m)
    assert np.array(right.end_m) == pytest.approx(MIRROR * left.end_m)


def test_the_trunk_is_as_deep_and_as_broad_as_its_mass_asks() -> None:
    infant = Infant.from_spec(7)
    half_depth_m, half_breadth_m = infant.anthropometry.trunk_half_axes_m()
    for name in ("pelvis", "lumbar", "lower_thorax", "upper_thorax"):
        flesh = capsules(7)[name]
        assert flesh.radius_m == half_depth_m
        assert flesh.start_m[1] + flesh.radius_m == pytest.approx(half_breadth_m)
        assert flesh.start_m[1] == -flesh.end_m[1]


def test_no_limb_is_longer_than_its_segment() -> None:
    infant = Infant.from_spec(7)
    for name in ("left_upper_arm", "left_forearm", "left_thigh", "left_shank"):
        flesh = capsules(7)[name]
        assert flesh.radius_m - flesh.end_m[2] == pytest.approx(infant.segments[name].length_m)


def test_the_head_is_a_sphere_that_ends_at_the_vertex() -> None:
    head = capsules(7)["head"]
    assert head.start_m == head.end_m
    length_m = Infant.from_spec(7).ordered_segments[SEGMENT_INDEX["head"]].length_m
    assert head.end_m[2] + head.radius_m == pytest.approx(length_m)


def test_a_thigh_is_thicker_than_a_forearm() -> None:
    body = Infant.from_spec(7).anthropometry
    assert limb_radius_m(body, "thigh") > 1.5 * limb_radius_m(body, "forearm")
