"""Keep the manifest of a run up to date while its cells end."""

import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Literal

from dmi_sim.provenance import file_sha256
from dmi_sim.study.cell_files import (
    COMMIT_MARK,
    DamagedCell,
    cell_record,
    discard_cell,
    is_committed,
    now_utc,
)
from dmi_sim.study.executors.base import CellOutcome
from dmi_sim.study.run_manifest import AnyManifest, FailedCell
from dmi_sim.study.store import (
    cell_folder,
    check_cells,
    read_manifest,
    table_hashes,
    unlisted_marks,
    write_manifest,
)


class ManifestWriter:
    """Writes the manifest of a run as its cells end.

    Cells of an earlier process that are whole count as finished; damaged ones are removed, so that
    they run again.

    Args:
        folder: Folder of the run, with its manifest.
        keys: Keys of all planned cells.

    Attributes:
        discarded: One line for each cell that was finished and damaged.
    """

    def __init__(self, folder: Path, keys: Sequence[str]) -> None:
        self._folder, self._keys = folder, keys
        self._before = read_manifest(folder)
        self._began_s = time.monotonic()
        self._failed_cells: tuple[FailedCell, ...] = ()
        cells = check_cells(folder)
        listed = {key: self._before.marks[key] for key in cells.whole}
        self._marks = listed | unlisted_marks(folder, self._before)
        self.discarded = cells.left_out
        self._discard(cells.damaged)

    def _discard(self, damaged: Mapping[str, str]) -> None:
        """Remove damaged cells, and marks that vouch for none."""
        for key in self._keys:
            folder = cell_folder(self._folder, key)
            if key not in self._marks and (key in damaged or is_committed(folder)):
                discard_cell(folder, damaged.get(key, "not whole, and not listed in the manifest"))

    @property
    def done(self) -> int:
        """Number of finished cells."""
        return sum(key in self._marks for key in self._keys)

    def is_done(self, key: str) -> bool:
        """Whether a cell is finished."""
        return key in self._marks

    @property
    def spent_s(self) -> float:
        """Time since this process opened the manifest [s]."""
        return time.monotonic() - self._began_s

    def record(self, outcome: CellOutcome) -> None:
        """Record the end of a cell."""
        if outcome.status == "failed":
            failed = FailedCell(
                cell=outcome.key,
                label=self._before.cells[outcome.key],
                attempts=outcome.attempts,
                reason=outcome.reason,
            )
            self._failed_cells = (*self._failed_cells, failed)
        else:
            self._list(outcome.key)
        self.write("running")

    def _list(self, key: str) -> None:
        """List the mark of a cell that has just been finished, if it is still what it was then."""
        folder = cell_folder(self._folder, key)
        with suppress(DamagedCell):
            cell_record(folder)
            self._marks[key] = file_sha256(folder / COMMIT_MARK)

    def _take_in_unlisted(self) -> None:
        """List cells that were finished while nobody listened any more, as after Ctrl-C."""
        known = self._before.model_copy(update={"marks": self._marks})
        self._marks |= unlisted_marks(self._folder, known)

    def close(self) -> AnyManifest:
        """Record the end of the run: ``done`` with all of its cells, else ``failed``."""
        return self.write("done" if self.done == len(self._keys) else "failed")

    def write(self, status: Literal["running", "done", "failed", "interrupted"]) -> AnyManifest:
        """Write the manifest with a status and the cells that are finished by now."""
        ended = status != "running"
        if ended:
            self._take_in_unlisted()
        changes = {
            "status": status,
            "done": self.done,
            "failed_cells": self._failed_cells,
            "ended_utc": now_utc() if ended else None,
            "wall_s": self._before.wall_s + self.spent_s,
            "marks": {key: self._marks[key] for key in self._keys if key in self._marks},
            "files": table_hashes(self._folder) if ended else {},
        }
        manifest = self._before.model_copy(update=changes)
        write_manifest(self._folder, manifest)
        return manifest
