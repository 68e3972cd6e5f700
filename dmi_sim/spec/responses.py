"""Postural responses: platform moves and rules (`models/assessments/responses/`)."""

from collections.abc import Iterator
from typing import ClassVar, Literal, Self, TypeAlias, get_args

from pydantic import Field, model_validator

from dmi_sim.anatomy import JointKind
from dmi_sim.spec.base import (
    CountQuantity,
    FileIndex,
    Quantity,
    RatioQuantity,
    SecondsQuantity,
    Spec,
    Strict,
    unknown_name,
)
from dmi_sim.spec.exercise import ExerciseSpec

WindowQuantity: TypeAlias = Quantity[tuple[float, float], Literal["s"]]
"""Start and end of a time window with their evidence [s]."""
Direction = Literal["backward", "forward", "left", "right"]
"""Direction in which a platform slides, of the edge that it lowers, or of a fall."""
Motion = Literal["slide", "tilt"]
"""Kind of platform motion."""

DIRECTIONS: tuple[Direction, ...] = get_args(Direction)
"""All directions, in the order of tables and figures."""
_LIMBS = ("shoulder", "elbow", "knee")


class PlatformMovesSpec(Strict):
    """Platform moves from rest to rest, of one amplitude at several speeds."""

    slide: Quantity[float, Literal["m"]]
    """Amplitude of a slide [m]."""
    tilt: Quantity[float, Literal["deg"]]
    """Amplitude of a tilt [deg]."""
    duration: dict[str, SecondsQuantity] = Field(min_length=2)
    """Duration of a move [s], by the name of its speed."""

    @model_validator(mode="after")
    def _moves(self) -> Self:
        if self.slide.value <= 0 or not 0 < self.tilt.value <= 25:
            raise ValueError("slide: above 0 m; tilt: above 0 and at most 25 deg")
        if len({one.value for one in self.duration.values()}) < len(self.duration):
            raise ValueError("duration: two speeds are the same")
        if min(one.value for one in self.duration.values()) <= 0:
            raise ValueError("duration: must be above 0 s")
        return self


class StartStateSpec(Strict):
    """Time of the platform move after the start of the episode."""

    settled: SecondsQuantity
    """Time of the move for a controller that still keeps the infant upright then [s]."""
    early: SecondsQuantity
    """Time of the move for any other controller, before the infant has toppled [s]."""


class OnsetSpec(Strict):
    """Criteria for the onset of muscle activity."""

    baseline: SecondsQuantity
    """Duration of the baseline before the platform moves [s]."""
    deviations: RatioQuantity
    """Threshold above the mean of the baseline, in standard deviations of the baseline [1]."""
    floor: RatioQuantity
    """Least threshold above the mean of the baseline, in activation [1]."""
    hold: SecondsQuantity
    """Time for which activation must stay above the threshold [s]."""
    latest: SecondsQuantity
    """Latest onset after the platform began to move that counts as a response [s]."""


class WindowsSpec(Strict):
    """Time windows over which a response is averaged, from the start of the platform move."""

    reflex: WindowQuantity
    """Window before anything can come from the controller [s]."""
    postural: WindowQuantity
    """Window in which the controller takes part [s]."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        edges = (*self.reflex.value, *self.postural.value)
        if not 0 <= edges[0] < edges[1] <= edges[2] < edges[3]:
            raise ValueError("windows: 0 <= reflex from < to <= postural from < to")
        return self


class ResponsesSpec(Spec):
    """Automatic postural responses to a platform that moves under an infant."""

    folder: ClassVar[str] = "models/assessments/responses"

    title: str
    """Title of the assessment."""
    exercise: str
    """Exercise that gives the posture of the infant, a file in ``envs/``."""
    trials: CountQuantity
    """Trials of each move, on the seeds of evaluations."""
    platform: PlatformMovesSpec
    """Moves of the platform."""
    start: StartStateSpec
    """Time of the move."""
    onset: OnsetSpec
    """Criteria for the onset of muscle activity."""
    windows: WindowsSpec
    """Windows over which responses are averaged."""
    levels: dict[str, tuple[JointKind, ...]] = Field(min_length=2)
    """Joints of each level of the body, from the head down; a muscle belongs to the level of its
    longest moment arm."""
    direction_cosine: RatioQuantity
    """Least cosine between a direction and the moment arms of a muscle at its level for which the
    muscle counts as ventral, dorsal, left or right [1]."""

    @model_validator(mode="after")
    def _levels_can_balance(self) -> Self:
        kinds = [kind for level in self.levels.values() for kind in level]
        if len(set(kinds)) < len(kinds) or set(kinds) & set(_LIMBS):
            raise ValueError(f"levels: each joint once, and none of {', '.join(_LIMBS)}")
        return self

    @model_validator(mode="after")
    def _there_is_something_to_see(self) -> Self:
        if self.trials.value < 2:
            raise ValueError("trials: at least 2, or there is no interval")
        if self.onset.baseline.value > min(self.start.early.value, self.start.settled.value):
            raise ValueError("onset.baseline: longer than the time before the platform moves")
        if not 0 < self.direction_cosine.value <= 1:
            raise ValueError("direction_cosine: a cosine above 0 and at most 1")
        return self

    @property
    def watched_s(self) -> float:
        """Time for which a trial is recorded after the platform began to move [s]."""
        return max(self.onset.latest.value + self.onset.hold.value, self.windows.postural.value[1])

    def problems(self, catalog: FileIndex) -> Iterator[str]:
        """An exercise that does not exist."""
        yield from unknown_name(catalog, ExerciseSpec, "exercise", self.exercise)
