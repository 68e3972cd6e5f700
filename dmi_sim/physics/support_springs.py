"""Hands in time, compiled: compliant springs around segments, firm in translation, weak in rotation.

A spring pulls the attachment towards its goal as a spring does and damps the attachment's speed relative to the
hand. The goal stands still, moves on a path, goes along with the attachment, or gives way to it.
"""

from typing import NamedTuple

import numpy as np

from dmi_sim.arrays import Index, Vector
from dmi_sim.body.kinematics import cross, rotate
from dmi_sim.kernel import kernel
from dmi_sim.physics.body_state import SegmentKinematics, segment_motion


class SupportSprings(NamedTuple):
    """Hands that have taken hold, for one episode.

    Attributes:
        segments: Held, shape (h,).
        points: Grips in the segment frames [m], shape (h, 3).
        laws: Of force and torque, see :class:`dmi_sim.physics.support.SupportAttachment`, shape (h, 2, 4).
        path: Key times [s], rising, and where the hands are then from where they began [m], world,
            shape (k, 4).
        follow: Share of the way to the attachment that a hand goes in one step, forward, left, up; and
            the pull [N] above which it gives way; shape (4,).
        goal_pos: Where the hands want the attachments, but for the path [m], world, shape (h, 3); moves.
        goal_matrix: How the segments were turned at first, shape (h, 3, 3).
        wrench: Force [N], torque [N m] and point of action [m] of each hand in the present step,
            world, shape (h, 9); changes.
        felt: Sum of the forces of each hand since it was last cleared [N], shape (h, 3); grows.
        work: Of all hands since they took hold [J]: given to the infant, and taken from it
            (negative); shape (2,); grows.
    """

    segments: Index
    points: Vector
    laws: Vector
    path: Vector
    follow: Vector
    goal_pos: Vector
    goal_matrix: Vector
    wrench: Vector
    felt: Vector
    work: Vector


def attachment_points(segments: Index, points: Vector, pos: Vector, matrix: Vector) -> Vector:
    """Where attachments are [m], world, shape (h, 3).

    Args:
        segments: Held, shape (h,).
        points: Grips in the segment frames [m], shape (h, 3).
        pos: Origins of all segments [m], world, shape (15, 3).
        matrix: Their rotation matrices, shape (15, 3, 3).
    """
    return pos[segments] + np.einsum("hij,hj->hi", matrix[segments], points)


@kernel
def apply_moving_support(
    flat: Vector,
    base: Vector,
    pelvis_com_m: Vector,
    joint_m: Vector,
    springs: SupportSprings,
    time_s: float,
    dt_s: float,
) -> float:
    """Do :func:`apply_support` with joint states and pelvis as ``sim.motion.segment_motion`` wants."""
    motion = segment_motion(flat, base, pelvis_com_m, joint_m)
    return apply_support(motion, springs, time_s, dt_s)


@kernel
def apply_support(
    motion: SegmentKinematics, springs: SupportSprings, time_s: float, dt_s: float
) -> float:
    """Find what all hands do to the infant in the next physics step, and move them on.

    Work is summed by the trapezoidal rule: what a hand does in a step is its force times the mean
    of the speeds of the attachment before and after, so the present step counts by half until the next.

    Args:
        motion: Of all segments.
        springs: The hands; ``wrench`` is written, ``felt`` and ``work`` grow, ``goal_pos`` moves.
        time_s: Since the hands took hold [s].
        dt_s: Physics step [s].

    Returns:
        Norm of the force of all hands together [N].
    """
    total, offset, ahead = np.zeros(3), np.zeros(3), np.zeros(3)
    path_at(springs.path, time_s, offset)
    path_at(springs.path, time_s + dt_s, ahead)
    for i in range(springs.segments.size):
        _segment_wrench(motion, springs, i, offset, ahead, dt_s)
        for c in range(3):
            springs.felt[i, c] += springs.wrench[i, c]
            total[c] += springs.wrench[i, c]
    return float(np.sqrt(total[0] ** 2 + total[1] ** 2 + total[2] ** 2))


@kernel
def _segment_wrench(
    motion: SegmentKinematics,
    springs: SupportSprings,
    i: int,
    offset: Vector,
    ahead: Vector,
    dt_s: float,
) -> None:
    """Write the wrench of hand ``i``, which is at ``offset`` of its path and soon ``ahead`` [m]."""
    s, law, wrench = springs.segments[i], springs.laws[i], springs.wrench[i]
    spin, goal, speed, pace = motion.spin[s], springs.goal_pos[i], np.empty(3), np.empty(3)
    _attachment_motion(motion, s, springs.points[i], wrench[6:], speed)
    add_work(wrench, speed, spin, 0.5 * dt_s, springs.work)
    error = wrench[6:] - goal - offset
    yield_support(error, law[0, 0], springs.follow[3], goal)
    for c in range(3):
        step = springs.follow[c] * error[c]
        goal[c] += step
        pace[c] = speed[c] - (ahead[c] - offset[c] + step) / dt_s
    spring(error, pace, law[0], min(law[0, 3], springs.follow[3]), dt_s, wrench[:3])
    turn = _turn(motion.matrix[s], springs.goal_matrix[i])
    spring(turn, spin, law[1], law[1, 3], dt_s, wrench[3:6])
    add_work(wrench, speed, spin, 0.5 * dt_s, springs.work)


@kernel
def path_at(path: Vector, time_s: float, out: Vector) -> None:
    """Write where hands on a path are [m], shape (3,); linear between keys, still outside them.

    Args:
        path: Time [s] and place [m] of every key, times rising, shape (k, 4).
        time_s: When [s].
        out: Untouched if there is no key; else changed.
    """
    last = path.shape[0] - 1
    if last < 0:
        return
    k = 0
    while k < last - 1 and path[k + 1, 0] <= time_s:
        k += 1
    later = min(k + 1, last)
    span = path[later, 0] - path[k, 0]
    share = min(1.0, max(0.0, (time_s - path[k, 0]) / span)) if span > 0 else 0.0
    for c in range(1, 4):
        out[c - 1] = path[k, c] + share * (path[later, c] - path[k, c])


@kernel
def yield_support(error: Vector, stiffness: float, limit_n: float, goal: Vector) -> None:
    """Let a hand that is pulled too hard go as far as it takes: perfect plasticity of its goal.

    Args:
        error: SupportAttachment seen from where the hand wants it [m], shape (3,); shortened.
        stiffness: Of the spring [N/m].
        limit_n: The hardest pull that it withstands [N].
        goal: Where the hand wants the attachment [m], shape (3,); moved along the error.
    """
    pull = stiffness * np.sqrt(error[0] ** 2 + error[1] ** 2 + error[2] ** 2)
    if pull > limit_n:
        kept = limit_n / pull
        for c in range(3):
            goal[c] += (1 - kept) * error[c]
            error[c] *= kept


@kernel
def add_work(wrench: Vector, speed: Vector, spin: Vector, time_s: float, work: Vector) -> None:
    """Add the work of one hand: what it gives to the infant first, what it takes second.

    Args:
        wrench: Its force [N] and torque [N m] on the infant, world, then more.
        speed: Of the attachment [m/s], world, shape (3,).
        spin: Of the held segment [rad/s], world, shape (3,).
        time_s: How long [s].
        work: Positive and negative work so far [J], shape (2,); changed.
    """
    power = 0.0
    for c in range(3):
        power += wrench[c] * speed[c] + wrench[3 + c] * spin[c]
    work[0 if power > 0 else 1] += power * time_s


@kernel
def spring(error: Vector, rate: Vector, law: Vector, cap: float, dt_s: float, out: Vector) -> None:
    """Write what a spring and a semi-implicit damper do, with a capped norm, shape (3,).

    Args:
        error: Way [m] or turn [rad] from the goal, shape (3,).
        rate: Its speed relative to the hand, shape (3,).
        law: Stiffness, damping, lower bound of the inertia felt, then more.
        cap: Of the norm.
        dt_s: Physics step [s].
        out: Force [N] or torque [N m]; changed.
    """
    implicit_damping = law[1] + dt_s * law[0]
    implicit_damping /= 1 + dt_s * implicit_damping / law[2]
    for c in range(3):
        out[c] = -law[0] * error[c] - implicit_damping * rate[c]
    norm = np.sqrt(out[0] ** 2 + out[1] ** 2 + out[2] ** 2)
    if norm > cap:
        for c in range(3):
            out[c] *= cap / norm


@kernel
def _attachment_motion(
    motion: SegmentKinematics, s: int, point: Vector, attachment: Vector, speed: Vector
) -> None:
    """Write place [m] and velocity [m/s] of a point of a segment, world."""
    arm, swing = np.empty(3), np.empty(3)
    rotate(motion.matrix[s], point, arm)
    cross(motion.spin[s], arm, swing)
    for c in range(3):
        attachment[c] = motion.pos[s, c] + arm[c]
        speed[c] = motion.velocity[s, c] + swing[c]


@kernel
def _turn(matrix: Vector, goal: Vector) -> Vector:
    """Sine of the rotation from goal to matrix about its axis, world, shape (3,)."""
    out = np.zeros(3)
    for k in range(3):
        out[0] += 0.5 * (matrix[2, k] * goal[1, k] - matrix[1, k] * goal[2, k])
        out[1] += 0.5 * (matrix[0, k] * goal[2, k] - matrix[2, k] * goal[0, k])
        out[2] += 0.5 * (matrix[1, k] * goal[0, k] - matrix[0, k] * goal[1, k])
    return out
