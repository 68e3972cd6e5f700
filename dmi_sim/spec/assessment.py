"""Segmental assessment of trunk control: procedure and rules (`models/assessments/segmental/`)."""

from collections.abc import Iterator
from itertools import pairwise
from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from dmi_sim.anatomy import SegmentKind
from dmi_sim.spec.base import (
    CountQuantity,
    DegreesQuantity,
    FileIndex,
    Quantity,
    RatioQuantity,
    SecondsQuantity,
    Spec,
    Strict,
    unknown_name,
)
from dmi_sim.spec.exercise import ExerciseSpec, both_sides
from dmi_sim.spec.support import SITES, SupportSpec

PushSide = Literal["front", "back", "left", "right"]
"""Side of the infant that a push comes from."""


class LevelSpec(Strict):
    """One level of the trunk: the support, and the part above it that is tested."""

    index: int = Field(ge=1, le=7)
    """Number of the level in the published procedure, from the head down."""
    tested: str
    """Part of the body that the infant itself must control."""
    hands: str
    """Position of the examiner's hands in the published procedure."""
    site: str | None
    """Support site, a file in ``models/supports/``; null if there is none: level is not tested."""
    pushed_segment: SegmentKind | None
    """Segment that the reactive test pushes; null if that test is left out at this level."""
    note: str
    """Difference from the published procedure; may be empty."""


class NeutralSpec(Strict):
    """Limits within which head and trunk above the hands count as neutral, that is upright."""

    trunk: DegreesQuantity
    """Largest tilt from the vertical of the line from the support point to C7 [deg]."""
    head: DegreesQuantity
    """Largest tilt from the vertical of the long axis of the head [deg]."""
    lapse: SecondsQuantity
    """Longest departure from neutral that is overlooked [s]."""


class StaticSpec(Strict):
    """Static control: neutral at rest."""

    watched: SecondsQuantity
    """Time for which the examiner watches [s]."""
    hold: SecondsQuantity
    """Time within it that must be neutral without a break [s]."""


class MovementSpec(Strict):
    """A voluntary movement of the infant, added to the commands of its controller."""

    axes_deg: dict[str, float]
    """Intended change of each axis from rest [deg]."""
    measured: str
    """Axis whose angle decides whether the movement was made."""

    @model_validator(mode="after")
    def _axes_exist(self) -> Self:
        for label in self.axes_deg:
            if both_sides(label) != (label,):
                raise ValueError(f"axis '{label}': say left_ or right_")
        if self.measured not in self.axes_deg:
            raise ValueError(f"measured: '{self.measured}' is none of the moved axes")
        return self


class ActiveSpec(Strict):
    """Active control: neutral while the infant moves its head or arms, one movement at a time."""

    movements: dict[str, MovementSpec] = Field(min_length=1)
    """Movements by name, in the order in which they are made."""
    first: SecondsQuantity
    """Time of the first movement [s]."""
    ramp: SecondsQuantity
    """Time from rest to the full angle, and again back [s]."""
    stay: SecondsQuantity
    """Time at the full angle [s]."""
    rest: SecondsQuantity
    """Time between movements [s]."""
    reached: DegreesQuantity
    """Least change of the measured axis in the direction of the movement [deg]."""
    effort: RatioQuantity
    """Excitation of the most active muscle at the full angle, 0 to 1."""


class ReactiveSpec(Strict):
    """Reactive control: neutral kept or regained after brisk horizontal pushes."""

    sides: tuple[PushSide, ...] = Field(min_length=1)
    """Sides that the pushes come from, in this order."""
    first: SecondsQuantity
    """Time of the first push [s]."""
    every: SecondsQuantity
    """Time from one push to the next [s]."""
    duration: SecondsQuantity
    """Duration of a push [s]."""
    speed: Quantity[float, Literal["m/s"]]
    """Size of a push: impulse over body mass [m/s]."""
    regained: SecondsQuantity
    """Time after a push within which neutral must be back, to stay until the next push [s]."""

    @model_validator(mode="after")
    def _there_is_time(self) -> Self:
        if self.regained.value >= self.every.value:
            raise ValueError("regained: must be less than `every`, or nothing is left to see")
        return self


class SegmentalSpec(Spec):
    """A segmental assessment of trunk control in sitting."""

    folder: ClassVar[str] = "models/assessments/segmental"

    title: str
    """Title of the assessment."""
    exercise: str
    """Exercise that gives the sitting posture, a file in ``envs/``."""
    strength: RatioQuantity
    """Strength of the examiner's hands, 0 to 1."""
    trials: CountQuantity
    """Trials of each test; more than half must be passed."""
    neutral: NeutralSpec
    """Limits of neutral, the same in all tests."""
    levels: tuple[LevelSpec, ...] = Field(min_length=1)
    """Levels of the trunk, from the head down."""
    static: StaticSpec
    """Test of static control."""
    active: ActiveSpec
    """Test of active control."""
    reactive: ReactiveSpec
    """Test of reactive control."""

    @model_validator(mode="after")
    def _levels_go_down(self) -> Self:
        sites = [SITES.index(one.site) for one in self.levels if one.site in SITES]
        down = (sites, [one.index for one in self.levels])
        if any(above >= below for order in down for above, below in pairwise(order)):
            raise ValueError("levels: index and site must go down from the head")
        return self

    @model_validator(mode="after")
    def _majority_is_clear(self) -> Self:
        if self.trials.value < 1 or self.trials.value % 2 == 0:
            raise ValueError(f"trials: {self.trials.value} is not odd")
        return self

    def problems(self, catalog: FileIndex) -> Iterator[str]:
        """Support sites or an exercise that do not exist."""
        yield from unknown_name(catalog, ExerciseSpec, "exercise", self.exercise)
        for number, level in enumerate(self.levels):
            if level.site is not None:
                yield from unknown_name(catalog, SupportSpec, f"levels.{number}.site", level.site)
