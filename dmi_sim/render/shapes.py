"""The visible body of an infant: capsules and ellipsoids fixed to its segments."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from dmi_sim.anatomy import SegmentNode
from dmi_sim.body.capsules import capsule, limb_radius_m
from dmi_sim.body.segments import Point, Segment
from dmi_sim.infant import Infant

TRUNK_OVERLAP = 1.5
"""Height of the drawn segments of the trunk over their length, so that they overlap."""

Clothing = Literal["skin", "shirt", "trousers", "hair"]
"""Role of a colour on the body, a key of the table of colours."""


@dataclass(frozen=True)
class Shape:
    """One solid in the frame of its segment.

    Attributes:
        segment: Name of the segment.
        segment_index: Index of the segment.
        kind: Kind of the solid.
        start_m: One end of a capsule, centre of an ellipsoid [m].
        end_m: Other end of a capsule, centre of an ellipsoid [m].
        size_m: Half axes of an ellipsoid, or three times the radius of a capsule [m].
        colour: Role of its colour: skin, hair or clothes.
    """

    segment: str
    segment_index: int
    kind: Literal["capsule", "ellipsoid"]
    start_m: Point
    end_m: Point
    size_m: Point
    colour: Clothing


_Solid = tuple[Literal["capsule", "ellipsoid"], Point, Point, Point, Clothing]


def visual_shapes(infant: Infant) -> tuple[Shape, ...]:
    """Solids of the body of an infant, in the order of its segments.

    Breadth of the neck, hair and feet are chosen by eye; no physics depends on them.
    """
    return tuple(
        Shape(segment.node.name, index, *solid)
        for index, segment in enumerate(infant.ordered_segments)
        for solid in _solids(infant, segment.node, segment)
    )


def _solids(infant: Infant, node: SegmentNode, segment: Segment) -> tuple[_Solid, ...]:
    return _SOLIDS[node.kind](infant, segment)


def _capsule(start: Point, end: Point, radius: float, colour: Clothing) -> _Solid:
    return "capsule", start, end, (radius, radius, radius), colour


def _ellipsoid(centre: Point, half_axes: Point, colour: Clothing) -> _Solid:
    return "ellipsoid", centre, centre, half_axes, colour


def _trunk(colour: Clothing) -> Callable[[Infant, Segment], tuple[_Solid, ...]]:
    def solids(infant: Infant, segment: Segment) -> tuple[_Solid, ...]:
        half_x, half_y = infant.anthropometry.trunk_half_axes_m()
        half_z = TRUNK_OVERLAP * segment.length_m / 2
        return (_ellipsoid(segment.com_m, (half_x * 1.05, half_y, half_z), colour),)

    return solids


def _head(infant: Infant, segment: Segment) -> tuple[_Solid, ...]:
    half_x, half_y = infant.anthropometry.head_half_axes_m()
    neck = 0.32 * half_y
    top = segment.length_m
    half_z = 0.42 * top
    centre = (0.05 * half_x, 0.0, top - half_z)
    crown = (-0.12 * half_x, 0.0, top - 0.85 * half_z)
    return (
        _capsule((0.0, 0.0, -neck), (0.0, 0.0, centre[2]), 1.5 * neck, "skin"),
        _ellipsoid(centre, (half_x, half_y, half_z), "skin"),
        _ellipsoid(crown, (half_x * 0.95, half_y * 1.02, half_z * 0.88), "hair"),
    )


def _limb(length: float, colour: Clothing) -> Callable[[Infant, Segment], tuple[_Solid, ...]]:
    """A limb, drawn along a share of its length."""

    def solids(infant: Infant, segment: Segment) -> tuple[_Solid, ...]:
        radius = limb_radius_m(infant.anthropometry, segment.node.kind)
        return (_capsule((0.0, 0.0, 0.0), _below(segment, length), radius, colour),)

    return solids


def _forearm(infant: Infant, segment: Segment) -> tuple[_Solid, ...]:
    radius = limb_radius_m(infant.anthropometry, "forearm")
    hand = (radius * 0.7, radius, 0.2 * segment.length_m)
    return (
        *_limb(0.6, "skin")(infant, segment),
        _ellipsoid(_below(segment, 0.78), hand, "skin"),
    )


def _foot(infant: Infant, segment: Segment) -> tuple[_Solid, ...]:
    flesh = capsule(infant.anthropometry, segment)
    return (_capsule(flesh.start_m, flesh.end_m, flesh.radius_m, "skin"),)


def _below(segment: Segment, fraction: float) -> Point:
    return (0.0, 0.0, -fraction * segment.length_m)


_SOLIDS: dict[str, Callable[[Infant, Segment], tuple[_Solid, ...]]] = {
    "pelvis": _trunk("trousers"),
    "lumbar": _trunk("shirt"),
    "lower_thorax": _trunk("shirt"),
    "upper_thorax": _trunk("shirt"),
    "head": _head,
    "upper_arm": _limb(1.0, "shirt"),
    "forearm": _forearm,
    "thigh": _limb(1.0, "trousers"),
    "shank": _limb(0.95, "skin"),
    "foot": _foot,
}
