"""Margin of stability: the distance of a moving infant from tipping over the edge of its base."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from math import hypot, isfinite, nan
from typing import TypeAlias

import numpy as np

from dmi_sim.arrays import Vector
from dmi_sim.body.rotation import rotated
from dmi_sim.body.statics import GRAVITY_M_S2
from dmi_sim.outcome.registry import outcome
from dmi_sim.recording import Recording

Point: TypeAlias = tuple[float, float]
"""A point over the ground, x and y [m]."""

SAME_LEVEL_M = 0.01
"""Spheres of a segment that are so little above its lowest one touch the ground as well [m]."""


def base_of_support_m(recording: Recording) -> Vector:
    """Points at which ground and furniture carry the infant, world [m], shape (T, k, 3).

    The physics knows which segments are pressed on, not at which of their contact spheres. The
    points are the lowest points of those spheres of these segments that are within
    :data:`SAME_LEVEL_M` of the lowest one of the segment, measured across the ground; the others
    are NaN.
    """
    segment = recording.contact_spheres[:, 0].astype(np.int64)
    up = _normals(recording.platform[:, 2:])
    quat, pos = (
        seen[:, segment] for seen in (recording.segment_quat_world, recording.segment_pos_world)
    )
    radius = recording.contact_spheres[:, 4, None] * up[:, None]
    point = pos + rotated(quat, recording.contact_spheres[:, 1:4]) - radius
    height = (point * up[:, None]).sum(axis=2)
    carries = recording.contact_force[:, segment] > 0
    for index in np.unique(segment):
        own = segment == index
        carries[:, own] &= (
            height[:, own] <= height[:, own].min(axis=1, keepdims=True) + SAME_LEVEL_M
        )
    return np.where(carries[:, :, None], point, np.nan)


def _normals(tilt_rad: Vector) -> Vector:
    """Upward normals of a ground tilted about x and y, shape (T, 3)."""
    angle = np.hypot(*tilt_rad.T)
    scale = np.sinc(angle / np.pi)
    return np.stack([scale * tilt_rad[:, 1], -scale * tilt_rad[:, 0], np.cos(angle)], axis=1)


def extrapolated_centre_m(com_m: Vector, velocity_m_s: Vector, height_m: Vector | float) -> Vector:
    """The extrapolated centre of mass x + v / w0 over the ground [m], shape (T, 2).

    ``w0 = sqrt(g / l)``: the body as an inverted pendulum of length l. Here l is the height of the
    centre of mass over its support, in every posture; Hof takes 1.2 times leg length for standing.

    Args:
        com_m: Centre of mass over the ground [m], shape (T, 2).
        velocity_m_s: Its velocity against the support [m/s], shape (T, 2).
        height_m: Height of the centre of mass over the support [m], above 0, shape (T,).

    Source:
        Hof, Gazendam & Sinke (2005), J. Biomech. 38, 1-8, eq. 4; ``hof2005``.
    """
    own_s = np.sqrt(np.maximum(height_m, 0.0) / GRAVITY_M_S2)
    return com_m + velocity_m_s * np.expand_dims(own_s, -1)


def margins_of_stability_m(extrapolated_m: Vector, base_m: Vector) -> Vector:
    """Distance of the extrapolated centre of mass inside its base of support [m], shape (T,).

    The base is the convex hull of the points; outside of it the margin is negative.

    Args:
        extrapolated_m: Extrapolated centre of mass over the ground [m], shape (T, 2).
        base_m: Points over the ground that carry, NaN where there are fewer, shape (T, p, 2).

    Returns:
        NaN where nothing carries or a centre is not finite.

    Source:
        Hof, Gazendam & Sinke (2005), J. Biomech. 38, 1-8; ``hof2005``.
    """
    rows = zip(extrapolated_m.tolist(), base_m.tolist(), strict=True)
    return np.array(
        [inside_by_m(corners(_known(points)), _point(centre)) for centre, points in rows]
    )


def _known(points: Sequence[Sequence[float]]) -> list[Point]:
    return [(x, y) for x, y in points if isfinite(x) and isfinite(y)]


def _point(position: Sequence[float]) -> Point:
    x, y = position
    return x, y


def corners(points_m: Iterable[Point]) -> list[Point]:
    """Corners of the convex hull, anticlockwise [m]; one or two if it has no area.

    >>> corners([(0, 0), (1, 0), (0.2, 0.2), (0, 1)])
    [(0, 0), (1, 0), (0, 1)]

    Source:
        Andrew (1979), Inf. Process. Lett. 9, 216-219 (monotone chain); ``andrew1979``.
    """
    points = sorted(set(points_m))
    if len(points) < 3:
        return points
    return _chain(points)[:-1] + _chain(points[::-1])[:-1]


def _chain(points: Sequence[Point]) -> list[Point]:
    """One side of the hull, from the first point to the last, turning left only."""
    kept: list[Point] = []
    for point in points:
        while len(kept) > 1 and _turn(kept[-2], kept[-1], point) <= 0:
            kept.pop()
        kept.append(point)
    return kept


def _turn(a: Point, b: Point, c: Point) -> float:
    """Above 0 if the path from a over b to c turns left."""
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def inside_by_m(corners_m: Sequence[Point], point_m: Point) -> float:
    """Distance of a point to the edge of a convex shape [m], negative outside.

    >>> inside_by_m([(0, 0), (2, 0), (2, 2), (0, 2)], (0.5, 1))
    0.5

    Args:
        corners_m: Corners of the shape, anticlockwise [m].
        point_m: A point anywhere [m].

    Returns:
        NaN without a corner or with a point that is not finite.
    """
    if not corners_m or not isfinite(point_m[0] + point_m[1]):
        return nan
    edges = list(zip(corners_m, (*corners_m[1:], corners_m[0]), strict=True))
    distance = min(_distance_m(start, end, point_m) for start, end in edges)
    is_inside = len(corners_m) > 2 and all(_turn(*edge, point_m) > 0 for edge in edges)
    return distance if is_inside else -distance


def _distance_m(start: Point, end: Point, point: Point) -> float:
    """Distance of a point to the nearest point of a straight edge."""
    x, y = end[0] - start[0], end[1] - start[1]
    square = x * x + y * y
    along = (point[0] - start[0]) * x + (point[1] - start[1]) * y
    share = min(1.0, max(0.0, along / square)) if square > 0 else 0.0
    return hypot(point[0] - start[0] - share * x, point[1] - start[1] - share * y)


@lru_cache(maxsize=1)
def margin_of_stability_m(recording: Recording) -> Vector:
    """Margin of stability [m], shape (T - 1,), without the start as nothing presses yet.

    The base is the hull of :func:`base_of_support_m`, seen from above; hands do not count, so an
    infant who leans on them has a negative margin. The pendulum is as long as the centre of mass is
    high over the mean of the points. The answer for the last recording is kept, as several outcomes
    follow from it.
    """
    base = base_of_support_m(recording)
    is_there = np.isfinite(base[:, :, 2])
    count = is_there.sum(axis=1)
    ground = np.where(is_there, base[:, :, 2], 0.0).sum(axis=1) / np.where(count, count, nan)
    shift = np.diff(recording.platform[:, :2], axis=0, prepend=recording.platform[:1, :2])
    velocity = recording.com_velocity_m_s[:, :2] - shift * recording.control_hz
    height = recording.com_m[:, 2] - ground
    centre = extrapolated_centre_m(recording.com_m[:, :2], velocity, height)
    return margins_of_stability_m(centre[1:], base[1:, :, :2])


@outcome(
    unit="mm",
    title="margin of stability",
    meaning="how far inside its base the moving body was, Hof 2005; negative is outside",
    direction="none",  # a walker leaves its base with every step
)
def margin_of_stability_mean_mm(recording: Recording) -> float:
    """Extrapolated centre of mass inside the base of support, Hof 2005; negative outside.

    The mean over the episode; NaN if nothing carried the infant at some step.
    """
    margin = margin_of_stability_m(recording)
    return 1e3 * float(margin.mean()) if margin.size else nan


@outcome(
    unit="mm",
    title="smallest margin of stability",
    meaning="how far inside its base the body was at its farthest out, Hof 2005",
    direction="none",  # a walker leaves its base with every step
)
def margin_of_stability_min_mm(recording: Recording) -> float:
    """Smallest margin of stability of the episode."""
    margin = margin_of_stability_m(recording)
    return 1e3 * float(margin.min()) if margin.size else nan
