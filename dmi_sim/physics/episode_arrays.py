"""The arrays of an episode, and what flesh, hands and pushes do in a physics step, compiled."""

from typing import NamedTuple

import numpy as np

from dmi_sim.arrays import Vector
from dmi_sim.kernel import kernel
from dmi_sim.muscle.force import Muscle
from dmi_sim.physics.body_state import (
    BodyState,
    SegmentKinematics,
    segment_motion,
    write_body_state,
)
from dmi_sim.physics.coordinates import unpack_joints
from dmi_sim.physics.neuromuscular import MotionHistory, NeuromuscularParams, record_joints
from dmi_sim.physics.outside_force import (
    add_joint_moments,
    add_joint_torques,
    add_to_wrench,
)
from dmi_sim.physics.push import PushForce, place_pushes
from dmi_sim.physics.self_contact import Flesh, add_self_contact
from dmi_sim.physics.support_springs import SupportSprings, apply_support
from dmi_sim.records import Records

LARGEST_JOINT_SPEED_RAD_S = 60.0
"""Largest plausible joint speed [rad/s]; Bullet clamps silently at 100 rad/s."""


class EpisodeArrays(NamedTuple):
    """All that the physics steps of an episode read and write.

    Attributes:
        q: Generalised positions, see :mod:`dmi_sim.physics.coordinates`; written.
        u: Generalised velocities; written.
        muscle: Muscles, shape (n,); written.
        history: Past steps; written.
        params: Muscles, tissue and reflexes of the infant.
        flesh: Flesh that keeps segments apart.
        springs: Contact springs of the hands; written.
        held_since_step: Physics step in which they took hold.
        force_sum_n: Norm of the summed force of all hands, summed since it was last cleared [N],
            shape (1,); grows.
        pushes: Pushes and pulls.
        wrench: Force [N] and torque [N m] of hands, pushes and pulls on the centre of mass of the
            pelvis in the present step, world, shape (2, 3); what they do at joints is added to the
            torques of the muscles. Written.
        platform_velocity: Velocity [m/s] and angular velocity [rad/s] of the platform's centre in
            each physics step, world, shape (k, 2, 3).
        joint_m: Joints in their parents' frames [m], shape (15, 3).
        com_m: Centres of mass in the segment frames [m], shape (15, 3).
        mass_kg: Masses of the segments [kg], shape (15,).
        body: Kinematics of the body after the last step, shape (1,); written.
    """

    q: Vector
    u: Vector
    muscle: Records[Muscle]
    history: MotionHistory
    params: NeuromuscularParams
    flesh: Flesh
    springs: SupportSprings
    held_since_step: int
    force_sum_n: Vector
    pushes: Records[PushForce]
    wrench: Vector
    platform_velocity: Vector
    joint_m: Vector
    com_m: Vector
    mass_kg: Vector
    body: Records[BodyState]


class Advance(NamedTuple):
    """The outcome of some physics steps.

    Attributes:
        steps: Physics steps that were done.
        is_faulty: Whether a joint moved implausibly fast or a number was not finite, which ends
            the steps.
    """

    steps: int
    is_faulty: bool


@kernel
def add_forces(now: EpisodeArrays, step: int, torque: Vector) -> None:
    """Add what flesh, hands and pushes do in a physics step to the torques and the wrench.

    Args:
        now: Arrays of the episode.
        step: Number of the physics step.
        torque: Joint torques conjugate to the joints' part of ``u`` [N m], shape (34,); changed.
    """
    dt_s = now.params.dt_s
    motion = segment_motion(now.q, now.u, now.com_m[0], now.joint_m)
    add_self_contact(motion, now.flesh, dt_s, torque)
    if now.springs.hands.size == 0 and now.pushes.size == 0:
        return
    now.wrench[:] = 0.0
    held_s = (step - now.held_since_step) * dt_s
    now.force_sum_n[0] += apply_support(motion, now.springs, held_s, dt_s)
    _add_hands(now, motion, torque)
    place_pushes(motion, now.com_m, now.pushes, step * dt_s)
    _add_pushes(now, motion, step * dt_s, torque)


@kernel
def _add_hands(now: EpisodeArrays, motion: SegmentKinematics, torque: Vector) -> None:
    for h in range(now.springs.hands.size):
        hand = now.springs.hands[h]
        add_joint_torques(motion, hand.segment, hand.force_n, hand.pos, torque)
        add_joint_moments(motion, hand.segment, hand.torque_nm, torque)
        add_to_wrench(hand.force_n, hand.pos - now.q[:3], hand.torque_nm, now.wrench)


@kernel
def _add_pushes(
    now: EpisodeArrays, motion: SegmentKinematics, time_s: float, torque: Vector
) -> None:
    for k in range(now.pushes.size):
        push = now.pushes[k]
        if push.start_s <= time_s < push.end_s:
            add_joint_torques(motion, push.segment, push.force_n, push.pos, torque)
            add_to_wrench(push.force_n, push.pos - now.q[:3], np.zeros(3), now.wrench)


@kernel
def record_end(now: EpisodeArrays, step: int) -> bool:
    """Write the joints after the last step into the history, and the kinematics of the body.

    Returns:
        Whether all numbers are finite.
    """
    joints = unpack_joints(now.q, now.u)
    record_joints(joints[0], joints[1], step, now.history.joint)
    write_body_state(now.q, now.u, joints, now.joint_m, now.com_m, now.mass_kg, now.body)
    return bool(np.isfinite(now.q.sum() + now.u.sum()))
