"""Body: proportions by age, centres of mass, inertia, contact spheres (`models/bodies/`)."""

from typing import ClassVar, Self, get_args

from pydantic import Field, model_validator

from dmi_sim.anatomy import SegmentKind
from dmi_sim.spec.base import Quantity, Spec, Strict


class AgeCurve(Quantity[tuple[float, ...]]):
    """A number that changes with age: linear between ages, constant beyond the first and last."""

    age_months: tuple[float, ...]
    """Ages of the values, rising [months]."""

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
    """Length from the top of the head to the seat."""
    vertex_c7: AgeCurve
    """Length from the top of the head to the seventh cervical vertebra: the head segment."""
    shoulder_half_breadth: AgeCurve
    """Distance of the shoulder joint from the midline."""
    sole_to_ankle: AgeCurve
    """Height of the ankle joint above the sole in standing."""
    buttock_depth: AgeCurve
    """Part of the measured rump-to-knee length that lies behind the hip joint."""
    knee_cap_height: AgeCurve
    """Part of the measured knee-to-sole length that lies above the knee joint."""


class TrunkHeights(Strict):
    """Heights of the joints of the trunk as fractions of the length from seat to C7."""

    hip: Quantity
    """Height of the hip joints above the seat."""
    waist: Quantity
    """Height of the joint between pelvis and lumbar spine above the seat."""
    thoracolumbar: Quantity
    """Height of the joint between lumbar spine and lower thorax above the seat."""
    thoracic: Quantity
    """Height of the joint between lower and upper thorax above the seat."""
    shoulder: Quantity
    """Height of the shoulder joints above the seat."""


class ComFractions(Strict):
    """Distances of the centre of mass from the proximal joint as fractions of segment length."""

    head: Quantity
    upper_arm: Quantity
    forearm: Quantity
    thigh: Quantity
    shank: Quantity
    foot: Quantity


class GyrationFractions(Strict):
    """Transverse radii of gyration of limb segments as fractions of segment length."""

    upper_arm: Quantity
    forearm: Quantity
    thigh: Quantity
    shank: Quantity
    foot: Quantity


class ReferenceSize(Strict):
    """Size of the reference body for which absolute values hold; others are scaled from it."""

    mass_kg: float = Field(gt=0)
    """Body mass [kg]."""
    length_m: float = Field(gt=0)
    """Body length [m]."""


class ContactSphere(Strict):
    """A contact sphere: a patch of skin that may touch the floor or another segment."""

    name: str
    """Name of the sphere, unique within its segment."""
    along: float = Field(ge=-2, le=2)
    """Distance from the joint towards the far end, as a fraction of segment length."""
    offset: tuple[float, float]
    """Offsets forward and left, as fractions of body length; a right limb is mirrored."""
    radius: float = Field(gt=0, lt=0.2)
    """Radius as a fraction of body length."""


class LimbRadii(Strict):
    """Radii of the limbs as fractions of body length."""

    upper_arm: Quantity
    forearm: Quantity
    thigh: Quantity
    shank: Quantity
    foot: Quantity


class SelfContact(Strict):
    """Soft contact of a body with itself: capsules that push each other apart."""

    firm_share: Quantity
    """Share of a radius, from the axis, that resists."""
    natural_frequency: Quantity
    """Natural frequency of two segments that press on each other."""
    damping_ratio: Quantity
    """Damping of their approach over the critical one."""
    pairs: tuple[tuple[SegmentKind, SegmentKind], ...]
    """Pairs of segments that keep off each other so, on either side; joined ones never do."""


class BodySpec(Spec):
    """Values by which the length and weight of an infant become 15 segments."""

    folder: ClassVar[str] = "models/bodies"

    title: str
    """Title of the body."""
    growth_table: str
    """Path of the LMS table of weight, length and head circumference, by month."""
    first_days_table: str | None = None
    """Path of the same table by day, for the first months; none leaves them to the other table."""
    mass_table: str
    """Path of the segment masses as fractions of body mass, by month."""
    length_table: str
    """Path of the limb lengths as fractions of recumbent length, by age group."""
    proportions: Proportions
    """Lengths of the body as fractions of recumbent length, over age."""
    trunk_heights: TrunkHeights
    """Heights of the joints of the trunk."""
    com_fraction: ComFractions
    """Positions of the centres of mass."""
    gyration_fraction: GyrationFractions
    """Radii of gyration of the limbs."""
    tissue_density: Quantity
    """Density of the body, which gives trunk and limbs their thickness."""
    head_anterior_posterior_ratio: Quantity
    """Length of the skull over the mean of its length and breadth."""
    hip_half_breadth: Quantity
    """Distance of the hip joint from the midline as a fraction of hip breadth."""
    inertia_floor_at: ReferenceSize
    """Size of the body for which the inertia floor holds; it scales with mass x length^2."""
    inertia_floor: dict[SegmentKind, Quantity]
    """Inertia added to each principal moment of a segment, for numerical stability."""
    contact_friction: Quantity
    """Friction coefficient of the skin."""
    contact_spheres: dict[SegmentKind, tuple[ContactSphere, ...]]
    """Contact spheres by segment; a limb's are mirrored on the right."""
    touching_pairs: tuple[tuple[SegmentKind, SegmentKind], ...]
    """Pairs of segments whose spheres touch each other as they touch the floor."""
    limb_radius: LimbRadii
    """Radii of the limbs."""
    self_contact: SelfContact
    """Soft contact of all other pairs; what is in neither list passes through."""

    @model_validator(mode="after")
    def _every_segment_has_a_floor(self) -> Self:
        missing = [kind for kind in get_args(SegmentKind) if kind not in self.inertia_floor]
        if missing:
            raise ValueError(f"inertia_floor: no value for {', '.join(missing)}")
        return self
