"""Senses: what is felt, in which frame, and that no compass is among them."""

import numpy as np
import pytest

from dmi_sim.env.senses import (
    SENSES,
    com_over_seat,
    com_velocity,
    driven_angles,
    driven_rates,
    gravity_directions,
    last_actions,
    turning,
)
from tests.env.moments import DRIVEN, moment, random_state, seen_from, still_state, turned


@pytest.mark.parametrize("name", sorted(SENSES))
def test_a_sense_gives_as_many_numbers_as_it_says(name: str) -> None:
    felt = SENSES[name].feel(moment(random_state(0)))
    assert felt.shape == (SENSES[name].size(DRIVEN.size, 2),)


@pytest.mark.parametrize("name", sorted(SENSES))
@pytest.mark.parametrize("heading_rad", [0.7, -2.0, np.pi])
def test_where_in_the_room_and_which_way_is_not_felt(name: str, heading_rad: float) -> None:
    state = random_state(1)
    elsewhere = seen_from(state, heading_rad, np.array([3.0, -2.0, 0.0]))
    here, there = (SENSES[name].feel(moment(s)) for s in (state, elsewhere))
    assert there == pytest.approx(here)


@pytest.mark.parametrize("name", sorted(set(SENSES) - {"last_actions"}))
def test_an_infant_at_rest_in_its_start_pose_feels_nothing(name: str) -> None:
    assert SENSES[name].feel(moment()) == pytest.approx(0.0)


def test_angles_and_rates_are_those_of_the_driven_axes() -> None:
    angle, rate = np.zeros(34), np.zeros(34)
    angle[DRIVEN], rate[DRIVEN] = [0.5, -0.5, 1.0], [3.0, 0.0, -6.0]
    state = still_state(joint_angle_rad=angle, joint_velocity_rad_s=rate)
    assert driven_angles(moment(state)) == pytest.approx([1, -1, 2])
    assert driven_rates(moment(state)) == pytest.approx([1, 0, -2])


def test_a_body_that_leans_forward_feels_gravity_in_front() -> None:
    forward = still_state(segment_matrix_world=turned((0.0, 0.3, 0.0)))
    felt = gravity_directions(moment(forward)).reshape(3, 2)
    assert felt[:, 0] == pytest.approx(np.full(3, np.sin(0.3) / 0.5))
    assert felt[:, 1] == pytest.approx(np.zeros(3))


def test_a_body_that_leans_to_the_right_feels_gravity_there() -> None:
    right = still_state(segment_matrix_world=turned((0.3, 0.0, 0.0)))
    felt = gravity_directions(moment(right)).reshape(3, 2)
    assert felt[:, 1] == pytest.approx(np.full(3, -np.sin(0.3) / 0.5))


def test_turning_is_felt_in_the_frame_of_the_segment() -> None:
    spin = np.tile([3.0, 0.0, 0.0], (15, 1))
    about_own_left = still_state(
        segment_matrix_world=turned((0.0, 0.0, -np.pi / 2)), segment_spin_world=spin
    )
    felt = turning(moment(about_own_left)).reshape(3, 3)
    assert felt == pytest.approx(np.tile([0.0, 1.0, 0.0], (3, 1)), abs=1e-12)


def test_the_centre_of_mass_is_felt_as_the_pelvis_faces() -> None:
    state = still_state(
        segment_matrix_world=turned((0.0, 0.0, np.pi / 2)),
        com_m=np.array([0.0, 0.15 * 0.7, 0.2]),
        com_velocity_m_s=np.array([-0.5 * 0.7, 0.0, 0.0]),
    )
    assert com_over_seat(moment(state)) == pytest.approx([1, 0], abs=1e-12)
    assert com_velocity(moment(state)) == pytest.approx([0, 1], abs=1e-12)


def test_a_pelvis_that_points_up_still_gives_numbers() -> None:
    upward = still_state(segment_matrix_world=turned((0.0, -np.pi / 2, 0.0)))
    assert np.isfinite(com_over_seat(moment(upward))).all()


def test_the_last_two_commands_are_felt() -> None:
    felt = last_actions(moment(action=np.array([0.1, 0.2]), last_action=np.array([0.3, 0.4])))
    assert felt.tolist() == [0.1, 0.2, 0.3, 0.4]
