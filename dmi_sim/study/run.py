"""Run a study from its plan to its report, so that nothing finished is ever lost."""

import signal
import threading
from collections.abc import Generator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from dmi_sim.catalog import Catalog
from dmi_sim.spec.study import StudySpec
from dmi_sim.study.cells import preflight, run_cell
from dmi_sim.study.executors.base import CellTask, ExecutorConfig, RunCell, execute
from dmi_sim.study.manifest import ManifestWriter
from dmi_sim.study.plan import plan
from dmi_sim.study.progress import OnProgress, ProgressEstimate, ignore
from dmi_sim.study.run_setup import Run, RunOptions, open_run
from dmi_sim.study.store import (
    FailedCell,
    cell_folder,
    is_committed,
    locked,
    write_summary,
)


@dataclass(frozen=True)
class StudyResult:
    """What became of a study.

    Attributes:
        folder: Folder of the run.
        done: Cells that are there.
        total: Cells of the plan.
        failed_cells: Cells that were given up, and why.
        skipped: Tables that could not be read, one line each.
        wall_s: What this run took [s]; earlier runs of a resumed study not counted.
        report: The HTML report; None when there was nothing to report.
    """

    folder: Path
    done: int
    total: int
    failed_cells: tuple[FailedCell, ...]
    skipped: tuple[str, ...]
    wall_s: float
    report: Path | None = None

    @property
    def complete(self) -> bool:
        """Whether every cell is there and can be read."""
        return self.done == self.total and not self.skipped


def run_study(
    name: str,
    study: StudySpec,
    options: RunOptions | None = None,
    on_progress: OnProgress = ignore,
) -> StudyResult:
    """Run a study and write its report.

    Args:
        name: Name of the study.
        study: As it is going to run, see :func:`dmi_sim.study.plan.choose`.
        options: How to run it.
        on_progress: Told how far it is, several times a cell.

    Returns:
        Where it lies and how it ended; some cells may be missing.

    Raises:
        InputError: If the study cannot run as it is, or the run to resume is another one; nothing
            was written then.
        MachineProblem: If nothing can be written, or an optional package is missing.
        KeyboardInterrupt: After Ctrl-C; finished cells stay and can be resumed.
    """
    from dmi_sim.report import write_report

    chosen, catalog = options or RunOptions(), Catalog.shipped()
    preflight(plan(name, study, catalog))
    run = open_run(name, study, catalog, chosen)
    result = run_cells(run, chosen.config, run_cell, on_progress)
    return replace(result, report=write_report(result.folder)) if result.done else result


def run_cells(
    run: Run, config: ExecutorConfig, run_cell: RunCell, on_progress: OnProgress = ignore
) -> StudyResult:
    """Run the cells of a run that are not there yet, and write its tables.

    Args:
        run: From :func:`dmi_sim.study.run_setup.open_run`.
        config: Who runs the cells.
        run_cell: What runs one.
        on_progress: Told how far it is.

    Raises:
        InputError: If another process is running the same folder.
        KeyboardInterrupt: After Ctrl-C, once the manifest says so.
    """
    with locked(run.folder):
        ledger = ManifestWriter(run.folder, [cell.key for cell in run.cells])
        with _told_if_it_breaks(ledger):
            _work_off(run, config, run_cell, ledger, on_progress)
            skipped = write_summary(run.folder)
            final = ledger.close()
    return StudyResult(
        folder=run.folder,
        done=final.done,
        total=len(run.cells),
        failed_cells=final.failed_cells,
        skipped=skipped,
        wall_s=ledger.spent_s,
    )


def _work_off(
    run: Run,
    config: ExecutorConfig,
    run_cell: RunCell,
    ledger: ManifestWriter,
    on_progress: OnProgress,
) -> None:
    tasks = [CellTask(cell, cell_folder(run.folder.resolve(), cell.key)) for cell in run.cells]
    missing = [task for task in tasks if not is_committed(task.folder)]
    labels = {cell.key: cell.label for cell in run.cells}
    tally = ProgressEstimate(labels, len(tasks) - len(missing), on_progress)
    ledger.write("running")
    with closing(execute(missing, run_cell, config, tally.advance)) as outcomes:
        for outcome in outcomes:
            ledger.enter(outcome)
            tally.end(outcome.key, outcome.reason or outcome.status)


@contextmanager
def _told_if_it_breaks(ledger: ManifestWriter) -> Generator[None]:
    """Let the manifest say how a run ended that did not end by itself."""
    try:
        yield
    except KeyboardInterrupt:
        with _second_interrupt_kills():
            ledger.write("interrupted")
        raise
    except BaseException:
        ledger.write("failed")
        raise


@contextmanager
def _second_interrupt_kills() -> Generator[None]:
    """While inside, another Ctrl-C ends the process at once; its children die with it."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
