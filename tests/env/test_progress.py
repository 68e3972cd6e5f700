"""How much of an exercise is completed: time at the criterion, or the way there."""

import pytest

from dmi_sim.env.progress import CriterionProgress, begin_progress
from dmi_sim.spec.exercise import SuccessSpec

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


# What has to be met for a share of the time


def lasting(hold_s: float, asked: float, steps: list[tuple[float, bool]]) -> CriterionProgress:
    """Steps with a share of the criterion each, and whether something else was met."""
    also = {"criterion": "head_upright_within", "time_share": asked}
    success = SuccessSpec.model_validate({"criterion": "no_fall", "hold_s": hold_s, "also": [also]})
    out = begin_progress(success)
    for share, is_met in steps:
        out = out.after(share, DT_S, [1.0 if is_met else 0.99])
    return out


def test_a_moment_in_which_it_is_not_met_breaks_nothing() -> None:
    nods = [(1.0, step % 10 != 0) for step in range(60)]
    assert lasting(2, 0.9, nods).completion == 1
    assert lasting(2, 0.95, nods).completion == pytest.approx(0.9 / 0.95)


def test_getting_there_counts_only_as_far_as_it_was_met_on_the_way() -> None:
    hanging = [(step / 10, False) for step in range(9)]
    assert lasting(0, 0.8, [*hanging, (1.0, True)]).completion == pytest.approx(0.1 / 0.8)
    assert lasting(0, 0.8, [*((share, True) for share, _ in hanging), (1.0, False)]).completion == 1


def test_success_is_not_taken_back_by_what_is_missed_later() -> None:
    succeeded = [(1.0, True)] * 60
    assert lasting(2, 0.9, [*succeeded, *[(0.0, False)] * 100]).completion == 1
    assert lasting(0, 0.9, [(1.0, True), *[(0.0, False)] * 100]).completion == 1


# Who gets there and falls then


def going(no_fall_s: float, steps: int, *, falls: bool) -> CriterionProgress:
    """There from the first step on; in the last step the infant falls, or it does not."""
    success = SuccessSpec(criterion="no_fall", hold_s=0, no_fall_s=no_fall_s)
    out = begin_progress(success)
    for step in range(steps):
        out = out.after(1.0, DT_S, has_fallen=falls and step == steps - 1)
    return out


def test_who_gets_there_and_falls_has_completed_the_time_before_the_fall() -> None:
    assert going(2, 31, falls=True).completion == pytest.approx(0.5, abs=1e-5)
    assert going(2, 60, falls=True).completion < 1


def test_who_does_not_fall_succeeds_when_the_time_is_over_and_no_sooner() -> None:
    assert going(2, 59, falls=False).completion < 1
    assert going(2, 60, falls=False).completion == 1


def test_time_alone_is_no_success() -> None:
    success = SuccessSpec(criterion="no_fall", hold_s=0, no_fall_s=1)
    out = begin_progress(success)
    for _ in range(60):
        out = out.after(0.4, DT_S)
    assert out.completion == 0.4
