"""An episode is played step by step, as far as its steps are asked for."""

from itertools import islice, pairwise

import numpy as np
import pytest

from dmi_sim.rollout.controllers import Action, ControllerState, Observation, ZeroAction
from dmi_sim.rollout.environment import make_environment
from dmi_sim.rollout.episode import EpisodePosition, Step, episode, is_over
from tests.leaning import LIMIT_STEPS, Leaning, balance, pusher


class Notes:
    """A controller that counts its calls and records their arguments."""

    def __init__(self) -> None:
        self.starts: list[bool] = []
        self.remembered: list[int] = []
        self.asked_for: set[bool] = set()

    def predict(
        self,
        observation: Observation,
        state: ControllerState = None,
        episode_start: np.ndarray | None = None,
        deterministic: bool = True,
    ) -> tuple[Action, ControllerState]:
        assert episode_start is not None
        self.starts.append(bool(episode_start[0]))
        self.asked_for.add(deterministic)
        count = 0 if state is None else int(state[0])
        self.remembered.append(count)
        return np.zeros(1, np.float32), (np.array(count + 1),)


def test_the_first_step_is_the_reset(leaning: str) -> None:
    first = next(episode(make_environment(leaning, {}), balance(), 4))
    assert (first.action, first.reward, is_over(first)) == (None, 0.0, False)
    assert np.array_equal(first.observation, Leaning().reset(seed=4)[0])


def test_each_step_answers_the_observation_before_it() -> None:
    policy, env = balance(), Leaning()
    steps = list(episode(env, policy, 4))
    for before, after in pairwise(steps):
        assert after.action is not None
        assert np.array_equal(after.action, policy.predict(before.observation)[0])
    assert len(steps) == 1 + LIMIT_STEPS


def test_it_ends_when_the_environment_ends_it_unless_another_rule_is_given() -> None:
    falls = pusher(9, 9)
    *played, last = episode(Leaning(), falls, 1)
    assert last.terminated
    assert not any(map(is_over, played))
    on = list(islice(episode(Leaning(), falls, 1, until=lambda _: False), len(played) + 4))
    assert [step.terminated for step in on[-4:]] == [True] * 4


def test_what_ends_it_may_be_true_at_the_reset() -> None:
    (only,) = episode(Leaning(), None, 1, until=lambda step: step.action is None)
    assert only.action is None


def test_nothing_is_simulated_before_it_is_asked_for() -> None:
    env = Leaning()
    steps = episode(env, None, 1)
    for number in range(3):
        next(steps)
        assert env.state.time_s == pytest.approx(number / 20)


def test_no_controller_is_the_zero_action() -> None:
    def observed(controller: ZeroAction | None) -> list[Step]:
        return list(episode(Leaning(), controller, 3))

    for none, zero in zip(observed(None), observed(ZeroAction((1,))), strict=True):
        assert np.array_equal(none.observation, zero.observation)
        assert none.action is None or not none.action.any()


def test_a_controller_receives_the_start_of_an_episode_and_its_own_state() -> None:
    notes = Notes()
    for _ in range(2):
        list(islice(episode(Leaning(), notes, 1), 4))
    assert notes.starts == [True, False, False] * 2
    assert notes.remembered == [0, 1, 2] * 2
    assert notes.asked_for == {True}


def test_options_reach_the_reset() -> None:
    plain, pushed = (next(episode(Leaning(), None, 1, how)) for how in ({}, {"push_rad": 0.2}))
    assert pushed.observation[0] - plain.observation[0] == pytest.approx(0.2)


def test_a_fault_of_the_environment_says_where_it_happened(leaning: str) -> None:
    env = make_environment(leaning, {"broken_step": 3})
    with pytest.raises(ZeroDivisionError) as caught:
        list(episode(env, None, seed=8))
    (note,) = caught.value.__notes__
    assert note == "in Test/Leaning-v0, seed 8, episode 1 since that seed, step 3: action [0.0]"


def test_a_fault_in_the_reset_names_the_seed() -> None:
    with pytest.raises(TypeError) as caught:
        next(episode(Leaning(), None, 5, {"push_rad": "left"}))
    (note,) = caught.value.__notes__
    assert note == "in Leaning, seed 5, episode 1 since that seed, step 0: reset"


def test_a_position_counts_episodes_since_the_last_seed() -> None:
    position = EpisodePosition("Any")
    position.begin(7)
    position.begin(None)
    assert (position.seed, position.episode) == (7, 2)
    position.begin(8)
    assert (position.seed, position.episode) == (8, 1)
