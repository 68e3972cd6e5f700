"""Run cells one after the other in this process, which is the simplest to debug."""

import time
from collections.abc import Generator, Sequence
from functools import partial

from dmi_sim.study.executors.base import (
    CellOutcome,
    CellTask,
    ExecutorConfig,
    RunCell,
    outcome_of_attempt,
    run_attempt,
)
from dmi_sim.study.progress import OnCells


def run_inline(
    tasks: Sequence[CellTask], run_cell: RunCell, config: ExecutorConfig, on_cells: OnCells
) -> Generator[CellOutcome]:
    """Run cells in this process; see :func:`dmi_sim.study.executors.dispatch.execute`."""
    for first in tasks:
        task, outcome = first, None
        while outcome is None:
            started_s = time.monotonic()
            failure = run_attempt(run_cell, task, partial(on_cells, task.cell.key))
            wall_s = time.monotonic() - started_s
            outcome = outcome_of_attempt(task, wall_s, failure, config.retries)
            task = task.next_attempt()
        yield outcome
