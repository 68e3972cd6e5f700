"""Run cells, here, in processes or on a Ray cluster: one way in, the same results out.

A cell's files do not depend on who runs it, how many run beside it, or in which order. A cell that
fails is tried again, and after that put in quarantine, while the others go on.
"""

import os
import time
import traceback
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal, Protocol, TypeAlias

from dmi_sim.errors import InputError, MachineProblem
from dmi_sim.hashed_files import remove_partial_files
from dmi_sim.study.plan import Cell
from dmi_sim.study.progress import OnCell, OnCells
from dmi_sim.study.store import LOG, is_committed

ExecutorName: TypeAlias = Literal["inline", "process", "ray"]

THREAD_LIMITS = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS")


class RunCell(Protocol):
    """Runs one cell; a module-level function, so that other processes can import it."""

    def __call__(self, cell: Cell, folder: Path, on_cell: OnCell) -> Path:
        """Leave the finished cell in ``folder``, commit mark last, and give the folder."""
        ...


@dataclass(frozen=True)
class CellTask:
    """A cell and the folder where it is to lie."""

    cell: Cell
    folder: Path


@dataclass(frozen=True)
class ExecutorConfig:
    """Who runs the cells.

    Attributes:
        kind: Here, in processes of this machine, or on a Ray cluster.
        workers: Cells at a time; ``inline`` runs one.
        retries: How often a failed cell is tried again.
        silence_s: A cell that reports nothing for so long is taken for dead [s].
    """

    kind: ExecutorName = "process"
    workers: int = 1
    retries: int = 2
    silence_s: float = 900.0


@dataclass(frozen=True)
class CellFailure:
    """Why an attempt at a cell failed.

    Attributes:
        reason: In words.
        is_permanent: Whether another attempt would fail in the same way.
    """

    reason: str
    is_permanent: bool = False


@dataclass(frozen=True)
class CellOutcome:
    """How a cell ended.

    Attributes:
        key: The cell.
        status: ``done``, or ``quarantined`` after the last attempt failed.
        attempts: How many there were.
        wall_s: What the last one took [s].
        reason: Why it was given up; empty when done.
    """

    key: str
    status: Literal["done", "failed"]
    attempts: int
    wall_s: float
    reason: str = ""


def check_executor(config: ExecutorConfig) -> None:
    """Raise unless a config can work here.

    Raises:
        InputError: If it has no workers.
        MachineProblem: If ``ray`` is asked for and not installed.
    """
    if config.workers < 1:
        raise InputError(f"workers: {config.workers} must be at least 1")
    if config.kind == "ray":
        from dmi_sim.study.executors.ray import ray_module

        ray_module()


def execute(
    tasks: Sequence[CellTask], run_cell: RunCell, config: ExecutorConfig, on_cells: OnCells
) -> Generator[CellOutcome]:
    """Run cells and tell of each as it ends.

    Closing the iterator, or an exception in it, stops all work at once; cells already finished
    stay, an unfinished one resumes from its checkpoint the next time.

    Args:
        tasks: Cells and their folders.
        run_cell: What runs one.
        config: Who does it.
        on_cells: Told how far each cell is.

    Yields:
        One outcome a task, in the order in which they end.

    Raises:
        MachineProblem: If ``ray`` is asked for and not installed.
    """
    if config.kind == "inline":
        yield from _inline(tasks, run_cell, config, on_cells)
    elif config.kind == "process":
        from dmi_sim.study.executors.process import supervise

        yield from supervise(tasks, run_cell, config, on_cells)
    else:
        from dmi_sim.study.executors.ray import fan_out

        yield from fan_out(tasks, run_cell, config, on_cells)


def _inline(
    tasks: Sequence[CellTask], run_cell: RunCell, config: ExecutorConfig, on_cells: OnCells
) -> Generator[CellOutcome]:
    for task in tasks:
        key = task.cell.key
        for number in range(1, config.retries + 2):
            started = time.monotonic()
            failure = attempt(run_cell, task, partial(on_cells, key))
            ended = outcome(task, number, time.monotonic() - started, failure, config)
            if ended is not None:
                yield ended
                break


def attempt(run_cell: RunCell, task: CellTask, on_cell: OnCell) -> CellFailure | None:
    """Try a cell once, in this process.

    Args:
        run_cell: What runs it.
        task: The cell and its folder.
        on_cell: Told how far it is.

    Returns:
        None if it is finished now, or was before.
    """
    if is_committed(task.folder):
        return None
    try:
        task.folder.mkdir(parents=True, exist_ok=True)
        remove_partial_files(task.folder)
        on_cell(0.0, "starts")
        run_cell(task.cell, task.folder, on_cell)
    except (InputError, MachineProblem) as error:
        return CellFailure(str(error), is_permanent=True)
    except Exception as error:  # whatever it was, the other cells go on
        note(task.folder, traceback.format_exc())
        return CellFailure(f"{type(error).__name__}: {error}")
    return None


def outcome(
    task: CellTask, number: int, wall_s: float, failure: CellFailure | None, config: ExecutorConfig
) -> CellOutcome | None:
    """What an attempt means for its cell.

    Args:
        task: The cell and its folder.
        number: Which attempt it was, from 1.
        wall_s: What it took [s].
        failure: Why it failed, or None.
        config: Knows how often to try again.

    Returns:
        None if the cell is to be tried again.
    """
    if failure is None:
        return CellOutcome(task.cell.key, "done", number, wall_s)
    note(task.folder, f"attempt {number} failed: {failure.reason}")
    remove_partial_files(task.folder)
    if number <= config.retries and not failure.is_permanent:
        return None
    return CellOutcome(task.cell.key, "failed", number, wall_s, failure.reason)


def note(folder: Path, text: str) -> None:
    """Add a line to the log of a cell, if there is still room on the disk."""
    try:
        with (folder / LOG).open("a", encoding="utf-8") as log:
            log.write(f"{text}\n")
    except OSError:
        return


@contextmanager
def one_thread() -> Generator[None]:
    """While inside, new processes get one thread for their linear algebra."""
    before = {name: os.environ.get(name) for name in THREAD_LIMITS}
    os.environ.update(dict.fromkeys(THREAD_LIMITS, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
