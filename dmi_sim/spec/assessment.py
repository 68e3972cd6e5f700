"""How an assessment is carried out and judged (`models/assessments/`), one folder per kind."""

from collections.abc import Iterator
from itertools import pairwise
from typing import ClassVar, Literal, Self, TypeAlias

from pydantic import Field, model_validator

from dmi_sim.anatomy import SegmentKind
from dmi_sim.spec.base import FileIndex, Quantity, Spec, Strict, unknown_name
from dmi_sim.spec.exercise import ExerciseSpec, both_sides
from dmi_sim.spec.support import SITES, SupportSpec

Seconds: TypeAlias = Quantity[float, Literal["s"]]
Degrees: TypeAlias = Quantity[float, Literal["deg"]]
Share: TypeAlias = Quantity[float, Literal["1"]]
Count: TypeAlias = Quantity[int, Literal["1"]]
Side = Literal["front", "back", "left", "right"]


class LevelSpec(Strict):
    """One level of the trunk: where hands hold, and what is tested above them."""

    index: int = Field(ge=1, le=7)
    """Number of the level in the published procedure, from the head down."""
    tested: str
    """What the infant itself must control."""
    hands: str
    """Where the published procedure has the hands."""
    site: str | None
    """A file in ``models/supports/``; none if there is no such hold here: not tested."""
    pushed: SegmentKind | None
    """Segment that the reactive test pushes; none if that test is left out at this level."""
    note: str


class NeutralSpec(Strict):
    """When head and trunk above the hands count as upright."""

    trunk: Degrees
    """Largest tilt of the line from the attachment to C7 from the vertical."""
    head: Degrees
    """Largest tilt of the long axis of the head."""
    lapse: Seconds
    """Shorter departures are overlooked."""


class StaticSpec(Strict):
    """Neutral without doing anything else."""

    watched: Seconds
    """How long the examiner watches."""
    hold: Seconds
    """How long of it, in one piece, must be neutral."""


class MovementSpec(Strict):
    """A movement of the infant's own, on top of what its controller does."""

    axes_deg: dict[str, float]
    """How far the infant wants these joints from rest."""
    measured: str
    """The axis on which one sees whether the movement was made."""

    @model_validator(mode="after")
    def _axes_exist(self) -> Self:
        for label in self.axes_deg:
            if both_sides(label) != (label,):
                raise ValueError(f"axis '{label}': say left_ or right_")
        if self.measured not in self.axes_deg:
            raise ValueError(f"measured: '{self.measured}' is none of the moved axes")
        return self


class ActiveSpec(Strict):
    """Neutral while the infant moves its head or arms, one movement after the other."""

    movements: dict[str, MovementSpec] = Field(min_length=1)
    first: Seconds
    """When the first movement begins."""
    ramp: Seconds
    """From rest to the full angle, and back."""
    stay: Seconds
    """At the full angle."""
    rest: Seconds
    """Between movements."""
    reached: Degrees
    """How far the measured axis must get, in the direction of the movement."""
    effort: Share
    """Excitation of the hardest working muscle at the full angle, 0 to 1."""


class ReactiveSpec(Strict):
    """Neutral kept or regained after brisk level pushes."""

    sides: tuple[Side, ...] = Field(min_length=1)
    """Where they come from, in this order."""
    first: Seconds
    every: Seconds
    duration: Seconds
    speed: Quantity[float, Literal["m/s"]]
    """Impulse over body mass."""
    regained: Seconds
    """After a push, until neutral must be back, to stay until the next."""

    @model_validator(mode="after")
    def _there_is_time(self) -> Self:
        if self.regained.value >= self.every.value:
            raise ValueError("regained: must be less than `every`, or nothing is left to see")
        return self


class SegmentalSpec(Spec):
    """A segmental assessment of trunk control in sitting."""

    folder: ClassVar[str] = "models/assessments/segmental"

    title: str
    exercise: str
    """A file in ``envs/``: how the infant sits."""
    strength: Share
    """Of the examiner's hands, 0 to 1."""
    trials: Count
    """Of each test; more than half must be passed."""
    neutral: NeutralSpec
    levels: tuple[LevelSpec, ...] = Field(min_length=1)
    """From the head down."""
    static: StaticSpec
    active: ActiveSpec
    reactive: ReactiveSpec

    @model_validator(mode="after")
    def _levels_go_down(self) -> Self:
        places = [SITES.index(one.site) for one in self.levels if one.site in SITES]
        down = (places, [one.index for one in self.levels])
        if any(above >= below for order in down for above, below in pairwise(order)):
            raise ValueError("levels: index and site must go down from the head")
        return self

    @model_validator(mode="after")
    def _majority_is_clear(self) -> Self:
        if self.trials.value < 1 or self.trials.value % 2 == 0:
            raise ValueError(f"trials: {self.trials.value} is not odd")
        return self

    def problems(self, catalog: FileIndex) -> Iterator[str]:
        """Sites and an exercise that do not exist."""
        yield from unknown_name(catalog, ExerciseSpec, "exercise", self.exercise)
        for number, level in enumerate(self.levels):
            if level.site is not None:
                yield from unknown_name(catalog, SupportSpec, f"levels.{number}.site", level.site)
