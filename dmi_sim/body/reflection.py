"""The body in a mirror: left for right, with the sign that each number then has.

The mirror is the sagittal plane. It takes forward, left and up (x, y, z) to forward, right and up;
what turns (attitudes, angular velocities) keeps its part about y and changes that about x and z.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from dmi_sim.anatomy import AXES, SEGMENTS, other_side
from dmi_sim.arrays import Index
from dmi_sim.errors import InputError

Number = TypeVar("Number", np.float32, np.float64)


@dataclass(frozen=True, eq=False)
class Reflection:
    """Where each number of a mirror image is found, and with which sign; twice is as before.

    Attributes:
        source: Place of each among the numbers that are mirrored, shape (n,).
        sign: +1 or -1 for each, shape (n,); small integers, so that single precision stays single.

    Raises:
        ValueError: If the mirror image of the mirror image is something else.

    >>> left_and_right = Reflection.of_names(("left_hip", "right_hip", "neck"), (1, 1, -1))
    >>> left_and_right.of(np.array([0.1, 0.2, 0.3])).tolist()
    [0.2, 0.1, -0.3]
    """

    source: Index
    sign: NDArray[np.int8]

    def __post_init__(self) -> None:
        """Refuse what is no reflection."""
        places, twice = np.arange(self.source.size), self.source[self.source]
        if not (np.array_equal(twice, places) and (self.sign * self.sign[self.source] == 1).all()):
            raise ValueError("mirrored twice, the numbers are not as before")

    @property
    def size(self) -> int:
        """Count of the numbers."""
        return self.source.size

    def of(self, numbers: NDArray[Number]) -> NDArray[Number]:
        """The mirror image of numbers, which run along the last axis."""
        return np.multiply(numbers[..., self.source], self.sign, dtype=numbers.dtype)

    @classmethod
    def in_place(cls, signs: Sequence[int]) -> Self:
        """Each number keeps its place, with a sign."""
        return cls(np.arange(len(signs)), np.array(signs, dtype=np.int8))

    @classmethod
    def of_names(cls, names: Sequence[str], signs: Sequence[int]) -> Self:
        """Numbers by name: each is found on the other side, with a sign.

        Raises:
            InputError: If a name is there for one side only.
        """
        places = {name: place for place, name in enumerate(names)}
        alone = next((name for name in names if other_side(name) not in places), None)
        if alone is not None:
            raise InputError(f"no mirror image of '{alone}': there is no '{other_side(alone)}'")
        source = np.array([places[other_side(name)] for name in names], dtype=np.int64)
        return cls(source, np.array(signs, dtype=np.int8))

    @classmethod
    def joined(cls, parts: Sequence["Reflection"]) -> Self:
        """Several, one after another."""
        starts = np.cumsum([0, *(part.size for part in parts)]).tolist()
        sources = [part.source + start for part, start in zip(parts, starts, strict=False)]
        return cls(
            np.concatenate([np.zeros(0, np.int64), *sources]),
            np.concatenate([np.zeros(0, np.int8), *(part.sign for part in parts)]),
        )


AXES_MIRRORED = Reflection.of_names(
    [axis.label for axis in AXES], [axis.mirror_sign for axis in AXES]
)
"""The mirror image of angles, rates and torques of all 34 axes."""

SEGMENTS_MIRRORED = Reflection.of_names([node.name for node in SEGMENTS], (1,) * len(SEGMENTS))
"""The mirror image of one number for each of the 15 segments."""

FORWARD_LEFT_UP = Reflection.in_place((1, -1, 1))
"""The mirror image of places, velocities and forces."""

ABOUT_FORWARD_LEFT_UP = Reflection.in_place((-1, 1, -1))
"""The mirror image of rotation vectors, angular velocities and torques."""
