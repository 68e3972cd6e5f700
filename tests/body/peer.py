"""The infant's MJCF in MuJoCo, an engine that shares no code with Bullet or our kinematics."""

from importlib import import_module
from typing import Any

import numpy as np

from dmi_sim.anatomy import AXES, SEGMENTS
from dmi_sim.arrays import Vector
from dmi_sim.body.kinematics import rotation_vectors
from dmi_sim.infant import Infant

mujoco: Any = import_module("mujoco")
"""Its compiled module has no type stubs."""

GRAVITY_M_S2 = 9.81
LEVEL = np.array([0.0, 0.0, 0.0, 1.0])
HINGE = mujoco.mjtJoint.mjJNT_HINGE


def model_of(infant: Infant, *, floor: bool = False) -> Any:
    """A MuJoCo model of the text that users get, with a floor at height 0 or with nothing."""
    scene = mujoco.MjSpec.from_string(infant.mjcf())
    if floor:
        plane = mujoco.mjtGeom.mjGEOM_PLANE
        scene.worldbody.add_geom(name="floor", type=plane, size=[0, 0, 1])
    return scene.compile()


def posed(model: Any, pos: Vector, quat: Vector, angle_rad: Vector) -> Any:
    """MuJoCo's data of a body at rest: pelvis [m] and (x, y, z, w), anatomical angles [rad]."""
    data, theta = mujoco.MjData(model), rotation_vectors(angle_rad)
    data.qpos[:3], data.qpos[3:7] = pos, quat[[3, 0, 1, 2]]
    for node, own in zip(SEGMENTS[1:], theta, strict=True):
        start = model.joint(node.joint).qposadr[0]
        if node.is_hinge:
            data.qpos[start] = own[1]
        else:
            data.qpos[start : start + 4] = _quaternion(own)
    mujoco.mj_forward(model, data)
    return data


def angles(model: Any, data: Any) -> Vector:
    """Anatomical angles [rad] of a posed body, shape (34,)."""
    out, theta = np.empty(len(AXES)), np.empty(3)
    for i, axis in enumerate(AXES):
        joint = model.joint(axis.joint)
        start = joint.qposadr[0]
        if joint.type[0] == HINGE:
            out[i] = axis.sign * data.qpos[start]
        else:
            mujoco.mju_quat2Vel(theta, data.qpos[start : start + 4], 1.0)
            out[i] = axis.sign * theta[axis.component]
    return out


def mass_matrix(model: Any, angle_rad: Vector) -> Vector:
    """MuJoCo's mass matrix over our coordinates, shape (40, 40)."""
    data = posed(model, np.zeros(3), LEVEL, angle_rad)
    full = np.zeros((model.nv, model.nv))
    mujoco.mj_fullM(model, data, full)
    rates = _rates(model, LEVEL, angle_rad)
    return rates.T @ full @ rates


def gravity_torque(model: Any, pelvis_quat: Vector, angle_rad: Vector) -> Vector:
    """Generalised force of gravity in MuJoCo over our coordinates, shape (40,)."""
    data = posed(model, np.zeros(3), pelvis_quat, angle_rad)
    return -_rates(model, pelvis_quat, angle_rad).T @ data.qfrc_bias


def up_in(pelvis_quat: Vector) -> Vector:
    """The world's upward direction in a frame, by MuJoCo, shape (3,)."""
    back, up = np.empty(4), np.empty(3)
    mujoco.mju_negQuat(back, pelvis_quat[[3, 0, 1, 2]])
    mujoco.mju_rotVecQuat(up, np.array([0.0, 0.0, 1.0]), back)
    return up


def _rates(model: Any, pelvis_quat: Vector, angle_rad: Vector) -> Vector:
    """MuJoCo's velocities per unit of each of ours, shape (40, 40).

    MuJoCo's are the velocity of the pelvis in the world and angular velocities in the child frames;
    ours are velocity and angular velocity of the pelvis in its own frame, then the rates of the
    anatomical angles.
    """
    theta, turn = rotation_vectors(angle_rad), np.empty(9)
    mujoco.mju_quat2Mat(turn, pelvis_quat[[3, 0, 1, 2]])
    out = np.zeros((model.nv, 6 + len(AXES)))
    out[:3, :3], out[3:6, 3:6] = turn.reshape(3, 3), np.eye(3)
    for column, axis in enumerate(AXES, start=6):
        joint = model.joint(axis.joint)
        speed = joint.dofadr[0]
        if joint.type[0] == HINGE:
            out[speed, column] = axis.sign
        else:
            omega = rotation_vector_jacobian(theta[axis.joint_index])[:, axis.component]
            out[speed : speed + 3, column] = axis.sign * omega
    return out


def rotation_vector_jacobian(theta: Vector) -> Vector:
    """Child-frame angular velocity per rate of a rotation vector, by MuJoCo's differences.

    Column k is the rotation from ``theta - h e_k`` to ``theta + h e_k``, over 2 h.
    """
    columns = np.empty((3, 3))
    step = 1e-4
    for k, shift in enumerate(np.eye(3) * step):
        before, after = _quaternion(theta - shift), _quaternion(theta + shift)
        mujoco.mju_subQuat(columns[k], after, before)
    return columns.T / (2 * step)


def _quaternion(theta: Vector) -> Vector:
    angle = float(np.linalg.norm(theta))
    out = np.empty(4)
    mujoco.mju_axisAngle2Quat(out, theta / angle if angle else np.array([1.0, 0, 0]), angle)
    return out


def turned(quaternion: Vector, rotation_vector: Vector, *, in_world: bool = False) -> Vector:
    """A quaternion (x, y, z, w) after a further rotation, in its own frame or in the world's."""
    own, turn, out = quaternion[[3, 0, 1, 2]], _quaternion(rotation_vector), np.empty(4)
    mujoco.mju_mulQuat(out, *((turn, own) if in_world else (own, turn)))
    return out[[1, 2, 3, 0]]
