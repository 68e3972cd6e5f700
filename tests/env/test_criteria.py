"""Success criteria: how much of an exercise is reached, blind to who supports the infant."""

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Literal

import numpy as np
import pytest

from dmi_sim.anatomy import HEAD, SEGMENT_INDEX, ContactSegmentName, SegmentName
from dmi_sim.catalog import Catalog
from dmi_sim.env.contact_history import ContactHistory, Steps
from dmi_sim.env.context import StepContext, is_in_need_of_history
from dmi_sim.env.criteria import (
    CRITERIA,
    arms_free,
    criterion,
    displacement,
    head_in_line,
    head_lift,
    head_upright_within,
    limb_raised,
    no_fall,
    only_on,
    rolled_to_prone,
    segment_raised,
    steps_taken,
    success_in_words,
    trunk_raised_in_line,
    trunk_upright_within,
    weight_borne,
)
from dmi_sim.env.rewards import REWARD_TERMS
from dmi_sim.env.task import build_task
from dmi_sim.registry import Registry
from dmi_sim.spec.exercise import ExerciseSpec, SuccessSpec
from tests.env.contexts import SURFACE, make_context, params_of, still_state, turned

LENGTH_M = 0.7
FEET: tuple[Literal["left_foot", "right_foot"], ...] = ("left_foot", "right_foot")
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
    velocity = 0.1 * math.cos(heading_rad), 0.1 * math.sin(heading_rad)
    asked = replace(moved(place), asked_velocity=velocity)
    assert displacement(asked, segments=("pelvis",), distance=0.5) == pytest.approx(share)


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
        ("displacement", {"segments": FEET, "distance": 1.5},
         "both feet the way that is asked for by 1.5 of body length"),
        ("head_upright_within", {"within_rad": 0.35}, "head within 20° of the vertical"),
        ("weight_borne", {"segments": ["left_forearm", "right_forearm"], "share": 0.15},
         "15% of the weight on both forearms"),
        ("only_on", {"segments": ["pelvis", "left_thigh", "right_thigh", *FEET]},
         "at most 5% of the weight on anything but pelvis, both thighs and both feet"),
        ("steps_taken", {"limbs": "feet", "count": 8}, "8 steps of the feet in turn"),
    ],
)  # fmt: skip
def test_a_criterion_says_what_success_is(name: str, params: dict[str, Any], words: str) -> None:
    assert CRITERIA[name].in_words(params) == words


def test_success_says_all_that_it_asks_for() -> None:
    asked = SuccessSpec.model_validate(
        {
            "criterion": "no_fall",
            "hold_s": 10,
            "also": [
                {"criterion": "head_upright_within", "params": {"within_rad": 0.35}},
                {"criterion": "weight_borne", "params": {"segments": FEET, "share": 0.7}},
            ],
        }
    )
    assert success_in_words(asked) == (
        "no fall for 10 s, with head within 20° of the vertical and 70% of the weight on both feet"
    )


def test_success_says_how_long_nobody_may_fall() -> None:
    way: dict[str, Any] = {"segments": FEET, "distance": 0.5}
    asked = SuccessSpec(criterion="displacement", params=way, hold_s=0, no_fall_s=10)
    assert success_in_words(asked).endswith("by 0.5 of body length, and no fall for 10 s")


@pytest.mark.parametrize("name", sorted(CRITERIA))
def test_every_criterion_can_be_put_into_words(name: str) -> None:
    params = params_of(CRITERIA[name].function, number=0.3)
    assert "{" not in CRITERIA[name].in_words(params)


def test_no_shipped_exercise_is_done_before_it_begins() -> None:
    for name in Catalog.shipped().names(ExerciseSpec):
        spec = Catalog.shipped().load(ExerciseSpec, name)
        assert spec.success.hold_s > 0 or build_task(spec).criterion(make_context()) < 1, name


# What the body stands on


def touching(**load: float) -> StepContext:
    """A body whose segments have borne these shares of its weight for long."""
    shares = np.zeros(15)
    for segment, share in load.items():
        shares[SEGMENT_INDEX[segment]] = share
    return make_context(history=ContactHistory(load=shares))


@pytest.mark.parametrize("turn", [(0.0, 0.7, 0.0), (0.7, 0.0, 0.0), (0.0, -0.7, 0.0)])
def test_a_head_or_a_trunk_is_upright_within_an_angle_whichever_way(
    turn: tuple[float, float, float],
) -> None:
    tilted = make_context(still_state(segment_matrix_world=turned(turn), upright_rad=0.7))
    for upright in (head_upright_within, trunk_upright_within):
        assert upright(make_context(), within_rad=0.35) == 1.0
        assert upright(tilted, within_rad=0.7001) == 1.0
        assert upright(tilted, within_rad=0.35) == pytest.approx(0.5)


def test_weight_is_borne_by_segments_together() -> None:
    standing = touching(left_foot=0.35, right_foot=0.0, head=0.5)
    assert weight_borne(standing, segments=FEET, share=0.35) == 1.0
    assert weight_borne(standing, segments=FEET, share=0.7) == pytest.approx(0.5)


def test_a_body_that_touches_with_something_else_is_not_on_its_feet_only() -> None:
    assert only_on(touching(left_foot=0.5, right_foot=0.5), segments=FEET) == 1.0
    assert only_on(touching(left_foot=0.9, left_forearm=0.04), segments=FEET) == 1.0
    assert only_on(touching(left_foot=0.9, left_forearm=0.10), segments=FEET) == pytest.approx(0.5)


def test_who_carries_a_body_is_no_matter_to_what_it_touches() -> None:
    held = touching(left_foot=0.3)
    assert only_on(held, segments=FEET) == 1.0
    assert weight_borne(held, segments=FEET, share=0.6) == pytest.approx(0.5)


def test_steps_are_counted_of_the_limbs_asked_for() -> None:
    walked = make_context(history=ContactHistory(steps={
        "hands": Steps(), "knees": Steps(), "feet": Steps(alternate=4),
    }))  # fmt: skip
    assert steps_taken(walked, limbs="feet", count=8) == 0.5
    assert steps_taken(walked, limbs="feet", count=4) == 1.0
    assert steps_taken(walked, limbs="hands", count=4) == 0.0


def lifted(height_m: float, load: float) -> StepContext:
    """A body whose left forearm is at a height [m] and bears a share of the weight."""
    places = np.zeros((15, 3))
    own_m = SURFACE.height_m(still_state())[SEGMENT_INDEX["left_forearm"]]
    places[SEGMENT_INDEX["left_forearm"], 2] = height_m - own_m
    history = touching(left_forearm=load).history
    return make_context(still_state(segment_pos_world=places), history=history)


def test_a_limb_is_raised_when_its_lowest_point_is_high_and_it_bears_nothing() -> None:
    hands: tuple[ContactSegmentName, ...] = ("left_forearm", "right_forearm")
    for height, load, share in ((0.05, 0.0, 1.0), (0.025, 0.0, 0.5), (0.05, 0.03, 0.0)):
        raised = lifted(height * LENGTH_M, load)
        assert limb_raised(raised, segments=hands, clearance=0.05) == pytest.approx(share)


def lying(left: tuple[float, float, float], right: tuple[float, float, float]) -> StepContext:
    """A body with shoulders 0.2 m apart, the elbows at places in the frame of the chest [m]."""
    places = np.zeros((15, 3))
    places[SEGMENT_INDEX["left_upper_arm"]] = (0.0, 0.1, 0.0)
    places[SEGMENT_INDEX["right_upper_arm"]] = (0.0, -0.1, 0.0)
    places[SEGMENT_INDEX["left_forearm"]], places[SEGMENT_INDEX["right_forearm"]] = left, right
    return make_context(still_state(segment_pos_world=places))


BESIDE, AHEAD, UNDER = (0.05, 0.15, -0.1), (0.05, 0.0, 0.3), (0.05, 0.02, -0.1)


def test_arms_beside_the_chest_or_ahead_of_it_are_free() -> None:
    right_beside = (0.05, -0.15, -0.1)
    assert arms_free(lying(BESIDE, right_beside)) == 1.0
    assert arms_free(lying(AHEAD, right_beside)) == 1.0
    assert arms_free(lying(AHEAD, AHEAD)) == 1.0


@pytest.mark.parametrize("pose", [(UNDER, AHEAD), (AHEAD, UNDER), (UNDER, UNDER)])
def test_one_arm_under_the_trunk_is_enough_to_be_trapped(
    pose: tuple[tuple[float, float, float], tuple[float, float, float]],
) -> None:
    assert arms_free(lying(*pose)) == pytest.approx(0.25)


def test_an_arm_under_the_trunk_counts_by_its_way_out_aside_or_ahead() -> None:
    hand_m = SURFACE.centre_m[SURFACE.segment == SEGMENT_INDEX["left_forearm"], 2].min()
    for behind_m, share in ((0.09, 0.25), (0.06, 0.4), (0.01, 0.9), (0.0, 1.0)):
        reaching = (0.05, 0.02, -float(hand_m) - behind_m)
        assert arms_free(lying(reaching, AHEAD)) == pytest.approx(share)


def test_no_criterion_of_contact_can_be_read_without_a_history() -> None:
    forgetful = replace(make_context(), history=None)
    for name, one in CRITERIA.items():
        if is_in_need_of_history(one.function):
            params = params_of(one.function, number=0.3)
            with pytest.raises(LookupError, match="needs_contact_history"):
                one.function(forgetful, **params)
        else:
            assert one.function(forgetful, **params_of(one.function, number=0.3)) >= 0, name
