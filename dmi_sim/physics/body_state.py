"""Positions and velocities of all segments from joint states and the pelvis, compiled."""

from typing import NamedTuple

import numpy as np

from dmi_sim.arrays import Vector
from dmi_sim.body.kinematics import (
    centre_of_mass,
    cross,
    rotate,
    segment_poses,
    segment_velocities,
)
from dmi_sim.body.rotation import matrix_of
from dmi_sim.kernel import kernel
from dmi_sim.physics.neuromuscular import unpack_joints


class SegmentKinematics(NamedTuple):
    """Position and velocity of all segments in the world.

    Attributes:
        pos: Origins [m], shape (15, 3).
        quat: Orientations (x, y, z, w), shape (15, 4).
        matrix: Orientations as rotation matrices, shape (15, 3, 3).
        velocity: Velocities of the origins [m/s], shape (15, 3).
        angular_velocity: Angular velocities [rad/s], shape (15, 3).
    """

    pos: Vector
    quat: Vector
    matrix: Vector
    velocity: Vector
    angular_velocity: Vector


class BodyState(NamedTuple):
    """The whole body's kinematics; flat, because nested tuples leave compiled code slowly.

    Attributes:
        pos: Segment origins [m], world, shape (15, 3).
        quat: Segment orientations (x, y, z, w), shape (15, 4).
        matrix: Orientations as rotation matrices, shape (15, 3, 3).
        angular_velocity: Angular velocities of the segments in their own frames [rad/s], (15, 3).
        angle: Anatomical angles [rad], shape (34,).
        rate: Rates of the anatomical angles [rad/s], shape (34,).
        com: Centre of mass of the body [m], world, shape (3,).
        com_velocity: Velocity of the centre of mass [m/s], world, shape (3,).
    """

    pos: Vector
    quat: Vector
    matrix: Vector
    angular_velocity: Vector
    angle: Vector
    rate: Vector
    com: Vector
    com_velocity: Vector


@kernel
def segment_motion(
    flat: Vector, base: Vector, pelvis_com_m: Vector, joint_m: Vector
) -> SegmentKinematics:
    """Positions and velocities of all segments in the world.

    Args:
        flat: Joint states, see :func:`.unpack_joints`.
        base: Position [m], quaternion, velocity [m/s] and angular velocity [rad/s] of the centre of
            mass of the pelvis, world, shape (13,).
        pelvis_com_m: Centre of mass of the pelvis in the pelvis frame [m], shape (3,).
        joint_m: Joints in their parents' frames [m], shape (15, 3).
    """
    _, _, joint_quat, joint_angular_velocity, _ = unpack_joints(flat)
    return _kinematics(joint_quat, joint_angular_velocity, base, pelvis_com_m, joint_m)


@kernel
def _kinematics(
    joint_quat: Vector,
    joint_angular_velocity: Vector,
    base: Vector,
    pelvis_com_m: Vector,
    joint_m: Vector,
) -> SegmentKinematics:
    lever, swing = np.empty(3), np.empty(3)
    rotate(matrix_of(base[3:7]), pelvis_com_m, lever)
    cross(base[10:], lever, swing)
    pos, quat, matrix = segment_poses(base[:3] - lever, base[3:7], joint_quat, joint_m)
    velocity, angular_velocity = segment_velocities(
        base[7:10] - swing, base[10:], joint_angular_velocity, pos, matrix
    )
    return SegmentKinematics(pos, quat, matrix, velocity, angular_velocity)


@kernel
def body_state(
    flat: Vector, base: Vector, joint_m: Vector, com_m: Vector, mass_kg: Vector
) -> BodyState:
    """The whole body's kinematics at once.

    Args:
        flat: Joint states, see :func:`.unpack_joints`.
        base: State of the pelvis, see :func:`segment_motion`.
        joint_m: Joints in their parents' frames [m], shape (15, 3).
        com_m: Centres of mass in the segment frames [m], shape (15, 3).
        mass_kg: Masses of the segments [kg], shape (15,).
    """
    angle, rate, joint_quat, joint_angular_velocity, _ = unpack_joints(flat)
    motion = _kinematics(joint_quat, joint_angular_velocity, base, com_m[0], joint_m)
    angular_velocity = np.empty_like(motion.angular_velocity)
    for s in range(angular_velocity.shape[0]):
        rotate(motion.matrix[s].T, motion.angular_velocity[s], angular_velocity[s])
    com, com_velocity = centre_of_mass(
        motion.pos, motion.matrix, motion.velocity, motion.angular_velocity, com_m, mass_kg
    )
    return BodyState(
        motion.pos, motion.quat, motion.matrix, angular_velocity, angle, rate, com, com_velocity
    )
