"""Child processes that die, hang or print affect only the cell that they run."""

import multiprocessing
import os
from dataclasses import replace
from pathlib import Path

import pytest

from dmi_sim.study.executors.base import ExecutorConfig
from dmi_sim.study.executors.dispatch import execute
from dmi_sim.study.executors.process import THREAD_LIMITS, one_thread
from tests.study import fake_cells
from tests.study.executors.tasks import run_all, tasks_in

TWO = ExecutorConfig("process", workers=2, silence_s=30.0)


def test_a_killed_worker_is_replaced_and_leaves_no_partial_file(tmp_path: Path) -> None:
    tasks = tasks_in(tmp_path)
    ended = run_all(tasks, fake_cells.dies_once, TWO)
    assert {outcome.status for outcome in ended.values()} == {"done"}
    attempts = {task.cell.subject.seed: ended[task.cell.key].attempts for task in tasks}
    assert attempts == {0: 2, 1: 1, 2: 1}
    assert not list(tmp_path.rglob(".*.tmp*"))


def test_a_crash_is_blamed_on_the_cell_that_crashed(tmp_path: Path) -> None:
    tasks = tasks_in(tmp_path)
    ended = run_all(tasks, fake_cells.second_infant_dies, replace(TWO, retries=0))
    for task in tasks:
        guilty = task.cell.subject.seed == 1
        assert ended[task.cell.key].status == ("failed" if guilty else "done")
    reasons = {outcome.reason for outcome in ended.values()}
    assert reasons == {"", "the worker ended with SIGABRT"}


def test_a_cell_that_hangs_is_given_up(tmp_path: Path) -> None:
    hanging = [task for task in tasks_in(tmp_path) if task.cell.subject.seed == 1]
    ended = run_all(hanging, fake_cells.second_infant_hangs, replace(TWO, retries=0, silence_s=1.0))
    assert [outcome.reason for outcome in ended.values()] == ["no sign of life for 1 s"] * 2


def test_what_a_cell_prints_goes_to_its_log(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    tasks = tasks_in(tmp_path)[:1]
    run_all(tasks, fake_cells.pausing_cell, TWO)
    assert "printed by the cell" in (tasks[0].folder / "log.txt").read_text()
    assert "printed by the cell" not in capfd.readouterr().out


def test_closing_the_generator_ends_the_children(tmp_path: Path) -> None:
    outcomes = execute(tasks_in(tmp_path), fake_cells.slow_cell, TWO, lambda *_: None)
    assert next(outcomes).status == "done"
    outcomes.close()
    assert multiprocessing.active_children() == []


def test_new_processes_get_one_thread() -> None:
    with one_thread():
        assert {os.environ[name] for name in THREAD_LIMITS} == {"1"}
