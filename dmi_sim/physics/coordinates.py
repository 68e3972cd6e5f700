"""Generalised coordinates of the free body, and the way from them to anatomical angles and back.

An engine gives the state of the body as positions ``q`` and velocities ``u``. They begin with the
pelvis: position [m] and quaternion of its centre of mass, velocity [m/s] and angular velocity
[rad/s], all in the world. Then come the joints in the order of ``SEGMENTS``: the quaternion of the
child in its parent and the angular velocity in the child frame of each ball, the angle and rate of
each hinge. Torques are conjugate to ``u``. Muscles work in anatomical angles.
"""

import numpy as np

from dmi_sim.anatomy import SEGMENTS
from dmi_sim.arrays import Index, Vector
from dmi_sim.body.kinematics import AXIS_COMPONENT, AXIS_JOINT, AXIS_SIGN, N_AXES, N_JOINTS
from dmi_sim.body.rotation import inverse_right_jacobian, rotation_vector_of
from dmi_sim.kernel import kernel

IS_HINGE = np.array([node.is_hinge for node in SEGMENTS[1:]])
"""Whether each joint is a hinge, shape (14,)."""
JOINT_Q: Index = 7 + np.cumsum([0] + [1 if hinge else 4 for hinge in IS_HINGE])[:-1]
"""Index of each joint's first number in the positions ``q``, shape (14,)."""
JOINT_U: Index = 6 + np.cumsum([0] + [1 if hinge else 3 for hinge in IS_HINGE])[:-1]
"""Index of each joint's first number in the velocities ``u``, shape (14,)."""
N_Q = int(7 + np.where(IS_HINGE, 1, 4).sum())
"""Number of positions, 51."""
N_U = int(6 + np.where(IS_HINGE, 1, 3).sum())
"""Number of velocities, 40."""


@kernel
def unpack_joints(q: Vector, u: Vector) -> tuple[Vector, Vector, Vector, Vector, Vector]:
    """Joint states as anatomical angles and rates.

    The rate of a rotation vector ``theta`` is ``J^-1(theta)`` times the angular velocity in the
    child frame, with the right Jacobian ``J`` of the exponential map.

    Args:
        q: Generalised positions, shape (51,).
        u: Generalised velocities, shape (40,).

    Returns:
        Anatomical angles [rad] (34,) and rates [rad/s] (34,), child-in-parent quaternions (14, 4),
        child-frame angular velocities [rad/s] (14, 3), and the inverse Jacobians (14, 3, 3).
    """
    angle, rate = np.empty(N_AXES), np.empty(N_AXES)
    quat, angular_velocity = np.zeros((N_JOINTS, 4)), np.zeros((N_JOINTS, 3))
    jacobian = np.empty((N_JOINTS, 3, 3))
    theta, theta_rate = np.empty((N_JOINTS, 3)), np.empty((N_JOINTS, 3))
    for j in range(N_JOINTS):
        at, moving = JOINT_Q[j], JOINT_U[j]
        if IS_HINGE[j]:  # about the second axis of the child
            quat[j, 1], quat[j, 3] = np.sin(q[at] / 2), np.cos(q[at] / 2)
            theta[j, 1] = q[at]
            theta_rate[j, 1] = angular_velocity[j, 1] = u[moving]
        else:
            quat[j], angular_velocity[j] = q[at : at + 4], u[moving : moving + 3]
            theta[j] = rotation_vector_of(quat[j])
            jacobian[j] = inverse_right_jacobian(theta[j])
            for r in range(3):
                theta_rate[j, r] = (
                    jacobian[j, r, 0] * angular_velocity[j, 0]
                    + jacobian[j, r, 1] * angular_velocity[j, 1]
                    + jacobian[j, r, 2] * angular_velocity[j, 2]
                )
    for i in range(N_AXES):
        angle[i] = AXIS_SIGN[i] * theta[AXIS_JOINT[i], AXIS_COMPONENT[i]]
        rate[i] = AXIS_SIGN[i] * theta_rate[AXIS_JOINT[i], AXIS_COMPONENT[i]]
    return angle, rate, quat, angular_velocity, jacobian


@kernel
def generalised_torques(torque: Vector, jacobian: Vector) -> Vector:
    """Joint torques conjugate to the joints' part of ``u`` [N m], shape (34,).

    Args:
        torque: Joint torques conjugate to the anatomical angles [N m], shape (34,).
        jacobian: Inverse right Jacobians, shape (14, 3, 3).
    """
    # Power is the same in both coordinates, so torque maps with the transpose of the Jacobian.
    theta = np.zeros((N_JOINTS, 3))
    out = np.zeros(N_U - 6)
    for i in range(N_AXES):
        theta[AXIS_JOINT[i], AXIS_COMPONENT[i]] = AXIS_SIGN[i] * torque[i]
    for j in range(N_JOINTS):
        moving = JOINT_U[j] - 6
        if IS_HINGE[j]:
            out[moving] = theta[j, 1]
        else:
            for c in range(3):
                for r in range(3):
                    out[moving + c] += jacobian[j, r, c] * theta[j, r]
    return out
