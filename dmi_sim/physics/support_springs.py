"""Contact springs of the therapist's hands, compiled: firm in translation, weak in rotation.

A spring pulls its attachment point towards a target and damps its speed relative to the hand. The
target stands still, moves on a path, follows the attachment point, or yields to it.
"""

from typing import NamedTuple

import numpy as np

from dmi_sim.arrays import Index, Vector
from dmi_sim.body.kinematics import cross, rotate
from dmi_sim.kernel import kernel
from dmi_sim.physics.body_state import SegmentKinematics


class SupportSprings(NamedTuple):
    """The contact springs of one episode, after the hands have taken hold.

    Attributes:
        segments: Indices of the held segments, shape (h,).
        points: Attachment points in the segment frames [m], shape (h, 3).
        spring_params: Parameters of force and torque, each stiffness, damping, inertia and cap, see
            :class:`dmi_sim.physics.support.SupportAttachment`, shape (h, 2, 4).
        path: Keyframes of the hands' path: rising time [s] and offset from the start [m], world,
            shape (k, 4).
        follow: Share of the way to the attachment point that a hand goes in one step, forward,
            left, up, and the force [N] above which it yields; shape (4,).
        target_pos: Target of each attachment point, without the path [m], world, shape (h, 3);
            changed in every step.
        target_matrix: Orientation of each segment when it was taken hold of, shape (h, 3, 3).
        wrench: Force [N], torque [N m] and point of application [m] of each hand in the present
            step, world, shape (h, 9); changed in every step.
        force_sum: Sum of the force of each hand since it was last cleared [N], shape (h, 3).
        work: Work of all hands since they took hold [J], shape (2,): done on the infant, and taken
            from it (negative).
    """

    segments: Index
    points: Vector
    spring_params: Vector
    path: Vector
    follow: Vector
    target_pos: Vector
    target_matrix: Vector
    wrench: Vector
    force_sum: Vector
    work: Vector


@kernel
def attachment_points(segments: Index, points: Vector, pos: Vector, matrix: Vector) -> Vector:
    """Attachment points in the world [m], shape (h, 3).

    Args:
        segments: Indices of the held segments, shape (h,).
        points: Attachment points in the segment frames [m], shape (h, 3).
        pos: Origins of all segments [m], world, shape (15, 3).
        matrix: Rotation matrices of all segments, shape (15, 3, 3).
    """
    out = np.empty((segments.size, 3))
    for h in range(segments.size):
        rotate(matrix[segments[h]], points[h], out[h])
        out[h] += pos[segments[h]]
    return out


@kernel
def apply_support(
    motion: SegmentKinematics, springs: SupportSprings, time_s: float, dt_s: float
) -> float:
    """Write the wrenches of all hands in the next physics step, and move the hands on.

    Work is summed by the trapezoidal rule: the work of a hand in a step is its force times the mean
    of the attachment point's velocities before and after, so the present step counts by half until
    the next.

    Args:
        motion: Position and velocity of all segments.
        springs: The hands; ``wrench`` is written, ``force_sum`` and ``work`` grow, ``target_pos``
            moves.
        time_s: Time since the hands took hold [s].
        dt_s: Physics step [s].

    Returns:
        Norm of the summed force of all hands [N].
    """
    total, offset, ahead = np.zeros(3), np.zeros(3), np.zeros(3)
    path_at(springs.path, time_s, offset)
    path_at(springs.path, time_s + dt_s, ahead)
    for i in range(springs.segments.size):
        _segment_wrench(motion, springs, i, offset, ahead, dt_s)
        for c in range(3):
            springs.force_sum[i, c] += springs.wrench[i, c]
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
    """Write the wrench of hand ``i``, at ``offset`` [m] of its path now and at ``ahead`` next."""
    s, params, wrench = springs.segments[i], springs.spring_params[i], springs.wrench[i]
    angular_velocity, target = motion.angular_velocity[s], springs.target_pos[i]
    velocity, relative = np.empty(3), np.empty(3)
    _attachment_motion(motion, s, springs.points[i], wrench[6:], velocity)
    # First half of the trapezoid: the last step's wrench at the velocity that it led to.
    add_work(wrench, velocity, angular_velocity, 0.5 * dt_s, springs.work)
    error = wrench[6:] - target - offset
    yield_support(error, params[0, 0], springs.follow[3], target)
    for c in range(3):
        step = springs.follow[c] * error[c]
        target[c] += step
        relative[c] = velocity[c] - (ahead[c] - offset[c] + step) / dt_s
    cap_n = min(params[0, 3], springs.follow[3])
    spring_damper(error, relative, params[0], cap_n, dt_s, wrench[:3])
    turned = _rotation_sine(motion.matrix[s], springs.target_matrix[i])
    spring_damper(turned, angular_velocity, params[1], params[1, 3], dt_s, wrench[3:6])
    # Second half: the new wrench at the velocity before the step.
    add_work(wrench, velocity, angular_velocity, 0.5 * dt_s, springs.work)


@kernel
def complete_work(motion: SegmentKinematics, springs: SupportSprings, dt_s: float) -> None:
    """Add the half step of work that is still missing when hands let go or change their grip.

    Args:
        motion: Position and velocity of all segments after the last step.
        springs: The hands; their ``work`` grows.
        dt_s: Physics step [s].
    """
    pos, velocity = np.empty(3), np.empty(3)
    for i in range(springs.segments.size):
        s = springs.segments[i]
        _attachment_motion(motion, s, springs.points[i], pos, velocity)
        angular_velocity = motion.angular_velocity[s]
        add_work(springs.wrench[i], velocity, angular_velocity, 0.5 * dt_s, springs.work)


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
    wrench: Vector, velocity: Vector, angular_velocity: Vector, time_s: float, work: Vector
) -> None:
    """Add the work of one hand to what it has done on the infant or taken from it.

    Args:
        wrench: Force [N] and torque [N m] on the infant, world; more numbers may follow.
        velocity: Velocity of the attachment point [m/s], world, shape (3,).
        angular_velocity: Angular velocity of the held segment [rad/s], world, shape (3,).
        time_s: Duration [s].
        work: Positive and negative work so far [J], shape (2,); changed.
    """
    power = 0.0
    for c in range(3):
        power += wrench[c] * velocity[c] + wrench[3 + c] * angular_velocity[c]
    work[0 if power > 0 else 1] += power * time_s


@kernel
def spring_damper(
    error: Vector, rate: Vector, params: Vector, cap: float, dt_s: float, out: Vector
) -> None:
    """Write the action of a spring and a semi-implicit damper, its norm capped, shape (3,).

    Spring and damper act on the state at the end of the step, of a body that has at least the
    inertia given: with ``c = damping + dt stiffness`` the force is
    ``-stiffness error - c / (1 + dt c / inertia) rate``, which no step size makes unstable.

    Args:
        error: Displacement [m] or rotation [rad] from the target, shape (3,).
        rate: Its rate relative to the hand, shape (3,).
        params: Stiffness, damping, lower bound of the inertia; more numbers may follow.
        cap: Largest norm of the force [N] or torque [N m].
        dt_s: Physics step [s].
        out: Force [N] or torque [N m]; changed.
    """
    damping = params[1] + dt_s * params[0]
    damping /= 1 + dt_s * damping / params[2]
    for c in range(3):
        out[c] = -params[0] * error[c] - damping * rate[c]
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
