"""What a report is made from: the manifest and the tables of the finished cells of a run."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

from dmi_sim.errors import InputError
from dmi_sim.study.columns import Row
from dmi_sim.study.store import CellRecord, Manifest, cell_folder, load_tables, read_manifest
from dmi_sim.study.tables import summarised

if TYPE_CHECKING:
    from dmi_sim.recording import Recording
    from dmi_sim.render.shapes import Shape

ReplayName: TypeAlias = Literal["replay", "replay_supported"]
"""The last policy, alone and pushed; or as it practised, in its hands."""


@dataclass(frozen=True)
class RunTables:
    """A run as a report sees it.

    Attributes:
        folder: Where the run is.
        manifest: What it is.
        records: Commit marks of the finished cells that could be read, by key, in planned order.
        tests: One row per cell, checkpoint and kind of test: means over its episodes, with the
            columns of ``summary.parquet``.
        training: One row per cell and stretch of practice, with the columns of
            ``training.parquet``.
        skipped: One line for each finished cell or table that could not be read.
    """

    folder: Path
    manifest: Manifest
    records: dict[str, CellRecord]
    tests: tuple[Row, ...]
    training: tuple[Row, ...]
    skipped: tuple[str, ...]


def read_run(folder: Path) -> RunTables:
    """The tables of all finished cells of a run.

    Raises:
        InputError: If the folder is not one of a run, or no cell of it can be read.
    """
    manifest = read_manifest(folder)
    episodes, training = load_tables(folder, "episodes"), load_tables(folder, "training")
    if not episodes.rows:
        raise InputError(f"{folder}: nothing to report, no cell is finished; run the study first")
    with_rows = {str(row["cell"]) for row in episodes.rows}
    records = (_record(folder, key) for key in manifest.cells if key in with_rows)
    return RunTables(
        folder=folder,
        manifest=manifest,
        records={record.key: record for record in records},
        tests=tuple(summarised(episodes.rows)),
        training=training.rows,
        skipped=tuple(dict.fromkeys((*episodes.skipped, *training.skipped))),
    )


def _record(folder: Path, key: str) -> CellRecord:
    """A commit mark that was readable a moment ago, or else tables would have been skipped."""
    from dmi_sim.study.store import cell_record

    return cell_record(cell_folder(folder, key))


def has_replay(run: RunTables, key: str, name: ReplayName) -> bool:
    """Whether a finished cell kept a recording and the body to draw."""
    folder = cell_folder(run.folder, key)
    return (folder / f"{name}.npz").is_file() and (folder / "shapes.json").is_file()


def read_replay(run: RunTables, key: str, name: ReplayName) -> "tuple[Recording, list[Shape]]":
    """A recording of a cell with the body to draw.

    Args:
        run: The run.
        key: Key of a finished cell.
        name: Which recording.

    Raises:
        InputError: If a file is missing or cannot be read.
    """
    from dmi_sim.recording import Recording

    folder = cell_folder(run.folder, key)
    return Recording.load(folder / f"{name}.npz"), list(_shapes(folder / "shapes.json"))


def _shapes(path: Path) -> "Iterator[Shape]":
    from pydantic import TypeAdapter, ValidationError

    from dmi_sim.render.shapes import Shape

    try:
        yield from TypeAdapter(tuple[Shape, ...]).validate_json(path.read_bytes())
    except (OSError, ValidationError):
        raise InputError(f"{path}: not the shapes of a body") from None
