"""Read a run for its report: the manifest and the tables of the finished cells."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias, cast

from dmi_sim.errors import InputError
from dmi_sim.spec.study import StudySpec
from dmi_sim.study.cell_files import SHAPES, CellRecord
from dmi_sim.study.columns import Row
from dmi_sim.study.plan import Cell
from dmi_sim.study.run_manifest import RunManifest
from dmi_sim.study.store import CheckedCells, cell_folder, check_cells, load_table, read_manifest
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
        records: Commit marks of the cells that are whole, by key, in planned order.
        tests: One row per cell, evaluation and kind of test: means over its episodes, with the
            columns of ``summary.parquet``.
        training: One row per cell and stretch of training, with the columns of
            ``training.parquet``.
        skipped: One line for each finished cell that is damaged or whose table cannot be read.
    """

    folder: Path
    manifest: RunManifest
    records: dict[str, CellRecord]
    tests: tuple[Row, ...]
    training: tuple[Row, ...]
    skipped: tuple[str, ...]


def read_run(folder: Path) -> RunTables:
    """The tables of all finished cells of a run; damaged ones are left out and named.

    Raises:
        InputError: If the folder is not one of a run, or no cell of it is whole.
    """
    manifest, cells = exercise_manifest(folder), check_cells(folder)
    episodes = load_table(folder, "episodes", cells)
    training = load_table(folder, "training", cells)
    skipped = tuple(dict.fromkeys((*episodes.skipped, *training.skipped)))
    if not episodes.rows:
        reason = "no cell is finished; run the study first"
        raise InputError(
            f"{folder}: nothing to report, {'no cell is whole' if skipped else reason}", *skipped
        )
    with_rows = {str(row["cell"]) for row in episodes.rows}
    return RunTables(
        folder=folder,
        manifest=manifest,
        records={key: one for key, one in exercise_records(cells).items() if key in with_rows},
        tests=tuple(summary_rows(episodes.rows)),
        training=training.rows,
        skipped=skipped,
    )


def exercise_manifest(folder: Path) -> RunManifest:
    """The manifest of a run of a study of one exercise.

    Args:
        folder: Folder of the run.

    Raises:
        InputError: If the folder is not one of a run, its manifest is damaged, or the study is one
            of programmes.
    """
    manifest = read_manifest(folder)
    if not isinstance(manifest.spec, StudySpec):
        raise InputError(f"{folder}: a study of programmes; this is for studies of one exercise")
    return cast("RunManifest", manifest)


def exercise_records(cells: CheckedCells) -> dict[str, CellRecord]:
    """The commit marks of cells in which an exercise was trained, by key.

    Args:
        cells: Finished cells of a run.
    """
    found = {key: one for key, one in cells.whole.items() if isinstance(one.cell, Cell)}
    return cast("dict[str, CellRecord]", found)


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
