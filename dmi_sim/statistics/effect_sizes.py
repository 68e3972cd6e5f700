"""Standardised effect sizes of few paired infants."""

from math import exp, lgamma, log, nan, sqrt

import numpy as np

from dmi_sim.arrays import Vector
from dmi_sim.statistics.intervals import CONFIDENCE, Estimate, variance


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
        Hedges (1981), J. Educ. Stat. 6, 107-128 (correction), ``hedges1981``; Algina & Keselman
        (2003), Educ. Psychol. Meas. 63, 537-553 (paired interval), ``algina2003``.
    """
    count = len(first)
    spread = sqrt((variance(first) + variance(second)) / 2) if count > 1 else 0.0
    if spread == 0:
        return Estimate(nan, nan, nan)
    differences = first - second
    factor = _small_sample_correction(count - 1)
    value = factor * float(np.mean(differences)) / spread
    low, high = _noncentral_limits(differences)
    scale = factor * sqrt(variance(differences) / count) / spread
    return Estimate(value, scale * low, scale * high)


def _small_sample_correction(freedom: int) -> float:
    """Hedges' J: 0.564 for two degrees of freedom, towards 1 for many."""
    if freedom < 2:
        return nan
    return exp(lgamma(freedom / 2) - log(sqrt(freedom / 2)) - lgamma((freedom - 1) / 2))


def _noncentral_limits(differences: Vector) -> tuple[float, float]:
    """The noncentralities for which the paired t seen is the 97.5 % and the 2.5 % quantile."""
    error = sqrt(variance(differences) / len(differences))
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
