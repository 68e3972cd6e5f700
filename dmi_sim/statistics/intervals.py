"""Means and shares of few infants with their 95 % intervals.

With three infants a bootstrap interval ends at the smallest and the largest difference seen and is
far too narrow, so verdicts rest on the interval that covers both the bootstrap and the t interval
(:func:`covering`), for every number of infants; with ten or more the two all but agree.
"""

from dataclasses import dataclass
from math import inf, isfinite, nan
from typing import NamedTuple

import numpy as np

from dmi_sim.arrays import Vector

CONFIDENCE = 0.95
RESAMPLES = 9_999


class Bounds(NamedTuple):
    """The smallest and the largest value that are possible."""

    lowest: float = -inf
    highest: float = inf


UNBOUNDED = Bounds()
"""Bounds of what can be any number."""


@dataclass(frozen=True)
class Estimate:
    """A value with its 95 % interval; the limits are NaN where no interval can be had."""

    value: float
    low: float
    high: float

    @property
    def known(self) -> bool:
        """Whether there is an interval at all."""
        return isfinite(self.low) and isfinite(self.high)

    def contains(self, value: float) -> bool:
        """Whether ``value`` lies in the interval; an unknown interval holds everything."""
        return not self.known or self.low <= value <= self.high


def t_interval(differences: Vector) -> Estimate:
    """Mean of paired differences with Student's 95 % interval.

    Identical differences give an interval without width.

    Args:
        differences: One per infant, any unit, (n,).

    Returns:
        The mean; its limits are NaN with fewer than two infants.

    >>> round(t_interval(np.array([1.0, 2.0, 3.0])).high, 3)
    4.484
    """
    from scipy import stats

    mean = float(np.mean(differences)) if len(differences) else nan
    if len(differences) < 2:
        return Estimate(mean, nan, nan)
    if all_alike(differences):
        return Estimate(mean, mean, mean)
    found = stats.ttest_1samp(differences, 0.0).confidence_interval(CONFIDENCE)
    return Estimate(mean, float(found.low), float(found.high))


def bootstrap_interval(differences: Vector, rng: np.random.Generator) -> Estimate:
    """Mean of paired differences with the bias-corrected, accelerated bootstrap interval.

    To resample the differences is to resample infants with both their arms. Identical
    differences give an interval without width.

    Args:
        differences: One per infant, any unit, (n,).
        rng: Generator that draws the resamples.

    Returns:
        NaN limits with fewer than two infants.
    """
    from scipy import stats

    if len(differences) < 2 or all_alike(differences):
        return t_interval(differences)
    found = stats.bootstrap(
        (differences,),
        np.mean,
        n_resamples=RESAMPLES,
        confidence_level=CONFIDENCE,
        method="BCa",
        rng=rng,
    ).confidence_interval
    return Estimate(float(np.mean(differences)), float(found.low), float(found.high))


def variance(values: Vector) -> float:
    """Variance between infants, with n - 1 in the denominator."""
    return float(np.var(values, ddof=1))


def welch_interval(first: Vector, second: Vector) -> Estimate:
    """Difference between the means of two separate groups with Welch's 95 % interval.

    Args:
        first: One value per infant of the first group, (n,).
        second: One value per infant of the second group, (m,).

    Returns:
        The first mean minus the second; its limits are NaN with fewer than two infants in a group.

    >>> round(welch_interval(np.array([3.0, 4.0, 5.0]), np.array([1.0, 2.0, 3.0])).low, 2)
    -0.27
    """
    from scipy import stats

    if min(len(first), len(second)) < 2:
        return Estimate(nan, nan, nan)
    value = float(np.mean(first) - np.mean(second))
    if all_alike(first) and all_alike(second):
        return Estimate(value, value, value)
    found = stats.ttest_ind(first, second, equal_var=False).confidence_interval(CONFIDENCE)
    return Estimate(value, float(found.low), float(found.high))


def all_alike(differences: Vector) -> bool:
    """Whether all are one number up to rounding, so that there is nothing to resample."""
    return float(np.ptp(differences)) <= 1e-12 * float(np.max(np.abs(differences)))


def covering(first: Estimate, second: Estimate) -> Estimate:
    """The first value with the narrowest interval that covers both intervals.

    >>> covering(Estimate(1.0, 0.5, 1.5), Estimate(1.0, 0.8, 2.0))
    Estimate(value=1.0, low=0.5, high=2.0)
    """
    return Estimate(first.value, min(first.low, second.low), max(first.high, second.high))


def within(estimate: Estimate, bounds: Bounds) -> Estimate:
    """The value with its interval cut off at the smallest and largest value that are possible.

    A t interval of few shares reaches below 0 or above 1. What is cut off cannot be the truth, so
    the interval holds the truth as often as before. A value beyond the bounds shows that they are
    not its own; its interval stays.

    >>> within(Estimate(0.9, -0.37, 2.17), Bounds(0.0, 1.0))
    Estimate(value=0.9, low=0.0, high=1.0)
    """
    if not bounds.lowest <= estimate.value <= bounds.highest:
        return estimate
    low, high = np.clip((estimate.low, estimate.high), *bounds).tolist()
    return Estimate(estimate.value, low, high)


def interquartile_mean(values: Vector) -> float:
    """Mean of the middle half of the infants: a quarter is cut off on either side.

    Fewer than four infants leave nothing to cut, so it is then the plain mean; NaN if none.
    """
    from scipy import stats

    return float(stats.trim_mean(values, 0.25)) if len(values) else nan


def probability_of_improvement(first: Vector, second: Vector) -> Estimate:
    """Chance that an infant's value is higher in the first arm; a tie counts half.

    Args:
        first: One value per infant, (n,).
        second: The same infants in the other arm, (n,).
    """
    return proportion(float(np.sum(first > second) + np.sum(first == second) / 2), len(first))


def proportion(successes: float, trials: int) -> Estimate:
    """Share of trials that succeeded, with the exact interval of Clopper and Pearson.

    It does not collapse when all of a few trials agree. Written as quantiles of the beta
    distribution because scipy's ``binomtest`` has no half successes, which ties are.

    Args:
        successes: Number of trials that succeeded; a tie counts half.
        trials: Number of all trials.

    Returns:
        A share from 0 to 1; NaN without a trial.

    >>> three_of_three = proportion(3, 3)
    >>> print(f"{three_of_three.value:.0%} [{three_of_three.low:.0%}, {three_of_three.high:.0%}]")
    100% [29%, 100%]
    """
    from scipy import stats

    if trials == 0:
        return Estimate(nan, nan, nan)
    tail, failures = (1 - CONFIDENCE) / 2, trials - successes
    low = float(stats.beta.ppf(tail, successes, failures + 1)) if successes > 0 else 0.0
    high = float(stats.beta.ppf(1 - tail, successes + 1, failures)) if failures > 0 else 1.0
    return Estimate(successes / trials, low, high)


def mean_over_dose(dose_h: Vector, values: Vector) -> float:
    """Area under a learning curve over its width: the mean over training, in the curve's unit.

    Args:
        dose_h: Training until each checkpoint [h], in any order, (k,).
        values: Outcome at each checkpoint, (k,).

    Returns:
        The value itself where there is one checkpoint only; NaN where there is none.
    """
    if len(dose_h) == 0:
        return nan
    order = np.argsort(dose_h, kind="stable")
    width = float(np.ptp(dose_h))
    if width == 0:
        return float(np.mean(values))
    return float(np.trapezoid(values[order], dose_h[order])) / width
