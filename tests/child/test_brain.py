"""A brain learns from practice, is not changed by it, and may begin with what a policy can do."""

from collections.abc import Generator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from dmi_sim.child.brain import Brain, practise
from dmi_sim.child.experience import EXERCISES, steps_of
from dmi_sim.child.practice import Attention, OrderedTrials, trial_seed
from dmi_sim.child.rooms import Rooms
from dmi_sim.errors import InputError
from dmi_sim.spec.brain import BrainSpec
from dmi_sim.training.bundle import PolicyMetadata, save_bundle
from dmi_sim.training.interface import policy_interface, practised_exercise
from dmi_sim.training.library import policy_folder
from tests.child.plain import FOUR_SECONDS, PlainTherapist, Remembered, brain_spec, child

SPEC = brain_spec()
LONGER = 20 / 60
"""Minutes of a session that is longer than any trial."""


@pytest.fixture(scope="module")
def rooms() -> Generator[Rooms]:
    """The rooms of a girl of six months."""
    made = Rooms({"age_months": 6.0})
    yield made
    made.close()


def after(
    brain: Brain,
    rooms: Rooms,
    minutes: float = FOUR_SECONDS,
    seed: int = 1,
    spec: BrainSpec = SPEC,
) -> Brain:
    """The brain after the first session of a child."""
    therapist = PlainTherapist()
    attention = Attention(therapist, therapist.begin(6.0, 0))
    trials = OrderedTrials(rooms, attention, lambda trial: trial_seed(seed, 0, trial), 6.0)
    return practise(brain, spec, trials, minutes, seed)


@pytest.fixture(scope="module")
def bundle(rooms: Rooms, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundle of a policy with other layers than those of the small brain."""
    folder = tmp_path_factory.mktemp("policy")
    room = rooms.of("sitting")
    metadata = PolicyMetadata(
        environment_id="DMI/Sitting-v1",
        environment_kwargs={},
        interface=policy_interface(room),
        exercises=(practised_exercise(room),),
        seed=0,
        training_steps=1000,
        dose_h=0.01,
    )
    policy = Brain.untrained(brain_spec(net_arch=[12, 6]), rooms, seed=5).policy(rooms)
    save_bundle(folder, policy, metadata)
    return folder


def test_practice_gives_another_brain_and_leaves_the_one_before(rooms: Rooms) -> None:
    before, same = (after(Brain.untrained(SPEC, rooms, seed=1), rooms) for _ in range(2))
    one, other = (after(before, rooms, LONGER) for _ in range(2))
    assert before == same
    assert one == other
    assert one != before
    assert one.steps - one.beyond[""] == pytest.approx(120 + 600)
    assert after(before, rooms, LONGER, seed=2) != one
    assert {"sitting", "standing"} <= set(one.return_scales)


def test_practice_is_kept_until_there_is_enough_to_learn_from(rooms: Rooms) -> None:
    """Sessions of four seconds, and half a minute that is learnt from at once."""
    spec = brain_spec(n_steps=900)
    untrained = before = now = Brain.untrained(spec, rooms, seed=1)
    while now.steps < 900:
        before, now = now, after(now, rooms, spec=spec)
        assert steps_of(now.unlearnt) == now.steps % 900
        is_untrained = Brain(now.training, now.parameters, {}) == untrained
        assert is_untrained == (now.steps < 900)
    assert before.steps > 120
    assert set(before.unlearnt[EXERCISES]) == {"sitting", "standing"}
    assert before != replace(before, unlearnt={})


@pytest.mark.parametrize("limit_nats", [1e-4, 1e-2])
def test_what_is_learnt_at_once_is_limited_by_how_far_behaviour_changes(
    rooms: Rooms, limit_nats: float
) -> None:
    """All passes are gone through, in smaller steps: the limit alone tells two children apart."""
    spec = brain_spec(n_epochs=20).model_copy(update={"kl_limit_nats": limit_nats})
    free = brain_spec(n_epochs=20)
    limited, unlimited = (
        after(Brain.untrained(one, rooms, seed=1), rooms, spec=one) for one in (spec, free)
    )
    adam = limited.parameters["policy.optimizer"]["state"]
    assert adam[0]["step"].item() == 20 * 2 * (limited.steps // 60)
    assert limited.step_share < unlimited.step_share == 1
    assert limited.steps == pytest.approx(unlimited.steps, abs=60)  # the last trial is ended


def practised_with_rests(rooms: Rooms, rest_s: float) -> tuple[Brain, Attention[Remembered]]:
    """A session of ten seconds with a rest after each trial."""
    therapist = PlainTherapist()
    attention = Attention(therapist, therapist.begin(6.0, 0))
    trials = OrderedTrials(rooms, attention, lambda trial: trial_seed(1, 0, trial), 6.0)
    untrained = Brain.untrained(SPEC, rooms, seed=1)
    seen = attention.practised
    brain = practise(untrained, SPEC, trials, 1 / 6, 1, lambda: rest_s * len(seen), "therapy")
    return brain, attention


@pytest.mark.parametrize("rest_s", [0.0, 2.0])
def test_the_last_trial_goes_on_to_its_end_and_is_taken_off_the_next_session(
    rest_s: float, rooms: Rooms
) -> None:
    brain, attention = practised_with_rests(rooms, rest_s)
    assert all(one.is_whole for one in attention.practised)
    practised_s = sum(one.record.duration_s for one in attention.practised)
    assert brain.steps == round(30 * practised_s)
    rested_s = rest_s * len(attention.practised)
    assert practised_s + rested_s >= 10
    assert brain.beyond["therapy"] == pytest.approx(30 * (practised_s + rested_s - 10))


def test_a_session_that_is_practised_already_is_left_out(rooms: Rooms) -> None:
    """Each kind of session pays for itself."""
    first = replace(Brain.untrained(SPEC, rooms, seed=1), beyond={"": 130.0, "free_play": 7.0})
    second = after(first, rooms)
    assert (second.steps, second.beyond) == (0, {"": 10.0, "free_play": 7.0})
    third = after(second, rooms)
    assert third.steps - third.beyond[""] == pytest.approx(110)
    assert third.beyond["free_play"] == 7


def test_a_session_of_no_time_changes_nothing(rooms: Rooms) -> None:
    before = Brain.untrained(SPEC, rooms, seed=1)
    assert after(before, rooms, minutes=0.0).parameters.keys() == before.parameters.keys()
    assert after(before, rooms, minutes=0.0).steps == 0


def test_what_is_known_is_kept_from_session_to_session(rooms: Rooms) -> None:
    """Two sessions are not two beginnings: optimiser, sizes of returns and steps go on."""
    first = after(Brain.untrained(SPEC, rooms, seed=1), rooms)
    second = after(first, rooms, LONGER)
    assert second.steps > first.steps
    name, (_, count) = next(iter(first.return_scales.items()))
    assert second.return_scales[name][1] >= count
    adam = "policy.optimizer"
    steps = [one.parameters[adam]["state"][0]["step"].item() for one in (first, second)]
    assert steps == [one.steps // 60 * 2 for one in (first, second)]


def test_an_experienced_child_begins_with_what_its_policy_does(rooms: Rooms, bundle: Path) -> None:
    one = child(begins_with=bundle)
    seen = np.random.default_rng(0).normal(size=(5, 154)).astype(np.float32)
    policy = Brain.untrained(brain_spec(net_arch=[12, 6]), rooms, seed=5).policy(rooms)
    assert np.array_equal(one.policy.predict(seen)[0], policy.predict(seen)[0])
    assert one.brain.training.net_arch == (12, 6)
    assert one.description != child().description
    assert set(one.brain.return_scales) == set(Rooms({}).exercises)
    assert all(count > 100 for _, count in one.brain.return_scales.values())
    one.run()
    assert not np.array_equal(one.policy.predict(seen)[0], policy.predict(seen)[0])


def test_a_policy_with_other_commands_and_senses_cannot_be_begun_with(rooms: Rooms) -> None:
    with pytest.raises(InputError):
        Brain.of_policy(SPEC, rooms, 0, policy_folder("sitting_0"))
