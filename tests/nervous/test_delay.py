"""Senses and reflexes are exactly as old as the delay says, whatever the delay."""

import numpy as np
import pytest

from dmi_sim.nervous.delay import (
    SensoryDelayBuffer,
    delay_steps,
    read_delay_buffer,
    sampling_schedule,
)

PHYSICS_HZ, CONTROL_HZ = 240, 30


def age_of_senses(delay_ticks: int, steps: int = 20) -> list[int]:
    """Ticks between sampling and use, for each control step of an episode long under way."""
    tick, waiting = sampling_schedule(delay_ticks / PHYSICS_HZ, PHYSICS_HZ, CONTROL_HZ)
    line, clock, ages = SensoryDelayBuffer(waiting, [np.array([0.0])]), 0, list[int]()
    for _ in range(steps):
        line.push([np.array([float(clock + tick)])])
        clock += PHYSICS_HZ // CONTROL_HZ
        ages.append(clock - int(line.delayed[0][0]))
    return ages[waiting:]


@pytest.mark.parametrize("delay_ticks", range(40))
def test_senses_are_exactly_as_old_as_the_delay(delay_ticks: int) -> None:
    assert set(age_of_senses(delay_ticks)) == {delay_ticks}


@pytest.mark.parametrize("delay_s", [0.0, 0.001, 0.07, 0.1, 1.0])
def test_sampling_happens_within_the_control_step(delay_s: float) -> None:
    tick, waiting = sampling_schedule(delay_s, PHYSICS_HZ, CONTROL_HZ)
    assert 1 <= tick <= PHYSICS_HZ // CONTROL_HZ
    assert waiting >= 0


def test_before_the_first_sample_arrives_nothing_new_is_felt() -> None:
    line = SensoryDelayBuffer(2, [np.array([9.0])])
    felt = [float(line.delayed[0][0])]
    for sample in (1.0, 2.0, 3.0, 4.0):
        line.push([np.array([sample])])
        felt.append(float(line.delayed[0][0]))
    assert felt == [9.0, 9.0, 9.0, 1.0, 2.0]


def test_a_sample_arrives_with_all_its_parts() -> None:
    line = SensoryDelayBuffer(1, [np.zeros(2), np.zeros(3)])
    line.push([np.ones(2), np.full(3, 2.0)])
    assert [part.size for part in line.delayed] == [2, 3]
    line.push([np.zeros(2), np.zeros(3)])
    assert [part[0] for part in line.delayed] == [1.0, 2.0]


@pytest.mark.parametrize("slots", [5, 8])
def test_a_ring_gives_back_what_was_so_many_steps_ago(slots: int) -> None:
    history, ago = np.zeros((slots, 2, 3)), np.array([0, 2, 4])
    first, second = np.empty(3), np.empty(3)
    for tick in range(30):
        history[tick % slots, 0] = tick
        history[tick % slots, 1] = -tick
        read_delay_buffer(history, tick, ago, first, second)
        if tick >= 4:
            assert first.tolist() == (tick - ago).tolist()
            assert second.tolist() == (ago - tick).tolist()


def test_delays_are_rounded_to_the_nearest_step() -> None:
    physics_steps = delay_steps((0.0, 0.004, 0.0167, 0.1), 1 / PHYSICS_HZ)
    assert physics_steps.tolist() == [0, 1, 4, 24]
    assert delay_steps((0.0167,), 1 / 960).tolist() == [16]
