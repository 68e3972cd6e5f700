"""Hedges' g of paired infants: closed forms and honest edges."""

import numpy as np
import pytest
from scipy import stats

from dmi_sim.statistics.effect_sizes import hedges_g

TEN = np.array([1.2, 0.4, -0.3, 2.1, 0.9, 1.7, 0.2, 1.1, 0.6, 1.5])


def test_hedges_g_follows_its_closed_form() -> None:
    first, second = np.array([3.0, 4.0, 5.0, 6.0]), np.array([1.0, 3.0, 2.0, 4.0])
    spread = np.sqrt((np.var(first, ddof=1) + np.var(second, ddof=1)) / 2)
    correction = np.sqrt(np.pi) / 2 / np.sqrt(1.5)  # gamma(3/2) / (sqrt(3/2) gamma(1))
    assert hedges_g(first, second).value == pytest.approx(2.0 / spread * correction)


def test_limits_of_hedges_g_put_the_t_that_was_seen_at_the_tails() -> None:
    first, second = TEN + 3, np.zeros(10) + np.linspace(-1, 1, 10)
    found = hedges_g(first, second)
    differences = first - second
    error = np.std(differences, ddof=1) / np.sqrt(10)
    per_noncentrality = found.value / (np.mean(differences) / error)
    for limit, tail in ((found.low, 0.975), (found.high, 0.025)):
        noncentrality = limit / per_noncentrality
        assert stats.nct.cdf(np.mean(differences) / error, 9, noncentrality) == pytest.approx(tail)


def test_hedges_g_changes_sign_with_the_order_of_the_arms() -> None:
    there, back = hedges_g(TEN, np.zeros(10)), hedges_g(np.zeros(10), TEN)
    assert (there.value, there.low) == pytest.approx((-back.value, -back.high))


@pytest.mark.parametrize("values", [[], [1.0], [1.0, 1.0, 1.0]])
def test_hedges_g_is_unknown_without_spread(values: list[float]) -> None:
    assert np.isnan(hedges_g(np.array(values), np.array(values)).value)
