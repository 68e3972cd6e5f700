"""Sample entropy of signals that are regular, random or neither."""

from math import erf, log

import numpy as np
import pytest

from dmi_sim.arrays import Vector
from dmi_sim.outcome.entropy import sample_entropy


def by_counting(signal: Vector, length: int, tolerance: float) -> float:
    """The definition, pair by pair."""
    reach = tolerance * float(np.std(signal))
    starts = range(len(signal) - length)

    def alike(samples: int) -> int:
        return sum(
            max(abs(signal[i + k] - signal[j + k]) for k in range(samples)) <= reach
            for i in starts
            for j in starts
            if i < j
        )

    return -log(alike(length + 1) / alike(length))


@pytest.mark.parametrize("length", [1, 2, 3])
@pytest.mark.parametrize("tolerance", [0.2, 0.5])
def test_it_is_what_counting_pair_by_pair_gives(length: int, tolerance: float) -> None:
    signal = np.cumsum(np.random.default_rng(0).normal(size=200))
    expected = by_counting(signal, length, tolerance)
    assert sample_entropy(signal, length, tolerance) == pytest.approx(expected)


def test_white_noise_comes_to_the_chance_that_two_samples_are_alike() -> None:
    signal = np.random.default_rng(1).normal(size=3_000)
    assert sample_entropy(signal) == pytest.approx(-log(erf(0.2 / 2)), abs=0.08)


def test_a_sine_is_regular_and_noise_on_it_makes_it_less_so() -> None:
    sine = np.sin(2 * np.pi * 0.5 * np.arange(300) / 30)
    noise = np.random.default_rng(2).normal(size=300)
    found = [sample_entropy(sine + share * noise) for share in (0.0, 0.1, 1.0)]
    assert found == sorted(found)
    assert found[0] < 0.3 < 1.2 < found[2]


def test_size_and_place_of_the_sway_do_not_count() -> None:
    signal = np.random.default_rng(3).normal(size=300)
    assert sample_entropy(0.004 * signal + 2) == pytest.approx(sample_entropy(signal), rel=1e-6)


def test_what_stands_still_has_none() -> None:
    assert np.isnan(sample_entropy(np.full(300, 0.1)))


def test_short_and_broken_signals_have_none() -> None:
    signal = np.random.default_rng(4).normal(size=300)
    assert np.isnan(sample_entropy(signal[:199]))
    assert np.isfinite(sample_entropy(signal[:200]))
    signal[150] = np.nan
    assert np.isnan(sample_entropy(signal))


def test_a_signal_that_never_comes_back_has_none() -> None:
    assert np.isnan(sample_entropy(np.arange(300.0) ** 3, tolerance=1e-9))
