"""Cells end as they should, whoever runs them and whatever befalls them."""

import os
from dataclasses import replace
from pathlib import Path

import fake_cells
import pytest
from fake_cells import STUDY, cells_of, quick_cell

from dmi_sim.errors import InputError, MachineProblem
from dmi_sim.study.executors.base import (
    THREAD_LIMITS,
    CellOutcome,
    CellTask,
    ExecutorConfig,
    ExecutorName,
    RunCell,
    check_executor,
    execute,
    one_thread,
)
from dmi_sim.study.plan import Cell
from dmi_sim.study.progress import OnCell
from dmi_sim.study.store import is_committed

INLINE, TWO = ExecutorConfig("inline"), ExecutorConfig("process", workers=2, silence_s=30.0)


def jobs_in(tmp_path: Path) -> list[CellTask]:
    return [CellTask(cell, tmp_path / "cells" / cell.key) for cell in cells_of(tmp_path)]


def run_all(
    tasks: list[CellTask], run_cell: RunCell, config: ExecutorConfig
) -> dict[str, CellOutcome]:
    return {ended.key: ended for ended in execute(tasks, run_cell, config, lambda *_: None)}


@pytest.mark.parametrize("config", [INLINE, TWO])
def test_every_cell_is_done_once(tmp_path: Path, config: ExecutorConfig) -> None:
    tasks = jobs_in(tmp_path)
    ended = run_all(tasks, quick_cell, config)
    assert {one.status for one in ended.values()} == {"done"}
    assert set(ended) == {task.cell.key for task in tasks}
    assert all(is_committed(task.folder) for task in tasks)


@pytest.mark.parametrize("config", [INLINE, TWO])
def test_a_cell_that_fails_is_tried_thrice_then_left_while_the_others_go_on(
    tmp_path: Path, config: ExecutorConfig
) -> None:
    ended = run_all(jobs_in(tmp_path), fake_cells.second_infant_raises, config)
    lost = [one for one in ended.values() if one.status == "failed"]
    assert len(lost) == len(STUDY.arms)
    assert {one.attempts for one in lost} == {3}
    assert {one.reason for one in lost} == {"ArithmeticError: no such infant"}
    assert len(ended) == len(STUDY.arms) * STUDY.seeds


def test_wrong_input_is_not_tried_again(tmp_path: Path) -> None:
    def refuses(cell: Cell, folder: Path, on_cell: OnCell) -> Path:
        raise InputError("never right")

    ended = run_all(jobs_in(tmp_path), refuses, INLINE)
    assert {(one.status, one.attempts) for one in ended.values()} == {("failed", 1)}


def test_the_log_of_a_failed_cell_says_where_it_failed(tmp_path: Path) -> None:
    tasks = jobs_in(tmp_path)
    run_all(tasks, fake_cells.second_infant_raises, INLINE)
    log = next(task.folder for task in tasks if task.cell.subject.seed == 1) / "log.txt"
    assert "second_infant_raises" in log.read_text()
    assert "attempt 3 failed" in log.read_text()


def test_a_killed_worker_is_replaced_and_leaves_no_partial_file(tmp_path: Path) -> None:
    tasks = jobs_in(tmp_path)
    ended = run_all(tasks, fake_cells.dies_once, TWO)
    assert {one.status for one in ended.values()} == {"done"}
    assert {task.cell.subject.seed: ended[task.cell.key].attempts for task in tasks} == {
        0: 2,
        1: 1,
        2: 1,
    }
    assert not list(tmp_path.rglob(".*.tmp*"))


def test_a_crash_is_blamed_on_the_cell_that_crashed(tmp_path: Path) -> None:
    tasks = jobs_in(tmp_path)
    ended = run_all(tasks, fake_cells.second_infant_dies, replace(TWO, retries=0))
    for task in tasks:
        guilty = task.cell.subject.seed == 1
        assert ended[task.cell.key].status == ("failed" if guilty else "done")
    assert {one.reason for one in ended.values()} == {"", "the worker ended with SIGABRT"}


def test_a_cell_that_hangs_is_given_up(tmp_path: Path) -> None:
    hanging = [task for task in jobs_in(tmp_path) if task.cell.subject.seed == 1]
    config = ExecutorConfig("process", workers=2, retries=0, silence_s=1.0)
    ended = run_all(hanging, fake_cells.second_infant_hangs, config)
    assert [one.reason for one in ended.values()] == ["no sign of life for 1 s"] * 2


def test_what_a_cell_prints_goes_to_its_log(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    tasks = jobs_in(tmp_path)[:1]
    run_all(tasks, fake_cells.pausing_cell, TWO)
    assert "printed by the cell" in (tasks[0].folder / "log.txt").read_text()
    assert "printed by the cell" not in capfd.readouterr().out


@pytest.mark.parametrize("config", [INLINE, TWO])
def test_progress_comes_from_inside_the_cells(tmp_path: Path, config: ExecutorConfig) -> None:
    tasks, heard = jobs_in(tmp_path), set[tuple[str, float]]()
    for _ in execute(tasks, quick_cell, config, lambda key, share, _: heard.add((key, share))):
        pass
    assert {(task.cell.key, 0.5) for task in tasks} <= heard


def test_a_finished_cell_is_not_run_again(tmp_path: Path) -> None:
    tasks = jobs_in(tmp_path)
    run_all(tasks, quick_cell, INLINE)
    ended = run_all(tasks, fake_cells.second_infant_raises, INLINE)
    assert {one.status for one in ended.values()} == {"done"}


def test_closing_the_iterator_ends_the_children(tmp_path: Path) -> None:
    outcomes = execute(jobs_in(tmp_path), fake_cells.slow_cell, TWO, lambda *_: None)
    assert next(outcomes).status == "done"
    outcomes.close()
    assert not _children()


def test_new_processes_get_one_thread() -> None:
    with one_thread():
        assert {os.environ[name] for name in THREAD_LIMITS} == {"1"}


@pytest.mark.parametrize("kind", ["inline", "process"])
def test_a_crew_without_workers_is_refused(kind: ExecutorName) -> None:
    with pytest.raises(InputError, match="workers: 0 must be at least 1"):
        check_executor(ExecutorConfig(kind, workers=0))


def test_ray_that_is_not_installed_is_asked_for_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "ray", None)
    with pytest.raises(MachineProblem, match=r'pip install "dmi-sim\[cluster\]"'):
        check_executor(ExecutorConfig("ray"))


def _children() -> list[int]:
    import multiprocessing

    return [child.pid or 0 for child in multiprocessing.active_children()]
