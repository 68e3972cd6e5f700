"""What a lesson can be about: numbers of a take, or of the body in the hands alone."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import isfinite
from typing import TypeAlias

from dmi_sim.assessments.support_demand.procedure import demand
from dmi_sim.assessments.support_demand.result import Demand
from dmi_sim.errors import InputError, did_you_mean
from dmi_sim.infant import Infant
from dmi_sim.live.messages import Result, Who
from dmi_sim.outcome.registry import OUTCOMES
from dmi_sim.physics.state import State
from dmi_sim.recording import Recording
from dmi_sim.spec.lesson import LessonSpec, ShownInfant


@dataclass(frozen=True)
class PlayedTake:
    """A take of one infant.

    Attributes:
        choice: Who it is, in which hands it began.
        infant: Its body.
        recording: What it did, from the start to the fall or to the end of the take.
        last: How it is at the end of the take, also after a fall.
    """

    choice: ShownInfant
    infant: Infant
    recording: Recording
    last: State

    @cached_property
    def demand(self) -> Demand:
        """What mechanics alone ask of the infant in the hands in which it began."""
        return demand(self.infant, self.choice.site, self.choice.exercise)


@dataclass(frozen=True)
class Measure:
    """A number of a take.

    Attributes:
        unit: Its unit; ``1`` for a share.
        value: Function that computes it.
        at_end: Whether it counts what is so at the end, also after a fall.
        of_body: Whether body and hands alone make it, whatever happens in the take.
    """

    unit: str
    value: Callable[[PlayedTake], float]
    at_end: bool = False
    of_body: bool = False


Numbers: TypeAlias = Mapping[str, Measure]


def head_height_share(take: PlayedTake) -> float:
    """Lowest height of the head over that at the start."""
    height_m = take.recording.head_height_m
    return float(height_m.min() / max(height_m[0], 0.01))


def head_height_share_end(take: PlayedTake) -> float:
    """Height of the head at the end over that at the start."""
    return float(take.last.head_height_m / max(take.recording.head_height_m[0], 0.01))


_OF_LESSONS: Numbers = {
    "head_height_share": Measure("1", head_height_share),
    "head_height_share_end": Measure("1", head_height_share_end, at_end=True),
    "support_share_end": Measure("1", lambda take: float(take.last.support_share), at_end=True),
    "toppling_nm_per_rad": Measure(
        "N m/rad", lambda take: take.demand.toppling_nm_per_rad, of_body=True
    ),
    "delay_limit_s": Measure("s", lambda take: take.demand.delay_limit_s, of_body=True),
}


def measures() -> Numbers:
    """All that a lesson can be about by name: the outcomes of studies, and a few of its own.

    >>> measures()["time_upright_s"].unit
    's'
    """
    outcomes = {
        name: Measure(one.unit, lambda take, one=one: one.value(take.recording))
        for name, one in OUTCOMES.items()
    }
    return {**outcomes, **_OF_LESSONS}


def measure_of(name: str) -> Measure:
    """A measure by its name.

    Raises:
        InputError: If there is none.
    """
    known = measures()
    if name not in known:
        raise InputError(f"measure: no '{name}'; {did_you_mean(name, known)}")
    return known[name]


def results(lesson: LessonSpec, takes: Mapping[Who, PlayedTake]) -> tuple[Result, ...]:
    """What a lesson comes to in a take of both infants, in each of its measures.

    Args:
        lesson: The lesson.
        takes: The take of each infant.

    Raises:
        InputError: If the lesson names an unknown measure.
    """
    names = dict.fromkeys(point.measure for point in lesson.points)
    return tuple(_result(name, takes) for name in names)


def _result(name: str, takes: Mapping[Who, PlayedTake]) -> Result:
    measure = measure_of(name)
    found: dict[Who, float] = {who: measure.value(take) for who, take in takes.items()}
    values: dict[Who, float | None] = {
        who: value if isfinite(value) else None for who, value in found.items()
    }
    return Result(measure=name, unit=measure.unit, values=values)
