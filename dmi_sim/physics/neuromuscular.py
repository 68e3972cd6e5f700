"""From the joint states that Bullet reports to the joint torques that it wants, compiled.

Bullet gives a ball joint's orientation as a quaternion and its angular velocity in the child frame,
and takes torque in the child frame; muscles work in anatomical angles.
"""

from typing import NamedTuple

import numpy as np

from dmi_sim.anatomy import SEGMENTS
from dmi_sim.arrays import Index, Vector
from dmi_sim.body.kinematics import AXIS_COMPONENT, AXIS_JOINT, AXIS_SIGN, N_AXES, N_JOINTS
from dmi_sim.body.rotation import inverse_right_jacobian, rotation_vector_of
from dmi_sim.kernel import kernel
from dmi_sim.muscle.force import (
    add_fibre_work,
    advance_activation,
    fibre_motion,
    muscle_force,
    muscle_torque,
)
from dmi_sim.muscle.tissue import add_spring_torque
from dmi_sim.nervous.delay import read_delay_buffer
from dmi_sim.nervous.reflex import (
    mass_action,
    phasic_reflex,
    reciprocal_inhibition,
    stretch_reflex,
)

IS_HINGE = np.array([place.is_hinge for place in SEGMENTS[1:]])
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
            theta[j] = rotation_vector_of(quat[j])
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


class NeuromuscularParams(NamedTuple):
    """One infant's muscles, tissue and reflexes as the compiled step wants them.

    Attributes:
        fibre: Peak force [N], optimal length [m], neutral length, fastest [1/s], rise and fall of
            activation a step, sum of the arms [m], passive force [N]; shape (8, n).
        reflex: Gain, velocity [s], threshold, inhibition, selectivity, phasic gain [s] and
            threshold [1/s]; shape (7, n).
        places: Muscle and axis of every moment arm, shape (2, pairs).
        arms: StepContext arms [m], and over the norm of the muscle's arms; shape (2, pairs).
        physics_steps: Reflex delay [steps] and limb (neck, trunk, arms, legs); shape (2, n).
        tissue: Stiffness, lowest, highest, rest, end stiffness, damping, inertia bound; (7, 34).
        implicit_damping: What the velocity-dependent torques are multiplied by, shape (34, 34).
        dt_s: Physics step [s].
    """

    fibre: Vector
    reflex: Vector
    places: Index
    arms: Vector
    physics_steps: Index
    tissue: Vector
    implicit_damping: Vector
    dt_s: float


@kernel
def neuromuscular_step(
    flat: Vector, tick: int, muscle_state: Vector, delay_buffer: Vector, law: NeuromuscularParams
) -> tuple[Vector, float]:
    """Torques of one physics step.

    Args:
        flat: Joint states, see :func:`unpack_joints`.
        tick: Physics steps since the start of the episode.
        muscle_state: Rows activation, central excitation, commanded length, noise factor, work of the
            active fibre while it shortens and while it is stretched [J]; shape (6, n); activation
            is advanced by one step, work grows.
        delay_buffer: SupportSprings of past steps: fibre lengths, then angles; fibre velocities, then rates;
            shape (slots, 2, n + 34); this step is written.
        law: Of the infant.

    Returns:
        Child-frame torques [N m], shape (14, 3), and the largest joint speed [rad/s].
    """
    angle, rate, _, _, jacobian = unpack_joints(flat)
    n = muscle_state.shape[1]
    now = delay_buffer[tick % delay_buffer.shape[0]]
    now[0, n:], now[1, n:] = angle, rate
    length, velocity = now[0, :n], now[1, :n]
    fibre_motion(angle, rate, law.fibre, law.places, law.arms[0], length, velocity)
    drive = _spinal_drive(tick, muscle_state, delay_buffer, law)
    advance_activation(muscle_state[0], drive, law.fibre[4], law.fibre[5])
    torque, force = _joint_torque(muscle_state[0], length, velocity, law)
    bound = 1.0 + law.dt_s * torque[2] / law.tissue[6]
    _apply_implicit_damping(angle, rate, torque, bound, law)
    if muscle_state[0].max() > 0.0:
        eased, unused = np.empty(n), np.empty(n)
        slow = damped_rates(rate, bound, law.implicit_damping)
        fibre_motion(angle, slow, law.fibre, law.places, law.arms[0], unused, eased)
        add_fibre_work(force, velocity, eased, law.fibre[1], law.dt_s, muscle_state[4:])
    return child_torques(torque[0], jacobian), np.abs(rate).max()


@kernel
def _spinal_drive(
    tick: int, muscle_state: Vector, delay_buffer: Vector, law: NeuromuscularParams
) -> Vector:
    n = muscle_state.shape[1]
    length, velocity, drive = np.empty(n), np.empty(n), np.empty(n)
    read_delay_buffer(delay_buffer, tick, law.physics_steps[0], length, velocity)
    stretch_reflex(muscle_state[1], muscle_state[2], length, velocity, law.reflex, drive)
    reciprocal_inhibition(drive, law.reflex[3], law.places, law.arms[1], np.empty(N_AXES + n))
    mass_action(drive, law.reflex[4], law.physics_steps[1])
    drive *= muscle_state[3]
    phasic_reflex(velocity, law.reflex[5:], drive)
    for m in range(n):
        drive[m] = min(1.0, max(0.0, drive[m]))
    return drive


@kernel
def _joint_torque(
    activation: Vector, length: Vector, velocity: Vector, law: NeuromuscularParams
) -> tuple[Vector, Vector]:
    force, torque = np.empty((4, activation.size)), np.empty((3, N_AXES))
    muscle_force(activation, length, velocity, law.fibre, force)
    muscle_torque(force, law.places, law.arms[0], law.fibre[6], torque)
    return torque, force


@kernel
def damped_rates(rate: Vector, bound: Vector, implicit_damping: Vector) -> Vector:
    """Rates [rad/s], shape (34,), with which a softened torque does the work that it really does.

    What velocity adds to muscle force reaches the joints softened, as ``implicit_damping @ (torque /
    bound)``; its power is the whole torque times these rates.

    Args:
        rate: Of the anatomical angles [rad/s], shape (34,).
        bound: What active damping is divided by, shape (34,).
        implicit_damping: See :class:`NeuromuscularParams`.
    """
    out = np.zeros(N_AXES)
    for k in range(N_AXES):
        for i in range(N_AXES):
            out[i] += implicit_damping[k, i] * rate[k]
    return out / bound


@kernel
def _apply_implicit_damping(
    angle: Vector, rate: Vector, torque: Vector, bound: Vector, law: NeuromuscularParams
) -> None:
    """Complete ``torque[0]`` [N m] with springs and with all that depends on velocity.

    Damping acts on the velocity at the end of the step: passive dampers ``D`` exactly for a body of
    mobility ``W`` (joint block of the inverse mass matrix of the start pose), through the constant
    matrix ``(I + dt D W)^-1``; the damping of active muscle per axis, with the inertia that is left
    beside them: ``bound`` divides it, shape (34,). Torques that do not depend on velocity stay:
    nothing softens at rest.
    """
    add_spring_torque(angle, law.tissue, torque[0])
    slow = np.empty(N_AXES)
    for i in range(N_AXES):
        slow[i] = torque[1, i] / bound[i] - law.tissue[5, i] * rate[i]
    for i in range(N_AXES):
        total = 0.0
        for k in range(N_AXES):
            total += law.implicit_damping[i, k] * slow[k]
        torque[0, i] += total
