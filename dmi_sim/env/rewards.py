"""Reward terms: pure functions of a context, none of which knows where hands are.

To add one, write a function here with a docstring that says what it measures, its parameters as
keywords, and a test in ``tests/env/test_rewards.py``; its name is then free to use in ``envs/``.
"""

import math
from collections.abc import Callable

import numpy as np

from dmi_sim.anatomy import SEGMENTS
from dmi_sim.arrays import Vector
from dmi_sim.env.context import StepContext
from dmi_sim.env.criteria import CRITERIA, share_of
from dmi_sim.physics.state import State

Term = Callable[..., float]

REWARD_TERMS: dict[str, Term] = dict(CRITERIA)
"""Reward terms by name; every goal is one."""

_PELVIS, _CHEST, _HEAD = 0, 3, 4
_FOOT, _OTHER_FOOT = (index for index, place in enumerate(SEGMENTS) if place.kind == "foot")


def reward_term(function: Term) -> Term:
    """Make a function known under its name."""
    REWARD_TERMS[function.__name__] = function
    return function


@reward_term
def trunk_upright(context: StepContext, *, width_rad: float) -> float:
    """1 when the line from pelvis to C7 is vertical, falling as a Gaussian of its tilt."""
    return math.exp(-((context.state.upright_rad / width_rad) ** 2))


@reward_term
def head_upright(context: StepContext, *, width_rad: float) -> float:
    """1 when the long axis of the head is vertical, falling as a Gaussian of its tilt."""
    cosine = min(1.0, context.state.segment_matrix_world[_HEAD, 2, 2].item())
    return math.exp(-((math.acos(max(-1.0, cosine)) / width_rad) ** 2))


@reward_term
def head_level(context: StepContext, *, width_rad: float) -> float:
    """1 when neither ear is lower than the other, falling as a Gaussian of their slope."""
    sine = context.state.segment_matrix_world[_HEAD, 2, 1].item()
    return math.exp(-((math.asin(max(-1.0, min(1.0, sine))) / width_rad) ** 2))


@reward_term
def head_high(context: StepContext) -> float:
    """Height of the head over that at the start, at most 1."""
    return share_of(context.state.head_height_m, context.start.head_height_m)


@reward_term
def pelvis_high(context: StepContext) -> float:
    """Height of the pelvis over that at the start, at most 1."""
    now, then = (s.segment_pos_world[_PELVIS, 2] for s in (context.state, context.start))
    return share_of(float(now), float(then))


@reward_term
def trunk_kept(context: StepContext, *, width_rad: float) -> float:
    """1 when pelvis and chest are inclined as at the start, falling as a Gaussian of the angle."""
    now, then = context.state.segment_matrix_world, context.start.segment_matrix_world
    cosines = [_cosine(now[segment, 2], then[segment, 2]) for segment in (_PELVIS, _CHEST)]
    turned = np.arccos(cosines)
    return math.exp(-float(turned.dot(turned)) / 2 / width_rad**2)


def _cosine(first: Vector, second: Vector) -> float:
    """Of the angle between unit vectors, each shape (3,)."""
    (a, b, c), (d, e, f) = first.tolist(), second.tolist()
    return min(1.0, max(-1.0, a * d + b * e + c * f))


@reward_term
def pose_kept(context: StepContext, *, width_rad: float) -> float:
    """1 when the actuated joints are as at the start, falling as a Gaussian of their difference."""
    now, then = (s.joint_angle_rad.take(context.actuated) for s in (context.state, context.start))
    bent = now - then
    return math.exp(-float(bent.dot(bent)) / bent.size / width_rad**2)


@reward_term
def speed_along(context: StepContext, *, body_lengths_s: float, heading_rad: float) -> float:
    """Speed of the centre of mass in a direction over a speed wanted, from -1 to 1.

    The direction is counted from forward to the left as the infant faced at the start.
    """
    velocity = context.state.com_velocity_m_s
    along = float(velocity[0]) * math.cos(heading_rad) + float(velocity[1]) * math.sin(heading_rad)
    return min(1.0, max(-1.0, along / (body_lengths_s * context.body_length_m)))


@reward_term
def com_over_feet(context: StepContext, *, width: float) -> float:
    """1 when the centre of mass is over the feet as at the start, falling as a Gaussian.

    The width is in body lengths; feet may step, and directions are those of the room.
    """
    off = (_com_from_feet(context.state) - _com_from_feet(context.start)) / (
        width * context.body_length_m
    )
    return math.exp(-float(off.dot(off)))


def _com_from_feet(state: State) -> Vector:
    """From the middle of the feet to the centre of mass, world x and y [m]."""
    pos = state.segment_pos_world
    return state.com_m[:2] - (pos[_FOOT, :2] + pos[_OTHER_FOOT, :2]) / 2


@reward_term
def com_still(context: StepContext, *, width_m_s: float) -> float:
    """1 when the centre of mass is at rest, falling as a Gaussian of its speed."""
    velocity = context.state.com_velocity_m_s
    return math.exp(-float(velocity.dot(velocity)) / width_m_s**2)


@reward_term
def effort(context: StepContext) -> float:
    """Mean squared activation of all muscles [0..1]."""
    activation = context.state.activation
    return float(activation.dot(activation)) / activation.size


@reward_term
def action_rate(context: StepContext) -> float:
    """Mean squared change of the command since the last step."""
    change = context.action - context.last_action
    return float(change.dot(change)) / change.size


@reward_term
def fell(context: StepContext) -> float:
    """1 at the moment of a fall."""
    return float(context.has_fallen)
