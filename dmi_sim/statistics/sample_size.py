"""How many infants a paired comparison needs, from the spread of an earlier one."""

from collections.abc import Callable
from dataclasses import dataclass
from math import inf, isnan, nan, sqrt

from dmi_sim.statistics.intervals import CONFIDENCE
from dmi_sim.statistics.p_values import FEWEST_TO_DECIDE

LARGEST_SAMPLE = 1_000_000
"""Number of infants beyond which an answer is no longer of use."""
WIDE_RATIO = 10.0
"""Ratio of the limits of a number of infants from which the earlier run was too small to tell."""


@dataclass(frozen=True)
class SampleSize:
    """Number of infants that show a difference, with its 95 % interval.

    Attributes:
        value: Infants needed if the spread is the one seen.
        low: Infants needed if the spread is as small as the earlier run leaves possible.
        high: Infants needed if it is as large.
    """

    value: float
    low: float
    high: float

    @property
    def is_vague(self) -> bool:
        """Whether the earlier run was too small to tell: the limits differ by ten times or more."""
        return isnan(self.value) or self.high >= WIDE_RATIO * self.low


def paired_power(count: int, difference: float, spread: float, alpha: float) -> float:
    """Probability that a paired t test of so many infants shows a difference.

    Args:
        count: Number of infants.
        difference: Mean difference between the arms.
        spread: Standard deviation of the difference between infants, same unit.
        alpha: Two-sided significance level.

    Source:
        Cohen (1988), Statistical Power Analysis, chapter 2, ``cohen1988``; exact by the noncentral
        t distribution.

    >>> round(paired_power(34, difference=0.5, spread=1.0, alpha=0.05), 2)
    0.81
    """
    from scipy import stats

    if count < 2:
        return 0.0
    if spread == 0:
        return float(difference != 0)
    freedom, noncentrality = count - 1, abs(difference) / spread * sqrt(count)
    limit = float(stats.t.ppf(1 - alpha / 2, freedom))
    # the lower tail is mirrored, since scipy loses its own far below the noncentrality
    both = (stats.nct.sf(limit, freedom, one) for one in (noncentrality, -noncentrality))
    return min(1.0, float(sum(both)))


def standardised_difference_shown(count: int, alpha: float, power: float) -> float:
    """The smallest difference that so many infants show with a power.

    Args:
        count: Number of infants.
        alpha: Two-sided significance level.
        power: Probability to show it, above 0 and below 1.

    Returns:
        The difference over the standard deviation of the differences between infants, to two
        digits after the point, rounded up; infinite for fewer than two infants.

    >>> standardised_difference_shown(34, alpha=0.05, power=0.8)
    0.5
    """
    if count < 2:
        return inf
    hundredths = _first(lambda one: paired_power(count, one / 100, 1.0, alpha) >= power, 1)
    return hundredths / 100


def infants_needed(difference: float, spread: float, alpha: float, power: float) -> float:
    """The fewest infants that show a difference with a power; at least six, who may decide.

    Args:
        difference: Mean difference to be shown, not zero.
        spread: Standard deviation of the difference between infants, same unit.
        alpha: Two-sided significance level.
        power: Probability to show it, above 0 and below 1.

    Returns:
        Infinite beyond a million; NaN for an unknown spread.

    >>> infants_needed(0.5, 1.0, alpha=0.05, power=0.8)
    34
    """
    if isnan(spread):
        return spread

    def enough(count: int) -> bool:
        return paired_power(count, difference, spread, alpha) >= power

    return _first(enough, FEWEST_TO_DECIDE)


def _first(enough: Callable[[int], bool], fewest: int) -> float:
    """The first whole number from ``fewest`` on that is enough, all larger ones being so too."""
    too_few, count = fewest - 1, fewest
    while not enough(count):
        if count > LARGEST_SAMPLE:
            return inf
        too_few, count = count, 2 * count
    while count - too_few > 1:
        middle = (too_few + count) // 2
        too_few, count = (too_few, middle) if enough(middle) else (middle, count)
    return count


def spread_limits(spread: float, count: int) -> tuple[float, float]:
    """The 95 % limits of a standard deviation that was seen in so many infants (chi-square).

    Args:
        spread: Standard deviation seen, any unit.
        count: Number of infants.

    Returns:
        NaN with fewer than two infants.

    >>> low, high = spread_limits(1.0, 10)
    >>> round(low, 2), round(high, 2)
    (0.69, 1.83)
    """
    from scipy import stats

    if count < 2:
        return nan, nan
    freedom, tail = count - 1, (1 - CONFIDENCE) / 2
    largest, smallest = stats.chi2.ppf([1 - tail, tail], freedom)
    return spread * sqrt(freedom / float(largest)), spread * sqrt(freedom / float(smallest))


def sample_size(
    difference: float, spread: float, count: int, alpha: float, power: float
) -> SampleSize:
    """Infants needed, with the interval that the spread of an earlier run leaves.

    Args:
        difference: Mean difference to be shown, not zero.
        spread: Standard deviation of the difference between infants in the earlier run.
        count: Infants of the earlier run; with fewer than two all is NaN.
        alpha: Two-sided significance level.
        power: Probability to show it, above 0 and below 1.
    """
    low, high = spread_limits(spread, count)
    needed = (infants_needed(difference, one, alpha, power) for one in (spread, low, high))
    return SampleSize(*needed)
