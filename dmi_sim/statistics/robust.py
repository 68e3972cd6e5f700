"""A difference that outliers move little, with its exact interval."""

from math import nan, sqrt

import numpy as np

from dmi_sim.arrays import Vector
from dmi_sim.statistics.intervals import CONFIDENCE, Estimate

_LARGEST_EXACT = 200
"""Largest number of infants for which the distribution is counted; the time grows with n cubed."""


def hodges_lehmann(differences: Vector) -> Estimate:
    """Median of the means of all pairs of infants, with the interval of the signed-rank test.

    It estimates the centre of differences that lie alike on both sides of it; there it is the mean.
    One infant in four may be far off without moving it far, though of few infants the interval
    still reaches out for one of them. Where differences are skewed its centre is another than the
    mean, so it stands beside the mean and does not replace it.

    Args:
        differences: One per infant, any unit, (n,).

    Returns:
        The interval holds every shift that Wilcoxon's exact signed-rank test does not reject at
        5 %; its limits are NaN with fewer than six infants, who cannot reject any.

    Source:
        Hodges & Lehmann (1963), Ann. Math. Stat. 34, 598-611, ``hodges1963``; Hollander, Wolfe &
        Chicken (2014), Nonparametric Statistical Methods, sections 3.2 and 3.3,
        ``hollander2014``.

    >>> hodges_lehmann(np.array([1.0, 2.0, 3.0, 4.0, 5.0, 60.0]))
    Estimate(value=3.5, low=1.0, high=60.0)
    """
    if len(differences) == 0:
        return Estimate(nan, nan, nan)
    means = np.sort(_pair_means(differences))
    cut = _cut_on_either_side(len(differences))
    if cut == 0:
        return Estimate(float(np.median(means)), nan, nan)
    return Estimate(float(np.median(means)), float(means[cut - 1]), float(means[-cut]))


def _pair_means(differences: Vector) -> Vector:
    """Means of all pairs, each infant with itself too (Walsh averages), (n (n + 1) / 2,)."""
    one, other = np.triu_indices(len(differences))
    return (differences[one] + differences[other]) / 2


def _cut_on_either_side(count: int) -> int:
    """The rank, from either end, of the pair mean that limits the interval; 0 if there is none.

    Exact up to 200 infants; beyond, by the normal approximation, which then agrees.
    """
    tail = (1 - CONFIDENCE) / 2
    if count > _LARGEST_EXACT:
        return _cut_of_many(count, tail)
    return int(np.searchsorted(np.cumsum(signed_rank_distribution(count)), tail, side="right"))


def _cut_of_many(count: int, tail: float) -> int:
    from scipy import stats

    mean, variance = count * (count + 1) / 4, count * (count + 1) * (2 * count + 1) / 24
    return int(mean + float(stats.norm.ppf(tail)) * sqrt(variance))


def signed_rank_distribution(count: int) -> Vector:
    """Probability of each value of Wilcoxon's signed-rank sum, from 0, where signs are by chance.

    scipy has the same inside its test, but not in public.

    Args:
        count: Number of infants.

    >>> signed_rank_distribution(2).tolist()
    [0.25, 0.25, 0.25, 0.25]
    """
    chance = np.zeros(count * (count + 1) // 2 + 1)
    chance[0] = 1.0
    for rank in range(1, count + 1):
        with_rank = np.concatenate([np.zeros(rank), chance[:-rank]])
        chance = (chance + with_rank) / 2
    return chance
