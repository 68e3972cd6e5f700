"""The ladder score: the infant's own share of each exercise, beyond that of the hands.

The rule, at one site of the hands:

- *completion* is the median over trials of the completed share of the exercise, 0 to 1;
- the *limp* infant is the same body with silent muscles, in the same hands from the same starts;
- the *own share* is (completion - that of the limp infant) / (1 - that of the limp infant): 0 for
  an infant that does no more than a limp one, 1 for one that completes the exercise;
- the score is 0 (does not begin), 1 (begins), 2 (partly) or 3 (completes), by limits in
  ``models/assessments/ladder/``;
- where the limp infant completes the exercise too, the hands do it, and there is no score.

Totals add up the scores without hands. After the GMFM's dimensions; not the GMFM: its items and
limits differ, and it is made for a model. Simulation, not clinical evidence.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import nan
from typing import Literal, TypeAlias, cast, get_args

import numpy as np

from dmi_sim.spec.exercise import Dimension
from dmi_sim.spec.ladder import LadderSpec

NOTICE = "Simulation, not clinical evidence. After the GMFM's dimensions; not the GMFM."

Score: TypeAlias = Literal[0, 1, 2, 3]

HIGHEST = 3
SCORE_WORDS: dict[Score, str] = {0: "does not begin", 1: "begins", 2: "partly", 3: "completes"}
DIMENSIONS: tuple[Dimension, ...] = get_args(Dimension)
"""Dimensions of motor development, from lying to walking."""


@dataclass(frozen=True)
class SiteFinding:
    """The finding with the hands at one site.

    Attributes:
        site: Site of the hands, or ``none``.
        completion: Completed share of the exercise in each trial, until the median was certain;
            empty if the limp infant completes it.
        silent_muscles: Completed share with silent muscles in each trial.
        score: Score of the item; None if the hands do it.
    """

    site: str
    completion: tuple[float, ...]
    silent_muscles: tuple[float, ...]
    score: Score | None

    @property
    def share(self) -> float:
        """Own share of the controller, at most 1; NaN if the hands do it."""
        return own_share(self.completion, self.silent_muscles)


@dataclass(frozen=True)
class ItemFinding:
    """The finding in one exercise.

    Attributes:
        exercise: Name of its file in ``envs/``.
        dimension: Dimension of motor development to which it belongs.
        typical_age_months: Age from which it makes sense [months].
        sites: Findings at the sites that were tried, from proximal to distal.
    """

    exercise: str
    dimension: Dimension
    typical_age_months: float
    sites: tuple[SiteFinding, ...]

    @property
    def unsupported(self) -> Score | None:
        """Score without hands; None if there was no trial without hands."""
        return next((one.score for one in self.sites if one.site == "none"), None)

    @property
    def lowest(self) -> str | None:
        """The most caudal site at which the exercise is completed; None if there is none."""
        completed = [one.site for one in self.sites if one.score == HIGHEST]
        return completed[-1] if completed else None


@dataclass(frozen=True)
class Total:
    """The sum of scores without hands.

    Attributes:
        score: Sum of the scores.
        maximum: Largest possible sum, counting only items that have a score without hands.
    """

    score: int
    maximum: int

    @property
    def percent(self) -> float:
        """The score in per cent of the maximum; NaN if there is nothing to add up."""
        return 100 * self.score / self.maximum if self.maximum else nan


@dataclass(frozen=True)
class LadderFinding:
    """The finding on the whole ladder.

    Attributes:
        items: Findings in the exercises, in order of typical age.
    """

    items: tuple[ItemFinding, ...]

    def total(self, dimension: Dimension | None = None) -> Total:
        """The sum of the scores without hands, of one dimension or of all."""
        of_all = (one.unsupported for one in self.items if dimension in (None, one.dimension))
        scores = [score for score in of_all if score is not None]
        return Total(sum(scores), HIGHEST * len(scores))

    def lowest(self) -> dict[str, str | None]:
        """The most caudal site at which each exercise is completed; None if there is none."""
        return {one.exercise: one.lowest for one in self.items}


def hands_do_it(silent_muscles: Sequence[float]) -> bool:
    """Whether the limp infant completes the exercise, by the median of its trials.

    Args:
        silent_muscles: Completed share with silent muscles in each trial, 0 to 1.

    >>> hands_do_it([1.0, 1.0, 0.2])
    True
    """
    return float(np.median(silent_muscles)) >= 1.0


def own_share(completion: Sequence[float], silent_muscles: Sequence[float]) -> float:
    """The controller's share of what hands and passive tissue leave to be done.

    Args:
        completion: Completed share in each trial, 0 to 1.
        silent_muscles: Completed share with silent muscles in each trial, 0 to 1.

    Returns:
        The share, at most 1; below 0 if the controller does worse than the limp infant, NaN if the
        limp infant completes the exercise.

    >>> own_share([0.75], [0.5])
    0.5
    """
    if hands_do_it(silent_muscles):
        return nan
    passive = float(np.median(silent_muscles))
    return (float(np.median(completion)) - passive) / (1.0 - passive)


def item_score(
    completion: Sequence[float], silent_muscles: Sequence[float], rule: LadderSpec
) -> Score | None:
    """The score of an exercise at one site; None if the hands do it.

    Args:
        completion: Completed share in each trial, 0 to 1.
        silent_muscles: Completed share with silent muscles in each trial, 0 to 1.
        rule: Limits of the scores.
    """
    if hands_do_it(silent_muscles):
        return None
    if float(np.median(completion)) >= 1.0:
        return HIGHEST
    share = own_share(completion, silent_muscles)
    return cast("Score", int(share >= rule.begins.value) + int(share >= rule.partly.value))
