"""One physics step of the neuromuscular system, compiled: from joint states to joint torques.

The engine gives a ball joint's orientation as a quaternion and its angular velocity in the child
frame, and takes torque in the child frame; muscles work in anatomical angles. The order of a step
is: joint angles, fibre lengths, spinal drive from delayed lengths, activation, muscle force, joint
torque, implicit damping.
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

IS_HINGE = np.array([node.is_hinge for node in SEGMENTS[1:]])
FLAT_START: Index = np.cumsum([0] + [2 if hinge else 7 for hinge in IS_HINGE])[:-1]
"""Index of each joint's first number in the flat array: 4 + 3 for a ball, 1 + 1 for a hinge."""


@kernel
def unpack_joints(flat: Vector) -> tuple[Vector, Vector, Vector, Vector, Vector]:
    """Joint states as anatomical angles and rates.

    The rate of a rotation vector ``theta`` is ``J^-1(theta)`` times the angular velocity in the
    child frame, with the right Jacobian ``J`` of the exponential map.

    Args:
        flat: Quaternion and child-frame angular velocity of each ball, angle and rate of each
            hinge, one joint after the other.

    Returns:
        Anatomical angles [rad] (34,) and rates [rad/s] (34,), child-in-parent quaternions (14, 4),
        child-frame angular velocities [rad/s] (14, 3), and the inverse Jacobians (14, 3, 3).
    """
    angle, rate = np.empty(N_AXES), np.empty(N_AXES)
    quat, angular_velocity = np.zeros((N_JOINTS, 4)), np.zeros((N_JOINTS, 3))
    jacobian = np.empty((N_JOINTS, 3, 3))
    theta, theta_rate = np.empty((N_JOINTS, 3)), np.empty((N_JOINTS, 3))
    for j in range(N_JOINTS):
        start = FLAT_START[j]
        if IS_HINGE[j]:
            _unpack_hinge(flat, start, quat[j], angular_velocity[j], theta[j], theta_rate[j])
        else:
            quat[j], angular_velocity[j] = flat[start : start + 4], flat[start + 4 : start + 7]
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
def _unpack_hinge(
    flat: Vector,
    start: int,
    quat: Vector,
    angular_velocity: Vector,
    theta: Vector,
    theta_rate: Vector,
) -> None:
    quat[1], quat[3] = np.sin(flat[start] / 2), np.cos(flat[start] / 2)
    theta[1] = flat[start]
    theta_rate[1] = angular_velocity[1] = flat[start + 1]


@kernel
def child_torques(torque: Vector, jacobian: Vector) -> Vector:
    """Joint torques in the child frames [N m], shape (14, 3); a hinge uses the first only.

    Args:
        torque: Joint torques conjugate to the anatomical angles [N m], shape (34,).
        jacobian: Inverse right Jacobians, shape (14, 3, 3).
    """
    # Power is the same in both coordinates, so torque maps with the transpose of the Jacobian.
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
    """One infant's muscles, tissue and reflexes as arrays for the compiled step.

    Moment arms are sparse: they are kept as pairs of a muscle and an axis that it turns.

    Attributes:
        fibre: Rows by muscle, shape (8, n): 0 peak force [N], 1 optimal length [m], 2 neutral
            length over optimal, 3 largest shortening velocity [1/s], 4 and 5 share of the way that
            activation rises and falls in one step, 6 sum of the absolute moment arms [m],
            7 passive force at 1.6 of optimal length [N].
        reflex: Rows by muscle, shape (7, n): 0 gain, 1 velocity gain [s], 2 threshold,
            3 reciprocal inhibition, 4 selectivity, 5 phasic gain [s], 6 phasic threshold [1/s].
        arm_index: Muscle (row 0) and axis (row 1) of every moment arm, shape (2, pairs).
        moment_arm_m: Moment arms [m], shape (pairs,).
        moment_arm_share: Moment arms over the norm of all arms of the muscle, shape (pairs,).
        reflex_delay_steps: Reflex delay in physics steps, shape (n,).
        limb: Number of the limb of each muscle (neck, trunk, two arms, two legs), shape (n,).
        tissue: Rows by axis, shape (7, 34): 0 stiffness [N m/rad], 1 lowest, 2 highest and 3 rest
            angle [rad], 4 end stiffness [N m/rad], 5 damping [N m s/rad], 6 inertia that active
            damping meets [kg m2].
        implicit_damping: The matrix ``(I + dt D W)^-1`` that multiplies all torques that depend on
            velocity, shape (34, 34).
        dt_s: Physics step [s].
    """

    fibre: Vector
    reflex: Vector
    arm_index: Index
    moment_arm_m: Vector
    moment_arm_share: Vector
    reflex_delay_steps: Index
    limb: Index
    tissue: Vector
    implicit_damping: Vector
    dt_s: float


@kernel
def neuromuscular_step(
    flat: Vector, step: int, muscle_state: Vector, delay_buffer: Vector, params: NeuromuscularParams
) -> tuple[Vector, float]:
    """The joint torques of one physics step.

    Args:
        flat: Joint states, see :func:`unpack_joints`.
        step: Physics steps since the start of the episode.
        muscle_state: Rows by muscle, shape (6, n): 0 activation, 1 central excitation, 2 commanded
            length, 3 noise factor, 4 and 5 work of the active fibre while it shortens and while it
            is stretched [J]. Activation is advanced by one step and work grows.
        delay_buffer: Ring buffer of past steps, shape (buffer_length, 2, n + 34): fibre lengths
            and joint angles, then their rates. This step is written.
        params: Muscles, tissue and reflexes of the infant.

    Returns:
        Child-frame torques [N m], shape (14, 3), and the largest joint speed [rad/s].
    """
    angle, rate, _, _, jacobian = unpack_joints(flat)
    n = muscle_state.shape[1]
    now = delay_buffer[step % delay_buffer.shape[0]]
    now[0, n:], now[1, n:] = angle, rate
    length, velocity = now[0, :n], now[1, :n]
    fibre_motion(angle, rate, params.fibre, params.arm_index, params.moment_arm_m, length, velocity)
    drive = _spinal_drive(step, muscle_state, delay_buffer, params)
    advance_activation(muscle_state[0], drive, params.fibre[4], params.fibre[5])
    torque, force = _joint_torque(muscle_state[0], length, velocity, params)
    bound = 1.0 + params.dt_s * torque[2] / params.tissue[6]
    _apply_implicit_damping(angle, rate, torque, bound, params)
    if muscle_state[0].max() > 0.0:
        damped, unused = np.empty(n), np.empty(n)
        slow_rate = damped_rates(rate, bound, params.implicit_damping)
        fibre_motion(
            angle, slow_rate, params.fibre, params.arm_index, params.moment_arm_m, unused, damped
        )
        add_fibre_work(force, velocity, damped, params.fibre[1], params.dt_s, muscle_state[4:])
    return child_torques(torque[0], jacobian), np.abs(rate).max()


@kernel
def _spinal_drive(
    step: int, muscle_state: Vector, delay_buffer: Vector, params: NeuromuscularParams
) -> Vector:
    n = muscle_state.shape[1]
    length, velocity, drive = np.empty(n), np.empty(n), np.empty(n)
    read_delay_buffer(delay_buffer, step, params.reflex_delay_steps, length, velocity)
    stretch_reflex(muscle_state[1], muscle_state[2], length, velocity, params.reflex, drive)
    reciprocal_inhibition(
        drive, params.reflex[3], params.arm_index, params.moment_arm_share, np.empty(N_AXES + n)
    )
    mass_action(drive, params.reflex[4], params.limb)
    drive *= muscle_state[3]
    phasic_reflex(velocity, params.reflex[5:], drive)
    for m in range(n):
        drive[m] = min(1.0, max(0.0, drive[m]))
    return drive


@kernel
def _joint_torque(
    activation: Vector, length: Vector, velocity: Vector, params: NeuromuscularParams
) -> tuple[Vector, Vector]:
    force, torque = np.empty((4, activation.size)), np.empty((3, N_AXES))
    muscle_force(activation, length, velocity, params.fibre, force)
    muscle_torque(force, params.arm_index, params.moment_arm_m, params.fibre[6], torque)
    return torque, force


@kernel
def damped_rates(rate: Vector, bound: Vector, implicit_damping: Vector) -> Vector:
    """Joint rates that account for the work of an implicitly damped torque [rad/s], shape (34,).

    The velocity-dependent part of muscle force reaches the joints as ``M @ (torque / bound)`` with
    the implicit damping matrix ``M``. Its power with the true rates equals the power of the whole
    torque with these rates, so fibre work is booked as it was really done.

    Args:
        rate: Rates of the anatomical angles [rad/s], shape (34,).
        bound: Divisor of the active damping of each axis, shape (34,).
        implicit_damping: The matrix ``M``, see :class:`NeuromuscularParams`, shape (34, 34).
    """
    out = np.zeros(N_AXES)
    for k in range(N_AXES):
        for i in range(N_AXES):
            out[i] += implicit_damping[k, i] * rate[k]
    return out / bound


@kernel
def _apply_implicit_damping(
    angle: Vector, rate: Vector, torque: Vector, bound: Vector, params: NeuromuscularParams
) -> None:
    """Complete ``torque[0]`` [N m] with tissue springs and with all that depends on velocity.

    Damping acts on the velocity at the end of the step. Passive dampers ``D`` do so exactly for a
    body of mobility ``W`` (joint block of the inverse mass matrix in the start pose), through the
    constant matrix ``(I + dt D W)^-1``. The damping of active muscle does so axis by axis, with the
    inertia that is left beside the passive dampers: ``bound`` divides it, shape (34,). Torques that
    do not depend on velocity are not changed, so nothing is softened at rest.
    """
    add_spring_torque(angle, params.tissue, torque[0])
    damping = np.empty(N_AXES)
    for i in range(N_AXES):
        damping[i] = torque[1, i] / bound[i] - params.tissue[5, i] * rate[i]
    for i in range(N_AXES):
        total = 0.0
        for k in range(N_AXES):
            total += params.implicit_damping[i, k] * damping[k]
        torque[0, i] += total
