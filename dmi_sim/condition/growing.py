"""How an infant grows under a condition: its size, and how old its nerves and muscles are."""

from dataclasses import dataclass

from dmi_sim.body.growth import (
    Chart,
    PretermBirth,
    Scores,
    Sex,
    Size,
    blend,
    chart_of,
    early_size,
)
from dmi_sim.catalog import Catalog
from dmi_sim.condition.transform import Case
from dmi_sim.errors import InputError
from dmi_sim.spec.condition import PretermSpec

POSTMENSTRUAL = "pma_weeks"


@dataclass(frozen=True)
class Grown:
    """How far an infant has grown.

    Attributes:
        size: Mass [kg], length [m] and head circumference [m].
        age_months: Age by which proportions, strength and nerves follow their curves: since birth,
            or since term if born early, but not below 0.
    """

    size: Size
    age_months: float


def grown(
    case: Case, catalog: Catalog, standard: str, sex: Sex, age_months: float, scores: Scores
) -> Grown:
    """Size and developmental age of an infant under a condition.

    Args:
        case: Condition, options and severity.
        catalog: Where tables are read.
        standard: Path of the growth standard.
        sex: Of the infant.
        age_months: Since birth.
        scores: Of length and weight.

    Raises:
        InputError: If a birth is earlier than the chart begins.
    """
    chart, change = chart_of(catalog.table(standard), sex), case.spec.growth
    if change and change.z_shift:
        scores = _shifted(scores, case.severity * float(case.options[change.z_shift]))
    if change and change.early:
        return _born_early(case, catalog, change.early, (chart, sex), age_months, scores)
    size = chart.size(age_months, scores)
    if change and change.table:
        own = chart_of(catalog.table(change.table), sex).size(age_months, scores)
        size = blend(size, own, case.severity)
    return Grown(size, age_months)


def _shifted(scores: Scores, shift: float) -> Scores:
    return Scores(scores.length + shift, scores.weight + shift)


def _born_early(
    case: Case,
    catalog: Catalog,
    early: PretermSpec,
    standard: tuple[Chart, Sex],
    age_months: float,
    scores: Scores,
) -> Grown:
    who, sex = standard
    weeks, choice = float(case.options[early.weeks]), str(case.options[early.chart])
    chart = chart_of(catalog.table(early.charts[choice]), sex, POSTMENSTRUAL)
    if weeks < chart.ages[0]:
        raise InputError(
            f"condition_options.{early.weeks}: {weeks:g} is before week {chart.ages[0]:g}, "
            f"where the chart '{choice}' begins"
        )
    birth = PretermBirth(
        weeks_early=case.severity * (early.term.value - weeks),
        term_weeks=early.term.value,
        fully_weeks=early.term.value - early.preterm_before.value,
        fade_weeks=early.fade.value,
    )
    size = early_size(who, chart, birth, age_months, scores)
    return Grown(size, max(0.0, birth.corrected_months(age_months)))
