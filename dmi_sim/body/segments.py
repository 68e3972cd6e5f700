"""The 15 segments of an infant: where they are joined, what they weigh, how they turn.

Every segment frame stands in the anatomical position with x forward, y left, z up and its origin in
the joint to its parent; the origin of the pelvis is midway between the hips.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from dmi_sim.body.anthropometry import Dimensions
from dmi_sim.body.growth import Size
from dmi_sim.spec.body import BodySpec, ContactSphere, SegmentKind

Point = tuple[float, float, float]

TRUNK: tuple[SegmentKind, ...] = ("pelvis", "lumbar", "lower_thorax", "upper_thorax")
LEFT, RIGHT = 1, -1


@dataclass(frozen=True)
class Place:
    """Where a segment stands in the tree.

    Attributes:
        name: Of the segment.
        kind: Segment without its side.
        parent: Name of the parent segment; empty for the pelvis.
        joint: Name of the joint to the parent; empty for the pelvis.
        side: +1 left, -1 right, 0 on the midline.
        is_hinge: One axis (knee, elbow) in place of three.
    """

    name: str
    kind: SegmentKind
    parent: str
    joint: str
    side: int = 0
    is_hinge: bool = False


def _arm(side: int, word: str) -> tuple[Place, ...]:
    upper_arm = f"{word}_upper_arm"
    return (
        Place(upper_arm, "upper_arm", "upper_thorax", f"{word}_shoulder", side),
        Place(f"{word}_forearm", "forearm", upper_arm, f"{word}_elbow", side, is_hinge=True),
    )


def _leg(side: int, word: str) -> tuple[Place, ...]:
    thigh, shank = f"{word}_thigh", f"{word}_shank"
    return (
        Place(thigh, "thigh", "pelvis", f"{word}_hip", side),
        Place(shank, "shank", thigh, f"{word}_knee", side, is_hinge=True),
        Place(f"{word}_foot", "foot", shank, f"{word}_ankle", side),
    )


PLACES: tuple[Place, ...] = (
    Place("pelvis", "pelvis", "", ""),
    Place("lumbar", "lumbar", "pelvis", "waist"),
    Place("lower_thorax", "lower_thorax", "lumbar", "thoracolumbar"),
    Place("upper_thorax", "upper_thorax", "lower_thorax", "thoracic"),
    Place("head", "head", "upper_thorax", "neck"),
    *_arm(LEFT, "left"),
    *_arm(RIGHT, "right"),
    *_leg(LEFT, "left"),
    *_leg(RIGHT, "right"),
)
"""All segments, parents before children, in the depth-first order in which Bullet counts links."""


@dataclass(frozen=True)
class Sphere:
    """A contact sphere in its segment's frame: centre [m] and radius [m]."""

    name: str
    centre_m: Point
    radius_m: float


@dataclass(frozen=True)
class Segment:
    """One rigid part of the body.

    Attributes:
        place: Where it stands in the tree.
        joint_m: Joint to the parent, in the parent's frame [m].
        mass_kg: Mass [kg].
        length_m: Along the long axis [m].
        com_m: Centre of mass in the segment frame [m].
        inertia_kgm2: Principal moments about the centre of mass, about x, y, z [kg m2].
        inertia_floor_kgm2: Added to each principal moment in simulation only [kg m2].
        spheres: What can touch.
    """

    place: Place
    joint_m: Point
    mass_kg: float
    length_m: float
    com_m: Point
    inertia_kgm2: Point
    inertia_floor_kgm2: float
    spheres: tuple[Sphere, ...]


def cylinder_inertia(mass_kg: float, height_m: float, half_x: float, half_y: float) -> Point:
    """Principal moments of a solid elliptic cylinder about its centre, axis along z [kg m2]."""
    axial = mass_kg * height_m**2 / 12
    return (
        mass_kg * half_y**2 / 4 + axial,
        mass_kg * half_x**2 / 4 + axial,
        mass_kg * (half_x**2 + half_y**2) / 4,
    )


def ellipsoid_inertia(mass_kg: float, half_x: float, half_y: float, half_z: float) -> Point:
    """Principal moments of a solid ellipsoid about its centre [kg m2]."""
    x, y, z = half_x**2, half_y**2, half_z**2
    return (mass_kg * (y + z) / 5, mass_kg * (x + z) / 5, mass_kg * (x + y) / 5)


def rod_inertia(mass_kg: float, length_m: float, gyration: float, density: float) -> Point:
    """Principal moments of a limb along z with a given transverse radius of gyration [kg m2]."""
    transverse = mass_kg * (gyration * length_m) ** 2
    radius_squared = mass_kg / (density * np.pi * length_m)
    return (transverse, transverse, mass_kg * float(radius_squared) / 2)


@dataclass(frozen=True)
class BodyPlan:
    """All that segments are made from: spec, size, lengths [m] and masses [kg]."""

    spec: BodySpec
    size: Size
    lengths: Dimensions
    masses_kg: dict[str, float]

    def trunk_edges_m(self) -> tuple[float, ...]:
        """Heights above the seat where the four trunk segments begin and the last ends [m]."""
        h = self.spec.trunk_heights
        parts = (0.0, h.waist.value, h.thoracolumbar.value, h.thoracic.value, 1.0)
        return tuple(self.lengths.trunk * part for part in parts)

    def head_half_axes_m(self) -> tuple[float, float]:
        """Half the length and half the breadth of the skull [m]."""
        mean = self.size.head_circumference_m / (2 * np.pi)
        ratio = self.spec.head_anterior_posterior_ratio.value
        return mean * ratio, mean * (2 - ratio)

    def trunk_half_axes_m(self) -> tuple[float, float]:
        """Half the depth and half the breadth of the trunk [m], at tissue density."""
        half_y = self.lengths.hip_breadth / 2
        area = self.masses_kg["trunk"] / (self.spec.tissue_density.value * self.lengths.trunk)
        return area / (np.pi * half_y), half_y


def build_segments(plan: BodyPlan) -> tuple[Segment, ...]:
    """The segments of an infant in the order of :data:`PLACES`."""
    return tuple(_segment(plan, place) for place in PLACES)


def _segment(plan: BodyPlan, place: Place) -> Segment:
    shape = _SHAPES.get(place.kind, _limb_shape)
    mass, length, com, inertia = shape(plan, place)
    return Segment(
        place=place,
        joint_m=_joint(plan, place),
        mass_kg=mass,
        length_m=length,
        com_m=com,
        inertia_kgm2=inertia,
        inertia_floor_kgm2=_inertia_floor(plan, place.kind),
        spheres=tuple(
            _sphere(plan, place, sphere, length)
            for sphere in plan.spec.contact_spheres.get(place.kind, ())
        ),
    )


_Shape = tuple[float, float, Point, Point]


def _trunk_shape(plan: BodyPlan, place: Place) -> _Shape:
    edges, level = plan.trunk_edges_m(), TRUNK.index(place.kind)
    low, high = edges[level], edges[level + 1]
    height = high - low
    mass = plan.masses_kg["trunk"] * height / plan.lengths.trunk
    middle = (low + high) / 2 - plan.lengths.hip_height if level == 0 else height / 2
    return (
        mass,
        height,
        (0.0, 0.0, middle),
        cylinder_inertia(mass, height, *plan.trunk_half_axes_m()),
    )


def _head_shape(plan: BodyPlan, place: Place) -> _Shape:
    mass, length = plan.masses_kg["head"], plan.lengths.head
    com = (0.0, 0.0, plan.spec.com_fraction.head.value * length)
    return mass, length, com, ellipsoid_inertia(mass, *plan.head_half_axes_m(), length / 2)


def _foot_shape(plan: BodyPlan, place: Place) -> _Shape:
    mass, length = plan.masses_kg["foot"], plan.lengths.foot
    heel = -0.25 * length  # the ankle stands over the rear quarter of the foot
    com = (heel + plan.spec.com_fraction.foot.value * length, 0.0, -plan.lengths.ankle_height / 2)
    gyration = plan.spec.gyration_fraction.foot.value
    across, _, along = rod_inertia(mass, length, gyration, plan.spec.tissue_density.value)
    return mass, length, com, (along, across, across)


def _limb_shape(plan: BodyPlan, place: Place) -> _Shape:
    mass, length = plan.masses_kg[place.kind], getattr(plan.lengths, place.kind)
    com = (0.0, 0.0, -getattr(plan.spec.com_fraction, place.kind).value * length)
    gyration = getattr(plan.spec.gyration_fraction, place.kind).value
    return mass, length, com, rod_inertia(mass, length, gyration, plan.spec.tissue_density.value)


_SHAPES: dict[SegmentKind, Callable[[BodyPlan, Place], _Shape]] = {
    **dict.fromkeys(TRUNK, _trunk_shape),
    "head": _head_shape,
    "foot": _foot_shape,
}


def _joint(plan: BodyPlan, place: Place) -> Point:
    d, edges = plan.lengths, plan.trunk_edges_m()
    shoulder = plan.spec.trunk_heights.shoulder.value * d.trunk - edges[3]
    points: dict[SegmentKind, Point] = {
        "pelvis": (0.0, 0.0, 0.0),
        "lumbar": (0.0, 0.0, edges[1] - d.hip_height),
        "lower_thorax": (0.0, 0.0, edges[2] - edges[1]),
        "upper_thorax": (0.0, 0.0, edges[3] - edges[2]),
        "head": (0.0, 0.0, edges[4] - edges[3]),
        "upper_arm": (0.0, place.side * d.shoulder_half, shoulder),
        "forearm": (0.0, 0.0, -d.upper_arm),
        "thigh": (0.0, place.side * d.hip_half, 0.0),
        "shank": (0.0, 0.0, -d.thigh),
        "foot": (0.0, 0.0, -d.shank),
    }
    return points[place.kind]


def _inertia_floor(plan: BodyPlan, kind: SegmentKind) -> float:
    at = plan.spec.inertia_floor_at
    scale = plan.size.mass_kg * plan.size.length_m**2 / (at.mass_kg * at.length_m**2)
    return plan.spec.inertia_floor[kind].value * scale


def _sphere(plan: BodyPlan, place: Place, sphere: ContactSphere, segment_m: float) -> Sphere:
    body_m = plan.size.length_m
    upward = 1 if place.kind in (*TRUNK, "head") else -1
    length = plan.lengths.ankle_height if place.kind == "foot" else segment_m
    left = sphere.offset[1] * (place.side or LEFT)
    centre = (sphere.offset[0] * body_m, left * body_m, upward * sphere.along * length)
    return Sphere(sphere.name, centre, sphere.radius * body_m)
