"""The entry point to all executors: one by name, checked before anything is written."""

from collections.abc import Generator, Mapping, Sequence

from dmi_sim.errors import InputError, did_you_mean
from dmi_sim.study.executors import ExecutorName
from dmi_sim.study.executors.base import CellOutcome, CellTask, Executor, ExecutorConfig, RunCell
from dmi_sim.study.executors.inline import run_inline
from dmi_sim.study.executors.process import run_in_processes
from dmi_sim.study.executors.ray import require_ray, run_on_ray
from dmi_sim.study.progress import OnCells

EXECUTORS: Mapping[ExecutorName, Executor] = {
    "process": Executor(run_in_processes),
    "inline": Executor(run_inline),
    "ray": Executor(run_on_ray, check=require_ray),
}


def check_executor(config: ExecutorConfig) -> None:
    """Check that a configuration can work on this machine.

    Raises:
        InputError: If there is no such executor, or it has no workers.
        MachineProblem: If the executor needs a package that is not installed.
    """
    if config.kind not in EXECUTORS:
        raise InputError(f"executor: no '{config.kind}'; {did_you_mean(config.kind, EXECUTORS)}")
    if config.workers < 1:
        raise InputError(f"workers: {config.workers} must be at least 1")
    EXECUTORS[config.kind].check()


def execute(
    tasks: Sequence[CellTask], run_cell: RunCell, config: ExecutorConfig, on_cells: OnCells
) -> Generator[CellOutcome]:
    """Run cells and yield the outcome of each.

    Closing the generator, or an exception in it, stops all work at once. Finished cells stay; an
    unfinished one resumes from its checkpoint the next time.

    Args:
        tasks: Cells and their folders.
        run_cell: The function that runs one cell.
        config: Executor, number of workers and of attempts.
        on_cells: Called as each cell advances.

    Returns:
        A generator of one outcome per task, in the order in which they end.

    Raises:
        MachineProblem: If the executor needs a package that is not installed.
    """
    return EXECUTORS[config.kind].run(tasks, run_cell, config, on_cells)
