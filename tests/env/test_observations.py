"""Observations: what is sensed, in which frame, and that only the eyes are a compass."""

from dataclasses import replace

import numpy as np
import pytest

from dmi_sim.anatomy import HEAD, PELVIS, SEGMENT_INDEX, UPPER_THORAX
from dmi_sim.arrays import Vector
from dmi_sim.env.context import StepContext
from dmi_sim.env.observations import (
    OBSERVATIONS,
    Compute,
    actuated_angles,
    actuated_rates,
    angular_velocities,
    com_rel_feet,
    com_rel_pelvis,
    com_velocity,
    com_velocity_fine,
    contact_force,
    gravity_directions,
    heading,
    last_actions,
)
from dmi_sim.env.sensing import OBSERVATION_LIMIT
from dmi_sim.nervous.sensorimotor import SensoryNoise
from tests.env.contexts import ACTUATED, make_context, random_state, seen_from, still_state, turned

FEET = [SEGMENT_INDEX["left_foot"], SEGMENT_INDEX["right_foot"]]


@pytest.mark.parametrize("name", sorted(OBSERVATIONS))
def test_an_observation_gives_as_many_numbers_as_it_says(name: str) -> None:
    felt = OBSERVATIONS[name].compute(make_context(random_state(0)))
    assert felt.shape == (OBSERVATIONS[name].size(ACTUATED.size, 2),)


@pytest.mark.parametrize("name", sorted(set(OBSERVATIONS) - {"heading"}))
@pytest.mark.parametrize("heading_rad", [0.7, -2.0, np.pi])
def test_where_in_the_room_and_which_way_is_not_sensed(name: str, heading_rad: float) -> None:
    state = random_state(1)
    elsewhere = seen_from(state, heading_rad, np.array([3.0, -2.0, 0.0]))
    here, there = (OBSERVATIONS[name].compute(make_context(s)) for s in (state, elsewhere))
    assert there == pytest.approx(here)


@pytest.mark.parametrize("name", OBSERVATIONS)
def test_an_infant_at_rest_observes_nothing_out_of_range(name: str) -> None:
    at_rest = OBSERVATIONS[name].compute(make_context())
    assert np.abs(at_rest).max() <= OBSERVATION_LIMIT


@pytest.mark.parametrize(
    "compute",
    [
        actuated_angles,
        actuated_rates,
        gravity_directions,
        angular_velocities,
        com_rel_pelvis,
        com_rel_feet,
        com_velocity,
        com_velocity_fine,
        contact_force,
        heading,
    ],
)
def test_an_infant_at_rest_in_its_start_pose_feels_nothing(compute: Compute) -> None:
    assert compute(make_context()) == pytest.approx(0.0)


def test_angles_and_rates_are_those_of_the_actuated_axes() -> None:
    joints = np.zeros((2, 34))
    joints[:, ACTUATED] = [[0.5, -0.5, 1.0], [3.0, 0.0, -6.0]]
    assert actuated_angles(make_context(joints=joints)) == pytest.approx([1, -1, 2])
    assert actuated_rates(make_context(joints=joints)) == pytest.approx([1, 0, -2])


def test_joints_are_felt_as_late_as_their_nerves_bring_them() -> None:
    ahead = still_state(joint_angle_rad=np.ones(34), joint_velocity_rad_s=np.ones(34))
    late = make_context(ahead, joints=np.zeros((2, 34)))
    assert actuated_angles(late) == pytest.approx(np.zeros(3))
    assert actuated_rates(late) == pytest.approx(np.zeros(3))


def test_the_skin_feels_the_floor() -> None:
    felt = np.linspace(0, 1, 15)
    assert contact_force(make_context(contact_force=felt)).tolist() == felt.tolist()


def test_contact_is_measured_once_and_only_where_it_is_asked_for() -> None:
    asked: list[str] = []

    def measure() -> Vector:
        asked.append("contact")
        return np.ones(15)

    context = replace(make_context(), read_contact_force=measure)
    gravity_directions(context)
    assert asked == []
    assert contact_force(context).sum() + contact_force(context).sum() == 30
    assert asked == ["contact"]


def test_what_is_felt_by_head_and_skin_comes_later_than_the_joints() -> None:
    """Joints have delays of their own; one's own actions and pattern generator have none."""
    direct = {name for name, term in OBSERVATIONS.items() if not term.is_delayed}
    efference_copies = {"last_action", "last_actions", "cpg_phase", "asked_velocity", "cue"}
    assert direct == {"actuated_angles", "actuated_rates"} | efference_copies


def test_noise_has_the_scale_of_its_observation() -> None:
    noise = SensoryNoise(
        angle_rad=0.1, rate_rad_s=0.3, tilt_rad=0.04, angular_velocity_rad_s=0.06, pressure=0.05
    )
    expected = {
        "actuated_angles": 0.1 / 0.5,
        "actuated_rates": 0.3 / 3.0,
        "gravity_directions": 0.04 / 0.5,
        "angular_velocities": 0.06 / 3.0,
        "heading": 0.04 / 0.5,
        "contact_force": 0.05,
        "last_actions": 0.0,
    }
    for name, value in expected.items():
        assert OBSERVATIONS[name].noise(noise) == pytest.approx(value)


def test_a_body_that_leans_forward_feels_gravity_in_front() -> None:
    forward = still_state(segment_matrix_world=turned((0.0, 0.3, 0.0)))
    felt = gravity_directions(make_context(forward)).reshape(3, 2)
    assert felt[:, 0] == pytest.approx(np.full(3, np.sin(0.3) / 0.5))
    assert felt[:, 1] == pytest.approx(np.zeros(3))


def test_a_body_that_leans_to_the_right_feels_gravity_there() -> None:
    right = still_state(segment_matrix_world=turned((0.3, 0.0, 0.0)))
    felt = gravity_directions(make_context(right)).reshape(3, 2)
    assert felt[:, 1] == pytest.approx(np.full(3, -np.sin(0.3) / 0.5))


def test_turning_is_felt_in_the_frame_of_the_segment() -> None:
    spin = np.zeros((15, 3))
    spin[[PELVIS, UPPER_THORAX, HEAD]] = [[3.0, 0.0, 0.0], [0.0, -6.0, 0.0], [0.0, 0.0, 1.5]]
    felt = angular_velocities(make_context(still_state(segment_angular_velocity_own=spin))).reshape(
        3, 3
    )
    assert felt.tolist() == [[1.0, 0.0, 0.0], [0.0, -2.0, 0.0], [0.0, 0.0, 0.5]]


def test_eyes_tell_how_far_the_pelvis_has_turned_to_the_left() -> None:
    to_the_left = make_context(still_state(segment_matrix_world=turned((0.0, 0.0, 0.3))))
    assert heading(to_the_left) == pytest.approx([np.sin(0.3) / 0.5])


@pytest.mark.parametrize("tipped_rad", [0.0, 1.2, np.pi / 2])
def test_a_pelvis_tipped_forward_has_not_turned(tipped_rad: float) -> None:
    tipped = make_context(still_state(segment_matrix_world=turned((0.0, tipped_rad, 0.0))))
    assert heading(tipped) == pytest.approx([0.0])


def test_the_centre_of_mass_is_felt_as_the_pelvis_faces() -> None:
    state = still_state(
        segment_matrix_world=turned((0.0, 0.0, np.pi / 2)),
        com_m=np.array([0.0, 0.15 * 0.7, 0.2]),
        com_velocity_m_s=np.array([-0.5 * 0.7, 0.0, 0.0]),
    )
    assert com_rel_pelvis(make_context(state)) == pytest.approx([1, 0], abs=1e-12)
    assert com_velocity(make_context(state)) == pytest.approx([0, 1], abs=1e-12)


def on_feet(
    left: tuple[float, ...], right: tuple[float, ...], com: tuple[float, ...]
) -> StepContext:
    """Feet and centre of mass at these places; the pelvis wherever, facing left."""
    places = np.full((15, 3), 9.0)
    places[FEET] = (left, right)
    turn = turned((0.0, 0.0, np.pi / 2))
    state = still_state(
        segment_pos_world=places, segment_matrix_world=turn, com_m=np.array([*com, 0.3])
    )
    return make_context(state)


def test_the_centre_of_mass_is_felt_between_the_feet() -> None:
    """An infant that faces left, its mass 3.5 cm (0.05 body lengths) before its feet."""
    ahead = on_feet((0.3, 0.2, 0.0), (0.5, 0.2, 0.0), (0.4, 0.235))
    assert com_rel_feet(ahead) == pytest.approx([1, 0], abs=1e-12)
    aside = on_feet((0.3, 0.2, 0.0), (0.5, 0.2, 0.0), (0.365, 0.2))
    assert com_rel_feet(aside) == pytest.approx([0, 1], abs=1e-12)


def test_a_foot_that_steps_ahead_leaves_the_mass_behind() -> None:
    stepped = on_feet((0.3, 0.27, 0.0), (0.5, 0.2, 0.0), (0.4, 0.2))
    assert com_rel_feet(stepped) == pytest.approx([-1, 0], abs=1e-12)


def test_over_feet_the_same_sway_is_felt_more_than_over_a_seat() -> None:
    swaying = make_context(still_state(com_velocity_m_s=np.array([0.15 * 0.7, -0.3 * 0.7, 0.0])))
    assert com_velocity_fine(swaying) == pytest.approx([1, -2])
    assert com_velocity_fine(swaying) == pytest.approx(com_velocity(swaying) * 0.5 / 0.15)


def test_an_observation_that_is_magnified_has_its_noise_magnified_too() -> None:
    noise = SensoryNoise(
        angle_rad=0.0, rate_rad_s=0.0, tilt_rad=0.04, angular_velocity_rad_s=0.0, pressure=0.0
    )
    assert OBSERVATIONS["com_rel_feet"].noise(noise) == pytest.approx(0.04 * 0.15 / 0.05)
    assert OBSERVATIONS["com_velocity_fine"].noise(noise) == pytest.approx(0.04 * 0.5 / 0.15)


def test_a_pelvis_that_points_up_still_gives_numbers() -> None:
    upward = still_state(segment_matrix_world=turned((0.0, -np.pi / 2, 0.0)))
    assert np.isfinite(com_rel_pelvis(make_context(upward))).all()


def test_the_last_two_actions_are_felt() -> None:
    felt = last_actions(make_context(action=np.array([0.1, 0.2]), last_action=np.array([0.3, 0.4])))
    assert felt.tolist() == [0.1, 0.2, 0.3, 0.4]
