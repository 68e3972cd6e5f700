"""Weight, length and head circumference of an infant from a table of LMS parameters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

Sex = Literal["female", "male"]
LARGEST_AGE_MONTHS = 24.0
LARGEST_Z = 3.0


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


def lms_value(skewness: float, median: float, variation: float, z: float) -> float:
    """Measurement at a z-score of an LMS distribution, in the unit of ``median``.

    Source:
        Cole & Green (1992), Stat. Med. 11, 1305-1319; the formula of the WHO standards.
    """
    if abs(skewness) < 1e-3:
        return median * float(np.exp(variation * z))
    return median * float((1 + skewness * variation * z) ** (1 / skewness))


def size_at(
    table: Mapping[str, Sequence[str]],
    sex: Sex,
    age_months: float,
    length_z: float = 0.0,
    weight_z: float = 0.0,
) -> Size:
    """Size of an infant; between the months of the table its LMS parameters are interpolated.

    Args:
        table: Columns ``sex, month, wt_L, wt_M_kg, wt_S, len_L, len_M_cm, len_S, hc_L, hc_M_cm,
            hc_S``.
        sex: Of the infant.
        age_months: Since birth.
        length_z: Standard score of length; the head follows it.
        weight_z: Standard score of weight.

    Source:
        WHO Multicentre Growth Reference Study Group (2006, 2007), ``who2006`` in references.
    """

    def value(column: str, unit: str, z: float) -> float:
        skewness, median, variation = (
            _at(table, sex, age_months, f"{column}_{part}") for part in ("L", f"M_{unit}", "S")
        )
        return lms_value(skewness, median, variation, z)

    return Size(
        mass_kg=value("wt", "kg", weight_z),
        length_m=value("len", "cm", length_z) / 100,
        head_circumference_m=value("hc", "cm", length_z) / 100,
    )


def _at(table: Mapping[str, Sequence[str]], sex: Sex, age_months: float, column: str) -> float:
    letter = {"female": "F", "male": "M"}[sex]
    rows = [i for i, s in enumerate(table["sex"]) if s == letter]
    months = [float(table["month"][i]) for i in rows]
    return float(np.interp(age_months, months, [float(table[column][i]) for i in rows]))
