"""Read a run for its report: the manifest and the tables of the finished cells."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

from dmi_sim.errors import InputError
from dmi_sim.study.columns import Row
from dmi_sim.study.store import (
    SHAPES,
    CellRecord,
    RunManifest,
    cell_folder,
    cell_record,
    load_table,
    read_manifest,
)
from dmi_sim.study.tables import summary_rows

if TYPE_CHECKING:
    from dmi_sim.recording import Recording
    from dmi_sim.render.shapes import Shape

ReplayName: TypeAlias = Literal["replay", "replay_supported"]
"""Recording of the last policy: unsupported and pushed, or with the support of its arm."""


@dataclass(frozen=True)
class RunTables:
    """The tables of a run for its report.

    Attributes:
        folder: Folder of the run.
        manifest: RunManifest of the run.
        records: Commit marks of the finished cells that could be read, by key, in planned order.
        tests: One row per cell, evaluation and kind of test: means over its episodes, with the
            columns of ``summary.parquet``.
        training: One row per cell and stretch of training, with the columns of
            ``training.parquet``.
        skipped: One line for each finished cell or table that could not be read.
    """

    folder: Path
    manifest: RunManifest
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
    episodes, training = load_table(folder, "episodes"), load_table(folder, "training")
    if not episodes.rows:
        raise InputError(f"{folder}: nothing to report, no cell is finished; run the study first")
    with_rows = {str(row["cell"]) for row in episodes.rows}
    records = (_record(folder, key) for key in manifest.cells if key in with_rows)
    return RunTables(
        folder=folder,
        manifest=manifest,
        records={record.key: record for record in records},
        tests=tuple(summary_rows(episodes.rows)),
        training=training.rows,
        skipped=tuple(dict.fromkeys((*episodes.skipped, *training.skipped))),
    )


def _record(folder: Path, key: str) -> CellRecord:
    """The commit mark of a cell whose tables were read, so it was readable a moment ago."""
    return cell_record(cell_folder(folder, key))


def has_replay(run: RunTables, key: str, name: ReplayName) -> bool:
    """Whether a finished cell kept a recording and the body to draw."""
    folder = cell_folder(run.folder, key)
    return (folder / f"{name}.npz").is_file() and (folder / SHAPES).is_file()


def read_replay(
    run: RunTables, key: str, name: ReplayName
) -> "tuple[Recording, tuple[Shape, ...]]":
    """A recording of a cell with the body to draw.

    Args:
        run: Tables of the run.
        key: Key of a finished cell.
        name: Name of the recording.

    Raises:
        InputError: If a file is missing or cannot be read.
    """
    from dmi_sim.recording import Recording

    folder = cell_folder(run.folder, key)
    return Recording.load(folder / f"{name}.npz"), read_shapes(folder / SHAPES)


def read_shapes(path: Path) -> "tuple[Shape, ...]":
    """The visible body of a cell.

    Raises:
        InputError: If the file is missing or holds no body.
    """
    from pydantic import TypeAdapter, ValidationError

    from dmi_sim.render.shapes import Shape

    try:
        return TypeAdapter(tuple[Shape, ...]).validate_json(path.read_bytes())
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}; a replay needs the body it shows") from None
    except ValidationError as error:
        raise InputError(f"{path}: not a body: {error.error_count()} problems") from None
