"""How much of an exercise is completed: time at the criterion, or the way there."""

import pytest

from dmi_sim.env.progress import CriterionProgress

DT_S = 1 / 30


def progress(hold_s: float, shares: list[float]) -> CriterionProgress:
    out = CriterionProgress(hold_s)
    for share in shares:
        out = out.after(share, DT_S)
    return out


def test_nothing_is_done_at_the_start() -> None:
    assert CriterionProgress(10).completion == pytest.approx(0, abs=1e-6)
    assert CriterionProgress(0).completion == 0


def test_a_criterion_held_as_long_as_aimed_is_done() -> None:
    assert progress(10, [1.0] * 299).completion < 1
    assert progress(10, [1.0] * 300).completion == 1


def test_only_the_longest_time_without_a_break_counts() -> None:
    assert progress(1, [1.0] * 9 + [0.9] + [1.0] * 6).completion == pytest.approx(0.3, abs=1e-5)


def test_nearly_there_is_not_there() -> None:
    assert progress(1, [0.99] * 60).completion == pytest.approx(0, abs=1e-5)


def test_where_getting_there_is_enough_the_best_counts() -> None:
    assert progress(0, [0.2, 0.7, 0.1]).completion == 0.7
    assert progress(0, [0.2, 1.0, 0.0]).completion == 1
