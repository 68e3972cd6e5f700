"""From a measure to a number between 0 and 1: the shapes that reward terms and criteria share."""

import math
from typing import Annotated

from pydantic import Field

from dmi_sim.arrays import Vector

Positive = Annotated[float, Field(gt=0)]
"""A parameter that must be above 0, such as a width or a distance."""


def gaussian(deviation: float, width: float) -> float:
    """1 where nothing deviates, 1/e at a deviation of one width.

    >>> gaussian(0.0, 0.3), round(gaussian(0.3, 0.3), 3)
    (1.0, 0.368)
    """
    return math.exp(-((deviation / width) ** 2))


def gaussian_of_square(square: float, width: float) -> float:
    """The same from a squared deviation, such as a mean square over joints.

    >>> round(gaussian_of_square(0.09, 0.3), 3)
    0.368
    """
    return math.exp(-square / width**2)


def share_of(value: float, whole: float) -> float:
    """A value as a share of what makes it whole, within 0 and 1; where nothing is missing, 1.

    >>> share_of(0.5, 2.0), share_of(-1.0, 2.0), share_of(3.0, 2.0), share_of(0.0, 0.0)
    (0.25, 0.0, 1.0, 1.0)
    """
    if whole <= 0:
        return 1.0
    return min(1.0, max(0.0, value / whole))


def clipped(value: float) -> float:
    """A sine or cosine without the rounding that would carry it beyond -1 or 1.

    >>> clipped(1.0000000000000002)
    1.0
    """
    return max(-1.0, min(1.0, value))


def cosine_between(first: Vector, second: Vector) -> float:
    """Cosine of the angle between unit vectors, each shape (3,).

    >>> import numpy as np
    >>> cosine_between(np.array([0.0, 0.0, 1.0]), np.array([0.0, 0.6, 0.8]))
    0.8
    """
    # Plain numbers are several times as fast as arrays of three, and the same on every machine.
    (a, b, c), (d, e, f) = first.tolist(), second.tolist()
    return clipped(a * d + b * e + c * f)
