"""Where and how a pair of hands holds (`models/supports/`)."""

from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from dmi_sim.spec.base import NonNegative, Quantity, Spec, Strict
from dmi_sim.spec.body import SegmentKind

SITES = (
    "head",
    "shoulder_girdle",
    "axillae",
    "lower_ribs",
    "waist",
    "pelvis",
    "thighs",
    "shanks",
    "feet",
    "none",
)
"""Sites from proximal (cranial) to distal (caudal)."""

TRUNK_KINDS = ("pelvis", "lumbar", "lower_thorax", "upper_thorax")
"""Segments on which heights are fractions of the trunk."""


class KeyTime(Strict):
    """Where moving hands are at a time, relative to where they began."""

    time_s: float = Field(ge=0)
    offset_m: tuple[float, float, float]
    """Forward, left, up."""


class HoldSpec(Spec):
    """A compliant ring around a segment: firm in translation, weak in rotation.

    All values are shared by the hands of the hold; for limbs each side takes half.
    """

    folder: ClassVar[str] = "models/supports"

    title: str
    """In the words of a therapist."""
    segment: SegmentKind | None
    """Segment that is held; both sides of a limb; none for no hands."""
    height: Quantity[float, Literal["trunk_length", "segment_length"]]
    """Of the grip above the seat as a fraction of seat to C7, or along the segment."""
    stiffness: Quantity[NonNegative, Literal["body_weight/m"]]
    """Force per displacement of the grip."""
    damping_ratio: Quantity[NonNegative, Literal["1"]]
    """Of the whole body on the spring of the hands."""
    rotation_stiffness: Quantity[NonNegative, Literal["body_weight.body_length/rad"]]
    """Torque per rotation of the segment in the ring."""
    largest_force: Quantity[NonNegative, Literal["body_weight"]]
    """Cap on the norm of the force."""
    largest_torque: Quantity[NonNegative, Literal["body_weight.body_length"]]
    """Cap on the norm of the torque."""
    path: tuple[KeyTime, ...] = ()
    """Hands move along these points, linearly between; still if empty."""

    @model_validator(mode="after")
    def _hands_go_forward_in_time(self) -> Self:
        times = [key.time_s for key in self.path]
        if times != sorted(set(times)):
            raise ValueError("path: `time_s` must rise from point to point")
        return self

    @model_validator(mode="after")
    def _height_fits_the_segment(self) -> Self:
        if self.height.unit == "trunk_length" and self.segment not in TRUNK_KINDS:
            raise ValueError(f"height: in trunk_length needs one of {', '.join(TRUNK_KINDS)}")
        return self
