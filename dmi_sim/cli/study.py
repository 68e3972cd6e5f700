"""The command ``dmi-sim study``."""

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dmi_sim.cli.console import FAILED_CELLS, OK, CommandResult
from dmi_sim.cli.progress import duration, progress

if TYPE_CHECKING:
    from dmi_sim.spec.study import StudySpec
    from dmi_sim.study.run import StudyResult
    from dmi_sim.study.run_setup import RunOptions

LAST = "last"


class Executor(StrEnum):
    """Who runs the cells of a study."""

    process = "process"
    inline = "inline"
    ray = "ray"


Name = Annotated[str, typer.Argument(help="A study, or a YAML file of your own.")]
Quick = Annotated[bool, typer.Option("--quick", help="The short form that the study describes.")]
Workers = Annotated[int | None, typer.Option(min=1, help="Cells at a time; default: all cores.")]
Who = Annotated[Executor, typer.Option("--executor", help="Where cells run.")]
Set = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="Replace a value; may be given again."),
]
Resume = Annotated[
    str | None,
    typer.Option(metavar="RUN", help=f"Folder of a run to go on with, or '{LAST}'."),
]


def study(
    name: Name,
    quick: Quick = False,
    workers: Workers = None,
    executor: Who = Executor.process,
    settings: Set = None,
    resume: Resume = None,
) -> CommandResult:
    """Run a study and write its report.

    Ctrl-C stops it and loses no finished cell; --resume runs what is missing.
    """
    from dmi_sim.doctor import cores
    from dmi_sim.study.executors.base import ExecutorConfig
    from dmi_sim.study.run_setup import RunOptions

    stem, spec = _chosen(name, quick, settings or ())
    options = RunOptions(
        quick=quick,
        config=ExecutorConfig(executor.value, workers or cores()),
        folder=Path(resume) if resume not in (None, LAST) else None,
        resume=resume is not None,
    )
    return _told(_run(stem, spec, options))


def _chosen(name: str, quick: bool, settings: Sequence[str]) -> "tuple[str, StudySpec]":
    """A study as it is going to run, and its name; a path leads to a researcher's own file."""
    from dmi_sim.catalog import Catalog, override, read_spec
    from dmi_sim.spec.study import StudySpec
    from dmi_sim.study.plan import choose

    path = Path(name)
    if path.suffix != ".yaml":
        return name, choose(Catalog.shipped(), name, quick=quick, settings=settings)
    spec = read_spec(StudySpec, path)
    return path.stem, override(spec.quick_form() if quick else spec, settings)


def _run(name: str, spec: "StudySpec", options: "RunOptions") -> "StudyResult":
    from dmi_sim.study.run import run_study

    try:
        with progress(name) as tell:
            return run_study(
                name,
                spec,
                options,
                lambda now: tell(
                    now.fraction, f"{now.done}/{now.total} cells; {now.message}", now.eta_s
                ),
            )
    except KeyboardInterrupt:
        again = "the same command with --resume last goes on"
        raise KeyboardInterrupt(f"interrupted; finished cells are kept: {again}") from None


def _told(result: "StudyResult") -> CommandResult:
    lines = [
        f"{result.done} of {result.total} cells in {duration(result.wall_s)}",
        *(f"given up: {one.label}: {one.reason}" for one in result.failed_cells),
        *(f"left out: {line}" for line in result.skipped),
        f"report: {result.report or 'none, no cell was finished'}",
    ]
    data = {
        "folder": result.folder,
        "report": result.report,
        "done": result.done,
        "total": result.total,
        "failed": result.failed_cells,
        "skipped": result.skipped,
        "wall_s": result.wall_s,
    }
    return CommandResult("\n".join(lines), data, exit_code=OK if result.complete else FAILED_CELLS)
