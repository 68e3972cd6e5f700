"""Types of arrays and tables; docstrings of functions and fields give shapes and units."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Vector: TypeAlias = NDArray[np.float64]
"""Float array of any shape."""

Index: TypeAlias = NDArray[np.int64]
"""Integer array of any shape."""

TableColumns: TypeAlias = Mapping[str, Sequence[str]]
"""Columns of a table by name; the cells are the text of the file."""
