"""Run cells on a Ray cluster whose nodes share the folder of the run (extra ``cluster``)."""

import importlib
import os
import time
from collections.abc import Generator, Sequence
from typing import Any

from dmi_sim.errors import EnvironmentProblem
from dmi_sim.study.executors.base import CellOutcome, Crew, Job, RunCell, Trouble, attempt, outcome
from dmi_sim.study.progress import OnCells, ignore_cell

INSTALL = 'pip install "dmi-sim[cluster]"'


def fan_out(
    jobs: Sequence[Job], run_cell: RunCell, crew: Crew, on_cells: OnCells
) -> Generator[CellOutcome]:
    """Run cells as Ray tasks of one core; see :func:`dmi_sim.study.executors.base.execute`.

    ``RAY_ADDRESS`` names the cluster; without it Ray starts one on this machine with
    ``crew.workers`` cores. Progress inside a cell is not reported.
    """
    ray = ray_module()
    ray.init(num_cpus=None if "RAY_ADDRESS" in os.environ else crew.workers, log_to_driver=False)
    remote = ray.remote(num_cpus=1, max_retries=0)(_timed)
    try:
        running = {remote.remote(run_cell, job): (job, 1) for job in jobs}
        while running:
            (ended,), _ = ray.wait(list(running), num_returns=1)
            job, number = running.pop(ended)
            wall_s, trouble = _result(ray, ended)
            result = outcome(job, number, wall_s, trouble, crew)
            if result is None:
                running[remote.remote(run_cell, job)] = (job, number + 1)
            else:
                yield result
    finally:
        ray.shutdown()


def _timed(run_cell: RunCell, job: Job) -> tuple[float, Trouble | None]:
    """One attempt, on whatever node, with the time it took [s]."""
    started = time.monotonic()
    trouble = attempt(run_cell, job, ignore_cell)
    return time.monotonic() - started, trouble


def _result(ray: Any, task: object) -> tuple[float, Trouble | None]:
    """What a task gave; a worker or node that was lost is the trouble of its cell."""
    try:
        return ray.get(task)
    except ray.exceptions.RayError as error:
        return 0.0, Trouble(f"lost on the cluster: {type(error).__name__}")


def ray_module() -> Any:
    """The module, with its reports to its makers switched off.

    Raises:
        EnvironmentProblem: If it is not installed.
    """
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    try:
        return importlib.import_module("ray")
    except ModuleNotFoundError as error:
        if error.name != "ray":
            raise
        raise EnvironmentProblem(f"executor ray: it is not installed; {INSTALL}") from None
