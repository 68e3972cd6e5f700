"""Virtual cohorts: infants of one age and condition who differ in sex and size."""

from collections.abc import Mapping
from math import sqrt
from numbers import Integral

import numpy as np

from dmi_sim.body.growth import LARGEST_Z, Scores, Sex
from dmi_sim.catalog import Catalog
from dmi_sim.errors import InputError
from dmi_sim.infant import Infant
from dmi_sim.spec.cohort import CohortSpec

COHORT = "infants"
"""File of the cohort in ``models/cohorts/``."""


def cohort(
    n: int,
    seed: int,
    *,
    age_months: float = 7.0,
    sex: Sex | None = None,
    condition: str = "typical",
    severity: float = 0.5,
    condition_options: Mapping[str, object] | None = None,
    catalog: Catalog | None = None,
) -> tuple[Infant, ...]:
    """Infants drawn from the population of the growth standard.

    Each infant depends on the seed and its own number alone: the same seed gives the same infants,
    and the first of many are those of a smaller cohort.

    Args:
        n: How many, at least 1.
        seed: A whole number, not negative.
        age_months: Since birth, of all.
        sex: Of all; drawn for each if None.
        condition: Of all.
        severity: Of all.
        condition_options: Of all.
        catalog: Where files are read; the shipped ones by default.

    Raises:
        InputError: If a value is not allowed.
    """
    _require_whole("n", n, 1)
    _require_whole("seed", seed, 0)
    catalog = catalog or Catalog.shipped()
    spec = catalog.load(CohortSpec, COHORT)

    def one(index: int) -> Infant:
        rng = np.random.default_rng([seed, index])
        drawn: Sex = "female" if rng.random() < spec.share_of_girls.value else "male"
        scores = draw_scores(rng, spec.length_weight_correlation.value)
        return Infant.from_spec(
            age_months,
            drawn if sex is None else sex,
            condition,
            severity,
            condition_options,
            length_z=scores.length,
            weight_z=scores.weight,
            catalog=catalog,
        )

    return tuple(one(index) for index in range(n))


def draw_scores(rng: np.random.Generator, correlation: float) -> Scores:
    """Standard normal scores of length and weight, drawn again when one is out of range.

    Args:
        rng: Source of randomness.
        correlation: Between the two.
    """
    while True:
        length, other = rng.standard_normal(2).tolist()
        weight = correlation * length + sqrt(1 - correlation**2) * other
        if max(abs(length), abs(weight)) <= LARGEST_Z:
            return Scores(length, weight)


def _require_whole(name: str, value: object, lowest: int) -> None:
    if not isinstance(value, Integral) or int(value) < lowest:
        raise InputError(f"{name}: {value!r} is not a whole number from {lowest} on")
