"""Run cells on a Ray cluster whose nodes share the folder of the run (extra ``cluster``)."""

import importlib
import logging
import os
import time
from collections.abc import Generator, Sequence
from contextlib import suppress
from typing import Any

from dmi_sim.errors import MachineProblem, told_by_a_library
from dmi_sim.rollout.compilation import compile_kernels
from dmi_sim.study.executors.base import (
    CellFailure,
    CellOutcome,
    CellTask,
    ExecutorConfig,
    RunCell,
    outcome_of_attempt,
    run_attempt,
)
from dmi_sim.study.progress import OnCells, ignore_cell

INSTALL = 'pip install "dmi-sim[cluster]"'


def run_on_ray(
    tasks: Sequence[CellTask], run_cell: RunCell, config: ExecutorConfig, on_cells: OnCells
) -> Generator[CellOutcome]:
    """Run cells as Ray tasks of one core; see :func:`dmi_sim.study.executors.dispatch.execute`.

    ``RAY_ADDRESS`` names the cluster; without it Ray starts one on this machine with
    ``config.workers`` cores. Progress inside a cell is not reported.
    """
    ray = _ray_module()
    _join_cluster(ray, config.workers)
    remote = ray.remote(num_cpus=1, max_retries=0)(_timed_attempt)
    try:
        running = {remote.remote(run_cell, task): task for task in tasks}
        while running:
            (ended,), _ = ray.wait(list(running), num_returns=1)
            task = running.pop(ended)
            wall_s, failure = _result(ray, ended)
            outcome = outcome_of_attempt(task, wall_s, failure, config.retries)
            if outcome is None:
                running[remote.remote(run_cell, task.next_attempt())] = task.next_attempt()
            else:
                yield outcome
    finally:
        ray.shutdown()


def _join_cluster(ray: Any, workers: int) -> None:
    """Connect to the cluster that is named, or start one on this machine.

    Raises:
        MachineProblem: If it does not answer.
    """
    address = os.environ.get("RAY_ADDRESS", "")
    # Without an address Ray would join whatever cluster runs on this machine, another user's too
    chosen = {"address": address} if address else {"address": "local", "num_cpus": workers}
    try:
        ray.init(**chosen, log_to_driver=False, logging_level=logging.WARNING)
    except (ConnectionError, RuntimeError, ValueError) as error:
        where = f"no cluster answers at RAY_ADDRESS={address}" if address else "it cannot start"
        reason = " ".join(str(error).split())[:200]
        raise MachineProblem(f"executor ray: {where} ({reason}); see 'ray status'") from error


def require_ray() -> None:
    """Check that Ray is installed.

    Raises:
        MachineProblem: If it is not.
    """
    _ray_module()


def _timed_attempt(run_cell: RunCell, task: CellTask) -> tuple[float, CellFailure | None]:
    """Run one attempt, on any node; gives its wall time [s] and its failure."""
    with suppress(Exception):  # the attempt meets the same error, and reports it
        compile_kernels()  # by the first worker of a node, which may share no folder with others
    started_s = time.monotonic()
    failure = run_attempt(run_cell, task, ignore_cell)
    return time.monotonic() - started_s, failure


def _result(ray: Any, reference: object) -> tuple[float, CellFailure | None]:
    """The result of a Ray task; a worker or node that was lost is the failure of its cell."""
    try:
        return ray.get(reference)
    except ray.exceptions.RayError as error:
        lost, told = f"lost on the cluster: {type(error).__name__}", told_by_a_library(str(error))
        return 0.0, CellFailure(f"{lost}: {told}" if told else lost)


def _ray_module() -> Any:
    """The module, with its usage statistics switched off."""
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    try:
        return importlib.import_module("ray")
    except ModuleNotFoundError as error:
        if error.name != "ray":
            raise
        raise MachineProblem(f"executor ray: it is not installed; {INSTALL}") from None
