"""How many infants a study needs, from the spread of a run that has finished.

The spread of the paired differences is taken from the run; what is to be shown, and in how many
comparisons, from the study. Nothing is known better than the spread of so few infants allows, so
every number has its interval.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import inf, isnan, nan, prod

import numpy as np

from dmi_sim.errors import InputError, did_you_mean
from dmi_sim.report.comparisons import Comparison, Group
from dmi_sim.report.findings import study_findings
from dmi_sim.report.tables import RunTables
from dmi_sim.spec.study import StudySpec
from dmi_sim.statistics.intervals import Estimate
from dmi_sim.statistics.p_values import ALPHA
from dmi_sim.statistics.sample_size import SampleSize, paired_power, sample_size, spread_limits

POWER = 0.8
"""Probability with which a difference is to be shown, unless another is asked for."""


@dataclass(frozen=True)
class ComparisonPower:
    """Infants that one comparison needs.

    Attributes:
        group: Kind of infant.
        first: First arm.
        second: Second arm.
        infants: Infants of the run that have a value in both arms.
        spread: Standard deviation of their differences; NaN with fewer than two infants.
        needed: Infants that show the difference; NaN where the spread is not known, or zero.
        planned: Power of the number of infants that the study plans, with its interval.
    """

    group: Group
    first: str
    second: str
    infants: int
    spread: float
    needed: SampleSize
    planned: Estimate


@dataclass(frozen=True)
class StudyPower:
    """Infants that a study needs to show a difference of its equivalence margin.

    Attributes:
        difference: The margin, in the unit of the primary outcome.
        power: Probability with which the difference is to be shown.
        alpha: Significance level of each comparison: 0.05 over their number, as for the smallest p
            value in Holm's correction.
        seeds: Infants that the study plans.
        differs: Fields in which the run differed from the study, so that its spread may be another.
        comparisons: Infants that each comparison needs.
    """

    difference: float
    power: float
    alpha: float
    seeds: int
    differs: tuple[str, ...]
    comparisons: tuple[ComparisonPower, ...]

    @property
    def needed(self) -> SampleSize:
        """Infants that the comparison with the largest spread needs, and so the study."""
        return max((one.needed for one in self.comparisons), key=_size_or_most)

    @property
    def fewest_infants(self) -> int:
        """Infants of the comparison that had the fewest in the run."""
        return min(one.infants for one in self.comparisons)

    @property
    def is_vague(self) -> bool:
        """Whether the run was too small to tell for some comparison."""
        return any(one.needed.is_vague for one in self.comparisons)


def _size_or_most(size: SampleSize) -> float:
    """The number of infants; an unknown one counts as the most."""
    return inf if isnan(size.value) else size.value


def study_power(run: RunTables, study: StudySpec, power: float = POWER) -> StudyPower:
    """How many infants show a difference of the margin of a study.

    Args:
        run: Tables of a run that had the arms, the exercise and the tests of the study.
        study: The study to be planned; its margin, comparisons and primary outcome count.
        power: Probability with which the difference is to be shown, above 0.05 and below 1.

    Returns:
        The numbers by comparison, for each kind of infants of the run.

    Raises:
        InputError: If the power is out of range, or the run cannot tell of this study.
    """
    if not ALPHA < power < 1:
        raise InputError(f"power: {power:g} is not above {ALPHA:g} and below 1, such as {POWER:g}")
    problems = [f"{run.folder}: {problem}" for problem in _refused(run, study)]
    if problems:
        raise InputError(*problems)
    comparisons = study_findings(asked_by(run, study)).comparisons
    alpha = ALPHA / comparisons_of(study)
    difference = study.primary_outcome.equivalence_margin
    return StudyPower(
        difference=difference,
        power=power,
        alpha=alpha,
        seeds=study.seeds,
        differs=tuple(_differences(run.manifest.spec, study)),
        comparisons=tuple(
            _comparison_power(one, difference, alpha, power, study.seeds) for one in comparisons
        ),
    )


def _refused(run: RunTables, study: StudySpec) -> Iterator[str]:
    """Why a run cannot tell how many infants a study needs."""
    ran, primary = run.manifest.spec, study.primary_outcome
    if ran.exercise != study.exercise:
        yield f"a run of {ran.exercise}; the study is of {study.exercise}"
    if not primary.comparisons:
        yield "the study names no comparisons, so there is no difference to show"
    for arm in dict.fromkeys(arm for pair in primary.comparisons for arm in pair):
        if arm not in ran.arms:
            yield f"no arm '{arm}' in this run; {did_you_mean(arm, ran.arms)}"
    if primary.pushed not in ran.test.pushes:
        yield f"no tests {'with' if primary.pushed else 'without'} pushes in this run"


def comparisons_of(study: StudySpec) -> int:
    """Number of comparisons that a study corrects for: pairs of arms times kinds of infants."""
    kinds = (study.conditions, study.ages_months, study.sexes, study.dose.steps)
    return prod(map(len, (study.primary_outcome.comparisons, *kinds)))


def _differences(ran: StudySpec, study: StudySpec) -> Iterator[str]:
    """Fields on which the spread between infants depends and that were others in the run."""
    for field in ("arms", "subjects", "conditions", "ages_months", "sexes", "dose", "test"):
        if getattr(ran, field) != getattr(study, field):
            yield field


def asked_by(run: RunTables, study: StudySpec) -> RunTables:
    """The run as if it had asked what the study asks."""
    spec = run.manifest.spec.model_copy(update={"primary_outcome": study.primary_outcome})
    return replace(run, manifest=run.manifest.model_copy(update={"spec": spec}))


def _comparison_power(
    one: Comparison, difference: float, alpha: float, power: float, seeds: int
) -> ComparisonPower:
    differences = np.array(list(one.differences.values()))
    count = len(differences)
    spread = float(np.std(differences, ddof=1)) if count > 1 else nan
    telling = spread or nan  # differences that are all equal tell nothing of the next infant
    return ComparisonPower(
        group=one.group,
        first=one.first,
        second=one.second,
        infants=count,
        spread=spread,
        needed=sample_size(difference, telling, count, alpha, power),
        planned=_planned(seeds, difference, telling, count, alpha),
    )


def _planned(seeds: int, difference: float, spread: float, count: int, alpha: float) -> Estimate:
    """Power of a number of infants; it falls as the spread grows."""
    narrow, wide = spread_limits(spread, count)
    if isnan(spread):
        return Estimate(nan, nan, nan)
    value, high, low = (paired_power(seeds, difference, x, alpha) for x in (spread, narrow, wide))
    return Estimate(value, low, high)
