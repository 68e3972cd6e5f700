"""A search finds what is planted; where nothing is planted no site wins; and it repeats itself."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from scipy import stats

from dmi_sim.spec.search import BudgetSpec, ChoiceSpec, RangeSpec, Space
from dmi_sim.study.search import Candidate, Changes, best_of, changes_of, search
from tests.study.cheap_children import Planted, evaluating, nothing

SITES = ("axillae", "waist", "pelvis", "thighs")
HANDS: Space = {
    "site": ChoiceSpec(of=tuple({"rule": "fixed", "params": {"site": one}} for one in SITES)),
    "firmness": ChoiceSpec(
        of=tuple({"rule": "constant", "params": {"firmness": k / 4}} for k in range(1, 5))
    ),
    "repetitions": RangeSpec(low=1, high=9, whole=True),
}
BUDGET = BudgetSpec(candidates=8, rounds=4, children=2)


def site_of(changes: Changes) -> str:
    return changes["site"]["params"]["site"]


@pytest.mark.parametrize("site", ["axillae", "thighs"])
def test_a_site_and_a_firmness_that_teach_more_are_found_wherever_they_are(site: str) -> None:
    planted = Planted(site, firmness=0.5)
    tried = search(HANDS, BUDGET, 1, evaluating(planted, 2, 1000))
    found = best_of(tried).changes
    assert (site_of(found), found["firmness"]["params"]["firmness"]) == (site, 0.5)


def test_what_was_found_teaches_children_it_was_not_chosen_by() -> None:
    planted = Planted("waist", firmness=0.25)
    found = best_of(search(HANDS, BUDGET, 1, evaluating(planted, 2, 1000))).changes
    other = changes_of({path: one for path, one in _middle().items()})
    first, second = evaluating(planted, 20, 0)(0, [found, other])
    assert first > second + 0.2


def _middle() -> dict[str, Any]:
    fixed = {"rule": "fixed", "params": {"site": "pelvis"}}
    return {"site": fixed, "firmness": {"rule": "constant", "params": {"firmness": 1}}}


def test_where_no_site_teaches_more_none_is_favoured() -> None:
    """Many searches of children who learn alike in all hands: each site is found about as often."""
    small, runs = BudgetSpec(candidates=5, rounds=2, children=1), 40
    found = Counter(
        site_of(best_of(search(HANDS, small, seed, evaluating(nothing, 1, 5000 + seed))).changes)
        for seed in range(runs)
    )
    assert sum(found.values()) == runs
    assert stats.chisquare([found[site] for site in SITES]).pvalue > 0.001


def test_what_was_best_by_luck_is_not_better_for_others() -> None:
    best, other = [], []
    for seed in range(12):
        tried = search(HANDS, BudgetSpec(candidates=5, rounds=1, children=1), seed,
                       evaluating(nothing, 1, 5000 + seed))  # fmt: skip
        first, second = evaluating(nothing, 1, seed)(0, [best_of(tried).changes, tried[0].changes])
        best.append(first)
        other.append(second)
    assert stats.ttest_rel(best, other).pvalue > 0.001


def test_the_same_seed_tries_the_same_and_another_seed_tries_others() -> None:
    def tried(seed: int) -> list[dict[str, Any]]:
        found = search(HANDS, BUDGET, seed, lambda _, own: [float(len(str(one))) for one in own])
        return [one.settings for one in found]

    assert tried(1) == tried(1)
    assert tried(1) != tried(2)


@pytest.mark.parametrize("value", [0.0, float("nan")])
def test_a_budget_is_spent_to_the_end_and_never_beyond(value: float) -> None:
    rounds = list[int]()

    def evaluate(number: int, candidates: Sequence[Changes]) -> list[float]:
        rounds.append(number)
        return [value] * len(candidates)

    tried = search(HANDS, BUDGET, 0, evaluate)
    assert rounds == [*range(BUDGET.rounds)]
    assert [(one.round, one.number) for one in tried] == [
        (k, n) for k in range(BUDGET.rounds) for n in range(BUDGET.candidates)
    ]


def test_the_first_round_favours_no_value() -> None:
    many = BudgetSpec(candidates=100, rounds=1, children=1)
    tried = search(HANDS, many, 3, lambda _, own: [0.0] * len(own))
    counts = Counter(site_of(one.changes) for one in tried)
    assert {*counts.values()} == {25}
    spread = Counter(one.settings["repetitions"] for one in tried)
    assert {spread[k] for k in range(1, 10)} <= {10, 11, 12}


def test_ranges_hold_and_numbers_can_be_read() -> None:
    space: Space = {"firmness.params.start": RangeSpec(low=0.2, high=0.4)}
    tried = search(space, BUDGET, 0, lambda _, own: [0.0] * len(own))
    values = [one.settings["firmness.params.start"] for one in tried]
    assert all(0.2 <= value <= 0.4 for value in values)
    assert np.allclose(values, np.round(values, 3))


def test_of_equal_candidates_the_first_one_counts_and_an_unknown_one_never() -> None:
    tried = [Candidate(0, k, {}, value) for k, value in enumerate((float("nan"), 1.0, 1.0, 0.5))]
    assert best_of(tried).number == 1
