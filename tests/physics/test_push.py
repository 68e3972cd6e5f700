"""Pushes: when they act and what they add up to."""

import numpy as np
import pytest

from dmi_sim.arrays import Vector
from dmi_sim.physics.push import Push, horizontal_push
from tests.mechanics import WorldFactory, angular_momentum, in_the_air


def test_a_push_acts_from_its_start_until_just_before_its_end() -> None:
    push = Push(3, 1.0, 0.5, np.zeros(3))
    acts = [push.acts_at(time) for time in (0.99, 1.0, 1.49, 1.5)]
    assert acts == [False, True, True, False]


@pytest.mark.parametrize(
    ("heading_rad", "direction"),
    [(0.0, [1, 0, 0]), (np.pi / 2, [0, 1, 0]), (np.pi, [-1, 0, 0])],
)
def test_a_level_push_has_its_impulse_and_heading(heading_rad: float, direction: Vector) -> None:
    push = horizontal_push(3, 0.0, 0.2, 1.5, heading_rad)
    assert push.force_world * push.duration_s == pytest.approx(1.5 * np.array(direction))


@pytest.mark.parametrize("segment", [0, 3, 4, 12])
def test_the_body_gains_the_impulse_of_a_push_wherever_it_acts(
    worlds_at: WorldFactory, segment: int
) -> None:
    setup, world = worlds_at(7)
    push = horizontal_push(segment, 0.1, 0.1, 0.8, 0.7)
    world.reset(in_the_air(world.start), pushes=(push,))
    world.advance(60)
    gained = setup.infant.mass_kg * world.observe().com_velocity_m_s
    expected = push.force_world * push.duration_s
    assert gained[:2] == pytest.approx(expected[:2], rel=0.02)


@pytest.mark.parametrize("fallen_s", [0.0, 1.0, 3.0])
@pytest.mark.parametrize("segment", [0, 3, 4, 7, 12])
def test_a_push_turns_the_body_by_its_lever_however_fast_it_falls(
    worlds_at: WorldFactory, segment: int, fallen_s: float
) -> None:
    setup, world = worlds_at(7)
    world.reset(in_the_air(world.start))
    world.advance(round(240 * fallen_s))
    before = world.observe()
    world.push(segment, np.array([0.2, 0.1, 0.0]), 1 / 240)
    world.advance(1)
    after, own = world.observe(), np.array(setup.infant.ordered_segments[segment].com_m)
    centre = before.segment_pos_world[segment] + before.segment_matrix_world[segment] @ own
    lever_m = centre - before.com_m
    turned = angular_momentum(setup.infant, after) - angular_momentum(setup.infant, before)
    assert turned == pytest.approx(np.cross(lever_m, [0.2, 0.1, 0.0]), abs=2e-3)


def test_the_state_shows_a_push_where_it_acts(worlds_at: WorldFactory) -> None:
    setup, world = worlds_at(7)
    push = horizontal_push(3, 0.1, 0.1, 0.8, 0.0)
    world.reset(world.start, pushes=(push,))
    assert world.observe().push_force_world.tolist() == [0, 0, 0]
    world.advance(36)
    state, chest = world.observe(), np.array(setup.infant.ordered_segments[3].com_m)
    assert state.push_force_world == pytest.approx(push.force_world)
    centre = state.segment_pos_world[3] + state.segment_matrix_world[3] @ chest
    assert state.push_pos_world == pytest.approx(centre)
