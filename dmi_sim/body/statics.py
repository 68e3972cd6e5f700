"""What loads at rest, above all weight, ask of the joints, and how that changes as the body moves.

Rows and columns are those of :func:`dmi_sim.body.kinematics.mass_matrix`: velocity of the pelvis
origin and spin of the pelvis, both in the pelvis frame, then the rates of the 34 anatomical angles.
"""

from dataclasses import dataclass

import numpy as np

from dmi_sim.arrays import Vector
from dmi_sim.body.kinematics import (
    AXIS_JOINT,
    N_AXES,
    N_SEGMENTS,
    PARENT,
    Masses,
    axis_directions,
    joint_quaternions,
    segment_poses,
)
from dmi_sim.body.rotation import matrix_of, quaternion_of

GRAVITY_M_S2 = 9.81
"""Standard of the whole engine."""

_STEP_RAD = 1e-5
"""Of central differences: cut-off and rounding errors are both about 1e-10 here."""


@dataclass(frozen=True)
class Loads:
    """Forces and torques on the segments, constant in the world however the body moves.

    Attributes:
        point_m: Where each force acts, in the frame of its segment [m], shape (15, 3).
        force_n: In the pelvis frame of the moment [N], shape (15, 3).
        torque_nm: In the pelvis frame of the moment [N m], shape (15, 3).
    """

    point_m: Vector
    force_n: Vector
    torque_nm: Vector

    def seen_after_turn(self, turn_rad: Vector) -> "Loads":
        """The same loads in the pelvis frame once the pelvis has turned by a rotation vector."""
        matrix = matrix_of(quaternion_of(turn_rad))
        return Loads(self.point_m, self.force_n @ matrix, self.torque_nm @ matrix)


def weight_loads(masses: Masses, up_pelvis: Vector) -> Loads:
    """The weight of each segment at its centre of mass.

    Args:
        masses: Of the body.
        up_pelvis: Unit vector against gravity in the pelvis frame, shape (3,).
    """
    force = -GRAVITY_M_S2 * masses.mass_kg[:, None] * up_pelvis
    return Loads(masses.com_m, force, np.zeros((N_SEGMENTS, 3)))


def segments_in_pelvis(joint_m: Vector, angle_rad: Vector) -> tuple[Vector, Vector]:
    """Origins [m], shape (15, 3), and matrices (15, 3, 3) of the segments in the pelvis frame."""
    level = np.array([0.0, 0.0, 0.0, 1.0])
    pos, _, matrix = segment_poses(np.zeros(3), level, joint_quaternions(angle_rad), joint_m)
    return pos, matrix


def load_torque(joint_m: Vector, angle_rad: Vector, loads: Loads) -> Vector:
    """Generalised force of loads on the body, shape (40,).

    Args:
        joint_m: Joints in their parents' frames [m], shape (15, 3).
        angle_rad: Anatomical angles [rad], shape (34,).
        loads: What acts on the segments.
    """
    pos, matrix = segments_in_pelvis(joint_m, angle_rad)
    point = pos + np.einsum("sij,sj->si", matrix, loads.point_m)
    force, moment = loads.force_n.copy(), loads.torque_nm + np.cross(point, loads.force_n)
    for s in range(N_SEGMENTS - 1, 0, -1):  # from the tips: what a segment carries, its parent does
        force[PARENT[s]] += force[s]
        moment[PARENT[s]] += moment[s]
    about_joint = moment - np.cross(pos, force)
    axes = axis_directions(angle_rad, matrix)
    along_axes = np.einsum("ai,ai->a", axes, about_joint[AXIS_JOINT + 1])
    return np.concatenate([force[0], moment[0], along_axes])


def gravity_torque(masses: Masses, angle_rad: Vector, up_pelvis: Vector) -> Vector:
    """Generalised force of gravity, shape (40,): what its work is per unit of each velocity.

    Args:
        masses: Of the body.
        angle_rad: Anatomical angles [rad], shape (34,).
        up_pelvis: Unit vector against gravity in the pelvis frame, shape (3,).

    Returns:
        Force [N] and torque [N m] on the pelvis in its frame, then torques of the axes [N m].
    """
    return load_torque(masses.joint_m, angle_rad, weight_loads(masses, up_pelvis))


def gravity_stiffness(masses: Masses, angle_rad: Vector, up_pelvis: Vector) -> Vector:
    """Minus the derivative of :func:`gravity_torque`, shape (40, 40); negative where one topples.

    Args:
        masses: Of the body.
        angle_rad: Anatomical angles [rad], shape (34,).
        up_pelvis: Unit vector against gravity in the pelvis frame, shape (3,).
    """
    return load_stiffness(masses.joint_m, angle_rad, weight_loads(masses, up_pelvis))


def load_stiffness(joint_m: Vector, angle_rad: Vector, loads: Loads) -> Vector:
    """Minus the derivative of :func:`load_torque` as the body moves, shape (40, 40).

    Column by column, by central differences: a shift of the pelvis changes nothing; a turn of the
    pelvis turns the world in its frame; then each anatomical angle.

    Args:
        joint_m: Joints in their parents' frames [m], shape (15, 3).
        angle_rad: Anatomical angles [rad], shape (34,).
        loads: Constant in the world.
    """

    def torque(step: Vector) -> Vector:
        return load_torque(joint_m, angle_rad + step[6:], loads.seen_after_turn(step[3:6]))

    steps = _STEP_RAD * np.eye(6 + N_AXES)[3:]
    columns = [(torque(-step) - torque(step)) / (2 * _STEP_RAD) for step in steps]
    return np.column_stack([np.zeros((6 + N_AXES, 3)), *columns])
