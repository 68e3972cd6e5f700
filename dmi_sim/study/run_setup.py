"""Open a run: a new folder, or an unfinished one that still fits the plan."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from dmi_sim.catalog import Catalog
from dmi_sim.errors import InputError
from dmi_sim.provenance import fingerprint, provenance, sha256
from dmi_sim.spec.studies import AnyStudy
from dmi_sim.study.any_cell import AnyCell
from dmi_sim.study.cell import labels
from dmi_sim.study.cell_files import now_utc
from dmi_sim.study.changes import changes
from dmi_sim.study.executors.base import ExecutorConfig
from dmi_sim.study.executors.dispatch import check_executor
from dmi_sim.study.kinds import kind_of
from dmi_sim.study.preregistration import PREREGISTRATION
from dmi_sim.study.run_manifest import AnyManifest
from dmi_sim.study.store import is_run, new_run, read_manifest, start_run
from dmi_sim.study.verify import latest_unfinished

RUNS = Path("runs")


@dataclass(frozen=True)
class RunOptions:
    """Options of a run; none of them changes a result.

    Attributes:
        quick: Whether the study is in its quick form, for the manifest.
        standard: Whether it is in its standard form.
        config: Executor, number of workers and of attempts.
        folder: Folder of the run; a new one in ``runs/<study>/`` by default.
        resume: Whether to resume ``folder`` or, without one, the newest unfinished run of exactly
            this study; if there is none, a new run starts.
    """

    quick: bool = False
    standard: bool = False
    config: ExecutorConfig = field(
        default_factory=lambda: ExecutorConfig(workers=os.cpu_count() or 1)
    )
    folder: Path | None = None
    resume: bool = False


@dataclass(frozen=True)
class Run:
    """A run that is ready to start or to resume.

    Attributes:
        folder: Folder of the run, with its manifest.
        cells: All cells of the run.
        note: Why no run of the study goes on although one was to; empty if it has none.
    """

    folder: Path
    cells: tuple[AnyCell, ...]
    note: str = ""


def open_run(name: str, study: AnyStudy, catalog: Catalog, options: RunOptions) -> Run:
    """The folder of a new run, or the one to resume.

    Args:
        name: Name of the study.
        study: The study with its settings applied.
        catalog: Source of the files of infants and exercise.
        options: Folder of the run, and whether to resume.

    Raises:
        InputError: If the study cannot run, the run to resume is a different one, or a new folder
            is not empty.
        MachineProblem: If nothing can be written, or the executor is not installed.
    """
    check_executor(options.config)
    cells = kind_of(study).plan(name, study, catalog)
    manifest = _manifest(name, study, cells, catalog, options)
    folder, note = _folder(manifest, options)
    return Run(folder, tuple(cells), note)


def _folder(manifest: AnyManifest, options: RunOptions) -> tuple[Path, str]:
    """The folder to run in, and why it is not that of an unfinished run, if one is passed over."""
    root, note = RUNS / manifest.study, ""
    if options.resume:
        folder = options.folder or latest_unfinished(root, manifest.run_hash)
        if folder is not None:
            refuse_other(folder, read_manifest(folder), manifest)
            return folder, note
        note = _why_not_the_latest(root, manifest)
    text = kind_of(manifest.spec).preregistration(manifest)
    manifest = manifest.model_copy(update={"preregistration": sha256(text.encode())})
    if options.folder is not None:
        start_run(options.folder, manifest, {PREREGISTRATION: text})
        return options.folder, note
    return new_run(root, manifest, {PREREGISTRATION: text}), note


def _why_not_the_latest(root: Path, manifest: AnyManifest) -> str:
    """What the newest unfinished run of a study differs in; empty if the study has no runs."""
    folders = sorted(filter(is_run, root.glob("*")), reverse=True)
    for folder in folders:
        try:
            old = read_manifest(folder)
        except InputError as error:
            return f"a new run, because the latest cannot go on: {error}"
        if old.status != "done":
            return f"a new run, because {folder} was begun with {changes(old, manifest)}"
    lacking = f"a new run, because no run in {root} of these settings lacks anything"
    return lacking if folders else ""


def refuse_other(folder: Path, old: AnyManifest, new: AnyManifest) -> None:
    """Raise unless the cells of an old run and those of the plan belong together.

    Args:
        folder: Folder of the old run.
        old: Its manifest.
        new: The manifest that a new run would have.

    Raises:
        InputError: If a setting, a file, a plug-in or the software is another one.
    """
    changed = changes(old, new)
    if changed:
        raise InputError(f"{folder}: begun with {changed}; start anew")


def _manifest(
    name: str, study: AnyStudy, cells: Sequence[AnyCell], catalog: Catalog, options: RunOptions
) -> AnyManifest:
    keys, kind = [cell.key for cell in cells], kind_of(study)
    return AnyManifest(
        study=name,
        run_hash=fingerprint([study.model_dump(mode="json"), keys]),
        quick=options.quick,
        standard=options.standard,
        status="running",
        spec=study,
        cells=labels(cells),
        design=kind.design(study, catalog),
        provenance=provenance(),
        sources=kind.sources(study, cells, catalog),
        started_utc=now_utc(),
    )
