"""The romper: one skin over the segments of the trunk, so that a bent back has no seams.

A cloth is a stack of elliptic rings. Every ring is fixed to two segments where it is in a straight
trunk, and moves with both in fixed shares (linear blend skinning). The shares rise smoothly from
one segment to the next, so that the middles of the rings lie on a smooth line along the axes of
all.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dmi_sim.anatomy import TRUNK
from dmi_sim.arrays import Vector
from dmi_sim.body.rotation import rotated
from dmi_sim.body.segments import Point
from dmi_sim.render.colours import Role
from dmi_sim.render.frames import Poses
from dmi_sim.render.shapes import TRUNK_OVERLAP, Shape

_Profile = tuple[tuple[float, float, float], ...]
_TROUSERS: _Profile = (
    (-1.00, 0.42, 0.46), (-0.88, 0.72, 0.76), (-0.62, 0.95, 0.97), (-0.2, 1.08, 1.06),
    (0.3, 1.10, 1.06), (0.62, 1.06, 1.03),
)  # fmt: skip
_SHIRT: _Profile = (
    (0.55, 1.02, 1.00), (1.0, 1.04, 1.00), (1.5, 1.04, 0.99), (2.0, 1.01, 0.99),
    (2.5, 0.98, 1.00), (3.0, 0.94, 1.00), (3.3, 0.88, 0.94), (3.55, 0.74, 0.78),
    (3.75, 0.52, 0.50),
)  # fmt: skip
"""Level, depth and breadth of each ring, the latter over those of the trunk.

Level 0 is the middle of the pelvis, 3 that of the upper thorax; beyond these the unit is half the
height of the drawn segment.
"""

_SLICE_OVERLAP = 4.5
"""Half height of an ellipsoid over the distance to the next one."""


@dataclass(frozen=True)
class Ring:
    """An ellipse around the trunk that moves with two segments.

    Attributes:
        frames: Indices of the caudal and the cranial segment; the same at both ends of the trunk.
        share: Share of the cranial one in where the ring is [0..1].
        centres_m: Centre of the ring in the frame of each [m].
        half_axes_m: Half depth and half breadth [m].
        height_m: Height over the middle of the pelvis when the trunk is straight [m].
    """

    frames: tuple[int, int]
    share: float
    centres_m: tuple[Point, Point]
    half_axes_m: tuple[float, float]
    height_m: float


@dataclass(frozen=True)
class Cloth:
    """A piece of clothing of one colour; it is closed at both ends.

    Attributes:
        role: Key of the table of colours.
        rings: Its rings, from caudal to cranial.
    """

    role: Role
    rings: tuple[Ring, ...]


def romper(shapes: Sequence[Shape]) -> tuple[Cloth, ...]:
    """Trousers and shirt over the trunk of an infant; nothing if the trunk is not whole.

    Args:
        shapes: Solids of the infant's body.
    """
    trunk = under_romper(shapes)
    pieces: tuple[tuple[Role, _Profile], ...] = (("trousers", _TROUSERS), ("shirt", _SHIRT))
    return tuple(
        Cloth(role, tuple(_ring(trunk, *one) for one in profile))
        for role, profile in pieces
        if trunk
    )


def under_romper(shapes: Sequence[Shape]) -> tuple[Shape, ...]:
    """The solids in whose place the romper is seen, from caudal to cranial.

    Args:
        shapes: Solids of the infant's body.

    Returns:
        Nothing if one of the segments of the trunk has no solid.
    """
    solid = {one.segment: one for one in shapes if one.kind == "ellipsoid"}
    return tuple(solid[name] for name in TRUNK) if solid.keys() >= {*TRUNK} else ()


def _ring(trunk: Sequence[Shape], level: float, depth: float, breadth: float) -> Ring:
    low = int(np.clip(level, 0, len(trunk) - 1))
    is_between = 0 <= level < len(trunk) - 1
    high = low + 1 if is_between else low
    along = level - low
    share = along if is_between else 0.0
    ends = np.array((trunk[low].size_m, trunk[high].size_m))
    half_x, half_y, _ = ((1 - share, share) @ ends).tolist()
    return Ring(
        (trunk[low].segment_index, trunk[high].segment_index),
        3 * share**2 - 2 * share**3,
        _centres(trunk[low], trunk[high], along),
        (half_x * depth, half_y * breadth),
        sum(map(_apart_m, trunk[:low], trunk[1:])) + along * _apart_m(trunk[low], trunk[high]),
    )


def _centres(low: Shape, high: Shape, along: float) -> tuple[Point, Point]:
    """The middle of a ring in both frames [m]; beyond the trunk's ends both are the same."""
    apart_m = _apart_m(low, high)
    if low is high:
        here = _raised(low.start_m, along * apart_m)
        return here, here
    return (
        _raised(low.start_m, along * apart_m),
        _raised(high.start_m, (along - 1) * apart_m),
    )


def _apart_m(low: Shape, high: Shape) -> float:
    """Distance between the middles of neighbours [m], or half the drawn height of one."""
    return low.size_m[2] if low is high else (low.size_m[2] + high.size_m[2]) / TRUNK_OVERLAP


def _raised(point: Point, up_m: float) -> Point:
    return point[0], point[1], point[2] + up_m


def ring_points(rings: Sequence[Ring], frames: Poses, around: int) -> Vector:
    """Points on rings in the world [m], shape (..., rings, around, 3).

    Args:
        rings: Rings of a cloth.
        frames: Poses of all frames.
        around: Number of points on each ring, evenly around it from the front over the left.
    """
    low, high = (_fixed(rings, frames, end, around) for end in (0, 1))
    share = np.array([ring.share for ring in rings])[:, None, None]
    return (1 - share) * low + share * high


def outlines_m(rings: Sequence[Ring], end: int, around: int) -> Vector:
    """Points of the rings in the frame of one of their segments [m], (rings, around, 3).

    Args:
        rings: Rings of a cloth.
        end: 0 for the caudal segment, 1 for the cranial one.
        around: Number of points on each ring.
    """
    angle = np.linspace(0, 2 * np.pi, around, endpoint=False)
    circle = np.stack((np.cos(angle), np.sin(angle), np.zeros(around)), axis=1)
    half_axes = np.array([(*ring.half_axes_m, 0.0) for ring in rings])
    centres = np.array([ring.centres_m[end] for ring in rings])
    return centres[:, None] + half_axes[:, None] * circle


def _fixed(rings: Sequence[Ring], frames: Poses, end: int, around: int) -> Vector:
    """Where the rings would be if they moved with one of their segments alone, world [m]."""
    of = [ring.frames[end] for ring in rings]
    turned = rotated(frames.quaternion[..., of, None, :], outlines_m(rings, end, around))
    return frames.position_m[..., of, None, :] + turned


def slices_m(rings: Sequence[Ring]) -> Vector:
    """Half axes of ellipsoids that overlap enough to look like a cloth [m], (rings, 3).

    For renderers that know rigid solids only. Those at the ends are flat, not to stand out.

    Args:
        rings: Rings of the whole romper, from caudal to cranial.
    """
    height = np.array([ring.height_m for ring in rings])
    gap = np.gradient(height)
    from_end = np.minimum(height - height[0], height[-1] - height)
    half_height = np.minimum(_SLICE_OVERLAP * gap, from_end + 0.3 * gap)
    return np.column_stack(([ring.half_axes_m for ring in rings], half_height))


def slice_poses(rings: Sequence[Ring], frames: Poses) -> Poses:
    """Poses of those ellipsoids in the world, shapes (..., rings, 3) and (..., rings, 4).

    Args:
        rings: Rings of the whole romper.
        frames: Poses of all frames.
    """
    low, high = (frames.quaternion[..., [r.frames[end] for r in rings], :] for end in (0, 1))
    nearer = np.where(np.sum(low * high, axis=-1, keepdims=True) < 0, -high, high)
    share = np.array([ring.share for ring in rings])[:, None]
    turn = (1 - share) * low + share * nearer
    middle = ring_points(rings, frames, 2).mean(axis=-2)
    return Poses(middle, turn / np.linalg.norm(turn, axis=-1, keepdims=True))


@dataclass(frozen=True, eq=False)
class Skin:
    """A cloth of a straight trunk as triangles, with what it needs to follow its segments.

    Attributes:
        points_m: Points in the frame of the pelvis, were it in the middle of it [m], (n, 3).
        faces: Indices of the points of each triangle, outside counterclockwise, (m, 3).
        frames: Indices of the k segments that the cloth moves with.
        origins_m: Origins of these segments in the same frame as the points [m], (k, 3).
        weights: Shares of the segments in each point, (n, k).
    """

    points_m: Vector
    faces: NDArray[np.int64]
    frames: tuple[int, ...]
    origins_m: Vector
    weights: Vector


def skin_of(cloth: Cloth, around: int) -> Skin:
    """The skin of a cloth; after the points of its rings come the middles of first and last.

    Args:
        cloth: The cloth.
        around: Number of points on each ring.
    """
    rings = cloth.rings
    middle = np.array([(0.0, 0.0, ring.height_m) for ring in rings])
    of_ring = outlines_m(rings, 0, around) - [[ring.centres_m[0]] for ring in rings]
    points = (middle[:, None] + of_ring).reshape(-1, 3)
    origin = {
        frame: at - centre
        for ring, at in zip(rings, middle, strict=True)
        for frame, centre in zip(ring.frames, ring.centres_m, strict=True)
    }
    frames = tuple(sorted(origin))
    weights = np.array([_weights(ring, frames) for ring in rings])
    return Skin(
        np.concatenate((points, middle[[0, -1]])),
        _faces(len(rings), around),
        frames,
        np.array([origin[frame] for frame in frames]),
        np.concatenate((np.repeat(weights, around, axis=0), weights[[0, -1]])),
    )


def _weights(ring: Ring, frames: Sequence[int]) -> list[float]:
    low, high = ring.frames
    return [(1 - ring.share) * (one == low) + ring.share * (one == high) for one in frames]


def _faces(rings: int, around: int) -> NDArray[np.int64]:
    """Triangles of a closed stack of rings, walls first, then floor and lid."""
    here = np.arange(around)
    beside = (here + 1) % around
    firsts = range(0, around * (rings - 1), around)
    walls = [first + _wall(here, beside, around) for first in firsts]
    last, count = around * (rings - 1), around * rings
    floor = np.stack((np.full(around, count), beside, here), axis=1)
    lid = np.stack((np.full(around, count + 1), last + here, last + beside), axis=1)
    return np.concatenate((*walls, floor, lid))


def _wall(here: NDArray[np.int64], beside: NDArray[np.int64], up: int) -> NDArray[np.int64]:
    lower = np.stack((here, beside, here + up), axis=1)
    return np.concatenate((lower, np.stack((beside, beside + up, here + up), axis=1)))
