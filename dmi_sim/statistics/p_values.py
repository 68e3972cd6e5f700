"""p values of paired differences, and their correction for the number of comparisons."""

from collections.abc import Sequence
from math import comb, isfinite, nan, sqrt

import numpy as np

from dmi_sim.arrays import Vector
from dmi_sim.statistics.intervals import CONFIDENCE, all_alike, variance

ALPHA = round(1 - CONFIDENCE, 9)
"""Significance level; it goes with the intervals."""
FEWEST_TO_DECIDE = 6
"""Fewest infants of which a verdict is given; fewer are described.

With five the smallest two-sided p of a test without a bell shape is 2 / 2^5 = 0.06, so that no
outcome of such a study could reach 0.05; with six it is 0.03.
"""
FLIPS = 2**16
"""Largest number of ways to flip the signs of all differences that are gone through one by one."""


def paired_p_value(differences: Vector) -> float:
    """Two-sided p of the paired t test that the mean difference is zero.

    Identical differences tell no spread, and a t test would give 0 of them: they give 1 if they are
    zero, else the smallest p of sign flips. NaN with fewer than two infants.

    >>> paired_p_value(np.ones(6))
    0.03125
    """
    from scipy import stats

    if len(differences) < 2:
        return nan
    if all_alike(differences):
        return smallest_sign_flip_p(len(differences)) if differences.any() else 1.0
    found = stats.ttest_1samp(differences, 0.0)
    return float(found.pvalue)  # pyright: ignore[reportAttributeAccessIssue] - unknown to its types


def sign_flip_p_value(differences: Vector, rng: np.random.Generator) -> float:
    """Two-sided p of the permutation test that flips the signs of paired differences.

    If the arms do not differ, each infant's two values could be swapped, so every choice of signs
    is as likely as the one seen: no bell shape is needed. Exact up to 16 infants; beyond, a random
    choice of 65 536 flips.

    Args:
        differences: One per infant, any unit, (n,).
        rng: Generator that draws the flips of more than 16 infants.

    Returns:
        At least :func:`smallest_sign_flip_p`; NaN with fewer than two infants.

    Source:
        Fisher (1935), The Design of Experiments, section 21; ``fisher1935``.

    >>> sign_flip_p_value(np.array([1.0, 2.0, 3.0]), np.random.default_rng(0))
    0.25
    """
    from scipy import stats

    if len(differences) < 2:
        return nan

    def mean(flipped: Vector, axis: int) -> Vector:
        return np.mean(flipped, axis=axis)

    found = stats.permutation_test(
        (differences,),
        mean,
        permutation_type="samples",
        vectorized=True,
        n_resamples=FLIPS,
        batch=2**13,
        rng=rng,
    )
    return float(found.pvalue)


def smallest_sign_flip_p(count: int) -> float:
    """The smallest p that :func:`sign_flip_p_value` can give for a number of infants.

    It is 2 / 2^n, reached when all infants differ the same way.

    >>> smallest_sign_flip_p(3), smallest_sign_flip_p(6)
    (0.25, 0.03125)
    """
    ways = float(2**count) if count <= 16 else FLIPS + 1  # the random test counts the data as one
    return min(1.0, 2 / ways) if count > 1 else nan


def welch_p_value(first: Vector, second: Vector) -> float:
    """Two-sided p of Welch's t test that two separate groups have one mean.

    Groups that do not vary give 1 if equal, else the smallest p of a permutation test: 2 over the
    number of ways to part the infants. NaN with fewer than two infants in one.
    """
    from scipy import stats

    if min(len(first), len(second)) < 2:
        return nan
    if all_alike(first) and all_alike(second):
        is_equal = bool(np.isclose(first[0], second[0], rtol=1e-12))
        return 1.0 if is_equal else min(1.0, 2 / comb(len(first) + len(second), len(first)))
    found = stats.ttest_ind(first, second, equal_var=False)
    return float(found.pvalue)  # pyright: ignore[reportAttributeAccessIssue] - unknown to its types


def equivalence_p_value(differences: Vector, margin: float) -> float:
    """The p of two one-sided tests that the mean difference lies outside plus or minus ``margin``.

    A small p says that the arms differ by less than the margin. Identical differences tell no
    spread: inside the margin they give 1 / 2^n, the chance that all of n infants fall on one side
    of a true difference of the margin; else 1.

    Args:
        differences: One per infant, (n,).
        margin: Largest difference that would not matter, same unit, positive.

    Source:
        Schuirmann (1987), J. Pharmacokinet. Biopharm. 15, 657-680; ``schuirmann1987``.
    """
    from scipy import stats

    if len(differences) < 2:
        return nan
    room = margin - abs(float(np.mean(differences)))
    if all_alike(differences):
        return 0.5 ** len(differences) if room > 1e-12 * margin else 1.0
    error = sqrt(variance(differences) / len(differences))
    return float(stats.t.sf(room / error, len(differences) - 1))


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
