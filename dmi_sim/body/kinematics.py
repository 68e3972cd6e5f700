"""Forward kinematics and the mass matrix of the body, from joint coordinates alone.

The physics engine is asked only for the state of its joints. Segment poses and velocities and the
centre of mass are computed here, compiled: faster than by the engine's own queries, and available
without an engine.
"""

from dataclasses import dataclass

import numpy as np

from dmi_sim.anatomy import AXES, SEGMENT_INDEX, SEGMENTS
from dmi_sim.arrays import Index, Vector
from dmi_sim.body.rotation import inverse_right_jacobian, matrix_of, product, quaternion_of
from dmi_sim.body.segments import Segment
from dmi_sim.kernel import kernel

N_SEGMENTS = len(SEGMENTS)
"""Number of segments, 15."""
N_JOINTS = N_SEGMENTS - 1
"""Number of joints, 14; joint ``j`` is between segment ``j + 1`` and its parent."""
N_AXES = len(AXES)
"""Number of anatomical axes, 34."""

PARENT: Index = np.array([-1] + [SEGMENT_INDEX[node.parent] for node in SEGMENTS[1:]])
"""Index of the parent of each segment, shape (15,); -1 for the pelvis."""
AXIS_JOINT: Index = np.array([axis.joint_index for axis in AXES])
"""Joint of each axis, shape (34,)."""
AXIS_COMPONENT: Index = np.array([axis.component for axis in AXES])
"""Component of the joint's rotation vector behind each axis, shape (34,)."""
AXIS_SIGN: Vector = np.array([float(axis.sign) for axis in AXES])
"""Sign of the anatomical angle in that component, +1 or -1, shape (34,)."""


@dataclass(frozen=True)
class InertialParams:
    """Joint positions and inertial parameters of one body, as arrays over its segments.

    Attributes:
        joint_m: Joint to the parent, in the parent's frame [m], shape (15, 3).
        com_m: Centre of mass in the segment frame [m], shape (15, 3).
        mass_kg: Mass [kg], shape (15,).
        inertia_kgm2: Principal moments of inertia about the centre of mass, with the inertia floor
            of the simulation [kg m2], shape (15, 3).
    """

    joint_m: Vector
    com_m: Vector
    mass_kg: Vector
    inertia_kgm2: Vector


def inertial_params(segments: tuple[Segment, ...]) -> InertialParams:
    """Joint positions and inertial parameters of a body, in the order of its segments."""
    floor = np.array([[s.inertia_floor_kgm2] for s in segments])
    return InertialParams(
        joint_m=np.array([s.joint_m for s in segments]),
        com_m=np.array([s.com_m for s in segments]),
        mass_kg=np.array([s.mass_kg for s in segments]),
        inertia_kgm2=np.array([s.inertia_kgm2 for s in segments]) + floor,
    )


@kernel
def rotation_vectors(angle_rad: Vector) -> Vector:
    """Rotation vectors of the joints [rad], shape (14, 3), from anatomical angles.

    Args:
        angle_rad: Anatomical angles [rad], shape (34,).
    """
    out = np.zeros((N_JOINTS, 3))
    for i in range(N_AXES):
        out[AXIS_JOINT[i], AXIS_COMPONENT[i]] = AXIS_SIGN[i] * angle_rad[i]
    return out


@kernel
def joint_quaternions(angle_rad: Vector) -> Vector:
    """Quaternions of the child in its parent (x, y, z, w), shape (14, 4).

    Args:
        angle_rad: Anatomical angles [rad], shape (34,).

    >>> joint_quaternions(np.zeros(N_AXES))[0].tolist()
    [0.0, 0.0, 0.0, 1.0]
    """
    theta = rotation_vectors(angle_rad)
    out = np.empty((N_JOINTS, 4))
    for j in range(N_JOINTS):
        out[j] = quaternion_of(theta[j])
    return out


@kernel
def rotate(matrix: Vector, vector: Vector, out: Vector) -> None:
    """Write ``matrix @ vector`` into ``out``, shape (3,), without the cost of a BLAS call."""
    for r in range(3):
        out[r] = matrix[r, 0] * vector[0] + matrix[r, 1] * vector[1] + matrix[r, 2] * vector[2]


@kernel
def cross(a: Vector, b: Vector, out: Vector) -> None:
    """Write the cross product ``a x b`` into ``out``, shape (3,).

    >>> out = np.empty(3)
    >>> cross(np.array([1.0, 0.0, 0.0]), np.array([0.0, 1.0, 0.0]), out)
    >>> out.tolist()
    [0.0, 0.0, 1.0]
    """
    out[0] = a[1] * b[2] - a[2] * b[1]
    out[1] = a[2] * b[0] - a[0] * b[2]
    out[2] = a[0] * b[1] - a[1] * b[0]


@kernel
def segment_poses(
    pelvis_pos_world: Vector, pelvis_quat_world: Vector, joint_quat: Vector, joint_m: Vector
) -> tuple[Vector, Vector, Vector]:
    """Poses of all segment frames in the world: forward kinematics from the pelvis outwards.

    Args:
        pelvis_pos_world: Origin of the pelvis frame [m], shape (3,).
        pelvis_quat_world: Orientation of the pelvis (x, y, z, w), shape (4,).
        joint_quat: Quaternions of the child in its parent (x, y, z, w), shape (14, 4).
        joint_m: Joints in their parents' frames [m], shape (15, 3).

    Returns:
        Origins [m] (15, 3), quaternions (x, y, z, w) (15, 4) and rotation matrices (15, 3, 3).
    """
    pos = np.empty((N_SEGMENTS, 3))
    quat = np.empty((N_SEGMENTS, 4))
    matrix = np.empty((N_SEGMENTS, 3, 3))
    offset = np.empty(3)
    pos[0], quat[0], matrix[0] = pelvis_pos_world, pelvis_quat_world, matrix_of(pelvis_quat_world)
    for s in range(1, N_SEGMENTS):
        parent = PARENT[s]
        rotate(matrix[parent], joint_m[s], offset)
        pos[s] = pos[parent] + offset
        quat[s] = product(quat[parent], joint_quat[s - 1])
        matrix[s] = matrix_of(quat[s])
    return pos, quat, matrix


@kernel
def segment_velocities(
    pelvis_velocity: Vector,
    pelvis_angular_velocity: Vector,
    joint_angular_velocity_child: Vector,
    pos: Vector,
    matrix: Vector,
) -> tuple[Vector, Vector]:
    """Velocities of all segment origins and angular velocities of all segments, world frame.

    Args:
        pelvis_velocity: Velocity of the origin of the pelvis frame [m/s], world, shape (3,).
        pelvis_angular_velocity: Angular velocity of the pelvis [rad/s], world, shape (3,).
        joint_angular_velocity_child: Angular velocity of each child relative to its parent, in the
            child frame [rad/s], shape (14, 3).
        pos: Segment origins [m], world, shape (15, 3).
        matrix: Segment rotation matrices, shape (15, 3, 3).

    Returns:
        Velocities [m/s] (15, 3) and angular velocities [rad/s] (15, 3).
    """
    velocity = np.empty((N_SEGMENTS, 3))
    omega = np.empty((N_SEGMENTS, 3))
    relative = np.empty(3)
    velocity[0], omega[0] = pelvis_velocity, pelvis_angular_velocity
    for s in range(1, N_SEGMENTS):
        parent = PARENT[s]
        rotate(matrix[s], joint_angular_velocity_child[s - 1], relative)
        omega[s] = omega[parent] + relative
        # The origin of a segment is its joint, a point of the parent: v = v_p + w_p x r.
        cross(omega[parent], pos[s] - pos[parent], relative)
        velocity[s] = velocity[parent] + relative
    return velocity, omega


@kernel
def centre_of_mass(
    pos: Vector, matrix: Vector, velocity: Vector, omega: Vector, com_m: Vector, mass_kg: Vector
) -> tuple[Vector, Vector]:
    """Centre of mass of the body and its velocity, world frame.

    Args:
        pos: Segment origins [m], shape (15, 3).
        matrix: Segment rotation matrices, shape (15, 3, 3).
        velocity: Velocities of the segment origins [m/s], shape (15, 3).
        omega: Angular velocities of the segments [rad/s], shape (15, 3).
        com_m: Centres of mass in the segment frames [m], shape (15, 3).
        mass_kg: Segment masses [kg], shape (15,).

    Returns:
        Position [m] and velocity [m/s], each shape (3,).
    """
    moment, momentum = np.zeros(3), np.zeros(3)
    lever, relative = np.empty(3), np.empty(3)
    for s in range(N_SEGMENTS):
        rotate(matrix[s], com_m[s], lever)
        cross(omega[s], lever, relative)
        for k in range(3):
            moment[k] += mass_kg[s] * (pos[s, k] + lever[k])
            momentum[k] += mass_kg[s] * (velocity[s, k] + relative[k])
    return moment / mass_kg.sum(), momentum / mass_kg.sum()


def axis_directions(angle_rad: Vector, matrix: Vector) -> Vector:
    """Angular velocity of the child, world frame, per unit rate of each axis [1], shape (34, 3).

    Args:
        angle_rad: Anatomical angles [rad], shape (34,).
        matrix: Segment rotation matrices, shape (15, 3, 3).
    """
    theta = rotation_vectors(angle_rad)
    out = np.empty((N_AXES, 3))
    for i in range(N_AXES):
        joint = AXIS_JOINT[i]
        # w_child = J^-1 d(theta)/dt: an axis is a column of J^-1, turned into the world.
        rate_to_angular_velocity = np.linalg.inv(inverse_right_jacobian(theta[joint]))
        column = rate_to_angular_velocity[:, AXIS_COMPONENT[i]] * AXIS_SIGN[i]
        out[i] = matrix[joint + 1] @ column
    return out


def mass_matrix(body: InertialParams, angle_rad: Vector) -> Vector:
    """Joint-space mass matrix of the free body, shape (40, 40).

    Generalised velocities are the velocity [m/s] of the pelvis origin and the angular velocity
    [rad/s] of the pelvis, both in the pelvis frame, then the rates [rad/s] of the 34 anatomical
    angles. Inertia includes the inertia floor of the simulation.

    Args:
        body: Joint positions and inertial parameters of the body.
        angle_rad: Anatomical angles [rad], shape (34,).
    """
    upright = np.array([0.0, 0.0, 0.0, 1.0])
    pos, _, matrix = segment_poses(np.zeros(3), upright, joint_quaternions(angle_rad), body.joint_m)
    axes = axis_directions(angle_rad, matrix)
    out = np.zeros((6 + N_AXES, 6 + N_AXES))
    # M = sum over segments of m Jv' Jv + Jw' (R I R') Jw, from the kinetic energy of each.
    for s in range(N_SEGMENTS):
        com = pos[s] + matrix[s] @ body.com_m[s]
        linear, angular = _jacobians(s, com, pos, axes)
        inertia = matrix[s] @ np.diag(body.inertia_kgm2[s]) @ matrix[s].T
        out += body.mass_kg[s] * linear.T @ linear + angular.T @ inertia @ angular
    return out


def _jacobians(s: int, com: Vector, pos: Vector, axes: Vector) -> tuple[Vector, Vector]:
    """Jacobians (3, 40) of the velocity of a point of segment ``s`` and of its angular velocity."""
    linear, angular = np.zeros((3, 6 + N_AXES)), np.zeros((3, 6 + N_AXES))
    linear[:, :3] = np.eye(3)
    linear[:, 3:6] = -_cross_matrix(com - pos[0])
    angular[:, 3:6] = np.eye(3)
    while s > 0:  # the axes of every joint between the segment and the pelvis
        turning = np.flatnonzero(s - 1 == AXIS_JOINT)
        angular[:, 6 + turning] = axes[turning].T
        linear[:, 6 + turning] = np.cross(axes[turning], com - pos[s]).T
        s = int(PARENT[s])
    return linear, angular


def _cross_matrix(v: Vector) -> Vector:
    """The matrix ``[v]x`` with ``[v]x a = v x a``, shape (3, 3)."""
    return np.array([[0.0, -v[2], v[1]], [v[2], 0.0, -v[0]], [-v[1], v[0], 0.0]])


def free_inertia(body: InertialParams, angle_rad: Vector) -> Vector:
    """Inertia that a torque at each axis meets while all other axes are free [kg m2], shape (34,).

    It is ``1 / (M^-1)_ii``: the least inertia that a damper at this axis can act against, hence the
    bound on what an explicit damper may do in one step.

    Args:
        body: Joint positions and inertial parameters of the body.
        angle_rad: Anatomical angles [rad], shape (34,).
    """
    inverse = np.asarray(np.linalg.inv(mass_matrix(body, angle_rad)), dtype=np.float64)
    return np.asarray(1.0 / np.diag(inverse)[6:], dtype=np.float64)
