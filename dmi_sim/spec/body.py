"""What a body file says: proportions by age, mass centres, contact spheres (`models/bodies/`)."""

from typing import ClassVar, Self, get_args

from pydantic import Field, model_validator

from dmi_sim.anatomy import SegmentKind
from dmi_sim.spec.base import Quantity, Spec, Strict


class AgeCurve(Quantity[tuple[float, ...]]):
    """A number that changes with age: linear between ages, constant beyond the first and last."""

    age_months: tuple[float, ...]
    """Ages of the values, rising."""

    @model_validator(mode="after")
    def _one_value_per_age(self) -> Self:
        if len(self.age_months) != len(self.value):
            raise ValueError(f"{len(self.age_months)} ages but {len(self.value)} values")
        if list(self.age_months) != sorted(set(self.age_months)):
            raise ValueError("`age_months` must rise")
        return self


class Proportions(Strict):
    """Fractions of recumbent length, each a curve over age."""

    crown_rump: AgeCurve
    """Top of the head to the seat."""
    vertex_c7: AgeCurve
    """Top of the head to the seventh cervical vertebra: the head segment."""
    shoulder_half_breadth: AgeCurve
    """Midline to the shoulder joint."""
    sole_to_ankle: AgeCurve
    """Sole to the ankle joint, standing."""
    buttock_depth: AgeCurve
    """What rump-to-knee measures beyond the femur."""
    knee_cap_height: AgeCurve
    """What knee-to-sole measures above the knee joint."""


class TrunkHeights(Strict):
    """Joints on the trunk as fractions of the length from seat to C7."""

    hip: Quantity
    waist: Quantity
    thoracolumbar: Quantity
    thoracic: Quantity
    shoulder: Quantity


class ComFractions(Strict):
    """Centre of mass from the proximal joint as a fraction of segment length."""

    head: Quantity
    upper_arm: Quantity
    forearm: Quantity
    thigh: Quantity
    shank: Quantity
    foot: Quantity


class GyrationFractions(Strict):
    """Transverse radius of gyration of limb segments as a fraction of segment length."""

    upper_arm: Quantity
    forearm: Quantity
    thigh: Quantity
    shank: Quantity
    foot: Quantity


class ReferenceSize(Strict):
    """The body for which a table of absolute values was made."""

    mass_kg: float = Field(gt=0)
    length_m: float = Field(gt=0)


class ContactSphere(Strict):
    """A sphere of skin that may touch the floor or another segment."""

    name: str
    along: float = Field(ge=-2, le=2)
    """Distance from the joint towards the far end, as a fraction of segment length."""
    offset: tuple[float, float]
    """Forward and left, as fractions of body length (left side of the body)."""
    radius: float = Field(gt=0, lt=0.2)
    """Fraction of body length."""


class BodySpec(Spec):
    """How the length and weight of an infant become 15 segments."""

    folder: ClassVar[str] = "models/bodies"

    title: str
    growth_table: str
    """Path of the LMS table of weight, length and head circumference."""
    mass_table: str
    """Path of the segment masses as fractions of body mass, by month."""
    length_table: str
    """Path of the limb lengths as fractions of recumbent length, by age group."""
    proportions: Proportions
    trunk_heights: TrunkHeights
    com_fraction: ComFractions
    gyration_fraction: GyrationFractions
    tissue_density: Quantity
    head_anterior_posterior_ratio: Quantity
    hip_half_breadth: Quantity
    inertia_floor_at: ReferenceSize
    inertia_floor: dict[SegmentKind, Quantity]
    """Added to each segment's own inertia for a calm simulation."""
    contact_friction: Quantity
    contact_spheres: dict[SegmentKind, tuple[ContactSphere, ...]]
    touching_pairs: tuple[tuple[SegmentKind, SegmentKind], ...]

    @model_validator(mode="after")
    def _every_segment_has_a_floor(self) -> Self:
        missing = [kind for kind in get_args(SegmentKind) if kind not in self.inertia_floor]
        if missing:
            raise ValueError(f"inertia_floor: no value for {', '.join(missing)}")
        return self
