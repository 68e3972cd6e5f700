"""From the joint states that Bullet reports to the joint torques that it wants, compiled.

Bullet gives a ball joint's orientation as a quaternion and its angular velocity in the child frame,
and takes torque in the child frame; muscles work in anatomical angles.
"""

import numpy as np

from dmi_sim.body.arrays import Index, Vector
from dmi_sim.body.kinematics import AXIS_COMPONENT, AXIS_JOINT, AXIS_SIGN, N_AXES, N_JOINTS
from dmi_sim.body.rotation import attitude_of, inverse_right_jacobian
from dmi_sim.body.segments import PLACES
from dmi_sim.kernel import kernel
from dmi_sim.muscle.torque import active_torque, add_passive_torque, advance_activation
from dmi_sim.nervous.reflex import reflex_excitation

IS_HINGE = np.array([place.is_hinge for place in PLACES[1:]])
FLAT_START: Index = np.cumsum([0] + [2 if hinge else 7 for hinge in IS_HINGE])[:-1]
"""Where each joint begins in the flat list of positions and velocities."""


@kernel
def unpack_joints(flat: Vector) -> tuple[Vector, Vector, Vector, Vector, Vector]:
    """Joint states as anatomy reads them.

    Args:
        flat: Quaternion and child-frame velocity of each ball, angle and rate of each hinge.

    Returns:
        Anatomical angles [rad] (34,) and rates [rad/s] (34,), child-in-parent quaternions (14, 4),
        child-frame angular velocities [rad/s] (14, 3), and the inverse Jacobians (14, 3, 3).
    """
    angle, rate = np.empty(N_AXES), np.empty(N_AXES)
    quat, spin = np.zeros((N_JOINTS, 4)), np.zeros((N_JOINTS, 3))
    jacobian = np.empty((N_JOINTS, 3, 3))
    theta, theta_rate = np.empty((N_JOINTS, 3)), np.empty((N_JOINTS, 3))
    for j in range(N_JOINTS):
        start = FLAT_START[j]
        if IS_HINGE[j]:
            _unpack_hinge(flat, start, quat[j], spin[j], theta[j], theta_rate[j])
        else:
            quat[j], spin[j] = flat[start : start + 4], flat[start + 4 : start + 7]
            theta[j] = attitude_of(quat[j])
            jacobian[j] = inverse_right_jacobian(theta[j])
            for r in range(3):
                theta_rate[j, r] = (
                    jacobian[j, r, 0] * spin[j, 0]
                    + jacobian[j, r, 1] * spin[j, 1]
                    + jacobian[j, r, 2] * spin[j, 2]
                )
    for i in range(N_AXES):
        angle[i] = AXIS_SIGN[i] * theta[AXIS_JOINT[i], AXIS_COMPONENT[i]]
        rate[i] = AXIS_SIGN[i] * theta_rate[AXIS_JOINT[i], AXIS_COMPONENT[i]]
    return angle, rate, quat, spin, jacobian


@kernel
def _unpack_hinge(
    flat: Vector, start: int, quat: Vector, spin: Vector, theta: Vector, theta_rate: Vector
) -> None:
    quat[1], quat[3] = np.sin(flat[start] / 2), np.cos(flat[start] / 2)
    theta[1] = flat[start]
    theta_rate[1] = spin[1] = flat[start + 1]


@kernel
def child_torques(torque: Vector, jacobian: Vector) -> Vector:
    """Joint torques in the child frames [N m], shape (14, 3); a hinge uses the first only.

    Args:
        torque: Conjugate to the anatomical angles [N m], shape (34,).
        jacobian: Inverse right Jacobians, shape (14, 3, 3).
    """
    theta = np.zeros((N_JOINTS, 3))
    out = np.zeros((N_JOINTS, 3))
    for i in range(N_AXES):
        theta[AXIS_JOINT[i], AXIS_COMPONENT[i]] = AXIS_SIGN[i] * torque[i]
    for j in range(N_JOINTS):
        if IS_HINGE[j]:
            out[j, 0] = theta[j, 1]
        else:
            for c in range(3):
                for r in range(3):
                    out[j, c] += jacobian[j, r, c] * theta[j, r]
    return out


@kernel
def neuromuscular_step(
    flat: Vector,
    equilibrium: Vector,
    activation: Vector,
    strength: Vector,
    tissue: Vector,
    reflex: Vector,
    constants: Vector,
) -> tuple[Vector, float]:
    """Torques of one physics step.

    Args:
        flat: Joint states, see :func:`unpack_joints`.
        equilibrium: Angles that the controller asks for [rad], shape (34,).
        activation: Of the pairs, shape (2, 34); advanced by one step.
        strength: Largest torques of the pairs [N m], shape (2, 34).
        tissue: Passive tissue, see :func:`add_passive_torque`, shape (6, 34).
        reflex: Gain and damping, see :func:`reflex_excitation`, shape (2, 34).
        constants: Activation time [s], end stiffness [N m/rad], physics step [s].

    Returns:
        Child-frame torques [N m], shape (14, 3), and the largest joint speed [rad/s].
    """
    angle, rate, _, _, jacobian = unpack_joints(flat)
    excitation, torque = np.empty(N_AXES), np.empty(N_AXES)
    reflex_excitation(equilibrium, angle, rate, reflex, excitation)
    advance_activation(activation, excitation, constants[0], constants[2])
    active_torque(activation, strength, torque)
    add_passive_torque(angle, rate, tissue, constants[1], constants[2], torque)
    return child_torques(torque, jacobian), np.abs(rate).max()
