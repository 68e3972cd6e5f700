"""How balance is provoked."""

import pytest

from dmi_sim.therapy.provocation_rules import Provocation, none, platform, pushes
from dmi_sim.therapy.skills import Skill
from tests.therapy.children import SKILLS, always, practise, seen, skill, therapist, with_draws_of

EACH_EXERCISE = pytest.mark.parametrize("one", SKILLS, ids=lambda one: one.name)


@EACH_EXERCISE
def test_without_provocation_there_is_nothing_but_the_exercise(one: Skill) -> None:
    assert none(seen(), one) == Provocation(one)


@EACH_EXERCISE
def test_pushes_come_where_an_exercise_has_them(one: Skill) -> None:
    assert pushes(seen(), one) == Provocation(one, pushes=one.offers_pushes)
    assert not pushes(seen(), one, share=0).pushes


@EACH_EXERCISE
def test_a_posture_is_practised_on_its_board_where_there_is_one(one: Skill) -> None:
    assert platform(seen(), one).skill.name == (one.board or one.name)
    assert platform(seen(), one, share=0).skill == one


@pytest.mark.parametrize("rule", [pushes, platform])
def test_a_share_of_the_trials_is_provoked(rule: object) -> None:
    assert callable(rule)
    sitting = skill("sitting")
    plain = Provocation(sitting)
    provoked = [rule(with_draws_of(seen(), i), sitting, share=0.3) != plain for i in range(400)]
    assert 80 < sum(provoked) < 160


def test_what_is_done_on_a_board_counts_for_the_posture_too() -> None:
    one = therapist(exercise="lowest_not_mastered", provocation="platform")
    story = practise(one, always, 120)
    assert not story.of("sitting")
    assert story.state.of("sitting").trials == len(story.of("sitting_tilt")) == 10
    assert story.trials[-1].exercise == "walking"


def test_repetitions_count_whether_provoked_or_not() -> None:
    one = therapist(
        exercise=("in_order", {"exercises": ["sitting", "walking"]}),
        provocation=("platform", {"share": 0.5}),
        repetitions=10,
    )
    ordered = [trial.exercise for trial in practise(one, always, 20).trials]
    assert {*ordered[:10]} == {"sitting", "sitting_tilt"}
    assert ordered[10:] == ["walking"] * 10
