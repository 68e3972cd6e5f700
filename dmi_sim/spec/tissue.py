"""Passive tissue of every joint axis: ligaments, capsules, skin (`models/tissue/`)."""

from typing import ClassVar, Literal, Self, get_args

from pydantic import model_validator

from dmi_sim.anatomy import HINGES, AxisName, JointKind
from dmi_sim.spec.base import NonNegative, Quantity, Spec, Strict
from dmi_sim.spec.body import AgeCurve, ReferenceSize

Pair = tuple[float, float]


class TissueAxisSpec(Strict):
    """Passive tissue about one anatomical axis, at the size of the reference body."""

    stiffness: Quantity[NonNegative, Literal["N.m/rad"]]
    """Within the range of motion."""
    damping: Quantity[NonNegative, Literal["N.m.s/rad"]]
    """At any angle."""
    range: Quantity[Pair, Literal["deg"]]
    """Lowest and highest angle before tissue stiffens."""
    rest: Quantity[float, Literal["deg"]] | None = None
    """Angle at which tissue is slack; 0 if not given, and never outside the range."""
    lowest_by_age: AgeCurve | None = None
    """Lowest angle [deg] where it changes with age, such as the newborn's flexion contracture."""
    highest_by_age: AgeCurve | None = None
    """Highest angle [deg] where it changes with age."""

    @model_validator(mode="after")
    def _rests_within_its_range(self) -> Self:
        low, high = self.range.value
        rest = self.rest.value if self.rest else 0.0
        if not low < rest < high:
            raise ValueError(f"`rest` of {rest:g} deg is not within {low:g} to {high:g} deg")
        return self


class TissueSpec(Spec):
    """Passive tissue of all joints and how it grows."""

    folder: ClassVar[str] = "models/tissue"

    title: str
    reference_body: ReferenceSize
    end_stiffness: Quantity[NonNegative, Literal["N.m/rad"]]
    """Added to the stiffness beyond the range of motion."""
    joints: dict[JointKind, dict[AxisName, TissueAxisSpec]]

    @model_validator(mode="after")
    def _every_axis_is_there(self) -> Self:
        for joint in get_args(JointKind):
            names = ("flexion",) if joint in HINGES else get_args(AxisName)
            given = self.joints.get(joint, {})
            if set(given) != set(names):
                raise ValueError(f"joints.{joint}: needs {', '.join(names)}")
        return self
