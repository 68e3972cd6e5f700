"""Reward terms: pure functions of a step, none of which knows where hands are.

To add one, write a function here, or in a plug-in, under ``@reward_term``: it is named for what it
measures, takes a :class:`~dmi_sim.env.context.StepContext` and typed keywords, gives a number, and
its docstring says units and frame. Its test goes to ``tests/env/test_rewards.py``; its name is then
free to use in ``envs/``. Success criteria (:mod:`dmi_sim.env.criteria`) are reward terms too.
"""

import math
from collections.abc import Callable
from typing import TypeVar

from dmi_sim.anatomy import PELVIS, SEGMENT_INDEX, SegmentName
from dmi_sim.env.context import StepContext, com_from_feet_m, segment_heights_m
from dmi_sim.env.shaping import (
    Positive,
    clipped,
    cosine_between,
    gaussian,
    gaussian_of_square,
    share_of,
)
from dmi_sim.registry import Registry

_LEFT_FOOT, _RIGHT_FOOT = SEGMENT_INDEX["left_foot"], SEGMENT_INDEX["right_foot"]

RewardTerm = Callable[..., float]
RewardTermT = TypeVar("RewardTermT", bound=RewardTerm)

REWARD_TERMS: Registry[RewardTerm] = Registry("reward term", "dmi_sim.env.criteria")
"""Reward terms by name, success criteria among them."""


def reward_term(function: RewardTermT) -> RewardTermT:
    """Register a function as a reward term under its name."""
    REWARD_TERMS.add(function.__name__, function)
    return function


@reward_term
def trunk_upright(context: StepContext, *, width_rad: Positive) -> float:
    """1 when the line from pelvis to C7 is vertical, falling as a Gaussian of its tilt."""
    return gaussian(context.state.upright_rad, width_rad)


@reward_term
def segment_upright(context: StepContext, *, segment: SegmentName, width_rad: Positive) -> float:
    """1 when the long axis of a segment is vertical, falling as a Gaussian of its tilt."""
    cosine = float(context.state.segment_matrix_world[SEGMENT_INDEX[segment], 2, 2])
    return gaussian(math.acos(clipped(cosine)), width_rad)


@reward_term
def segment_level(context: StepContext, *, segment: SegmentName, width_rad: Positive) -> float:
    """1 when neither side of a segment is lower, falling as a Gaussian of its tilt to a side.

    Of the head: when neither ear is lower than the other.
    """
    sine = float(context.state.segment_matrix_world[SEGMENT_INDEX[segment], 2, 1])
    return gaussian(math.asin(clipped(sine)), width_rad)


@reward_term
def segment_height_kept(context: StepContext, *, segment: SegmentName) -> float:
    """Height of a segment over that at the start, at most 1; see :func:`.segment_height_m`."""
    now, then = segment_heights_m(context, segment)
    return share_of(now, then)


@reward_term
def inclination_kept(
    context: StepContext, *, segments: tuple[SegmentName, ...], width_rad: Positive
) -> float:
    """1 when segments are inclined to the vertical as at the start, whichever way they face.

    Falls as a Gaussian of the root mean square of the angles by which they differ.
    """
    now, then = context.state.segment_matrix_world, context.start.segment_matrix_world
    indices = [SEGMENT_INDEX[segment] for segment in segments]
    squares = [math.acos(cosine_between(now[i, 2], then[i, 2])) ** 2 for i in indices]
    return gaussian_of_square(sum(squares) / len(squares), width_rad)


@reward_term
def pose_kept(context: StepContext, *, width_rad: Positive) -> float:
    """1 when the actuated joints are as at the start, falling as a Gaussian of their difference."""
    bent = (context.state.joint_angle_rad - context.start.joint_angle_rad)[context.actuated]
    return gaussian_of_square(float(bent.dot(bent)) / bent.size, width_rad)


@reward_term
def com_velocity_along(
    context: StepContext, *, body_lengths_s: Positive, heading_rad: float
) -> float:
    """Velocity of the centre of mass in a direction over the velocity wanted, from -1 to 1.

    The direction is counted from forward to the left as the infant faced at the start.
    """
    velocity = context.state.com_velocity_m_s
    along = float(velocity[0]) * math.cos(heading_rad) + float(velocity[1]) * math.sin(heading_rad)
    return clipped(along / (body_lengths_s * context.body_length_m))


@reward_term
def com_over_feet(context: StepContext, *, width: Positive) -> float:
    """1 when the centre of mass is over the feet as at the start, falling as a Gaussian.

    The width is in body lengths; feet may step, and directions are those of the room.
    """
    width_m = width * context.body_length_m
    (x, y), (x_then, y_then) = com_from_feet_m(context.state), com_from_feet_m(context.start)
    off_x, off_y = (x - x_then) / width_m, (y - y_then) / width_m
    return gaussian_of_square(off_x * off_x + off_y * off_y, 1.0)


@reward_term
def com_still(context: StepContext, *, width_m_s: Positive) -> float:
    """1 when the centre of mass is at rest, falling as a Gaussian of its speed."""
    velocity = context.state.com_velocity_m_s
    return gaussian_of_square(float(velocity.dot(velocity)), width_m_s)


@reward_term
def effort(context: StepContext) -> float:
    """Mean squared activation of all muscles [0..1]."""
    activation = context.state.activation
    return float(activation.dot(activation)) / activation.size


@reward_term
def action_rate(context: StepContext) -> float:
    """Mean squared change of the action since the last step."""
    change = context.action - context.last_action
    return float(change.dot(change)) / change.size


@reward_term
def joint_speed(context: StepContext) -> float:
    """Mean squared rate of the actuated axes [rad^2/s^2]."""
    rate = context.state.joint_velocity_rad_s[context.actuated]
    return float(rate.dot(rate)) / rate.size


@reward_term
def heading_kept(context: StepContext, *, width_rad: Positive) -> float:
    """1 while the pelvis faces as at the start, falling as a Gaussian of its turn to a side.

    It is told by the axis from right to left, as in the observation ``heading``.
    """
    x, y, _ = context.state.segment_matrix_world[PELVIS, :, 1].tolist()
    x_then, y_then, _ = context.start.segment_matrix_world[PELVIS, :, 1].tolist()
    turned_rad = math.atan2(x_then * y - y_then * x, x_then * x + y_then * y)
    return gaussian(turned_rad, width_rad)


@reward_term
def alternating_load(context: StepContext, *, lag_rad: float) -> float:
    """Load of the foot whose turn it is to stand less that of the other, over body weight, -1 to 1.

    The left foot swings in the first half of a cycle of the pattern generator, which muscles and
    body follow late, by ``lag_rad``. Both feet at rest give 0, so that to shift the weight pays
    before any foot is lifted. 0 while the generator rests.
    """
    if context.cpg_phase_rad is None:
        return 0.0
    load = context.contact_force
    to_the_right = clipped(load.item(_RIGHT_FOOT) - load.item(_LEFT_FOOT))
    return to_the_right if _left_swings(context.cpg_phase_rad - lag_rad) else -to_the_right


@reward_term
def swing_clearance(context: StepContext, *, lag_rad: float, height: Positive) -> float:
    """Rise of the ankle of the foot whose turn it is to swing, over a height in body lengths.

    At most 1, and less near the ends of the swing, where the foot is to be on the floor. Turns are
    those of :func:`alternating_load`.
    """
    if context.cpg_phase_rad is None:
        return 0.0
    phase_rad = context.cpg_phase_rad - lag_rad
    foot: SegmentName = "left_foot" if _left_swings(phase_rad) else "right_foot"
    now_m, then_m = segment_heights_m(context, foot)
    risen = share_of(now_m - then_m, height * context.body_length_m)
    return abs(math.sin(phase_rad)) * risen


def _left_swings(phase_rad: float) -> bool:
    return math.sin(phase_rad) > 0


@reward_term
def fell(context: StepContext) -> float:
    """1 at the moment of a fall."""
    return float(context.has_fallen)
