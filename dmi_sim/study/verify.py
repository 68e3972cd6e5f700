"""Say whether a run is whole: every file that its manifest lists is what its hash says."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from dmi_sim.errors import InputError
from dmi_sim.study.run_manifest import AnyManifest
from dmi_sim.study.store import (
    REPORT,
    check_cells,
    differences,
    is_run,
    read_manifest,
    unlisted_marks,
)


@dataclass(frozen=True)
class Verification:
    """What a look at all files of a run found.

    Attributes:
        status: Status of the run, ``unknown`` if its manifest is damaged.
        planned: Number of planned cells.
        whole: Keys of the finished cells that are whole.
        unlisted: Keys of whole cells that were finished, but not listed before the study was
            killed; ``--resume`` takes them in.
        problems: One line for each missing or changed file, or for each cell that has some.
    """

    status: Literal["running", "done", "failed", "interrupted", "unknown"]
    planned: int
    whole: tuple[str, ...]
    unlisted: tuple[str, ...]
    problems: tuple[str, ...]

    @property
    def is_whole(self) -> bool:
        """Whether nothing is missing or changed; an unfinished run can be whole."""
        return not self.problems


def verify(run: Path) -> Verification:
    """Compare every file of a run with the hash that vouches for it; nothing is written.

    Logs and the checkpoints of unfinished cells are not results, so no hash vouches for them.

    Args:
        run: Folder of the run.

    Raises:
        InputError: If the folder is not one of a run.
    """
    if not is_run(run):
        read_manifest(run)
    try:
        manifest = read_manifest(run)
    except InputError as damage:
        return Verification("unknown", 0, (), (), damage.problems)
    cells = check_cells(run)
    problems = (*cells.left_out, *differences(run, manifest.files))
    unlisted = tuple(unlisted_marks(run, manifest))
    return Verification(manifest.status, len(manifest.cells), (*cells.whole,), unlisted, problems)


def latest_unfinished(root: Path, run_hash: str) -> Path | None:
    """The newest run of exactly this study that is not finished, has no report or is damaged.

    Raises:
        InputError: If a run of this study is met whose manifest is damaged.
    """
    return next(
        (folder for folder, manifest in _runs(root, run_hash) if _has_more_to_do(folder, manifest)),
        None,
    )


def _runs(root: Path, run_hash: str) -> Iterator[tuple[Path, AnyManifest]]:
    """All runs of a study, newest first."""
    for folder in sorted(root.glob(f"*-{run_hash[:8]}*"), reverse=True):
        if is_run(folder):
            manifest = read_manifest(folder)
            if manifest.run_hash == run_hash:
                yield folder, manifest


def _has_more_to_do(run: Path, manifest: AnyManifest) -> bool:
    is_finished = manifest.status == "done" and REPORT in manifest.files
    return not (is_finished and verify(run).is_whole)
