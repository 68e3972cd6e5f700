"""Strength and passive tissue of every joint axis (`models/muscles/`)."""

from typing import ClassVar, Literal

from dmi_sim.spec.base import Quantity, Spec, Strict
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


class AxisSpec(Strict):
    """One anatomical degree of freedom of a joint, at the size of the reference body."""

    strength: Quantity[Pair, Literal["N.m"]]
    """Largest isometric torque in the positive and in the negative direction."""
    stiffness: Quantity[float, Literal["N.m/rad"]]
    """Of passive tissue within the range of motion."""
    damping: Quantity[float, Literal["N.m.s/rad"]]
    """Of passive tissue."""
    range: Quantity[Pair, Literal["deg"]]
    """Lowest and highest angle before tissue stiffens."""
    rest: Quantity[float, Literal["deg"]] | None = None
    """Angle at which passive tissue is slack; 0 if not given."""


class MuscleSpec(Spec):
    """Torque generators of all joints and how they grow."""

    folder: ClassVar[str] = "models/muscles"

    title: str
    reference_body: ReferenceSize
    relative_strength: AgeCurve
    """Strength over mass times length, relative to the reference body."""
    activation_time: Quantity[float, Literal["s"]]
    """Time constant of activation."""
    end_stiffness: Quantity[float, Literal["N.m/rad"]]
    """Added to the stiffness beyond the range of motion."""
    joints: dict[JointKind, dict[AxisName, AxisSpec]]
