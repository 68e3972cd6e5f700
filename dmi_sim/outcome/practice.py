"""Outcomes of an infant's whole practice: how long it takes until something is learnt."""

from dataclasses import dataclass

import numpy as np

from dmi_sim.arrays import Vector
from dmi_sim.outcome.registry import AMOUNT, Direction
from dmi_sim.spec.study import HOURS_TO_SUCCESS
from dmi_sim.statistics.intervals import Bounds


@dataclass(frozen=True)
class PracticeOutcome:
    """A number that an infant's whole practice is judged by, see :class:`.registry.Outcome`."""

    unit: str
    title: str
    meaning: str
    definition: str
    direction: Direction
    bounds: Bounds = AMOUNT


PRACTICE_OUTCOMES = {
    HOURS_TO_SUCCESS: PracticeOutcome(
        unit="h",
        title="practice until success",
        meaning="hours of practice until the infant succeeds in as many tests as the study asks "
        "for; all of its practice if it never does",
        definition="practice before the first test whose share of successes is at least the "
        "criterion of the study, or all practice",
        direction="lower",
    )
}
"""All outcomes of an infant's whole practice by name."""


@dataclass(frozen=True)
class HoursToCriterion:
    """Practice until a criterion is met.

    Attributes:
        hours: Practice before the first test that met it; all practice if none did [h].
        is_met: Whether a test met it; else the hours are censored: the infant needs longer.
    """

    hours: float
    is_met: bool


def hours_to_criterion(dose_h: Vector, shares: Vector, criterion: float) -> HoursToCriterion:
    """Practice before the first test in which the share of successes is at least a criterion.

    An infant that never meets it counts with its whole practice. The mean over infants is then the
    restricted mean time to the criterion, which needs no assumption about what comes after the
    end; arms can be compared by it over equal doses.

    Args:
        dose_h: Practice before each test [h], rising, shape (k,).
        shares: Share of successes in each test, 0 to 1, shape (k,).
        criterion: Share to be reached.

    Source:
        Royston & Parmar (2013), BMC Med. Res. Methodol. 13, 152 (restricted mean survival time);
        ``royston2013``.

    >>> hours_to_criterion(np.array([0.0, 0.5, 1.0]), np.array([0.0, 0.9, 0.7]), 0.8)
    HoursToCriterion(hours=0.5, is_met=True)
    """
    met = np.flatnonzero(shares >= criterion)
    return HoursToCriterion(float(dose_h[met[0] if met.size else -1]), bool(met.size))
