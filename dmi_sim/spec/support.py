"""Where and how a pair of hands holds (`models/supports/`)."""

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
"""Sites from proximal (cranial) to distal (caudal)."""

TRUNK_KINDS = ("pelvis", "lumbar", "lower_thorax", "upper_thorax")
"""Segments on which heights are fractions of the trunk."""


Lengths = Annotated[float, Field(ge=-3, le=3)]
"""A way in body lengths, backward or forward."""
TimeConstant = Annotated[float, Field(gt=0, le=60)]
"""In seconds."""


class SupportKeyframe(Strict):
    """Where moving hands are at a time, relative to where they began."""

    time_s: float = Field(ge=0, le=3600)
    offset: tuple[Lengths, Lengths, Lengths]
    """Forward, left, up in the world [body lengths], so that one path fits every age."""


class SupportMotionSpec(Strict):
    """What hands do while they hold: move on a path, go along, give way; they stand still if empty.

    All three add up: hands that follow drift away from their path, hands that yielded go on with it
    from where they were pulled to. They move; they do not turn.
    """

    path: tuple[SupportKeyframe, ...] = ()
    """Hands move along these points, linearly between, and stay at the last."""
    follow_s: tuple[TimeConstant | None, TimeConstant | None, TimeConstant | None] = (
        None,
        None,
        None,
    )
    """Time constant with which hands go along with the infant forward, left, up in the world [s].

    Null: they stand still there. Hands that go along with an infant who moves at a steady speed lag
    behind by speed times time constant, and pull by the hold's stiffness times that.
    """
    yields_above: float | None = Field(default=None, gt=0, le=10)
    """Hands give way when pulled harder than this, and stay where they were pulled to [body
    weights]; they never pull harder. Scales with the strength of the hands, as their cap does."""

    @model_validator(mode="after")
    def _hands_go_forward_in_time(self) -> Self:
        times = [key.time_s for key in self.path]
        if times != sorted(set(times)):
            raise ValueError("path: `time_s` must rise from point to point")
        if self.path and any(self.path[0].offset):
            raise ValueError("path: the first `offset` must be [0, 0, 0], where hands take hold")
        return self


class SupportSpec(Spec):
    """A compliant ring around a segment: firm in translation, weak in rotation.

    All values are shared by the hands of the hold; for limbs each side takes half.
    """

    folder: ClassVar[str] = "models/supports"

    title: str
    """In the words of a therapist."""
    segment: SegmentKind | None
    """Segment that is held; both sides of a limb; none for no hands."""
    height: Quantity[float, Literal["trunk_length", "segment_length"]]
    """Of the attachment above the seat as a fraction of seat to C7, or along the segment."""
    stiffness: Quantity[NonNegative, Literal["body_weight/m"]]
    """Force per displacement of the attachment."""
    damping_ratio: Quantity[NonNegative, Literal["1"]]
    """Of the whole body on the spring of the hands."""
    rotation_stiffness: Quantity[NonNegative, Literal["body_weight.body_length/rad"]]
    """Torque per rotation of the segment in the ring."""
    largest_force: Quantity[NonNegative, Literal["body_weight"]]
    """Cap on the norm of the force."""
    largest_torque: Quantity[NonNegative, Literal["body_weight.body_length"]]
    """Cap on the norm of the torque."""
    support_motion: SupportMotionSpec = SupportMotionSpec()
    """What the hands do while they hold; an exercise may say otherwise."""

    @model_validator(mode="after")
    def _height_fits_the_segment(self) -> Self:
        if self.height.unit == "trunk_length" and self.segment not in TRUNK_KINDS:
            raise ValueError(f"height: in trunk_length needs one of {', '.join(TRUNK_KINDS)}")
        return self
