"""The rule of the ladder score and its totals."""

import math

import pytest

from dmi_sim.assessments.motor_ladder.result import (
    DIMENSIONS,
    ItemFinding,
    LadderFinding,
    Score,
    SiteFinding,
    hands_do_it,
    item_score,
    own_share,
)
from dmi_sim.catalog import Catalog
from dmi_sim.spec.exercise import Dimension
from dmi_sim.spec.ladder import LadderSpec

RULE = Catalog.shipped().load(LadderSpec, "exercises")
FELL = (0.1, 0.2, 0.2)


@pytest.mark.parametrize(
    ("completion", "silent_muscles", "score"),
    [
        ((0.28, 0.28, 0.28), FELL, 0),  # own share 0.1 but for rounding down
        ((0.29, 0.29, 0.29), FELL, 1),
        ((0.59, 0.59, 0.59), FELL, 1),
        ((0.61, 0.61, 0.61), FELL, 2),
        ((0.99, 0.99, 0.99), FELL, 2),
        ((1.0, 1.0, 0.0), FELL, 3),
        ((0.0, 0.0, 0.0), FELL, 0),  # worse than a limp body
        ((1.0, 1.0, 1.0), (1.0, 1.0, 0.0), None),
        ((0.0, 0.0, 0.0), (1.0, 1.0, 1.0), None),
        ((1.0, 1.0, 1.0), (1.0, 0.99, 0.99), 3),
        ((0.995, 0.995, 0.995), (0.99, 0.99, 0.99), 2),  # half of what was left
    ],
)
def test_the_score_follows_the_share_beyond_that_of_a_limp_infant(
    completion: tuple[float, ...], silent_muscles: tuple[float, ...], score: Score | None
) -> None:
    shifted = tuple(x - 1e-9 for x in completion) if score == 0 else completion
    assert item_score(shifted, silent_muscles, RULE) == score


def test_the_own_share_is_a_share_of_what_the_hands_leave() -> None:
    assert own_share((0.6, 0.6, 0.9), (0.2, 0.2, 0.0)) == pytest.approx(0.5)
    assert own_share((0.1,), (0.2,)) < 0
    assert math.isnan(own_share((), (1.0,)))


def test_one_lucky_trial_of_a_limp_infant_does_not_attribute_the_exercise_to_the_hands() -> None:
    assert not hands_do_it((1.0, 0.2, 0.1))
    assert hands_do_it((1.0, 1.0, 0.1))


def item(
    name: str, dimension: Dimension, scores: dict[str, Score | None], age: float = 6.0
) -> ItemFinding:
    sites = (SiteFinding(site, (0.0,), (0.0,), score) for site, score in scores.items())
    return ItemFinding(name, dimension, age, tuple(sites))


SITTING = item("sitting", "sitting", {"head": None, "waist": 3, "pelvis": 3, "feet": 1, "none": 2})
PULLED = item("pull_to_sit", "sitting", {"axillae": None, "forearms": 3})
ROLLED = item("rolling", "lying_and_rolling", {"head": 0, "none": 3})
WALKED = item("walking", "walking", {"waist": 1, "none": 0})
LADDER = LadderFinding((ROLLED, PULLED, SITTING, WALKED))


def test_the_lowest_site_is_the_most_caudal_one_at_which_an_exercise_is_completed() -> None:
    assert LADDER.lowest() == {
        "rolling": "none", "pull_to_sit": "forearms", "sitting": "pelvis", "walking": None,
    }  # fmt: skip


def test_totals_add_up_scores_without_hands_by_dimension() -> None:
    sums = {name: (LADDER.total(name).score, LADDER.total(name).maximum) for name in DIMENSIONS}
    assert sums["lying_and_rolling"] == (3, 3)
    assert sums["sitting"] == (2, 3)  # pull to sit cannot be tried without hands
    assert sums["standing"] == (0, 0)
    assert (LADDER.total().score, LADDER.total().maximum) == (5, 9)
    assert sum(score for score, _ in sums.values()) == LADDER.total().score


def test_per_cent_are_of_the_maximum_and_undefined_without_scores() -> None:
    assert LADDER.total("sitting").percent == pytest.approx(200 / 3)
    assert math.isnan(LADDER.total("standing").percent)
