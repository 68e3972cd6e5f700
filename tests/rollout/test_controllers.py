"""Controllers: nothing, chance, and models of stable-baselines3."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from dmi_sim.env.config import EnvConfig
from dmi_sim.env.posture_env import PostureEnv
from dmi_sim.rollout.controllers import (
    REPEAT_S,
    SILENT_MUSCLES,
    ControllerState,
    RandomActions,
    ZeroAction,
    random_actions,
    zero_action,
)
from dmi_sim.rollout.episode import episode
from dmi_sim.rollout.evaluate import evaluate
from dmi_sim.rollout.recorder import record_episode
from dmi_sim.rollout.trial import run_trial
from dmi_sim.spec.training import TrainingSpec
from dmi_sim.training.monitor import TrainingStatistics
from dmi_sim.training.policy import policy_from_torch
from dmi_sim.training.ppo import build_ppo, make_vec_env
from tests.leaning import Leaning

SEED = 2**31
ALONE = {"support": "none"}


@pytest.fixture(scope="module")
def env() -> Iterator[PostureEnv]:
    env = PostureEnv(EnvConfig("sitting"))
    yield env
    env.close()


def drawn(controller: RandomActions, steps: int) -> np.ndarray:
    """The actions of one episode."""
    state: ControllerState = None
    actions: list[np.ndarray] = []
    for _ in range(steps):
        action, state = controller.predict(np.zeros(1, np.float32), state)
        actions.append(action)
    return np.array(actions)


def test_the_zero_action_has_the_shape_of_the_environment_s(env: PostureEnv) -> None:
    action, _ = zero_action(env).predict(np.ones(7, np.float32))
    assert action in env.action_space
    assert not action.any()


def test_every_observation_of_a_batch_gets_its_action() -> None:
    batch = np.zeros((5, 7), np.float32)
    assert ZeroAction((3,)).predict(batch)[0].shape == (5, 3)
    rng = np.random.default_rng(0)
    assert RandomActions(rng, (3,), repeat_steps=2).predict(batch)[0].shape == (5, 3)


def test_random_actions_are_repeated_and_differ_by_seed_only(env: PostureEnv) -> None:
    repeated = round(REPEAT_S * env.build.spec.control_hz)
    first = drawn(random_actions(env, 1), 3 * repeated)
    assert (np.ptp(first[:repeated], axis=0) == 0).all()
    assert (np.abs(np.diff(first[::repeated], axis=0)) > 0).all()
    assert np.abs(first).max() <= 1
    assert np.array_equal(first, drawn(random_actions(env, 1), 3 * repeated))
    assert not np.array_equal(first, drawn(random_actions(env, 2), 3 * repeated))


def test_random_actions_are_those_of_one_generator_one_after_the_other() -> None:
    rng = np.random.default_rng(3)
    expected = [rng.uniform(-1, 1, 2).astype(np.float32) for _ in range(2)]
    actions = drawn(RandomActions(np.random.default_rng(3), (2,), repeat_steps=4), 8)
    assert np.array_equal(actions, np.repeat(expected, 4, axis=0))


def test_random_actions_of_an_environment_fill_its_range_alike(env: PostureEnv) -> None:
    """The same numbers as for the range from -1 to 1, to the last bit; of muscles from 0 to 1."""
    shape = env.action_space.shape or ()
    plain = drawn(RandomActions(np.random.default_rng(5), shape, repeat_steps=1), 50)
    of_env = random_actions(env, 5)
    assert np.array_equal(plain, drawn(replace(of_env, repeat_steps=1), 50))
    with closing(PostureEnv(EnvConfig("sitting", action_mode="muscle"))) as muscular:
        actions = drawn(random_actions(muscular, 5), 200)
        assert actions.min() >= 0
        assert (actions > 0.5).mean() == pytest.approx(0.5, abs=0.05)


def test_an_infant_with_silent_muscles_hears_no_controller(env: PostureEnv) -> None:
    """Reflexes alone do something; silent muscles do nothing, whatever is commanded."""

    def activation(controller: RandomActions | None, options: dict[str, object]) -> np.ndarray:
        *_, last = episode(env, controller, SEED, {**ALONE, **options})
        assert last.terminated
        return env.state.activation

    assert activation(None, {}).max() > 0.05
    limp = activation(None, dict(SILENT_MUSCLES))
    assert limp.max() < 0.02
    assert np.array_equal(limp, activation(random_actions(env, 1), dict(SILENT_MUSCLES)))


def test_a_model_of_stable_baselines3_plays_wherever_a_policy_does(quick: TrainingSpec) -> None:
    ppo = build_ppo(make_vec_env(Leaning, 1, TrainingStatistics()), quick, seed=1)
    copy, seeds = policy_from_torch(ppo.policy, quick.activation), (1, 2, 3)
    played = [[record_episode(Leaning(), one, seed) for seed in seeds] for one in (ppo, copy)]
    for model, policy in zip(*played, strict=True):
        assert model.recording.com_m == pytest.approx(policy.recording.com_m, abs=1e-4)
        assert model.total_reward == pytest.approx(policy.total_reward, abs=1e-3)
    assert [run_trial(Leaning(), ppo, seed) for seed in seeds] == [
        run_trial(Leaning(), copy, seed) for seed in seeds
    ]
    assert len(evaluate(ppo, Leaning(), seeds)) == 3


@pytest.mark.slow
def test_a_model_of_stable_baselines3_moves_an_infant(env: PostureEnv, quick: TrainingSpec) -> None:
    sitting = partial(PostureEnv, EnvConfig("sitting"))
    ppo = build_ppo(make_vec_env(sitting, 1, TrainingStatistics()), quick, seed=1)
    copy = policy_from_torch(ppo.policy, quick.activation)
    model, policy = (record_episode(env, one, SEED, ALONE).recording for one in (ppo, copy))
    early = slice(0, 15)
    assert model.com_m[early] == pytest.approx(policy.com_m[early], abs=1e-4)
