"""A pair of hands: a compliant ring around a segment, firm in translation, weak in rotation."""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from dmi_sim.body.arrays import Index, Vector
from dmi_sim.body.grip import grip_point
from dmi_sim.body.kinematics import cross, rotate
from dmi_sim.body.segments import PLACES
from dmi_sim.body.statics import GRAVITY_M_S2
from dmi_sim.infant import Infant
from dmi_sim.kernel import kernel
from dmi_sim.sim.motion import Motion, segment_motion
from dmi_sim.spec.support import HoldSpec, KeyTime


@dataclass(frozen=True)
class Grip:
    """Where one ring of hands acts and how firmly.

    Attributes:
        segment: Index of the held segment.
        point_m: Grip in the segment frame [m], shape (3,).
        force_law: Stiffness [N/m], damping [N s/m], lower bound of the mass felt [kg], cap [N].
        torque_law: Stiffness [N m/rad], damping [N m s/rad], inertia felt [kg m2], cap [N m].
    """

    segment: int
    point_m: Vector
    force_law: Vector
    torque_law: Vector


@dataclass(frozen=True)
class Hold:
    """All grips of one hold and the path that its hands take.

    Attributes:
        grips: One for the trunk and head, two for limbs, none without hands.
        path: Offsets of the hands over time.
    """

    grips: tuple[Grip, ...]
    path: tuple[KeyTime, ...] = ()

    @cached_property
    def arrays(self) -> tuple[Index, Vector, Vector, Vector]:
        """Segments (h,), points (h, 3), force laws (h, 4) and torque laws (h, 4)."""
        return (
            np.array([grip.segment for grip in self.grips], dtype=np.int64),
            np.array([grip.point_m for grip in self.grips]).reshape(-1, 3),
            np.array([grip.force_law for grip in self.grips]).reshape(-1, 4),
            np.array([grip.torque_law for grip in self.grips]).reshape(-1, 4),
        )

    def taken(self, pos: Vector, matrix: Vector) -> "Rings":
        """The hands around a body where it is now.

        Args:
            pos: Origins of all segments [m], world, shape (15, 3).
            matrix: Their rotation matrices, shape (15, 3, 3).
        """
        segments, points, _, _ = self.arrays
        return Rings(*self.arrays, grips_at(segments, points, pos, matrix), matrix[segments])

    def offset_m(self, time_s: float) -> Vector:
        """How far the hands have moved from where they began [m], world, shape (3,)."""
        if not self.path:
            return _STILL
        times = [key.time_s for key in self.path]
        columns = zip(*(key.offset_m for key in self.path), strict=True)
        return np.array([np.interp(time_s, times, column) for column in columns])


class Rings(NamedTuple):
    """Hands that have taken hold, as the compiled step wants them.

    Attributes:
        segments: Held, shape (h,).
        points: Grips in the segment frames [m], shape (h, 3).
        force_laws: See :class:`Grip`, shape (h, 4).
        torque_laws: See :class:`Grip`, shape (h, 4).
        goal_pos: Where the grips were then [m], world, shape (h, 3).
        goal_matrix: How the segments were turned then, shape (h, 3, 3).
    """

    segments: Index
    points: Vector
    force_laws: Vector
    torque_laws: Vector
    goal_pos: Vector
    goal_matrix: Vector


NO_HANDS = Hold(())
_STILL = np.zeros(3)


def grips_at(segments: Index, points: Vector, pos: Vector, matrix: Vector) -> Vector:
    """Where grips are [m], world, shape (h, 3).

    Args:
        segments: Held, shape (h,).
        points: Grips in the segment frames [m], shape (h, 3).
        pos: Origins of all segments [m], world, shape (15, 3).
        matrix: Their rotation matrices, shape (15, 3, 3).
    """
    return pos[segments] + np.einsum("hij,hj->hi", matrix[segments], points)


def build_hold(spec: HoldSpec, infant: Infant, strength: float) -> Hold:
    """Hands of a strength on an infant; strength 0 or no segment gives no hands.

    Args:
        spec: Where and how firmly.
        infant: Who is held.
        strength: Scales stiffness and caps together, 0 to 1.
    """
    held = [i for i, place in enumerate(PLACES) if place.kind == spec.segment]
    if strength == 0:
        return NO_HANDS
    share = strength / max(1, len(held))
    return Hold(tuple(_grip(spec, infant, index, share) for index in held), spec.path)


def _grip(spec: HoldSpec, infant: Infant, index: int, share: float) -> Grip:
    segment = infant.parts[index]
    weight = infant.mass_kg * GRAVITY_M_S2
    stiffness = share * spec.stiffness.value * weight
    damping = 2 * spec.damping_ratio.value * np.sqrt(stiffness * share * infant.mass_kg)
    turning = share * spec.rotation_stiffness.value * weight * infant.length_m
    inertia = min(segment.inertia_kgm2) + segment.inertia_floor_kgm2
    point = grip_point(spec, infant.plan, segment)
    lever = float(np.linalg.norm(point - np.array(segment.com_m)))
    mass = 0.5 / (1 / segment.mass_kg + lever**2 / inertia)
    cap_n = share * spec.largest_force.value * weight
    cap_nm = share * spec.largest_torque.value * weight * infant.length_m
    return Grip(
        segment=index,
        point_m=point,
        force_law=np.array([stiffness, damping, mass, cap_n]),
        torque_law=np.array([turning, 2 * np.sqrt(turning * inertia), 0.5 * inertia, cap_nm]),
    )


@kernel
def grip_wrench(
    grip: tuple[Vector, Vector, Vector],
    motion: tuple[Vector, Vector, Vector, Vector],
    goal: tuple[Vector, Vector],
    dt_s: float,
) -> tuple[Vector, Vector, Vector]:
    """What a ring of hands does to the infant in the next physics step, semi-implicitly.

    Args:
        grip: Point in the segment frame [m], force law and torque law, see :class:`Grip`.
        motion: Of the held segment, world: origin [m], matrix, velocity [m/s], spin [rad/s].
        goal: Where the hands want the grip [m] and how the segment turned (matrix), world.
        dt_s: Physics step [s].

    Returns:
        Force [N], torque [N m] and point of action [m], world, each shape (3,).
    """
    pos, matrix, velocity, spin = motion
    arm, swing = np.empty(3), np.empty(3)
    rotate(matrix, grip[0], arm)
    cross(spin, arm, swing)
    force = _spring(pos + arm - goal[0], velocity + swing, grip[1], dt_s)
    torque = _spring(_turn(matrix, goal[1]), spin, grip[2], dt_s)
    return force, torque, pos + arm


@kernel
def hold_body(
    motion: Motion, rings: Rings, offset_m: Vector, dt_s: float, wrench: Vector, felt: Vector
) -> float:
    """Write what all hands do to the infant in the next physics step.

    Args:
        motion: Of all segments.
        rings: The hands.
        offset_m: How far they have moved since they took hold, shape (3,).
        dt_s: Physics step [s].
        wrench: Force [N], torque [N m] and point of action [m] of each hand, world, shape (h, 9);
            changed.
        felt: Sum of the forces of each hand so far [N], world, shape (h, 3); this step is added.

    Returns:
        Norm of the force of all hands together [N].
    """
    total = np.zeros(3)
    for i in range(wrench.shape[0]):
        s = rings.segments[i]
        force, torque, point = grip_wrench(
            (rings.points[i], rings.force_laws[i], rings.torque_laws[i]),
            (motion.pos[s], motion.matrix[s], motion.velocity[s], motion.spin[s]),
            (rings.goal_pos[i] + offset_m, rings.goal_matrix[i]),
            dt_s,
        )
        wrench[i, :3], wrench[i, 3:6], wrench[i, 6:] = force, torque, point
        felt[i] += force
        total += force
    return float(np.sqrt(total[0] ** 2 + total[1] ** 2 + total[2] ** 2))


@kernel
def hold_moving(
    flat: Vector,
    base: Vector,
    pelvis_com_m: Vector,
    joint_m: Vector,
    rings: Rings,
    offset_m: Vector,
    dt_s: float,
    wrench: Vector,
    felt: Vector,
) -> float:
    """The same from joint states and pelvis, see :func:`dmi_sim.sim.motion.segment_motion`."""
    motion = segment_motion(flat, base, pelvis_com_m, joint_m)
    return hold_body(motion, rings, offset_m, dt_s, wrench, felt)


@kernel
def _turn(matrix: Vector, goal: Vector) -> Vector:
    """Sine of the rotation from goal to matrix about its axis, world, shape (3,)."""
    out = np.zeros(3)
    for k in range(3):
        out[0] += 0.5 * (matrix[2, k] * goal[1, k] - matrix[1, k] * goal[2, k])
        out[1] += 0.5 * (matrix[0, k] * goal[2, k] - matrix[2, k] * goal[0, k])
        out[2] += 0.5 * (matrix[1, k] * goal[0, k] - matrix[0, k] * goal[1, k])
    return out


@kernel
def _spring(error: Vector, rate: Vector, law: Vector, dt_s: float) -> Vector:
    """Spring and semi-implicit damper on the inertia of the law, with a capped norm."""
    slowing = law[1] + dt_s * law[0]
    out = -law[0] * error - slowing * rate / (1 + dt_s * slowing / law[2])
    norm = np.sqrt(out[0] ** 2 + out[1] ** 2 + out[2] ** 2)
    return out if norm <= law[3] else out * (law[3] / norm)
