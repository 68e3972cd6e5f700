"""Support: site, stiffness and motion of a pair of hands (`models/supports/`)."""

import math
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BeforeValidator, Field, ValidationError, model_validator
from pydantic_core import ErrorDetails

from dmi_sim.anatomy import SegmentKind
from dmi_sim.errors import did_you_mean
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


class MinimumJerkPath(Strict):
    """A path from rest to rest with minimum jerk: an arc around a point, or a straight line.

    It is short for eleven keyframes at equal times, each rounded to a thousandth of body length;
    hands move linearly between them.

    Source:
        Flash and Hogan (1985), J. Neurosci. 5, 1688-1703.

    >>> up = MinimumJerkPath(shape="minimum_jerk", duration_s=2, to=(0, 0, 0.1))
    >>> up.keyframes[5]
    SupportKeyframe(time_s=1.0, offset=(0.0, 0.0, 0.05))
    """

    shape: Literal["minimum_jerk"]
    start_s: float = Field(default=0.0, ge=0, le=1800)
    """Time at which the hands begin to move, since they took hold [s]."""
    duration_s: float = Field(gt=0.01, le=1800)
    """Duration of the movement [s]."""
    to: tuple[BodyLengthOffset, BodyLengthOffset, BodyLengthOffset] | None = None
    """Offset at the end of a straight line [body lengths]: forward, left, up."""
    around: tuple[BodyLengthOffset, BodyLengthOffset] | None = None
    """Centre of an arc, forward and up from where the hands begin [body lengths]."""
    turn_deg: float | None = Field(default=None, ge=-360, le=360)
    """Angle of the arc [deg]: up and then forward for hands behind its centre."""

    @model_validator(mode="after")
    def _line_or_arc(self) -> Self:
        is_arc = self.around is not None and self.turn_deg is not None
        is_part = self.around is not None or self.turn_deg is not None
        if is_arc is (self.to is not None) or is_part is not is_arc:
            raise ValueError("give `to` for a line, or `around` and `turn_deg` for an arc")
        return self

    @property
    def keyframes(self) -> tuple[SupportKeyframe, ...]:
        """The keyframes of the path."""
        return tuple(
            SupportKeyframe(
                time_s=round(self.start_s + self.duration_s * k / _STRETCHES, 6),
                offset=_rounded(*self._offset(_minimum_jerk(k / _STRETCHES))),
            )
            for k in range(_STRETCHES + 1)
        )

    def _offset(self, share: float) -> tuple[float, float, float]:
        """The offset at a share of the way [body lengths]."""
        if self.to is not None:
            return (share * self.to[0], share * self.to[1], share * self.to[2])
        forward, up = self.around or (0.0, 0.0)
        turn = share * math.radians(self.turn_deg or 0.0)
        cos, sin = math.cos(turn), math.sin(turn)
        return (forward - cos * forward - sin * up, 0.0, up - cos * up + sin * forward)


_STRETCHES = 10
"""Number of straight stretches that stand for a path of minimum jerk."""


def _minimum_jerk(share: float) -> float:
    """The share of the way at a share of the time."""
    return share**3 * (10 - 15 * share + 6 * share**2)


def _rounded(*offset: float) -> tuple[float, float, float]:
    """An offset to a thousandth of body length; zero has no sign."""
    x, y, z = (round(one, 3) + 0.0 for one in offset)
    return (x, y, z)


def _as_keyframes(value: Any) -> Any:
    """The keyframes that a path by name is short for; any other value as it is."""
    if not isinstance(value, Mapping):
        return value
    try:
        return MinimumJerkPath.model_validate(value).keyframes
    except ValidationError as error:
        raise ValueError("; ".join(map(_path_problem, error.errors()))) from None


def _path_problem(item: ErrorDetails) -> str:
    if item["type"] == "extra_forbidden":
        key = str(item["loc"][-1])
        return f"unknown key '{key}'; {did_you_mean(key, MinimumJerkPath.model_fields)}"
    key = "".join(f"{part}: " for part in item["loc"][:1])
    return f"{key}{item['msg'].removeprefix('Value error, ')}"


class SupportMotionSpec(Strict):
    """Motion of the hands while they support: along a path, following the infant, or yielding.

    The three add up: hands that follow drift away from their path, and hands that have yielded
    continue it from where they were pulled to. Hands translate and do not rotate; with no entry
    they stand still.
    """

    path: Annotated[
        tuple[SupportKeyframe, ...],
        BeforeValidator(
            _as_keyframes, json_schema_input_type=MinimumJerkPath | tuple[SupportKeyframe, ...]
        ),
    ] = ()
    """Keyframes of a path, or a path by name that is short for them; the hands move linearly
    between the keyframes and stay at the last."""
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
