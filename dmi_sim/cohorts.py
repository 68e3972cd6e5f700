"""Virtual cohorts: infants of one age and condition that differ in sex and size."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt
from numbers import Integral

import numpy as np

from dmi_sim.body.growth import Sex, StandardScores
from dmi_sim.catalog import Catalog
from dmi_sim.errors import InputError
from dmi_sim.infant import Infant
from dmi_sim.spec.cohort import CohortSpec

COHORT = "infants"
"""Name of the file of the cohort in ``models/cohorts/``."""


@dataclass(frozen=True)
class DrawnBody:
    """What differs between the bodies of a cohort.

    Attributes:
        sex: ``female`` or ``male``.
        scores: Standard scores of length and weight.
    """

    sex: Sex
    scores: StandardScores


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
    """Infants drawn at random from the population of the growth standard.

    An infant depends only on the seed and on its own number: the same seed gives the same infants,
    and a larger cohort begins with the infants of a smaller one.

    Args:
        n: Number of infants, at least 1.
        seed: Seed, a whole number that is not negative.
        age_months: Chronological age of all infants [months].
        sex: Sex of all infants; drawn for each if None.
        condition: Condition of all infants, a file in ``models/conditions/``.
        severity: Severity of the condition, 0 to 1.
        condition_options: Values for the options of the condition.
        catalog: Catalog that the files are read from; the shipped one by default.

    Raises:
        InputError: If a value is not allowed.

    >>> [infant.config.sex for infant in cohort(3, seed=1)] == [
    ...     infant.config.sex for infant in cohort(9, seed=1)[:3]
    ... ]
    True
    """
    _require_whole("n", n, 1)
    catalog = catalog or Catalog.shipped()

    def one(index: int) -> Infant:
        body = draw_body(seed, index, catalog)
        return Infant.from_spec(
            age_months,
            body.sex if sex is None else sex,
            condition,
            severity,
            condition_options,
            length_z=body.scores.length,
            weight_z=body.scores.weight,
            catalog=catalog,
        )

    return tuple(one(index) for index in range(n))


def draw_body(seed: int, index: int, catalog: Catalog) -> DrawnBody:
    """The sex and the size of one infant of a cohort.

    Args:
        seed: Seed of the cohort, a whole number that is not negative.
        index: Number of the infant in the cohort, from 0.
        catalog: Source of the file of the cohort.

    Raises:
        InputError: If the seed is not allowed.

    >>> draw_body(1, 0, Catalog.shipped()) == draw_body(1, 0, Catalog.shipped())
    True
    """
    _require_whole("seed", seed, 0)
    spec = catalog.load(CohortSpec, COHORT)
    rng = np.random.default_rng([seed, index])
    sex: Sex = "female" if rng.random() < spec.share_of_girls.value else "male"
    scores = draw_scores(rng, spec.length_weight_correlation.value, spec.largest_z.value)
    return DrawnBody(sex, scores)


def draw_scores(rng: np.random.Generator, correlation: float, largest_z: float) -> StandardScores:
    """Correlated standard scores of length and weight; draws beyond the largest z are repeated.

    Args:
        rng: Source of randomness.
        correlation: Correlation between the two scores.
        largest_z: Largest score that is kept, either way.
    """
    # weight = r length + sqrt(1 - r^2) noise has unit variance and correlation r with length
    while True:
        length, other = rng.standard_normal(2).tolist()
        weight = correlation * length + sqrt(1 - correlation**2) * other
        if max(abs(length), abs(weight)) <= largest_z:
            return StandardScores(length, weight)


def _require_whole(name: str, value: object, lowest: int) -> None:
    if not isinstance(value, Integral) or int(value) < lowest:
        raise InputError(f"{name}: {value!r} is not a whole number from {lowest} on")
