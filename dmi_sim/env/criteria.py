"""Success criteria: pure functions of a step that tell how much of an exercise is reached, 0 to 1.

None of them knows where hands are. Each is a reward term too (:mod:`dmi_sim.env.rewards`). To add
one, write a function here, or in a plug-in, under ``@criterion(words=...)``, with typed keywords
and a docstring that says what it measures. Its test goes to ``tests/env/test_criteria.py``; its
name is then free to use in ``envs/``.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from dmi_sim.anatomy import HEAD, SEGMENT_INDEX, UPPER_THORAX, SegmentName
from dmi_sim.env.context import StepContext, segment_heights_m
from dmi_sim.env.rewards import RewardTerm, reward_term
from dmi_sim.env.shaping import Positive, clipped, cosine_between, share_of
from dmi_sim.registry import Registry, defaults_of

CriterionT = TypeVar("CriterionT", bound=RewardTerm)

_BOTH = {
    "upper_arm": "both shoulders",
    "forearm": "both elbows",
    "thigh": "both hips",
    "shank": "both knees",
    "foot": "both feet",
}
"""Both sides of a segment in words, by the joint at which it begins."""
_DIRECTIONS = ("forward", "to the left", "backward", "to the right")


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
        return {name: " and ".join(_pairs([str(word) for word in value]))}
    if not isinstance(value, float | int) or not name.endswith("_rad"):
        return {}
    quarter = _DIRECTIONS[round(value / (math.pi / 2)) % 4]
    direction = {"direction": quarter} if name == "heading_rad" else {}
    return {name.removesuffix("rad") + "deg": math.degrees(value), **direction}


def _pairs(segments: list[str]) -> list[str]:
    """Segments in words, each pair of sides together."""
    kinds = [name.removeprefix("left_").removeprefix("right_") for name in segments]
    both = {kind for kind in kinds if {f"left_{kind}", f"right_{kind}"} <= {*segments}}
    named = (
        _BOTH.get(kind, kind) if kind in both else name.replace("_", " ")
        for name, kind in zip(segments, kinds, strict=True)
    )
    return list(dict.fromkeys(named))


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
    heading_rad: float,
) -> float:
    """Way of the segment that lags most, along a direction, over a distance in body lengths.

    Segments count by their proximal joint: feet by the ankle, forearms by the elbow, shanks by the
    knee. So to lean, to step with one foot or to dive over the knees is not enough. The direction
    is counted from forward to the left as the infant faced at the start.
    """
    now, then = context.state.segment_pos_world, context.start.segment_pos_world
    x, y = math.cos(heading_rad), math.sin(heading_rad)
    ways_m = [
        (now.item(i, 0) - then.item(i, 0)) * x + (now.item(i, 1) - then.item(i, 1)) * y
        for i in [SEGMENT_INDEX[segment] for segment in segments]
    ]
    return share_of(min(ways_m), distance * context.body_length_m)
