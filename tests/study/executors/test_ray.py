"""The Ray executor against a stand-in of its interface; nothing here needs Ray itself."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from dmi_sim.errors import MachineProblem
from dmi_sim.study.executors import ray as ray_module
from dmi_sim.study.executors.base import ExecutorConfig
from dmi_sim.study.executors.dispatch import check_executor
from tests.study import fake_cells
from tests.study.executors.tasks import run_all, tasks_in

CLUSTER = ExecutorConfig("ray", workers=2)


class NodeLost(Exception):  # noqa: N818 - named as Ray names its own
    """The error that the stand-in raises when a node is lost."""


class FakeRay:
    """As much of Ray as the executor uses; each task runs when its result is asked for.

    Args:
        lost_results: How many results are lost with their node before one arrives.
    """

    exceptions = SimpleNamespace(RayError=NodeLost)

    def __init__(self, lost_results: int = 0) -> None:
        self.lost_results = lost_results
        self.is_running = False
        self.addresses: list[str] = []

    def init(
        self, address: str, log_to_driver: bool, logging_level: int, num_cpus: int | None = None
    ) -> None:
        self.addresses.append(address)
        if address != "local":
            raise ConnectionError("nobody there")
        self.is_running = True

    def shutdown(self) -> None:
        self.is_running = False

    def remote(self, num_cpus: int, max_retries: int) -> Callable[[Any], Any]:
        def remote_function(function: Callable[..., object]) -> SimpleNamespace:
            return SimpleNamespace(remote=lambda *args: lambda: function(*args))

        return remote_function

    def wait(self, references: Sequence[object], num_returns: int) -> tuple[Any, Any]:
        return references[:num_returns], references[num_returns:]

    def get(self, reference: Callable[[], object]) -> object:
        if self.lost_results > 0:
            self.lost_results -= 1
            raise NodeLost
        return reference()


def cluster(monkeypatch: pytest.MonkeyPatch, lost_results: int = 0) -> FakeRay:
    ray = FakeRay(lost_results)
    monkeypatch.delenv("RAY_ADDRESS", raising=False)
    monkeypatch.setitem(sys.modules, "ray", ray)
    return ray


def test_every_cell_is_done_and_the_cluster_is_released(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ray, tasks = cluster(monkeypatch), tasks_in(tmp_path)
    ended = run_all(tasks, fake_cells.quick_cell, CLUSTER)
    assert set(ended) == {task.cell.key for task in tasks}
    assert {(outcome.status, outcome.attempts) for outcome in ended.values()} == {("done", 1)}
    assert not ray.is_running
    assert ray.addresses == ["local"]  # not a cluster of others that runs on this machine


def test_a_worker_sees_to_the_kernels_of_its_node_before_its_cell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cluster(monkeypatch)
    (task,) = tasks_in(tmp_path)[:1]
    begun = list[bool]()
    monkeypatch.setattr(ray_module, "compile_kernels", lambda: begun.append(task.folder.exists()))
    run_all([task], fake_cells.quick_cell, CLUSTER)
    assert begun == [False]


def test_a_node_that_cannot_compile_in_advance_runs_its_cells(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cluster(monkeypatch)
    monkeypatch.setattr(ray_module, "compile_kernels", lambda: 1 / 0)
    (outcome,) = run_all(tasks_in(tmp_path)[:1], fake_cells.quick_cell, CLUSTER).values()
    assert outcome.status == "done"


def test_a_cell_that_fails_is_tried_three_times(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cluster(monkeypatch)
    ended = run_all(tasks_in(tmp_path), fake_cells.second_infant_raises, CLUSTER)
    failed = [outcome for outcome in ended.values() if outcome.status == "failed"]
    assert {(outcome.attempts, outcome.reason) for outcome in failed} == {
        (3, "ArithmeticError: no such infant")
    }


def test_a_cell_whose_node_is_lost_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cluster(monkeypatch, lost_results=2)
    task = tasks_in(tmp_path)[0]
    (outcome,) = run_all([task], fake_cells.quick_cell, CLUSTER).values()
    assert (outcome.status, outcome.attempts) == ("done", 3)


def test_a_cell_whose_node_is_always_lost_is_given_up_with_this_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cluster(monkeypatch, lost_results=1)
    config = replace(CLUSTER, retries=0)
    (outcome,) = run_all(tasks_in(tmp_path)[:1], fake_cells.quick_cell, config).values()
    assert (outcome.status, outcome.reason) == ("failed", "lost on the cluster: NodeLost")


def test_a_cluster_that_does_not_answer_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cluster(monkeypatch)
    monkeypatch.setenv("RAY_ADDRESS", "192.0.2.1:6379")
    with pytest.raises(MachineProblem, match=r"RAY_ADDRESS=192\.0\.2\.1:6379 \(nobody there\)"):
        run_all(tasks_in(tmp_path), fake_cells.quick_cell, CLUSTER)


def test_ray_that_is_not_installed_is_asked_for_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(MachineProblem, match=r'pip install "dmi-sim\[cluster\]"'):
        check_executor(CLUSTER)
