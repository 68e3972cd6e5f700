"""Strength and passive tissue of every joint axis (`models/muscles/`)."""

from typing import ClassVar, Literal, Self, get_args

from pydantic import model_validator

from dmi_sim.spec.base import NonNegative, Quantity, Spec, Strict
from dmi_sim.spec.body import AgeCurve, ReferenceSize

JointKind = Literal[
    "neck",
    "thoracic",
    "thoracolumbar",
    "waist",
    "shoulder",
    "elbow",
    "hip",
    "knee",
    "ankle",
]
AxisName = Literal["abduction", "flexion", "rotation"]
Pair = tuple[float, float]

HINGES = ("elbow", "knee")
"""Joints that only flex."""


class AxisSpec(Strict):
    """One anatomical degree of freedom of a joint, at the size of the reference body."""

    strength: Quantity[tuple[NonNegative, NonNegative], Literal["N.m"]]
    """Largest isometric torque in the positive and in the negative direction."""
    stiffness: Quantity[NonNegative, Literal["N.m/rad"]]
    """Of passive tissue within the range of motion."""
    damping: Quantity[NonNegative, Literal["N.m.s/rad"]]
    """Of passive tissue."""
    range: Quantity[Pair, Literal["deg"]]
    """Lowest and highest angle before tissue stiffens."""
    rest: Quantity[float, Literal["deg"]] | None = None
    """Angle at which passive tissue is slack; 0 if not given."""

    @model_validator(mode="after")
    def _rests_within_its_range(self) -> Self:
        low, high = self.range.value
        rest = self.rest.value if self.rest else 0.0
        if not low < rest < high:
            raise ValueError(f"`rest` of {rest:g} deg is not within {low:g} to {high:g} deg")
        return self


class MuscleSpec(Spec):
    """Torque generators of all joints and how they grow."""

    folder: ClassVar[str] = "models/muscles"

    title: str
    reference_body: ReferenceSize
    relative_strength: AgeCurve
    """Strength over mass times length, relative to the reference body."""
    activation_time: Quantity[float, Literal["s"]]
    """Time constant of activation."""
    end_stiffness: Quantity[NonNegative, Literal["N.m/rad"]]
    """Added to the stiffness beyond the range of motion."""
    joints: dict[JointKind, dict[AxisName, AxisSpec]]

    @model_validator(mode="after")
    def _every_axis_is_there(self) -> Self:
        for joint in get_args(JointKind):
            names = ("flexion",) if joint in HINGES else get_args(AxisName)
            given = self.joints.get(joint, {})
            if set(given) != set(names):
                raise ValueError(f"joints.{joint}: needs {', '.join(names)}")
        return self
