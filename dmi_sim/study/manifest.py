"""Keep the manifest of a run up to date while its cells end."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from dmi_sim.study.executors.base import CellOutcome
from dmi_sim.study.store import (
    FailedCell,
    RunManifest,
    cell_folder,
    hashes,
    is_committed,
    now_utc,
    read_manifest,
    write_manifest,
)


class ManifestWriter:
    """Writes the manifest of a run as its cells end.

    Args:
        folder: Folder of the run, with its manifest.
        keys: Keys of all planned cells.
    """

    def __init__(self, folder: Path, keys: Sequence[str]) -> None:
        self._folder, self._keys = folder, keys
        self._before = read_manifest(folder)
        self._began_s = time.monotonic()
        self._failed_cells: tuple[FailedCell, ...] = ()

    @property
    def done(self) -> int:
        """Number of finished cells."""
        return sum(is_committed(cell_folder(self._folder, key)) for key in self._keys)

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
        self.write("running")

    def close(self) -> RunManifest:
        """Record the end of the run: ``done`` with all of its cells, else ``failed``."""
        return self.write("done" if self.done == len(self._keys) else "failed")

    def write(self, status: Literal["running", "done", "failed", "interrupted"]) -> RunManifest:
        """Write the manifest with a status and the cells that are finished by now."""
        ended = status != "running"
        changes = {
            "status": status,
            "done": self.done,
            "failed_cells": self._failed_cells,
            "ended_utc": now_utc() if ended else None,
            "wall_s": self._before.wall_s + self.spent_s,
            "files": hashes(self._folder) if ended else {},
        }
        manifest = self._before.model_copy(update=changes)
        write_manifest(self._folder, manifest)
        return manifest
