"""How firmly hands hold."""

import pytest

from dmi_sim.env.support_schedule import EpisodeResult, SupportState, state_after
from dmi_sim.spec.support_schedule import SupportSchedule
from dmi_sim.therapy.firmness_rules import as_needed, constant, faded
from dmi_sim.therapy.trial import Trial
from tests.therapy.children import Answer, always, never, practise, record, seen, skill, therapist

SITTING = skill("sitting")
IN_SITTING = {"exercise": ("in_order", {"exercises": ["sitting"]}), "site": "most_proximal"}


def firmness_of(child: Answer, trials: int, rule: str, **params: float) -> list[float]:
    """Firmness trial by trial, when a child sat in proximal hands."""
    working = therapist(**IN_SITTING, firmness=(rule, params))
    return [one.firmness for one in practise(working, child, trials).trials]


def test_constant_hands_hold_alike_whatever_happens() -> None:
    assert {*firmness_of(never, 30, "constant", firmness=0.7)} == {0.7}
    assert constant(seen(), SITTING, firmness=0.2) == 0.2


def test_hands_fade_with_the_hours_of_practice() -> None:
    faded_to = firmness_of(never, 721, "faded", start=1.0, to=0.4, over_h=1.0)
    assert faded_to[0] == 1.0
    assert faded_to[180] == pytest.approx(0.7)
    assert faded_to[360:] == [pytest.approx(0.4)] * 361
    assert faded_to == sorted(faded_to, reverse=True)


def test_each_exercise_fades_on_its_own() -> None:
    watched = seen({"sitting": [("pelvis", True)] * 180})
    assert faded(watched, SITTING, start=1, to=0, over_h=1) == pytest.approx(0.5)
    assert faded(watched, skill("standing"), start=1, to=0, over_h=1) == 1.0


def test_needed_hands_grow_with_error_and_are_forgotten() -> None:
    """R' = 0.8 R + 0.2 e, worked out on paper."""
    helped = firmness_of(never, 3, "as_needed", start=0.5, gain=0.2, forgetting=0.8)
    assert helped == pytest.approx([0.5, 0.6, 0.68])
    alone = firmness_of(always, 3, "as_needed", start=0.5, gain=0.2, forgetting=0.8)
    assert alone == pytest.approx([0.5, 0.4, 0.32])


def test_steady_error_leads_to_a_steady_firmness() -> None:
    helped = firmness_of(never, 100, "as_needed", start=0.0, gain=0.1, forgetting=0.8)
    assert helped[-1] == pytest.approx(0.1 / (1 - 0.8))
    assert firmness_of(never, 100, "as_needed", at_most=0.6)[-1] == 0.6
    assert firmness_of(always, 100, "as_needed")[-1] == pytest.approx(0, abs=1e-6)


def test_need_is_what_a_support_schedule_calls_need() -> None:
    schedule = SupportSchedule.model_validate(
        {"site": "waist", "firmness": {"by": "need", "from": 0.5, "gain": 0.3, "forgetting": 0.7}}
    )
    state = SupportState()
    working = therapist(**IN_SITTING, firmness=("as_needed", {"gain": 0.3, "forgetting": 0.7}))
    known = working.begin(6, seed=0)
    for completion in (0.2, 0.9, 1.0, 0.0, 0.5):
        state = state_after(schedule, state, EpisodeResult(completion == 1, completion))
        trial = working.order(known)
        known = working.see(known, record(trial, completion == 1, completion))
        assert working.order(known).firmness == state.firmness


def test_need_is_remembered_while_nobody_holds() -> None:
    """A trial without hands does not make the hands of the next one forget all they knew."""
    working = therapist(**IN_SITTING, firmness="as_needed")
    state = working.begin(6, seed=0)
    alone = working.see(state, record(Trial("sitting"), is_success=True))
    assert working.order(alone).firmness == pytest.approx(0.4)


def test_need_in_one_exercise_is_not_that_in_another() -> None:
    watched = seen({"sitting": [("pelvis", True)]})  # in hands of firmness 1
    assert as_needed(watched, SITTING, forgetting=0.3) == pytest.approx(0.3)
    assert as_needed(watched, skill("standing")) == 0.5
