"""How automatic postural responses are provoked and read (`models/assessments/responses/`)."""

from collections.abc import Iterator
from typing import ClassVar, Literal, Self, TypeAlias, get_args

from pydantic import Field, model_validator

from dmi_sim.anatomy import JointKind
from dmi_sim.spec.base import FileIndex, Quantity, Spec, Strict, unknown_name
from dmi_sim.spec.exercise import ExerciseSpec

Seconds: TypeAlias = Quantity[float, Literal["s"]]
Window: TypeAlias = Quantity[tuple[float, float], Literal["s"]]
Number: TypeAlias = Quantity[float, Literal["1"]]
Direction = Literal["backward", "forward", "left", "right"]
"""Where a platform slides, or which of its edges goes down, or where a body falls."""
Motion = Literal["slide", "tilt"]

DIRECTIONS: tuple[Direction, ...] = get_args(Direction)
_LIMBS = ("shoulder", "elbow", "knee")


class PlatformMovesSpec(Strict):
    """The moves of the platform: the same way at each speed, from rest to rest."""

    slide: Quantity[float, Literal["m"]]
    """How far the platform slides."""
    tilt: Quantity[float, Literal["deg"]]
    """How far it tilts."""
    duration: dict[str, Seconds] = Field(min_length=2)
    """How long a move takes, by the name of its speed."""

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
    """When the platform moves, after a start of the episode."""

    settled: Seconds
    """For a controller that still keeps the infant up then."""
    early: Seconds
    """For one that does not: before it has toppled."""


class OnsetSpec(Strict):
    """When a muscle counts as active."""

    baseline: Seconds
    """Before the platform moves: how long the muscle is watched at rest."""
    deviations: Number
    """Standard deviations of the baseline above its mean."""
    floor: Number
    """Least activation above the mean of the baseline."""
    hold: Seconds
    """How long it must stay above."""
    latest: Seconds
    """After the platform began to move; what begins later is no response to it."""


class WindowsSpec(Strict):
    """From when to when a response is averaged, after the platform began to move."""

    reflex: Window
    """Before anything can come from the controller."""
    postural: Window
    """When the controller takes part."""

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
    exercise: str
    """A file in ``envs/``: the posture of the infant."""
    trials: Quantity[int, Literal["1"]]
    """Of each move, on seeds of evaluations."""
    platform: PlatformMovesSpec
    start: StartStateSpec
    onset: OnsetSpec
    windows: WindowsSpec
    levels: dict[str, tuple[JointKind, ...]] = Field(min_length=2)
    """Joints of each level of the body, from the head down; a muscle belongs where its arm is
    longest."""
    pull: Number
    """A muscle is ventral, dorsal, left or right if the cosine between that direction and its
    moment arms at its level is at least this."""

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
        if not 0 < self.pull.value <= 1:
            raise ValueError("pull: a cosine above 0 and at most 1")
        return self

    @property
    def watched_s(self) -> float:
        """How long a trial is watched after the platform began to move [s]."""
        return max(self.onset.latest.value + self.onset.hold.value, self.windows.postural.value[1])

    def problems(self, catalog: FileIndex) -> Iterator[str]:
        """An exercise that does not exist."""
        yield from unknown_name(catalog, ExerciseSpec, "exercise", self.exercise)
