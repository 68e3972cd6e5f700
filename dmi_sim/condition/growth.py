"""Growth of an infant under a condition: its size, and the age of its nerves and muscles."""

from dataclasses import dataclass

from dmi_sim.body.growth import (
    BodySize,
    GrowthChart,
    PretermBirth,
    Sex,
    StandardScores,
    blended_size,
    growth_chart,
    preterm_size,
)
from dmi_sim.catalog import Catalog
from dmi_sim.condition.transform import AppliedCondition
from dmi_sim.errors import InputError
from dmi_sim.spec.condition import PretermSpec

POSTMENSTRUAL = "pma_weeks"
"""Age column of a preterm chart: weeks of postmenstrual age."""


@dataclass(frozen=True)
class GrowthState:
    """Size and developmental age of an infant.

    Attributes:
        size: Mass [kg], length [m] and head circumference [m].
        developmental_months: Age by which proportions, strength and nerves follow their curves
            [months]: since birth, or since term if the infant was born early, but never below 0.
    """

    size: BodySize
    developmental_months: float


def growth_state(
    condition: AppliedCondition,
    catalog: Catalog,
    standard: str,
    sex: Sex,
    age_months: float,
    scores: StandardScores,
) -> GrowthState:
    """Size and developmental age of an infant under a condition.

    Args:
        condition: Condition with its options and severity.
        catalog: Catalog that the growth tables are read from.
        standard: Path of the growth standard in the catalog.
        sex: Sex of the infant.
        age_months: Chronological age, since birth [months].
        scores: Standard scores of length and weight.

    Raises:
        InputError: If a birth is earlier than the preterm chart begins.
    """
    chart, change = growth_chart(catalog.table(standard), sex), condition.spec.growth
    if change and change.z_shift:
        scores = _shifted(scores, condition.severity * float(condition.options[change.z_shift]))
    if change and change.preterm:
        return _preterm(condition, catalog, change.preterm, (chart, sex), age_months, scores)
    size = chart.size(age_months, scores)
    if change and change.table:
        own = growth_chart(catalog.table(change.table), sex).size(age_months, scores)
        size = blended_size(size, own, condition.severity)
    return GrowthState(size, age_months)


def _shifted(scores: StandardScores, shift: float) -> StandardScores:
    return StandardScores(scores.length + shift, scores.weight + shift)


def _preterm(
    condition: AppliedCondition,
    catalog: Catalog,
    spec: PretermSpec,
    standard: tuple[GrowthChart, Sex],
    age_months: float,
    scores: StandardScores,
) -> GrowthState:
    standard_chart, sex = standard
    weeks, choice = float(condition.options[spec.weeks]), str(condition.options[spec.chart])
    chart = growth_chart(catalog.table(spec.charts[choice]), sex, POSTMENSTRUAL)
    if weeks < chart.ages[0]:
        raise InputError(
            f"condition_options.{spec.weeks}: {weeks:g} is before week {chart.ages[0]:g}, "
            f"where the chart '{choice}' begins"
        )
    birth = PretermBirth(
        weeks_early=condition.severity * (spec.term.value - weeks),
        term_weeks=spec.term.value,
        full_chart_weeks=spec.term.value - spec.preterm_before.value,
        fade_weeks=spec.fade.value,
    )
    size = preterm_size(standard_chart, chart, birth, age_months, scores)
    return GrowthState(size, max(0.0, birth.corrected_months(age_months)))
