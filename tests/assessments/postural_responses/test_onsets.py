"""Onsets, order and size of synthetic bursts are recovered."""

import numpy as np
import pytest

from dmi_sim.assessments.postural_responses.onsets import (
    bottom_up_share,
    entropy_bits,
    first_s,
    is_agonist_first,
    latencies_s,
    mean_within,
)
from dmi_sim.errors import InputError
from tests.assessments.postural_responses.electromyograms import TIME_S, procedure

RULE = procedure().onset
NAN = float("nan")


def burst(begin_s: float, size: float = 0.3, lasts_s: float = 1.0) -> np.ndarray:
    on = (begin_s - 1e-9 <= TIME_S) & (begin_s + lasts_s - 1e-9 > TIME_S)
    return size * on[:, None].astype(np.float64)


@pytest.mark.parametrize("begin_s", [1 / 240, 0.05, 0.1, 0.4])
def test_a_burst_is_found_where_it_begins(begin_s: float) -> None:
    assert latencies_s(TIME_S, burst(begin_s), 0.0, RULE) == pytest.approx(begin_s, abs=1 / 240)


@pytest.mark.parametrize(
    "signal",
    [
        burst(0.1, size=0.9 * RULE.floor.value),
        burst(0.1, lasts_s=0.5 * RULE.hold.value),
        burst(-0.15),
        burst(RULE.latest.value + 0.01),
        -burst(0.1),
    ],
    ids=["too small", "too short", "already there", "too late", "less than before"],
)
def test_other_signals_have_no_onset(signal: np.ndarray) -> None:
    assert np.isnan(latencies_s(TIME_S, signal, 0.0, RULE))


def test_a_restless_baseline_raises_the_threshold() -> None:
    noise = 0.05 * np.random.default_rng(1).standard_normal((TIME_S.size, 1))
    weak, strong = (latencies_s(TIME_S, noise + burst(0.1, size), 0.0, RULE) for size in (0.1, 1.0))
    assert np.isnan(weak)
    assert strong == pytest.approx(0.1, abs=1 / 240)


def test_latency_does_not_depend_on_the_start_of_the_episode() -> None:
    later = latencies_s(TIME_S + 3.0, burst(0.1), 3.0, RULE)
    assert later == pytest.approx(latencies_s(TIME_S, burst(0.1), 0.0, RULE))


def test_recordings_that_are_too_short_are_refused() -> None:
    for kept in (TIME_S > -0.1, TIME_S < 0.3):
        with pytest.raises(InputError, match="not enough"):
            latencies_s(TIME_S[kept], burst(0.1)[kept], 0.0, RULE)
    with pytest.raises(InputError, match="shape"):
        latencies_s(TIME_S[1:], burst(0.1), 0.0, RULE)


def test_the_mean_covers_only_its_window() -> None:
    signal = burst(0.1, size=0.5, lasts_s=0.1)
    assert mean_within(TIME_S, signal, 0.0, (0.1, 0.19)) == pytest.approx(0.5)
    assert mean_within(TIME_S, signal, 0.0, (0.21, 0.3)) == pytest.approx(0.0)


def test_agonists_are_first_only_before_every_antagonist() -> None:
    assert is_agonist_first(0.10, 0.12)
    assert is_agonist_first(0.10, NAN)
    assert not is_agonist_first(0.12, 0.10)
    assert not is_agonist_first(0.10, 0.10)
    assert not is_agonist_first(NAN, 0.10)
    assert not is_agonist_first(NAN, NAN)


def test_the_first_latency_of_a_group_ignores_other_muscles() -> None:
    latency = np.array([NAN, 0.2, 0.1])
    assert first_s(latency, np.array([True, True, False])) == 0.2
    assert np.isnan(first_s(latency, np.array([True, False, False])))


@pytest.mark.parametrize(
    ("by_level_s", "share"),
    [
        ([0.3, 0.2, 0.1], 1.0),
        ([0.1, NAN, 0.3], 0.0),
        ([0.2, 0.2], 0.5),
        ([0.1, 0.3, 0.2], 1 / 3),
    ],
)
def test_the_bottom_up_share_counts_pairs_of_levels(by_level_s: list[float], share: float) -> None:
    assert bottom_up_share(np.array(by_level_s)) == pytest.approx(share)
    assert np.isnan(bottom_up_share(np.array([NAN, 0.1])))


def test_entropy_rises_with_the_variety_of_patterns() -> None:
    a, b = (True, False), (False, True)
    assert entropy_bits([a, a, a]) == 0.0
    assert entropy_bits([a, b, a, b]) == pytest.approx(1.0)
