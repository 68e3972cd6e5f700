"""Soft contact of an infant's body with itself, compiled: flesh keeps limbs out of the trunk.

Two capsules that overlap push each other apart by a spring and a damper between the nearest points
of their axes, without friction. Forces inside a body are torques of its joints, whatever the
engine. Its own contacts would be five times as dear, and leave gaps between the spheres that meet
the floor.

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
from dmi_sim.physics.outside_force import add_joint_torques
from dmi_sim.records import Records, records
from dmi_sim.spec.body import SelfContact

_CENTRING = 0.02
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
    """

    first: int
    second: int
    apart_m: float
    reach_m: float
    stiffness_n_per_m: float
    damping_ns_per_m: float
    mass_kg: float


class Flesh(NamedTuple):
    """The flesh of an infant.

    Attributes:
        start_m: One end of the axis of each segment's capsule, in its frame [m], shape (15, 3).
        end_m: The other end [m], shape (15, 3).
        pairs: Pairs of segments that keep off each other.
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
        # With the inertia floor, the end of any limb moves as half its mass or more.
        "mass_kg": reduced / 2,
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
def add_self_contact(motion: SegmentKinematics, flesh: Flesh, dt_s: float, torque: Vector) -> None:
    """Add what flesh does in the next physics step to the torques of the joints.

    Args:
        motion: Positions and velocities of all segments.
        flesh: The flesh.
        dt_s: Physics step [s].
        torque: Joint torques conjugate to the joints' part of ``u`` [N m], shape (34,); changed.
    """
    start, end = np.empty((N_SEGMENTS, 3)), np.empty((N_SEGMENTS, 3))
    for s in range(N_SEGMENTS):
        rotate(motion.matrix[s], flesh.start_m[s], start[s])
        rotate(motion.matrix[s], flesh.end_m[s], end[s])
        for c in range(3):
            start[s, c] += motion.pos[s, c]
            end[s, c] += motion.pos[s, c]
    force, pos = np.empty(3), np.empty(3)
    for k in range(flesh.pairs.size):
        pair = flesh.pairs[k]
        if pair_force(motion, start, end, pair, dt_s, force, pos):
            # At joints that both hang on, and at the pelvis, the two cancel each other.
            add_joint_torques(motion, pair.first, force, pos, torque)
            add_joint_torques(motion, pair.second, -force, pos, torque)


@kernel
def pair_force(
    motion: SegmentKinematics,
    start: Vector,
    end: Vector,
    pair: FleshPair,
    dt_s: float,
    force: Vector,
    pos: Vector,
) -> bool:
    """Write the force on the first of a pair [N] and the point where it acts [m], world.

    Args:
        motion: Positions and velocities of all segments.
        start: One end of the axis of each segment's capsule [m], world, shape (15, 3).
        end: The other end [m], world, shape (15, 3).
        pair: The pair.
        dt_s: Physics step [s].
        force: The force, shape (3,); its reaction acts on the second. Written where they touch.
        pos: The point, shape (3,). Written where they touch.

    Returns:
        Whether they touch.
    """
    i, j = pair.first, pair.second
    far = 0.0
    for c in range(3):
        far += (start[i, c] + end[i, c] - start[j, c] - end[j, c]) ** 2 / 4
    if far > pair.reach_m**2:
        return False
    s, t, distance = nearest_points(start[i], end[i], start[j], end[j])
    if not _NEAREST_M < distance < pair.apart_m:
        return False
    for c in range(3):
        on_first = start[i, c] + s * (end[i, c] - start[i, c])
        on_second = start[j, c] + t * (end[j, c] - start[j, c])
        force[c] = (on_first - on_second) / distance
        pos[c] = (on_first + on_second) / 2
    # Spring and damper at the end of the step, which no step size makes unstable.
    damping = pair.damping_ns_per_m + dt_s * pair.stiffness_n_per_m
    damping /= 1 + dt_s * damping / pair.mass_kg
    opening = _speed_along(motion, i, pos, force) - _speed_along(motion, j, pos, force)
    force *= max(0.0, pair.stiffness_n_per_m * (pair.apart_m - distance) - damping * opening)
    return True


@kernel
def _speed_along(motion: SegmentKinematics, s: int, pos: Vector, direction: Vector) -> float:
    """Speed of a point of a segment in a direction [m/s]."""
    swing, speed = np.empty(3), 0.0
    cross(motion.angular_velocity[s], pos - motion.pos[s], swing)
    for c in range(3):
        speed += direction[c] * (motion.velocity[s, c] + swing[c])
    return speed


@kernel
def nearest_points(
    start: Vector, end: Vector, other_start: Vector, other_end: Vector
) -> tuple[float, float, float]:
    """Where two lines are nearest, drawn a little to their middles, and how far apart they are.

    The distance is the one that these points make least, with what draws them in it. So a spring
    along it has a potential, and gives back what it took.

    Args:
        start: Start of one line [m], shape (3,).
        end: Its end [m].
        other_start: Start of the other line [m].
        other_end: Its end [m].

    Returns:
        Share of the way along the first and along the second [0..1], and the distance [m].

    >>> x, up = np.array([1.0, 0.0, 0.0]), np.array([0.0, 0.0, 1.0])
    >>> [round(number, 2) for number in nearest_points(-x, x, up - 3 * x, up + x)]
    [0.25, 0.62, 1.0]
    """
    # Least |a - b|^2 + w (|d|^2 (s - 1/2)^2 + |e|^2 (t - 1/2)^2), a and b points of the lines.
    dd = ee = de = dr = er = rr = 0.0
    for c in range(3):
        d, e, r = end[c] - start[c], other_end[c] - other_start[c], start[c] - other_start[c]
        dd += d * d
        ee += e * e
        de += d * e
        dr += d * r
        er += e * r
        rr += r * r
    first, second = (1 + _CENTRING) * dd + _NEAREST_M**2, (1 + _CENTRING) * ee + _NEAREST_M**2
    ahead, back = 0.5 * _CENTRING * dd - dr, 0.5 * _CENTRING * ee + er
    s = _share((ahead * second + back * de) / (first * second - de * de))
    t = _share((back + s * de) / second)
    s = _share((ahead + t * de) / first)
    apart = rr + s * s * dd + t * t * ee + 2 * (s * dr - t * er - s * t * de)
    drawn = _CENTRING * (dd * (s - 0.5) ** 2 + ee * (t - 0.5) ** 2)
    return s, t, float(np.sqrt(max(0.0, apart + drawn)))


@kernel
def _share(x: float) -> float:
    return min(1.0, max(0.0, x))
