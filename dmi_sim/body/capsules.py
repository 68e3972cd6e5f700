"""The flesh of an infant as capsules: one a segment, fixed to it.

A limb is a capsule along its bone. A part of the trunk is one from flank to flank, as deep and as
broad as the trunk, and the head is a sphere.
"""

from collections.abc import Callable
from dataclasses import dataclass

from dmi_sim.body.anthropometry import Anthropometry
from dmi_sim.body.segments import Point, Segment


@dataclass(frozen=True)
class Capsule:
    """All points within a radius of a line between two points of a segment.

    Attributes:
        start_m: One end of its axis, in the segment frame [m].
        end_m: The other end [m]; the same in a sphere.
        radius_m: Radius [m].
    """

    start_m: Point
    end_m: Point
    radius_m: float


def capsule(body: Anthropometry, segment: Segment) -> Capsule:
    """The capsule of a segment.

    Args:
        body: Measures of the infant.
        segment: One of its segments.
    """
    return _CAPSULES.get(segment.node.kind, _limb)(body, segment)


def limb_radius_m(body: Anthropometry, kind: str) -> float:
    """Radius of a limb [m].

    Args:
        body: Measures of the infant.
        kind: Kind of a segment of a limb, such as ``forearm``.
    """
    return getattr(body.spec.limb_radius, kind).value * body.size.length_m


def _limb(body: Anthropometry, segment: Segment) -> Capsule:
    radius_m = limb_radius_m(body, segment.node.kind)
    return Capsule((0.0, 0.0, 0.0), (0.0, 0.0, -segment.length_m + radius_m), radius_m)


def _foot(body: Anthropometry, segment: Segment) -> Capsule:
    """From heel to toes, under the ankle; chosen by eye."""
    low_m = -0.55 * body.lengths.ankle_height
    heel, toe = (-0.10 * segment.length_m, 0.0, low_m), (0.60 * segment.length_m, 0.0, low_m)
    return Capsule(heel, toe, limb_radius_m(body, "foot"))


def _trunk(body: Anthropometry, segment: Segment) -> Capsule:
    half_depth_m, half_breadth_m = body.trunk_half_axes_m()
    x, _, z = segment.com_m
    side_m = max(0.0, half_breadth_m - half_depth_m)
    return Capsule((x, side_m, z), (x, -side_m, z), half_depth_m)


def _head(body: Anthropometry, segment: Segment) -> Capsule:
    radius_m = sum(body.head_half_axes_m()) / 2
    centre: Point = (0.0, 0.0, segment.length_m - radius_m)
    return Capsule(centre, centre, radius_m)


_CAPSULES: dict[str, Callable[[Anthropometry, Segment], Capsule]] = {
    "pelvis": _trunk,
    "lumbar": _trunk,
    "lower_thorax": _trunk,
    "upper_thorax": _trunk,
    "head": _head,
    "foot": _foot,
}
