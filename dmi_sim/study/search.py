"""Look for the programme that teaches most: candidates round by round, from a space and a budget.

The optimiser is differential evolution of SciPy, which is there anyway, proposes whole rounds at a
time, so that all children of a round can live side by side, and is a pure function of its seed and
of what came of the candidates. So a search that was stopped is resumed by running it again.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from math import inf, isfinite
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import differential_evolution
from scipy.stats import qmc

from dmi_sim.arrays import Vector
from dmi_sim.spec.search import BudgetSpec, ChoiceSpec, Dimension, Space

Changes: TypeAlias = dict[str, Any]
"""What a candidate changes in the programme from which it differs."""
Values: TypeAlias = Sequence[float]
"""What came of each candidate of a round, the larger the better; NaN where nobody knows."""
Evaluate: TypeAlias = Callable[[int, Sequence[Changes]], Values]
"""Gives the values of the candidates of a round, for its number from 0."""

_UNKNOWN = 1e12
"""Energy of a candidate of which nothing is known; finite, or SciPy would try a round again."""
_DIGITS = 3
"""Digits behind the point of a number that is tried; a programme is to be read by people."""


@dataclass(frozen=True)
class Candidate:
    """A programme that was tried.

    Attributes:
        round: Number of the round, from 0.
        number: Number in its round, from 0.
        settings: Value of each parameter, by its path.
        value: What came of it, the larger the better.
    """

    round: int
    number: int
    settings: dict[str, Any]
    value: float

    @property
    def changes(self) -> Changes:
        """What it changes in the programme from which it differs."""
        return changes_of(self.settings)


def best_of(candidates: Sequence[Candidate]) -> Candidate:
    """The candidate of which most came; of several the one that was tried first.

    Args:
        candidates: All candidates, oldest first.
    """
    return max(candidates, key=lambda one: one.value if isfinite(one.value) else -inf)


def search(
    space: Space, budget: BudgetSpec, seed: int, evaluate: Evaluate
) -> tuple[Candidate, ...]:
    """Try as many programmes as the budget allows.

    Args:
        space: What may be varied.
        budget: Rounds, and candidates in each.
        seed: Seed of what is tried.
        evaluate: Tells what comes of the candidates of a round.

    Returns:
        All candidates, oldest first.
    """
    tried: list[Candidate] = []

    def energies(points: NDArray[np.float64]) -> Vector:
        number = len(tried) // budget.candidates
        settings = [settings_at(space, point) for point in points.T]
        values = evaluate(number, [changes_of(one) for one in settings])
        pairs = enumerate(zip(settings, values, strict=True))
        tried.extend(Candidate(number, place, own, value) for place, (own, value) in pairs)
        return np.array([-value if isfinite(value) else _UNKNOWN for value in values])

    rng = np.random.default_rng(seed)
    bounds = [_bounds(one) for one in space.values()]
    first: Any = _first_round(space, budget.candidates, rng)  # scipy's stub knows names only
    differential_evolution(
        energies,
        bounds,
        maxiter=budget.rounds - 1,
        init=first,
        integrality=[_is_whole(one) for one in space.values()],
        vectorized=True,
        updating="deferred",
        polish=False,
        tol=0,
        atol=-1,  # never done before the budget is spent, even where all candidates are alike
        rng=rng,
    )
    return tuple(tried)


def settings_at(space: Space, point: Sequence[float] | Vector) -> dict[str, Any]:
    """The value of each parameter at a point of the space, by its path.

    Args:
        space: What may be varied.
        point: A number for each parameter: itself, or the place of a choice.

    >>> from dmi_sim.spec.search import RangeSpec
    >>> settings_at({"repetitions": RangeSpec(low=1, high=9, whole=True)}, [4.0])
    {'repetitions': 4}
    """
    pairs = zip(space.items(), point, strict=True)
    return {path: _value(one, float(place)) for (path, one), place in pairs}


def changes_of(settings: dict[str, Any]) -> Changes:
    """What a candidate changes, as an arm of a study says it.

    Args:
        settings: Value of each parameter, by its path.

    >>> changes_of({"site.params.of_last": 3, "site.params.start": "middle", "repetitions": 4})
    {'site': {'params': {'of_last': 3, 'start': 'middle'}}, 'repetitions': 4}
    """
    return reduce(_with, settings.items(), Changes())


def _with(changes: Changes, setting: tuple[str, Any]) -> Changes:
    first, _, rest = setting[0].partition(".")
    inner = _with(changes.get(first, {}), (rest, setting[1])) if rest else setting[1]
    return {**changes, first: inner}


def _value(one: Dimension, place: float) -> Any:
    if isinstance(one, ChoiceSpec):
        return one.of[round(place)]
    return round(place) if one.whole else round(place, _DIGITS)


def _is_whole(one: Dimension) -> bool:
    return isinstance(one, ChoiceSpec) or one.whole


def _bounds(one: Dimension) -> tuple[float, float]:
    return (0.0, len(one.of) - 1.0) if isinstance(one, ChoiceSpec) else (one.low, one.high)


def _first_round(space: Space, count: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Points spread over the space, with no value more likely than another."""
    half = np.array([0.4999 if _is_whole(one) else 0.0 for one in space.values()])
    low, high = np.array([_bounds(one) for one in space.values()]).T
    spread = qmc.LatinHypercube(len(space), rng=rng).random(count)
    return low - half + (high - low + 2 * half) * spread
