"""Progress adds up shares of cells, and the time to go follows from the mean speed so far."""

from collections.abc import Callable

import pytest

from dmi_sim.study.progress import Progress, ProgressEstimate

LABELS = {"a": "first cell", "b": "second cell", "c": "third cell", "d": "fourth cell"}


def clock_at(*times_s: float) -> Callable[[], float]:
    """A clock that shows the given times [s] one after the other."""
    return iter(times_s).__next__


def test_the_time_to_go_follows_from_what_this_run_has_done() -> None:
    heard: list[Progress] = []
    estimate = ProgressEstimate(LABELS, 1, heard.append, clock_at(100.0, 110.0))
    estimate.advance("b", 0.5, "half-way")  # an eighth of the study in 10 s, five eighths to go
    assert heard[0].fraction == pytest.approx(0.375)
    assert heard[0].eta_s == pytest.approx(50.0)


def test_there_is_no_time_to_go_before_any_progress() -> None:
    heard: list[Progress] = []
    ProgressEstimate(LABELS, 2, heard.append).advance("c", 0.0, "starts")
    assert heard[0].eta_s is None
    assert (heard[0].done, heard[0].total, heard[0].running) == (2, 4, 1)


def test_a_cell_that_has_ended_counts_in_full() -> None:
    heard: list[Progress] = []
    estimate = ProgressEstimate(LABELS, 0, heard.append)
    estimate.advance("a", 0.2, "practises")
    estimate.end("a", "no such infant")
    assert heard[-1].fraction == pytest.approx(0.25)
    assert (heard[-1].done, heard[-1].running) == (1, 0)
    assert heard[-1].message == "first cell: no such infant"
