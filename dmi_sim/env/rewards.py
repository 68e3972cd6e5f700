"""Reward terms: pure functions of a step, none of which knows where hands are.

To add one, write a function here, or in a plug-in, under ``@reward_term``: it is named for what it
measures, takes a :class:`~dmi_sim.env.context.StepContext` and typed keywords, gives a number, and
its docstring says units and frame. Its test goes to ``tests/env/test_rewards.py``; its name is then
free to use in ``envs/``. Success criteria (:mod:`dmi_sim.env.criteria`) are reward terms too.
"""

import math
from collections.abc import Callable
from typing import TypeVar

from dmi_sim.anatomy import (
    HEAD,
    PELVIS,
    SEGMENT_INDEX,
    UPPER_THORAX,
    ContactSegmentName,
    SegmentName,
)
from dmi_sim.arrays import Vector
from dmi_sim.env.context import StepContext, com_from_feet_m, segment_heights_m
from dmi_sim.env.shaping import (
    Positive,
    clipped,
    cosine_between,
    gaussian,
    gaussian_of_square,
    share_of,
)
from dmi_sim.physics.state import State
from dmi_sim.registry import Registry

RewardTerm = Callable[..., float]
RewardTermT = TypeVar("RewardTermT", bound=RewardTerm)

REWARD_TERMS: Registry[RewardTerm] = Registry(
    "reward term", "dmi_sim.env.criteria", "dmi_sim.env.belly_down"
)
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
def segment_righted(context: StepContext, *, segment: SegmentName) -> float:
    """Share of the way of the long axis of a segment from hanging (0) to vertical (1).

    It grows evenly with the angle, where :func:`segment_upright` is flat far from the vertical, so
    that a segment that has dropped is worth raising.
    """
    cosine = float(context.state.segment_matrix_world[SEGMENT_INDEX[segment], 2, 2])
    return 1.0 - math.acos(clipped(cosine)) / math.pi


@reward_term
def head_along_trunk(context: StepContext) -> float:
    """Share of the way of the head from against the line of the upper trunk (0) to along it (1).

    It grows evenly with the angle between them, so that a head that has dropped is worth raising.
    """
    matrix = context.state.segment_matrix_world
    aligned = cosine_between(matrix[HEAD, :, 2], matrix[UPPER_THORAX, :, 2])
    return 1.0 - math.acos(aligned) / math.pi


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
    context: StepContext, *, body_lengths_s: Positive, heading_rad: float | None = None
) -> float:
    """Velocity of the centre of mass in a direction over the velocity wanted, from -1 to 1.

    The direction is that of :func:`direction_of`.
    """
    velocity, (x, y) = context.state.com_velocity_m_s, direction_of(context, heading_rad)
    along = float(velocity[0]) * x + float(velocity[1]) * y
    return clipped(along / (body_lengths_s * context.body_length_m))


def direction_of(context: StepContext, heading_rad: float | None) -> tuple[float, float]:
    """A direction as a unit vector over the floor, forward and left as the infant faced at first.

    Args:
        context: The step.
        heading_rad: Counted from forward to the left [rad]; without it the direction is that of the
            velocity that is asked for, and (0, 0) while none is.
    """
    if heading_rad is not None:
        return math.cos(heading_rad), math.sin(heading_rad)
    x, y = context.asked_velocity
    asked = math.hypot(x, y) or 1.0
    return x / asked, y / asked


@reward_term
def velocity_as_asked(context: StepContext, *, width: Positive | None = None) -> float:
    """1 at the velocity that is asked for, less in proportion to the difference, down to -1.

    The difference counts in speeds that are asked for: to stand still gives 0, as does twice the
    speed. With a width, in body lengths a second, it counts in widths instead, for what is asked
    to go so slowly that each step sways by more. It is that of the centre of mass over the floor.
    0 while no velocity is asked for.
    """
    x, y = context.asked_velocity
    asked = math.hypot(x, y)
    if asked == 0:
        return 0.0
    vx_m_s, vy_m_s, _ = context.state.com_velocity_m_s.tolist()
    length_m = context.body_length_m
    difference = math.hypot(vx_m_s / length_m - x, vy_m_s / length_m - y)
    return clipped(1 - difference / (asked if width is None else width))


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
def com_over_limbs(
    context: StepContext, *, limbs: tuple[SegmentName, ...], width: Positive
) -> float:
    """1 when the centre of mass is over the middle of some limbs as at the start.

    Less in proportion to its way from there, 0 from a width in body lengths on; limbs, by their
    proximal joints, may step, and directions are those of the room.
    """
    indices = [SEGMENT_INDEX[limb] for limb in limbs]
    off = [
        _com_from_m(context.state, indices, k) - _com_from_m(context.start, indices, k)
        for k in (0, 1)
    ]
    return 1 - share_of(math.hypot(*off), width * context.body_length_m)


def _com_from_m(state: State, limbs: list[int], axis: int) -> float:
    """From the middle of limbs to the centre of mass along a world axis [m]."""
    middle_m = sum(state.segment_pos_world.item(limb, axis) for limb in limbs) / len(limbs)
    return state.com_m.item(axis) - middle_m


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
def alternating_load(
    context: StepContext,
    *,
    lag_rad: float,
    first: tuple[ContactSegmentName, ...] = ("left_foot",),
    second: tuple[ContactSegmentName, ...] = ("right_foot",),
) -> float:
    """Load of the limbs whose turn it is to stand less that of the others, from -1 to 1.

    It is a share of body weight. The limbs named first swing in the first half of a cycle of the
    pattern generator, which muscles and body follow late, by ``lag_rad``; in the other half the
    second do. Limbs at rest give 0, so that to shift the weight pays before any is lifted. 0 while
    the generator rests.
    """
    if context.cpg_phase_rad is None:
        return 0.0
    force = context.contact_force
    to_the_second = clipped(_sum_of(force, second) - _sum_of(force, first))
    return to_the_second if _first_swings(context.cpg_phase_rad - lag_rad) else -to_the_second


@reward_term
def swing_clearance(
    context: StepContext,
    *,
    lag_rad: float,
    height: Positive,
    first: tuple[SegmentName, ...] = ("left_foot",),
    second: tuple[SegmentName, ...] = ("right_foot",),
    lowest_point: bool = False,
) -> float:
    """Rise of the limbs whose turn it is to swing, over a height in body lengths.

    It is the mean over them of the rise of their proximal joint (of a foot: the ankle) since the
    start, or of the height of their lowest point above the floor. Each counts at most 1, and less
    near the ends of the swing, where the limb is to be on the floor. Turns are those of
    :func:`alternating_load`.
    """
    if context.cpg_phase_rad is None:
        return 0.0
    phase_rad = context.cpg_phase_rad - lag_rad
    limbs = first if _first_swings(phase_rad) else second
    whole_m = height * context.body_length_m
    shares = [share_of(_risen_m(context, limb, lowest_point), whole_m) for limb in limbs]
    return abs(math.sin(phase_rad)) * sum(shares) / len(shares)


@reward_term
def limb_ahead(
    context: StepContext,
    *,
    lag_rad: float,
    step: Positive,
    first: SegmentName = "left_foot",
    second: SegmentName = "right_foot",
) -> float:
    """How far the limb that has swung is ahead of the other, over a step in body lengths, -1 to 1.

    Ahead is the direction of the velocity that is asked for, counted from how the limbs were at the
    start, so that legs that walk to a side open and close. The end of a swing counts most, and its
    middle, where the limbs pass each other, not at all. Limbs count by their proximal joint. Turns
    are those of :func:`alternating_load`. 0 while the generator rests or no velocity is asked for.
    """
    way = direction_of(context, None)
    if context.cpg_phase_rad is None or way == (0, 0):
        return 0.0
    ahead_m = _parted_m(context, first, second, way)
    in_turn = -math.cos(context.cpg_phase_rad - lag_rad)
    return in_turn * clipped(ahead_m / (step * context.body_length_m))


@reward_term
def limbs_in_track(
    context: StepContext,
    *,
    width: Positive,
    first: SegmentName = "left_foot",
    second: SegmentName = "right_foot",
) -> float:
    """1 while two limbs are as far apart as at the start across the way that is asked for.

    Less in proportion to the difference, 0 from a width in body lengths on, so that legs neither
    sprawl nor cross; the way is that of :func:`limb_ahead`. 0 while no velocity is asked for.
    """
    x, y = direction_of(context, None)
    if (x, y) == (0, 0):
        return 0.0
    across_m = abs(_parted_m(context, first, second, (-y, x)))
    return 1 - share_of(across_m, width * context.body_length_m)


def _parted_m(
    context: StepContext, first: SegmentName, second: SegmentName, way: tuple[float, float]
) -> float:
    """How much farther than at the start the first is ahead of the second along a unit vector [m].

    Segments count by their proximal joint.
    """
    now, then = context.state.segment_pos_world, context.start.segment_pos_world
    i, j = SEGMENT_INDEX[first], SEGMENT_INDEX[second]
    x_m, y_m = (now.item(i, k) - now.item(j, k) - then.item(i, k) + then.item(j, k) for k in (0, 1))
    return x_m * way[0] + y_m * way[1]


def _sum_of(force: Vector, segments: tuple[ContactSegmentName, ...]) -> float:
    return sum(force.item(SEGMENT_INDEX[segment]) for segment in segments)


def _risen_m(context: StepContext, segment: SegmentName, lowest_point: bool) -> float:
    if lowest_point:
        return context.height_m.item(SEGMENT_INDEX[segment])
    now_m, then_m = segment_heights_m(context, segment)
    return now_m - then_m


def _first_swings(phase_rad: float) -> bool:
    return math.sin(phase_rad) > 0


@reward_term
def fell(context: StepContext) -> float:
    """1 at the moment of a fall."""
    return float(context.has_fallen)
