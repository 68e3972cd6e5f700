"""Sample entropy, a measure of how irregular a signal is."""

from math import log, nan

import numpy as np

from dmi_sim.arrays import Vector
from dmi_sim.outcome.sway import is_still, is_usable

FEWEST_SAMPLES = 200
"""With fewer, sample entropy depends on their number more than on the signal."""


def sample_entropy(signal: Vector, length: int = 2, tolerance: float = 0.2) -> float:
    """Sample entropy: how rarely stretches that were alike stay alike for one more sample.

    ``-ln(A / B)``: B pairs of stretches of ``length`` samples are nowhere further apart than the
    tolerance, A of them still are not with the sample that follows; no stretch is its own pair.
    Regular signals are near 0; white noise is about 2.2 at the default settings.

    Args:
        signal: Signal in any unit, shape (T,).
        length: Samples in a stretch (m).
        tolerance: Tolerance (r) in standard deviations of the signal, with division by T.

    Returns:
        NaN if the signal has fewer than :data:`FEWEST_SAMPLES`, is not finite or is still, or if no
        stretches are alike.

    Source:
        Richman & Moorman (2000), Am. J. Physiol. Heart Circ. Physiol. 278, H2039-H2049;
        ``richman2000``.
    """
    if not is_usable(signal, FEWEST_SAMPLES) or is_still(signal):
        return nan
    near = np.abs(signal[:, None] - signal) <= tolerance * np.std(signal)
    count = len(signal) - length
    alike = np.ones((count, count), dtype=np.bool_)
    for step in range(length):
        alike &= near[step : step + count, step : step + count]
    alike_longer = alike & near[length:, length:]
    pairs, longer = (int(each.sum()) - count for each in (alike, alike_longer))
    return -log(longer / pairs) + 0.0 if longer else nan
