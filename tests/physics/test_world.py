"""The world: what it refuses, what it reports, how it heals."""

import pickle
from dataclasses import fields, replace

import numpy as np
import pytest

from dmi_sim.anatomy import SEGMENTS
from dmi_sim.arrays import Vector
from dmi_sim.env.config import EnvBuild
from dmi_sim.nervous.motor_command import MotorCommand, equilibrium_command
from dmi_sim.nervous.sensorimotor import with_sensory_delay
from dmi_sim.physics.pose import Pose
from dmi_sim.physics.world import World
from tests.mechanics import WorldFactory, floor_force_n, in_the_air, run, tone
from tests.physics.bullet_access import corrupt


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("field", ["excitation", "length"])
def test_a_command_that_is_no_number_never_reaches_bullet(
    worlds_at: WorldFactory, field: str, value: float
) -> None:
    _, world = worlds_at(7)
    world.reset(world.start)
    command = tone(world)
    getattr(command, field)[3] = value
    with pytest.raises(ValueError, match="not all finite"):
        world.begin_control_step(command)
    assert not world.has_physics_fault


def test_a_command_with_a_number_for_other_muscles_never_reaches_the_engine(
    worlds_at: WorldFactory,
) -> None:
    _, world = worlds_at(7)
    world.reset(world.start)
    command = equilibrium_command(world.infant.muscles, world.start.angle_rad)
    for fewer in (command.length[:-1], np.append(command.length, 1.0)):
        with pytest.raises(ValueError, match="each of 70 muscles"):
            world.begin_control_step(MotorCommand(command.excitation, fewer))


def test_a_number_that_is_none_stops_the_episode_and_the_next_is_whole(
    worlds_at: WorldFactory,
) -> None:
    _, world = worlds_at(7)
    world.reset(world.start)
    world.advance(4)
    corrupt(world)
    stopped_at = world.time_s
    world.advance(100)
    assert world.has_physics_fault
    assert world.time_s == stopped_at
    world.reset(world.start)
    assert not world.has_physics_fault
    world.advance(240)
    assert floor_force_n(world) == pytest.approx(world.weight_n, rel=0.5)


def test_joints_faster_than_any_infants_are_a_fault(worlds_at: WorldFactory) -> None:
    _, world = worlds_at(7)
    violent = replace(world.start, angle_rad=world.start.angle_rad.copy())
    violent.angle_rad[:] = 3.0  # every joint far beyond its range
    world.reset(in_the_air(violent))
    world.advance(480)
    assert world.has_physics_fault
    world.reset(world.start)
    assert not world.has_physics_fault


def test_an_episode_starts_at_rest_without_activation(worlds_at: WorldFactory) -> None:
    _, world = worlds_at(7)
    state = run(world, world.start, 0.5)[-1]
    assert state.activation.max() > 0
    world.reset(world.start)
    state = world.observe()
    assert world.time_s == state.time_s == 0.0
    assert state.activation.tolist() == [0.0] * len(world.infant.muscles.names)
    assert np.abs(state.joint_velocity_rad_s).max() == 0
    assert state.support_force_world.shape == (0, 3)
    assert state.support_force_n == state.support_share == 0.0


def test_time_is_the_number_of_steps(worlds_at: WorldFactory) -> None:
    _, world = worlds_at(7)
    world.reset(world.start)
    world.advance(36)
    assert world.time_s == pytest.approx(0.15)
    assert world.observe().time_s == world.time_s


def test_the_state_agrees_with_itself(worlds_at: WorldFactory) -> None:
    setup, world = worlds_at(7)
    state = run(world, world.start, 0.8)[-1]
    trunk = state.segment_pos_world[4] - state.segment_pos_world[0]
    assert state.upright_rad == pytest.approx(np.arccos(trunk[2] / np.linalg.norm(trunk)))
    head = setup.infant.segments["head"]
    centre = state.segment_pos_world[4] + state.segment_matrix_world[4] @ head.com_m
    assert state.head_height_m == pytest.approx(centre[2])
    assert 0 < state.com_m[2] < state.head_height_m
    gram = np.einsum("sij,skj->sik", state.segment_matrix_world, state.segment_matrix_world)
    assert gram == pytest.approx(np.tile(np.eye(3), (15, 1, 1)))


def test_segments_turn_in_their_own_frames(worlds_at: WorldFactory) -> None:
    """Between two snapshots, as the attitude of a segment from the first to the second."""
    _, world = worlds_at(7)
    run(world, world.start, 0.6)
    before = world.observe()
    world.advance(1)
    after = world.observe()
    for s in range(15):
        turn = before.segment_matrix_world[s].T @ after.segment_matrix_world[s]
        spin = np.array([turn[2, 1] - turn[1, 2], turn[0, 2] - turn[2, 0], turn[1, 0] - turn[0, 1]])
        assert spin / 2 / world.dt_s == pytest.approx(
            after.segment_angular_velocity_own[s], abs=0.02
        )


def test_a_snapshot_does_not_change_when_time_goes_on(worlds_at: WorldFactory) -> None:
    _, world = worlds_at(7)
    world.reset(world.start)
    before = world.observe()
    angles, com = before.joint_angle_rad.copy(), before.com_m.copy()
    world.advance(48)
    assert (before.joint_angle_rad == angles).all()
    assert (before.com_m == com).all()
    assert before.activation.max() == 0


@pytest.mark.parametrize("age_months", [0, 7, 24])
def test_the_start_pose_touches_the_floor_and_not_itself(
    worlds_at: WorldFactory, age_months: float
) -> None:
    _, world = worlds_at(age_months)
    world.reset(world.start)
    world.advance(1)
    contacts = world.contacts()
    assert not any(contact.is_own for contact in contacts)
    assert {SEGMENTS[contact.segment].kind for contact in contacts} >= {"pelvis"}


@pytest.mark.parametrize("age_months", [0, 7, 24])
def test_the_start_pose_is_upright_and_even(worlds_at: WorldFactory, age_months: float) -> None:
    setup, world = worlds_at(age_months)
    world.reset(world.start)
    state = world.observe()
    assert state.upright_rad < np.radians(2)
    assert abs(state.com_m[1]) < 1e-3 * setup.infant.length_m
    assert world.start.angle_rad == pytest.approx(setup.start.angle_rad)


def test_an_episode_begins_with_the_command_to_hold_the_pose_it_starts_in(
    worlds_at: WorldFactory,
) -> None:
    _, world = worlds_at(7)
    bent = replace(world.start, angle_rad=world.start.angle_rad + 0.1)
    ends: list[list[float]] = []
    for again in (False, True):
        world.reset(bent)
        if again:
            world.begin_control_step(equilibrium_command(world.infant.muscles, bent.angle_rad))
        world.advance(40)
        ends.append(world.observe().joint_angle_rad.tolist())
    assert ends[0] == ends[1]


def moving_infant(world: World, steps: int) -> tuple[Vector, Vector]:
    """Angles and rates of an infant let go, by physics step, shape (steps + 1, 34)."""
    world.reset(world.start)
    states = [world.observe()]
    for _ in range(steps):
        world.advance(1)
        states.append(world.observe())
    angles, rates = zip(*((s.joint_angle_rad, s.joint_velocity_rad_s) for s in states), strict=True)
    return np.array(angles), np.array(rates)


@pytest.mark.parametrize("age_months", [0, 24])
def test_every_joint_is_felt_as_it_was_one_nerve_ago(
    worlds_at: WorldFactory, age_months: float
) -> None:
    setup, world = worlds_at(age_months)
    angles, rates = moving_infant(world, 60)
    late = np.array(setup.infant.nervous.proprioceptive_delay_s)
    then = 60 - np.round(late / world.dt_s).astype(int)
    felt_angle, felt_rate = world.proprioception()
    assert (felt_angle == angles[then, range(34)]).all()
    assert (felt_rate == rates[then, range(34)]).all()
    assert np.unique(then).size > 1  # parts of the body differ


def test_without_delay_joints_are_felt_as_they_are(worlds_at: WorldFactory) -> None:
    setup, _ = worlds_at(7)
    quick = replace(setup.infant, nervous=with_sensory_delay(setup.infant.nervous, 0.0))
    world = World(quick, setup.start, 240)
    angles, rates = moving_infant(world, 20)
    felt_angle, felt_rate = world.proprioception()
    assert (felt_angle == angles[-1]).all()
    assert (felt_rate == rates[-1]).all()
    world.close()


def test_before_anything_arrives_the_start_is_felt(worlds_at: WorldFactory) -> None:
    _, world = worlds_at(7)
    run(world, world.start, 0.5)
    bent = replace(world.start, angle_rad=world.start.angle_rad + 0.1)
    world.reset(bent)
    for _ in range(2):
        angle, rate = world.proprioception()
        assert (angle == bent.angle_rad).all()
        assert (rate == 0).all()
        world.advance(4)


def test_a_joint_without_sensation_seems_to_rest_at_its_start(worlds_at: WorldFactory) -> None:
    setup, _ = worlds_at(7)
    numb = tuple(float(i != 3) for i in range(34))
    infant = replace(setup.infant, nervous=replace(setup.infant.nervous, sensation=numb))
    world = World(infant, setup.start, 240)
    moving_infant(world, 60)
    angle, rate = world.proprioception()
    assert angle[3] == world.start.angle_rad[3]
    assert rate[3] == 0
    assert (np.delete(rate, 3) != 0).all()
    world.close()


def test_the_skin_of_the_seat_feels_the_weight(worlds_at: WorldFactory) -> None:
    _, world = worlds_at(7)
    world.reset(world.start)
    world.advance(8)
    contact_force = world.contact_force()
    assert contact_force.shape == (15,)
    assert contact_force.sum() == pytest.approx(floor_force_n(world) / world.weight_n)
    run(world, world.start, 8.0)
    assert world.contact_force().sum() == pytest.approx(1.0, rel=0.05)
    world.reset(in_the_air(world.start))
    world.advance(8)
    assert (world.contact_force() == 0).all()


def test_noise_of_the_muscles_changes_what_follows_and_ends_with_its_command(
    worlds_at: WorldFactory,
) -> None:
    _, world = worlds_at(7)
    n, ends = len(world.infant.muscles.names), list[list[float]]()
    for noise in (None, np.zeros(n), np.full(n, 0.3)):
        world.reset(world.start)
        world.begin_control_step(tone(world), noise)
        world.advance(48)
        ends.append(world.observe().activation.tolist())
    assert ends[0] == ends[1] != ends[2]


def test_a_closed_world_refuses_and_may_be_closed_twice(worlds_at: WorldFactory) -> None:
    setup, _ = worlds_at(7)
    world = closed_world(setup, setup.start)
    world.close()
    with pytest.raises(RuntimeError, match="closed"):
        world.reset(world.start)


def closed_world(setup: EnvBuild, start: Pose) -> World:
    world = World(setup.infant, start, 240)
    world.close()
    return world


def test_observing_changes_nothing_and_gives_the_same_again(worlds_at: WorldFactory) -> None:
    """With hands, a push and muscles at work; the state is another object each time."""
    setup, world = worlds_at(7)
    ends: list[bytes] = []
    for looks in (0, 3):
        world.reset(world.start, setup.support("waist", 1.0))
        world.begin_control_step(tone(world))
        world.push(3, np.array([0.0, 0.5, 0.0]), 0.1)
        for _ in range(10):
            world.advance(2)
            seen = [pickle.dumps(world.observe()) for _ in range(looks)]
            assert len(set(seen)) == min(looks, 1)
        ends.append(pickle.dumps(world.observe()))
    assert ends[0] == ends[1]


def test_what_a_user_does_to_a_snapshot_does_not_reach_the_world(worlds_at: WorldFactory) -> None:
    setup, world = worlds_at(7)
    ends: list[bytes] = []
    for is_spoilt in (False, True):
        world.reset(world.start, setup.support("waist", 1.0))
        world.begin_control_step(tone(world))
        world.advance(8)
        state = world.observe()
        if is_spoilt:
            for field in fields(state):
                value = getattr(state, field.name)
                if isinstance(value, np.ndarray) and value.flags.writeable:
                    value[...] = 7.0
        world.advance(8)
        ends.append(pickle.dumps(world.observe()))
    assert ends[0] == ends[1]


def test_listeners_are_told_of_every_physics_step_and_of_none_after_a_fault(
    worlds_at: WorldFactory,
) -> None:
    _, world = worlds_at(7)
    world.reset(world.start)
    first: list[float] = []
    second: list[float] = []
    with world.listening("first", lambda: first.append(world.time_s)):
        world.advance(2)
        with world.listening("second", lambda: second.append(world.time_s)):
            world.advance(1)
        world.advance(1)
        corrupt(world)
        world.advance(3)
    world.reset(world.start)
    world.advance(2)
    assert first == pytest.approx(np.arange(1, 5) * world.dt_s)
    assert second == pytest.approx([3 * world.dt_s])


def test_two_listeners_do_not_share_a_name_and_one_that_fails_is_gone(
    worlds_at: WorldFactory,
) -> None:
    _, world = worlds_at(7)
    world.reset(world.start)

    def fail() -> None:
        raise ZeroDivisionError

    with world.listening("ear", lambda: None):
        with pytest.raises(ValueError, match="'ear' listens already"), world.listening("ear", fail):
            pass
        world.advance(1)
    with pytest.raises(ZeroDivisionError), world.listening("ear", fail):
        world.advance(2)
    assert world.time_s == pytest.approx(2 * world.dt_s)  # the step before it was heard
    world.advance(1)
