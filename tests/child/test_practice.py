"""Practice of ordered trials: what is ordered happens, and the therapist is told what happened."""

from collections.abc import Generator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from dmi_sim.catalog import Catalog
from dmi_sim.child.practice import Attention, OrderedTrials, trial_seed
from dmi_sim.child.rooms import Rooms
from dmi_sim.env.posture_env import PostureEnv
from dmi_sim.errors import InputError
from dmi_sim.rollout.seeds import FIRST_EVALUATION_SEED
from dmi_sim.spec.exercise import ExerciseSpec
from dmi_sim.therapy.trial import Trial
from tests.child.plain import TRIALS, PlainTherapist, Remembered

CATALOG = Catalog.shipped()


@pytest.fixture(scope="module")
def rooms() -> Generator[Rooms]:
    """The rooms of a girl of six months."""
    made = Rooms({"age_months": 6.0})
    yield made
    made.close()


def practised(
    rooms: Rooms, *trials: Trial, steps: int = 0
) -> tuple[OrderedTrials, Attention[Remembered]]:
    """Trials in which the child does nothing, for some steps."""
    therapist = PlainTherapist(trials)
    attention = Attention(therapist, therapist.begin(6.0, 0))
    env = OrderedTrials(rooms, attention, lambda trial: trial_seed(1, 0, trial), 6.0)
    env.reset()
    for _ in range(steps):
        *_, terminated, truncated, _info = env.step(np.zeros(33, np.float32))
        if terminated or truncated:
            env.reset()
    return env, attention


def begun(env: OrderedTrials) -> tuple[str, dict[str, Any], bool]:
    """Exercise, options and pushes of the trial that has begun, as the infant meets them."""
    inner = env.unwrapped
    assert isinstance(inner, PostureEnv)
    return inner.build.config.exercise, dict(inner.get_state().options), inner.is_pushed


@pytest.mark.parametrize("exercise", Rooms({}).exercises)
def test_any_exercise_can_be_ordered_in_the_least_hands_that_it_allows(
    rooms: Rooms, exercise: str
) -> None:
    spec = CATALOG.load(ExerciseSpec, exercise)
    ordered = Trial(exercise, spec.supports[-1], 0.0, pushes=spec.pushes is not None)
    env, _ = practised(rooms, ordered)
    assert begun(env)[0] == exercise
    assert begun(env)[2] == ordered.pushes


def test_hands_and_pushes_are_as_ordered_in_every_trial(rooms: Rooms) -> None:
    env, attention = practised(rooms, *TRIALS)
    for ordered in TRIALS * 2:
        hands = {"support": ordered.support, "support_strength": ordered.firmness}
        pushed = {"pushes": ordered.pushes}
        assert begun(env) == (ordered.exercise, {**hands, **pushed}, ordered.pushes)
        while len(attention.practised) == 0 or attention.practised[-1].record.trial != ordered:
            *_, terminated, truncated, _info = env.step(np.zeros(33, np.float32))
            if terminated or truncated:
                env.reset()


def test_the_therapist_sees_each_trial_that_came_to_an_end_and_nothing_else(rooms: Rooms) -> None:
    _, attention = practised(rooms, *TRIALS, steps=200)
    whole = [one.record for one in attention.practised if one.is_whole]
    assert len(whole) > 1
    assert attention.state.records == tuple(map(repr, whole))


def test_a_trial_that_the_session_cuts_off_is_practice_but_nobody_is_told_of_it(
    rooms: Rooms,
) -> None:
    env, attention = practised(rooms, TRIALS[2], steps=12)
    env.cut_off()
    env.cut_off()  # once is enough
    (only,) = attention.practised
    assert only.record.duration_s == pytest.approx(0.4)
    assert not only.is_whole
    assert attention.state.records == ()


def test_hands_are_told_of_by_what_they_carry(rooms: Rooms) -> None:
    firm, none = TRIALS[2], replace(TRIALS[2], support="none", firmness=0.0)
    told: dict[str, float] = {}
    for ordered in (firm, none):
        env, attention = practised(rooms, ordered, steps=20)
        env.cut_off()
        told[ordered.support] = attention.practised[0].record.support_impulse_n_s
    assert told["axillae"] > 1
    assert told["none"] == 0


def test_a_trial_does_not_depend_on_what_was_done_in_the_room_before(rooms: Rooms) -> None:
    def seen(used: Rooms, *before: Trial) -> tuple[str, ...]:
        practised(used, *before, steps=70) if before else None
        _, attention = practised(used, TRIALS[1], steps=70)
        return attention.state.records

    fresh = Rooms({"age_months": 6.0})
    assert seen(rooms, *TRIALS) == seen(rooms) == seen(fresh) != ()
    fresh.close()


@pytest.mark.parametrize(
    ("ordered", "message"),
    [
        (Trial("siting"), "exercise: a child has no 'siting'; did you mean 'sitting'?"),
        (Trial("sitting_v0"), "exercise: a child has no 'sitting_v0'; did you mean 'sitting'?"),
        (Trial("walking", "head"), "head"),
        (Trial("sitting", "pelvis", 2.0), "support_strength"),
        (Trial("rolling", pushes=True), "pushes"),
    ],
)
def test_an_order_that_no_exercise_offers_is_refused(
    rooms: Rooms, ordered: Trial, message: str
) -> None:
    with pytest.raises(InputError) as refused:
        practised(rooms, ordered)
    assert message in str(refused.value)


def test_seeds_of_trials_are_never_those_of_tests_and_all_differ() -> None:
    seeds = {trial_seed(1, session, trial) for session in range(20) for trial in range(50)}
    assert len(seeds) == 1000
    assert max(seeds) < FIRST_EVALUATION_SEED
