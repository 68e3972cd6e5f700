"""Static loads on the body: the generalised force of weight and other loads, and its stiffness.

Rows and columns are those of :func:`dmi_sim.body.kinematics.mass_matrix`: velocity of the pelvis
origin and angular velocity of the pelvis, both in the pelvis frame, then the rates of the 34
anatomical angles.
"""

from dataclasses import dataclass

import numpy as np

from dmi_sim.arrays import Vector
from dmi_sim.body.kinematics import (
    AXIS_JOINT,
    N_AXES,
    N_SEGMENTS,
    PARENT,
    InertialParams,
    axis_directions,
    joint_quaternions,
    segment_poses,
)
from dmi_sim.body.rotation import matrix_of, quaternion_of

GRAVITY_M_S2 = 9.81
"""Gravitational acceleration everywhere in the package [m/s2]."""

_STEP_RAD = 1e-5
"""Step of the central differences [rad]: truncation and rounding errors are both about 1e-10."""


@dataclass(frozen=True)
class Loads:
    """Forces and torques on the segments that stay constant in the world as the body moves.

    Attributes:
        point_m: Point of application of each force, in the frame of its segment [m], shape (15, 3).
        force_n: Forces in the present pelvis frame [N], shape (15, 3).
        torque_nm: Torques in the present pelvis frame [N m], shape (15, 3).
    """

    point_m: Vector
    force_n: Vector
    torque_nm: Vector

    def in_rotated_pelvis(self, rotation_rad: Vector) -> "Loads":
        """The same loads in the frame of the pelvis after it has rotated.

        Args:
            rotation_rad: Rotation vector of the pelvis in its own frame [rad], shape (3,).
        """
        matrix = matrix_of(quaternion_of(rotation_rad))  # v @ R is R' v, row by row
        return Loads(self.point_m, self.force_n @ matrix, self.torque_nm @ matrix)


def weight_loads(body: InertialParams, up_pelvis: Vector) -> Loads:
    """The weight of each segment, acting at its centre of mass.

    Args:
        body: Joint positions and inertial parameters of the body.
        up_pelvis: Unit vector against gravity in the pelvis frame, shape (3,).
    """
    force = -GRAVITY_M_S2 * body.mass_kg[:, None] * up_pelvis
    return Loads(body.com_m, force, np.zeros((N_SEGMENTS, 3)))


def segments_in_pelvis(joint_m: Vector, angle_rad: Vector) -> tuple[Vector, Vector]:
    """Poses of the segments in the pelvis frame.

    Args:
        joint_m: Joints in their parents' frames [m], shape (15, 3).
        angle_rad: Anatomical angles [rad], shape (34,).

    Returns:
        Segment origins [m], shape (15, 3), and rotation matrices, shape (15, 3, 3).
    """
    level = np.array([0.0, 0.0, 0.0, 1.0])
    pos, _, matrix = segment_poses(np.zeros(3), level, joint_quaternions(angle_rad), joint_m)
    return pos, matrix


def load_torque(joint_m: Vector, angle_rad: Vector, loads: Loads) -> Vector:
    """Generalised force of loads on the body, shape (40,).

    Args:
        joint_m: Joints in their parents' frames [m], shape (15, 3).
        angle_rad: Anatomical angles [rad], shape (34,).
        loads: Forces and torques on the segments, in the pelvis frame.

    Returns:
        Force [N] and torque [N m] on the pelvis in its frame, then torques of the axes [N m].
    """
    pos, matrix = segments_in_pelvis(joint_m, angle_rad)
    point = pos + np.einsum("sij,sj->si", matrix, loads.point_m)
    force, moment = loads.force_n.copy(), loads.torque_nm + np.cross(point, loads.force_n)
    for s in range(N_SEGMENTS - 1, 0, -1):  # from the tips inwards: a parent carries its children
        force[PARENT[s]] += force[s]
        moment[PARENT[s]] += moment[s]
    about_joint = moment - np.cross(pos, force)  # from the pelvis origin to the segment's joint
    axes = axis_directions(angle_rad, matrix)
    along_axes = np.einsum("ai,ai->a", axes, about_joint[AXIS_JOINT + 1])
    return np.concatenate([force[0], moment[0], along_axes])


def gravity_torque(body: InertialParams, angle_rad: Vector, up_pelvis: Vector) -> Vector:
    """Generalised force of gravity, shape (40,): its power per unit of each generalised velocity.

    Args:
        body: Joint positions and inertial parameters of the body.
        angle_rad: Anatomical angles [rad], shape (34,).
        up_pelvis: Unit vector against gravity in the pelvis frame, shape (3,).

    Returns:
        Force [N] and torque [N m] on the pelvis in its frame, then torques of the axes [N m].
    """
    return load_torque(body.joint_m, angle_rad, weight_loads(body, up_pelvis))


def gravity_stiffness(body: InertialParams, angle_rad: Vector, up_pelvis: Vector) -> Vector:
    """Stiffness of gravity, shape (40, 40): minus the derivative of :func:`gravity_torque`.

    It is negative where gravity topples, as for an upright head, and positive where it pulls back,
    as for a hanging arm.

    Args:
        body: Joint positions and inertial parameters of the body.
        angle_rad: Anatomical angles [rad], shape (34,).
        up_pelvis: Unit vector against gravity in the pelvis frame, shape (3,).
    """
    return load_stiffness(body.joint_m, angle_rad, weight_loads(body, up_pelvis))


def load_stiffness(joint_m: Vector, angle_rad: Vector, loads: Loads) -> Vector:
    """Stiffness of loads, shape (40, 40): minus the derivative of :func:`load_torque`.

    Columns are central differences: translation of the pelvis changes nothing, rotation of the
    pelvis rotates the loads in its frame, and the anatomical angles move the segments.

    Args:
        joint_m: Joints in their parents' frames [m], shape (15, 3).
        angle_rad: Anatomical angles [rad], shape (34,).
        loads: Forces and torques that stay constant in the world.
    """

    def torque(step: Vector) -> Vector:
        return load_torque(joint_m, angle_rad + step[6:], loads.in_rotated_pelvis(step[3:6]))

    steps = _STEP_RAD * np.eye(6 + N_AXES)[3:]
    columns = [(torque(-step) - torque(step)) / (2 * _STEP_RAD) for step in steps]
    return np.column_stack([np.zeros((6 + N_AXES, 3)), *columns])
