"""The verdict words: what is claimed, of how many infants, and what is only described."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import count

import numpy as np
import pytest
from scipy import stats

from dmi_sim.report.comparisons import Comparison, Group, compare, corrected
from dmi_sim.report.labels import Measure
from dmi_sim.report.verdicts import decision, directions, headline, verdict
from dmi_sim.statistics.p_values import ALPHA, FEWEST_TO_DECIDE

GIRL = Group("typical", 0.5, 7.0, "female")
TITLES = {"a": "Hands at the pelvis", "b": "No hands"}
TIME = Measure("time upright", "s", "", "higher")
SIX = (-0.1, 0.1, 0.05, 0.0, -0.05, 0.12)
"""Differences of six infants, so small that their arms are equivalent within 1 s."""
CLAIMS = ("Difference shown", "difference was shown", "equivalent")
"""What no sentence about too few infants may say."""


def compared(differences: Sequence[float], margin: float = 1.0) -> Comparison:
    first = {seed: value + seed for seed, value in enumerate(differences)}
    second = {seed: float(seed) for seed in first}
    return compare(GIRL, ("a", "b"), (first, second), margin, np.random.default_rng(0))


def verdict_of(differences: Sequence[float], margin: float = 1.0) -> str:
    return verdict(compared(differences, margin), TITLES, TIME, margin)


def headline_of(*family: Sequence[float], margin: float = 1.0) -> str:
    return headline(corrected([compared(one, margin) for one in family]), TIME, margin)


def test_zero_inside_the_interval_is_no_difference_shown_and_says_what_is_still_possible() -> None:
    assert verdict_of([-1.0, 0.5, 3.0, -2.0, 1.0, 2.0]).startswith(
        "No difference shown; differences of up to 2.5 s are not ruled out (±1 s would not matter)"
    )


def test_alike_arms_are_called_equivalent_only_if_tested_so() -> None:
    assert verdict_of(SIX) == "No difference shown, and the arms are equivalent within ±1 s."
    assert "not ruled out" in verdict_of([10 * one for one in SIX])


def test_a_difference_names_the_arm_with_more_whichever_it_is() -> None:
    more = [3.0, 3.1, 2.9, 3.2, 2.8, 3.0]
    assert verdict_of(more) == (
        "Difference shown: time upright is higher after practice with hands at the pelvis."
    )
    assert "with no hands" in verdict_of([-one for one in more])


def test_a_difference_that_would_not_matter_is_called_so() -> None:
    assert verdict_of([0.30, 0.31, 0.29, 0.30, 0.32, 0.28]).endswith(
        "but less than the 1 s that would matter."
    )


def test_a_difference_that_does_not_survive_correction_is_not_shown() -> None:
    held = replace(compared([2.0, 3.0, 4.0, 1.0, 2.5, 3.5]), p_holm=0.06)
    words = verdict(held, TITLES, TIME, 1.0)
    assert words.startswith("No difference shown after correction for the number of comparisons")
    assert "(p = 0.060)" in words


def test_equivalence_that_does_not_survive_correction_is_not_called_so() -> None:
    """Of three comparisons, one at p = 0.02 is not enough."""
    alone = compared([0.82, -0.82] * 3)
    assert alone.p_equivalent == pytest.approx(0.021, abs=0.001)
    assert decision(alone, 1.0) == "equivalence"
    among_three = corrected([alone, *[compared([-3.0, 3.0, 2.0, -2.0, 1.0, 0.0])] * 2])[0]
    assert among_three.p_equivalent_holm == pytest.approx(3 * alone.p_equivalent)
    assert decision(among_three, 1.0) == "undecided"


def test_equivalence_needs_the_whole_interval_inside_the_margin() -> None:
    one = compared([0.97, -0.97] * 3)
    assert one.p_equivalent < ALPHA
    assert one.difference.high > 1.0
    assert decision(one, margin=1.0) == "undecided"


def test_one_infant_far_off_is_said_where_the_robust_interval_holds_zero() -> None:
    shown = compared([3.0, 3.1, 2.9, 3.2, 2.8, 3.0])
    doubtful = replace(shown, robust=replace(shown.robust, low=-0.1))
    words = verdict(doubtful, TITLES, TIME, 1.0)
    assert "but not without taking differences for bell-shaped (sign-flip p = 0.031" in words
    assert "bell-shaped" not in verdict(shown, TITLES, TIME, 1.0)


@pytest.mark.parametrize(("differences", "word"), [([], "no"), ([2.0], "1")])
def test_one_infant_or_none_gives_no_verdict(differences: list[float], word: str) -> None:
    assert verdict_of(differences).startswith(f"No verdict: {word} infant")


def test_identical_differences_of_zero_are_no_difference() -> None:
    assert "no difference shown" in verdict_of([0.0] * 3)
    assert verdict_of([0.0] * 6).startswith("No difference shown")


# Few infants describe, they do not decide


@pytest.mark.parametrize("infants", range(2, FEWEST_TO_DECIDE))
@pytest.mark.parametrize("shift", [0.0, 5.0, -5.0])
@pytest.mark.parametrize("spread", [0.001, 1.0])
def test_fewer_than_six_infants_get_no_verdict_however_clear_they_are(
    infants: int, shift: float, spread: float
) -> None:
    differences = [shift + spread * (-1) ** k for k in range(infants)]
    words = f"{verdict_of(differences)} {headline_of(differences, differences)}"
    assert [claim for claim in CLAIMS if claim in words] == []
    assert f"Seen in {infants} infants, too few to decide" in words
    assert f"A description of {infants} infants, not a verdict" in words


def test_a_description_says_what_was_seen() -> None:
    assert verdict_of([3.0, 3.1, 2.9]) == (
        "Seen in 3 infants, too few to decide: "
        "time upright was higher after practice with hands at the pelvis."
    )
    assert "no difference shown; differences of up to 5.9 s" in verdict_of([-1.0, 0.5, 3.0])


# The headline


def test_the_headline_counts_what_was_decided() -> None:
    different = [3.0, 3.1, 2.9, 3.2, 2.8, 3.0]
    unclear = [-3.0, 3.0, 2.0, -2.0, 1.0, 0.0]
    assert headline_of(unclear, unclear) == "No difference shown between any of the arms."
    assert headline_of(different) == "A difference was shown in 1 of 1 comparison."
    assert headline_of(different, SIX, unclear) == (
        "A difference was shown in 1 of 3 comparisons, corrected for their number; "
        "1 of 3 comparisons is equivalent within ±1 s."
    )
    assert headline_of(different, different[:3]).endswith(
        "1 of 2 comparisons is without a verdict, for want of infants."
    )


def test_tests_that_cannot_tell_arms_apart_show_no_equivalence() -> None:
    """Where nobody learnt, all arms are alike, and nothing is known of what they do."""
    alike = corrected([compared(SIX), compared(SIX)])
    assert "equivalent within" in headline(alike, TIME, 1.0)
    assert headline(alike, TIME, 1.0, tells_apart=False) == (
        "No difference shown between any of the arms; the tests could not tell the arms apart."
    )
    assert verdict(alike[0], TITLES, TIME, 1.0, tells_apart=False) == (
        "No difference shown; the tests could not tell the arms apart."
    )


def test_a_headline_without_two_infants_in_any_comparison_is_no_verdict() -> None:
    assert headline_of([], [1.0]) == "No verdict: no comparison has two infants or more."
    assert "A description of 2 to 4 infants" in headline_of([], [1.0, 2.0], [1.0, 2.0, 3.0, 4.0])


def test_a_headline_of_several_kinds_of_infants_counts_those_of_each() -> None:
    girl = compared([1.0, 2.0])
    family = corrected([girl, replace(girl, group=replace(girl.group, age_months=9.0))])
    assert "A description of 2 infants of each kind" in headline(family, TIME, 1.0)


def test_the_infants_that_went_either_way_are_counted() -> None:
    assert directions(compared([1.0, 0.0, -1.0, 2.0])).startswith(
        "Higher with the first in 2 of 4 infants, lower in 1;"
    )


# How often a whole study claims what is not so


@pytest.mark.parametrize(("true", "claim"), [(0.0, "difference"), (1.0, "equivalence")])
def test_a_study_of_three_comparisons_claims_what_is_not_so_in_5_of_100_at_most(
    true: float, claim: str
) -> None:
    """Arms alike (an A/A study), and arms that differ by exactly the margin."""
    studies, wrong, seeds = 150, 0, count()
    for _ in range(studies):
        draws = np.random.default_rng(next(seeds)).normal(true, 0.8, size=(3, 8))
        family = corrected([compared(one.tolist()) for one in draws])
        wrong += any(decision(one, 1.0) == claim for one in family)
    assert wrong <= stats.binom.ppf(0.999, studies, ALPHA)


def test_a_planted_difference_is_found() -> None:
    draws = np.random.default_rng(4).normal(3.0, 1.0, size=(3, 10))
    family = corrected([compared(one.tolist()) for one in draws])
    assert [decision(one, 1.0) for one in family] == ["difference"] * 3
