"""Parquet tables with fixed columns, read and written as rows."""

from collections.abc import Sequence
from pathlib import Path
from typing import cast

import numpy as np

from dmi_sim.files import atomic_write
from dmi_sim.study.columns import IDENTITY, TEST, Column, Row, mean_columns, names

_KIND_OF_TEST = ("tested_in", "tested_with", "pushed")


class UnreadableTable(Exception):  # noqa: N818 - a finding about a file, not a failure of ours
    """A table is truncated, is not Parquet, or has other columns."""


def write_table(path: Path, columns: Sequence[Column], rows: Sequence[Row]) -> None:
    """Write or replace a Parquet file; the same rows give the same bytes.

    Raises:
        ValueError: If a row has other keys than the columns.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    for row in rows:
        if set(row) != set(names(columns)):
            odd = sorted(set(row) ^ set(names(columns)))
            raise ValueError(f"{path.name}: a row has too many or too few keys: {', '.join(odd)}")
    schema = pa.schema([pa.field(col.name, pa.type_for_alias(col.kind), False) for col in columns])
    table = pa.Table.from_pylist(list(rows), schema=schema)
    with atomic_write(path) as temporary:
        pq.write_table(table, temporary, compression="zstd")


def read_table(path: Path, columns: Sequence[Column]) -> list[Row]:
    """The rows of a Parquet file.

    Raises:
        UnreadableTable: If it cannot be read or has other columns than these.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.ParquetFile(path).read()
    except (pa.ArrowException, OSError) as error:
        raise UnreadableTable(f"{path.name}: {' '.join(str(error).split())[:120]}") from None
    if tuple(table.column_names) != names(columns):
        odd = sorted(set(table.column_names) ^ set(names(columns)))
        raise UnreadableTable(f"{path.name}: other columns than now: {', '.join(odd)}")
    return cast("list[Row]", table.to_pylist())


def summary_rows(episodes: Sequence[Row]) -> list[Row]:
    """Means over the test episodes of each kind of test, cell by cell, in their order.

    Episodes with a physics fault count with their outcomes until the fault, and are counted apart.
    """
    groups: dict[tuple[object, ...], list[Row]] = {}
    for row in episodes:
        key = tuple(row[name] for name in ("cell", "evaluation", *_KIND_OF_TEST))
        groups.setdefault(key, []).append(row)
    return [_summary(rows) for rows in groups.values()]


def _summary(rows: list[Row]) -> Row:
    first = rows[0]
    return {
        **{name: first[name] for name in names((*IDENTITY, *TEST))},
        "episodes": len(rows),
        "physics_faults": sum(bool(row["physics_fault"]) for row in rows),
        **{name: _mean(rows, name) for name in names(mean_columns())},
    }


def _mean(rows: Sequence[Row], name: str) -> float:
    return float(np.mean([float(row[name]) for row in rows]))
