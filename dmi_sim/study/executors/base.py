"""The common part of all executors: a cell to run, one attempt at it, and its outcome."""

import traceback
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, Protocol, TypeAlias

from dmi_sim.errors import InputError, MachineProblem, machine_problem
from dmi_sim.files import remove_partial_files
from dmi_sim.study.any_cell import AnyCell
from dmi_sim.study.cell_files import append_log, is_committed
from dmi_sim.study.executors import ExecutorName
from dmi_sim.study.progress import OnCell, OnCells


class RunCell(Protocol):
    """A function that runs one cell; it can be pickled, so that other processes can call it."""

    def __call__(self, cell: Any, folder: Path, on_cell: OnCell) -> Path:
        """Write the finished cell into ``folder``, commit mark last, and return the folder."""
        ...


@dataclass(frozen=True)
class CellTask:
    """A cell and its folder, at one attempt.

    Attributes:
        cell: The cell to run.
        folder: Folder for its files.
        attempt: Number of this attempt, from 1.
    """

    cell: AnyCell
    folder: Path
    attempt: int = 1

    def next_attempt(self) -> "CellTask":
        """The same cell at its next attempt."""
        return replace(self, attempt=self.attempt + 1)


@dataclass(frozen=True)
class ExecutorConfig:
    """Executor of the cells and its limits; none of them changes a result.

    Attributes:
        kind: Name of the executor.
        workers: Number of cells at a time; ``inline`` runs one.
        retries: Number of further attempts at a failed cell.
        silence_s: Time without a report after which a cell is taken to hang [s].
    """

    kind: ExecutorName = "process"
    workers: int = 1
    retries: int = 2
    silence_s: float = 900.0


@dataclass(frozen=True)
class CellFailure:
    """The failure of an attempt at a cell.

    Attributes:
        reason: Reason for the failure, in words.
        is_permanent: Whether another attempt would fail in the same way.
    """

    reason: str
    is_permanent: bool = False


@dataclass(frozen=True)
class CellOutcome:
    """The end of a cell.

    Attributes:
        key: Key of the cell.
        status: ``done``, or ``failed`` after the last attempt.
        attempts: Number of attempts.
        wall_s: Time that the last attempt took [s].
        reason: Reason why it was given up; empty when done.
    """

    key: str
    status: Literal["done", "failed"]
    attempts: int
    wall_s: float
    reason: str = ""


RunTasks: TypeAlias = Callable[
    [Sequence[CellTask], RunCell, ExecutorConfig, OnCells], Generator[CellOutcome]
]
"""Runs many cells; see :func:`dmi_sim.study.executors.dispatch.execute`."""


@dataclass(frozen=True)
class Executor:
    """A back end that runs cells.

    Attributes:
        run: Runs the tasks of a study.
        check: Raises ``MachineProblem`` where this back end cannot work.
    """

    run: RunTasks
    check: Callable[[], None] = lambda: None


def run_attempt(run_cell: RunCell, task: CellTask, on_cell: OnCell) -> CellFailure | None:
    """Run a cell once, in this process.

    Args:
        run_cell: The function that runs a cell.
        task: The cell and its folder.
        on_cell: Called as the cell advances.

    Returns:
        The failure; None if the cell is finished, now or already before.
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
        append_log(task.folder, traceback.format_exc())
        return CellFailure(machine_problem(error) or f"{type(error).__name__}: {error}")
    return None


def outcome_of_attempt(
    task: CellTask, wall_s: float, failure: CellFailure | None, retries: int
) -> CellOutcome | None:
    """The end of a cell after an attempt, unless it is to be tried again.

    Args:
        task: The cell at the attempt that has ended.
        wall_s: Time that the attempt took [s].
        failure: Failure of the attempt; None if it succeeded.
        retries: Number of further attempts at a failed cell.

    Returns:
        The outcome; None if the cell is to be tried again.
    """
    key, attempt = task.cell.key, task.attempt
    if failure is None:
        return CellOutcome(key, "done", attempt, wall_s)
    append_log(task.folder, f"attempt {attempt} failed: {failure.reason}")
    remove_partial_files(task.folder)
    if attempt <= retries and not failure.is_permanent:
        return None
    return CellOutcome(key, "failed", attempt, wall_s, failure.reason)
