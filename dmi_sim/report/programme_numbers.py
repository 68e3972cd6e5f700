"""All numbers of the report of a study of programmes; the unit of analysis is the child."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite, nan
from typing import Literal, TypeAlias

import numpy as np

from dmi_sim.assessments.bedside.passive_range import MOTIONS
from dmi_sim.child.course import Course
from dmi_sim.child.outcomes import Dose, dose, measured_in
from dmi_sim.report.comparisons import Comparison, Group, compare, corrected
from dmi_sim.report.interactions import Interaction, interactions
from dmi_sim.report.labels import Measure
from dmi_sim.report.milestone_curves import MilestoneCurves, milestone_curves
from dmi_sim.report.programme_elements import ElementEffect, element_effects
from dmi_sim.report.programme_groups import groups_of
from dmi_sim.report.programme_question import (
    ProgrammeQuestion,
    arms_of,
    child_measure,
    is_score,
)
from dmi_sim.statistics.intervals import Estimate, t_interval

_SEED = 20260101
"""Seed of resamples and sign flips; fixed, so that a report is the same each time."""
Kind: TypeAlias = Literal["outcome", "dose", "falls"]
Values: TypeAlias = Mapping[str, Mapping[int, float]]
"""A number by arm and child."""


@dataclass(frozen=True)
class SideBySide:
    """One number in two arms, child by child.

    Attributes:
        title: What it is, in words.
        unit: Its unit; empty for plain numbers.
        is_share: Whether it is a share, to be told in per cent.
        kind: ``outcome``, ``dose`` or ``falls``.
        first: Mean over the children of the first arm.
        second: Mean over those of the second arm.
        difference: Mean of the first minus the second with its t interval, over the children who
            are in both.
    """

    title: str
    unit: str
    is_share: bool
    kind: Kind
    first: float
    second: float
    difference: Estimate


@dataclass(frozen=True)
class ArmsCompared:
    """Two arms beside each other: the effect, and all that went along with it.

    Attributes:
        primary: The primary outcome, corrected for the number of comparisons.
        values: The primary outcome of the children of this kind, by arm and child.
        outcomes: The primary outcome first, then all others, which decide nothing.
        doses: What was given and done: minutes, repetitions, hands, falls.
    """

    primary: Comparison
    values: Values
    outcomes: tuple[SideBySide, ...]
    doses: tuple[SideBySide, ...]


@dataclass(frozen=True)
class ProgrammeNumbers:
    """All numbers of the report of a study of programmes.

    Attributes:
        measure: The primary outcome in words.
        margin: Largest difference that would not matter.
        arms: Names of the arms, in planned order.
        values: The primary outcome by arm and child.
        censored: Children who did not reach what the primary outcome waits for, by arm.
        compared: The comparisons, in planned order, within each kind of children.
        groups: The kinds of the children.
        interactions: How far a comparison depends on the kind of children, where the study asks.
        milestones: Ages at which children reach each milestone.
        elements: Main effects of elements, where the arms are those of a factorial.
        by_elements: Whether they answer the question.
    """

    measure: Measure
    margin: float
    arms: tuple[str, ...]
    values: Values
    censored: Mapping[str, int]
    compared: tuple[ArmsCompared, ...]
    groups: tuple[Group, ...]
    interactions: tuple[Interaction, ...]
    milestones: tuple[MilestoneCurves, ...]
    elements: tuple[ElementEffect, ...]
    by_elements: bool = False


def programme_numbers(courses: Sequence[Course], question: ProgrammeQuestion) -> ProgrammeNumbers:
    """All numbers of a report.

    Args:
        courses: Courses of the children that are finished.
        question: What the study asks.
    """
    values, primary = _values(courses, question), primary_comparisons(courses, question)
    outcomes, doses = tuple(_outcomes(courses, question)), tuple(_doses(courses))
    programmes = {one.arm: one.programme for one in courses}
    return ProgrammeNumbers(
        measure=child_measure(question.outcome, question.params),
        margin=question.margin,
        arms=arms_of(courses),
        values=values,
        censored=_censored(courses, question),
        compared=tuple(
            ArmsCompared(one, own, _beside(outcomes, one, own), _beside(doses, one, own))
            for one in primary
            for own in (_of_group(values, courses, one.group),)
        ),
        groups=tuple(groups_of(courses)),
        interactions=interactions(primary, question.interactions),
        milestones=milestone_curves(courses),
        elements=element_effects(
            values, programmes, next(iter(groups_of(courses))), question.margin
        ),
        by_elements=question.by_elements,
    )


def primary_comparisons(
    courses: Sequence[Course], question: ProgrammeQuestion
) -> tuple[Comparison, ...]:
    """The primary outcome compared child by child, corrected for the number of comparisons.

    Args:
        courses: Courses of the children that are finished.
        question: What the study asks; arms of which no child is finished are left out.
    """
    values, rng = _values(courses, question), np.random.default_rng(_SEED)
    kinds = {group: _of_group(values, courses, group) for group in groups_of(courses)}
    return corrected(
        [
            compare(group, (a, b), (own[a], own[b]), question.margin, rng)
            for group, own in kinds.items()
            for a, b in question.comparisons
            if {a, b} <= own.keys()
        ]
    )


def _of_group(
    values: Values, courses: Sequence[Course], group: Group
) -> dict[str, dict[int, float]]:
    """Numbers by arm and child, of the children of one kind."""
    children = {one.child for one in groups_of(courses)[group]}
    found = {
        arm: {child: own[child] for child in sorted(own.keys() & children)}
        for arm, own in values.items()
    }
    return {arm: own for arm, own in found.items() if own}


def _values(courses: Sequence[Course], question: ProgrammeQuestion) -> dict[str, dict[int, float]]:
    """The primary outcome by arm and child."""
    values: dict[str, dict[int, float]] = {arm: {} for arm in arms_of(courses)}
    for one in courses:
        values[one.arm][one.child] = measured_in(one, question.outcome, question.params).value
    return values


def _censored(courses: Sequence[Course], question: ProgrammeQuestion) -> dict[str, int]:
    """Children by arm who did not reach what the primary outcome waits for."""
    counts = dict.fromkeys(arms_of(courses), 0)
    for one in courses:
        counts[one.arm] += measured_in(one, question.outcome, question.params).is_censored
    return counts


def _beside(columns: Sequence["_Column"], one: Comparison, own: Values) -> tuple[SideBySide, ...]:
    """Two arms beside each other in some numbers, over the children of one kind."""
    return tuple(_side_by_side(column, (one.first, one.second), own) for column in columns)


@dataclass(frozen=True)
class _Column:
    """A number of each child, and how it is told."""

    title: str
    unit: str
    values: Values
    is_share: bool = False
    kind: Kind = "outcome"


def _outcomes(courses: Sequence[Course], question: ProgrammeQuestion) -> Iterator[_Column]:
    """The primary outcome, and then the others that these courses can tell."""
    yield _outcome(courses, question.outcome, question.params)
    others = ["score_gain", "score_at_end", "score_area_under_curve"]
    if all(one.retention for one in courses):
        others.append("score_after_pause")
    yield from (_outcome(courses, name, {}) for name in others if name != question.outcome)
    for milestone in courses[0].assessments[0].milestones:
        is_primary = question.params.get("milestone") == milestone
        if not is_primary and any(one.assessments[-1].milestones[milestone] for one in courses):
            yield _outcome(courses, "age_at_milestone_months", {"milestone": milestone})
    if question.outcome != "plateau_weeks":
        yield _outcome(courses, "plateau_weeks", {})
    yield from _examined(courses, question)


def _examined(courses: Sequence[Course], question: ProgrammeQuestion) -> Iterator["_Column"]:
    """What children were assessed in besides the exercises, where they were."""
    ranges = (("range_of_motion_deg", {"motion": str(motion)}) for motion in MOTIONS)
    nothing = dict[str, str]()
    for name, params in (
        ("segmental_level_end", nothing),
        ("direction_specific_end", nothing),
        *ranges,
    ):
        column = _outcome(courses, name, params)
        is_known = any(isfinite(one) for own in column.values.values() for one in own.values())
        if is_known and (name, params) != (question.outcome, dict(question.params)):
            yield column


def _outcome(courses: Sequence[Course], name: str, params: Mapping[str, object]) -> _Column:
    words = child_measure(name, params)
    values = _by_arm(courses, [measured_in(one, name, params).value for one in courses])
    return _Column(words.title, words.unit, values, is_share=is_score(name))


@dataclass(frozen=True)
class _Given:
    """A number of the dose of a child, and how it is told."""

    title: str
    unit: str
    of: Callable[[Dose], float]
    is_share: bool = False
    kind: Kind = "dose"


_GIVEN = (
    _Given("therapy, by the timetable", "min", lambda dose: dose.therapy_minutes),
    _Given("free play, by the timetable", "min", lambda dose: dose.play_minutes),
    _Given("therapy that was simulated", "min", lambda dose: dose.therapy_practice_minutes),
    _Given("all practice that was simulated", "min", lambda dose: dose.practice_minutes),
    _Given("repetitions", "", lambda dose: dose.repetitions),
    _Given("impulse of the hands", "kN·s", lambda dose: dose.support_impulse_n_s / 1000),
    _Given(
        "body weight in the hands, in therapy",
        "",
        lambda dose: dose.support_share,
        is_share=True,
    ),
    _Given("falls in practice", "", lambda dose: dose.falls, kind="falls"),
    _Given(
        "falls, share of all repetitions",
        "",
        lambda dose: dose.falls / dose.repetitions if dose.repetitions else nan,
        is_share=True,
        kind="falls",
    ),
)
"""What was given and done, in the order of a report."""


def _doses(courses: Sequence[Course]) -> Iterator[_Column]:
    given = [dose(one) for one in courses]
    for one in _GIVEN:
        values = _by_arm(courses, [one.of(own) for own in given])
        yield _Column(one.title, one.unit, values, one.is_share, one.kind)


def _by_arm(courses: Sequence[Course], values: Sequence[float]) -> Values:
    found: dict[str, dict[int, float]] = {}
    for course, value in zip(courses, values, strict=True):
        found.setdefault(course.arm, {})[course.child] = value
    return found


def _side_by_side(column: _Column, arms: tuple[str, str], own: Values) -> SideBySide:
    first, second = ({n: column.values[arm][n] for n in own[arm]} for arm in arms)
    differences = [first[one] - second[one] for one in sorted(first.keys() & second.keys())]
    return SideBySide(
        title=column.title,
        unit=column.unit,
        is_share=column.is_share,
        kind=column.kind,
        first=mean_of_known(first.values()),
        second=mean_of_known(second.values()),
        difference=t_interval(np.array([one for one in differences if isfinite(one)])),
    )


def mean_of_known(values: Iterable[float]) -> float:
    """Mean of the numbers that are known; NaN if none is.

    >>> mean_of_known([1.0, nan, 2.0])
    1.5
    """
    known = [one for one in values if isfinite(one)]
    return sum(known) / len(known) if known else nan
