"""Signals: actions within bounds, noise as large as told, and nothing passed over in silence."""

import numpy as np
import pytest
from numpy.typing import NDArray

from dmi_sim.arrays import Vector
from dmi_sim.nervous.signals import add_noise, bring_within


def noisy(felt: Vector, noise_sd: Vector, standard_normal: Vector) -> NDArray[np.float32]:
    out = np.empty(felt.size, np.float32)
    add_noise(felt, noise_sd, standard_normal, 5.0, out)
    return out


def test_noise_is_added_to_the_bit_and_kept_within_limits() -> None:
    random = np.random.default_rng(0)
    felt, noise_sd, drawn = (
        random.normal(0, 4, 500),
        random.uniform(0, 2, 500),
        random.normal(size=500),
    )
    expected = np.clip(felt + noise_sd * drawn, -5.0, 5.0).astype(np.float32)
    assert (np.abs(expected) == 5).sum() > 50
    assert noisy(felt, noise_sd, drawn).tolist() == expected.tolist()


@pytest.mark.parametrize("low", [-1.0, 0.0])
@pytest.mark.parametrize("place", [0, 1, 2])
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_no_bound_hides_a_number_that_is_not_finite(low: float, place: int, value: float) -> None:
    action = np.full(3, 0.5)
    action[place] = value
    assert not bring_within(action, low, 1.0)


def test_huge_numbers_count_as_the_bound() -> None:
    action = np.array([1e308, -1e308, 1e308, 0.25])
    assert bring_within(action, 0.0, 1.0)
    assert action.tolist() == [1.0, 0.0, 1.0, 0.25]


def test_what_is_no_number_stays_none() -> None:
    felt = np.array([np.nan, 1.0])
    assert np.isnan(noisy(felt, np.zeros(2), np.zeros(2))).tolist() == [True, False]
