"""The Hodges-Lehmann estimate against brute force and against scipy's exact signed-rank test."""

import numpy as np
import pytest
from scipy import stats

from dmi_sim.statistics.intervals import t_interval
from dmi_sim.statistics.p_values import ALPHA, FEWEST_TO_DECIDE
from dmi_sim.statistics.robust import hodges_lehmann, signed_rank_distribution

TEN = np.array([1.21, 0.43, -0.32, 2.14, 0.95, 1.76, 0.27, 1.18, 0.69, 1.52])


def test_the_estimate_is_the_median_of_the_means_of_all_pairs() -> None:
    means = [(TEN[i] + TEN[j]) / 2 for i in range(10) for j in range(i, 10)]
    assert hodges_lehmann(TEN).value == pytest.approx(np.median(means))


def exact_p(differences: np.ndarray) -> float:
    found = stats.wilcoxon(differences, method="exact")
    return float(found.pvalue)  # pyright: ignore[reportAttributeAccessIssue] - unknown to its types


@pytest.mark.parametrize("infants", [6, 8, 10, 13])
def test_the_interval_holds_what_the_exact_signed_rank_test_does_not_reject(infants: int) -> None:
    differences = np.random.default_rng(infants).normal(0.5, 1.0, size=infants)
    found = hodges_lehmann(differences)
    for limit, inwards in ((found.low, 1e-6), (found.high, -1e-6)):
        inside, outside = (differences - limit - step for step in (inwards, -inwards))
        assert exact_p(inside) > ALPHA
        assert exact_p(outside) <= ALPHA


@pytest.mark.parametrize("infants", range(1, 12))
def test_the_signed_rank_distribution_is_that_of_all_signs(infants: int) -> None:
    signs = np.array(np.meshgrid(*[[0, 1]] * infants)).reshape(infants, -1)
    sums = np.arange(1, infants + 1) @ signs
    counted = np.bincount(sums, minlength=infants * (infants + 1) // 2 + 1) / 2**infants
    assert signed_rank_distribution(infants) == pytest.approx(counted)


@pytest.mark.parametrize("infants", range(FEWEST_TO_DECIDE))
def test_fewer_than_six_infants_have_no_interval(infants: int) -> None:
    assert not hodges_lehmann(TEN[:infants]).known


def test_six_infants_have_the_interval_from_the_smallest_to_the_largest_difference() -> None:
    found = hodges_lehmann(TEN[:FEWEST_TO_DECIDE])
    assert (found.low, found.high) == (-0.32, 2.14)


def test_many_infants_have_the_interval_that_counting_would_give_and_soon() -> None:
    differences = np.random.default_rng(1).normal(size=250)
    counted = np.searchsorted(np.cumsum(signed_rank_distribution(250)), 0.025, side="right")
    means = np.sort(
        [(differences[i] + differences[j]) / 2 for i in range(250) for j in range(i, 250)]
    )
    found = hodges_lehmann(differences)
    assert found.low == pytest.approx(means[counted - 1], abs=1e-3)
    assert found.high == pytest.approx(means[-counted], abs=1e-3)


def test_one_infant_far_off_moves_the_mean_and_hardly_the_estimate() -> None:
    far = np.append(TEN[:-1], -30.0)
    assert t_interval(far).value < -2
    assert abs(hodges_lehmann(far).value - hodges_lehmann(TEN).value) < 0.3


def test_the_estimate_changes_sign_with_the_order_of_the_arms() -> None:
    there, back = hodges_lehmann(TEN), hodges_lehmann(-TEN)
    assert (there.value, there.low, there.high) == (-back.value, -back.high, -back.low)
