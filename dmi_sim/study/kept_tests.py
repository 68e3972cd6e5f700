"""The tests that an unfinished cell has done already, trusted only when whole.

The table of an evaluation is followed by its hash in a file beside it; without that, or with
another one, the evaluation counts as not done. Tests need the policy of their time, so a cell that
has practised beyond an evaluation whose tests are lost has to begin again.
"""

from collections.abc import Sequence
from pathlib import Path

from dmi_sim.files import write_text
from dmi_sim.provenance import file_sha256
from dmi_sim.study.columns import Column, Row
from dmi_sim.study.tables import UnreadableTable, read_table, write_table


def keep_test(work: Path, evaluation: int, columns: Sequence[Column], rows: Sequence[Row]) -> None:
    """Write the rows of an evaluation, and then their hash.

    Args:
        work: Working folder of the cell.
        evaluation: Number of the evaluation, from 0.
        columns: Columns of the table.
        rows: One row for each test episode.
    """
    path = _path(work, evaluation)
    write_table(path, columns, rows)
    write_text(path.with_suffix(".sha256"), f"{file_sha256(path)}  {path.name}\n")


def kept_test(work: Path, evaluation: int, columns: Sequence[Column]) -> list[Row] | None:
    """The rows of an evaluation as they were kept; None if it is not done, or damaged.

    Args:
        work: Working folder of the cell.
        evaluation: Number of the evaluation, from 0.
        columns: Columns of the table.
    """
    path = _path(work, evaluation)
    try:
        seal = path.with_suffix(".sha256").read_bytes()
        if seal != f"{file_sha256(path)}  {path.name}\n".encode():
            return None
        return read_table(path, columns)
    except (OSError, UnreadableTable):
        return None


def due_at(evaluation_steps: int, chunk_ends: Sequence[int]) -> int | None:
    """Steps of practice at which an evaluation fell due; None if it has not yet.

    Args:
        evaluation_steps: Control steps after which the plan asks for it.
        chunk_ends: Steps at the end of each chunk of practice so far, rising.

    >>> due_at(0, [64, 128]), due_at(100, [64, 128]), due_at(200, [64, 128])
    (0, 128, None)
    """
    return next((end for end in (0, *chunk_ends) if end >= evaluation_steps), None)


def _path(work: Path, evaluation: int) -> Path:
    return work / f"test_{evaluation:03d}.parquet"
