"""Reward terms: pure functions of a step, blind to who supports the infant."""

import math
from dataclasses import replace

import numpy as np
import pytest

from dmi_sim.anatomy import HEAD, PELVIS, SEGMENT_INDEX, SegmentName
from dmi_sim.env.rewards import (
    REWARD_TERMS,
    action_rate,
    com_over_feet,
    com_over_limbs,
    com_still,
    com_velocity_along,
    effort,
    fell,
    head_along_trunk,
    heading_kept,
    inclination_kept,
    joint_speed,
    pose_kept,
    segment_height_kept,
    segment_level,
    segment_righted,
    segment_upright,
    trunk_upright,
    velocity_as_asked,
)
from dmi_sim.physics.state import State
from tests.env.contexts import (
    ACTUATED,
    N_MUSCLES,
    make_context,
    params_of,
    random_state,
    still_state,
    turned,
)

FEET = [SEGMENT_INDEX["left_foot"], SEGMENT_INDEX["right_foot"]]


PARAMS = {name: params_of(term, number=0.4) for name, term in REWARD_TERMS.items()}


@pytest.mark.parametrize(("tilt_rad", "value"), [(0.0, 1.0), (0.3, math.exp(-1)), (3.0, 0.0)])
def test_an_upright_trunk_earns_one(tilt_rad: float, value: float) -> None:
    reward = trunk_upright(make_context(still_state(upright_rad=tilt_rad)), width_rad=0.3)
    assert reward == pytest.approx(value, abs=1e-9)


@pytest.mark.parametrize("segment", ["head", "pelvis"])
@pytest.mark.parametrize("rotation", [(0.3, 0.0, 0.0), (0.0, -0.3, 0.0)])
def test_a_segment_that_leans_earns_less_whichever_way(
    rotation: tuple[float, float, float], segment: SegmentName
) -> None:
    leaning = make_context(still_state(segment_matrix_world=turned(rotation)))
    upright = segment_upright(leaning, segment=segment, width_rad=0.3)
    assert upright == pytest.approx(math.exp(-1))
    assert segment_upright(make_context(), segment=segment, width_rad=0.3) == 1.0


@pytest.mark.parametrize("roll_rad", [0.3, -0.3])
def test_a_head_with_one_ear_low_earns_less(roll_rad: float) -> None:
    rolled = make_context(still_state(segment_matrix_world=turned((roll_rad, 0.0, 0.0))))
    assert segment_level(rolled, segment="head", width_rad=0.3) == pytest.approx(math.exp(-1))


def test_a_face_that_looks_down_or_aside_has_its_ears_level() -> None:
    for rotation in ((0.0, 1.2, 0.0), (0.0, 0.0, 1.2)):
        looking = make_context(still_state(segment_matrix_world=turned(rotation)))
        assert segment_level(looking, segment="head", width_rad=0.3) == pytest.approx(1.0)


@pytest.mark.parametrize("turn", [(0.0, 1.0, 0.0), (-1.0, 0.0, 0.0)])
@pytest.mark.parametrize("angle_rad", [0.0, 0.5, 2.0, 3.0])
def test_a_head_earns_evenly_on_its_way_from_hanging_to_upright(
    angle_rad: float, turn: tuple[float, float, float]
) -> None:
    x, y, z = (angle_rad * part for part in turn)
    tilted = make_context(still_state(segment_matrix_world=turned((x, y, z))))
    righted = segment_righted(tilted, segment="head")
    assert righted == pytest.approx(1 - angle_rad / math.pi)


@pytest.mark.parametrize("angle_rad", [0.5, 2.0])
def test_a_head_earns_evenly_on_its_way_to_the_line_of_the_trunk(angle_rad: float) -> None:
    matrix = turned((0.0, -1.4, 0.0))
    assert head_along_trunk(make_context(still_state(segment_matrix_world=matrix))) == 1.0
    matrix[HEAD] = turned((0.0, angle_rad - 1.4, 0.0))[HEAD]
    lagging = make_context(still_state(segment_matrix_world=matrix))
    assert head_along_trunk(lagging) == pytest.approx(1 - angle_rad / math.pi)


def test_a_head_that_looks_aside_is_still_upright() -> None:
    aside = make_context(still_state(segment_matrix_world=turned((0.0, 0.0, 1.2))))
    assert segment_upright(aside, segment="head", width_rad=0.3) == pytest.approx(1.0)


def test_only_the_segment_that_is_named_counts() -> None:
    matrix = turned((0.0, 0.0, 0.0))
    matrix[PELVIS] = turned((0.3, 0.0, 0.0))[PELVIS]
    tipped = make_context(still_state(segment_matrix_world=matrix))
    assert segment_upright(tipped, segment="head", width_rad=0.3) == 1.0
    assert segment_level(tipped, segment="pelvis", width_rad=0.3) < 0.4


def test_stillness_counts_speed_in_every_direction() -> None:
    for velocity in np.eye(3) * 0.15:
        moving = make_context(still_state(com_velocity_m_s=velocity))
        assert com_still(moving, width_m_s=0.15) == pytest.approx(math.exp(-1))
    assert com_still(make_context(), width_m_s=0.15) == 1.0


def on_feet(feet: tuple[float, float], com: tuple[float, float]) -> State:
    """Middle of the feet, 0.1 m to each side of it a foot; centre of mass; all level [m]."""
    places = np.full((15, 3), 9.0)
    places[FEET] = [(feet[0], feet[1] + side, 0.0) for side in (0.1, -0.1)]
    return still_state(segment_pos_world=places, com_m=np.array([*com, 0.3]))


@pytest.mark.parametrize("off", [(0.035, 0.0), (-0.035, 0.0), (0.0, 0.035)])
def test_mass_that_leaves_its_place_over_the_feet_earns_less(off: tuple[float, float]) -> None:
    """0.05 body lengths of 0.7 m, from a start with the mass 1 cm before the feet."""
    start = on_feet((0.0, 0.0), (0.01, 0.0))
    swayed = make_context(on_feet((0.0, 0.0), (0.01 + off[0], off[1])))
    assert com_over_feet(replace(swayed, start=start), width=0.05) == pytest.approx(math.exp(-1))
    assert com_over_feet(replace(make_context(start), start=start), width=0.05) == 1.0


def test_feet_that_step_under_the_mass_bring_the_reward_back() -> None:
    start = on_feet((0.0, 0.0), (0.01, 0.0))
    stepped = make_context(on_feet((0.4, -0.2), (0.41, -0.2)))
    assert com_over_feet(replace(stepped, start=start), width=0.05) == pytest.approx(1.0)


@pytest.mark.parametrize(("off", "value"), [((0.0, 0.0), 1.0), ((0.035, 0.0), 0.5), ((0.0, 9), 0)])
def test_mass_that_leaves_the_middle_of_its_limbs_earns_less_in_proportion(
    off: tuple[float, float], value: float
) -> None:
    """By 0.1 body lengths of 0.7 m, or a part of it; limbs may step with the mass."""
    feet: tuple[SegmentName, ...] = ("left_foot", "right_foot")
    start = on_feet((0.0, 0.0), (0.01, 0.0))
    moved = replace(make_context(on_feet((0.4, -0.2), (0.41 + off[0], -0.2 + off[1]))), start=start)
    assert com_over_limbs(moved, limbs=feet, width=0.1) == pytest.approx(value)


def test_effort_is_the_mean_square_over_all_muscles() -> None:
    for activation, mean in ((0.0, 0.0), (0.5, 0.25), (1.0, 1.0)):
        tense = still_state(activation=np.full(N_MUSCLES, activation))
        assert effort(make_context(tense)) == pytest.approx(mean)
    one = np.zeros(N_MUSCLES)
    one[7] = 1.0
    assert effort(make_context(still_state(activation=one))) == pytest.approx(1 / N_MUSCLES)


def test_the_action_rate_is_the_mean_squared_change_of_the_action() -> None:
    changed = make_context(action=np.array([1.0, 0.0]), last_action=np.array([-1.0, 0.0]))
    assert action_rate(changed) == pytest.approx(2.0)
    held = make_context(action=np.array([0.7, 0.7]), last_action=np.array([0.7, 0.7]))
    assert action_rate(held) == 0.0


def test_a_fall_counts_once() -> None:
    assert fell(make_context(has_fallen=True)) == 1.0
    assert fell(make_context()) == 0.0


def test_heights_count_as_shares_of_those_at_the_start() -> None:
    low, high = (make_context(still_state(head_height_m=height)) for height in (0.2, 0.9))
    assert segment_height_kept(low, segment="head") == pytest.approx(0.5)
    assert segment_height_kept(high, segment="head") == 1.0
    then = still_state(segment_pos_world=np.full((15, 3), 0.3))
    sunk = replace(make_context(still_state(segment_pos_world=np.full((15, 3), 0.1))), start=then)
    assert segment_height_kept(sunk, segment="pelvis") == pytest.approx(1 / 3)


def test_a_trunk_keeps_its_inclination_whichever_way_it_faces() -> None:
    trunk: tuple[SegmentName, ...] = ("pelvis", "upper_thorax")
    facing = make_context(still_state(segment_matrix_world=turned((0.0, 0.0, 2.0))))
    assert inclination_kept(facing, segments=trunk, width_rad=0.3) == pytest.approx(1.0)
    leaning = make_context(still_state(segment_matrix_world=turned((0.0, 0.3, 0.0))))
    assert inclination_kept(leaning, segments=trunk, width_rad=0.3) == pytest.approx(math.exp(-1))


def test_one_segment_of_two_that_tips_counts_half_its_square() -> None:
    matrix = turned((0.0, 0.0, 0.0))
    matrix[PELVIS] = turned((0.3, 0.0, 0.0))[PELVIS]
    tipped = make_context(still_state(segment_matrix_world=matrix))
    kept = inclination_kept(tipped, segments=("pelvis", "head"), width_rad=0.3)
    assert kept == pytest.approx(math.exp(-1 / 2))


def test_only_actuated_joints_count_for_the_pose() -> None:
    bent = np.zeros(34)
    bent[ACTUATED] = 0.2
    assert pose_kept(
        make_context(still_state(joint_angle_rad=bent)), width_rad=0.2
    ) == pytest.approx(math.exp(-1))
    elsewhere = np.where(np.isin(np.arange(34), ACTUATED), 0.0, 0.9)
    assert pose_kept(make_context(still_state(joint_angle_rad=elsewhere)), width_rad=0.2) == 1.0


@pytest.mark.parametrize(
    ("heading_rad", "velocity", "value"),
    [(0.0, (0.07, 0, 0), 0.5), (math.pi / 2, (0, 0.07, 0), 0.5), (0.0, (-9, 0, 0), -1.0)],
)
def test_speed_counts_along_the_direction_wanted(
    heading_rad: float, velocity: tuple[float, ...], value: float
) -> None:
    moving = make_context(still_state(com_velocity_m_s=np.array(velocity)))
    along = com_velocity_along(moving, body_lengths_s=0.2, heading_rad=heading_rad)
    assert along == pytest.approx(value)
    asked = replace(
        moving, asked_velocity=(0.3 * math.cos(heading_rad), 0.3 * math.sin(heading_rad))
    )
    assert com_velocity_along(asked, body_lengths_s=0.2) == pytest.approx(value)
    assert com_velocity_along(moving, body_lengths_s=0.2) == 0.0  # no way is asked for


@pytest.mark.parametrize(
    ("velocity", "value"),
    [
        ((0.2, 0.0), 1.0),
        ((0.0, 0.0), 0.0),
        ((0.4, 0.0), 0.0),
        ((0.2, 0.1), 0.5),
        ((-0.9, 0.0), -1.0),
    ],
)
def test_a_pace_is_asked_for_and_faster_is_no_better(
    velocity: tuple[float, float], value: float
) -> None:
    context = replace(make_context(still_state()), asked_velocity=(0.2, 0.0))
    moving_m_s = np.array([*velocity, 0.3]) * context.body_length_m
    moving = replace(context, state=still_state(com_velocity_m_s=moving_m_s))
    assert velocity_as_asked(moving) == pytest.approx(value)
    assert velocity_as_asked(replace(moving, asked_velocity=(0.0, 0.0))) == 0.0


def test_joints_that_move_cost_the_mean_square_of_their_rates() -> None:
    rates = np.zeros(34)
    rates[ACTUATED] = (1.0, -2.0, 2.0)
    rates[0] = 100.0  # no action moves it
    assert joint_speed(make_context(still_state(joint_velocity_rad_s=rates))) == pytest.approx(3.0)


@pytest.mark.parametrize("turn_rad", [0.3, -0.3, 3.0])
def test_a_body_that_turns_to_a_side_earns_less(turn_rad: float) -> None:
    facing = make_context(still_state(segment_matrix_world=turned((0.0, 0.0, turn_rad))))
    earned = heading_kept(facing, width_rad=0.3)
    assert earned == pytest.approx(math.exp(-((turn_rad / 0.3) ** 2)))
    assert heading_kept(make_context(), width_rad=0.3) == 1.0


SIGNED = ("com_velocity_along", "alternating_load", "limb_ahead", "velocity_as_asked")
"""Terms that can be negative."""


SQUARES = ("joint_speed",)
"""Terms that have no largest value."""


@pytest.mark.parametrize("name", sorted(REWARD_TERMS))
def test_no_term_sees_the_hands_or_the_pushes(name: str) -> None:
    state = random_state(3)
    held = replace(
        state,
        support_force_n=80.0,
        support_share=0.9,
        support_pos_world=np.ones((2, 3)),
        support_force_world=np.full((2, 3), 40.0),
        push_force_world=np.ones(3),
        push_pos_world=np.ones(3),
    )
    params = PARAMS[name]
    assert REWARD_TERMS[name](make_context(held), **params) == REWARD_TERMS[name](
        make_context(state), **params
    )


@pytest.mark.parametrize("name", sorted(REWARD_TERMS))
def test_every_term_is_finite_and_bounded_for_any_posture(name: str) -> None:
    for seed in range(20):
        value = REWARD_TERMS[name](make_context(random_state(seed)), **PARAMS[name])
        assert type(value) is float
        largest = math.inf if name in SQUARES else 1
        assert (-1 if name in SIGNED else 0) <= value <= largest
