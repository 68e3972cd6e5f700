"""Passive tissue about every joint axis: ligaments, capsules, skin (`models/tissue/`)."""

from typing import ClassVar, Literal, Self, get_args

from pydantic import model_validator

from dmi_sim.anatomy import HINGES, AxisName, JointKind
from dmi_sim.spec.base import NonNegative, Quantity, Spec, Strict
from dmi_sim.spec.body import AgeCurve, ReferenceSize

Pair = tuple[float, float]
"""Lowest and highest value."""


class TissueAxisSpec(Strict):
    """Passive tissue about one anatomical axis, at the size of the reference body."""

    stiffness: Quantity[NonNegative, Literal["N.m/rad"]]
    """Stiffness at any angle [N m/rad]."""
    damping: Quantity[NonNegative, Literal["N.m.s/rad"]]
    """Damping at any angle [N m s/rad]."""
    range: Quantity[Pair, Literal["deg"]]
    """Range of motion: lowest and highest angle, beyond which the end stiffness is added [deg]."""
    rest: Quantity[float, Literal["deg"]] | None = None
    """Angle at which the tissue is slack [deg]; 0 if not given, and never outside the range."""
    lowest_by_age: AgeCurve | None = None
    """Lowest angle of the range over age [deg], such as the newborn's flexion contracture."""
    highest_by_age: AgeCurve | None = None
    """Highest angle of the range over age [deg]."""

    @model_validator(mode="after")
    def _rests_within_its_range(self) -> Self:
        low, high = self.range.value
        rest = self.rest.value if self.rest else 0.0
        if not low < rest < high:
            raise ValueError(f"`rest` of {rest:g} deg is not within {low:g} to {high:g} deg")
        return self


class TissueSpec(Spec):
    """Passive tissue of all joints, and how it grows."""

    folder: ClassVar[str] = "models/tissue"

    title: str
    """Title of the set of values."""
    reference_body: ReferenceSize
    """Size of the body for which the values hold."""
    end_stiffness: Quantity[NonNegative, Literal["N.m/rad"]]
    """Stiffness that is added beyond the range of motion [N m/rad]."""
    joints: dict[JointKind, dict[AxisName, TissueAxisSpec]]
    """Passive tissue by joint and axis; both sides of a limb are alike."""

    @model_validator(mode="after")
    def _every_axis_is_there(self) -> Self:
        for joint in get_args(JointKind):
            names = ("flexion",) if joint in HINGES else get_args(AxisName)
            given = self.joints.get(joint, {})
            if set(given) != set(names):
                raise ValueError(f"joints.{joint}: needs {', '.join(names)}")
        return self
