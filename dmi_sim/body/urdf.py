"""The body as standard URDF text, which ROS, pinocchio, yourdfpy, Drake and MuJoCo read.

Standard URDF has no ball joints. Each becomes three revolute joints one after the other: flexion,
then abduction, then rotation, the order in which Grood & Suntay (1983) describe a joint. Two links
between them carry next to nothing, and what they carry is taken from the segment.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import pi, sqrt
from typing import Literal

import numpy as np

from dmi_sim.anatomy import AXES, AXIS_INDEX, COMPONENT, TRUNK, Axis, AxisName, SegmentKind
from dmi_sim.arrays import Vector
from dmi_sim.body.anthropometry import Anthropometry
from dmi_sim.body.segments import Point, Segment

ORDER: tuple[AxisName, ...] = ("flexion", "abduction", "rotation")
"""Order in which the three revolute joints of a ball joint turn, from the parent to the child."""

LINK_MASS_KG = 1e-6
"""Mass of a link between two revolute joints [kg]; some engines refuse links without any."""
LINK_INERTIA_KGM2 = 1e-9
"""Inertia of such a link about every axis [kg m2]: that of its mass at 3 cm."""
FASTEST_RAD_S = 40.0
"""Largest speed of a joint [rad/s]; the simulation calls anything faster a fault."""

Colour = Literal["skin", "shirt", "trousers"]
_COLOURS: dict[Colour, str] = {
    "skin": "0.91 0.72 0.60 1",
    "shirt": "0.45 0.62 0.75 1",
    "trousers": "0.35 0.42 0.55 1",
}
_CLOTHES: dict[SegmentKind, Colour] = {
    "pelvis": "trousers",
    "lumbar": "shirt",
    "lower_thorax": "shirt",
    "upper_thorax": "shirt",
    "upper_arm": "shirt",
    "thigh": "trousers",
}
_INDENT = "  "


@dataclass(frozen=True)
class JointLimits:
    """Limits of the revolute joints; every tuple runs over the 34 axes.

    Attributes:
        lowest_rad: Lower end of the range of motion [rad].
        highest_rad: Upper end of the range of motion [rad].
        effort_nm: Torque of all muscles of one direction at the resting angles, of the stronger
            direction [N m].
    """

    lowest_rad: tuple[float, ...]
    highest_rad: tuple[float, ...]
    effort_nm: tuple[float, ...]


def urdf_text(
    body: Anthropometry,
    segments: tuple[Segment, ...],
    limits: JointLimits,
    name: str = "infant",
) -> str:
    """Standard URDF of a body: revolute joints, spheres that touch, and a body to look at.

    Links are called after the segments, joints after the axes with a ``_`` for the dot, such as
    ``left_hip_flexion``, and turn in the anatomical direction. Link frames stand as the segment
    frames do: x forward, y left, z up, origin in the joint to the parent. At angle 0 the body is
    straight. Mass and centre of mass are those of the infant in every pose; inertia is the
    anatomical one plus the simulation's inertia floor.

    Muscles and passive tissue are left out. The limits are the range of motion, widened where it
    does not hold the straight body, as in a newborn's hips.

    Args:
        body: Lengths and masses, for the visible body.
        segments: Segments of the body, parents first.
        limits: Limits of the joints.
        name: Name of the robot element.

    Source:
        Grood & Suntay (1983), J. Biomech. Eng. 105, 136-144, for the order of the angles;
        ``grood1983``.
    """
    lines = [f'<robot name="{name}">', *_inside(_settings())]
    for segment in segments:
        lines += _inside(_joints(segment, limits))
        lines += _inside(_link(body, segment))
    return "\n".join([*lines, "</robot>", ""])


def joint_name(axis: Axis) -> str:
    """Name of the revolute joint of an axis.

    >>> joint_name(AXES[AXIS_INDEX["left_hip.flexion"]])
    'left_hip_flexion'
    """
    return axis.label.replace(".", "_")


def _inside(lines: Iterable[str]) -> Iterator[str]:
    return (_INDENT + line for line in lines)


def _words(values: Iterable[float]) -> str:
    return " ".join(repr(float(value)) for value in values)


def _settings() -> Iterator[str]:
    """Colours, and what MuJoCo needs so that it does not drop the mass of the pelvis."""
    yield '<mujoco><compiler fusestatic="false" discardvisual="false"/></mujoco>'
    for colour, rgba in _COLOURS.items():
        yield f'<material name="{colour}"><color rgba="{rgba}"/></material>'


def _axes_of(segment: Segment) -> tuple[Axis, ...]:
    """Axes of the joint to the parent, in the order in which they turn."""
    own = [axis for axis in AXES if axis.joint == segment.node.joint]
    return tuple(sorted(own, key=lambda axis: ORDER.index(axis.name)))


def _joints(segment: Segment, limits: JointLimits) -> Iterator[str]:
    """The revolute joints to a segment, with the links between them."""
    axes, parent, origin = _axes_of(segment), segment.node.parent, segment.joint_m
    for axis in axes:
        is_last = axis is axes[-1]
        child = segment.node.name if is_last else f"{joint_name(axis)}_link"
        yield from _joint(axis, (parent, child), origin, limits)
        if not is_last:
            yield from _wrapped(f'<link name="{child}">', _light_inertial())
        parent, origin = child, (0.0, 0.0, 0.0)


def _wrapped(opening: str, lines: Iterable[str]) -> Iterator[str]:
    yield opening
    yield from _inside(lines)
    yield f"</{opening[1:].split(' ')[0].rstrip('>')}>"


def _joint(axis: Axis, links: tuple[str, str], origin: Point, limits: JointLimits) -> Iterator[str]:
    index, direction = AXIS_INDEX[axis.label], [0.0, 0.0, 0.0]
    direction[COMPONENT[axis.name]] = float(axis.sign)
    low, high = min(0.0, limits.lowest_rad[index]), max(0.0, limits.highest_rad[index])
    yield from _wrapped(
        f'<joint name="{joint_name(axis)}" type="revolute">',
        (
            f'<parent link="{links[0]}"/>',
            f'<child link="{links[1]}"/>',
            f'<origin xyz="{_words(origin)}" rpy="0 0 0"/>',
            f'<axis xyz="{_words(direction)}"/>',
            f'<limit lower="{low!r}" upper="{high!r}" effort="{limits.effort_nm[index]!r}" '
            f'velocity="{FASTEST_RAD_S!r}"/>',
        ),
    )


def _inertial(mass_kg: float, com_m: Iterable[float], inertia: Vector) -> Iterator[str]:
    moments = " ".join(
        f'i{"xyz"[row]}{"xyz"[column]}="{float(inertia[row, column])!r}"'
        for row in range(3)
        for column in range(row, 3)
    )
    lines = (
        f'<origin xyz="{_words(com_m)}" rpy="0 0 0"/>',
        f'<mass value="{mass_kg!r}"/>',
        f"<inertia {moments}/>",
    )
    return _wrapped("<inertial>", lines)


def _light_inertial() -> Iterator[str]:
    return _inertial(LINK_MASS_KG, (0.0, 0.0, 0.0), LINK_INERTIA_KGM2 * np.eye(3))


def _link(body: Anthropometry, segment: Segment) -> Iterator[str]:
    return _wrapped(f'<link name="{segment.node.name}">', _link_content(body, segment))


def _link_content(body: Anthropometry, segment: Segment) -> Iterator[str]:
    yield from _inertial(*_without_light_links(segment))
    for solid in _visible(body, segment):
        yield from _wrapped("<visual>", solid.lines())
    for sphere in segment.spheres:
        shape = (
            f'<origin xyz="{_words(sphere.centre_m)}" rpy="0 0 0"/>',
            f'<geometry><sphere radius="{sphere.radius_m!r}"/></geometry>',
        )
        yield from _wrapped(f'<collision name="{segment.node.name}_{sphere.name}">', shape)


def _without_light_links(segment: Segment) -> tuple[float, Vector, Vector]:
    """Mass [kg], centre of mass [m] and inertia [kg m2] that a segment leaves to its last link.

    Together with the light links, which sit in its joint, they are those of the segment.
    """
    light = max(0, len(_axes_of(segment)) - 1)
    com, mass = np.array(segment.com_m), segment.mass_kg - light * LINK_MASS_KG
    own_com = com * (segment.mass_kg / mass)
    inertia = np.diag(segment.inertia_kgm2) + segment.inertia_floor_kgm2 * np.eye(3)
    inertia -= light * (LINK_INERTIA_KGM2 * np.eye(3) + _steiner(LINK_MASS_KG, com))
    return mass, own_com, inertia - _steiner(mass, own_com - com)


def _steiner(mass_kg: float, offset_m: Vector) -> Vector:
    """Inertia of a point mass at an offset [kg m2], shape (3, 3)."""
    return np.asarray(mass_kg * (offset_m @ offset_m * np.eye(3) - np.outer(offset_m, offset_m)))


@dataclass(frozen=True)
class _Solid:
    """One visible solid in the frame of its segment: an element of URDF, its centre, its colour."""

    geometry: str
    centre_m: Point
    colour: Colour

    def lines(self) -> Iterator[str]:
        """The content of the ``visual`` element."""
        yield f'<origin xyz="{_words(self.centre_m)}" rpy="0 0 0"/>'
        yield f"<geometry>{self.geometry}</geometry>"
        yield f'<material name="{self.colour}"/>'


def _cylinder(radius: float, length: float, centre: Point, colour: Colour) -> _Solid:
    return _Solid(f'<cylinder radius="{radius!r}" length="{length!r}"/>', centre, colour)


def _sphere(radius: float, centre: Point, colour: Colour) -> _Solid:
    return _Solid(f'<sphere radius="{radius!r}"/>', centre, colour)


def _visible(body: Anthropometry, segment: Segment) -> tuple[_Solid, ...]:
    """What is seen of a segment; no physics depends on it."""
    kind = segment.node.kind
    if kind in TRUNK:
        return _visible_trunk(body, segment)
    if kind == "head":
        half_axes = body.head_half_axes_m()
        skull, top = sum(half_axes) / 2, segment.length_m
        neck = _cylinder(0.4 * skull, top / 2, (0.0, 0.0, top / 4), "skin")
        return _sphere(skull, (0.0, 0.0, top - skull), "skin"), neck
    if kind == "foot":
        size = _words((segment.length_m, 0.4 * segment.length_m, body.lengths.ankle_height))
        return (_Solid(f'<box size="{size}"/>', segment.com_m, "skin"),)
    return _visible_limb(body, segment)


def _visible_trunk(body: Anthropometry, segment: Segment) -> tuple[_Solid, ...]:
    """Two cylinders side by side, as deep and broad as the trunk."""
    colour = _CLOTHES[segment.node.kind]
    half_x, half_y = body.trunk_half_axes_m()
    radius, aside = min(half_x, half_y), max(0.0, half_y - half_x)
    x, y, z = segment.com_m
    return tuple(
        _cylinder(radius, segment.length_m, (x, y + side * aside, z), colour) for side in (1, -1)
    )


def _visible_limb(body: Anthropometry, segment: Segment) -> tuple[_Solid, ...]:
    """A cylinder of the limb's mass with a round end at both joints."""
    length, colour = segment.length_m, _CLOTHES.get(segment.node.kind, "skin")
    radius = sqrt(segment.mass_kg / (body.spec.tissue_density.value * pi * length))
    return (
        _cylinder(radius, length, (0.0, 0.0, -length / 2), colour),
        _sphere(radius, (0.0, 0.0, 0.0), colour),
        _sphere(radius, (0.0, 0.0, -length), colour),
    )
