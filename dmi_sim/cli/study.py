"""The command ``dmi-sim study``."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dmi_sim.cli.console import FAILED_CELLS, OK, CommandResult
from dmi_sim.cli.progress import duration, progress
from dmi_sim.study.executors import ExecutorName

if TYPE_CHECKING:
    from dmi_sim.catalog import Catalog
    from dmi_sim.spec.studies import AnyStudy
    from dmi_sim.study.run import StudyResult
    from dmi_sim.study.run_manifest import FailedCell
    from dmi_sim.study.run_setup import Run, RunOptions

LAST = "last"


Name = Annotated[str, typer.Argument(help="A study, or a YAML file of your own.")]
Quick = Annotated[bool, typer.Option("--quick", help="The short form that the study describes.")]
Standard = Annotated[bool, typer.Option("--standard", help="The form that fits into two hours.")]
Workers = Annotated[
    int | None, typer.Option(min=1, max=1024, help="Cells at a time; default: all cores.")
]
Executor = Annotated[ExecutorName, typer.Option("--executor", help="Where cells run.")]
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
    standard: Standard = False,
    workers: Workers = None,
    executor: Executor = "process",
    settings: Set = None,
    resume: Resume = None,
) -> CommandResult:
    """Run a study and write its report.

    Ctrl-C stops it and loses no finished cell; --resume runs what is missing.
    """
    from dmi_sim.doctor import cores
    from dmi_sim.study.choose import told_as
    from dmi_sim.study.executors.base import ExecutorConfig
    from dmi_sim.study.find_run import catalog_of
    from dmi_sim.study.kinds import kind_of
    from dmi_sim.study.run import prepare
    from dmi_sim.study.run_setup import RunOptions

    stem, spec = chosen_study(name, quick=quick, standard=standard, settings=settings or ())
    options = RunOptions(
        quick=quick,
        standard=standard,
        config=ExecutorConfig(executor, workers or cores()),
        folder=Path(resume) if resume not in (None, LAST) else None,
        resume=resume is not None,
    )
    catalog = catalog_of(Path(name))
    with told_as(name):
        run = prepare(stem, spec, options, catalog)
    for line in kind_of(spec).advice(spec, catalog):
        sys.stderr.write(f"dmi-sim study: {line}\n")
    if run.note:
        sys.stderr.write(f"dmi-sim study: {run.note}\n")
    try:
        result = _run(stem, run, options, catalog)
    except KeyboardInterrupt:
        raise KeyboardInterrupt(_stopped(run, catalog)) from None
    try:
        return _command_result(result, _report(result, catalog))
    except KeyboardInterrupt:
        again = "the same command with --resume last writes it"
        raise KeyboardInterrupt(f"interrupted before the report of {run.folder}; {again}") from None


def chosen_study(
    name: str, *, quick: bool = False, standard: bool = False, settings: Sequence[str] = ()
) -> "tuple[str, AnyStudy]":
    """A study as it is going to run, and its name; a path leads to a researcher's own file."""
    from dmi_sim.catalog import Catalog
    from dmi_sim.study.choose import read_study, told_as, with_settings

    stem, spec = read_study(name, Catalog.shipped())
    with told_as(name):
        return stem, with_settings(stem, spec, quick=quick, standard=standard, settings=settings)


def _run(name: str, run: "Run", options: "RunOptions", catalog: "Catalog") -> "StudyResult":
    from dmi_sim.study.run import run_prepared

    with progress(name) as update:
        return run_prepared(
            run,
            options.config,
            catalog,
            lambda now: update(
                now.fraction, f"{now.done}/{now.total} cells; {now.message}", now.eta_s
            ),
        )


def _stopped(run: "Run", catalog: "Catalog") -> str:
    """Report what is finished in a run that was stopped; what to do next, in one line.

    Another Ctrl-C ends this too.
    """
    from dmi_sim.errors import InputError
    from dmi_sim.report.any_report import write_any_report
    from dmi_sim.study.store import read_manifest

    again = "the same command with --resume last goes on"
    try:
        done = read_manifest(run.folder).done
        report = (
            f"report so far: {write_any_report(run.folder, catalog)}"
            if done
            else "nothing to report yet"
        )
    except (KeyboardInterrupt, InputError, OSError):
        return f"interrupted; finished cells are kept in {run.folder}: {again}"
    return (
        f"interrupted; {done} of {len(run.cells)} cells are kept in {run.folder}; {report}; {again}"
    )


def _report(result: "StudyResult", catalog: "Catalog") -> Path | None:
    """Write the report, if there is something to report."""
    from dmi_sim.report.any_report import write_any_report

    return write_any_report(result.folder, catalog) if result.done else None


def _command_result(result: "StudyResult", report: Path | None) -> CommandResult:
    lines = [
        f"{result.done} of {result.total} cells in {duration(result.wall_s)}",
        *_given_up(result.failed_cells),
        *([result.note] if result.note else []),
        *(f"damaged, so it ran again: {line}" for line in result.discarded),
        *(f"left out: {line}" for line in result.skipped),
        f"report: {report or 'none, no cell was finished'}",
    ]
    data = {
        "folder": result.folder,
        "report": report,
        "done": result.done,
        "total": result.total,
        "failed": result.failed_cells,
        "skipped": result.skipped,
        "discarded": result.discarded,
        "note": result.note,
        "wall_s": result.wall_s,
    }
    return CommandResult("\n".join(lines), data, exit_code=OK if result.complete else FAILED_CELLS)


def _given_up(failed_cells: "Sequence[FailedCell]") -> Iterator[str]:
    """A line for each reason, however many cells it has ended."""
    by_reason: dict[str, list[str]] = {}
    for failed in failed_cells:
        by_reason.setdefault(failed.reason, []).append(failed.label)
    for reason, (first, *others) in by_reason.items():
        more = f" and {len(others)} more" if others else ""
        yield f"given up: {first}{more}: {reason}"
