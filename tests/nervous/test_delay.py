"""Senses are exactly as old as the delay says, whatever the delay."""

import numpy as np
import pytest

from dmi_sim.nervous.delay import DelayLine, sample_timing

PHYSICS_HZ, CONTROL_HZ = 240, 30


def age_of_senses(delay_ticks: int, steps: int = 20) -> list[int]:
    """Ticks between sampling and use, for each control step of an episode long under way."""
    tick, waiting = sample_timing(delay_ticks / PHYSICS_HZ, PHYSICS_HZ, CONTROL_HZ)
    line, clock, ages = DelayLine(waiting, np.array([0.0])), 0, list[int]()
    for _ in range(steps):
        line.push(np.array([float(clock + tick)]))
        clock += PHYSICS_HZ // CONTROL_HZ
        ages.append(clock - int(line.arrived[0]))
    return ages[waiting:]


@pytest.mark.parametrize("delay_ticks", range(40))
def test_senses_are_exactly_as_old_as_the_delay(delay_ticks: int) -> None:
    assert set(age_of_senses(delay_ticks)) == {delay_ticks}


@pytest.mark.parametrize("delay_s", [0.0, 0.001, 0.07, 0.1, 1.0])
def test_sampling_happens_within_the_control_step(delay_s: float) -> None:
    tick, waiting = sample_timing(delay_s, PHYSICS_HZ, CONTROL_HZ)
    assert 1 <= tick <= PHYSICS_HZ // CONTROL_HZ
    assert waiting >= 0


def test_before_the_first_sample_arrives_nothing_new_is_felt() -> None:
    line = DelayLine(2, np.array([9.0]))
    felt = [float(line.arrived[0])]
    for sample in (1.0, 2.0, 3.0, 4.0):
        line.push(np.array([sample]))
        felt.append(float(line.arrived[0]))
    assert felt == [9.0, 9.0, 9.0, 1.0, 2.0]
