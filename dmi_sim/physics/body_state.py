"""Positions and velocities of all segments from joint states and the pelvis, compiled."""

import math
from typing import Annotated, Any, NamedTuple

import numpy as np

from dmi_sim.anatomy import HEAD, PELVIS
from dmi_sim.arrays import Vector
from dmi_sim.body.kinematics import (
    N_AXES,
    N_SEGMENTS,
    InertialParams,
    centre_of_mass,
    cross,
    rotate,
    segment_poses,
    segment_velocities,
)
from dmi_sim.body.rotation import matrix_of
from dmi_sim.kernel import kernel
from dmi_sim.physics.coordinates import unpack_joints
from dmi_sim.records import Records, Vector3, record_dtype


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


class BodyState:
    """The whole body's kinematics, in one piece of memory, which leaves compiled code fast.

    Attributes:
        pos: Segment origins [m], world.
        quat: Segment orientations (x, y, z, w), world.
        matrix: Segment orientations as rotation matrices, world.
        angular_velocity: Angular velocities of the segments in their own frames [rad/s].
        angle: Anatomical angles [rad].
        rate: Rates of the anatomical angles [rad/s].
        com: Centre of mass of the body [m], world.
        com_velocity: Velocity of the centre of mass [m/s], world.
        head_height_m: Height of the head's centre of mass [m].
        upright_rad: Tilt of the line from pelvis to C7 from the vertical [rad].
    """

    pos: Annotated[Vector, (N_SEGMENTS, 3)]
    quat: Annotated[Vector, (N_SEGMENTS, 4)]
    matrix: Annotated[Vector, (N_SEGMENTS, 3, 3)]
    angular_velocity: Annotated[Vector, (N_SEGMENTS, 3)]
    angle: Annotated[Vector, (N_AXES,)]
    rate: Annotated[Vector, (N_AXES,)]
    com: Vector3
    com_velocity: Vector3
    head_height_m: float
    upright_rad: float


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


def body_state(q: Vector, u: Vector, masses: InertialParams) -> Records[BodyState]:
    """The whole body's kinematics, shape (1,).

    Args:
        q: Generalised positions, see :mod:`dmi_sim.physics.coordinates`.
        u: Generalised velocities.
        masses: Joint positions and inertial parameters of the body.
    """
    out: Any = np.empty(1, record_dtype(BodyState))
    write_body_state(q, u, unpack_joints(q, u), masses.joint_m, masses.com_m, masses.mass_kg, out)
    return out


@kernel
def write_body_state(
    q: Vector,
    u: Vector,
    joints: tuple[Vector, Vector, Vector, Vector, Vector],
    joint_m: Vector,
    com_m: Vector,
    mass_kg: Vector,
    out: Records[BodyState],
) -> None:
    """Write the whole body's kinematics.

    Args:
        q: Generalised positions, see :mod:`dmi_sim.physics.coordinates`.
        u: Generalised velocities.
        joints: What :func:`.unpack_joints` gives for them.
        joint_m: Joints in their parents' frames [m], shape (15, 3).
        com_m: Centres of mass in the segment frames [m], shape (15, 3).
        mass_kg: Masses of the segments [kg], shape (15,).
        out: The kinematics, shape (1,); written.
    """
    angle, rate, joint_quat, joint_angular_velocity, _ = joints
    motion = _kinematics(joint_quat, joint_angular_velocity, q, u, com_m[0], joint_m)
    com, com_velocity = centre_of_mass(
        motion.pos, motion.matrix, motion.velocity, motion.angular_velocity, com_m, mass_kg
    )
    body = out[0]
    body.pos[:], body.quat[:], body.matrix[:] = motion.pos, motion.quat, motion.matrix
    for s in range(N_SEGMENTS):
        rotate(motion.matrix[s].T, motion.angular_velocity[s], body.angular_velocity[s])
    body.angle[:], body.rate[:] = angle, rate
    body.com[:], body.com_velocity[:] = com, com_velocity
    lever = np.empty(3)
    rotate(motion.matrix[HEAD], com_m[HEAD], lever)
    body.head_height_m = motion.pos[HEAD, 2] + lever[2]
    # The head's origin is the joint at C7, the pelvis' the midpoint of the hips.
    x, y, z = motion.pos[HEAD] - motion.pos[PELVIS]
    body.upright_rad = math.atan2(math.hypot(x, y), z)
