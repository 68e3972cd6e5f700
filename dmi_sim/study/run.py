"""Run a study from its plan to its tables; finished cells are never lost."""

import signal
import threading
from collections.abc import Generator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from dmi_sim.catalog import Catalog
from dmi_sim.spec.studies import AnyStudy
from dmi_sim.study.cell import labels
from dmi_sim.study.executors.base import CellTask, ExecutorConfig, RunCell
from dmi_sim.study.executors.dispatch import execute
from dmi_sim.study.kinds import kind_of, write_tables
from dmi_sim.study.manifest import ManifestWriter
from dmi_sim.study.progress import OnProgress, ProgressEstimate, ignore
from dmi_sim.study.run_manifest import FailedCell
from dmi_sim.study.run_setup import Run, RunOptions, open_run
from dmi_sim.study.store import cell_folder, locked, read_manifest


@dataclass(frozen=True)
class StudyResult:
    """The result of a study.

    Attributes:
        folder: Folder of the run.
        done: Number of finished cells.
        total: Number of cells of the plan.
        failed_cells: Cells that were given up, with the reasons.
        skipped: Damaged cells and tables that could not be read, one line each.
        discarded: Cells of a resumed run that were damaged and have run again, one line each.
        note: Why a new run began although one was to be resumed; empty if it went on.
        wall_s: Wall time of this run [s]; earlier runs of a resumed study are not counted.
    """

    folder: Path
    done: int
    total: int
    failed_cells: tuple[FailedCell, ...]
    skipped: tuple[str, ...]
    discarded: tuple[str, ...]
    note: str
    wall_s: float

    @property
    def complete(self) -> bool:
        """Whether every cell is finished and can be read."""
        return self.done == self.total and not self.skipped


def run_study(
    name: str,
    study: AnyStudy,
    options: RunOptions | None = None,
    on_progress: OnProgress = ignore,
    catalog: Catalog | None = None,
) -> StudyResult:
    """Run a study; :func:`dmi_sim.report.html.write_report` makes a report of its folder.

    Args:
        name: Name of the study.
        study: The study with its settings applied, see :func:`dmi_sim.study.plan.choose`.
        options: Executor, folder of the run, whether to resume.
        on_progress: Called several times per cell.
        catalog: Source of the files of infants, exercise and supports; the shipped one if None.

    Returns:
        The folder and the end of the run; some cells may be missing.

    Raises:
        InputError: If the study cannot run, or the run to resume is a different one; nothing has
            been written then.
        MachineProblem: If nothing can be written, or an optional package is missing.
        KeyboardInterrupt: After Ctrl-C; finished cells stay and can be resumed.
    """
    options, catalog = options or RunOptions(), (catalog or Catalog.shipped()).read_anew()
    run = prepare(name, study, options, catalog)
    return run_prepared(run, options.config, catalog, on_progress)


def prepare(name: str, study: AnyStudy, options: RunOptions, catalog: Catalog) -> Run:
    """The folder of a study that is ready to run; all that its cells will do has been tried.

    Args:
        name: Name of the study.
        study: The study with its settings applied, see :func:`dmi_sim.study.plan.choose`.
        options: Executor, folder of the run, whether to resume.
        catalog: Source of the files of infants, exercise and supports.

    Raises:
        InputError: If the study cannot run, or the run to resume is a different one; nothing has
            been written then.
        MachineProblem: If nothing can be written, or an optional package is missing.
    """
    kind = kind_of(study)
    kind.preflight(kind.plan(name, study, catalog), catalog)
    return open_run(name, study, catalog, options)


def run_prepared(
    run: Run, config: ExecutorConfig, catalog: Catalog, on_progress: OnProgress = ignore
) -> StudyResult:
    """Run the cells of a study that :func:`prepare` has opened, see :func:`run_cells`."""
    run_cell = kind_of(read_manifest(run.folder).spec).run_cell
    return run_cells(run, config, partial(run_cell, catalog=catalog), on_progress)


def run_cells(
    run: Run, config: ExecutorConfig, run_cell: RunCell, on_progress: OnProgress = ignore
) -> StudyResult:
    """Run the missing and the damaged cells of a run, and write its tables.

    Args:
        run: The run, see :func:`dmi_sim.study.run_setup.open_run`.
        config: Executor, number of workers and of attempts.
        run_cell: The function that runs one cell.
        on_progress: Called several times per cell.

    Raises:
        InputError: If another process is running the same folder.
        KeyboardInterrupt: After Ctrl-C, once the manifest says ``interrupted``.
    """
    with locked(run.folder):
        manifest = ManifestWriter(run.folder, [cell.key for cell in run.cells])
        with _status_if_stopped(manifest):
            _run_missing_cells(run, config, run_cell, manifest, on_progress)
            skipped = write_tables(run.folder)
            final = manifest.close()
    return StudyResult(
        folder=run.folder,
        done=final.done,
        total=len(run.cells),
        failed_cells=final.failed_cells,
        skipped=skipped,
        discarded=manifest.discarded,
        note=run.note,
        wall_s=manifest.spent_s,
    )


def _run_missing_cells(
    run: Run,
    config: ExecutorConfig,
    run_cell: RunCell,
    manifest: ManifestWriter,
    on_progress: OnProgress,
) -> None:
    tasks = [CellTask(cell, cell_folder(run.folder.resolve(), cell.key)) for cell in run.cells]
    missing = [task for task in tasks if not manifest.is_done(task.cell.key)]
    progress = ProgressEstimate(labels(run.cells), len(tasks) - len(missing), on_progress)
    manifest.write("running")
    with closing(execute(missing, run_cell, config, progress.advance)) as outcomes:
        for outcome in outcomes:
            manifest.record(outcome)
            progress.end(outcome.key, outcome.reason or outcome.status)


@contextmanager
def _status_if_stopped(manifest: ManifestWriter) -> Generator[None]:
    """Write ``interrupted`` or ``failed`` into the manifest if an exception ends the run."""
    try:
        yield
    except KeyboardInterrupt:
        with _second_interrupt_kills():
            manifest.write("interrupted")
        raise
    except BaseException:
        manifest.write("failed")
        raise


@contextmanager
def _second_interrupt_kills() -> Generator[None]:
    """Let another Ctrl-C end the process at once; its children end with it."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
