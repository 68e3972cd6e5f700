"""The primary outcome of a study of programmes: each arm, and the arms compared child by child."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import isfinite

import numpy as np

from dmi_sim.child.course import Course
from dmi_sim.child.outcomes import CHILD_OUTCOMES, ChildOutcome, Measured, measured_in
from dmi_sim.report.comparisons import Comparison, Group, compare, corrected
from dmi_sim.spec.programme_study import ProgrammeStudySpec
from dmi_sim.statistics.intervals import Estimate, interquartile_mean, t_interval
from dmi_sim.statistics.p_values import FEWEST_TO_DECIDE
from dmi_sim.study.cell import condition_kind

_SEED = 20260101
"""Seed of resamples and sign flips; fixed, so that a report is the same each time."""


@dataclass(frozen=True)
class ArmOutcome:
    """The primary outcome in one arm.

    Attributes:
        arm: Name of the arm.
        values: The number of each child, by its number; NaN where there is none.
        censored: Children in whom what was waited for did not come; they count in all numbers with
            what they reached by the end.
        mean: Mean over the children that have a number, with its t interval.
        interquartile_mean: Mean of the middle half of them.
    """

    arm: str
    values: dict[int, float]
    censored: tuple[int, ...]
    mean: Estimate
    interquartile_mean: float


@dataclass(frozen=True)
class ProgrammeEffects:
    """The answer of a study of programmes, as numbers.

    Attributes:
        outcome: The primary outcome.
        margin: Largest difference that would not matter, in its unit.
        arms: The outcome in each arm, in planned order.
        comparisons: The comparisons that the study file names, in its order; p values are corrected
            for their number.
        may_decide: Whether each comparison has children enough for a verdict; fewer describe.
    """

    outcome: ChildOutcome
    margin: float
    arms: tuple[ArmOutcome, ...]
    comparisons: tuple[Comparison, ...]
    may_decide: bool


def programme_effects(courses: Sequence[Course], study: ProgrammeStudySpec) -> ProgrammeEffects:
    """The primary outcome of a study, by arm and compared.

    Args:
        courses: Courses of the children that are finished.
        study: The study as it ran.
    """
    primary = study.primary_outcome
    arms = tuple(_arm_outcome(arm, courses, study) for arm in study.arms)
    comparisons = _comparisons(arms, study)
    return ProgrammeEffects(
        outcome=CHILD_OUTCOMES[primary.outcome],
        margin=primary.equivalence_margin,
        arms=arms,
        comparisons=comparisons,
        may_decide=all(len(one.differences) >= FEWEST_TO_DECIDE for one in comparisons),
    )


def _arm_outcome(arm: str, courses: Iterable[Course], study: ProgrammeStudySpec) -> ArmOutcome:
    primary = study.primary_outcome
    found: dict[int, Measured] = {
        one.child: measured_in(one, primary.outcome, primary.params)
        for one in courses
        if one.arm == arm
    }
    values = {child: one.value for child, one in sorted(found.items())}
    known = np.array([value for value in values.values() if isfinite(value)])
    return ArmOutcome(
        arm=arm,
        values=values,
        censored=tuple(child for child, one in sorted(found.items()) if one.is_censored),
        mean=t_interval(known),
        interquartile_mean=interquartile_mean(known),
    )


def _comparisons(arms: Sequence[ArmOutcome], study: ProgrammeStudySpec) -> tuple[Comparison, ...]:
    primary, by_arm = study.primary_outcome, {one.arm: one.values for one in arms}
    rng = np.random.default_rng(_SEED)
    group, margin = group_of_children(study), primary.equivalence_margin
    return corrected(
        [
            compare(group, pair, (by_arm[pair[0]], by_arm[pair[1]]), margin, rng)
            for pair in primary.comparisons
        ]
    )


def group_of_children(study: ProgrammeStudySpec) -> Group:
    """The kind of the children of a study, who are all of one.

    Args:
        study: The study.
    """
    who = study.who
    return Group(
        condition=condition_kind(who.condition, who.condition_options),
        severity=who.severity,
        age_months=who.age_months,
        sex=who.sex,
    )
