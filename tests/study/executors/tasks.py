"""Tasks of the tiny study, and a run of all of them by one executor."""

from pathlib import Path

from dmi_sim.study.executors.base import CellOutcome, CellTask, ExecutorConfig, RunCell
from dmi_sim.study.executors.dispatch import execute
from tests.study.fake_cells import cells_of


def tasks_in(folder: Path) -> list[CellTask]:
    """A task for each cell of the tiny study."""
    return [CellTask(cell, folder / "cells" / cell.key) for cell in cells_of(folder)]


def run_all(
    tasks: list[CellTask], run_cell: RunCell, config: ExecutorConfig
) -> dict[str, CellOutcome]:
    """The outcome of each task, by key of its cell."""
    return {ended.key: ended for ended in execute(tasks, run_cell, config, lambda *_: None)}
