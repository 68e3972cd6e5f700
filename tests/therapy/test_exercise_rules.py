"""Which exercise comes next."""

from collections import Counter

import pytest

from dmi_sim.errors import InputError
from dmi_sim.therapy.exercise_rules import (
    EXERCISE_RULES,
    at_random,
    by_shares,
    exercise_rule,
    highest_reachable,
    in_order,
    lowest_not_mastered,
)
from dmi_sim.therapy.seen import Seen
from dmi_sim.therapy.skills import Skill
from tests.therapy.children import (
    SKILLS,
    LearningChild,
    always,
    never,
    practise,
    seen,
    therapist,
    with_draws_of,
)

LADDER = [one.name for one in SKILLS if not one.is_on_board]
DONE, FAILED = [("none", True)] * 10, [("none", False)] * 10
HELD = [("axillae", True)] * 10


def test_the_lowest_skill_comes_first_and_the_next_one_when_it_is_mastered() -> None:
    assert lowest_not_mastered(seen()).name == LADDER[0]
    assert lowest_not_mastered(seen({LADDER[0]: DONE})).name == LADDER[1]
    assert lowest_not_mastered(seen({LADDER[0]: FAILED})).name == LADDER[0]
    assert lowest_not_mastered(seen({LADDER[0]: DONE[:9]})).name == LADDER[0]


def test_a_skill_that_is_lost_is_taken_up_again() -> None:
    assert lowest_not_mastered(seen({LADDER[0]: [*DONE, *FAILED[:3]]})).name == LADDER[0]


def test_skills_that_are_not_mastered_take_turns() -> None:
    failing = seen({name: FAILED for name in LADDER[:2]})
    assert lowest_not_mastered(failing, among=3).name == LADDER[2]
    assert lowest_not_mastered(failing, among=2).name == LADDER[0]


def test_a_skill_is_mastered_in_hands_or_alone_as_the_programme_says() -> None:
    held = seen({LADDER[0]: HELD})
    assert lowest_not_mastered(held).name == LADDER[1]
    assert lowest_not_mastered(held, alone=True).name == LADDER[0]
    assert lowest_not_mastered(seen({LADDER[0]: DONE}), alone=True).name == LADDER[1]


def test_a_learning_child_is_led_up_the_ladder() -> None:
    one = therapist(exercise="lowest_not_mastered", firmness=("constant", {"firmness": 1}))
    story = practise(one, LearningChild(talent=0.2), 1500)
    order = list(dict.fromkeys(one.exercise for one in story.trials))
    assert order == LADDER[: len(order)]
    assert len(order) >= 6


def test_who_has_mastered_all_goes_on_with_the_highest() -> None:
    one = therapist(exercise="lowest_not_mastered")
    assert practise(one, always, 200).trials[-1].exercise == LADDER[-1]
    in_turn = therapist(exercise=("lowest_not_mastered", {"among": 3}))
    assert {one.exercise for one in practise(in_turn, always, 300).trials[-60:]} == {*LADDER[-3:]}


def test_who_masters_nothing_stays_at_the_lowest() -> None:
    one = therapist(exercise="lowest_not_mastered")
    assert {trial.exercise for trial in practise(one, never, 60).trials} == {LADDER[0]}


def test_the_highest_skill_for_the_age_is_tried_first() -> None:
    for age_months in (0.0, 4.5, 6.0, 11.5, 24.0):
        suits = [one.name for one in SKILLS if one.typical_age_months <= age_months]
        highest = [name for name in LADDER if name in suits][-1:] or LADDER[:1]
        assert [highest_reachable(seen(first_age_months=age_months)).name] == highest, age_months


def test_a_child_who_always_succeeds_comes_to_the_highest_skills() -> None:
    story = practise(therapist(exercise="highest_reachable"), always, 300)
    assert {one.exercise for one in story.trials[-60:]} == {*LADDER[-3:]}


def test_a_skill_that_is_out_of_reach_is_left_and_tried_again_later() -> None:
    failing = seen({"sitting": FAILED})
    assert highest_reachable(failing, among=1).name == "rolling"
    tried = seen({"sitting": FAILED, "rolling": DONE[:4] * 5})
    assert highest_reachable(tried, among=1, retry_after=21).name == "rolling"
    assert highest_reachable(tried, among=1, retry_after=20).name == "sitting"


def test_what_was_reached_opens_the_next_skill() -> None:
    sits = seen({"sitting": [("pelvis", True), *FAILED[:4]] * 2})
    assert highest_reachable(sits, among=1).name == "quadruped"


def test_a_child_who_never_succeeds_is_not_given_up() -> None:
    story = practise(therapist(exercise="highest_reachable"), never, 200)
    counts = Counter(one.exercise for one in story.trials)
    assert {*counts} == {*LADDER[: LADDER.index("sitting") + 1]}
    assert min(counts.values()) >= 10


def test_a_child_who_can_do_one_thing_alone_is_not_kept_at_it() -> None:
    """It props on the belly whatever the hands, and fails in all else that suits its age."""
    one = therapist(exercise="highest_reachable")
    story = practise(one, lambda trial: trial.exercise == LADDER[0], 300)
    late = Counter(one.exercise for one in story.trials[-90:])
    assert {*LADDER[:3]} <= {*late}
    assert max(late.values()) <= 90 / 2


def test_the_highest_reachable_skill_of_a_learner_rises() -> None:
    one = therapist(exercise="highest_reachable", firmness=("constant", {"firmness": 1}))
    trials = practise(one, LearningChild(talent=0.05), 900).trials
    early, late = (
        sum(LADDER.index(one.exercise) for one in part) for part in (trials[:90], trials[-90:])
    )
    assert late > early


def test_exercises_in_order_come_again_from_the_first() -> None:
    one = therapist(exercise=("in_order", {"exercises": ["sitting", "walking"]}), repetitions=2)
    ordered = [trial.exercise for trial in practise(one, never, 6).trials]
    assert ordered == ["sitting", "sitting", "walking", "walking", "sitting", "sitting"]


@pytest.mark.parametrize("names", [(), ("sitting", "sitting")])
def test_an_order_names_each_exercise_once(names: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="each once"):
        in_order(seen(), exercises=names)
    with pytest.raises(InputError, match="no 'siting'; did you mean 'sitting'"):
        in_order(seen(), exercises=("siting",))


def test_time_is_shared_as_the_weights_say() -> None:
    weights = {"sitting": 3.0, "standing": 1.0}
    one = therapist(exercise=("by_shares", {"exercises": weights}))
    counts = Counter(trial.exercise for trial in practise(one, always, 400).trials)
    assert counts["sitting"] == pytest.approx(300, abs=5)
    assert by_shares(seen({"sitting": DONE}), exercises=weights).name == "standing"


def test_chance_comes_to_every_exercise_and_to_no_board() -> None:
    chosen = {at_random(with_draws_of(seen(), seed)).name for seed in range(200)}
    assert chosen == {*LADDER}


def test_a_rule_of_ones_own_is_known_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(EXERCISE_RULES, "_items", dict(EXERCISE_RULES))

    @exercise_rule
    def the_first(seen: Seen) -> Skill:
        return seen.ladder[0]

    one = therapist(exercise="the_first")
    assert one.order(one.begin(6, seed=0)).exercise == LADDER[0]
