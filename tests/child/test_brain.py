"""A brain learns from practice, is not changed by it, and may begin with what a policy can do."""

from collections.abc import Generator
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
from tests.child.plain import FOUR_SECONDS, PlainTherapist, brain_spec, child

SPEC = brain_spec()


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
    one, other = after(before, rooms), after(before, rooms)
    assert before == same
    assert one == other
    assert one != before
    assert one.steps == 240
    assert after(before, rooms, seed=2) != one
    assert {"sitting", "standing"} <= set(one.return_scales)


def test_practice_is_kept_until_there_is_enough_to_learn_from(rooms: Rooms) -> None:
    """Sessions of four seconds, and six seconds that are learnt from at once."""
    spec = brain_spec(n_steps=180)
    untrained = Brain.untrained(spec, rooms, seed=1)
    first = after(untrained, rooms, spec=spec)
    second = after(first, rooms, spec=spec)
    assert (first.steps, steps_of(first.unlearnt)) == (120, 120)
    assert Brain(first.training, first.parameters, {}) == untrained
    assert (second.steps, steps_of(second.unlearnt)) == (240, 60)
    assert Brain(second.training, second.parameters, {}) != untrained
    assert set(first.unlearnt[EXERCISES]) <= {"sitting", "standing"}
    assert first != Brain(first.training, first.parameters, first.return_scales, first.steps)


def test_rests_are_part_of_a_session(rooms: Rooms) -> None:
    """Ten seconds, of which every trial takes two more than it lasts."""
    spec, therapist = brain_spec(), PlainTherapist()
    attention = Attention(therapist, therapist.begin(6.0, 0))
    trials = OrderedTrials(rooms, attention, lambda trial: trial_seed(1, 0, trial), 6.0)
    brain = practise(
        Brain.untrained(spec, rooms, seed=1),
        spec,
        trials,
        10 / 60,
        1,
        lambda: 2.0 * sum(one.is_whole for one in attention.practised),
    )
    rested_s = 2.0 * (len(attention.practised) - 1)  # the last one is over after the session
    assert rested_s > 0
    assert brain.steps / 30 + rested_s == pytest.approx(10, abs=4)
    assert brain.steps < 300


def test_the_last_trial_is_played_to_its_end_and_not_learnt_from(rooms: Rooms) -> None:
    therapist = PlainTherapist()
    attention = Attention(therapist, therapist.begin(6.0, 0))
    trials = OrderedTrials(rooms, attention, lambda trial: trial_seed(1, 0, trial), 6.0)
    brain = practise(Brain.untrained(SPEC, rooms, seed=1), SPEC, trials, FOUR_SECONDS, 1)
    assert all(one.is_whole for one in attention.practised)
    practised_s = sum(one.record.duration_s for one in attention.practised)
    assert brain.steps == 120
    assert practised_s > 120 / 30


def test_a_session_of_no_time_changes_nothing(rooms: Rooms) -> None:
    before = Brain.untrained(SPEC, rooms, seed=1)
    assert after(before, rooms, minutes=0.0).parameters.keys() == before.parameters.keys()
    assert after(before, rooms, minutes=0.0).steps == 0


def test_what_is_known_is_kept_from_session_to_session(rooms: Rooms) -> None:
    """Two sessions are not two beginnings: optimiser, sizes of returns and steps go on."""
    first = after(Brain.untrained(SPEC, rooms, seed=1), rooms)
    second = after(first, rooms)
    assert second.steps == 240
    name, (_, count) = next(iter(first.return_scales.items()))
    assert second.return_scales[name][1] >= count
    adam = "policy.optimizer"
    steps = [one.parameters[adam]["state"][0]["step"].item() for one in (first, second)]
    assert steps == [4, 8]


def test_an_experienced_child_begins_with_what_its_policy_does(rooms: Rooms, bundle: Path) -> None:
    one = child(begins_with=bundle)
    seen = np.random.default_rng(0).normal(size=(5, 154)).astype(np.float32)
    policy = Brain.untrained(brain_spec(net_arch=[12, 6]), rooms, seed=5).policy(rooms)
    assert np.array_equal(one.policy.predict(seen)[0], policy.predict(seen)[0])
    assert one.brain.training.net_arch == (12, 6)
    assert one.description != child().description
    one.run()
    assert not np.array_equal(one.policy.predict(seen)[0], policy.predict(seen)[0])


def test_a_policy_with_other_commands_and_senses_cannot_be_begun_with(rooms: Rooms) -> None:
    with pytest.raises(InputError):
        Brain.of_policy(SPEC, rooms, 0, policy_folder("sitting_0"))
