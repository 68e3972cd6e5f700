"""The surface of an infant: where its contact spheres are, and how high."""

from typing import get_args

import numpy as np
import pytest

from dmi_sim.anatomy import SEGMENT_INDEX, SEGMENTS, ContactSegmentName
from dmi_sim.env.config import EnvConfig
from dmi_sim.env.posture_env import PostureEnv
from dmi_sim.env.surface import surface_of
from dmi_sim.infant import Infant
from tests.env.contexts import still_state, turned


@pytest.mark.parametrize("age_months", [0.0, 7.0, 24.0])
def test_segments_that_can_touch_are_those_with_contact_spheres(age_months: float) -> None:
    surface = surface_of(Infant.from_spec(age_months))
    touching = {SEGMENTS[index].name for index in surface.segment}
    assert touching == set(get_args(ContactSegmentName))


def test_the_lowest_point_is_a_radius_below_the_lowest_centre() -> None:
    surface = surface_of(Infant.from_spec(7.0))
    head = SEGMENT_INDEX["head"]
    mine = surface.segment == head
    upright = surface.height_m(still_state())[head]
    upside_down = surface.height_m(still_state(segment_matrix_world=turned((np.pi, 0.0, 0.0))))
    assert upright == pytest.approx((surface.centre_m[mine, 2] - surface.radius_m[mine]).min())
    lowest = (-surface.centre_m[mine, 2] - surface.radius_m[mine]).min()
    assert upside_down[head] == pytest.approx(lowest)


def test_heights_and_centres_agree() -> None:
    surface = surface_of(Infant.from_spec(7.0))
    state = still_state(segment_matrix_world=turned((0.4, -0.7, 0.2)))
    bottom = surface.centres_world(state)[:, 2] - surface.radius_m
    for index in set(surface.segment.tolist()):
        lowest = bottom[surface.segment == index].min()
        assert surface.height_m(state)[index] == pytest.approx(lowest)


def test_a_segment_without_spheres_is_above_everything() -> None:
    height_m = surface_of(Infant.from_spec(7.0)).height_m(still_state())
    assert np.isinf(height_m[SEGMENT_INDEX["left_shank"]])


def test_who_stands_has_the_soles_on_the_floor() -> None:
    env = PostureEnv(EnvConfig("standing"))
    env.reset(seed=0)
    feet = [SEGMENT_INDEX[f"{side}_foot"] for side in ("left", "right")]
    assert env.context.height_m[feet] == pytest.approx(0.0, abs=0.006)
    env.close()
