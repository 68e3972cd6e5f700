"""p values of paired infants: closed forms, brute force, scipy, and what few infants can reach."""

from collections.abc import Callable
from itertools import product

import numpy as np
import pytest
from scipy import stats

from dmi_sim.statistics.p_values import (
    ALPHA,
    FEWEST_TO_DECIDE,
    equivalence_p_value,
    holm,
    paired_p_value,
    sign_flip_p_value,
    smallest_sign_flip_p,
    welch_p_value,
)

TEN = np.array([1.2, 0.4, -0.3, 2.1, 0.9, 1.7, 0.2, 1.1, 0.6, 1.5])
STUDIES = 2_000
AT_MOST_5_PERCENT = int(stats.binom.ppf(0.999, STUDIES, ALPHA))
"""As many of the studies may err by chance if each of them errs with 5 %."""


def rng() -> np.random.Generator:
    return np.random.default_rng(0)


def test_the_p_value_is_that_of_the_paired_test_of_two_arms() -> None:
    other = np.linspace(-1, 1, 10)
    paired = stats.ttest_rel(TEN + other, other)
    assert paired_p_value((TEN + other) - other) == pytest.approx(paired[1])


def test_holm_corrects_step_by_step_and_keeps_the_order() -> None:
    assert holm([0.01, 0.04, 0.03]) == pytest.approx((0.03, 0.06, 0.06))
    assert holm([0.9, 0.8]) == pytest.approx((1.0, 1.0))


def test_holm_does_not_count_comparisons_without_a_p_value() -> None:
    corrected = holm([0.02, float("nan"), 0.03])
    assert corrected[0] == pytest.approx(0.04)
    assert np.isnan(corrected[1])


def test_equivalence_is_the_harder_of_two_one_sided_tests() -> None:
    error = np.std(TEN, ddof=1) / np.sqrt(10)
    upper = stats.t.cdf((np.mean(TEN) - 2.0) / error, 9)
    lower = stats.t.sf((np.mean(TEN) + 2.0) / error, 9)
    assert equivalence_p_value(TEN, 2.0) == pytest.approx(max(upper, lower))


@pytest.mark.parametrize("infants", [2, 3, 6, 10])
def test_identical_differences_are_no_certainty(infants: int) -> None:
    """A t test would give p = 0: an outcome that is 0 or 1 for everybody has no spread to tell."""
    assert paired_p_value(np.ones(infants)) == smallest_sign_flip_p(infants)
    assert equivalence_p_value(np.full(infants, 0.5), 1.0) == 0.5**infants
    assert equivalence_p_value(np.full(infants, 1.5), 1.0) == 1.0
    assert equivalence_p_value(np.full(infants, 0.1), 0.1) == 1.0


# Sign flips


@pytest.mark.parametrize("infants", [2, 3, 6, 10])
def test_sign_flips_are_all_gone_through(infants: int) -> None:
    differences = TEN[:infants]
    flipped = [np.mean(differences * signs) for signs in product((1, -1), repeat=infants)]
    as_far = np.abs(flipped) >= abs(np.mean(differences)) - 1e-12
    assert sign_flip_p_value(differences, rng()) == pytest.approx(np.mean(as_far))


@pytest.mark.parametrize("infants", [2, 3, 5, 6, 10, 16, 40])
def test_infants_who_all_differ_the_same_way_reach_the_smallest_p(infants: int) -> None:
    differences = np.linspace(1.0, 2.0, infants)
    smallest = smallest_sign_flip_p(infants)
    assert sign_flip_p_value(differences, rng()) == pytest.approx(smallest, rel=1e-9)
    assert smallest == pytest.approx(max(2 / 2**infants, 2 / (2**16 + 1)))


def test_a_verdict_needs_as_many_infants_as_can_reach_it_without_a_bell_shape() -> None:
    assert (
        smallest_sign_flip_p(FEWEST_TO_DECIDE - 1) > ALPHA > smallest_sign_flip_p(FEWEST_TO_DECIDE)
    )


def test_sign_flips_of_many_infants_are_drawn_and_agree_with_the_t_test() -> None:
    differences = np.random.default_rng(3).normal(0.35, 1.0, size=40)
    found = sign_flip_p_value(differences, rng())
    assert found == pytest.approx(paired_p_value(differences), abs=0.01)
    assert found == sign_flip_p_value(differences, rng())


@pytest.mark.parametrize("zeros", [2, 6, 20])
def test_no_difference_in_any_infant_is_no_evidence_of_one(zeros: int) -> None:
    assert sign_flip_p_value(np.zeros(zeros), rng()) == 1.0


@pytest.mark.parametrize("infants", [0, 1])
def test_one_infant_or_none_has_no_p_value(infants: int) -> None:
    assert np.isnan(sign_flip_p_value(np.ones(infants), rng()))
    assert np.isnan(smallest_sign_flip_p(infants))
    assert np.isnan(welch_p_value(np.ones(infants), TEN))


def test_sign_flips_keep_their_level_where_some_infants_are_far_off() -> None:
    draws = np.random.default_rng(5).standard_cauchy(size=(600, 8))
    shown = sum(sign_flip_p_value(one, rng()) < ALPHA for one in draws)
    assert shown <= stats.binom.ppf(0.999, len(draws), ALPHA)


# Groups of different infants


def test_two_groups_are_compared_as_scipy_does_and_equal_groups_without_spread_are_equal() -> None:
    found = welch_p_value(TEN, TEN[:4] + 1)
    assert found == pytest.approx(stats.ttest_ind(TEN, TEN[:4] + 1, equal_var=False)[1])
    assert welch_p_value(np.ones(3), np.ones(4)) == 1.0
    apart = stats.permutation_test(
        (np.ones(3), np.full(4, 2.0)), lambda a, b: np.mean(a) - np.mean(b), n_resamples=10_000
    )
    assert welch_p_value(np.ones(3), np.full(4, 2.0)) == pytest.approx(apart.pvalue)


# Families of comparisons: how often a study claims what is not so


def three_groups(true: float, infants: int) -> list[np.ndarray]:
    """Differences of three comparisons that share no infant, (studies, infants) each."""
    draw = np.random.default_rng(11)
    return [draw.normal(true, 1.0, size=(STUDIES, infants)) for _ in range(3)]


def three_arms(true: float, infants: int) -> list[np.ndarray]:
    """Differences of three arms of the same infants, two of which differ by nothing."""
    draw = np.random.default_rng(12)
    first, second, third = (draw.normal(size=(STUDIES, infants)) for _ in range(3))
    return [first + true - second, first + true - third, second - third + true]


Family = Callable[[float, int], list[np.ndarray]]


def errors(family: list[np.ndarray], p_value: Callable[[np.ndarray], float]) -> tuple[int, int]:
    """Studies with a claim in some comparison: as each p value says, and as corrected ones do."""
    p_values = [[p_value(differences[k]) for differences in family] for k in range(STUDIES)]
    plain = sum(min(own) < ALPHA for own in p_values)
    return plain, sum(min(holm(own)) < ALPHA for own in p_values)


@pytest.mark.parametrize("family", [three_groups, three_arms])
@pytest.mark.parametrize("infants", [6, 10])
def test_arms_that_differ_by_the_margin_are_called_equivalent_in_5_of_100_studies_at_most(
    family: Family, infants: int
) -> None:
    margin = 1.0
    plain, corrected = errors(family(margin, infants), lambda d: equivalence_p_value(d, margin))
    assert corrected <= AT_MOST_5_PERCENT < plain


@pytest.mark.parametrize("family", [three_groups, three_arms])
@pytest.mark.parametrize("infants", [6, 10])
def test_arms_alike_are_called_different_in_5_of_100_studies_at_most(
    family: Family, infants: int
) -> None:
    plain, corrected = errors(family(0.0, infants), paired_p_value)
    assert corrected <= AT_MOST_5_PERCENT < plain
