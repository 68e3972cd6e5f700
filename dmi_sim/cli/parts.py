"""What commands have in common whose answer takes many runs: their options, folder and progress."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dmi_sim.cli.progress import progress
from dmi_sim.cli.study import LAST
from dmi_sim.study.executors import ExecutorName

if TYPE_CHECKING:
    from dmi_sim.catalog import Catalog
    from dmi_sim.study.executors.base import ExecutorConfig
    from dmi_sim.study.parts import Parts

Resume = Annotated[
    str | None,
    typer.Option(metavar="FOLDER", help=f"Folder of a run to go on with, or '{LAST}'."),
]


def executor_config(executor: ExecutorName, workers: int | None) -> "ExecutorConfig":
    """The executor that was asked for, with a worker for each core unless a number was given.

    Args:
        executor: Where cells run.
        workers: Cells at a time; None for all cores.
    """
    from dmi_sim.doctor import cores
    from dmi_sim.study.executors.base import ExecutorConfig

    return ExecutorConfig(executor, workers or cores())


@contextmanager
def parts_at_work(
    name: str,
    plan: Mapping[str, Any],
    catalog: "Catalog",
    config: "ExecutorConfig",
    resume: str | None,
    *,
    quick: bool = False,
    standard: bool = False,
) -> "Generator[Parts]":
    """The parts of a whole, in a folder that is new or goes on, with their progress on stderr.

    Args:
        name: Name of the whole.
        plan: All that decides what comes of it.
        catalog: Source of all files that the studies name.
        config: Executor, number of workers and of attempts.
        resume: Folder to go on with, ``last`` for the newest; None for a new one.
        quick: Whether the studies are in their quick forms.
        standard: Whether they are in their standard forms.

    Raises:
        InputError: If the folder to go on with has another plan, or none.
    """
    from dmi_sim.study.parts import Parts, open_whole
    from dmi_sim.study.run_setup import RUNS

    given = Path(resume) if resume not in (None, LAST) else None
    folder = open_whole(RUNS / name, plan, given, last=resume == LAST)
    with progress(name) as update:
        yield Parts(
            folder,
            config,
            catalog,
            quick=quick,
            standard=standard,
            on_progress=lambda now: update(
                now.fraction, f"{now.done}/{now.total} cells; {now.message}", now.eta_s
            ),
        )
