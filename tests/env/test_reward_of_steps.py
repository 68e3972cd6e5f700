"""Steps earn in turn: a foot loaded, the other lifted, and the one that swung ahead."""

import math
from dataclasses import replace

import numpy as np
import pytest

from dmi_sim.anatomy import SEGMENT_INDEX, SegmentName
from dmi_sim.arrays import Vector
from dmi_sim.env.context import StepContext
from dmi_sim.env.rewards import (
    alternating_load,
    limb_ahead,
    limbs_in_track,
    swing_clearance,
)
from tests.env.contexts import (
    make_context,
    still_state,
)

FEET = [SEGMENT_INDEX["left_foot"], SEGMENT_INDEX["right_foot"]]


LEFT_SWINGS, RIGHT_SWINGS = math.pi / 2, 3 * math.pi / 2


def loads(left: float, right: float) -> Vector:
    force = np.zeros(15)
    force[FEET] = left, right
    return force


@pytest.mark.parametrize(
    ("left", "right", "value"), [(0.5, 0.5, 0.0), (0.2, 0.8, 0.6), (0.9, 0.1, -0.8), (0.0, 1.5, 1)]
)
def test_the_foot_whose_turn_it_is_to_stand_is_to_be_loaded(
    left: float, right: float, value: float
) -> None:
    for phase_rad, force in ((LEFT_SWINGS, (left, right)), (RIGHT_SWINGS, (right, left))):
        step = make_context(contact_force=loads(*force), cpg_phase_rad=phase_rad)
        assert alternating_load(step, lag_rad=0.0) == pytest.approx(value)
    late = make_context(contact_force=loads(left, right), cpg_phase_rad=LEFT_SWINGS + 0.8)
    assert alternating_load(late, lag_rad=0.8) == pytest.approx(value)


@pytest.mark.parametrize(("risen_m", "value"), [(0.0, 0.0), (0.007, 0.5), (0.1, 1.0)])
def test_the_foot_whose_turn_it_is_to_swing_is_to_be_lifted(risen_m: float, value: float) -> None:
    for phase_rad, foot in ((LEFT_SWINGS, FEET[0]), (RIGHT_SWINGS, FEET[1])):
        pos = np.zeros((15, 3))
        pos[foot, 2] = risen_m
        lifted = still_state(segment_pos_world=pos)
        earned = [
            swing_clearance(make_context(lifted, cpg_phase_rad=at), lag_rad=0.0, height=0.02)
            for at in (phase_rad, phase_rad + math.pi, None)
        ]
        assert earned == pytest.approx([value, 0.0, 0.0])


HANDS = [SEGMENT_INDEX["left_forearm"], SEGMENT_INDEX["right_forearm"]]


KNEES = [SEGMENT_INDEX["left_thigh"], SEGMENT_INDEX["right_thigh"]]


def test_in_crawling_a_knee_and_the_other_hand_are_unloaded_together() -> None:
    force = np.zeros(15)
    force[[HANDS[0], KNEES[1]]] = 0.4
    force[[HANDS[1], KNEES[0]]] = 0.1
    crawling = make_context(contact_force=force, cpg_phase_rad=LEFT_SWINGS)
    earned = alternating_load(
        crawling,
        lag_rad=0.0,
        first=("left_thigh", "right_forearm"),
        second=("right_thigh", "left_forearm"),
    )
    assert earned == pytest.approx(0.6)


def test_limbs_that_swing_together_share_what_clearance_earns() -> None:
    pos = np.full((15, 3), 1.0)
    pos[FEET[0], 2] = 0.0
    crawling = make_context(still_state(segment_pos_world=pos), cpg_phase_rad=LEFT_SWINGS)
    swings: list[tuple[SegmentName, ...]] = [
        ("left_foot",),
        ("left_foot", "right_forearm"),
        ("right_forearm",),
    ]
    earned = [
        swing_clearance(crawling, lag_rad=0.0, height=0.02, first=limbs, lowest_point=True)
        for limbs in swings
    ]
    assert earned == pytest.approx([0.0, 0.5, 1.0])


END_OF_LEFT_SWING, END_OF_RIGHT_SWING = math.pi, 0.0


def on_two_feet(
    left: tuple[float, float], right: tuple[float, float], velocity: tuple[float, float]
) -> StepContext:
    """Places of feet [m] that were 0.1 m apart at the start, and the velocity asked for."""
    pos, start = np.zeros((15, 3)), np.zeros((15, 3))
    pos[FEET, :2] = left, right
    start[FEET, 1] = 0.05, -0.05
    return replace(
        make_context(still_state(segment_pos_world=pos)),
        start=still_state(segment_pos_world=start),
        asked_velocity=velocity,
    )


def asked(
    left: tuple[float, float], right: tuple[float, float], velocity: tuple[float, float]
) -> list[float]:
    """What is earned at the end of each swing and in the middle of one."""
    step = on_two_feet(left, right, velocity)
    phases = (END_OF_LEFT_SWING, END_OF_RIGHT_SWING, LEFT_SWINGS)
    return [
        limb_ahead(replace(step, cpg_phase_rad=phase_rad), lag_rad=0.0, step=0.1)
        for phase_rad in phases
    ]


def test_the_limb_that_has_swung_is_to_be_ahead_of_the_other() -> None:
    """By a step of 0.1 body lengths of 0.7 m, or a part of it."""
    forward = (0.2, 0.0)
    assert asked((0.07, 0.05), (0.0, -0.05), forward) == pytest.approx([1.0, -1.0, 0.0])
    assert asked((0.0, 0.05), (0.035, -0.05), forward) == pytest.approx([-0.5, 0.5, 0.0])
    assert asked((0.9, 0.05), (0.9, -0.05), forward) == pytest.approx([0.0, 0.0, 0.0])


def test_in_steps_to_a_side_legs_open_and_close_from_their_width_at_the_start() -> None:
    left = (0.0, 0.06)
    assert asked((0.0, 0.15), (0.0, -0.02), left) == pytest.approx([1.0, -1.0, 0.0])
    assert asked((0.0, 0.05), (0.0, -0.015), left) == pytest.approx([-0.5, 0.5, 0.0])
    assert asked((0.9, 0.05), (0.0, -0.05), left) == pytest.approx([0.0, 0.0, 0.0])


@pytest.mark.parametrize(("sprawl_m", "value"), [(0.0, 1.0), (0.035, 0.5), (-0.035, 0.5), (1, 0)])
def test_limbs_that_sprawl_or_cross_leave_their_track(sprawl_m: float, value: float) -> None:
    """By a width of 0.1 body lengths of 0.7 m, or a part of it, whatever the length of the step."""
    forward = on_two_feet((0.3, 0.05 + sprawl_m), (-0.2, -0.05), (0.2, 0.0))
    assert limbs_in_track(forward, width=0.1) == pytest.approx(value)
    aside = on_two_feet((sprawl_m, 0.3), (0.0, -0.2), (0.0, 0.06))
    assert limbs_in_track(aside, width=0.1) == pytest.approx(value)
    assert limbs_in_track(replace(aside, asked_velocity=(0.0, 0.0)), width=0.1) == 0.0


def test_without_a_rhythm_nobody_has_to_step() -> None:
    assert alternating_load(make_context(contact_force=loads(0.0, 1.0)), lag_rad=0.0) == 0.0
    pos = np.zeros((15, 3))
    pos[FEET[0], 0] = 1.0
    striding = make_context(still_state(segment_pos_world=pos))
    forward = replace(striding, asked_velocity=(0.2, 0.0))
    in_rhythm = replace(striding, cpg_phase_rad=END_OF_LEFT_SWING)
    for step in (forward, in_rhythm):
        assert limb_ahead(step, lag_rad=0.0, step=0.1) == 0.0
