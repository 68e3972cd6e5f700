"""Growth of an infant under a condition: its size, and the age of its nerves and muscles."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from dmi_sim.body.growth import (
    LARGEST_Z,
    BodySize,
    GrowthStandard,
    PretermBirth,
    Sex,
    StandardScores,
    blended_size,
    growth_chart,
    growth_standard,
    preterm_size,
)
from dmi_sim.catalog import Catalog
from dmi_sim.condition.transform import AppliedCondition
from dmi_sim.errors import InputError
from dmi_sim.spec.body import BodySpec
from dmi_sim.spec.condition import PretermSpec

POSTMENSTRUAL = "pma_weeks"
"""Age column of a preterm chart: weeks of postmenstrual age."""


@dataclass(frozen=True)
class Growth:
    """Growth of an infant of an age, sex and condition, before its own size is chosen.

    Attributes:
        size: Mass [kg], length [m] and head circumference [m] at standard scores.
        developmental_months: Age by which proportions, strength and nerves follow their curves
            [months]: since birth, or since term if the infant was born early, but never below 0.
        shift: Shift of both standard scores by the condition.
    """

    size: Callable[[StandardScores], BodySize]
    developmental_months: float
    shift: float = 0.0

    @property
    def z_range(self) -> tuple[float, float]:
        """Standard scores that may be chosen, so that they are plausible with the shift too."""
        return (
            max(-LARGEST_Z, -LARGEST_Z - self.shift),
            min(LARGEST_Z, LARGEST_Z - self.shift),
        )


def growth_under(
    condition: AppliedCondition, catalog: Catalog, body: BodySpec, sex: Sex, age_months: float
) -> Growth:
    """Growth of an infant under a condition.

    Args:
        condition: Condition with its options and severity.
        catalog: Catalog that the growth tables are read from.
        body: Body that names the growth standard.
        sex: Sex of the infant.
        age_months: Chronological age, since birth [months].

    Raises:
        InputError: If a birth is earlier than the preterm chart begins.
    """
    change = condition.spec.growth
    standard = _standard(catalog, body.growth_table, body.first_days_table, sex)
    if change and change.preterm:
        return _preterm(condition, catalog, change.preterm, (standard, sex), age_months)
    own = growth_chart(catalog.table(change.table), sex) if change and change.table else None
    options = condition.options
    shift = (
        condition.severity * float(options[change.z_shift]) if change and change.z_shift else 0.0
    )

    def size(scores: StandardScores) -> BodySize:
        shifted = StandardScores(scores.length + shift, scores.weight + shift)
        usual = standard.size(age_months, shifted)
        if own is None:
            return usual
        return blended_size(usual, own.size(age_months, shifted), condition.severity)

    return Growth(size, age_months, shift)


@lru_cache(8)
def _standard(catalog: Catalog, by_month: str, by_day: str | None, sex: Sex) -> GrowthStandard:
    """The growth standard of a catalog, read once: a catalog gives the same file each time."""
    return growth_standard(catalog.table(by_month), catalog.table(by_day) if by_day else None, sex)


def _preterm(
    condition: AppliedCondition,
    catalog: Catalog,
    spec: PretermSpec,
    standard_of_sex: tuple[GrowthStandard, Sex],
    age_months: float,
) -> Growth:
    standard, sex = standard_of_sex
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

    def size(scores: StandardScores) -> BodySize:
        return preterm_size(standard, chart, birth, age_months, scores)

    return Growth(size, max(0.0, birth.corrected_months(age_months)))
