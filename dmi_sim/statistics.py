"""Paired comparison of two arms, honest when there are only a few infants.

The unit is the infant (a seed), never the episode or the time step, and arms are compared within
the same infant. With three infants a bootstrap interval ends at the smallest and the largest
difference seen and is far too narrow, so verdicts rest on the interval that covers both the
bootstrap and the t interval (:func:`covering`), for every number of infants; with ten or more the
two all but agree.

What scipy has (t interval, paired t test, bootstrap, trimmed mean) is taken from it. Holm's
correction, the two one-sided tests of equivalence and Hedges' g with its noncentral interval are
written out here: a few lines each, tested against their sources, and no reason to depend on
statsmodels or pingouin.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, inf, isfinite, lgamma, log, nan, sqrt

import numpy as np

from dmi_sim.arrays import Vector

CONFIDENCE = 0.95
RESAMPLES = 9_999


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
    if _alike(differences):
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

    if len(differences) < 2 or _alike(differences):
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


def _alike(differences: Vector) -> bool:
    """Whether all are one number up to rounding, so that there is nothing to resample."""
    return float(np.ptp(differences)) <= 1e-12 * float(np.max(np.abs(differences)))


def covering(first: Estimate, second: Estimate) -> Estimate:
    """The first value with the narrowest interval that covers both intervals.

    >>> covering(Estimate(1.0, 0.5, 1.5), Estimate(1.0, 0.8, 2.0))
    Estimate(value=1.0, low=0.5, high=2.0)
    """
    return Estimate(first.value, min(first.low, second.low), max(first.high, second.high))


def interquartile_mean(values: Vector) -> float:
    """Mean of the middle half of the infants: a quarter is cut off on either side.

    Fewer than four infants leave nothing to cut, so it is then the plain mean; NaN if none.
    """
    from scipy import stats

    return float(stats.trim_mean(values, 0.25)) if len(values) else nan


def hedges_g(first: Vector, second: Vector) -> Estimate:
    """Standardised mean difference of two paired arms, corrected for few infants.

    The mean difference over the root mean of the two variances, times the exact correction for
    n - 1 degrees of freedom; the interval is that of the noncentral t distribution.

    Args:
        first: One value per infant, (n,).
        second: The same infants in the other arm, (n,).

    Returns:
        NaN where the arms do not vary between infants, or with fewer than two infants.

    Source:
        Hedges (1981), J. Educ. Stat. 6, 107-128 (correction); Algina & Keselman (2003), Educ.
        Psychol. Meas. 63, 537-553 (paired interval).
    """
    count = len(first)
    spread = sqrt((_variance(first) + _variance(second)) / 2) if count > 1 else 0.0
    if spread == 0:
        return Estimate(nan, nan, nan)
    differences = first - second
    factor = _small_sample_correction(count - 1)
    value = factor * float(np.mean(differences)) / spread
    low, high = _noncentral_limits(differences)
    scale = factor * sqrt(_variance(differences) / count) / spread
    return Estimate(value, scale * low, scale * high)


def _variance(values: Vector) -> float:
    return float(np.var(values, ddof=1))


def _small_sample_correction(freedom: int) -> float:
    """Hedges' J: 0.564 for two degrees of freedom, towards 1 for many."""
    if freedom < 2:
        return nan
    return exp(lgamma(freedom / 2) - log(sqrt(freedom / 2)) - lgamma((freedom - 1) / 2))


def _noncentral_limits(differences: Vector) -> tuple[float, float]:
    """The noncentralities for which the paired t seen is the 97.5 % and the 2.5 % quantile."""
    error = sqrt(_variance(differences) / len(differences))
    if error == 0:
        return nan, nan
    observed, freedom = float(np.mean(differences)) / error, len(differences) - 1
    tail = (1 - CONFIDENCE) / 2
    return (
        _noncentrality(observed, freedom, 1 - tail),
        _noncentrality(observed, freedom, tail),
    )


def _noncentrality(observed: float, freedom: int, probability: float) -> float:
    """Noncentrality under which a t below ``observed`` has ``probability``; NaN if not found."""
    from scipy import optimize, stats

    if observed < 0:  # mirrored, since scipy loses the tail of negative t
        return -_noncentrality(-observed, freedom, 1 - probability)

    def excess(noncentrality: float) -> float:
        return float(stats.nct.cdf(observed, freedom, noncentrality)) - probability

    bound = 10 + 6 * observed
    if not excess(-bound) > 0 > excess(bound):
        return nan
    return float(optimize.root_scalar(excess, bracket=(-bound, bound)).root)


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


def paired_p_value(differences: Vector) -> float:
    """Two-sided p of the paired t test that the mean difference is zero.

    Identical differences give 1 if they are zero, else 0; NaN with fewer than two infants.
    """
    from scipy import stats

    if len(differences) < 2:
        return nan
    if _alike(differences):
        return 0.0 if differences.any() else 1.0
    found = stats.ttest_1samp(differences, 0.0)
    return float(found.pvalue)  # pyright: ignore[reportAttributeAccessIssue] - unknown to its types


def equivalence_p_value(differences: Vector, margin: float) -> float:
    """The p of two one-sided tests that the mean difference lies outside plus or minus ``margin``.

    A small p says that the arms differ by less than the margin.

    Args:
        differences: One per infant, (n,).
        margin: Largest difference that would not matter, same unit, positive.

    Source:
        Schuirmann (1987), J. Pharmacokinet. Biopharm. 15, 657-680.
    """
    from scipy import stats

    if len(differences) < 2:
        return nan
    error, mean = sqrt(_variance(differences) / len(differences)), float(np.mean(differences))
    room = margin - abs(mean)
    statistic = room / error if error > 0 else (inf if room > 0 else -inf)
    return float(stats.t.sf(statistic, len(differences) - 1))


def holm(p_values: Sequence[float]) -> tuple[float, ...]:
    """The p values corrected for their number (Holm's step-down); NaN stays NaN.

    >>> holm([0.01, 0.5])
    (0.02, 0.5)
    """
    known = [index for index, p in enumerate(p_values) if isfinite(p)]
    adjusted, highest = list(p_values), 0.0
    for rank, index in enumerate(sorted(known, key=lambda index: p_values[index])):
        highest = max(highest, min(1.0, (len(known) - rank) * p_values[index]))
        adjusted[index] = highest
    return tuple(adjusted)


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
