"""Where hands hold: no rule prefers a site for its own sake."""

import pytest

from dmi_sim.spec.support import SITES
from dmi_sim.therapy.site_rules import (
    at_random,
    fixed,
    matched_to_control,
    most_distal_tolerated,
    most_proximal,
)
from dmi_sim.therapy.skills import Skill
from dmi_sim.therapy.trial import Trial
from tests.therapy.children import (
    SKILLS,
    Answer,
    LearningChild,
    always,
    never,
    practise,
    record,
    seen,
    skill,
    therapist,
    with_draws_of,
)

SITTING = skill("sitting")
EACH_EXERCISE = pytest.mark.parametrize("one", SKILLS, ids=lambda one: one.name)


def sites_of(
    one: Skill, rule: str, child: Answer, trials: int = 120, **params: object
) -> list[str]:
    """Where hands held, trial by trial, when a child practised one exercise."""
    order = ("in_order", {"exercises": [one.name]})
    working = therapist(
        exercise=order, site=(rule, params), firmness=("constant", {"firmness": 0.5})
    )
    return [trial.support for trial in practise(working, child, trials).trials]


@EACH_EXERCISE
def test_who_always_succeeds_ends_in_the_least_hands(one: Skill) -> None:
    assert sites_of(one, "most_distal_tolerated", always)[-1] == one.sites[-1]


@EACH_EXERCISE
def test_who_never_succeeds_ends_in_the_most_cranial_hands(one: Skill) -> None:
    assert sites_of(one, "most_distal_tolerated", never)[-1] == one.sites[0]


@pytest.mark.parametrize("tolerated", [site for site in SITTING.sites if site != "none"])
def test_hands_settle_about_the_most_distal_site_that_a_child_tolerates(tolerated: str) -> None:
    def child(trial: Trial) -> bool:
        return SITES.index(trial.support) <= SITES.index(tolerated)

    visited = {*sites_of(SITTING, "most_distal_tolerated", child)[60:]}
    assert visited == {tolerated, SITTING.site_below(tolerated)}


def test_hands_go_one_site_at_a_time_and_only_after_enough_trials() -> None:
    sites = sites_of(SITTING, "most_distal_tolerated", always, trials=30, start="cranial")
    assert sites == [site for site in SITTING.sites for _ in range(5)][:30]


def test_between_the_thresholds_hands_stay() -> None:
    def child(trial: Trial) -> bool:
        child.trials += 1  # type: ignore[attr-defined]
        return child.trials % 5 in (1, 2)  # type: ignore[attr-defined]

    child.trials = 0  # type: ignore[attr-defined]
    assert len({*sites_of(SITTING, "most_distal_tolerated", child)}) == 1


@pytest.mark.parametrize(("start", "place"), [("cranial", 0), ("middle", 5), ("caudal", 9)])
def test_hands_begin_where_the_programme_says(start: str, place: int) -> None:
    assert sites_of(SITTING, "most_distal_tolerated", never, 1, start=start) == [
        SITTING.sites[place]
    ]


def test_each_exercise_has_a_place_of_its_own() -> None:
    watched = seen({"sitting": [("feet", True)] * 5, "standing": [("axillae", False)] * 5})
    assert most_distal_tolerated(watched, SITTING) == "none"
    assert most_distal_tolerated(watched, skill("standing")) == "axillae"
    assert most_distal_tolerated(watched, skill("kneeling")) == "thighs"


def test_hands_go_no_more_cranial_than_the_limit() -> None:
    for rule in ("most_distal_tolerated", "most_proximal", "matched_to_control", "at_random"):
        sites = sites_of(SITTING, rule, never, cranial_limit="axillae")
        assert min(map(SITES.index, sites)) >= SITES.index("axillae"), rule


def test_thresholds_the_wrong_way_round_are_refused() -> None:
    with pytest.raises(ValueError, match=r"cranial_at: 0\.6 must be below caudal_at 0\.6"):
        most_distal_tolerated(seen(), SITTING, caudal_at=0.6, cranial_at=0.6)


@EACH_EXERCISE
def test_proximal_hands_stay_proximal_whatever_the_child_can_do(one: Skill) -> None:
    assert {*sites_of(one, "most_proximal", always, 40)} == {one.sites[0]}
    assert most_proximal(seen(), one, cranial_limit="feet") in one.sites[-2:]


@EACH_EXERCISE
def test_a_fixed_site_is_that_site_or_the_nearest(one: Skill) -> None:
    for site in SITES:
        assert fixed(seen(), one, site=site) == one.nearest_site(site)


def test_support_is_right_below_the_level_that_is_controlled() -> None:
    watched = seen({"sitting": [("axillae", True)] * 10})
    assert matched_to_control(seen(), SITTING) == "head"
    assert matched_to_control(watched, SITTING) == "lower_ribs"
    assert matched_to_control(watched, skill("standing")) == "lower_ribs"


def test_the_trunk_is_the_same_in_every_exercise() -> None:
    watched = seen({"kneeling": [*[("waist", True)] * 8, ("waist", False), ("waist", False)]})
    assert matched_to_control(watched, SITTING) == "pelvis"
    assert matched_to_control(watched, SITTING, success=0.9) == "head"
    assert matched_to_control(watched, SITTING, of_last=11) == "head"


def test_matched_support_stays_below_the_limit_whatever_is_controlled() -> None:
    watched = seen({"sitting": [("head", True)] * 10})
    assert matched_to_control(watched, SITTING) == "shoulder_girdle"
    assert matched_to_control(watched, SITTING, cranial_limit="waist") == "waist"


def test_the_legs_are_not_the_same_in_every_exercise() -> None:
    watched = seen({"sitting": [("pelvis", True)] * 10 + [("none", True)] * 10})
    assert matched_to_control(watched, SITTING) == "none"
    assert matched_to_control(watched, skill("standing")) == "thighs"


def test_matched_support_follows_failure_below_without_moving_up() -> None:
    held = [("axillae", True)] * 10
    watched = seen({"sitting": [*held, *[("lower_ribs", False)] * 30]})
    assert matched_to_control(watched, SITTING) == "lower_ribs"


def test_matched_support_goes_down_as_a_child_learns() -> None:
    sites = sites_of(SITTING, "matched_to_control", LearningChild(talent=0.1), 400)
    visited = list(dict.fromkeys(sites))
    assert visited == list(SITTING.sites[: len(visited)])
    assert visited[-1] == "none"


@EACH_EXERCISE
def test_chance_comes_to_every_site(one: Skill) -> None:
    assert {at_random(with_draws_of(seen(), seed), one) for seed in range(150)} == {*one.sites}


def test_hands_that_held_elsewhere_come_back_to_the_sites_of_the_rule() -> None:
    trial = Trial("sitting", "head", 1.0)
    working = therapist(
        exercise=("in_order", {"exercises": ["sitting"]}),
        site=("most_distal_tolerated", {"cranial_limit": "waist"}),
        firmness=("constant", {"firmness": 1}),
    )
    state = working.see(working.begin(6, seed=0), record(trial, is_success=True))
    assert working.order(state).support == "waist"
