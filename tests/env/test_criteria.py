"""Goals: how much of an exercise is reached, blind to who holds the infant."""

import math
from dataclasses import replace

import numpy as np
import pytest

from dmi_sim.anatomy import SEGMENTS
from dmi_sim.catalog import Catalog
from dmi_sim.env.context import StepContext
from dmi_sim.env.criteria import (
    CRITERIA,
    chest_raised,
    crept_on,
    head_in_line,
    head_up,
    moved_on,
    pelvis_raised,
    risen_in_line,
    share_of,
    stays_up,
    stepped_on,
    turned_over,
)
from dmi_sim.env.rewards import REWARD_TERMS
from dmi_sim.spec.exercise import ExerciseSpec
from tests.env.contexts import make_context, still_state, turned

LENGTH_M = 0.7
PLACES_INDEX = {place.name: index for index, place in enumerate(SEGMENTS)}


def moved(place: tuple[float, float, float]) -> StepContext:
    return make_context(still_state(segment_pos_world=np.tile(place, (15, 1))))


@pytest.mark.parametrize(("value", "share"), [(-1, 0), (0, 0), (1, 0.25), (4, 1), (9, 1)])
def test_a_share_lies_within_0_and_1(value: float, share: float) -> None:
    assert share_of(value, 4) == share


def test_nothing_missing_is_all_reached() -> None:
    assert share_of(0.0, 0.0) == 1.0


def test_an_infant_stays_up_until_it_falls() -> None:
    assert stays_up(make_context()) == 1.0
    assert stays_up(make_context(has_fallen=True)) == 0.0


def test_a_head_is_up_as_far_as_it_is_from_rest_to_lifted() -> None:
    for height, share in ((0.1, 0.0), (0.125, 0.5), (0.15, 1.0), (0.3, 1.0)):
        lying = make_context(still_state(head_height_m=height * LENGTH_M))
        assert head_up(lying, resting=0.1, lifted=0.15) == pytest.approx(share)


def test_a_chest_rises_in_body_lengths() -> None:
    assert chest_raised(moved((0, 0, 0.05 * LENGTH_M)), rise=0.1) == pytest.approx(0.5)


def test_a_pelvis_rises_in_body_lengths() -> None:
    assert pelvis_raised(moved((0, 0, 0.05 * LENGTH_M)), rise=0.1) == pytest.approx(0.5)
    assert pelvis_raised(moved((0, 0, -0.1)), rise=0.1) == 0.0


@pytest.mark.parametrize(("pitch_rad", "share"), [(-math.pi / 2, 0), (0, 0.5), (math.pi / 2, 1)])
def test_turning_over_goes_from_the_back_to_the_belly(pitch_rad: float, share: float) -> None:
    lying = make_context(still_state(segment_matrix_world=turned((0.0, pitch_rad, 0.0))))
    assert turned_over(lying, within_rad=0.0) == pytest.approx(share)


def test_lying_on_a_side_is_half_way_over() -> None:
    aside = make_context(still_state(segment_matrix_world=turned((math.pi / 2, 0, 0))))
    assert turned_over(aside, within_rad=0.0) == pytest.approx(0.5)
    assert turned_over(aside, within_rad=math.pi / 2) == pytest.approx(1.0)


@pytest.mark.parametrize(("lag_rad", "share"), [(0.0, 1.0), (0.3, 1.0), (0.6, 0.5), (-0.6, 0.5)])
def test_a_head_in_line_may_lag_a_little(lag_rad: float, share: float) -> None:
    matrix = turned((0.0, 0.0, 0.0))
    matrix[4] = turned((0.0, lag_rad, 0.0))[4]
    lagging = make_context(still_state(segment_matrix_world=matrix))
    assert head_in_line(lagging, within_rad=0.3) == pytest.approx(share, abs=1e-6)


@pytest.mark.parametrize(
    ("place", "heading_rad", "share"),
    [
        ((0.35, 0, 0), 0.0, 1.0),
        ((0.175, 9, 0), 0.0, 0.5),
        ((0, 0.175, 0), math.pi / 2, 0.5),
        ((-1, 0, 0), 0.0, 0.0),
    ],
)
def test_moving_on_counts_the_way_along_the_direction(
    place: tuple[float, float, float], heading_rad: float, share: float
) -> None:
    assert moved_on(moved(place), distance=0.5, heading_rad=heading_rad) == pytest.approx(share)


def test_stepping_counts_the_foot_that_is_less_far() -> None:
    place = np.zeros((15, 3))
    place[PLACES_INDEX["left_foot"], 0] = 0.5 * LENGTH_M
    one_foot = make_context(still_state(segment_pos_world=place))
    assert stepped_on(one_foot, distance=0.5, heading_rad=0) == 0.0
    place[PLACES_INDEX["right_foot"], 0] = 0.25 * LENGTH_M
    both = make_context(still_state(segment_pos_world=place))
    assert stepped_on(both, distance=0.5, heading_rad=0) == pytest.approx(0.5)


@pytest.mark.parametrize(("tilt_rad", "share"), [(1.6, 0.0), (1.07, 0.5), (0.57, 1.0), (0.1, 1.0)])
def test_to_rise_is_to_bring_the_trunk_up(tilt_rad: float, share: float) -> None:
    now = make_context(still_state(upright_rad=tilt_rad))
    assert risen_in_line(now, within_rad=0.5, upright_rad=0.57) == pytest.approx(share, abs=1e-3)


def test_to_rise_with_the_head_lagging_counts_less() -> None:
    matrix = turned((0.0, 0.0, 0.0))
    matrix[PLACES_INDEX["head"]] = turned((0.0, -1.0, 0.0))[0]
    lagging = make_context(still_state(segment_matrix_world=matrix))
    assert risen_in_line(lagging, within_rad=0.5, upright_rad=0.5) == pytest.approx(0.5)


def test_to_creep_on_takes_both_arms_and_both_knees() -> None:
    place = np.zeros((15, 3))
    for limb in ("left_forearm", "right_forearm", "left_shank"):
        place[PLACES_INDEX[limb], 0] = 0.5 * LENGTH_M
    dived = make_context(still_state(segment_pos_world=place))
    assert crept_on(dived, distance=0.5, heading_rad=0) == 0.0
    place[PLACES_INDEX["right_shank"], 0] = 0.25 * LENGTH_M
    crept = make_context(still_state(segment_pos_world=place))
    assert crept_on(crept, distance=0.5, heading_rad=0) == pytest.approx(0.5)


def test_moving_on_counts_from_where_the_infant_began() -> None:
    start = still_state(segment_pos_world=np.tile((1.0, 0.0, 0.0), (15, 1)))
    assert moved_on(replace(moved((1.0, 0, 0)), start=start), distance=1, heading_rad=0) == 0.0


def test_every_goal_is_a_reward_term_too() -> None:
    assert set(CRITERIA) <= set(REWARD_TERMS)


def test_every_shipped_exercise_has_a_goal_that_is_not_reached_at_once() -> None:
    for name in Catalog.shipped().names(ExerciseSpec):
        aim = Catalog.shipped().load(ExerciseSpec, name).success
        assert aim.hold_s > 0 or CRITERIA[aim.criterion](make_context(), **aim.params) < 1, name
