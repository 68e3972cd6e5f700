"""The outcome of a cell after an attempt."""

from pathlib import Path

import pytest

from dmi_sim.study.executors.base import CellFailure, outcome_of_attempt, run_attempt
from dmi_sim.study.progress import ignore_cell
from tests.study.executors.tasks import tasks_in
from tests.study.fake_cells import quick_cell, second_infant_raises


@pytest.mark.parametrize(
    ("attempt", "is_permanent", "gives_up"),
    [(1, False, False), (2, False, False), (3, False, True), (1, True, True)],
)
def test_a_cell_is_given_up_after_the_last_attempt_or_a_permanent_failure(
    tmp_path: Path, attempt: int, is_permanent: bool, gives_up: bool
) -> None:
    task = tasks_in(tmp_path)[0]
    for _ in range(attempt - 1):
        task = task.next_attempt()
    outcome = outcome_of_attempt(task, 1.0, CellFailure("tired", is_permanent), retries=2)
    assert (outcome is not None) == gives_up
    if outcome is not None:
        assert (outcome.status, outcome.attempts, outcome.reason) == ("failed", attempt, "tired")


def test_the_log_of_a_failed_cell_says_where_it_failed(tmp_path: Path) -> None:
    task = next(task for task in tasks_in(tmp_path) if task.cell.subject.seed == 1)
    failure = run_attempt(second_infant_raises, task, ignore_cell)
    assert failure == CellFailure("ArithmeticError: no such infant")
    outcome_of_attempt(task, 1.0, failure, retries=2)
    log = (task.folder / "log.txt").read_text()
    assert "second_infant_raises" in log
    assert "attempt 1 failed: ArithmeticError: no such infant" in log


def test_an_attempt_begins_without_the_partial_files_of_a_killed_one(tmp_path: Path) -> None:
    task = tasks_in(tmp_path)[0]
    task.folder.mkdir(parents=True)
    (task.folder / ".episodes.1.tmp.parquet").write_bytes(b"half a fi")
    assert run_attempt(quick_cell, task, ignore_cell) is None
    assert not list(task.folder.glob(".*"))
