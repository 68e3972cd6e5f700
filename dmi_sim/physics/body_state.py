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
from dmi_sim.physics.coordinates import unpack_joints


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
    q: Vector, u: Vector, pelvis_com_m: Vector, joint_m: Vector
) -> SegmentKinematics:
    """Positions and velocities of all segments in the world.

    Args:
        q: Generalised positions, see :mod:`dmi_sim.physics.coordinates`.
        u: Generalised velocities.
        pelvis_com_m: Centre of mass of the pelvis in the pelvis frame [m], shape (3,).
        joint_m: Joints in their parents' frames [m], shape (15, 3).
    """
    _, _, joint_quat, joint_angular_velocity, _ = unpack_joints(q, u)
    return _kinematics(joint_quat, joint_angular_velocity, q, u, pelvis_com_m, joint_m)


@kernel
def _kinematics(
    joint_quat: Vector,
    joint_angular_velocity: Vector,
    q: Vector,
    u: Vector,
    pelvis_com_m: Vector,
    joint_m: Vector,
) -> SegmentKinematics:
    lever, swing = np.empty(3), np.empty(3)
    rotate(matrix_of(q[3:7]), pelvis_com_m, lever)
    cross(u[3:6], lever, swing)
    pos, quat, matrix = segment_poses(q[:3] - lever, q[3:7], joint_quat, joint_m)
    velocity, angular_velocity = segment_velocities(
        u[:3] - swing, u[3:6], joint_angular_velocity, pos, matrix
    )
    return SegmentKinematics(pos, quat, matrix, velocity, angular_velocity)


@kernel
def body_state(q: Vector, u: Vector, joint_m: Vector, com_m: Vector, mass_kg: Vector) -> BodyState:
    """The whole body's kinematics at once.

    Args:
        q: Generalised positions, see :mod:`dmi_sim.physics.coordinates`.
        u: Generalised velocities.
        joint_m: Joints in their parents' frames [m], shape (15, 3).
        com_m: Centres of mass in the segment frames [m], shape (15, 3).
        mass_kg: Masses of the segments [kg], shape (15,).
    """
    angle, rate, joint_quat, joint_angular_velocity, _ = unpack_joints(q, u)
    motion = _kinematics(joint_quat, joint_angular_velocity, q, u, com_m[0], joint_m)
    angular_velocity = np.empty_like(motion.angular_velocity)
    for s in range(angular_velocity.shape[0]):
        rotate(motion.matrix[s].T, motion.angular_velocity[s], angular_velocity[s])
    com, com_velocity = centre_of_mass(
        motion.pos, motion.matrix, motion.velocity, motion.angular_velocity, com_m, mass_kg
    )
    return BodyState(
        motion.pos, motion.quat, motion.matrix, angular_velocity, angle, rate, com, com_velocity
    )
