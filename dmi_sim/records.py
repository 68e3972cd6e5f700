"""Arrays whose rows have names, for compiled code: one record a muscle, an axis or a hand.

A kind of record is a class that declares its numbers and vectors; :func:`records` makes an array of
it. In compiled code ``array[i].name`` is one number; elsewhere ``array["name"]`` is a column.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Annotated, Any, Protocol, TypeAlias, TypeVar, get_args, get_type_hints, overload

import numpy as np
from numpy.typing import NDArray

from dmi_sim.arrays import Vector

Vector3: TypeAlias = Annotated[Vector, (3,)]
"""Three numbers of a record."""

Matrix3: TypeAlias = Annotated[Vector, (3, 3)]
"""A matrix of three rows and columns in a record."""

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
    def __getitem__(self, index: str) -> NDArray[Any]: ...
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
        kind: Class that declares ``float``, ``int``, or vectors with their shape, such as
            :data:`Vector3`.

    >>> class Spring:
    ...     stiffness: float
    ...     link: int
    ...     end_m: Vector3
    >>> record_dtype(Spring).names
    ('stiffness', 'link', 'end_m')
    """
    hints = get_type_hints(kind, include_extras=True)
    return np.dtype([(name, *_layout(hint)) for name, hint in hints.items()], align=True)


def _layout(hint: Any) -> tuple[Any, tuple[int, ...]]:
    """Type and shape of a number or vector of a record."""
    shape = get_args(hint)[1] if get_args(hint) else ()
    return (np.int64 if hint is int else np.float64), shape


def record_rows(kind: type[RecordT], columns: Mapping[str, Any], rows: int) -> RecordRows[RecordT]:
    """A table of records of which all rows are alike.

    Args:
        kind: Class that declares the numbers of a record.
        columns: Numbers of each name, shape (n,).
        rows: Number of rows.
    """
    count = next(len(one) for one in columns.values() if np.ndim(one))
    table = np.zeros((rows, count), record_dtype(kind))
    for name, column in columns.items():
        table[name] = column
    return table  # type: ignore[return-value] - numpy does not know the names


def records(kind: type[RecordT], columns: Mapping[str, Any]) -> Records[RecordT]:
    """An array of records from its columns; what has no column is 0.

    Args:
        kind: Class that declares the numbers of a record.
        columns: Numbers of each name, shape (n,), or vectors, shape (n, 3); a single number holds
            for all records.

    >>> class Spring:
    ...     stiffness: float
    ...     link: int
    >>> springs = records(Spring, {"stiffness": [10.0, 20.0], "link": 3})
    >>> springs["stiffness"].tolist(), springs.size
    ([10.0, 20.0], 2)
    """
    out = np.zeros(
        max(np.shape(one)[0] for one in columns.values() if np.ndim(one)), record_dtype(kind)
    )
    for name, column in columns.items():
        out[name] = column
    return out  # type: ignore[return-value] - numpy does not know the names


def copied(array: Records[RecordT]) -> Records[RecordT]:
    """A copy of records, all at once: numpy itself copies name by name, at ten times the cost."""
    plain: Any = array
    return plain.view(np.float64).copy().view(plain.dtype)


def rows(array: Records[Any]) -> Sequence[Mapping[str, Any]]:
    """The records of an array for plain code, in which each is a mapping by name."""
    return array  # type: ignore[return-value] - a record of numpy is read like a mapping
