"""Array types used across the package; shapes are in the docstrings of those who use them."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Vector: TypeAlias = NDArray[np.float64]
"""Float array of any shape."""

Index: TypeAlias = NDArray[np.int64]
"""Integer array of any shape."""
