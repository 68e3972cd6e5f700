"""One physics step of the neuromuscular system, compiled: from joint states to joint torques.

The order of a step is: joint angles, fibre lengths, spinal drive from delayed lengths, activation,
muscle force, joint torque, implicit damping.
"""

from typing import Any, NamedTuple

import numpy as np

from dmi_sim.arrays import Index, Vector
from dmi_sim.body.kinematics import N_AXES
from dmi_sim.kernel import kernel
from dmi_sim.muscle.force import (
    Fibre,
    FibreForce,
    FibreMotion,
    MomentArm,
    Muscle,
    MuscleTorque,
    add_fibre_work,
    advance_activation,
    fibre_motion,
    muscle_force,
    muscle_torque,
)
from dmi_sim.muscle.tissue import AxisTissue, add_spring_torque
from dmi_sim.nervous.delay import slot_of
from dmi_sim.nervous.reflex import (
    Reflex,
    mass_action,
    phasic_reflex,
    reciprocal_inhibition,
    stretch_reflex,
)
from dmi_sim.physics.coordinates import generalised_torques, unpack_joints
from dmi_sim.physics.predicted_damping import (
    LastStep,
    PredictedDamping,
    add_end_of_step,
    predicted_change,
    renew_inertia,
)
from dmi_sim.records import RecordRows, Records, record_dtype

_FIBRE_MOTION = record_dtype(FibreMotion)


class JointMotion:
    """The motion about one axis.

    Attributes:
        angle_rad: Anatomical angle [rad].
        rate_rad_s: Its rate [rad/s].
    """

    angle_rad: float
    rate_rad_s: float


class MotionHistory(NamedTuple):
    """Ring buffers of the latest physics steps, one row a step.

    Attributes:
        fibre: Motion of the fibres, shape (length, n).
        joint: Motion about the axes, shape (length, 34).
        last: What the law of predicted damping remembers; written by that law alone.
    """

    fibre: RecordRows[FibreMotion]
    joint: RecordRows[JointMotion]
    last: LastStep


class NeuromuscularParams(NamedTuple):
    """One infant's muscles, tissue and reflexes for the compiled step.

    Attributes:
        fibre: Fibres of the muscles, shape (n,).
        arms: Moment arms of the muscles.
        reflex: Reflexes of the muscles, shape (n,).
        tissue: Passive tissue, shape (34,).
        active_inertia_kgm2: Inertia that the damping of active muscle meets about each axis, beside
            the dampers of tissue [kg m2], shape (34,).
        implicit_damping: The matrix ``(I + dt D W)^-1`` that multiplies all torques that depend on
            velocity, shape (34, 34).
        dt_s: Physics step [s].
        predicted: The law of damping that may stand in the place of the softened one.
    """

    fibre: Records[Fibre]
    arms: Records[MomentArm]
    reflex: Records[Reflex]
    tissue: Records[AxisTissue]
    active_inertia_kgm2: Vector
    implicit_damping: Vector
    dt_s: float
    predicted: PredictedDamping


@kernel
def neuromuscular_step(
    q: Vector,
    u: Vector,
    step: int,
    muscle: Records[Muscle],
    history: MotionHistory,
    params: NeuromuscularParams,
) -> tuple[Vector, float]:
    """The joint torques of one physics step.

    Args:
        q: Generalised positions, see :mod:`dmi_sim.physics.coordinates`.
        u: Generalised velocities.
        step: Physics steps since the start of the episode.
        muscle: Muscles, shape (n,); activation is advanced by one step and work grows.
        history: Past steps; this one is written.
        params: Muscles, tissue and reflexes of the infant.

    Returns:
        Torques conjugate to the joints' part of ``u`` [N m], shape (34,), and the largest joint
        speed [rad/s].
    """
    angle, rate, _, _, jacobian = unpack_joints(q, u)
    record_joints(angle, rate, step, history.joint)
    motion = history.fibre[slot_of(step, 0, history.fibre.shape[0])]
    fibre_motion(angle, rate, params.fibre, params.arms, motion)
    drive = spinal_drive(step, muscle, history.fibre, params.reflex, params.arms)
    advance_activation(muscle, drive, params.fibre)
    force = muscle_force(muscle, motion, params.fibre)
    if params.predicted.is_used:
        torque = _predicted_torque(angle, rate, step, force, history.last, params)
        if _is_awake(muscle):  # the fibres' force is now that which acts
            add_fibre_work(muscle, force, motion, motion, params.fibre, params.dt_s)
        return generalised_torques(torque, jacobian), np.abs(rate).max()
    active = muscle_torque(force, params.arms, params.fibre)
    softening = active_softening(active, params.active_inertia_kgm2, params.dt_s)
    torque = _damped_torque(angle, rate, active, softening, params)
    if _is_awake(muscle):
        slow_rate = damped_rates(rate, softening, params.implicit_damping)
        damped: Any = np.empty(muscle.size, _FIBRE_MOTION)
        fibre_motion(angle, slow_rate, params.fibre, params.arms, damped)
        add_fibre_work(muscle, force, motion, damped, params.fibre, params.dt_s)
    return generalised_torques(torque, jacobian), np.abs(rate).max()


@kernel
def record_joints(angle: Vector, rate: Vector, step: int, past: RecordRows[JointMotion]) -> None:
    """Write joint angles [rad] and rates [rad/s] into the history of a physics step."""
    now = past[slot_of(step, 0, past.shape[0])]
    for i in range(angle.size):
        now[i].angle_rad, now[i].rate_rad_s = angle[i], rate[i]


@kernel
def delayed_joints(past: RecordRows[JointMotion], step: int, delay_steps: Index) -> Vector:
    """Joint angles [rad] and rates [rad/s] of some steps ago, shape (2, 34).

    Args:
        past: History of the joints.
        step: Number of the physics step that was written last.
        delay_steps: Delay of each axis [physics steps], shape (34,).
    """
    out = np.empty((2, delay_steps.size))
    for i in range(delay_steps.size):
        then = past[slot_of(step, delay_steps[i], past.shape[0])]
        out[0, i], out[1, i] = then[i].angle_rad, then[i].rate_rad_s
    return out


@kernel
def spinal_drive(
    step: int,
    muscle: Records[Muscle],
    past: RecordRows[FibreMotion],
    reflex: Records[Reflex],
    arms: Records[MomentArm],
) -> Vector:
    """The excitation of the muscles that leaves the spinal cord [0..1], shape (n,).

    Args:
        step: Physics steps since the start of the episode.
        muscle: Muscles, shape (n,).
        past: History of the fibres, this step included.
        reflex: Reflexes of the muscles, shape (n,).
        arms: Moment arms of the muscles.
    """
    delayed: Any = np.empty(muscle.size, _FIBRE_MOTION)
    for m in range(muscle.size):
        delayed[m] = past[slot_of(step, reflex[m].delay_steps, past.shape[0])][m]
    drive = stretch_reflex(muscle, delayed, reflex)
    reciprocal_inhibition(drive, reflex, arms)
    mass_action(drive, reflex)
    for m in range(drive.size):
        drive[m] *= muscle[m].noise_factor
    phasic_reflex(drive, delayed, reflex)
    for m in range(drive.size):
        drive[m] = min(1.0, max(0.0, drive[m]))
    return drive


@kernel
def _is_awake(muscle: Records[Muscle]) -> bool:
    """Whether some muscle is active."""
    highest = 0.0
    for m in range(muscle.size):
        highest = max(highest, muscle[m].activation)
    return highest > 0.0


@kernel
def active_softening(
    active: Records[MuscleTorque], active_inertia_kgm2: Vector, dt_s: float
) -> Vector:
    """The divisor ``1 + dt d / I`` of the damping of active muscle about each axis [1], (34,).

    Args:
        active: Torques of the muscles, of which the bound ``d`` of damping is read, shape (34,).
        active_inertia_kgm2: Inertia ``I`` that it meets [kg m2], shape (34,).
        dt_s: Physics step [s].
    """
    out = np.empty(N_AXES)
    for i in range(N_AXES):
        out[i] = 1.0 + dt_s * active[i].damping_nms_per_rad / active_inertia_kgm2[i]
    return out


@kernel
def _damped_torque(
    angle: Vector,
    rate: Vector,
    active: Records[MuscleTorque],
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
    torque, damping = np.empty(N_AXES), np.empty(N_AXES)
    for i in range(N_AXES):
        torque[i] = active[i].still_nm
        passive = params.tissue[i].damping_nms_per_rad * rate[i]
        damping[i] = active[i].moving_nm / softening[i] - passive
    add_spring_torque(angle, params.tissue, torque)
    for i in range(N_AXES):
        total = 0.0
        for k in range(N_AXES):
            total += params.implicit_damping[i, k] * damping[k]
        torque[i] += total
    return torque


@kernel
def _predicted_torque(
    angle: Vector,
    rate: Vector,
    step: int,
    force: Records[FibreForce],
    last: LastStep,
    params: NeuromuscularParams,
) -> Vector:
    """The whole torque of muscles and tissue about each axis [N m], at the end of the step, (34,).

    ``force`` becomes that of the end of the step too. In its first step a body is at rest.
    """
    active, torque = muscle_torque(force, params.arms, params.fibre), np.empty(N_AXES)
    for i in range(N_AXES):
        passive = params.tissue[i].damping_nms_per_rad * rate[i]
        torque[i] = active[i].still_nm + active[i].moving_nm - passive
    add_spring_torque(angle, params.tissue, torque)
    law, tissue = params.predicted, params.tissue
    renew_inertia(angle, step, law, last)
    if step > 0:
        change = predicted_change(
            rate, torque, force, params.arms, law.first_arm, tissue, last, params.dt_s
        )
        add_end_of_step(change, force, params.arms, tissue, torque)
    for i in range(N_AXES):
        last.rate_rad_s[i], last.torque_nm[i] = rate[i], torque[i]
    return torque


@kernel
def damped_rates(rate: Vector, softening: Vector, implicit_damping: Vector) -> Vector:
    """Joint rates that account for the work of an implicitly damped torque [rad/s], shape (34,).

    The velocity-dependent part of muscle force reaches the joints as ``M @ (torque / softening)``
    with the implicit damping matrix ``M``. Its power with the true rates equals the power of the
    whole torque with these rates, so fibre work is booked as it was really done.

    Args:
        rate: Rates of the anatomical angles [rad/s], shape (34,).
        softening: Divisor of the active damping of each axis, shape (34,).
        implicit_damping: The matrix ``M``, see :class:`NeuromuscularParams`, shape (34, 34).
    """
    out = np.zeros(N_AXES)
    for k in range(N_AXES):
        for i in range(N_AXES):
            out[i] += implicit_damping[k, i] * rate[k]
    return out / softening
