"""The world: what it refuses, what it reports, how it heals."""

from dataclasses import replace

import numpy as np
import pytest

from dmi_sim.env.setup import Setup
from dmi_sim.sim.pose import Pose
from dmi_sim.sim.world import World
from tests.mechanics import Place, floor_force_n, in_the_air, run


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_a_command_that_is_no_number_never_reaches_bullet(places: Place, value: float) -> None:
    _, world = places(7)
    world.reset(world.start)
    command = world.start.angle_rad.copy()
    command[3] = value
    with pytest.raises(ValueError, match="not all finite"):
        world.begin_control_step(command)
    assert not world.is_broken


def test_a_number_that_is_none_stops_the_episode_and_the_next_is_whole(places: Place) -> None:
    _, world = places(7)
    world.reset(world.start)
    world.advance(4)
    world.corrupt()
    stopped_at = world.time_s
    world.advance(100)
    assert world.is_broken
    assert world.time_s == stopped_at
    world.reset(world.start)
    assert not world.is_broken
    world.advance(240)
    assert floor_force_n(world) == pytest.approx(world.weight_n, rel=0.5)


def test_joints_faster_than_any_infants_are_a_fault(places: Place) -> None:
    _, world = places(7)
    violent = replace(world.start, angle_rad=world.start.angle_rad.copy())
    violent.angle_rad[:] = 3.0  # every joint far beyond its range
    world.reset(in_the_air(violent))
    world.advance(480)
    assert world.is_broken
    world.reset(world.start)
    assert not world.is_broken


def test_an_episode_starts_at_rest_without_activation(places: Place) -> None:
    _, world = places(7)
    state = run(world, world.start, 0.5)[-1]
    assert state.activation.max() > 0
    world.reset(world.start)
    state = world.state(0)
    assert world.time_s == state.time_s == 0.0
    assert state.activation.tolist() == np.zeros((2, 34)).tolist()
    assert np.abs(state.joint_velocity_rad_s).max() == 0
    assert state.hand_force_world.shape == (0, 3)
    assert state.support_force_n == state.support_share == 0.0


def test_time_is_the_number_of_steps(places: Place) -> None:
    _, world = places(7)
    world.reset(world.start)
    world.advance(36)
    assert world.time_s == pytest.approx(0.15)
    assert world.state(0).time_s == world.time_s


def test_the_state_agrees_with_itself(places: Place) -> None:
    setup, world = places(7)
    state = run(world, world.start, 0.8)[-1]
    trunk = state.segment_pos_world[4] - state.segment_pos_world[0]
    assert state.upright_rad == pytest.approx(np.arccos(trunk[2] / np.linalg.norm(trunk)))
    head = setup.infant.segments["head"]
    centre = state.segment_pos_world[4] + state.segment_matrix_world[4] @ head.com_m
    assert state.head_height_m == pytest.approx(centre[2])
    assert 0 < state.com_m[2] < state.head_height_m
    gram = np.einsum("sij,skj->sik", state.segment_matrix_world, state.segment_matrix_world)
    assert gram == pytest.approx(np.tile(np.eye(3), (15, 1, 1)))


def test_a_snapshot_does_not_change_when_time_goes_on(places: Place) -> None:
    _, world = places(7)
    world.reset(world.start)
    before = world.state(0)
    angles, com = before.joint_angle_rad.copy(), before.com_m.copy()
    world.advance(48)
    assert (before.joint_angle_rad == angles).all()
    assert (before.com_m == com).all()
    assert before.activation.max() == 0


@pytest.mark.parametrize("age_months", [0, 7, 24])
def test_the_start_pose_touches_the_floor_and_not_itself(places: Place, age_months: float) -> None:
    _, world = places(age_months)
    world.reset(world.start)
    world.advance(1)
    contacts = world.contacts()
    assert {other for other, *_ in contacts} == {0}
    assert {world.infant.parts[own].place.kind for _, own, *_ in contacts} >= {"pelvis"}


@pytest.mark.parametrize("age_months", [0, 7, 24])
def test_the_start_pose_is_upright_and_even(places: Place, age_months: float) -> None:
    setup, world = places(age_months)
    world.reset(world.start)
    state = world.state(0)
    assert state.upright_rad < np.radians(2)
    assert abs(state.com_m[1]) < 1e-3 * setup.infant.length_m
    assert world.start.angle_rad == pytest.approx(setup.start.angle_rad)


def test_a_closed_world_refuses_and_may_be_closed_twice(places: Place) -> None:
    setup, _ = places(7)
    world = closed_world(setup, setup.start)
    world.close()
    with pytest.raises(RuntimeError, match="closed"):
        world.reset(world.start)


def closed_world(setup: Setup, start: Pose) -> World:
    world = World(setup.infant, start, 240)
    world.close()
    return world
