"""A therapist orders what is legal, by what it has seen, and by nothing else."""

import dataclasses
import inspect
import json
import pickle
from collections.abc import Mapping
from typing import Any, get_type_hints

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dmi_sim.errors import InputError
from dmi_sim.registry import defaults_of, parameters_of
from dmi_sim.spec.support import SITES
from dmi_sim.therapy.programmes import RULES
from dmi_sim.therapy.seen import Seen, drawn
from dmi_sim.therapy.skills import Skill, skill_named
from dmi_sim.therapy.state import Order, TherapistState
from dmi_sim.therapy.therapist import Therapist
from dmi_sim.therapy.trial import Trial, TrialRecord
from tests.therapy.children import (
    PROGRAMMES,
    SKILLS,
    LearningChild,
    always,
    never,
    practise,
    record,
    therapist,
)

NEEDED: Mapping[str, Any] = {
    "exercises": ["sitting", "standing_tilt", "pull_to_sit"],
    "site": "waist",
    "firmness": 0.5,
    "start": 1.0,
    "to": 0.2,
    "over_h": 0.1,
    "joint": "ankle.flexion",
    "angle_deg": 10,
    "minutes": 5,
}
"""Values of the parameters that rules do not give themselves."""
EACH_PROGRAMME = pytest.mark.parametrize("name", sorted(PROGRAMMES))


def params_of(name: str, rule: Any) -> dict[str, Any]:
    """Parameters with which a rule can be asked."""
    missing = parameters_of(rule).keys() - defaults_of(rule).keys()
    values = {one: NEEDED[one] for one in missing}
    if name == "by_shares":
        values["exercises"] = {one: 1.0 for one in NEEDED["exercises"]}
    return values


ASKED = [(field, name) for field, rules in RULES.items() for name in rules]
"""Every registered rule with its kind."""


def require_legal(trial: Trial) -> None:
    one = skill_named(trial.exercise, SKILLS)
    assert trial.support in one.sites
    assert trial.support in SITES
    assert 0 <= trial.firmness <= 1
    assert trial.firmness == 0 or trial.support != "none"
    assert one.offers_pushes or not trial.pushes


def repeating(working: Therapist, state: TherapistState, one: Skill) -> TherapistState:
    """A state in which an exercise is being repeated."""
    return state.model_copy(update={"order": Order(exercise=one.name, left=2)})


def everywhere(working: Therapist, child: Any) -> None:
    """Whatever a therapist orders is legal, in each exercise and for each success so far."""
    for one in SKILLS:
        state = repeating(working, working.begin(6.0, seed=3), one)
        for _ in range(15):
            trial = working.order(state)
            require_legal(trial)
            state = repeating(working, working.see(state, record(trial, child(trial))), one)
    for trial in practise(working, child, 40).trials:
        require_legal(trial)


@pytest.mark.parametrize(("field", "name"), ASKED, ids=lambda one: str(one))
@pytest.mark.parametrize("child", [always, never])
def test_whatever_a_registered_rule_orders_is_legal(field: str, name: str, child: Any) -> None:
    params = params_of(name, RULES[field][name])
    others = {} if field == "firmness" else {"firmness": ("constant", {"firmness": 0.5})}
    everywhere(therapist(**others, **{field: (name, params)}), child)


@EACH_PROGRAMME
@pytest.mark.parametrize("child", [always, never, LearningChild()])
def test_whatever_a_shipped_programme_orders_is_legal(name: str, child: Any) -> None:
    everywhere(Therapist(PROGRAMMES[name], SKILLS), child)


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_any_history_leads_to_a_legal_trial_in_any_programme(data: st.DataObject) -> None:
    working = Therapist(PROGRAMMES[data.draw(st.sampled_from(sorted(PROGRAMMES)))], SKILLS)
    state = working.begin(data.draw(st.floats(0, 24)), data.draw(st.integers(0, 2**40)))
    for _ in range(data.draw(st.integers(0, 25))):
        one = data.draw(st.sampled_from(SKILLS))
        trial = Trial(one.name, data.draw(st.sampled_from(one.sites)), data.draw(st.floats(0, 1)))
        seen = record(trial, data.draw(st.booleans()), data.draw(st.floats(0, 1)))
        state = working.see(state, seen)
        require_legal(working.order(state))


@EACH_PROGRAMME
def test_an_order_depends_on_nothing_but_the_state(name: str) -> None:
    working = Therapist(PROGRAMMES[name], SKILLS)
    state = practise(working, LearningChild(), 30, seed=5).state
    first = working.order(state)
    working.order(practise(working, never, 7).state)
    np.random.default_rng(0).random(9)
    assert working.order(state) == first
    assert Therapist(PROGRAMMES[name], SKILLS).order(state) == first


@EACH_PROGRAMME
def test_a_state_that_was_written_and_read_leads_to_the_same_practice(name: str) -> None:
    working = Therapist(PROGRAMMES[name], SKILLS)
    half = practise(working, LearningChild(), 40, seed=2)
    again = TherapistState.model_validate_json(half.state.model_dump_json())
    child = LearningChild(seed=1)
    assert practise(working, LearningChild(seed=1), 40, state=again).trials == (
        practise(working, child, 40, state=half.state).trials
    )


@EACH_PROGRAMME
def test_practice_is_the_same_for_the_same_seed_and_child(name: str) -> None:
    working = Therapist(PROGRAMMES[name], SKILLS)
    one, other = (practise(working, LearningChild(), 60, seed=4) for _ in range(2))
    assert one == other


def test_seeing_leaves_what_was_known_before_as_it_was() -> None:
    working = Therapist(PROGRAMMES["dmi"], SKILLS)
    state = practise(working, always, 12).state
    before = state.model_dump_json()
    working.see(state, record(working.order(state), is_success=False))
    assert state.model_dump_json() == before


def test_draws_change_with_the_seed_the_trial_and_the_question() -> None:
    state = TherapistState(seed=1, first_age_months=6, age_months=6)
    others = [
        drawn(state.model_copy(update={"seed": 2}), "site"),
        drawn(state.model_copy(update={"trials": 1}), "site"),
        drawn(state, "firmness"),
    ]
    assert len({one.random() for one in [drawn(state, "site"), *others]}) == 4


def test_a_rule_is_shown_what_was_seen_and_nothing_else() -> None:
    """The ways from a child to a rule: an age, a seed and records; no brain is among them."""
    assert [one.name for one in dataclasses.fields(Seen)] == ["state", "skills", "ladder", "draws"]
    for field, rules in RULES.items():
        for name, rule in rules.items():
            hints = get_type_hints(rule)
            shown = [
                hints[one.name]
                for one in inspect.signature(rule).parameters.values()
                if one.kind is not one.KEYWORD_ONLY
            ]
            expected = {"exercise": [Seen], "stretch": [float]}.get(field, [Seen, Skill])
            assert shown == expected, name
    begun, learnt = (get_type_hints(one) for one in (Therapist.begin, Therapist.see))
    assert {*begun.values()} == {float, int, TherapistState}
    assert {*learnt.values()} == {TherapistState, TrialRecord}


def test_a_state_tells_what_was_seen_in_words_and_numbers() -> None:
    """Nothing hides in a state: it is plain JSON, and each number in it was seen or counted."""
    story = practise(Therapist(PROGRAMMES["dmi"], SKILLS), always, 9)
    plain = json.loads(story.state.model_dump_json())
    assert plain["trials"] == 9
    assert sum(one["trials"] for one in plain["memory"].values()) == 9


def test_an_exercise_is_repeated_before_the_next_one_is_chosen() -> None:
    working = therapist(exercise="at_random", repetitions=4)
    names = [trial.exercise for trial in practise(working, always, 40).trials]
    assert all(len({*names[i : i + 4]}) == 1 for i in range(0, 40, 4))
    assert len({*names}) > 3


def test_a_trial_that_was_not_ordered_is_seen_but_is_no_repetition() -> None:
    working = therapist(exercise=("in_order", {"exercises": ["sitting"]}), repetitions=3)
    state = working.see(working.begin(6, seed=0), record(Trial("rolling"), is_success=True))
    assert state.of("rolling").successes == 1
    assert state.order == Order(exercise="sitting", left=3)


def test_the_age_of_the_child_is_that_of_the_last_record() -> None:
    working = therapist()
    seen = record(working.order(working.begin(6, seed=0)), is_success=True, age_months=7.5)
    state = working.see(working.begin(6, seed=0), seen)
    assert (state.first_age_months, state.age_months) == (6, 7.5)


def test_exercises_that_are_left_out_are_never_chosen() -> None:
    working = therapist(exercise="at_random", leaves_out=("sitting",), repetitions=1)
    assert "sitting" not in {trial.exercise for trial in practise(working, always, 150).trials}


@pytest.mark.parametrize(
    ("field", "gives", "message"),
    [
        ("site", "pelvs", "site: rule 'wrong': prone_propping offers no 'pelvs'; did you mean"),
        ("site", "feet", "site: rule 'wrong': prone_propping offers no 'feet'"),
        ("firmness", 1.5, "firmness: rule 'wrong': 1.5 is outside 0 to 1"),
    ],
)
def test_a_rule_that_asks_for_what_there_is_not_is_named(
    monkeypatch: pytest.MonkeyPatch, field: str, gives: object, message: str
) -> None:
    def wrong(seen: Seen, skill: Skill) -> object:
        return gives

    monkeypatch.setattr(RULES[field], "_items", {**RULES[field], "wrong": wrong})
    working = therapist(
        exercise=("in_order", {"exercises": ["prone_propping"]}),
        **{"site": "most_proximal", field: "wrong"},
    )
    with pytest.raises(InputError, match=message):
        working.order(working.begin(6, seed=0))


def test_a_rule_that_refuses_its_parameters_is_named() -> None:
    working = therapist(site=("most_distal_tolerated", {"caudal_at": 0.1, "cranial_at": 0.5}))
    with pytest.raises(InputError, match=r"site: rule 'most_distal_tolerated': cranial_at: 0\.5"):
        working.order(working.begin(6, seed=0))


def test_therapists_of_one_programme_are_equal_and_can_be_sent_to_another_process() -> None:
    one, other = (Therapist(PROGRAMMES["dmi"], SKILLS) for _ in range(2))
    one.order(one.begin(6, seed=0))
    assert one == other
    sent: Therapist = pickle.loads(pickle.dumps(one))
    assert sent.order(sent.begin(6, seed=0)) == other.order(other.begin(6, seed=0))


# What the shipped programmes do with children of whom the answer is known


def story(name: str, child: Any, trials: int = 600) -> Any:
    return practise(Therapist(PROGRAMMES[name], SKILLS), child, trials, seed=1)


def test_dmi_takes_its_hands_away_from_who_succeeds_and_brings_them_to_the_trunk_else() -> None:
    assert {one.support for one in story("dmi", always).trials[-50:]} == {"none"}
    last = [one for one in story("dmi", never).trials[-50:]]
    at_most = (skill_named(one.exercise, SKILLS).sites_from("axillae")[0] for one in last)
    assert [one.support for one in last] == [*at_most]


def test_dmi_pushes_where_it_can_and_traditional_therapy_does_not() -> None:
    assert any(one.pushes for one in story("dmi", always).trials)
    assert not any(one.pushes for one in story("traditional", always).trials)


def test_traditional_therapy_holds_alike_and_goes_on_when_a_skill_is_mastered() -> None:
    trials = story("traditional", always).trials
    assert {(one.support, one.firmness) for one in trials} <= {("axillae", 1.0)}
    assert trials[0].exercise == "prone_propping"
    assert {one.exercise for one in trials[-30:]} == {"sit_to_stand", "standing", "walking"}


def test_traditional_therapy_can_be_passed_by_a_child_who_learns_in_its_hands() -> None:
    """It is not built to plateau: what a child masters in its hands lets it go on."""
    learning = story("traditional", LearningChild(talent=0.2), 1500)
    assert len({one.exercise for one in learning.trials}) > 6


def test_a_therapist_without_hands_never_holds() -> None:
    for child in (always, never):
        trials = story("hands_off", child).trials
        assert {(one.support, one.firmness) for one in trials} == {("none", 0.0)}


def test_assistance_as_needed_goes_from_who_succeeds() -> None:
    held = [one.firmness for one in story("as_needed", never).trials if one.support != "none"]
    free = [one.firmness for one in story("as_needed", always).trials[-20:]]
    assert held[-1] > 0.9
    assert max(free) < 0.01


def test_shipped_rules_that_move_hands_look_at_equally_many_trials() -> None:
    """A longer look would keep hands where they are, in studies of few trials by that alone."""
    windows = [one.site.params.get("of_last") for one in PROGRAMMES.values()]
    looking = [one for one in windows if one is not None]
    assert len(looking) > 1
    assert all(one == looking[0] for one in looking)


def test_matched_support_lets_go_of_a_child_that_never_fails_within_a_study() -> None:
    trials = story("matched_support", always).trials
    alone = [number for number, one in enumerate(trials) if one.support == "none"]
    assert alone
    assert alone[0] <= 60


def test_matched_support_shares_its_time_by_sitting_and_standing() -> None:
    trials = story("matched_support", always).trials
    assert {one.exercise for one in trials} == {"sitting", "standing"}
    assert trials[0].support == "head"
    assert trials[-1].support == "none"
