"""Two arms compared infant by infant, within one kind of infants."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import isfinite

import numpy as np

from dmi_sim.statistics.effect_sizes import hedges_g
from dmi_sim.statistics.intervals import (
    Estimate,
    bootstrap_interval,
    covering,
    probability_of_improvement,
    t_interval,
)
from dmi_sim.statistics.p_values import (
    equivalence_p_value,
    holm,
    paired_p_value,
    sign_flip_p_value,
)
from dmi_sim.statistics.robust import hodges_lehmann


@dataclass(frozen=True, order=True)
class Group:
    """Infants of one kind; arms are compared within a group.

    They differ in their random numbers, and in a cohort in their bodies too. An age or a dose that
    an arm has of its own is the arm's and not a group's.

    Attributes:
        condition: Name and options of the condition.
        severity: Severity of the condition.
        age_months: Age [months].
        sex: ``female`` or ``male``; ``drawn`` where the study draws the sex of each infant.
        dose_steps: Control steps of practice where the study has several doses, else 0.
    """

    condition: str
    severity: float
    age_months: float
    sex: str
    dose_steps: int = 0


@dataclass(frozen=True)
class Comparison:
    """The first arm minus the second, over the infants that finished in both.

    Attributes:
        group: Kind of infant.
        first: First arm.
        second: Second arm.
        differences: Difference of the primary outcome in each infant, by seed.
        difference: Their mean with the interval that the verdict rests on.
        bootstrap: The same mean with the bootstrap interval alone.
        student: The same mean with the t interval alone.
        robust: Hodges-Lehmann estimate of the difference, with its exact interval.
        hedges_g: Standardised difference.
        chance: Probability that an infant's value is higher in the first arm.
        p_value: p value of the paired t test.
        p_holm: The same, corrected for the number of comparisons in the study.
        p_sign_flip: p value of the sign-flip permutation test, not corrected.
        p_equivalent: p value of two one-sided tests against the margin of the study.
        p_equivalent_holm: The same, corrected for the number of comparisons in the study.
    """

    group: Group
    first: str
    second: str
    differences: dict[int, float]
    difference: Estimate
    bootstrap: Estimate
    student: Estimate
    robust: Estimate
    hedges_g: Estimate
    chance: Estimate
    p_value: float
    p_holm: float
    p_sign_flip: float
    p_equivalent: float
    p_equivalent_holm: float


def corrected(family: Sequence[Comparison]) -> tuple[Comparison, ...]:
    """Comparisons with p values corrected for their number, for difference and equivalence alike.

    Args:
        family: All comparisons of a study.
    """
    different = holm([one.p_value for one in family])
    equivalent = holm([one.p_equivalent for one in family])
    return tuple(
        replace(one, p_holm=p, p_equivalent_holm=q)
        for one, p, q in zip(family, different, equivalent, strict=True)
    )


def compare(
    group: Group,
    arms: tuple[str, str],
    values: tuple[dict[int, float], dict[int, float]],
    margin: float,
    rng: np.random.Generator,
) -> Comparison:
    """Compare two arms over the infants that have a value in both; NaN counts as no value.

    Args:
        group: Kind of infant.
        arms: The first arm and the second.
        values: Primary outcome by seed in the first arm and in the second.
        margin: Largest difference that would not matter.
        rng: Source of resamples and of sign flips.

    Returns:
        The comparison on its own: see :func:`corrected` for its place among others.
    """
    known = [{seed for seed, value in own.items() if isfinite(value)} for own in values]
    seeds = sorted(known[0] & known[1])
    first, second = (np.array([own[seed] for seed in seeds]) for own in values)
    differences = first - second
    student = t_interval(differences)
    bootstrap = bootstrap_interval(differences, rng)
    p_value, p_equivalent = paired_p_value(differences), equivalence_p_value(differences, margin)
    return Comparison(
        group=group,
        first=arms[0],
        second=arms[1],
        differences=dict(zip(seeds, differences.tolist(), strict=True)),
        difference=covering(student, bootstrap),
        bootstrap=bootstrap,
        student=student,
        robust=hodges_lehmann(differences),
        hedges_g=hedges_g(first, second),
        chance=probability_of_improvement(first, second),
        p_value=p_value,
        p_holm=p_value,
        p_sign_flip=sign_flip_p_value(differences, rng),
        p_equivalent=p_equivalent,
        p_equivalent_holm=p_equivalent,
    )
