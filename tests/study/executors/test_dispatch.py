"""Cells end in the same way with every executor."""

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import cast, get_args

import pytest

from dmi_sim.errors import InputError
from dmi_sim.study.cell_files import is_committed
from dmi_sim.study.executors import ExecutorName
from dmi_sim.study.executors.base import CellOutcome, CellTask, ExecutorConfig
from dmi_sim.study.executors.dispatch import EXECUTORS, check_executor, execute
from dmi_sim.study.plan import Cell
from dmi_sim.study.progress import OnCell
from tests.study import fake_cells
from tests.study.executors.tasks import run_all, tasks_in
from tests.study.fake_cells import STUDY, quick_cell

HERE = [name for name in EXECUTORS if name != "ray" or find_spec("ray")]
"""Executors that can run on this machine."""


@dataclass(frozen=True)
class FirstRun:
    """A run in which one infant of three fails."""

    tasks: list[CellTask]
    config: ExecutorConfig
    ended: dict[str, CellOutcome]

    def of(self, status: str) -> list[CellOutcome]:
        return [outcome for outcome in self.ended.values() if outcome.status == status]


@pytest.fixture(scope="module", params=HERE)
def first_run(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> FirstRun:
    config = ExecutorConfig(request.param, workers=2, silence_s=120.0)
    tasks = tasks_in(tmp_path_factory.mktemp("run"))
    return FirstRun(tasks, config, run_all(tasks, fake_cells.second_infant_raises, config))


def test_every_name_of_an_executor_leads_to_one() -> None:
    assert set(EXECUTORS) == set(get_args(ExecutorName))


def test_every_cell_ends_and_those_done_have_their_tables(first_run: FirstRun) -> None:
    assert set(first_run.ended) == {task.cell.key for task in first_run.tasks}
    done = {outcome.key for outcome in first_run.of("done")}
    assert done == {task.cell.key for task in first_run.tasks if is_committed(task.folder)}


def test_a_cell_that_fails_is_tried_three_times_and_the_others_go_on(first_run: FirstRun) -> None:
    failed, done = first_run.of("failed"), first_run.of("done")
    assert (len(failed), len(done)) == (len(STUDY.arms), len(STUDY.arms) * (STUDY.seeds - 1))
    assert {outcome.attempts for outcome in failed} == {3}
    assert {outcome.reason for outcome in failed} == {"ArithmeticError: no such infant"}


def test_only_what_has_failed_is_run_again(first_run: FirstRun) -> None:
    ended = run_all(first_run.tasks, fake_cells.all_but_the_second_raise, first_run.config)
    assert {outcome.status for outcome in ended.values()} == {"done"}
    assert set(ended) == set(first_run.ended)
    assert all(is_committed(task.folder) for task in first_run.tasks)


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
