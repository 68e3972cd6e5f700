"""The 15 rigid segments of an infant: joint positions, masses, centres of mass, inertia.

Every segment frame stands in the anatomical position with x forward, y left, z up and its origin in
the joint to its parent; the origin of the pelvis is midway between the hip joints.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from dmi_sim.anatomy import LEFT, SEGMENTS, TRUNK, SegmentKind, SegmentNode
from dmi_sim.body.anthropometry import Anthropometry
from dmi_sim.spec.body import ContactSphere

Point = tuple[float, float, float]
"""Components x, y, z, in the frame and unit that the user of the type names."""


@dataclass(frozen=True)
class Sphere:
    """A contact sphere of a segment.

    Attributes:
        name: Name of the sphere, such as ``heel``.
        centre_m: Centre in the segment frame [m].
        radius_m: Radius [m].
    """

    name: str
    centre_m: Point
    radius_m: float


@dataclass(frozen=True)
class Segment:
    """One rigid segment of the body.

    Attributes:
        node: Place of the segment in the kinematic tree.
        joint_m: Joint to the parent, in the parent's frame [m].
        mass_kg: Mass [kg].
        length_m: Length along the long axis [m].
        com_m: Centre of mass in the segment frame [m].
        inertia_kgm2: Principal moments of inertia about the centre of mass: x, y, z [kg m2].
        inertia_floor_kgm2: Inertia added to each principal moment in simulation only [kg m2].
        spheres: Contact spheres, the only shapes that touch the floor or another segment.
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
    """Principal moments of a solid elliptic cylinder about its centre, axis along z [kg m2].

    Args:
        mass_kg: Mass [kg].
        height_m: Height, along z [m].
        half_x: Half axis of the ellipse along x [m].
        half_y: Half axis of the ellipse along y [m].

    >>> [round(x, 4) for x in cylinder_inertia(2.0, 0.3, 0.1, 0.2)]
    [0.035, 0.02, 0.025]
    """
    axial = mass_kg * height_m**2 / 12
    return (
        mass_kg * half_y**2 / 4 + axial,
        mass_kg * half_x**2 / 4 + axial,
        mass_kg * (half_x**2 + half_y**2) / 4,
    )


def ellipsoid_inertia(mass_kg: float, half_x: float, half_y: float, half_z: float) -> Point:
    """Principal moments of a solid ellipsoid about its centre [kg m2].

    >>> [round(x, 4) for x in ellipsoid_inertia(5.0, 0.3, 0.2, 0.1)]
    [0.05, 0.1, 0.13]
    """
    x, y, z = half_x**2, half_y**2, half_z**2
    return (mass_kg * (y + z) / 5, mass_kg * (x + z) / 5, mass_kg * (x + y) / 5)


def rod_inertia(mass_kg: float, length_m: float, gyration: float, density: float) -> Point:
    """Principal moments of a limb about its centre of mass, long axis along z [kg m2].

    Transverse moments follow the radius of gyration; the moment about the long axis is that of a
    homogeneous cylinder of the limb's mass and length.

    Args:
        mass_kg: Mass [kg].
        length_m: Length, along z [m].
        gyration: Transverse radius of gyration as a fraction of length.
        density: Tissue density [kg/m3].

    >>> [round(x, 5) for x in rod_inertia(0.5, 0.2, 0.3, 1000.0)]
    [0.0018, 0.0018, 0.0002]
    """
    transverse = mass_kg * (gyration * length_m) ** 2
    radius_squared = mass_kg / (density * np.pi * length_m)
    return (transverse, transverse, mass_kg * float(radius_squared) / 2)


def build_segments(body: Anthropometry) -> tuple[Segment, ...]:
    """The segments of an infant in the order of :data:`SEGMENTS`."""
    return tuple(_segment(body, node) for node in SEGMENTS)


def _segment(body: Anthropometry, node: SegmentNode) -> Segment:
    shape = _SHAPES.get(node.kind, _limb_shape)
    mass, length, com, inertia = shape(body, node)
    return Segment(
        node=node,
        joint_m=_joint(body, node),
        mass_kg=mass,
        length_m=length,
        com_m=com,
        inertia_kgm2=inertia,
        inertia_floor_kgm2=_inertia_floor(body, node.kind),
        spheres=tuple(
            _sphere(body, node, sphere, length)
            for sphere in body.spec.contact_spheres.get(node.kind, ())
        ),
    )


_Shape = tuple[float, float, Point, Point]
"""Mass [kg], length [m], centre of mass [m] and principal moments [kg m2] of a segment."""


def _trunk_shape(body: Anthropometry, node: SegmentNode) -> _Shape:
    edges, level = body.trunk_edges_m(), TRUNK.index(node.kind)
    low, high = edges[level], edges[level + 1]
    height = high - low
    mass = body.masses_kg["trunk"] * height / body.lengths.trunk
    # The frame of the pelvis is at the hips, those of the others at their lower end.
    middle = (low + high) / 2 - body.lengths.hip_height if level == 0 else height / 2
    return (
        mass,
        height,
        (0.0, 0.0, middle),
        cylinder_inertia(mass, height, *body.trunk_half_axes_m()),
    )


def _head_shape(body: Anthropometry, node: SegmentNode) -> _Shape:
    mass, length = body.masses_kg["head"], body.lengths.head
    com = (0.0, 0.0, body.spec.com_fraction.head.value * length)
    return mass, length, com, ellipsoid_inertia(mass, *body.head_half_axes_m(), length / 2)


def _foot_shape(body: Anthropometry, node: SegmentNode) -> _Shape:
    mass, length = body.masses_kg["foot"], body.lengths.foot
    heel = -0.25 * length  # the ankle joint is a quarter of the foot in front of the heel
    com = (heel + body.spec.com_fraction.foot.value * length, 0.0, -body.lengths.ankle_height / 2)
    gyration = body.spec.gyration_fraction.foot.value
    across, _, along = rod_inertia(mass, length, gyration, body.spec.tissue_density.value)
    return mass, length, com, (along, across, across)  # the long axis of a foot is x, not z


def _limb_shape(body: Anthropometry, node: SegmentNode) -> _Shape:
    mass, length = body.masses_kg[node.kind], getattr(body.lengths, node.kind)
    com = (0.0, 0.0, -getattr(body.spec.com_fraction, node.kind).value * length)
    gyration = getattr(body.spec.gyration_fraction, node.kind).value
    return mass, length, com, rod_inertia(mass, length, gyration, body.spec.tissue_density.value)


_SHAPES: dict[SegmentKind, Callable[[Anthropometry, SegmentNode], _Shape]] = {
    **dict.fromkeys(TRUNK, _trunk_shape),
    "head": _head_shape,
    "foot": _foot_shape,
}


def _joint(body: Anthropometry, node: SegmentNode) -> Point:
    d, edges = body.lengths, body.trunk_edges_m()
    shoulder = body.spec.trunk_heights.shoulder.value * d.trunk - edges[3]
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


def _inertia_floor(body: Anthropometry, kind: SegmentKind) -> float:
    at = body.spec.inertia_floor_at  # inertia scales with mass x length^2
    scale = body.size.mass_kg * body.size.length_m**2 / (at.mass_kg * at.length_m**2)
    return body.spec.inertia_floor[kind].value * scale


def _sphere(
    body: Anthropometry, node: SegmentNode, sphere: ContactSphere, segment_m: float
) -> Sphere:
    body_m = body.size.length_m
    upward = 1 if node.kind in (*TRUNK, "head") else -1  # limbs hang from their joint
    length = body.lengths.ankle_height if node.kind == "foot" else segment_m
    left = sphere.offset[1] * (node.side or LEFT)
    centre = (sphere.offset[0] * body_m, left * body_m, upward * sphere.along * length)
    return Sphere(sphere.name, centre, sphere.radius * body_m)
