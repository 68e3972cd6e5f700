"""Numbers of infants: against simulated studies, closed forms and published tables."""

from math import inf, isnan, nan

import numpy as np
import pytest
from scipy import stats

from dmi_sim.statistics.p_values import FEWEST_TO_DECIDE
from dmi_sim.statistics.sample_size import (
    SampleSize,
    infants_needed,
    paired_power,
    sample_size,
    spread_limits,
)


@pytest.mark.parametrize(("effect", "needed"), [(0.2, 199), (0.5, 34), (0.8, 15)])
def test_numbers_are_those_of_the_usual_tables(effect: float, needed: int) -> None:
    """G*Power 3: paired t test, two-sided, alpha 0.05, power 0.80."""
    assert infants_needed(effect, 1.0, 0.05, 0.8) == needed


@pytest.mark.parametrize("alpha", [0.05, 0.05 / 3])
@pytest.mark.parametrize("power", [0.8, 0.9])
@pytest.mark.parametrize("effect", [0.6, 1.0])
def test_so_many_infants_show_the_difference_as_often_as_promised_and_one_fewer_does_not(
    alpha: float, power: float, effect: float
) -> None:
    needed = int(infants_needed(effect, 1.0, alpha, power))
    assert paired_power(needed - 1, effect, 1.0, alpha) < power
    studies = 4_000
    draws = np.random.default_rng(8).normal(effect, 1.0, size=(studies, needed))
    errors = np.std(draws, axis=1, ddof=1) / np.sqrt(needed)
    limit = stats.t.ppf(1 - alpha / 2, needed - 1)
    shown = int(np.sum(np.abs(np.mean(draws, axis=1) / errors) > limit))
    low, high = stats.binom.ppf([0.001, 0.999], studies, paired_power(needed, effect, 1.0, alpha))
    assert low <= shown <= high
    assert shown >= stats.binom.ppf(0.001, studies, power)


def test_power_without_a_difference_is_the_level_and_grows_with_infants() -> None:
    assert paired_power(10, 0.0, 1.0, 0.05) == pytest.approx(0.05)
    powers = [paired_power(count, 0.5, 1.0, 0.05) for count in range(1, 60)]
    assert all(np.diff(powers) > 0)


@pytest.mark.parametrize("infants", [2, 3, 6, 31, 1001])
def test_power_is_a_probability_however_far_off_the_difference_is(infants: int) -> None:
    effects = np.array([0.01, 0.5, 1, 2, 5, 8, 10, 15, 20, 38, 60, 1000]) / np.sqrt(infants)
    powers = [paired_power(infants, effect, 1.0, 0.05 / 3) for effect in effects.tolist()]
    assert all(np.diff(powers) >= -1e-9)
    assert 0 < powers[0] <= powers[-1] <= 1


def test_the_sign_of_the_difference_does_not_matter() -> None:
    assert infants_needed(-0.5, 1.0, 0.05, 0.8) == infants_needed(0.5, 1.0, 0.05, 0.8)


def test_no_answer_is_below_the_number_that_may_decide_and_none_beyond_a_million() -> None:
    assert infants_needed(100.0, 1.0, 0.05, 0.8) == FEWEST_TO_DECIDE
    assert infants_needed(1.0, 0.0, 0.05, 0.8) == FEWEST_TO_DECIDE
    assert infants_needed(1e-5, 1.0, 0.05, 0.8) == inf
    assert isnan(infants_needed(1.0, nan, 0.05, 0.8))


@pytest.mark.parametrize("infants", [3, 10])
def test_the_limits_of_a_spread_hold_the_true_one_in_95_of_100_runs(infants: int) -> None:
    studies = 4_000
    draws = np.random.default_rng(9).normal(0.0, 2.0, size=(studies, infants))
    limits = [spread_limits(float(one), infants) for one in np.std(draws, axis=1, ddof=1)]
    held = sum(low <= 2.0 <= high for low, high in limits)
    assert stats.binom.ppf(0.001, studies, 0.95) <= held <= stats.binom.ppf(0.999, studies, 0.95)


@pytest.mark.parametrize("infants", [4, 10])
def test_the_limits_of_the_number_hold_the_true_one_in_95_of_100_runs(infants: int) -> None:
    runs, truth = 300, infants_needed(0.5, 1.0, 0.05, 0.8)
    draws = np.random.default_rng(10).normal(size=(runs, infants))
    spreads = np.std(draws, axis=1, ddof=1).tolist()
    found = [sample_size(0.5, spread, infants, 0.05, 0.8) for spread in spreads]
    held = sum(one.low <= truth <= one.high for one in found)
    assert stats.binom.ppf(0.001, runs, 0.95) <= held


def test_a_small_run_leaves_the_number_open_and_a_large_one_settles_it() -> None:
    small, large = (sample_size(0.5, 1.0, count, 0.05, 0.8) for count in (3, 60))
    assert small.value == large.value == 34
    assert small.low < large.low < 34 < large.high < small.high
    assert small.is_vague
    assert not large.is_vague
    assert SampleSize(nan, nan, nan).is_vague
