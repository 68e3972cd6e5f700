"""Soft contact of an infant's body with itself, compiled: flesh keeps limbs out of the trunk.

Two capsules that overlap push each other apart by a spring and a damper between the nearest points
of their axes, without friction. An engine's own contacts do the same five times as dearly, and
leave gaps between the spheres that meet the floor.

Source:
    Ericson (2005), Real-Time Collision Detection, section 5.1.9, for the nearest points;
    ``ericson2005``.
"""

from itertools import combinations
from typing import NamedTuple

import numpy as np

from dmi_sim.anatomy import SEGMENTS, SegmentNode
from dmi_sim.arrays import Vector
from dmi_sim.body.capsules import capsule
from dmi_sim.body.kinematics import N_SEGMENTS, cross, rotate
from dmi_sim.infant import Infant
from dmi_sim.kernel import kernel
from dmi_sim.physics.body_state import SegmentKinematics
from dmi_sim.records import Records, Vector3, records
from dmi_sim.spec.body import SelfContact

_CENTRING = 0.05
"""Weight with which nearest points are drawn to the middles of the axes.

Where two axes are parallel, all pairs of points are equally near, and the force would leap from one
end to the other as they rock.
"""
_NEAREST_M = 1e-6
"""Distance between two axes below which they push each other nowhere [m]."""


class FleshPair:
    """Two segments that keep off each other.

    Attributes:
        first: Index of one segment.
        second: Index of the other.
        apart_m: Distance of their axes at which they touch [m].
        reach_m: Distance of the middles of their axes beyond which they cannot touch [m].
        stiffness_n_per_m: Stiffness of their flesh [N/m].
        damping_ns_per_m: Its damping [N s/m].
        mass_kg: Lower bound of the mass that it moves [kg].
        force_n: Force on the first in the present step [N], world; written.
        reaction_n: Force on the second [N], world; written.
        pos: Point where both act [m], world; written.
    """

    first: int
    second: int
    apart_m: float
    reach_m: float
    stiffness_n_per_m: float
    damping_ns_per_m: float
    mass_kg: float
    force_n: Vector3
    reaction_n: Vector3
    pos: Vector3


class Flesh(NamedTuple):
    """The flesh of an infant in an episode.

    Attributes:
        start_m: One end of the axis of each segment's capsule, in its frame [m], shape (15, 3).
        end_m: The other end [m], shape (15, 3).
        pairs: Pairs of segments that keep off each other; forces are written.
    """

    start_m: Vector
    end_m: Vector
    pairs: Records[FleshPair]


def build_flesh(infant: Infant) -> Flesh:
    """The flesh of an infant.

    Args:
        infant: The infant.
    """
    body, segments = infant.anthropometry, infant.ordered_segments
    spec = body.spec.self_contact
    capsules = [capsule(body, segment) for segment in segments]
    start, end = (np.array([getattr(one, at) for one in capsules]) for at in ("start_m", "end_m"))
    radius = np.array([one.radius_m for one in capsules]) * spec.firm_share.value
    reach = radius + np.linalg.norm(end - start, axis=1) / 2
    mass = np.array([segment.mass_kg for segment in segments])
    first, second = np.array(_pairs(spec), dtype=int).reshape(-1, 2).T
    reduced = mass[first] * mass[second] / (mass[first] + mass[second])
    frequency, ratio = spec.natural_frequency.value, spec.damping_ratio.value
    columns = {
        "first": first,
        "second": second,
        "apart_m": radius[first] + radius[second],
        "reach_m": reach[first] + reach[second],
        "stiffness_n_per_m": reduced * frequency**2,
        "damping_ns_per_m": 2 * ratio * reduced * frequency,
        # The end of a free rod moves as a quarter of its mass.
        "mass_kg": reduced / 4,
    }
    return Flesh(start, end, records(FleshPair, columns))


def _pairs(spec: SelfContact) -> list[tuple[int, int]]:
    """Indices of the segments of all pairs that are listed and not joined."""
    listed = {frozenset[str](pair) for pair in spec.pairs}
    numbered = combinations(enumerate(SEGMENTS), 2)
    return [
        (i, j)
        for (i, one), (j, other) in numbered
        if frozenset((one.kind, other.kind)) in listed and not _are_joined(one, other)
    ]


def _are_joined(one: SegmentNode, other: SegmentNode) -> bool:
    return one.name == other.parent or other.name == one.parent


@kernel
def apply_self_contact(motion: SegmentKinematics, flesh: Flesh, dt_s: float) -> None:
    """Write the forces between all pairs in the next physics step; zero where they are apart.

    Args:
        motion: Positions and velocities of all segments.
        flesh: The flesh; what its pairs do now is written.
        dt_s: Physics step [s].
    """
    start, end = np.empty((N_SEGMENTS, 3)), np.empty((N_SEGMENTS, 3))
    for s in range(N_SEGMENTS):
        rotate(motion.matrix[s], flesh.start_m[s], start[s])
        rotate(motion.matrix[s], flesh.end_m[s], end[s])
        for c in range(3):
            start[s, c] += motion.pos[s, c]
            end[s, c] += motion.pos[s, c]
    for k in range(flesh.pairs.size):
        _press(motion, start, end, flesh.pairs[k], dt_s)


@kernel
def _press(
    motion: SegmentKinematics, start: Vector, end: Vector, pair: FleshPair, dt_s: float
) -> None:
    """Write the force between the capsules of a pair, whose axes are given in the world [m]."""
    i, j = pair.first, pair.second
    far = 0.0
    for c in range(3):
        pair.force_n[c] = pair.reaction_n[c] = 0.0
        far += (start[i, c] + end[i, c] - start[j, c] - end[j, c]) ** 2 / 4
    if far > pair.reach_m**2:
        return
    s, t = nearest_shares(start[i], end[i], start[j], end[j])
    normal, distance = np.empty(3), 0.0
    for c in range(3):
        on_first = start[i, c] + s * (end[i, c] - start[i, c])
        on_second = start[j, c] + t * (end[j, c] - start[j, c])
        normal[c] = on_first - on_second
        pair.pos[c] = (on_first + on_second) / 2
        distance += normal[c] ** 2
    distance = np.sqrt(distance)
    if not _NEAREST_M < distance < pair.apart_m:
        return
    normal /= distance
    opening = _opening_speed(motion, i, j, pair.pos, normal)
    # Spring and damper at the end of the step, which no step size makes unstable.
    damping = pair.damping_ns_per_m + dt_s * pair.stiffness_n_per_m
    damping /= 1 + dt_s * damping / pair.mass_kg
    size = max(0.0, pair.stiffness_n_per_m * (pair.apart_m - distance) - damping * opening)
    for c in range(3):
        pair.force_n[c], pair.reaction_n[c] = size * normal[c], -size * normal[c]


@kernel
def _opening_speed(motion: SegmentKinematics, i: int, j: int, pos: Vector, normal: Vector) -> float:
    """How fast segment ``i`` leaves segment ``j`` at a point, along a normal [m/s]."""
    swing, speed = np.empty(3), 0.0
    cross(motion.angular_velocity[i], pos - motion.pos[i], swing)
    for c in range(3):
        speed += normal[c] * (motion.velocity[i, c] + swing[c])
    cross(motion.angular_velocity[j], pos - motion.pos[j], swing)
    for c in range(3):
        speed -= normal[c] * (motion.velocity[j, c] + swing[c])
    return speed


@kernel
def nearest_shares(
    start: Vector, end: Vector, other_start: Vector, other_end: Vector
) -> tuple[float, float]:
    """Shares of the way along two lines at which they are nearest, drawn a little to their middles.

    Args:
        start: Start of one line [m], shape (3,).
        end: Its end [m].
        other_start: Start of the other line [m].
        other_end: Its end [m].

    Returns:
        Share of the way along the first and along the second [0..1].

    >>> x, up = np.array([1.0, 0.0, 0.0]), np.array([0.0, 0.0, 1.0])
    >>> s, t = nearest_shares(-x, x, up - 3 * x, up + x)
    >>> round(s, 2), round(t, 2)
    (0.29, 0.81)
    """
    # Least |a - b|^2 + w (|d|^2 (s - 1/2)^2 + |e|^2 (t - 1/2)^2), a and b points of the lines.
    dd = ee = de = dr = er = 0.0
    for c in range(3):
        d, e, r = end[c] - start[c], other_end[c] - other_start[c], start[c] - other_start[c]
        dd += d * d
        ee += e * e
        de += d * e
        dr += d * r
        er += e * r
    first, second = (1 + _CENTRING) * dd + _NEAREST_M**2, (1 + _CENTRING) * ee + _NEAREST_M**2
    ahead, back = 0.5 * _CENTRING * dd - dr, 0.5 * _CENTRING * ee + er
    s = _share((ahead * second + back * de) / (first * second - de * de))
    t = _share((back + s * de) / second)
    return _share((ahead + t * de) / first), t


@kernel
def _share(x: float) -> float:
    return min(1.0, max(0.0, x))
