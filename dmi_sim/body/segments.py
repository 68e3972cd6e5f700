"""The 15 segments of an infant: where they are joined, what they weigh, how they turn.

Every segment frame stands in the anatomical position with x forward, y left, z up and its origin in
the joint to its parent; the origin of the pelvis is midway between the hips.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from dmi_sim.anatomy import LEFT, SEGMENTS, TRUNK, SegmentKind, SegmentNode
from dmi_sim.body.anthropometry import Dimensions
from dmi_sim.body.growth import Size
from dmi_sim.spec.body import BodySpec, ContactSphere

Point = tuple[float, float, float]


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
        node: Where it stands in the tree.
        joint_m: Joint to the parent, in the parent's frame [m].
        mass_kg: Mass [kg].
        length_m: Along the long axis [m].
        com_m: Centre of mass in the segment frame [m].
        inertia_kgm2: Principal moments about the centre of mass, about x, y, z [kg m2].
        inertia_floor_kgm2: Added to each principal moment in simulation only [kg m2].
        spheres: What can touch.
    """

    node: SegmentNode
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
    """The segments of an infant in the order of :data:`SEGMENTS`."""
    return tuple(_segment(plan, node) for node in SEGMENTS)


def _segment(plan: BodyPlan, node: SegmentNode) -> Segment:
    shape = _SHAPES.get(node.kind, _limb_shape)
    mass, length, com, inertia = shape(plan, node)
    return Segment(
        node=node,
        joint_m=_joint(plan, node),
        mass_kg=mass,
        length_m=length,
        com_m=com,
        inertia_kgm2=inertia,
        inertia_floor_kgm2=_inertia_floor(plan, node.kind),
        spheres=tuple(
            _sphere(plan, node, sphere, length)
            for sphere in plan.spec.contact_spheres.get(node.kind, ())
        ),
    )


_Shape = tuple[float, float, Point, Point]


def _trunk_shape(plan: BodyPlan, node: SegmentNode) -> _Shape:
    edges, level = plan.trunk_edges_m(), TRUNK.index(node.kind)
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


def _head_shape(plan: BodyPlan, node: SegmentNode) -> _Shape:
    mass, length = plan.masses_kg["head"], plan.lengths.head
    com = (0.0, 0.0, plan.spec.com_fraction.head.value * length)
    return mass, length, com, ellipsoid_inertia(mass, *plan.head_half_axes_m(), length / 2)


def _foot_shape(plan: BodyPlan, node: SegmentNode) -> _Shape:
    mass, length = plan.masses_kg["foot"], plan.lengths.foot
    heel = -0.25 * length  # the ankle stands over the rear quarter of the foot
    com = (heel + plan.spec.com_fraction.foot.value * length, 0.0, -plan.lengths.ankle_height / 2)
    gyration = plan.spec.gyration_fraction.foot.value
    across, _, along = rod_inertia(mass, length, gyration, plan.spec.tissue_density.value)
    return mass, length, com, (along, across, across)


def _limb_shape(plan: BodyPlan, node: SegmentNode) -> _Shape:
    mass, length = plan.masses_kg[node.kind], getattr(plan.lengths, node.kind)
    com = (0.0, 0.0, -getattr(plan.spec.com_fraction, node.kind).value * length)
    gyration = getattr(plan.spec.gyration_fraction, node.kind).value
    return mass, length, com, rod_inertia(mass, length, gyration, plan.spec.tissue_density.value)


_SHAPES: dict[SegmentKind, Callable[[BodyPlan, SegmentNode], _Shape]] = {
    **dict.fromkeys(TRUNK, _trunk_shape),
    "head": _head_shape,
    "foot": _foot_shape,
}


def _joint(plan: BodyPlan, node: SegmentNode) -> Point:
    d, edges = plan.lengths, plan.trunk_edges_m()
    shoulder = plan.spec.trunk_heights.shoulder.value * d.trunk - edges[3]
    points: dict[SegmentKind, Point] = {
        "pelvis": (0.0, 0.0, 0.0),
        "lumbar": (0.0, 0.0, edges[1] - d.hip_height),
        "lower_thorax": (0.0, 0.0, edges[2] - edges[1]),
        "upper_thorax": (0.0, 0.0, edges[3] - edges[2]),
        "head": (0.0, 0.0, edges[4] - edges[3]),
        "upper_arm": (0.0, node.side * d.shoulder_half, shoulder),
        "forearm": (0.0, 0.0, -d.upper_arm),
        "thigh": (0.0, node.side * d.hip_half, 0.0),
        "shank": (0.0, 0.0, -d.thigh),
        "foot": (0.0, 0.0, -d.shank),
    }
    return points[node.kind]


def _inertia_floor(plan: BodyPlan, kind: SegmentKind) -> float:
    at = plan.spec.inertia_floor_at
    scale = plan.size.mass_kg * plan.size.length_m**2 / (at.mass_kg * at.length_m**2)
    return plan.spec.inertia_floor[kind].value * scale


def _sphere(plan: BodyPlan, node: SegmentNode, sphere: ContactSphere, segment_m: float) -> Sphere:
    body_m = plan.size.length_m
    upward = 1 if node.kind in (*TRUNK, "head") else -1
    length = plan.lengths.ankle_height if node.kind == "foot" else segment_m
    left = sphere.offset[1] * (node.side or LEFT)
    centre = (sphere.offset[0] * body_m, left * body_m, upward * sphere.along * length)
    return Sphere(sphere.name, centre, sphere.radius * body_m)
