"""Onsets of muscles after a perturbation and measures derived from them: functions over arrays.

The measures of electromyography papers: latency, order, direction specificity, size, pattern.
"""

from collections.abc import Sequence
from itertools import combinations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from dmi_sim.arrays import Vector
from dmi_sim.assessments.postural_responses.muscle_directions import Mask, MuscleDirections
from dmi_sim.errors import InputError
from dmi_sim.spec.responses import OnsetSpec

_TOLERANCE_S = 1e-9


def latencies_s(time_s: Vector, activation: Vector, moved_at_s: float, rule: OnsetSpec) -> Vector:
    """The time from a perturbation to the onset of each muscle [s], NaN without one, shape (n,).

    The onset is the first sample from which a muscle stays above its threshold. The threshold is
    the mean of the baseline plus a number of standard deviations, or plus a floor if that is more.

    Args:
        time_s: Evenly spaced times [s], shape (t,).
        activation: Activation of the muscles, or its difference from a quiet trial, shape (t, n).
        moved_at_s: Time at which the perturbation began [s].
        rule: Rule by which a muscle counts as active.

    Raises:
        InputError: If the shapes do not match or the times do not cover baseline and response.
    """
    if activation.ndim != 2 or time_s.shape != activation.shape[:1]:
        raise InputError(f"activation: shape {activation.shape} for {time_s.shape} times")
    last_s = moved_at_s + rule.latest.value + rule.hold.value
    if (
        time_s[0] > moved_at_s - rule.baseline.value + _TOLERANCE_S
        or time_s[-1] < last_s - _TOLERANCE_S
    ):
        raise InputError(f"activation: known from {time_s[0]:g} to {time_s[-1]:g} s, not enough")
    above = activation > _thresholds(time_s, activation, moved_at_s, rule)
    held = max(1, round(rule.hold.value / (time_s[1] - time_s[0])))
    # A sample begins an onset if it and all samples of the hold time after it are above.
    begins = np.all(sliding_window_view(above, held, axis=0), axis=-1)
    after = time_s[: 1 - held or None] - moved_at_s
    begins = (
        begins & ((after > _TOLERANCE_S) & (after <= rule.latest.value + _TOLERANCE_S))[:, None]
    )
    return np.where(begins.any(axis=0), after[begins.argmax(axis=0)], np.nan)


def _thresholds(time_s: Vector, activation: Vector, moved_at_s: float, rule: OnsetSpec) -> Vector:
    begin_s = moved_at_s - rule.baseline.value
    is_rest = (time_s >= begin_s - _TOLERANCE_S) & (time_s <= moved_at_s + _TOLERANCE_S)
    rest = activation[is_rest]
    spread = np.maximum(rule.deviations.value * rest.std(axis=0), rule.floor.value)
    return np.asarray(rest.mean(axis=0) + spread, dtype=np.float64)


def mean_within(
    time_s: Vector, signal: Vector, moved_at_s: float, window_s: tuple[float, float]
) -> Vector:
    """The mean of a signal over a window after a perturbation.

    Args:
        time_s: Evenly spaced times [s], shape (t,).
        signal: Signal over time, shape (t, ...).
        moved_at_s: Time at which the perturbation began [s].
        window_s: Begin and end of the window, after the perturbation [s].

    Returns:
        Mean, in the shape of one sample.
    """
    after = time_s - moved_at_s
    inside = (after >= window_s[0] - _TOLERANCE_S) & (after <= window_s[1] + _TOLERANCE_S)
    return np.asarray(signal[inside].mean(axis=0), dtype=np.float64)


def first_s(latency_s: Vector, group: Mask) -> float:
    """The shortest latency in a group of muscles [s], NaN if none of them responded.

    >>> first_s(np.array([0.3, 0.1, 0.2]), np.array([True, False, True]))
    0.2
    """
    own = latency_s[group]
    return float(np.nanmin(own)) if np.isfinite(own).any() else np.nan


def is_agonist_first(agonist_s: float, antagonist_s: float) -> bool:
    """Whether a response is direction-specific: agonists responded, and before any antagonist.

    Args:
        agonist_s: Shortest latency of the muscles that hold the body back [s], NaN for none.
        antagonist_s: Shortest latency of the muscles that pull it farther [s], NaN for none.

    Source:
        Hadders-Algra et al. (1996), J. Physiol. 493, 273-288; ``haddersalgra1996``
        in models/references.yaml.
    """
    return np.isfinite(agonist_s) and not antagonist_s <= agonist_s


def level_latencies_s(latency_s: Vector, directions: MuscleDirections, group: Mask) -> Vector:
    """The shortest latency of a group at each level [s], from the head down, NaN for none."""
    return np.array(
        [first_s(latency_s, group & (directions.level == k)) for k in range(len(directions.levels))]
    )


def bottom_up_share(by_level_s: Vector) -> float:
    """The share of pairs of levels in which the lower one responded first; NaN without a pair.

    1 is bottom-up recruitment, 0 is top-down; ties count half.

    Args:
        by_level_s: Latency of each level from the head down [s], NaN if it did not respond.

    >>> bottom_up_share(np.array([0.3, 0.2, 0.1]))
    1.0
    """
    seen = [float(one) for one in by_level_s if np.isfinite(one)]
    pairs = [(low < high) + 0.5 * (low == high) for high, low in combinations(seen, 2)]
    return float(np.mean(pairs)) if pairs else np.nan


def entropy_bits(patterns: Sequence[tuple[bool, ...]]) -> float:
    """The Shannon entropy of response patterns over trials [bit].

    0 if all trials show the same pattern; at most the binary logarithm of the number of trials.

    Args:
        patterns: Patterns, one per trial: whether each group of muscles responded.

    >>> entropy_bits([(True, False), (False, True)])
    1.0
    """
    _, counts = np.unique(np.array(patterns, dtype=np.bool_), axis=0, return_counts=True)
    share = counts / counts.sum()
    return float(-(share * np.log2(share)).sum()) + 0.0
