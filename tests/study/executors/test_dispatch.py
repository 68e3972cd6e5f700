"""Cells end in the same way with every executor."""

from importlib.util import find_spec
from pathlib import Path
from typing import cast, get_args

import pytest

from dmi_sim.errors import InputError
from dmi_sim.study.cell_files import is_committed
from dmi_sim.study.executors import ExecutorName
from dmi_sim.study.executors.base import ExecutorConfig
from dmi_sim.study.executors.dispatch import EXECUTORS, check_executor, execute
from dmi_sim.study.plan import Cell
from dmi_sim.study.progress import OnCell
from tests.study import fake_cells
from tests.study.executors.tasks import run_all, tasks_in
from tests.study.fake_cells import STUDY, quick_cell

HERE = [name for name in EXECUTORS if name != "ray" or find_spec("ray")]
"""Executors that can run on this machine."""


@pytest.fixture(params=HERE)
def config(request: pytest.FixtureRequest) -> ExecutorConfig:
    return ExecutorConfig(request.param, workers=2, silence_s=30.0)


def test_every_name_of_an_executor_leads_to_one() -> None:
    assert set(EXECUTORS) == set(get_args(ExecutorName))


def test_every_cell_is_done_once(tmp_path: Path, config: ExecutorConfig) -> None:
    tasks = tasks_in(tmp_path)
    ended = run_all(tasks, quick_cell, config)
    assert {outcome.status for outcome in ended.values()} == {"done"}
    assert set(ended) == {task.cell.key for task in tasks}
    assert all(is_committed(task.folder) for task in tasks)


def test_a_cell_that_fails_is_tried_three_times_and_the_others_go_on(
    tmp_path: Path, config: ExecutorConfig
) -> None:
    ended = run_all(tasks_in(tmp_path), fake_cells.second_infant_raises, config)
    failed = [outcome for outcome in ended.values() if outcome.status == "failed"]
    assert len(failed) == len(STUDY.arms)
    assert {outcome.attempts for outcome in failed} == {3}
    assert {outcome.reason for outcome in failed} == {"ArithmeticError: no such infant"}
    assert len(ended) == len(STUDY.arms) * STUDY.seeds


def test_a_finished_cell_is_not_run_again(tmp_path: Path, config: ExecutorConfig) -> None:
    tasks = tasks_in(tmp_path)
    run_all(tasks, quick_cell, config)
    ended = run_all(tasks, fake_cells.second_infant_raises, config)
    assert {outcome.status for outcome in ended.values()} == {"done"}


@pytest.mark.parametrize("kind", [name for name in HERE if name != "ray"])
def test_progress_comes_from_inside_the_cells(tmp_path: Path, kind: ExecutorName) -> None:
    tasks, heard = tasks_in(tmp_path), set[tuple[str, float]]()
    config = ExecutorConfig(kind, workers=2)
    for _ in execute(tasks, quick_cell, config, lambda key, share, _: heard.add((key, share))):
        pass
    assert {(task.cell.key, 0.5) for task in tasks} <= heard


def test_wrong_input_is_not_tried_again(tmp_path: Path) -> None:
    def refuses(cell: Cell, folder: Path, on_cell: OnCell) -> Path:
        raise InputError("never right")

    ended = run_all(tasks_in(tmp_path), refuses, ExecutorConfig("inline"))
    assert {(outcome.status, outcome.attempts) for outcome in ended.values()} == {("failed", 1)}


@pytest.mark.parametrize("kind", EXECUTORS)
def test_an_executor_without_workers_is_refused(kind: ExecutorName) -> None:
    with pytest.raises(InputError, match="workers: 0 must be at least 1"):
        check_executor(ExecutorConfig(kind, workers=0))


def test_an_unknown_executor_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(InputError, match="no 'proces'; did you mean 'process'"):
        check_executor(ExecutorConfig(cast(ExecutorName, "proces")))
