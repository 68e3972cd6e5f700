"""One physics step of the neuromuscular system, compiled: from joint states to joint torques.

The order of a step is: joint angles, fibre lengths, spinal drive from delayed lengths, activation,
muscle force, joint torque, implicit damping.
"""

from typing import NamedTuple

import numpy as np

from dmi_sim.arrays import Vector
from dmi_sim.body.kinematics import N_AXES
from dmi_sim.kernel import kernel
from dmi_sim.muscle.force import (
    FibreForces,
    FibreParams,
    JointTorques,
    MomentArms,
    add_fibre_work,
    advance_activation,
    fibre_motion,
    muscle_force,
    muscle_torque,
)
from dmi_sim.muscle.tissue import TissueSprings, add_spring_torque
from dmi_sim.nervous.delay import read_delayed
from dmi_sim.nervous.reflex import (
    ReflexParams,
    mass_action,
    phasic_reflex,
    reciprocal_inhibition,
    stretch_reflex,
)
from dmi_sim.physics.coordinates import generalised_torques, unpack_joints


class DampingParams(NamedTuple):
    """The implicit damping of one body.

    Attributes:
        damping_nms_per_rad: Damping of passive tissue about each axis [N m s/rad], shape (34,).
        active_inertia_kgm2: Inertia that the damping of active muscle meets about each axis, beside
            the passive dampers [kg m2], shape (34,).
        matrix: The matrix ``(I + dt D W)^-1`` that multiplies all torques that depend on velocity,
            shape (34, 34).
    """

    damping_nms_per_rad: Vector
    active_inertia_kgm2: Vector
    matrix: Vector


class NeuromuscularParams(NamedTuple):
    """One infant's muscles, tissue and reflexes as arrays for the compiled step.

    Attributes:
        fibre: Fibres of the muscles.
        arms: Moment arms of the muscles.
        reflex: Reflexes of the muscles.
        tissue: Springs of passive tissue.
        damping: Damping of passive tissue and of active muscle.
        dt_s: Physics step [s].
    """

    fibre: FibreParams
    arms: MomentArms
    reflex: ReflexParams
    tissue: TissueSprings
    damping: DampingParams
    dt_s: float


class MuscleState(NamedTuple):
    """The muscles now, arrays of shape (n,); activation and work are changed by every step.

    Attributes:
        activation: Activation [0..1].
        excitation: Excitation that the controller sends [0..1].
        commanded_length: Fibre length over optimal that the controller commands [1].
        noise_factor: Factor of motor noise on the drive [1].
        concentric_j: Work of the active fibre while it shortened [J].
        eccentric_j: Work of the active fibre while it was stretched [J], negative.
    """

    activation: Vector
    excitation: Vector
    commanded_length: Vector
    noise_factor: Vector
    concentric_j: Vector
    eccentric_j: Vector


class MotionHistory(NamedTuple):
    """Ring buffers of the latest physics steps, one row a step.

    Attributes:
        fibre_length: Fibre lengths over optimal [1], shape (length, n).
        fibre_velocity: Fibre velocities [optimal lengths/s], shape (length, n).
        angle: Anatomical angles [rad], shape (length, 34).
        rate: Rates of the anatomical angles [rad/s], shape (length, 34).
    """

    fibre_length: Vector
    fibre_velocity: Vector
    angle: Vector
    rate: Vector


@kernel
def neuromuscular_step(
    q: Vector,
    u: Vector,
    step: int,
    muscle: MuscleState,
    history: MotionHistory,
    params: NeuromuscularParams,
) -> tuple[Vector, float]:
    """The joint torques of one physics step.

    Args:
        q: Generalised positions, see :mod:`dmi_sim.physics.coordinates`.
        u: Generalised velocities.
        step: Physics steps since the start of the episode.
        muscle: Muscles now; activation is advanced by one step and work grows.
        history: Past steps; this one is written.
        params: Muscles, tissue and reflexes of the infant.

    Returns:
        Torques conjugate to the joints' part of ``u`` [N m], shape (34,), and the largest joint
        speed [rad/s].
    """
    angle, rate, _, _, jacobian = unpack_joints(q, u)
    record_joints(angle, rate, step, history)
    now = step % history.angle.shape[0]
    length, velocity = history.fibre_length[now], history.fibre_velocity[now]
    fibre_motion(angle, rate, params.fibre, params.arms, length, velocity)
    drive = _spinal_drive(step, muscle, history, params)
    advance_activation(muscle.activation, drive, params.fibre)
    force = muscle_force(muscle.activation, length, velocity, params.fibre)
    active = muscle_torque(force, params.arms, params.fibre.moment_arm_sum_m)
    softening = active_softening(active.damping_nms_per_rad, params)
    torque = _damped_torque(angle, rate, active, softening, params)
    if muscle.activation.max() > 0.0:
        _add_work(angle, rate, velocity, force, softening, muscle, params)
    return generalised_torques(torque, jacobian), np.abs(rate).max()


@kernel
def record_joints(angle: Vector, rate: Vector, step: int, history: MotionHistory) -> None:
    """Write joint angles [rad] and rates [rad/s] into the history of a physics step."""
    now = step % history.angle.shape[0]
    history.angle[now], history.rate[now] = angle, rate


@kernel
def _spinal_drive(
    step: int, muscle: MuscleState, history: MotionHistory, params: NeuromuscularParams
) -> Vector:
    """Excitation of the muscles after the spinal cord [0..1], shape (n,)."""
    reflex = params.reflex
    length = read_delayed(history.fibre_length, step, reflex.delay_steps)
    velocity = read_delayed(history.fibre_velocity, step, reflex.delay_steps)
    drive = stretch_reflex(muscle.excitation, muscle.commanded_length, length, velocity, reflex)
    reciprocal_inhibition(drive, reflex.reciprocal_inhibition, params.arms)
    mass_action(drive, reflex.selectivity, reflex.limb)
    drive *= muscle.noise_factor
    phasic_reflex(velocity, reflex.phasic_gain_s, reflex.phasic_threshold_per_s, drive)
    for m in range(drive.size):
        drive[m] = min(1.0, max(0.0, drive[m]))
    return drive


@kernel
def active_softening(damping_nms_per_rad: Vector, params: NeuromuscularParams) -> Vector:
    """The divisor ``1 + dt d / I`` of the active damping of each axis [1], shape (34,).

    Args:
        damping_nms_per_rad: Bound ``d`` of the damping of active muscle [N m s/rad], shape (34,).
        params: Parameters of the infant.
    """
    return 1.0 + params.dt_s * damping_nms_per_rad / params.damping.active_inertia_kgm2


@kernel
def _damped_torque(
    angle: Vector,
    rate: Vector,
    active: JointTorques,
    softening: Vector,
    params: NeuromuscularParams,
) -> Vector:
    """The whole torque of muscles and tissue about each axis [N m], shape (34,).

    Damping acts on the velocity at the end of the step. Passive dampers ``D`` do so exactly for a
    body of mobility ``W`` (joint block of the inverse mass matrix in the start pose), through the
    constant matrix ``(I + dt D W)^-1``. The damping of active muscle does so axis by axis, with the
    inertia that is left beside the passive dampers: ``softening`` divides it. Torques that do not
    depend on velocity are not changed, so nothing is softened at rest.
    """
    torque, passive = active.still_nm, params.damping.damping_nms_per_rad
    add_spring_torque(angle, params.tissue, torque)
    damping = np.empty(N_AXES)
    for i in range(N_AXES):
        damping[i] = active.moving_nm[i] / softening[i] - passive[i] * rate[i]
    for i in range(N_AXES):
        total = 0.0
        for k in range(N_AXES):
            total += params.damping.matrix[i, k] * damping[k]
        torque[i] += total
    return torque


@kernel
def _add_work(
    angle: Vector,
    rate: Vector,
    velocity: Vector,
    force: FibreForces,
    softening: Vector,
    muscle: MuscleState,
    params: NeuromuscularParams,
) -> None:
    """Add the work of the active fibres in this step, as their damped force really did it."""
    damped, unused = np.empty(velocity.size), np.empty(velocity.size)
    slow_rate = damped_rates(rate, softening, params.damping.matrix)
    fibre_motion(angle, slow_rate, params.fibre, params.arms, unused, damped)
    add_fibre_work(
        force,
        velocity,
        damped,
        params.fibre.optimal_length_m,
        params.dt_s,
        muscle.concentric_j,
        muscle.eccentric_j,
    )


@kernel
def damped_rates(rate: Vector, softening: Vector, matrix: Vector) -> Vector:
    """Joint rates that account for the work of an implicitly damped torque [rad/s], shape (34,).

    The velocity-dependent part of muscle force reaches the joints as ``M @ (torque / softening)``
    with the implicit damping matrix ``M``. Its power with the true rates equals the power of the
    whole torque with these rates, so fibre work is booked as it was really done.

    Args:
        rate: Rates of the anatomical angles [rad/s], shape (34,).
        softening: Divisor of the active damping of each axis, shape (34,).
        matrix: The matrix ``M``, see :class:`DampingParams`, shape (34, 34).
    """
    out = np.zeros(N_AXES)
    for k in range(N_AXES):
        for i in range(N_AXES):
            out[i] += matrix[k, i] * rate[k]
    return out / softening
