"""Goals: how much of an exercise is reached, blind to who holds the infant."""

import math
from dataclasses import replace

import numpy as np
import pytest

from dmi_sim.catalog import Catalog
from dmi_sim.env.goals import (
    GOALS,
    chest_raised,
    head_in_line,
    head_raised,
    moved_on,
    share_of,
    stands_tall,
    stays_up,
    turned_over,
)
from dmi_sim.env.moment import Moment
from dmi_sim.env.rewards import TERMS
from dmi_sim.spec.environment import EnvironmentSpec
from tests.env.moments import moment, still_state, turned

LENGTH_M = 0.7
START_HEAD_M = 0.4


def moved(place: tuple[float, float, float]) -> Moment:
    return moment(still_state(segment_pos_world=np.tile(place, (15, 1))))


@pytest.mark.parametrize(("value", "share"), [(-1, 0), (0, 0), (1, 0.25), (4, 1), (9, 1)])
def test_a_share_lies_within_0_and_1(value: float, share: float) -> None:
    assert share_of(value, 4) == share


def test_nothing_missing_is_all_reached() -> None:
    assert share_of(0.0, 0.0) == 1.0


def test_an_infant_stays_up_until_it_falls() -> None:
    assert stays_up(moment()) == 1.0
    assert stays_up(moment(has_fallen=True)) == 0.0


def test_a_head_rises_in_body_lengths() -> None:
    raised = moment(still_state(head_height_m=START_HEAD_M + 0.05 * LENGTH_M))
    assert head_raised(raised, rise=0.1) == pytest.approx(0.5)
    assert head_raised(moment(), rise=0.1) == 0.0


def test_a_chest_rises_in_body_lengths() -> None:
    assert chest_raised(moved((0, 0, 0.05 * LENGTH_M)), rise=0.1) == pytest.approx(0.5)


def test_standing_tall_counts_what_was_missing_at_the_start() -> None:
    half = (START_HEAD_M + 0.8 * LENGTH_M) / 2
    rising = moment(still_state(head_height_m=half))
    assert stands_tall(rising, head_height=0.8) == pytest.approx(0.5)
    assert stands_tall(moment(), head_height=0.8) == 0.0


@pytest.mark.parametrize(("pitch_rad", "share"), [(-math.pi / 2, 0), (0, 0.5), (math.pi / 2, 1)])
def test_turning_over_goes_from_the_back_to_the_belly(pitch_rad: float, share: float) -> None:
    lying = moment(still_state(segment_matrix_world=turned((0.0, pitch_rad, 0.0))))
    assert turned_over(lying, within_rad=0.0) == pytest.approx(share)


def test_lying_on_a_side_is_half_way_over() -> None:
    aside = moment(still_state(segment_matrix_world=turned((math.pi / 2, 0, 0))))
    assert turned_over(aside, within_rad=0.0) == pytest.approx(0.5)
    assert turned_over(aside, within_rad=math.pi / 2) == pytest.approx(1.0)


@pytest.mark.parametrize(("lag_rad", "share"), [(0.0, 1.0), (0.3, 1.0), (0.6, 0.5), (-0.6, 0.5)])
def test_a_head_in_line_may_lag_a_little(lag_rad: float, share: float) -> None:
    matrix = turned((0.0, 0.0, 0.0))
    matrix[4] = turned((0.0, lag_rad, 0.0))[4]
    lagging = moment(still_state(segment_matrix_world=matrix))
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


def test_moving_on_counts_from_where_the_infant_began() -> None:
    start = still_state(segment_pos_world=np.tile((1.0, 0.0, 0.0), (15, 1)))
    assert moved_on(replace(moved((1.0, 0, 0)), start=start), distance=1, heading_rad=0) == 0.0


def test_every_goal_is_a_reward_term_too() -> None:
    assert set(GOALS) <= set(TERMS)


def test_every_shipped_exercise_has_a_goal_that_is_not_reached_at_once() -> None:
    for name in Catalog.shipped().names(EnvironmentSpec):
        aim = Catalog.shipped().load(EnvironmentSpec, name).success
        assert aim.hold_s > 0 or GOALS[aim.goal](moment(), **aim.params) < 1, name
