"""The registry of outcomes: each is one function of a recording, and all that is said about it.

The columns of a study, the words of a report and the names that a study file may choose from are
derived from it. An outcome of one's own is registered in the same way, in a plug-in::

    @outcome(unit="m", title="head height", meaning="how high the head was", direction="higher")
    def example_head_height_m(recording: Recording) -> float:
        \"\"\"Mean height of the centre of mass of the head over the floor.\"\"\"
        return float(recording.head_height_m.mean())
"""

from collections.abc import Callable
from dataclasses import dataclass
from inspect import getdoc
from math import inf, isfinite, nan, pi
from typing import Literal, TypeAlias, TypeVar

from dmi_sim.recording import Recording
from dmi_sim.registry import Registry
from dmi_sim.statistics.intervals import UNBOUNDED, Bounds

Direction: TypeAlias = Literal["higher", "lower", "none"]
"""Direction in which an outcome is better for the infant; ``none`` if there is none in general."""

FunctionT = TypeVar("FunctionT", bound=Callable[[Recording], float])


@dataclass(frozen=True)
class Outcome:
    """One number that an episode is judged by.

    Attributes:
        name: Name of its column, which ends in the unit if there is one.
        function: Function that computes the number from a recording; NaN if it is unknown.
        unit: SI or a multiple of it, such as ``mm/s``; ``1`` for shares and indices.
        title: The name that reports use.
        meaning: Meaning in the words of a therapist.
        definition: Exact definition in one line.
        direction: Direction that is better for the infant.
        bounds: Smallest and largest number that an episode can have, in the unit.
    """

    name: str
    function: Callable[[Recording], float]
    unit: str
    title: str
    meaning: str
    definition: str
    direction: Direction
    bounds: Bounds = UNBOUNDED

    def value(self, recording: Recording) -> float:
        """The number of one episode; one and the same NaN for every number that is not finite.

        Equal episodes so have equal outcomes: a NaN equals another only if it is the same object.
        """
        number = float(self.function(recording))
        return number if isfinite(number) else nan


OUTCOMES: Registry[Outcome] = Registry("outcome")
"""All outcomes by name."""


SHARE = Bounds(0.0, 1.0)
"""Bounds of a share, and of an index from 0 to 1."""
ANGLE = Bounds(0.0, pi)
"""Bounds of an angle between two directions [rad]."""
AMOUNT = Bounds(0.0, inf)
"""Bounds of what cannot be less than nothing: a time, a length, a speed, an area, a work done."""


def outcome(
    *,
    unit: str,
    title: str,
    meaning: str,
    direction: Direction,
    definition: str = "",
    bounds: Bounds = UNBOUNDED,
) -> Callable[[FunctionT], FunctionT]:
    """Register a pure function of a recording as the outcome of its name.

    Args:
        unit: SI or a multiple of it, such as ``mm/s``; ``1`` for shares and indices.
        title: The name that reports use.
        meaning: Meaning in the words of a therapist.
        direction: Direction that is better for the infant.
        definition: Exact definition in one line; by default the first line of the docstring.
        bounds: Smallest and largest number that an episode can have, such as :data:`SHARE`;
            intervals in reports end there.

    Returns:
        A decorator that gives the function back as it is.

    Raises:
        ValueError: If the name is taken or nothing defines the outcome.
    """

    def register(function: FunctionT) -> FunctionT:
        name, exactly = function.__name__, definition or _first_line(function)
        if not exactly:
            raise ValueError(f"outcome '{name}': needs a docstring, which is its definition")
        words = unit, title, meaning, exactly, direction
        OUTCOMES.add(name, Outcome(name, function, *words, bounds))
        return function

    return register


def _first_line(function: Callable[..., object]) -> str:
    """The first line of a docstring for the middle of a sentence."""
    line = (getdoc(function) or "").partition("\n")[0]
    return line[:1].lower() + line[1:].removesuffix(".")
