"""Where the segments are and how heavy they are to move, from joint coordinates alone.

The physics engine is asked only for the state of its joints; positions, velocities and the centre
of mass follow here, compiled, faster than the engine's own queries and without an engine.
"""

from dataclasses import dataclass

import numpy as np

from dmi_sim.anatomy import AXES, SEGMENTS
from dmi_sim.arrays import Index, Vector
from dmi_sim.body.rotation import inverse_right_jacobian, matrix_of, product, quaternion_of
from dmi_sim.body.segments import Segment
from dmi_sim.kernel import kernel

N_SEGMENTS = len(SEGMENTS)
N_JOINTS = N_SEGMENTS - 1
N_AXES = len(AXES)

PARENT: Index = np.array(
    [-1] + [[p.name for p in SEGMENTS].index(place.parent) for place in SEGMENTS[1:]]
)
"""Index of the parent of each segment, shape (15,)."""
AXIS_JOINT: Index = np.array([axis.joint_index for axis in AXES])
AXIS_COMPONENT: Index = np.array([axis.component for axis in AXES])
AXIS_SIGN: Vector = np.array([float(axis.sign) for axis in AXES])


@dataclass(frozen=True)
class Masses:
    """Arrays over the segments of one body.

    Attributes:
        joint_m: Joint in the parent's frame [m], shape (15, 3).
        com_m: Centre of mass in the segment frame [m], shape (15, 3).
        mass_kg: Mass [kg], shape (15,).
        inertia_kgm2: Principal moments with the simulation's floor [kg m2], shape (15, 3).
    """

    joint_m: Vector
    com_m: Vector
    mass_kg: Vector
    inertia_kgm2: Vector


def masses_of(segments: tuple[Segment, ...]) -> Masses:
    """Arrays of a body, in the order of its segments."""
    floor = np.array([[s.inertia_floor_kgm2] for s in segments])
    return Masses(
        joint_m=np.array([s.joint_m for s in segments]),
        com_m=np.array([s.com_m for s in segments]),
        mass_kg=np.array([s.mass_kg for s in segments]),
        inertia_kgm2=np.array([s.inertia_kgm2 for s in segments]) + floor,
    )


@kernel
def rotation_vectors(angle_rad: Vector) -> Vector:
    """Attitude vectors [rad] of the joints, shape (14, 3), from anatomical angles, shape (34,)."""
    out = np.zeros((N_JOINTS, 3))
    for i in range(N_AXES):
        out[AXIS_JOINT[i], AXIS_COMPONENT[i]] = AXIS_SIGN[i] * angle_rad[i]
    return out


@kernel
def joint_quaternions(angle_rad: Vector) -> Vector:
    """Child-in-parent quaternions (x, y, z, w), shape (14, 4), from anatomical angles."""
    theta = rotation_vectors(angle_rad)
    out = np.empty((N_JOINTS, 4))
    for j in range(N_JOINTS):
        out[j] = quaternion_of(theta[j])
    return out


@kernel
def rotate(matrix: Vector, vector: Vector, out: Vector) -> None:
    """Write ``matrix @ vector`` into ``out``, shape (3,), without a call into BLAS."""
    for r in range(3):
        out[r] = matrix[r, 0] * vector[0] + matrix[r, 1] * vector[1] + matrix[r, 2] * vector[2]


@kernel
def cross(a: Vector, b: Vector, out: Vector) -> None:
    """Write ``a x b`` into ``out``, shape (3,)."""
    out[0] = a[1] * b[2] - a[2] * b[1]
    out[1] = a[2] * b[0] - a[0] * b[2]
    out[2] = a[0] * b[1] - a[1] * b[0]


@kernel
def segment_poses(
    pelvis_pos_world: Vector, pelvis_quat_world: Vector, joint_quat: Vector, joint_m: Vector
) -> tuple[Vector, Vector, Vector]:
    """Frames of all segments in the world.

    Args:
        pelvis_pos_world: PolicyMetadata of the pelvis frame [m], shape (3,).
        pelvis_quat_world: Its orientation (x, y, z, w).
        joint_quat: Child-in-parent quaternions, shape (14, 4).
        joint_m: Joints in their parents' frames [m], shape (15, 3).

    Returns:
        Origins [m] (15, 3), quaternions (15, 4) and rotation matrices (15, 3, 3).
    """
    pos = np.empty((N_SEGMENTS, 3))
    quat = np.empty((N_SEGMENTS, 4))
    matrix = np.empty((N_SEGMENTS, 3, 3))
    arm = np.empty(3)
    pos[0], quat[0], matrix[0] = pelvis_pos_world, pelvis_quat_world, matrix_of(pelvis_quat_world)
    for s in range(1, N_SEGMENTS):
        up = PARENT[s]
        rotate(matrix[up], joint_m[s], arm)
        pos[s] = pos[up] + arm
        quat[s] = product(quat[up], joint_quat[s - 1])
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
    """Velocities of all segment origins and angular velocities, in the world.

    Args:
        pelvis_velocity: Of the origin of the pelvis frame [m/s], world, shape (3,).
        pelvis_angular_velocity: Angular velocity of the pelvis [rad/s], world, shape (3,).
        joint_angular_velocity_child: Relative angular velocities in the child frames [rad/s], shape (14, 3).
        pos: Segment origins [m], world, shape (15, 3).
        matrix: Segment rotation matrices, shape (15, 3, 3).

    Returns:
        Velocities [m/s] (15, 3) and angular velocities [rad/s] (15, 3).
    """
    velocity = np.empty((N_SEGMENTS, 3))
    spin = np.empty((N_SEGMENTS, 3))
    step = np.empty(3)
    velocity[0], spin[0] = pelvis_velocity, pelvis_angular_velocity
    for s in range(1, N_SEGMENTS):
        up = PARENT[s]
        rotate(matrix[s], joint_angular_velocity_child[s - 1], step)
        spin[s] = spin[up] + step
        cross(spin[up], pos[s] - pos[up], step)
        velocity[s] = velocity[up] + step
    return velocity, spin


@kernel
def centre_of_mass(
    pos: Vector, matrix: Vector, velocity: Vector, spin: Vector, com_m: Vector, mass_kg: Vector
) -> tuple[Vector, Vector]:
    """Centre of mass of the body [m] and its velocity [m/s], world, each shape (3,)."""
    centre, motion = np.zeros(3), np.zeros(3)
    arm, turn = np.empty(3), np.empty(3)
    for s in range(N_SEGMENTS):
        rotate(matrix[s], com_m[s], arm)
        cross(spin[s], arm, turn)
        for k in range(3):
            centre[k] += mass_kg[s] * (pos[s, k] + arm[k])
            motion[k] += mass_kg[s] * (velocity[s, k] + turn[k])
    return centre / mass_kg.sum(), motion / mass_kg.sum()


def axis_directions(angle_rad: Vector, matrix: Vector) -> Vector:
    """Angular velocity of the child in the world per unit rate of each axis, shape (34, 3)."""
    theta = rotation_vectors(angle_rad)
    out = np.empty((N_AXES, 3))
    for i in range(N_AXES):
        joint = AXIS_JOINT[i]
        rate_to_angular_velocity = np.linalg.inv(inverse_right_jacobian(theta[joint]))
        column = rate_to_angular_velocity[:, AXIS_COMPONENT[i]] * AXIS_SIGN[i]
        out[i] = matrix[joint + 1] @ column
    return out


def mass_matrix(masses: Masses, angle_rad: Vector) -> Vector:
    """Mass matrix over pelvis and joint axes, shape (40, 40).

    Coordinates: velocity of the pelvis origin and its angular velocity, both in the pelvis frame,
    then the rates of the 34 anatomical angles. Inertia includes the simulation's floor.

    Args:
        masses: Of the body.
        angle_rad: Anatomical angles [rad], shape (34,).
    """
    upright = np.array([0.0, 0.0, 0.0, 1.0])
    pos, _, matrix = segment_poses(
        np.zeros(3), upright, joint_quaternions(angle_rad), masses.joint_m
    )
    axes = axis_directions(angle_rad, matrix)
    out = np.zeros((6 + N_AXES, 6 + N_AXES))
    for s in range(N_SEGMENTS):
        com = pos[s] + matrix[s] @ masses.com_m[s]
        linear, angular = _jacobians(s, com, pos, axes)
        inertia = matrix[s] @ np.diag(masses.inertia_kgm2[s]) @ matrix[s].T
        out += masses.mass_kg[s] * linear.T @ linear + angular.T @ inertia @ angular
    return out


def _jacobians(s: int, com: Vector, pos: Vector, axes: Vector) -> tuple[Vector, Vector]:
    """Jacobians (3, 40) of the velocity of a point of segment ``s`` and of its spin."""
    linear, angular = np.zeros((3, 6 + N_AXES)), np.zeros((3, 6 + N_AXES))
    linear[:, :3] = np.eye(3)
    linear[:, 3:6] = -_cross_matrix(com - pos[0])
    angular[:, 3:6] = np.eye(3)
    while s > 0:
        for i in np.flatnonzero(s - 1 == AXIS_JOINT):
            angular[:, 6 + i] = axes[i]
            linear[:, 6 + i] = np.cross(axes[i], com - pos[s])
        s = int(PARENT[s])
    return linear, angular


def _cross_matrix(v: Vector) -> Vector:
    return np.array([[0.0, -v[2], v[1]], [v[2], 0.0, -v[0]], [-v[1], v[0], 0.0]])


def free_inertia(masses: Masses, angle_rad: Vector) -> Vector:
    """Inertia that a torque at each axis meets when all else is free [kg m2], shape (34,).

    ``1 / (M^-1)_ii``: the least inertia that a damper at this axis can act against, hence the bound
    on what an explicit damper may do in one step.
    """
    inverse = np.asarray(np.linalg.inv(mass_matrix(masses, angle_rad)), dtype=np.float64)
    return np.asarray(1.0 / np.diag(inverse)[6:], dtype=np.float64)
