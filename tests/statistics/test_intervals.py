"""Intervals of few paired infants: closed forms, agreement with scipy, honest edges."""

import numpy as np
import pytest
from scipy import stats

from dmi_sim.statistics.intervals import (
    Estimate,
    bootstrap_interval,
    covering,
    interquartile_mean,
    mean_over_dose,
    probability_of_improvement,
    proportion,
    t_interval,
    welch_interval,
)
from dmi_sim.statistics.p_values import paired_p_value

TEN = np.array([1.2, 0.4, -0.3, 2.1, 0.9, 1.7, 0.2, 1.1, 0.6, 1.5])
THREE = np.array([0.5, 1.0, 2.1])


def rng() -> np.random.Generator:
    return np.random.default_rng(0)


def verdict_interval(differences: np.ndarray) -> Estimate:
    return covering(t_interval(differences), bootstrap_interval(differences, rng()))


@pytest.mark.parametrize("differences", [THREE, TEN, -TEN])
def test_t_interval_and_p_value_follow_their_closed_forms(differences: np.ndarray) -> None:
    freedom = len(differences) - 1
    error = np.std(differences, ddof=1) / np.sqrt(len(differences))
    half = stats.t.ppf(0.975, freedom) * error
    found, mean = t_interval(differences), np.mean(differences)
    closed = pytest.approx((mean, mean - half, mean + half), rel=1e-12)
    assert (found.value, found.low, found.high) == closed
    p_value = 2 * stats.t.sf(abs(mean) / error, freedom)
    assert paired_p_value(differences) == pytest.approx(p_value, rel=1e-12)


def test_bootstrap_of_ten_infants_is_close_to_the_t_interval() -> None:
    student, resampled = t_interval(TEN), bootstrap_interval(TEN, rng())
    assert resampled.low == pytest.approx(student.low, abs=0.15)
    assert resampled.high == pytest.approx(student.high, abs=0.15)


def test_bootstrap_repeats_itself_for_the_same_generator() -> None:
    assert bootstrap_interval(TEN, rng()) == bootstrap_interval(TEN, rng())


def test_bootstrap_of_three_infants_cannot_leave_what_was_seen_and_the_verdict_can() -> None:
    resampled, verdict = bootstrap_interval(THREE, rng()), verdict_interval(THREE)
    assert 0.5 <= resampled.low < resampled.high <= 2.1
    assert verdict.low < 0 < 2.1 < verdict.high


@pytest.mark.parametrize("infants", [3, 5])
def test_verdict_interval_holds_the_truth_in_95_of_100_studies_even_with_few_infants(
    infants: int,
) -> None:
    studies = np.random.default_rng(1).normal(1.0, 1.0, size=(150, infants))
    alone = np.mean([bootstrap_interval(one, rng()).contains(1.0) for one in studies])
    covered = np.mean([verdict_interval(one).contains(1.0) for one in studies])
    assert covered >= 0.92
    assert alone < 0.90


@pytest.mark.parametrize("value", [0.0, 0.1, 1 / 3])
def test_identical_differences_give_an_interval_without_width(value: float) -> None:
    found = verdict_interval(np.full(4, value))
    assert (found.low, found.high) == pytest.approx((value, value))
    assert paired_p_value(np.full(4, value)) == (1.0 if value == 0 else 2 / 2**4)


def test_nearly_identical_differences_do_not_warn() -> None:
    bootstrap_interval(np.array([0.1 + 0.2, 0.3, 0.3]), rng())


@pytest.mark.parametrize("infants", [0, 1])
def test_one_infant_or_none_gives_no_interval_and_an_unknown_interval_excludes_nothing(
    infants: int,
) -> None:
    found = verdict_interval(np.ones(infants))
    assert not found.known
    assert found.contains(0.0)
    assert np.isnan(paired_p_value(np.ones(infants)))


def test_interquartile_mean_cuts_a_quarter_on_either_side() -> None:
    assert interquartile_mean(np.array([-100.0, 1.0, 3.0, 100.0])) == 2.0
    assert interquartile_mean(np.array([1.0, 3.0, 8.0])) == 4.0
    assert np.isnan(interquartile_mean(np.array([])))


def test_chance_of_improvement_counts_ties_half_with_the_exact_interval() -> None:
    found = probability_of_improvement(np.array([2.0, 2.0, 1.0, 0.0]), np.array([1, 1, 1, 1.0]))
    assert found.value == pytest.approx(2.5 / 4)


@pytest.mark.parametrize("successes", range(6))
def test_a_proportion_has_the_exact_interval(successes: int) -> None:
    exact = stats.binomtest(successes, 5).proportion_ci(method="exact")
    found = proportion(successes, 5)
    assert found.value == successes / 5
    assert (found.low, found.high) == pytest.approx((exact.low, exact.high), abs=1e-9)


def test_half_a_success_lies_between_none_and_one_and_no_trial_tells_nothing() -> None:
    none, half, one = (proportion(successes, 4) for successes in (0, 0.5, 1))
    assert none.low == 0 < half.low < one.low
    assert none.high < half.high < one.high
    assert not proportion(0, 0).known


def test_three_of_three_infants_are_no_certainty() -> None:
    found = probability_of_improvement(THREE, np.zeros(3))
    exact = stats.binomtest(3, 3).proportion_ci(method="exact")
    assert (found.value, found.low, found.high) == pytest.approx((1.0, exact.low, 1.0))
    assert probability_of_improvement(np.zeros(3), THREE).high == pytest.approx(1 - exact.low)


def test_mean_over_dose_is_the_area_over_the_width() -> None:
    dose, values = np.array([0.0, 1.0, 4.0]), np.array([2.0, 4.0, 4.0])
    assert mean_over_dose(dose, values) == pytest.approx((3.0 * 1 + 4.0 * 3) / 4)
    assert mean_over_dose(dose[::-1], values[::-1]) == pytest.approx(15 / 4)


def test_mean_over_dose_of_one_checkpoint_is_its_value() -> None:
    assert mean_over_dose(np.array([1.0]), np.array([3.0])) == 3.0
    assert np.isnan(mean_over_dose(np.array([]), np.array([])))


def test_the_interval_between_two_groups_is_welchs() -> None:
    other = TEN[:4] + 1
    found = welch_interval(TEN, other)
    errors = [np.var(group, ddof=1) / len(group) for group in (TEN, other)]
    freedom = sum(errors) ** 2 / (errors[0] ** 2 / 9 + errors[1] ** 2 / 3)
    half = stats.t.ppf(0.975, freedom) * np.sqrt(sum(errors))
    mean = np.mean(TEN) - np.mean(other)
    assert (found.value, found.low, found.high) == pytest.approx((mean, mean - half, mean + half))


def test_groups_of_one_infant_have_no_interval_and_groups_without_spread_one_without_width() -> (
    None
):
    assert not welch_interval(np.ones(1), TEN).known
    assert welch_interval(np.ones(3), np.full(4, 3.0)) == Estimate(-2.0, -2.0, -2.0)
