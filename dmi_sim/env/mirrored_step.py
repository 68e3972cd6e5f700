"""A step of an infant, seen in a mirror: what every term and observation may look at."""

from dataclasses import replace

import numpy as np

from dmi_sim.arrays import Vector
from dmi_sim.body.reflection import (
    ABOUT_FORWARD_LEFT_UP,
    AXES_MIRRORED,
    FORWARD_LEFT_UP,
    SEGMENTS_MIRRORED,
    Reflection,
)
from dmi_sim.env.contact_history import ContactHistory
from dmi_sim.env.context import StepContext
from dmi_sim.physics.state import State

_QUATERNION = Reflection.joined((ABOUT_FORWARD_LEFT_UP, Reflection.in_place((1,))))
_ON_PLATFORM = Reflection.in_place((1, -1, -1, 1))
"""Mirror image of shift forward and to the left, and of tilt about forward and about left."""


def mirrored_step(step: StepContext, actions: Reflection, muscles: Reflection) -> StepContext:
    """The mirror image of a step, half a cycle later if there is a rhythm.

    The surface stays that of the infant, which must be the same in a mirror.

    Args:
        step: The step.
        actions: Mirror image of the actions.
        muscles: Mirror image of the muscles.
    """
    phase_rad, (forward, left) = step.cpg_phase_rad, step.asked_velocity
    return replace(
        step,
        state=mirrored_state(step.state, muscles),
        start=mirrored_state(step.start, muscles),
        action=actions.of(step.action),
        last_action=actions.of(step.last_action),
        joints=AXES_MIRRORED.of(step.joints),
        read_contact_force=lambda: SEGMENTS_MIRRORED.of(step.contact_force),
        history=step.history and mirrored_history(step.history),
        cpg_phase_rad=None if phase_rad is None else phase_rad + np.pi,
        asked_velocity=(forward, -left),
    )


def mirrored_state(state: State, muscles: Reflection) -> State:
    """The mirror image of a state; hands and pushes stay in their order.

    Args:
        state: The state.
        muscles: Mirror image of the muscles.
    """
    swapped = SEGMENTS_MIRRORED.source
    return replace(
        state,
        segment_pos_world=FORWARD_LEFT_UP.of(state.segment_pos_world[swapped]),
        segment_quat_world=_QUATERNION.of(state.segment_quat_world[swapped]),
        segment_matrix_world=_mirrored_matrices(state.segment_matrix_world[swapped]),
        segment_angular_velocity_own=ABOUT_FORWARD_LEFT_UP.of(
            state.segment_angular_velocity_own[swapped]
        ),
        joint_angle_rad=AXES_MIRRORED.of(state.joint_angle_rad),
        joint_velocity_rad_s=AXES_MIRRORED.of(state.joint_velocity_rad_s),
        activation=muscles.of(state.activation),
        com_m=FORWARD_LEFT_UP.of(state.com_m),
        com_velocity_m_s=FORWARD_LEFT_UP.of(state.com_velocity_m_s),
        support_pos_world=FORWARD_LEFT_UP.of(state.support_pos_world),
        support_force_world=FORWARD_LEFT_UP.of(state.support_force_world),
        push_force_world=FORWARD_LEFT_UP.of(state.push_force_world),
        push_pos_world=FORWARD_LEFT_UP.of(state.push_pos_world),
        platform=_ON_PLATFORM.of(state.platform),
    )


def mirrored_history(history: ContactHistory) -> ContactHistory:
    """The mirror image of what was touched: left and right swap, and whose step was the last."""
    steps = {
        limbs: replace(
            one,
            swing_s=one.swing_s[::-1],
            highest=one.highest[::-1],
            last=None if one.last is None else 1 - one.last,
        )
        for limbs, one in history.steps.items()
    }
    return replace(history, load=SEGMENTS_MIRRORED.of(history.load), steps=steps)


def _mirrored_matrices(matrices: Vector) -> Vector:
    """The rotations of frames that are mirrored in the room and in themselves, shape (n, 3, 3)."""
    sign = FORWARD_LEFT_UP.sign
    return matrices * np.multiply.outer(sign, sign)
