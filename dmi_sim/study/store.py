"""The folder of a run: a manifest, cells that are finished or do not count, and tables.

``cell.json`` is written last in a cell's folder and lists its files; without it the cell does not
count. Readers use committed cells only, and report tables that they cannot read.
"""

import fcntl
import os
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from dmi_sim.errors import InputError, MachineProblem
from dmi_sim.files import remove_partial_files, write_json, write_text
from dmi_sim.provenance import Provenance, file_sha256, software_versions, tree_sha256
from dmi_sim.spec.base import Strict
from dmi_sim.spec.study import StudySpec
from dmi_sim.study.columns import Row, columns_of, dictionary
from dmi_sim.study.plan import Cell
from dmi_sim.study.tables import UnreadableTable, read_table, summary_rows, write_table

CONTEXT_OF_USE = (
    "Simulation, not clinical evidence: for education and for making hypotheses, "
    "never for a decision about a child."
)

MANIFEST, COMMIT_MARK, SHAPES = "manifest.json", "cell.json", "shapes.json"
LOG, WORK = "log.txt", "work"


class FailedCell(Strict):
    """A cell that was given up."""

    cell: str
    label: str
    attempts: int
    reason: str


class RunManifest(Strict):
    """The study of a run, the software and files behind it, and its status."""

    schema_version: Literal[1] = 1
    context_of_use: str = CONTEXT_OF_USE
    study: str
    run_hash: str
    """Hash of the resolved study and of all its cells."""
    quick: bool
    status: Literal["running", "done", "failed", "interrupted"]
    """``done``: every cell is finished; ``failed``: the run ended without some of them."""
    spec: StudySpec
    """The study as it ran: quick form and settings applied."""
    cells: dict[str, str]
    """All planned cells in words, by key, in the order of the tables."""
    done: int = 0
    failed_cells: tuple[FailedCell, ...] = ()
    provenance: Provenance
    sources: dict[str, str]
    """SHA-256 of each file that describes infants and exercise."""
    started_utc: str
    ended_utc: str | None = None
    wall_s: float = 0.0
    """Wall time, summed over resumed runs [s]."""
    files: dict[str, str] = {}
    """SHA-256 of tables and commit marks, once the run has ended."""


class CellTiming(Strict):
    """Wall time and simulated time of a cell."""

    wall_s: float
    """Wall time of the attempt that finished it [s]."""
    training_wall_s: float
    """Wall time of training, over all attempts [s]."""
    dose_h: float
    """Simulated training [h]."""


class CellRecord(Strict):
    """The commit mark of a cell: its plan, its timing and the hashes of its files."""

    key: str
    cell: Cell
    timing: CellTiming
    versions: dict[str, str]
    files: dict[str, str]
    """SHA-256 of each file of the cell, by path in its folder."""
    finished_utc: str


@dataclass(frozen=True)
class LoadedTable:
    """Rows of all committed cells, and the cells that had to be left out.

    Attributes:
        rows: Rows in the order of the plan.
        skipped: One line for each cell or table that could not be read.
    """

    rows: tuple[Row, ...]
    skipped: tuple[str, ...]


def now_utc() -> str:
    """The present time in UTC, as manifests write it."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def cell_folder(run: Path, key: str) -> Path:
    """The folder of a cell in the folder of its run.

    >>> cell_folder(Path("runs/pilot"), "a1b2").as_posix()
    'runs/pilot/cells/a1b2'
    """
    return run / "cells" / key


def is_committed(folder: Path) -> bool:
    """Whether a cell's folder holds a finished cell."""
    return (folder / COMMIT_MARK).is_file()


def append_log(folder: Path, text: str) -> None:
    """Add a line to the log of a cell, unless the disk is full."""
    try:
        with (folder / LOG).open("a", encoding="utf-8") as log:
            log.write(f"{text}\n")
    except OSError:
        return


def new_run(root: Path, manifest: RunManifest) -> Path:
    """A fresh folder ``<root>/<UTC>-<hash>`` with its manifest.

    Raises:
        MachineProblem: If nothing can be written there.
    """
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    base = f"{stamp}-{manifest.run_hash[:8]}"
    existing = sum(1 for _ in root.glob(f"{base}*"))
    folder = root / (f"{base}-{existing}" if existing else base)
    start_run(folder, manifest)
    return folder


def start_run(folder: Path, manifest: RunManifest) -> None:
    """Make a given folder the folder of a new run.

    Raises:
        InputError: If it is not empty.
        MachineProblem: If nothing can be written there.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise InputError(f"{folder}: not empty; resume it, or name another folder")
        (folder / "cells").mkdir()
        write_manifest(folder, manifest)
    except OSError as error:
        raise MachineProblem(f"{folder}: cannot write there ({error.strerror})") from error


def write_manifest(run: Path, manifest: RunManifest) -> None:
    """Write or replace the manifest of a run."""
    write_text(run / MANIFEST, manifest.model_dump_json(indent=2) + "\n")


def read_manifest(run: Path) -> RunManifest:
    """The manifest of a run.

    Raises:
        InputError: If the folder is not one of a run.
    """
    try:
        return RunManifest.model_validate_json((run / MANIFEST).read_bytes())
    except OSError:
        raise InputError(f"{run}: no run (it has no {MANIFEST})") from None
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise InputError(f"{run / MANIFEST}: {where}: {first['msg']}") from None


def latest_unfinished(root: Path, run_hash: str) -> Path | None:
    """The newest unfinished run of exactly this study, or None."""
    for folder in sorted(root.glob(f"*-{run_hash[:8]}*"), reverse=True):
        try:
            manifest = read_manifest(folder)
        except InputError:
            continue
        if manifest.run_hash == run_hash and manifest.status != "done":
            return folder
    return None


@contextmanager
def locked(run: Path) -> Generator[None]:
    """Keep other processes from running the same folder; the lock ends with the process.

    Raises:
        InputError: If another process holds the lock.
    """
    handle = os.open(run, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise InputError(f"{run}: another process is running this study") from None
        remove_partial_files(run)
        yield
    finally:
        os.close(handle)


def commit(cell: Cell, folder: Path, timing: CellTiming) -> Path:
    """Write the commit mark of a finished cell.

    Args:
        cell: The cell.
        folder: Folder with all of its files.
        timing: Its wall and simulated time.
    """
    files = {name: digest for name, digest in tree_sha256(folder).items() if _is_result(name)}
    record = CellRecord(
        key=cell.key,
        cell=cell,
        timing=timing,
        versions=software_versions(),
        files=files,
        finished_utc=now_utc(),
    )
    write_text(folder / COMMIT_MARK, record.model_dump_json(indent=2) + "\n")
    return folder


def _is_result(name: str) -> bool:
    """Whether a file belongs to the result of a cell; its log and its checkpoints do not."""
    return name not in {LOG, COMMIT_MARK} and not name.startswith(f"{WORK}/")


def cell_record(folder: Path) -> CellRecord:
    """The commit mark of a cell.

    Raises:
        UnreadableTable: If it is missing or damaged.
    """
    try:
        return CellRecord.model_validate_json((folder / COMMIT_MARK).read_bytes())
    except (OSError, ValidationError):
        raise UnreadableTable(f"{folder.name}/{COMMIT_MARK}: missing or damaged") from None


def committed(run: Path) -> tuple[Path, ...]:
    """Folders of all finished cells of a run, in the order of the plan."""
    folders = (cell_folder(run, key) for key in read_manifest(run).cells)
    return tuple(folder for folder in folders if is_committed(folder))


def load_table(run: Path, table: Literal["episodes", "training"]) -> LoadedTable:
    """One table over all finished cells; damaged ones are left out and named.

    Args:
        run: Folder of the run.
        table: Name of the table of a cell.
    """
    rows: list[Row] = []
    skipped: list[str] = []
    for folder in committed(run):
        try:
            cell_record(folder)
            rows += read_table(folder / f"{table}.parquet", columns_of(table))
        except UnreadableTable as finding:
            skipped.append(f"cell {folder.name}: {finding}")
    return LoadedTable(tuple(rows), tuple(skipped))


def write_summary(run: Path) -> tuple[str, ...]:
    """Write ``summary.parquet`` and ``columns.json`` from the finished cells.

    Returns:
        The cells and tables that had to be left out, one line each.
    """
    episodes = load_table(run, "episodes")
    write_table(run / "summary.parquet", columns_of("summary"), summary_rows(episodes.rows))
    write_json(run / "columns.json", dictionary())
    return episodes.skipped


def read_summary(run: Path) -> list[Row]:
    """The rows of ``summary.parquet``.

    Raises:
        UnreadableTable: If it is missing or damaged.
    """
    return read_table(run / "summary.parquet", columns_of("summary"))


def hashes(run: Path) -> dict[str, str]:
    """SHA-256 of the tables of a run and of the commit mark of every finished cell."""
    marks = [folder / COMMIT_MARK for folder in committed(run)]
    files = [run / "summary.parquet", run / "columns.json", *marks]
    return {path.relative_to(run).as_posix(): file_sha256(path) for path in files if path.is_file()}


def verify(run: Path) -> tuple[str, ...]:
    """The missing, changed or damaged files of a run, one line each.

    Raises:
        InputError: If the folder is not one of a run.
    """
    manifest = read_manifest(run)
    return (*_differences(run, manifest.files), *_damaged_cells(run, manifest.cells))


def _damaged_cells(run: Path, keys: Mapping[str, str]) -> Iterator[str]:
    for folder in (cell_folder(run, key) for key in keys):
        if not is_committed(folder):
            continue
        try:
            record = cell_record(folder)
            yield from (f"cell {folder.name}: {x}" for x in _differences(folder, record.files))
            for table in ("episodes", "training"):
                read_table(folder / f"{table}.parquet", columns_of(table))
        except UnreadableTable as finding:
            yield f"cell {folder.name}: {finding}"


def _differences(folder: Path, expected: Mapping[str, str]) -> Sequence[str]:
    found = {name: folder / name for name in expected}
    return [
        f"{name}: {'changed' if path.is_file() else 'missing'}"
        for name, path in found.items()
        if not path.is_file() or file_sha256(path) != expected[name]
    ]
