"""Rates with their intervals, and the comparison of trained policies with silent muscles."""

import numpy as np
import pytest

from dmi_sim.assessments.exercise_comparison.procedure import ControllerTrials
from dmi_sim.assessments.exercise_comparison.result import (
    Beats,
    exercise_rows,
    mean_completion,
    success_rate,
)
from tests.assessments.exercise_comparison.comparisons import FELL, compared, tried


@pytest.mark.parametrize(
    ("trained", "silent_muscles", "beats"),
    [
        (tried(1, 1, 1), FELL, "yes"),
        (tried(0.9, 1, 0.9), FELL, "yes"),
        (tried(0.1, 0.9, 0.5), FELL, "no"),  # infants differ too much to tell
        (tried(1, 1, 1), tried(1, 1, 1), "no"),
        (ControllerTrials(FELL.success, np.full((3, 10), 0.6)), FELL, "in part"),
        (None, FELL, "not trained"),
    ],
)
def test_trained_beats_silent_muscles_only_by_a_clear_interval(
    trained: ControllerTrials | None, silent_muscles: ControllerTrials, beats: Beats
) -> None:
    (row,) = exercise_rows([compared("sitting", trained, silent_muscles)], {})
    assert row.beats_silent == beats


def test_thirty_successes_in_thirty_episodes_still_have_an_interval() -> None:
    rate = success_rate(tried(1, 1, 1))
    assert (rate.value, rate.high) == (1.0, 1.0)
    assert rate.low == pytest.approx(0.025 ** (1 / 30))  # Clopper and Pearson, all succeed


def test_differences_between_infants_widen_the_interval() -> None:
    unlike, alike = success_rate(tried(0.2, 0.5, 0.8)), success_rate(tried(0.5, 0.5, 0.5))
    assert unlike.value == pytest.approx(alike.value)
    assert unlike.high - unlike.low > alike.high - alike.low
    assert (unlike.low, unlike.high) == (0.0, 1.0)


def test_a_single_infant_has_the_interval_over_its_episodes() -> None:
    rate = success_rate(tried(0.5))
    assert 0 < rate.low < 0.5 < rate.high < 1
    assert mean_completion(tried(0.5)).low > 0
