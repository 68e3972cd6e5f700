"""Noise of senses and muscles is as large as it is said to be, and changes slowly."""

import math

import numpy as np
import pytest

from dmi_sim.nervous.slow_noise import WHITE, slow_noise


@pytest.mark.parametrize("time_constant_s", [0.0, 0.05, 0.2])
def test_noise_has_unit_variance_and_forgets_in_its_time_constant(time_constant_s: float) -> None:
    noise, random, step_s = slow_noise(time_constant_s, 1 / 30), np.random.default_rng(0), 1 / 30
    now, rows = None, []
    for _ in range(4000):
        now = noise.after(now, random.standard_normal(50))
        rows.append(now)
    values = np.array(rows)
    kept = math.exp(-step_s / time_constant_s) if time_constant_s else 0.0
    assert values.std() == pytest.approx(1.0, abs=0.02)
    assert np.mean(values[1:] * values[:-1]) == pytest.approx(kept, abs=0.02)


def test_white_noise_is_what_is_drawn() -> None:
    drawn = np.array([0.5, -1.0])
    assert WHITE.after(np.ones(2), drawn) is drawn
