"""Whether a difference between arms depends on the infants: on their age, condition or severity.

An interaction is a difference of differences: first arm minus second in one kind of infants, less
the same in another kind. Both kinds share their random numbers infant by infant; to take them for
separate groups, as Welch's test does, can only widen the interval where alike seeds do alike.
"""

from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass, replace

import numpy as np

from dmi_sim.arrays import Vector
from dmi_sim.report.comparisons import Comparison, Group
from dmi_sim.spec.study import Factor
from dmi_sim.statistics.intervals import Estimate, welch_interval
from dmi_sim.statistics.p_values import holm, welch_p_value


@dataclass(frozen=True)
class Interaction:
    """How the difference between two arms differs between two kinds of infants.

    Attributes:
        factor: What the two kinds differ in.
        group: Kind of infant.
        reference: Kind that it is compared with: the first of the study that differs from it in
            the factor alone. Infants of another condition may also have another severity.
        first: First arm.
        second: Second arm.
        infants: Infants of the kind, and of the reference, that have a value in both arms.
        difference: Difference between the arms in the kind minus that in the reference, with
            Welch's interval.
        p_value: p value of Welch's t test that there is none.
        p_holm: The same, corrected for the number of interactions in the study.
    """

    factor: Factor
    group: Group
    reference: Group
    first: str
    second: str
    infants: tuple[int, int]
    difference: Estimate
    p_value: float
    p_holm: float


def interactions(
    comparisons: Sequence[Comparison], factors: Sequence[Factor]
) -> tuple[Interaction, ...]:
    """The interactions of all comparisons with some factors, corrected for their number.

    Args:
        comparisons: All comparisons of a study, in planned order.
        factors: What interactions are asked for.
    """
    found = [
        _interaction(factor, one, reference)
        for factor in factors
        for one, reference in _pairs(comparisons, factor)
    ]
    adjusted = holm([one.p_value for one in found])
    return tuple(replace(one, p_holm=p) for one, p in zip(found, adjusted, strict=True))


def _pairs(
    comparisons: Sequence[Comparison], factor: Factor
) -> Iterator[tuple[Comparison, Comparison]]:
    """Each comparison with the first one whose infants differ in the factor alone."""
    references: dict[tuple[object, ...], Comparison] = {}
    for one in comparisons:
        reference = references.setdefault((one.first, one.second, *_rest(one.group, factor)), one)
        if _level(one.group, factor) != _level(reference.group, factor):
            yield one, reference


def _level(group: Group, factor: Factor) -> object:
    return getattr(group, _FIELDS[factor][0])


def _rest(group: Group, factor: Factor) -> tuple[object, ...]:
    """What two kinds of infants must share."""
    free = {field: None for field in _FIELDS[factor]}
    return astuple(replace(group, **free))


_FIELDS: dict[Factor, tuple[str, ...]] = {
    "age": ("age_months",),
    "condition": ("condition", "severity"),
    "severity": ("severity",),
    "sex": ("sex",),
    "dose": ("dose_steps",),
}
"""The field of a group for each factor, and others that may differ with it."""


def _interaction(factor: Factor, one: Comparison, reference: Comparison) -> Interaction:
    here, there = _differences(one), _differences(reference)
    p_value = welch_p_value(here, there)
    return Interaction(
        factor=factor,
        group=one.group,
        reference=reference.group,
        first=one.first,
        second=one.second,
        infants=(len(here), len(there)),
        difference=welch_interval(here, there),
        p_value=p_value,
        p_holm=p_value,
    )


def _differences(comparison: Comparison) -> Vector:
    return np.array(list(comparison.differences.values()))
