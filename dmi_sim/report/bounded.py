"""Means of outcomes that have bounds: their intervals end at what is possible, and say so."""

from collections.abc import Sequence
from math import isfinite

from dmi_sim.report.labels import Measure
from dmi_sim.statistics.intervals import Bounds, Estimate, within
from dmi_sim.tables import decimals_for, interval_text, number, with_unit

TELLS_NOTHING = "(tells nothing)"
"""Words beside an interval that spans all that is possible."""


def mean_text(mean: Estimate, bounds: Bounds) -> str:
    """A mean with its interval, which ends at what is possible.

    >>> mean_text(Estimate(0.6, 0.4, 0.8), Bounds(0.0, 1.0))
    '0.60 [0.40, 0.80]'
    >>> mean_text(Estimate(0.9, -0.37, 2.17), Bounds(0.0, 1.0))
    '0.9 [0.0, 1.0] (tells nothing)'
    """
    cut = within(mean, bounds)
    decimals = decimals_for(cut)
    text = f"{number(cut.value, decimals)} {interval_text(cut, decimals)}"
    return f"{text} {TELLS_NOTHING}" if (cut.low, cut.high) == bounds else text


def cut_words(means: Sequence[Estimate], measure: Measure) -> str:
    """Why intervals end where they do; nothing if none of them was cut off.

    >>> share = Measure("success rate", "", "", "higher", Bounds(0.0, 1.0))
    >>> cut_words([Estimate(0.9, 0.8, 1.2)], share)
    'Intervals of means end at 0 and 1: the success rate cannot go beyond.'
    >>> cut_words([Estimate(0.9, 0.8, 1.0)], share)
    ''
    """
    cut = [within(mean, measure.bounds) for mean in means]
    if not any(one.known and one != mean for one, mean in zip(cut, means, strict=True)):
        return ""
    ends = [with_unit(f"{end:g}", measure.unit) for end in measure.bounds if isfinite(end)]
    words = f"Intervals of means end at {' and '.join(ends)}: the {measure.title} cannot go beyond."
    if any((one.low, one.high) == measure.bounds for one in cut):
        words += " One that spans all that is possible tells nothing of the mean: too few infants."
    return words
