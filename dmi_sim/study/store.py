"""The folder of a run: a manifest, cells that are finished or do not count, and tables.

Data are trusted only when whole, by a chain of hashes. ``cell.json`` is written last in a cell's
folder and holds the hash of each of its files; ``manifest.json`` holds the hash of each
``cell.json`` and of the tables and the report of the run; ``manifest.sha256`` holds that of
``manifest.json``. Readers follow the chain, use whole cells only and name the damaged ones.
"""

import errno
import fcntl
import os
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from dmi_sim.errors import InputError, MachineProblem
from dmi_sim.files import remove_partial_files, write_bytes, write_json, write_text
from dmi_sim.provenance import file_sha256, sha256, tree_sha256
from dmi_sim.study.cell_files import (
    COMMIT_MARK,
    AnyRecord,
    DamagedCell,
    check_cell,
    differences,
    is_committed,
)
from dmi_sim.study.columns import Column, Row, columns_of, dictionary
from dmi_sim.study.run_manifest import AnyManifest
from dmi_sim.study.tables import UnreadableTable, read_table, summary_rows, write_table

MANIFEST, MANIFEST_MARK = "manifest.json", "manifest.sha256"
CELLS, SUMMARY, COLUMNS, REPORT = "cells", "summary.parquet", "columns.json", "report.html"


@dataclass(frozen=True)
class CheckedCells:
    """The finished cells of a run, every file of them compared with its hash.

    Attributes:
        whole: Commit marks of the cells that are whole, by key, in planned order.
        damaged: What is wrong with each of the others, by key, in planned order.
        labels: All planned cells in words, by key.
    """

    whole: dict[str, AnyRecord]
    damaged: dict[str, str]
    labels: dict[str, str]

    @property
    def left_out(self) -> tuple[str, ...]:
        """One line for each damaged cell."""
        return tuple(f"cell {key}: {self.labels[key]}: {why}" for key, why in self.damaged.items())


@dataclass(frozen=True)
class LoadedTable:
    """Rows of all whole cells, and the cells that had to be left out.

    Attributes:
        rows: Rows in the order of the plan.
        skipped: One line for each cell that is damaged or whose table could not be read.
    """

    rows: tuple[Row, ...]
    skipped: tuple[str, ...]


def cell_folder(run: Path, key: str) -> Path:
    """The folder of a cell in the folder of its run.

    >>> cell_folder(Path("runs/pilot"), "a1b2").as_posix()
    'runs/pilot/cells/a1b2'
    """
    return run / CELLS / key


def new_run(root: Path, manifest: AnyManifest, texts: Mapping[str, str] | None = None) -> Path:
    """A fresh folder ``<root>/<UTC>-<hash>`` with its manifest, see :func:`start_run`.

    Raises:
        MachineProblem: If nothing can be written there.
    """
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    base = f"{stamp}-{manifest.run_hash[:8]}"
    existing = sum(1 for _ in root.glob(f"{base}*"))
    folder = root / (f"{base}-{existing}" if existing else base)
    start_run(folder, manifest, texts)
    return folder


def start_run(folder: Path, manifest: AnyManifest, texts: Mapping[str, str] | None = None) -> None:
    """Make a given folder the folder of a new run.

    The ``texts`` by name are written first, since a folder with a manifest is a run.

    Raises:
        InputError: If it is not empty.
        MachineProblem: If nothing can be written there.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise InputError(f"{folder}: not empty; resume it, or name another folder")
        (folder / CELLS).mkdir()
        for name, text in (texts or {}).items():
            write_text(folder / name, text)
        write_manifest(folder, manifest)
    except OSError as error:
        raise MachineProblem(f"{folder}: cannot write there ({error.strerror})") from error


def write_manifest(run: Path, manifest: AnyManifest) -> None:
    """Write or replace the manifest of a run, and its hash beside it.

    Between the two replacements the mark holds the hashes of the old and of the new manifest, so
    that a process that is killed here leaves a manifest that still can be trusted.
    """
    path, mark = run / MANIFEST, run / MANIFEST_MARK
    data = f"{manifest.model_dump_json(indent=2)}\n".encode()
    before = _mark_line(path.read_bytes()) if path.is_file() else ""
    write_text(mark, before + _mark_line(data))
    write_bytes(path, data)
    write_text(mark, _mark_line(data))


def _mark_line(manifest: bytes) -> str:
    """The hash of a manifest as ``sha256sum --check`` reads it."""
    return f"{sha256(manifest)}  {MANIFEST}\n"


def is_run(run: Path) -> bool:
    """Whether a folder holds a manifest or the hash of one."""
    return (run / MANIFEST).is_file() or (run / MANIFEST_MARK).is_file()


def read_manifest(run: Path) -> AnyManifest:
    """The manifest of a run.

    Raises:
        InputError: If the folder is not one of a run, or its manifest is damaged.
    """
    if not is_run(run):
        raise InputError(f"{run}: no run (it has no {MANIFEST})")
    try:
        return AnyManifest.model_validate_json(_whole_manifest(run))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise InputError(
            f"{run / MANIFEST}: written by another version of dmi_sim ({where}: {first['msg']})"
        ) from None


def _whole_manifest(run: Path) -> bytes:
    """The bytes of a manifest that its mark vouches for; it may be replaced at this moment."""
    mark = _bytes_of(run / MANIFEST_MARK)
    while True:
        data, before = _bytes_of(run / MANIFEST), mark
        if _mark_line(data).encode() in mark.splitlines(keepends=True):
            return data
        mark = _bytes_of(run / MANIFEST_MARK)
        if mark == before:
            raise InputError(
                f"{run / MANIFEST}: damaged (it is not the file that {MANIFEST_MARK} vouches for), "
                "so nothing of this run can be trusted; restore both from a copy, or run it anew"
            )


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(
            f"{path}: missing or unreadable ({error.strerror}), so nothing of this run can be "
            "trusted; runs of version 0.1 have no such file"
        ) from None


class RunInUse(InputError):  # noqa: N818 - reads well
    """Another process is running the study in this folder."""


_NO_LOCKS = {errno.ENOLCK, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL, errno.EBADF}
"""Answers of a file system that cannot lock files."""


@contextmanager
def locked(run: Path) -> Generator[None]:
    """Keep other processes from running the same folder; the lock ends with the process.

    Raises:
        RunInUse: If another process holds the lock.
    """
    handle = os.open(run, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise RunInUse(f"{run}: another process is running this study") from None
        except OSError as error:  # a network folder without locks: two runs are up to the user
            if error.errno not in _NO_LOCKS:
                raise
        remove_partial_files(run)
        yield
    finally:
        os.close(handle)


def check_cells(run: Path) -> CheckedCells:
    """All finished cells of a run, whole or damaged.

    Raises:
        InputError: If the folder is not one of a run, or its manifest is damaged.
    """
    manifest = read_manifest(run)
    whole, damaged = dict[str, AnyRecord](), dict[str, str]()
    for key in manifest.cells:
        if key in manifest.marks:
            try:
                whole[key] = check_cell(cell_folder(run, key), manifest.marks[key])
            except DamagedCell as finding:
                damaged[key] = str(finding)
    return CheckedCells(whole, damaged, manifest.cells)


def check_cell_in_run(folder: Path) -> AnyRecord | None:
    """The commit mark of a cell that is whole; None for a folder that is none of a cell.

    Args:
        folder: A folder; in a run its manifest vouches for the cell, elsewhere its own seal does.

    Raises:
        DamagedCell: If a file of the cell is missing or is not what its hash says.
        InputError: If the manifest of the run is damaged.
    """
    folder = folder.absolute()
    run = folder.parents[1] if folder.parent.name == CELLS else folder
    marks = read_manifest(run).marks if is_run(run) else {}
    if folder.name not in marks and not is_committed(folder):
        return None
    return check_cell(folder, marks.get(folder.name, ""))


def unlisted_marks(run: Path, manifest: AnyManifest) -> dict[str, str]:
    """Hashes of the commit marks of cells that are whole, and that the manifest does not list.

    Their process finished them, and the study was killed before it heard of it.
    """
    found = dict[str, str]()
    for key in manifest.cells.keys() - manifest.marks.keys():
        folder = cell_folder(run, key)
        try:
            check_cell(folder)
        except DamagedCell:
            continue
        found[key] = file_sha256(folder / COMMIT_MARK)
    return found


def committed(run: Path) -> tuple[Path, ...]:
    """Folders of all finished cells of a run, damaged ones too, in the order of the plan."""
    folders = (cell_folder(run, key) for key in read_manifest(run).cells)
    return tuple(folder for folder in folders if is_committed(folder))


def load_table(
    run: Path, table: Literal["episodes", "training"], checked: CheckedCells | None = None
) -> LoadedTable:
    """One table over all whole cells; damaged ones are left out and named.

    Args:
        run: Folder of the run.
        table: Name of the table of a cell.
        checked: The cells, if they have been checked already.
    """
    return load_rows(run, table, columns_of(table), checked)


def load_rows(
    run: Path, table: str, columns: Sequence[Column], checked: CheckedCells | None = None
) -> LoadedTable:
    """One table over all whole cells of any kind; damaged ones are left out and named.

    Args:
        run: Folder of the run.
        table: Name of the table of a cell.
        columns: Its columns.
        checked: The cells, if they have been checked already.
    """
    cells = checked or check_cells(run)
    rows: list[Row] = []
    skipped = [*cells.left_out]
    for key in cells.whole:
        try:
            rows += read_table(cell_folder(run, key) / f"{table}.parquet", columns)
        except UnreadableTable as finding:
            skipped.append(f"cell {key}: {cells.labels[key]}: {finding}")
    return LoadedTable(tuple(rows), tuple(skipped))


def write_summary(run: Path) -> tuple[str, ...]:
    """Write ``summary.parquet`` and ``columns.json`` from the whole cells.

    Returns:
        The cells and tables that had to be left out, one line each.
    """
    episodes = load_table(run, "episodes")
    write_table(run / SUMMARY, columns_of("summary"), summary_rows(episodes.rows))
    write_json(run / COLUMNS, dictionary())
    return episodes.skipped


def read_summary(run: Path) -> list[Row]:
    """The rows of ``summary.parquet``.

    Raises:
        UnreadableTable: If it is missing, damaged, or the run has not ended yet.
        InputError: If the folder is not one of a run, or its manifest is damaged.
    """
    listed = read_manifest(run).files.get(SUMMARY)
    if listed is None:
        raise UnreadableTable(f"{SUMMARY}: the run has not ended, so the manifest does not list it")
    for finding in differences(run, {SUMMARY: listed}):
        raise UnreadableTable(finding)
    return read_table(run / SUMMARY, columns_of("summary"))


def table_hashes(run: Path) -> dict[str, str]:
    """SHA-256 of the tables of a run, by name."""
    paths = (run / name for name in (SUMMARY, COLUMNS))
    return {path.name: file_sha256(path) for path in paths if path.is_file()}


def vouch_for_outputs(run: Path) -> None:
    """List the tables, the report and all else beside the cells in the manifest, with hashes.

    While another process runs the study it does nothing: that one lists the files when it ends.

    Raises:
        InputError: If the folder is not one of a run, or its manifest is damaged.
    """
    try:
        with locked(run):
            manifest = read_manifest(run)
            write_manifest(run, manifest.model_copy(update={"files": _outputs(run)}))
    except RunInUse:
        return


def _outputs(run: Path) -> dict[str, str]:
    """SHA-256 of all files of a run that lie beside its cells, by path, hidden ones left out."""
    own = {MANIFEST, MANIFEST_MARK}
    paths = (path for path in run.iterdir() if path.name not in {CELLS, *own})
    shown = [path for path in paths if not path.name.startswith(".")]
    files = {path.name: file_sha256(path) for path in shown if path.is_file()}
    for folder in (path for path in shown if path.is_dir()):
        files |= {f"{folder.name}/{name}": found for name, found in tree_sha256(folder).items()}
    return dict(sorted(files.items()))
