"""Support: site, stiffness and motion of a pair of hands (`models/supports/`)."""

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from dmi_sim.anatomy import SegmentKind
from dmi_sim.spec.base import NonNegative, Quantity, Spec, Strict

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
"""Support sites from proximal (cranial) to distal (caudal), and last none."""

TRUNK_KINDS = ("pelvis", "lumbar", "lower_thorax", "upper_thorax")
"""Segments on which heights are fractions of the trunk."""


BodyLengthOffset = Annotated[float, Field(ge=-3, le=3)]
"""A displacement along one axis [body lengths]."""
TimeConstant = Annotated[float, Field(gt=0, le=60)]
"""A time constant [s]."""


class SupportKeyframe(Strict):
    """Position of moving hands at a time, relative to where they began."""

    time_s: float = Field(ge=0, le=3600)
    """Time since the start of the episode [s]."""
    offset: tuple[BodyLengthOffset, BodyLengthOffset, BodyLengthOffset]
    """Offset forward, left and up in the world [body lengths], so that one path fits every age."""


class SupportMotionSpec(Strict):
    """Motion of the hands while they support: along a path, following the infant, or yielding.

    The three add up: hands that follow drift away from their path, and hands that have yielded
    continue it from where they were pulled to. Hands translate and do not rotate; with no entry
    they stand still.
    """

    path: tuple[SupportKeyframe, ...] = ()
    """Keyframes of a path; the hands move linearly between them and stay at the last."""
    follow_s: tuple[TimeConstant | None, TimeConstant | None, TimeConstant | None] = (
        None,
        None,
        None,
    )
    """Time constants with which the hands follow the infant forward, left and up in the world [s].

    Null: they do not follow along that axis. Hands that follow an infant at steady speed lag behind
    by speed times time constant, and pull with the stiffness of the support times that lag.
    """
    yields_above: float | None = Field(default=None, gt=0, le=10)
    """Force above which the hands yield [body weights]: they are pulled along, stay where they were
    pulled to, and never pull harder. It scales with the strength of the hands, as their largest
    force does."""

    @model_validator(mode="after")
    def _hands_go_forward_in_time(self) -> Self:
        times = [key.time_s for key in self.path]
        if times != sorted(set(times)):
            raise ValueError("path: `time_s` must rise from point to point")
        if self.path and any(self.path[0].offset):
            raise ValueError("path: the first `offset` must be [0, 0, 0], where the support begins")
        return self


class SupportSpec(Spec):
    """A support: springs around a segment, stiff in translation and weak in rotation.

    Stiffness and largest force and torque are those of both hands together; on a limb each side
    has half.
    """

    folder: ClassVar[str] = "models/supports"

    title: str
    """Title in the words of a therapist."""
    segment: SegmentKind | None
    """Segment that is supported, on both sides if it belongs to a limb; null for no support."""
    height: Quantity[float, Literal["trunk_length", "segment_length"]]
    """Height of the support point, 0 to 1: above the seat as a fraction of the trunk (seat to C7),
    or along the segment from its joint as a fraction of segment length; on a foot, from the ankle
    down to the sole."""
    stiffness: Quantity[NonNegative, Literal["body_weight/m"]]
    """Force per displacement of the support point [body weights/m]."""
    damping_ratio: Quantity[NonNegative, Literal["1"]]
    """Damping ratio of the whole body on the springs of the hands [1]."""
    rotation_stiffness: Quantity[NonNegative, Literal["body_weight.body_length/rad"]]
    """Torque per small rotation of the segment in the hands [body weights x body length/rad]; it
    grows with the sine of the rotation, so it is largest at a quarter turn and 0 at half a turn."""
    largest_force: Quantity[NonNegative, Literal["body_weight"]]
    """Largest norm of the force [body weights]."""
    largest_torque: Quantity[NonNegative, Literal["body_weight.body_length"]]
    """Largest norm of the torque [body weights x body length]."""
    support_motion: SupportMotionSpec = SupportMotionSpec()
    """Motion of the hands while they support; an exercise may replace it."""

    @model_validator(mode="after")
    def _height_fits_the_segment(self) -> Self:
        if not 0 <= self.height.value <= 1:
            raise ValueError(f"height: {self.height.value:g} {self.height.unit} is outside 0 to 1")
        if self.height.unit == "trunk_length" and self.segment not in TRUNK_KINDS:
            raise ValueError(f"height: in trunk_length needs one of {', '.join(TRUNK_KINDS)}")
        return self
