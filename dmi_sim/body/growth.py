"""Weight, length and head circumference of an infant from a table of LMS parameters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

Sex = Literal["female", "male"]
LARGEST_AGE_MONTHS = 24.0
LARGEST_Z = 3.0
WEEK_MONTHS = 7 / 30.4375
"""A week in months; the growth tables have months of 30.4375 days."""

Table = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Size:
    """How big an infant is.

    Attributes:
        mass_kg: Body mass [kg].
        length_m: Recumbent length [m].
        head_circumference_m: Head circumference [m].
    """

    mass_kg: float
    length_m: float
    head_circumference_m: float


@dataclass(frozen=True)
class Scores:
    """Standard scores of an infant, the same on every growth chart.

    Attributes:
        length: Of length; the head follows it.
        weight: Of weight.
    """

    length: float = 0.0
    weight: float = 0.0


@dataclass(frozen=True)
class Chart:
    """Growth of infants of one sex, as LMS parameters over age.

    Attributes:
        ages: In the unit of the table, rising.
        parameters: L, M and S of weight [kg], length [cm] and head circumference [cm]; nine
            columns by name, as long as ``ages``.
    """

    ages: tuple[float, ...]
    parameters: Mapping[str, tuple[float, ...]]

    def size(self, age: float, scores: Scores) -> Size:
        """Size at an age; between the rows of the table its parameters are interpolated.

        Args:
            age: In the unit of the table; the outermost rows hold beyond them.
            scores: Of the infant.
        """

        def value(column: str, unit: str, z: float) -> float:
            skewness, median, variation = (
                float(np.interp(age, self.ages, self.parameters[f"{column}_{part}"]))
                for part in ("L", f"M_{unit}", "S")
            )
            return lms_value(skewness, median, variation, z)

        return Size(
            mass_kg=value("wt", "kg", scores.weight),
            length_m=value("len", "cm", scores.length) / 100,
            head_circumference_m=value("hc", "cm", scores.length) / 100,
        )


def lms_value(skewness: float, median: float, variation: float, z: float) -> float:
    """Measurement at a z-score of an LMS distribution, in the unit of ``median``.

    Source:
        Cole & Green (1992), Stat. Med. 11, 1305-1319; the formula of the WHO standards.
    """
    if abs(skewness) < 1e-3:
        return median * float(np.exp(variation * z))
    return median * float((1 + skewness * variation * z) ** (1 / skewness))


def chart_of(table: Table, sex: Sex, age_column: str = "month") -> Chart:
    """The growth chart of one sex.

    Args:
        table: Columns ``sex``, an age, ``wt_L, wt_M_kg, wt_S, len_L, len_M_cm, len_S, hc_L,
            hc_M_cm, hc_S``.
        sex: Of the infants.
        age_column: ``month`` since birth or ``pma_weeks`` of postmenstrual age.

    Source:
        WHO Multicentre Growth Reference Study Group (2006, 2007), ``who2006`` in references.
    """
    letter = {"female": "F", "male": "M"}[sex]
    rows = [i for i, s in enumerate(table["sex"]) if s == letter]
    numbers = {
        name: tuple(float(cells[i]) for i in rows) for name, cells in table.items() if name != "sex"
    }
    return Chart(numbers.pop(age_column), numbers)


def size_at(
    table: Table, sex: Sex, age_months: float, length_z: float = 0.0, weight_z: float = 0.0
) -> Size:
    """Size of an infant by a table over months since birth; see :func:`chart_of`."""
    return chart_of(table, sex).size(age_months, Scores(length_z, weight_z))


def blend(one: Size, other: Size, share: float) -> Size:
    """A size between two: the one at share 0, exactly, and the other at 1."""
    return Size(*((1 - share) * a + share * b for a, b in zip(_of(one), _of(other), strict=True)))


@dataclass(frozen=True)
class PretermBirth:
    """Birth before term.

    Attributes:
        weeks_early: Before term.
        term_weeks: Gestation at term.
        fully_weeks: So early, growth is all that of the chart; at term it is all the standard's.
        fade_weeks: The last weeks of the chart, over which it gives way to the standard.
    """

    weeks_early: float
    term_weeks: float
    fully_weeks: float
    fade_weeks: float

    def corrected_months(self, age_months: float) -> float:
        """Age since term; negative before it."""
        return age_months - self.weeks_early * WEEK_MONTHS


def early_size(
    standard: Chart, chart: Chart, birth: PretermBirth, age_months: float, scores: Scores
) -> Size:
    """Size of an infant born early.

    On the chart at its postmenstrual age, then on the standard at its corrected age. Two blends
    leave no jump: over the last weeks of the chart, and from term to ``fully_weeks`` before it by
    the week of birth. Where the standard has no age yet, before term, the chart takes its place,
    scaled to meet it at term.

    Args:
        standard: Over months since birth at term.
        chart: Over weeks of postmenstrual age.
        birth: How early.
        age_months: Since birth.
        scores: Of the infant.
    """
    corrected = birth.corrected_months(age_months)
    weeks = birth.term_weeks + corrected / WEEK_MONTHS
    at_term = chart.size(birth.term_weeks, scores)
    before_term = chart.size(min(weeks, birth.term_weeks), scores)
    base = _scaled(standard.size(max(0.0, corrected), scores), before_term, at_term)
    left = float(np.clip((chart.ages[-1] - weeks) / birth.fade_weeks, 0, 1))
    early = min(1.0, birth.weeks_early / birth.fully_weeks)
    return blend(base, chart.size(weeks, scores), early * left)


def _scaled(size: Size, part: Size, whole: Size) -> Size:
    of_all = zip(_of(size), _of(part), _of(whole), strict=True)
    return Size(*(value * (a / b) for value, a, b in of_all))


def _of(size: Size) -> tuple[float, float, float]:
    return size.mass_kg, size.length_m, size.head_circumference_m
