"""Contact springs of the therapist's hands, compiled: firm in translation, weak in rotation.

A spring pulls its attachment point towards a target and damps its speed relative to the hand. The
target stands still, moves on a path, follows the attachment point, or yields to it.
"""

from typing import NamedTuple

import numpy as np

from dmi_sim.arrays import Vector
from dmi_sim.body.kinematics import cross, rotate
from dmi_sim.kernel import kernel
from dmi_sim.physics.body_state import SegmentKinematics
from dmi_sim.records import Matrix3, Records, Vector3


class Hand:
    """A hand that holds a segment by a contact spring.

    Attributes:
        segment: Index of the held segment.
        point_m: Attachment point in the segment frame [m].
        stiffness_n_per_m: Stiffness of the spring [N/m].
        damping_ns_per_m: Its damping [N s/m].
        mass_kg: Lower bound of the mass that it feels [kg].
        cap_n: Largest norm of its force [N].
        rotation_stiffness_nm_per_rad: Stiffness against rotation [N m/rad].
        rotation_damping_nms_per_rad: Damping of rotation [N m s/rad].
        inertia_kgm2: Lower bound of the inertia that it feels [kg m2].
        cap_nm: Largest norm of its torque [N m].
        target_pos: Target of the attachment point, without the path [m], world; moves.
        target_matrix: Orientation of the segment when it was taken hold of.
        force_n: Force on the infant in the present step [N], world; written.
        torque_nm: Torque on the infant in the present step [N m], world; written.
        pos: Attachment point in the present step [m], world; written.
        force_sum_n: Sum of its force since it was last cleared [N], world; grows.
    """

    segment: int
    point_m: Vector3
    stiffness_n_per_m: float
    damping_ns_per_m: float
    mass_kg: float
    cap_n: float
    rotation_stiffness_nm_per_rad: float
    rotation_damping_nms_per_rad: float
    inertia_kgm2: float
    cap_nm: float
    target_pos: Vector3
    target_matrix: Matrix3
    force_n: Vector3
    torque_nm: Vector3
    pos: Vector3
    force_sum_n: Vector3


class SupportSprings(NamedTuple):
    """The contact springs of one episode, after the hands have taken hold.

    Attributes:
        hands: The hands, shape (h,).
        path: Keyframes of the hands' path: rising time [s] and offset from the start [m], world,
            shape (k, 4).
        follow: Share of the way to the attachment point that a hand goes in one step, forward,
            left, up, shape (3,).
        yield_n: Force on one hand above which it yields [N].
        work_j: Work of all hands since they took hold [J], shape (2,): done on the infant, and
            taken from it (negative).
    """

    hands: Records[Hand]
    path: Vector
    follow: Vector
    yield_n: float
    work_j: Vector


@kernel
def attachment_points(hands: Records[Hand], pos: Vector, matrix: Vector) -> Vector:
    """Attachment points in the world [m], shape (h, 3).

    Args:
        hands: The hands, shape (h,).
        pos: Origins of all segments [m], world, shape (15, 3).
        matrix: Rotation matrices of all segments, shape (15, 3, 3).
    """
    out = np.empty((hands.size, 3))
    for h in range(hands.size):
        s = hands[h].segment
        rotate(matrix[s], hands[h].point_m, out[h])
        out[h] += pos[s]
    return out


@kernel
def apply_support(
    motion: SegmentKinematics, springs: SupportSprings, time_s: float, dt_s: float
) -> float:
    """Write force and torque of all hands in the next physics step, and move the hands on.

    Work is summed by the trapezoidal rule: the work of a hand in a step is its force times the mean
    of the attachment point's velocities before and after, so the present step counts by half until
    the next.

    Args:
        motion: Position and velocity of all segments.
        springs: The hands; what they do now is written, ``force_sum_n`` and ``work_j`` grow,
            ``target_pos`` moves.
        time_s: Time since the hands took hold [s].
        dt_s: Physics step [s].

    Returns:
        Norm of the summed force of all hands [N].
    """
    total, offset, ahead = np.zeros(3), np.zeros(3), np.zeros(3)
    path_at(springs.path, time_s, offset)
    path_at(springs.path, time_s + dt_s, ahead)
    for h in range(springs.hands.size):
        hand = springs.hands[h]
        _move_hand(motion, springs, h, offset, ahead, dt_s)
        for c in range(3):
            hand.force_sum_n[c] += hand.force_n[c]
            total[c] += hand.force_n[c]
    return float(np.sqrt(total[0] ** 2 + total[1] ** 2 + total[2] ** 2))


@kernel
def _move_hand(
    motion: SegmentKinematics,
    springs: SupportSprings,
    h: int,
    offset: Vector,
    ahead: Vector,
    dt_s: float,
) -> None:
    """Write what hand ``h`` does, at ``offset`` [m] of its path now and at ``ahead`` next."""
    hand = springs.hands[h]
    turning, target = motion.angular_velocity[hand.segment], hand.target_pos
    velocity, relative = np.empty(3), np.empty(3)
    _attachment_motion(motion, hand.segment, hand.point_m, hand.pos, velocity)
    # First half of the trapezoid: the last step's force at the velocity that it led to.
    add_work(hand.force_n, hand.torque_nm, velocity, turning, 0.5 * dt_s, springs.work_j)
    error = hand.pos - target - offset
    yield_support(error, hand.stiffness_n_per_m, springs.yield_n, target)
    for c in range(3):
        step = springs.follow[c] * error[c]
        target[c] += step
        relative[c] = velocity[c] - (ahead[c] - offset[c] + step) / dt_s
    spring = (hand.stiffness_n_per_m, hand.damping_ns_per_m, hand.mass_kg)
    spring_damper(error, relative, spring, min(hand.cap_n, springs.yield_n), dt_s, hand.force_n)
    turned = _rotation_sine(motion.matrix[hand.segment], hand.target_matrix)
    twist = (
        hand.rotation_stiffness_nm_per_rad,
        hand.rotation_damping_nms_per_rad,
        hand.inertia_kgm2,
    )
    spring_damper(turned, turning, twist, hand.cap_nm, dt_s, hand.torque_nm)
    # Second half: the new force at the velocity before the step.
    add_work(hand.force_n, hand.torque_nm, velocity, turning, 0.5 * dt_s, springs.work_j)


@kernel
def complete_work(motion: SegmentKinematics, springs: SupportSprings, dt_s: float) -> None:
    """Add the half step of work that is still missing when hands let go or change their grip.

    Args:
        motion: Position and velocity of all segments after the last step.
        springs: The hands; their ``work_j`` grows.
        dt_s: Physics step [s].
    """
    pos, velocity = np.empty(3), np.empty(3)
    for h in range(springs.hands.size):
        hand = springs.hands[h]
        _attachment_motion(motion, hand.segment, hand.point_m, pos, velocity)
        turning = motion.angular_velocity[hand.segment]
        add_work(hand.force_n, hand.torque_nm, velocity, turning, 0.5 * dt_s, springs.work_j)


@kernel
def path_at(path: Vector, time_s: float, out: Vector) -> None:
    """Write the offset of hands on a path [m], shape (3,): linear between keyframes, still outside.

    Args:
        path: Time [s] and offset [m] of every keyframe, times rising, shape (k, 4).
        time_s: Time since the hands took hold [s].
        out: The offset; left as it is if there is no keyframe.
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
def yield_support(error: Vector, stiffness: float, limit_n: float, target: Vector) -> None:
    """Let a hand that is pulled too hard give way: perfect plasticity of its target.

    Args:
        error: Attachment point seen from its target [m], shape (3,); shortened.
        stiffness: Stiffness of the spring [N/m].
        limit_n: Largest force that the hand withstands [N].
        target: Target of the attachment point [m], shape (3,); moved along the error.
    """
    pull = stiffness * np.sqrt(error[0] ** 2 + error[1] ** 2 + error[2] ** 2)
    if pull > limit_n:
        kept = limit_n / pull
        for c in range(3):
            target[c] += (1 - kept) * error[c]
            error[c] *= kept


@kernel
def add_work(
    force_n: Vector,
    torque_nm: Vector,
    velocity: Vector,
    angular_velocity: Vector,
    time_s: float,
    work_j: Vector,
) -> None:
    """Add the work of one hand to what it has done on the infant or taken from it.

    Args:
        force_n: Force on the infant [N], world, shape (3,).
        torque_nm: Torque on the infant [N m], world, shape (3,).
        velocity: Velocity of the attachment point [m/s], world, shape (3,).
        angular_velocity: Angular velocity of the held segment [rad/s], world, shape (3,).
        time_s: Duration [s].
        work_j: Positive and negative work so far [J], shape (2,); changed.
    """
    power = 0.0
    for c in range(3):
        power += force_n[c] * velocity[c] + torque_nm[c] * angular_velocity[c]
    work_j[0 if power > 0 else 1] += power * time_s


@kernel
def spring_damper(
    error: Vector,
    rate: Vector,
    spring: tuple[float, float, float],
    cap: float,
    dt_s: float,
    out: Vector,
) -> None:
    """Write the action of a spring and a semi-implicit damper, its norm capped, shape (3,).

    Spring and damper act on the state at the end of the step, of a body that has at least the
    inertia given: with ``c = damping + dt stiffness`` the force is
    ``-stiffness error - c / (1 + dt c / inertia) rate``, which no step size makes unstable.

    Args:
        error: Displacement [m] or rotation [rad] from the target, shape (3,).
        rate: Its rate relative to the hand, shape (3,).
        spring: Stiffness, damping and lower bound of the inertia.
        cap: Largest norm of the force [N] or torque [N m].
        dt_s: Physics step [s].
        out: Force [N] or torque [N m]; changed.
    """
    stiffness, damping, inertia = spring
    damping += dt_s * stiffness
    damping /= 1 + dt_s * damping / inertia
    for c in range(3):
        out[c] = -stiffness * error[c] - damping * rate[c]
    norm = np.sqrt(out[0] ** 2 + out[1] ** 2 + out[2] ** 2)
    if norm > cap:
        for c in range(3):
            out[c] *= cap / norm


@kernel
def _attachment_motion(
    motion: SegmentKinematics, s: int, point: Vector, pos: Vector, velocity: Vector
) -> None:
    """Write position [m] and velocity [m/s] of a point of a segment, world."""
    lever, swing = np.empty(3), np.empty(3)
    rotate(motion.matrix[s], point, lever)
    cross(motion.angular_velocity[s], lever, swing)
    for c in range(3):
        pos[c] = motion.pos[s, c] + lever[c]
        velocity[c] = motion.velocity[s, c] + swing[c]


@kernel
def _rotation_sine(matrix: Vector, target: Vector) -> Vector:
    """The axis of the rotation from target to matrix times the sine of its angle, world, (3,).

    A sine, not the angle: the restoring torque is largest at a quarter turn, falls beyond it and is
    zero at half a turn, which no held infant reaches.
    """
    out = np.zeros(3)
    for k in range(3):
        out[0] += 0.5 * (matrix[2, k] * target[1, k] - matrix[1, k] * target[2, k])
        out[1] += 0.5 * (matrix[0, k] * target[2, k] - matrix[2, k] * target[0, k])
        out[2] += 0.5 * (matrix[1, k] * target[0, k] - matrix[0, k] * target[1, k])
    return out
