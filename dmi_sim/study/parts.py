"""Runs that are parts of a larger question: each an ordinary run, in a folder of its own.

The folder of the whole holds ``plan.json``, which says what is asked, and a folder for each part.
It is resumed by running all parts again: those that are finished are read, the others go on.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from dmi_sim.catalog import Catalog, read_spec
from dmi_sim.errors import InputError, MachineProblem
from dmi_sim.files import write_json
from dmi_sim.paths import YAML_SUFFIXES
from dmi_sim.provenance import fingerprint
from dmi_sim.spec.base import Spec
from dmi_sim.spec.programme_study import ProgrammeStudySpec
from dmi_sim.study.executors.base import ExecutorConfig
from dmi_sim.study.progress import OnProgress, ignore
from dmi_sim.study.run import run_study
from dmi_sim.study.run_setup import RunOptions
from dmi_sim.study.store import is_run

SpecT = TypeVar("SpecT", bound=Spec)
PLAN, RESULT = "plan.json", "result.json"


@dataclass(frozen=True)
class Parts:
    """How the parts of a whole run.

    Attributes:
        folder: Folder of the whole.
        config: Executor, number of workers and of attempts.
        catalog: Source of all files that the studies name.
        quick: Whether the studies are in their quick forms, for the manifests.
        standard: Whether they are in their standard forms.
        on_progress: Called several times for each cell of each part.
    """

    folder: Path
    config: ExecutorConfig
    catalog: Catalog
    quick: bool = False
    standard: bool = False
    on_progress: OnProgress = ignore

    def run(self, part: str, name: str, study: ProgrammeStudySpec) -> Path:
        """Run one part, or what is missing of it.

        Args:
            part: Name of its folder.
            name: Name of the study.
            study: The study with all settings applied.

        Returns:
            The folder of its run, in which every cell is finished.

        Raises:
            InputError: If the study cannot run, or was begun with other settings.
            MachineProblem: If cells were given up.
        """
        folder = self.folder / part
        options = RunOptions(
            self.quick, self.standard, self.config, folder=folder, resume=is_run(folder)
        )
        result = run_study(name, study, options, self.on_progress, self.catalog)
        if not result.complete:
            reasons = [f"{one.label}: {one.reason}" for one in result.failed_cells]
            raise MachineProblem(
                f"{folder}: {result.total - result.done} of {result.total} cells given up; "
                f"resume it to try them again ({'; '.join([*reasons, *result.skipped])})"
            )
        return folder


def read_named(kind: type[SpecT], named: str, catalog: Catalog) -> tuple[str, SpecT]:
    """The name and the content of a file.

    Args:
        kind: Model of the file.
        named: Its name, or the path of a YAML file.
        catalog: Source of the files that have a name.

    Raises:
        InputError: If there is no such file, or its content is refused.
    """
    path = Path(named)
    if path.suffix in YAML_SUFFIXES:
        return path.stem, read_spec(kind, path)
    return named, catalog.load(kind, named)


def open_whole(root: Path, plan: Mapping[str, Any], resume: Path | None, *, last: bool) -> Path:
    """The folder of a whole, new or to go on with.

    Args:
        root: Folder of all wholes of this name.
        plan: All that decides what comes of it.
        resume: Folder to go on with; None for none.
        last: Whether to go on with the newest one of this plan that has no result, if there is one.

    Raises:
        InputError: If the folder to go on with has another plan, or none.
        MachineProblem: If nothing can be written.
    """
    if resume is not None:
        if _plan_of(resume) != plan:
            raise InputError(f"{resume}: begun with another plan, or with none; start anew")
        return resume
    folders = sorted(root.glob(f"*-{fingerprint(plan)[:8]}*"), reverse=True) if last else []
    unfinished = [one for one in folders if not (one / RESULT).is_file()]
    return unfinished[0] if unfinished else _new(root, plan)


def _plan_of(folder: Path) -> Any:
    path = folder / PLAN
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None


def _new(root: Path, plan: Mapping[str, Any]) -> Path:
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    base = f"{stamp}-{fingerprint(plan)[:8]}"
    existing = sum(1 for _ in root.glob(f"{base}*"))
    folder = root / (f"{base}-{existing}" if existing else base)
    try:
        write_json(folder / PLAN, plan)
    except OSError as error:
        raise MachineProblem(f"{folder}: cannot write there ({error.strerror})") from error
    return folder
