"""Size that a user chooses for an infant, as standard scores or in kilograms and metres."""

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil, floor
from numbers import Real
from typing import Any, cast

from dmi_sim.body.growth import BodySize, StandardScores
from dmi_sim.condition.growth import Growth
from dmi_sim.errors import InputError, require_within, shown

SMALLEST_MASS_KG = 0.2
"""Least mass that an infant may have [kg]. Assumed: the lightest newborns who lived, recalled."""


@dataclass(frozen=True)
class ChosenSize:
    """What a user says about the size of an infant; the median where nothing is said.

    Attributes:
        length_z: Standard score of length.
        weight_z: Standard score of weight.
        mass_kg: Body mass in place of ``weight_z`` [kg].
        length_m: Body length in place of ``length_z`` [m].
    """

    length_z: float = 0.0
    weight_z: float = 0.0
    mass_kg: float | None = None
    length_m: float | None = None


@dataclass(frozen=True)
class _Measure:
    """One measure of a body over its standard score.

    Attributes:
        name: Name of the measure as an argument.
        unit: Unit of the measure.
        score: Name of its standard score as an argument.
        at: Value of the measure at a standard score.
        smallest: Least value of any infant.
        small_unit: Unit that users write by mistake, and how many of it make one of ``unit``.
    """

    name: str
    unit: str
    score: str
    at: Callable[[float], float]
    smallest: float
    small_unit: tuple[str, float]

    def score_range(self, low: float, high: float) -> tuple[float, float]:
        """The part of a range of standard scores in which no value is below the smallest."""
        if self.at(low) >= self.smallest:
            return low, high
        return self.score_of(self.smallest, low, high), high

    def score_of(self, value: float, low: float, high: float) -> float:
        """Standard score of a value that lies between those of two scores."""
        from scipy import optimize

        at_low, at_high = self.at(low) - value, self.at(high) - value
        if at_low == 0 or at_high == 0:
            return low if at_low == 0 else high
        root: Any = optimize.brentq(lambda z: self.at(z) - value, low, high, xtol=1e-14)
        return float(root)


def chosen_scores(growth: Growth, chosen: ChosenSize, share: float, who: str) -> StandardScores:
    """Standard scores of length and weight of a size that a user chose.

    A mass or length becomes the standard score that has it, on the chart that the infant grows by:
    the inverse of the LMS formula, found numerically where charts are blended.

    Args:
        growth: Growth of the infant.
        chosen: Size that the user chose.
        share: Mass of all segments over the mass of the chart, which rounding keeps near 1.
        who: Words for the infant, for messages.

    Raises:
        InputError: If a value is no number or out of its plausible range, or if one quantity is
            given twice.
    """

    def mass_kg(z: float) -> float:
        return share * _size(growth, z).mass_kg

    def length_m(z: float) -> float:
        return _size(growth, z).length_m

    weight = _Measure("mass_kg", "kg", "weight_z", mass_kg, SMALLEST_MASS_KG, ("g", 1000))
    length = _Measure("length_m", "m", "length_z", length_m, 0.0, ("cm", 100))
    return StandardScores(
        length=_score(growth, length, chosen.length_z, chosen.length_m, who),
        weight=_score(growth, weight, chosen.weight_z, chosen.mass_kg, who),
    )


def _size(growth: Growth, z: float) -> BodySize:
    return growth.size(StandardScores(z, z))


def _score(growth: Growth, measure: _Measure, score: float, value: float | None, who: str) -> float:
    if value is None:
        require_within(measure.score, score, *growth.z_range)
        low, high = growth.z_range if score >= 0 else measure.score_range(*growth.z_range)
        if score < low:
            raise InputError(
                f"{measure.score}: {score:g} is outside {low:.2f} to {high:g} for {who}: "
                f"below, {measure.name} would be less than {measure.smallest:g} {measure.unit}"
            )
        return score
    if score != 0:
        raise InputError(f"{measure.name}: give {measure.name} or {measure.score}, not both")
    return _score_of_value(measure, value, measure.score_range(*growth.z_range), who)


def _score_of_value(
    measure: _Measure, value: float, scores: tuple[float, float], who: str
) -> float:
    low, high = (measure.at(z) for z in scores)
    is_number = isinstance(value, Real)
    if is_number and low <= value <= high:
        return measure.score_of(float(value), *scores)
    # Rounded inwards, so that whoever types a limit of the message is not refused.
    limits = f"{ceil(low * 1000) / 1000:.3f} to {floor(high * 1000) / 1000:.3f} {measure.unit}"
    said = f"{shown(value)} is {'outside' if is_number else 'not a number from'}"
    raise InputError(
        f"{measure.name}: {said} {limits} for {who}, "
        f"standard scores {scores[0]:.3g} to {scores[1]:.3g}{_unit_hint(measure, value, low, high)}"
    )


def _unit_hint(measure: _Measure, value: object, low: float, high: float) -> str:
    unit, factor = measure.small_unit
    # Compared as it is: a whole number of 400 digits is no float.
    if not isinstance(value, Real) or not low * factor <= cast("float", value) <= high * factor:
        return ""
    return f"; {value} {unit} are {float(value) / factor:g} {measure.unit}"
