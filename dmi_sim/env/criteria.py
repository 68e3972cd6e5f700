"""Success criteria: pure functions of a step that tell how much of an exercise is reached, 0 to 1.

None of them knows where hands are. Each is a reward term too (:mod:`dmi_sim.env.rewards`). To add
one, write a function here, or in a plug-in, under ``@criterion(words=...)``, with typed keywords
and a docstring that says what it measures. Its test goes to ``tests/env/test_criteria.py``; its
name is then free to use in ``envs/``.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from dmi_sim.anatomy import (
    HEAD,
    SEGMENT_INDEX,
    UPPER_THORAX,
    ContactSegmentName,
    SegmentName,
)
from dmi_sim.env.contact_history import LEAST_CONTACT, Limbs
from dmi_sim.env.context import StepContext, needs_contact_history, segment_heights_m
from dmi_sim.env.rewards import RewardTerm, direction_of, reward_term
from dmi_sim.env.shaping import Positive, clipped, cosine_between, share_of
from dmi_sim.registry import Registry, defaults_of
from dmi_sim.spec.exercise import SuccessSpec

CriterionT = TypeVar("CriterionT", bound=RewardTerm)

_BOTH = {
    "upper_arm": "both shoulders",
    "forearm": "both elbows",
    "thigh": "both hips",
    "shank": "both knees",
    "foot": "both feet",
}
"""Both sides of a segment in words, by the joint at which it begins."""
_BOTH_TOUCHING = {"forearm": "both forearms", "thigh": "both thighs", "foot": "both feet"}
"""Both sides of a segment in words, where it touches the ground."""
_DIRECTIONS = ("forward", "to the left", "backward", "to the right")
_TINY = 1e-9
"""An angle or a share that is no more than rounding."""
_SHOULDERS = [SEGMENT_INDEX["left_upper_arm"], SEGMENT_INDEX["right_upper_arm"]]
_FOREARMS = [SEGMENT_INDEX["left_forearm"], SEGMENT_INDEX["right_forearm"]]


@dataclass(frozen=True)
class Criterion:
    """A success criterion and how a person would say it.

    Attributes:
        function: Share of the criterion that is reached, 0 to 1, from a
            :class:`~dmi_sim.env.context.StepContext` and keywords.
        words: The success in words, with parameters in braces, such as ``{rise:g}``; an angle
            ``x_rad`` also as ``{x_deg:.0f}``, and ``heading_rad`` as ``{direction}``.
    """

    function: RewardTerm
    words: str

    def in_words(self, params: Mapping[str, object]) -> str:
        """The success with these parameters, in words.

        >>> CRITERIA["segment_raised"].in_words({"segment": "pelvis", "rise": 0.09})
        'pelvis raised by 0.09 of body length'
        """
        said = {**defaults_of(self.function), **params}
        for name, value in tuple(said.items()):
            said |= _said(name, value)
        return self.words.format_map(said)


CRITERIA: Registry[Criterion] = Registry("criterion")
"""Success criteria by name."""


def criterion(*, words: str) -> Callable[[CriterionT], CriterionT]:
    """Register a function as a success criterion, and as a reward term, under its name.

    Args:
        words: The success in words, see :class:`Criterion`.
    """

    def register(function: CriterionT) -> CriterionT:
        reward_term(function)
        CRITERIA.add(function.__name__, Criterion(function, words))
        return function

    return register


def _said(name: str, value: object) -> dict[str, object]:
    """A parameter as the words of a criterion may name it."""
    if isinstance(value, str):
        return {name: value.replace("_", " ")}
    if isinstance(value, list | tuple):
        words = [str(word) for word in value]
        joints, touching = (_pairs(words, both) for both in (_BOTH, _BOTH_TOUCHING))
        return {name: " and ".join(joints), f"{name}_touching": _listed(touching)}
    if name == "heading_rad" and value is None:
        return {"direction": "the way that is asked for"}
    if not isinstance(value, float | int) or not name.endswith("_rad"):
        return {}
    quarter = _DIRECTIONS[round(value / (math.pi / 2)) % 4]
    direction = {"direction": quarter} if name == "heading_rad" else {}
    return {name.removesuffix("rad") + "deg": math.degrees(value), **direction}


def _pairs(segments: list[str], in_words: Mapping[str, str]) -> list[str]:
    """Segments in words, each pair of sides together as told."""
    kinds = [name.removeprefix("left_").removeprefix("right_") for name in segments]
    both = {kind for kind in kinds if {f"left_{kind}", f"right_{kind}"} <= {*segments}}
    named = (
        in_words.get(kind, kind) if kind in both else name.replace("_", " ")
        for name, kind in zip(segments, kinds, strict=True)
    )
    return list(dict.fromkeys(named))


def success_in_words(success: SuccessSpec) -> str:
    """What an exercise asks for, in words: its criterion, for how long, and what else.

    >>> success_in_words(SuccessSpec(criterion="no_fall", hold_s=10))
    'no fall for 10 s'
    >>> success_in_words(SuccessSpec(criterion="no_fall", hold_s=2, no_fall_s=8))
    'no fall for 2 s, and no fall for 8 s'
    """
    asked = (success, *success.also)
    main, *also = (CRITERIA[one.criterion].in_words(one.params) for one in asked)
    held = f"{main} for {success.hold_s:g} s" if success.hold_s else main
    lasting = [
        words if one.time_share is None else f"{words} for {one.time_share:.0%} of the time"
        for words, one in zip(also, success.also, strict=True)
    ]
    asked_besides = f"{held}, with {_listed(lasting)}" if lasting else held
    no_fall = f", and no fall for {success.no_fall_s:g} s" if success.no_fall_s else ""
    return f"{asked_besides}{no_fall}"


def _listed(words: Sequence[str]) -> str:
    """Words as a list in a sentence, such as ``a, b and c``."""
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))


@criterion(words="no fall")
def no_fall(context: StepContext) -> float:
    """1 until the infant falls."""
    return 0.0 if context.has_fallen else 1.0


@criterion(words="head at {lifted:g} of body length")
def head_lift(context: StepContext, *, resting: float, lifted: float) -> float:
    """Share of the way of the head from its height at rest to that when lifted, in body lengths."""
    height = context.state.head_height_m / context.body_length_m
    return share_of(height - resting, lifted - resting)


@criterion(words="{segment} raised by {rise:g} of body length")
def segment_raised(context: StepContext, *, segment: SegmentName, rise: float) -> float:
    """Rise of a segment since the start, over a rise in body lengths."""
    now, then = segment_heights_m(context, segment)
    return share_of(now - then, rise * context.body_length_m)


@criterion(words="chest faces the floor within {within_deg:.0f}°")
def rolled_to_prone(context: StepContext, *, within_rad: float) -> float:
    """Share of the turn of the chest from facing up (0) to facing down within an angle (1)."""
    facing = float(context.state.segment_matrix_world[UPPER_THORAX, 2, 0])
    return share_of(math.acos(clipped(facing)), math.pi - within_rad)


@criterion(words="head within {within_deg:.0f}° of the line of the trunk")
def head_in_line(context: StepContext, *, within_rad: float) -> float:
    """1 while the head follows the trunk within an angle; less when it lags or hangs more."""
    matrix = context.state.segment_matrix_world
    aligned = cosine_between(matrix[HEAD, :, 2], matrix[UPPER_THORAX, :, 2])
    return share_of(within_rad, max(math.acos(aligned), 1e-9))


@criterion(words="trunk within {upright_deg:.0f}° of the vertical, head in line with it,")
def trunk_raised_in_line(context: StepContext, *, within_rad: float, upright_rad: float) -> float:
    """Share of the way of the trunk from lying (0) to an angle from the vertical (1), head in line.

    What the head lags behind the trunk is taken off, as in :func:`head_in_line`.
    """
    risen = share_of(math.pi / 2 - context.state.upright_rad, math.pi / 2 - upright_rad)
    return risen * head_in_line(context, within_rad=within_rad)


@criterion(words="{segments} {direction} by {distance:g} of body length")
def displacement(
    context: StepContext,
    *,
    segments: tuple[SegmentName, ...],
    distance: Positive,
    heading_rad: float | None = None,
) -> float:
    """Way of the segment that lags most, along a direction, over a distance in body lengths.

    Segments count by their proximal joint: feet by the ankle, forearms by the elbow, shanks by the
    knee. So to lean, to step with one foot or to dive over the knees is not enough. The direction
    is counted from forward to the left as the infant faced at the start; without one it is that of
    the velocity that is asked for.
    """
    now, then = context.state.segment_pos_world, context.start.segment_pos_world
    x, y = direction_of(context, heading_rad)
    ways_m = [
        (now.item(i, 0) - then.item(i, 0)) * x + (now.item(i, 1) - then.item(i, 1)) * y
        for i in [SEGMENT_INDEX[segment] for segment in segments]
    ]
    return share_of(min(ways_m), distance * context.body_length_m)


@criterion(words="head within {within_deg:.0f}° of the vertical")
def head_upright_within(context: StepContext, *, within_rad: Positive) -> float:
    """1 while the long axis of the head is vertical within an angle; less when it tilts more."""
    cosine = float(context.state.segment_matrix_world[HEAD, 2, 2])
    return share_of(within_rad, max(math.acos(clipped(cosine)), _TINY))


@criterion(words="trunk within {within_deg:.0f}° of the vertical")
def trunk_upright_within(context: StepContext, *, within_rad: Positive) -> float:
    """1 while the line from pelvis to C7 is vertical within an angle; less when it tilts more."""
    return share_of(within_rad, max(context.state.upright_rad, _TINY))


@criterion(words="{share:.0%} of the weight on {segments_touching}")
@needs_contact_history
def weight_borne(
    context: StepContext, *, segments: tuple[ContactSegmentName, ...], share: Positive
) -> float:
    """Share of body weight that ground and furniture carry through segments, over a share asked.

    It is the low-passed load of :class:`~dmi_sim.env.contact_history.ContactHistory`. What hands
    carry is missing from it.
    """
    return share_of(_load(context, segments), share)


@criterion(words="at most {tolerance:.0%} of the weight on anything but {segments_touching}")
@needs_contact_history
def only_on(
    context: StepContext, *, segments: tuple[ContactSegmentName, ...], tolerance: Positive = 0.05
) -> float:
    """1 while ground and furniture carry nothing but these segments; less the more they do.

    Up to a tolerance, in shares of body weight, other segments may touch. The load is low-passed,
    see :class:`~dmi_sim.env.contact_history.ContactHistory`.
    """
    others = float(context.contact_history.load.sum()) - _load(context, segments)
    return share_of(tolerance, max(others, _TINY))


@criterion(words="{count:g} steps of the {limbs} in turn")
@needs_contact_history
def steps_taken(context: StepContext, *, limbs: Limbs, count: Positive) -> float:
    """Steps of left and right in turn since the start, over a number asked.

    What counts as a step is said in :class:`~dmi_sim.env.contact_history.Steps`.
    """
    return share_of(context.contact_history.steps[limbs].alternate, count)


@criterion(words="{segments_touching} off the ground by {clearance:g} of body length")
@needs_contact_history
def limb_raised(
    context: StepContext, *, segments: tuple[ContactSegmentName, ...], clearance: Positive
) -> float:
    """Height of the lowest point of the segment that is raised most, over a height asked.

    A segment that the ground still carries counts as not raised. Heights are in body lengths.
    """
    indices = [SEGMENT_INDEX[segment] for segment in segments]
    load, height_m = context.contact_history.load, context.height_m
    free_m = [height_m.item(i) for i in indices if load.item(i) < LEAST_CONTACT]
    return share_of(max(free_m, default=0.0), clearance * context.body_length_m)


@criterion(words="no arm under the trunk")
def arms_free(context: StepContext, *, beside: Positive = 0.8) -> float:
    """1 while both forearms lie beside the chest or ahead of it; less when one lies under it.

    Beside is farther from the midline than a share of half the width of the shoulders; ahead is
    beyond the line of the shoulders towards the head. Each counts in the frame of the upper chest,
    for every contact sphere of the forearm and hand. One that is neither counts by the way that it
    has to go, aside or ahead, whichever is nearer.
    """
    state = context.state
    chest, pos = state.segment_matrix_world[UPPER_THORAX], state.segment_pos_world
    shoulders = pos[_SHOULDERS]
    middle, half_width_m = shoulders.mean(axis=0), math.dist(*shoulders.tolist()) / 2
    arms = np.isin(context.surface.segment, _FOREARMS)
    places = (context.surface.centres_world(state)[arms] - middle) @ chest
    return min(
        max(
            share_of(abs(aside_m), beside * half_width_m),
            share_of(half_width_m + ahead_m, half_width_m),
        )
        for _, aside_m, ahead_m in places.tolist()
    )


def _load(context: StepContext, segments: tuple[ContactSegmentName, ...]) -> float:
    """Share of body weight that ground and furniture carry through segments, low-passed."""
    load = context.contact_history.load
    return sum(load.item(SEGMENT_INDEX[segment]) for segment in segments)
