"""The files of one cell: finished once its commit mark is written, trusted when all are whole.

``cell.json`` is written last and holds the hash of each file of the cell. The manifest of the run
holds the hash of ``cell.json``; until it does, the seal inside vouches for it.
"""

import shutil
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Generic, TypeAlias

from pydantic import ValidationError
from typing_extensions import TypeVar

from dmi_sim.files import write_text
from dmi_sim.provenance import file_sha256, fingerprint, sha256, software_versions, tree_sha256
from dmi_sim.spec.base import Strict
from dmi_sim.study.any_cell import AnyCell
from dmi_sim.study.cell import StudyCell
from dmi_sim.study.plan import Cell

COMMIT_MARK, SHAPES = "cell.json", "shapes.json"
LOG, WORK = "log.txt", "work"


def now_utc() -> str:
    """The present time in UTC, as manifests write it."""
    return datetime.now(UTC).isoformat(timespec="seconds")


class CellTiming(Strict):
    """Wall time and simulated time of a cell."""

    wall_s: float
    """Wall time of the attempt that finished it [s]."""
    training_wall_s: float
    """Wall time of training, over all attempts [s]."""
    dose_h: float
    """Simulated training [h]."""


CellT = TypeVar("CellT", bound=StudyCell, default=Cell, covariant=True)


class CellRecord(Strict, Generic[CellT]):
    """The commit mark of a cell: its plan, its timing and the hashes of its files."""

    key: str
    cell: CellT
    timing: CellTiming
    versions: dict[str, str]
    files: dict[str, str]
    """SHA-256 of each file of the cell, by path in its folder."""
    finished_utc: str
    seal: str = ""
    """SHA-256 of all the rest of this record, for a cell that no manifest has listed yet."""

    def content_sha256(self) -> str:
        """What :attr:`seal` has to be."""
        return fingerprint(self.model_dump(mode="json", exclude={"seal"}))


AnyRecord: TypeAlias = CellRecord[AnyCell]
"""The commit mark of a cell of any kind."""


class DamagedCell(Exception):  # noqa: N818 - a finding about files, not a failure of ours
    """A file of a cell is missing, or is not what its hash says."""


def is_committed(folder: Path) -> bool:
    """Whether a cell's folder holds a commit mark; :func:`check_cell` tells if it is whole."""
    return (folder / COMMIT_MARK).is_file()


def append_log(folder: Path, text: str) -> None:
    """Add a line to the log of a cell, unless the disk is full."""
    try:
        with (folder / LOG).open("a", encoding="utf-8") as log:
            log.write(f"{text}\n")
    except OSError:
        return


def commit(cell: AnyCell, folder: Path, timing: CellTiming) -> Path:
    """Write the commit mark of a finished cell.

    Args:
        cell: The cell.
        folder: Folder with all of its files.
        timing: Its wall and simulated time.
    """
    files = {name: digest for name, digest in tree_sha256(folder).items() if _is_result(name)}
    record = AnyRecord(
        key=cell.key,
        cell=cell,
        timing=timing,
        versions=software_versions(),
        files=files,
        finished_utc=now_utc(),
    )
    sealed = record.model_copy(update={"seal": record.content_sha256()})
    write_text(folder / COMMIT_MARK, sealed.model_dump_json(indent=2) + "\n")
    return folder


def _is_result(name: str) -> bool:
    """Whether a file belongs to the result of a cell; its log and its checkpoints do not."""
    return name not in {LOG, COMMIT_MARK} and not name.startswith(f"{WORK}/")


def cell_record(folder: Path, mark_sha256: str = "") -> AnyRecord:
    """The commit mark of a cell; its other files are not looked at.

    Args:
        folder: Folder of the cell.
        mark_sha256: Hash of the mark in the manifest; empty if it is not listed there yet, so that
            only its own seal vouches for it.

    Raises:
        DamagedCell: If it is missing or damaged.
    """
    try:
        data = (folder / COMMIT_MARK).read_bytes()
        record = AnyRecord.model_validate_json(data)
    except OSError:
        raise DamagedCell(f"{COMMIT_MARK}: missing") from None
    except ValidationError:
        raise DamagedCell(f"{COMMIT_MARK}: changed, it is not readable") from None
    intact = record.seal == record.content_sha256() and record.key == record.cell.key == folder.name
    if not intact or mark_sha256 not in {"", sha256(data)}:
        raise DamagedCell(f"{COMMIT_MARK}: changed")
    return record


def check_cell(folder: Path, mark_sha256: str = "") -> AnyRecord:
    """The commit mark of a cell, once every file of the cell has been compared with its hash.

    Args:
        folder: Folder of the cell.
        mark_sha256: Hash of the mark in the manifest; empty if it is not listed there yet.

    Raises:
        DamagedCell: If a file is missing or is not what its hash says.
    """
    record = cell_record(folder, mark_sha256)
    found = differences(folder, record.files)
    if found:
        raise DamagedCell("; ".join(found))
    return record


def discard_cell(folder: Path, reason: str) -> None:
    """Remove the files of a damaged cell, so that it runs again from its start; its log stays."""
    for path in folder.iterdir():
        if path.name != LOG:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    append_log(folder, f"damaged, so it runs again: {reason}")


def differences(folder: Path, expected: Mapping[str, str]) -> tuple[str, ...]:
    """The files of a folder that are missing or are not what their hashes say, one line each."""
    found = {name: folder / name for name in expected}
    return tuple(
        f"{name}: {'changed' if path.is_file() else 'missing'}"
        for name, path in found.items()
        if not path.is_file() or file_sha256(path) != expected[name]
    )
