"""Arrays whose rows have names, for compiled code: one record a muscle, an axis or a hand.

A kind of record is a class that declares its numbers; :func:`records` makes an array of it. In
compiled code ``array[i].name`` is one number; elsewhere ``array["name"]`` is a column.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any, Protocol, TypeVar, get_type_hints, overload

import numpy as np

from dmi_sim.arrays import Vector

RecordT = TypeVar("RecordT")
RecordT_co = TypeVar("RecordT_co", covariant=True)


class Records(Protocol[RecordT_co]):
    """An array of records, shape (n,)."""

    @property
    def size(self) -> int:
        """Number of records."""
        ...

    @overload
    def __getitem__(self, index: int) -> RecordT_co: ...
    @overload
    def __getitem__(self, index: str) -> Vector: ...
    def __setitem__(self, index: str, column: Any) -> None:
        """Write a column."""
        ...

    def copy(self) -> "Records[RecordT_co]":
        """The same records in memory of their own."""
        ...


class RecordRows(Protocol[RecordT_co]):
    """A table of records, shape (rows, n)."""

    @property
    def shape(self) -> tuple[int, int]:
        """Number of rows and of records in each."""
        ...

    def __getitem__(self, index: int) -> Records[RecordT_co]:
        """One row."""
        ...


@cache
def record_dtype(kind: type[object]) -> np.dtype[Any]:
    """The layout of a kind of record in memory.

    Args:
        kind: Class that declares numbers, ``float`` or ``int``.

    >>> class Spring:
    ...     stiffness: float
    ...     link: int
    >>> record_dtype(Spring).names
    ('stiffness', 'link')
    """
    hints = get_type_hints(kind)
    sizes = {float: np.float64, int: np.int64}
    return np.dtype([(name, sizes[hint]) for name, hint in hints.items()], align=True)


def record_rows(kind: type[RecordT], columns: Mapping[str, Any], rows: int) -> RecordRows[RecordT]:
    """A table of records of which all rows are alike.

    Args:
        kind: Class that declares the numbers of a record.
        columns: Numbers of each name, shape (n,).
        rows: Number of rows.
    """
    table = np.tile(np.asarray(records(kind, columns)), (rows, 1))
    return table  # type: ignore[return-value] - numpy does not know the names


def records(kind: type[RecordT], columns: Mapping[str, Any]) -> Records[RecordT]:
    """An array of records from its columns; a single number holds for all of them.

    Args:
        kind: Class that declares the numbers of a record.
        columns: Numbers of each name, shape (n,).

    >>> class Spring:
    ...     stiffness: float
    ...     link: int
    >>> springs = records(Spring, {"stiffness": [10.0, 20.0], "link": 3})
    >>> springs["stiffness"].tolist(), springs.size
    ([10.0, 20.0], 2)
    """
    dtype = record_dtype(kind)
    out = np.zeros(np.broadcast_shapes(*(np.shape(one) for one in columns.values())), dtype)
    for name in dtype.names or ():
        out[name] = columns[name]
    return out  # type: ignore[return-value] - numpy does not know the names
