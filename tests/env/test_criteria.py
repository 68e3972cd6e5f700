"""Success criteria: how much of an exercise is reached, blind to who supports the infant."""

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from dmi_sim.anatomy import HEAD, SEGMENT_INDEX, SegmentName
from dmi_sim.catalog import Catalog
from dmi_sim.env.context import StepContext
from dmi_sim.env.criteria import (
    CRITERIA,
    criterion,
    displacement,
    head_in_line,
    head_lift,
    no_fall,
    rolled_to_prone,
    segment_raised,
    trunk_raised_in_line,
)
from dmi_sim.env.rewards import REWARD_TERMS
from dmi_sim.env.task import build_task
from dmi_sim.registry import Registry
from dmi_sim.spec.exercise import ExerciseSpec
from tests.env.contexts import make_context, params_of, still_state, turned

LENGTH_M = 0.7
FEET: tuple[SegmentName, ...] = ("left_foot", "right_foot")
FOREARMS_AND_SHANKS: tuple[SegmentName, ...] = (
    "left_forearm",
    "right_forearm",
    "left_shank",
    "right_shank",
)


def moved(place: tuple[float, float, float]) -> StepContext:
    """A body that is elsewhere than at the start, as a whole [m]."""
    return make_context(still_state(segment_pos_world=np.tile(place, (15, 1))))


def moved_forward(ways_m: dict[str, float]) -> StepContext:
    """Some segments forward of where they were at the start, the others where they were."""
    places = np.zeros((15, 3))
    for segment, way_m in ways_m.items():
        places[SEGMENT_INDEX[segment], 0] = way_m
    return make_context(still_state(segment_pos_world=places))


def test_an_infant_is_up_until_it_falls() -> None:
    assert no_fall(make_context()) == 1.0
    assert no_fall(make_context(has_fallen=True)) == 0.0


def test_a_head_is_lifted_as_far_as_it_is_from_rest_to_lifted() -> None:
    for height, share in ((0.1, 0.0), (0.125, 0.5), (0.15, 1.0), (0.3, 1.0)):
        lying = make_context(still_state(head_height_m=height * LENGTH_M))
        assert head_lift(lying, resting=0.1, lifted=0.15) == pytest.approx(share)


@pytest.mark.parametrize("segment", ["pelvis", "upper_thorax", "left_foot"])
def test_a_segment_rises_in_body_lengths(segment: SegmentName) -> None:
    risen, sunk = moved((0, 0, 0.05 * LENGTH_M)), moved((0, 0, -0.1))
    assert segment_raised(risen, segment=segment, rise=0.1) == pytest.approx(0.5)
    assert segment_raised(sunk, segment=segment, rise=0.1) == 0.0


def test_a_head_rises_with_its_centre_of_mass() -> None:
    up = make_context(still_state(head_height_m=0.4 + 0.05 * LENGTH_M))
    assert segment_raised(up, segment="head", rise=0.1) == pytest.approx(0.5)


@pytest.mark.parametrize(("pitch_rad", "share"), [(-math.pi / 2, 0), (0, 0.5), (math.pi / 2, 1)])
def test_rolling_to_prone_goes_from_the_back_to_the_belly(pitch_rad: float, share: float) -> None:
    lying = make_context(still_state(segment_matrix_world=turned((0.0, pitch_rad, 0.0))))
    assert rolled_to_prone(lying, within_rad=0.0) == pytest.approx(share)


def test_lying_on_a_side_is_half_way_over() -> None:
    aside = make_context(still_state(segment_matrix_world=turned((math.pi / 2, 0, 0))))
    assert rolled_to_prone(aside, within_rad=0.0) == pytest.approx(0.5)
    assert rolled_to_prone(aside, within_rad=math.pi / 2) == pytest.approx(1.0)


@pytest.mark.parametrize(("lag_rad", "share"), [(0.0, 1.0), (0.3, 1.0), (0.6, 0.5), (-0.6, 0.5)])
def test_a_head_in_line_may_lag_a_little(lag_rad: float, share: float) -> None:
    matrix = turned((0.0, 0.0, 0.0))
    matrix[HEAD] = turned((0.0, lag_rad, 0.0))[HEAD]
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
def test_displacement_counts_the_way_along_the_direction(
    place: tuple[float, float, float], heading_rad: float, share: float
) -> None:
    way = displacement(moved(place), segments=("pelvis",), distance=0.5, heading_rad=heading_rad)
    assert way == pytest.approx(share)


def test_stepping_counts_the_foot_that_is_less_far() -> None:
    far, half = 0.5 * LENGTH_M, 0.25 * LENGTH_M
    one_foot = moved_forward({"left_foot": far})
    both = moved_forward({"left_foot": far, "right_foot": half})
    assert displacement(one_foot, segments=FEET, distance=0.5, heading_rad=0) == 0.0
    assert displacement(both, segments=FEET, distance=0.5, heading_rad=0) == pytest.approx(0.5)


def test_creeping_takes_both_arms_and_both_knees() -> None:
    far = dict.fromkeys(FOREARMS_AND_SHANKS, 0.5 * LENGTH_M)
    for segment in FOREARMS_AND_SHANKS:
        for way_m, share in ((0.0, 0.0), (0.25 * LENGTH_M, 0.5)):
            crept = moved_forward({**far, segment: way_m})
            done = displacement(crept, segments=FOREARMS_AND_SHANKS, distance=0.5, heading_rad=0)
            assert done == pytest.approx(share)


def test_displacement_counts_from_where_the_infant_began() -> None:
    start = still_state(segment_pos_world=np.tile((1.0, 0.0, 0.0), (15, 1)))
    stayed = replace(moved((1.0, 0, 0)), start=start)
    assert displacement(stayed, segments=("pelvis",), distance=1, heading_rad=0) == 0.0


@pytest.mark.parametrize(("tilt_rad", "share"), [(1.6, 0.0), (1.07, 0.5), (0.57, 1.0), (0.1, 1.0)])
def test_to_rise_is_to_bring_the_trunk_up(tilt_rad: float, share: float) -> None:
    now = make_context(still_state(upright_rad=tilt_rad))
    risen = trunk_raised_in_line(now, within_rad=0.5, upright_rad=0.57)
    assert risen == pytest.approx(share, abs=1e-3)


def test_to_rise_with_the_head_lagging_counts_less() -> None:
    matrix = turned((0.0, 0.0, 0.0))
    matrix[HEAD] = turned((0.0, -1.0, 0.0))[HEAD]
    lagging = make_context(still_state(segment_matrix_world=matrix))
    assert trunk_raised_in_line(lagging, within_rad=0.5, upright_rad=0.5) == pytest.approx(0.5)


def test_every_criterion_is_a_reward_term_too() -> None:
    for name, one in CRITERIA.items():
        assert REWARD_TERMS[name] is one.function


def test_a_criterion_that_is_registered_later_is_a_reward_term_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    criteria, terms = Registry[Any]("criterion"), Registry[Callable[..., float]]("reward term")
    monkeypatch.setattr("dmi_sim.env.criteria.CRITERIA", criteria)
    monkeypatch.setattr("dmi_sim.env.rewards.REWARD_TERMS", terms)

    @criterion(words="toe in the mouth")
    def toe_in_mouth(context: StepContext) -> float:
        return 1.0

    assert terms["toe_in_mouth"] is criteria["toe_in_mouth"].function is toe_in_mouth


@pytest.mark.parametrize(
    ("name", "params", "words"),
    [
        ("no_fall", {}, "no fall"),
        ("segment_raised", {"segment": "upper_thorax", "rise": 0.1},
         "upper thorax raised by 0.1 of body length"),
        ("rolled_to_prone", {"within_rad": 0.5}, "chest faces the floor within 29°"),
        ("displacement", {"segments": FEET, "distance": 0.6, "heading_rad": 0},
         "both feet forward by 0.6 of body length"),
        ("displacement", {"segments": ["left_foot"], "distance": 1, "heading_rad": math.pi / 2},
         "left foot to the left by 1 of body length"),
        ("displacement", {"segments": FOREARMS_AND_SHANKS, "distance": 1, "heading_rad": -3.1},
         "both elbows and both knees backward by 1 of body length"),
    ],
)  # fmt: skip
def test_a_criterion_says_what_success_is(name: str, params: dict[str, Any], words: str) -> None:
    assert CRITERIA[name].in_words(params) == words


@pytest.mark.parametrize("name", sorted(CRITERIA))
def test_every_criterion_can_be_put_into_words(name: str) -> None:
    params = params_of(CRITERIA[name].function, number=0.3)
    assert "{" not in CRITERIA[name].in_words(params)


def test_no_shipped_exercise_is_done_before_it_begins() -> None:
    for name in Catalog.shipped().names(ExerciseSpec):
        spec = Catalog.shipped().load(ExerciseSpec, name)
        assert spec.success.hold_s > 0 or build_task(spec).criterion(make_context()) < 1, name
