"""Conduction delays: senses and reflexes are exactly as old as the delay says."""

import numpy as np
import pytest

from dmi_sim.nervous.delay import (
    SensoryDelayBuffer,
    delay_steps,
    sampling_schedule,
    slot_of,
)

PHYSICS_HZ, CONTROL_HZ = 240, 30


def age_of_senses(delay: int, control_steps: int = 20) -> list[int]:
    """Physics steps between sampling and use, in each control step once the buffer is full."""
    step, waiting = sampling_schedule(delay / PHYSICS_HZ, PHYSICS_HZ, CONTROL_HZ)
    buffer, now, ages = SensoryDelayBuffer(waiting, np.array([0.0])), 0, list[int]()
    for _ in range(control_steps):
        buffer.push(np.array([float(now + step)]))
        now += PHYSICS_HZ // CONTROL_HZ
        ages.append(now - int(buffer.delayed[0]))
    return ages[waiting:]


@pytest.mark.parametrize("delay", range(40))
def test_senses_are_exactly_as_old_as_the_delay(delay: int) -> None:
    assert set(age_of_senses(delay)) == {delay}


@pytest.mark.parametrize("delay_s", [0.0, 0.001, 0.07, 0.1, 1.0])
def test_sampling_happens_within_the_control_step(delay_s: float) -> None:
    step, waiting = sampling_schedule(delay_s, PHYSICS_HZ, CONTROL_HZ)
    assert 1 <= step <= PHYSICS_HZ // CONTROL_HZ
    assert waiting >= 0


def test_until_the_first_sample_has_passed_the_buffer_the_initial_one_arrives() -> None:
    buffer = SensoryDelayBuffer(2, np.array([9.0]))
    arrived = [float(buffer.delayed[0])]
    for sample in (1.0, 2.0, 3.0, 4.0):
        buffer.push(np.array([sample]))
        arrived.append(float(buffer.delayed[0]))
    assert arrived == [9.0, 9.0, 9.0, 1.0, 2.0]


@pytest.mark.parametrize("length", [5, 8])
def test_the_slot_of_a_ring_buffer_holds_what_was_written_a_delay_ago(length: int) -> None:
    buffer = np.full(length, -1)
    for step in range(30):
        buffer[slot_of(step, 0, length)] = step
        for delay in range(min(step + 1, length)):
            assert buffer[slot_of(step, delay, length)] == step - delay


def test_delays_are_rounded_to_the_nearest_physics_step() -> None:
    delays = delay_steps((0.0, 0.004, 0.0167, 0.1), 1 / PHYSICS_HZ)
    assert delays.tolist() == [0, 1, 4, 24]
    assert delay_steps((0.0167,), 1 / 960).tolist() == [16]
