"""Policies become models of stable-baselines3 that learn on, and come back unchanged."""

import json
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from stable_baselines3 import A2C, DDPG, DQN, PPO, SAC, TD3
from stable_baselines3.common.evaluation import evaluate_policy
from stable_baselines3.common.vec_env import DummyVecEnv
from torch import nn

import dmi_sim
from dmi_sim.errors import InputError
from dmi_sim.names import environment_id
from dmi_sim.rollout.environment import Env, make_environment
from dmi_sim.spec.training import TrainingSpec
from dmi_sim.training.bundle import load_bundle, read_bundle_manifest, save_bundle
from dmi_sim.training.library import bundles, shipped_folder
from dmi_sim.training.sb3 import save_sb3, to_sb3
from dmi_sim.training.trainer import Trainer
from dmi_sim.training.weights import policy_from_sb3

PENDULUM = partial(make_environment, "Pendulum-v1", {})


@pytest.fixture
def env() -> Iterator[Env]:
    env = PENDULUM()
    yield env
    env.close()


@pytest.fixture
def bundle(tmp_path: Path, quick: TrainingSpec) -> Path:
    """A bundle with all that learning on needs."""
    trainer = Trainer.start(PENDULUM, quick, 3)
    trainer.train_until(256)
    save_bundle(tmp_path / "bundle", trainer.policy, trainer.metadata({}))
    trainer.close()
    return tmp_path / "bundle"


def test_there_and_back_changes_no_bit(bundle: Path, env: Env) -> None:
    policy = dmi_sim.load_policy(bundle)
    assert policy_from_sb3(to_sb3(policy, env)).to_bytes() == policy.to_bytes()
    assert policy_from_sb3(to_sb3(bundle, env)).to_bytes() == policy.to_bytes()


@pytest.mark.parametrize("exercise", bundles(shipped_folder()))
def test_shipped_policies_go_there_and_back(exercise: str) -> None:
    """They lack exploration and estimate of values, and a warning says so."""
    with closing(make_environment(environment_id(exercise), {})) as env:
        for folder in bundles(shipped_folder())[exercise].values():
            with pytest.warns(UserWarning, match="exploration.*estimate of values"):
                model = to_sb3(folder.name, env)
            back, policy = policy_from_sb3(model), dmi_sim.load_policy(folder)
            assert [w.tobytes() for w in back.weights] == [w.tobytes() for w in policy.weights]
            assert [b.tobytes() for b in back.biases] == [b.tobytes() for b in policy.biases]
            assert back.activation == policy.activation


def test_a_model_acts_and_values_as_its_policy_does(bundle: Path, env: Env) -> None:
    policy = dmi_sim.load_policy(bundle)
    model = to_sb3(policy, env)
    batch = np.random.default_rng(0).normal(size=(20, 3)).astype(np.float32)
    assert model.predict(batch, deterministic=True)[0] == pytest.approx(
        policy.predict(batch)[0], abs=1e-5
    )
    seen, _ = model.policy.obs_to_tensor(batch)
    values = model.policy.predict_values(seen).detach().numpy()[:, 0]
    assert values == pytest.approx(policy.values(batch), abs=1e-5)


def test_a_model_learns_on_and_is_saved_by_the_library(
    bundle: Path, env: Env, tmp_path: Path, quick: TrainingSpec
) -> None:
    model = to_sb3(bundle, env)
    assert (model.n_steps, model.batch_size) == (quick.rollout_steps, quick.batch_size)
    before = policy_from_sb3(model).to_bytes()
    model.learn(128)
    assert policy_from_sb3(model).to_bytes() != before
    model.save(tmp_path / "model")
    again = PPO.load(tmp_path / "model", device="cpu")
    assert policy_from_sb3(again).to_bytes() == policy_from_sb3(model).to_bytes()


def test_a_model_of_several_environments_collects_as_much(bundle: Path) -> None:
    envs = DummyVecEnv([PENDULUM] * 4)
    assert to_sb3(bundle, envs).n_steps * 4 == TrainingSpec(n_envs=2, n_steps=64).rollout_steps
    envs.close()


def test_settings_are_those_of_the_exercise_or_ones_own() -> None:
    with closing(make_environment("DMI/Sitting-v0", {})) as env:
        spec = env.unwrapped.build.spec.training  # type: ignore[attr-defined]
        with pytest.warns(UserWarning, match="estimate of values"):
            model = to_sb3("sitting_0", env)
        assert (model.gamma, model.n_steps) == (spec.gamma, spec.rollout_steps)
        with pytest.warns(UserWarning, match="estimate of values"):
            own = to_sb3("sitting_0", env, TrainingSpec(gamma=0.5))
        assert own.gamma == 0.5


def test_the_library_evaluates_a_model_as_the_policy(bundle: Path) -> None:
    def mean_reward(acting: Any) -> float:
        envs = DummyVecEnv([PENDULUM])
        envs.seed(1)
        found = evaluate_policy(acting, envs, n_eval_episodes=2, warn=False)[0]
        envs.close()
        return float(found)  # type: ignore[arg-type]

    envs = DummyVecEnv([PENDULUM])
    policy = dmi_sim.load_policy(bundle)
    assert mean_reward(to_sb3(policy, envs)) == pytest.approx(mean_reward(policy), rel=1e-3)


def test_a_policy_of_other_spaces_is_refused(env: Env) -> None:
    with pytest.raises(InputError, match=r"policy of shapes \(63,\), \(10,\)"):
        to_sb3(dmi_sim.load_policy("sitting_0"), env)
    with pytest.raises(InputError, match="exercise: practised sitting_v0, not Pendulum"):
        to_sb3("sitting_0", env)
    with pytest.raises(InputError, match="did you mean 'sitting_0'"):
        to_sb3("siting_0", env)


@pytest.mark.parametrize("activation", [nn.Tanh, nn.ReLU])
@pytest.mark.parametrize("algorithm", [A2C, DDPG, PPO, SAC, TD3])
def test_models_of_the_library_become_bundles(
    algorithm: Any, activation: Any, env: Env, tmp_path: Path
) -> None:
    kwargs = {"net_arch": [8, 6], "activation_fn": activation}
    model = algorithm("MlpPolicy", env, policy_kwargs=kwargs, device="cpu", seed=1)
    save_sb3(model, tmp_path, env)
    batch = np.random.default_rng(0).normal(size=(20, 3)).astype(np.float32)
    expected, _ = model.predict(batch, deterministic=True)
    assert load_bundle(tmp_path, env).predict(batch)[0] == pytest.approx(expected, abs=1e-5)
    assert read_bundle_manifest(tmp_path).metadata.exercises[0].name == "Pendulum-v1"


def test_networks_of_different_sizes_for_action_and_value_go_there_and_back(env: Env) -> None:
    kwargs: dict[str, Any] = {"net_arch": {"pi": [8], "vf": [16, 4]}}
    policy = policy_from_sb3(PPO("MlpPolicy", env, policy_kwargs=kwargs, device="cpu"))
    assert policy_from_sb3(to_sb3(policy, env)).to_bytes() == policy.to_bytes()


def test_a_policy_of_another_learner_cannot_become_ppo(env: Env) -> None:
    policy = policy_from_sb3(SAC("MlpPolicy", env, device="cpu"))
    with pytest.raises(InputError, match="trained by SAC or TD3"):
        to_sb3(policy, env)


def test_models_that_no_bundle_can_hold_are_refused(env: Env) -> None:
    shaped: dict[str, Any] = {"activation_fn": nn.ELU}
    with pytest.raises(InputError, match="layers of ELU: only Tanh or ReLU"):
        policy_from_sb3(PPO("MlpPolicy", env, policy_kwargs=shaped, device="cpu"))
    with pytest.raises(InputError, match="only plain networks"):
        policy_from_sb3(PPO("MlpPolicy", env, use_sde=True, device="cpu"))
    with (
        closing(make_environment("CartPole-v1", {})) as cart,
        pytest.raises(InputError, match=r"no policy of ours can stand for one of dqn\.policies"),
    ):
        policy_from_sb3(DQN("MlpPolicy", cart, device="cpu", buffer_size=10))


def test_a_bundle_without_settings_says_none(bundle: Path, quick: TrainingSpec) -> None:
    told = json.loads((bundle / "bundle.json").read_text())["metadata"]
    assert told["training"]["n_steps"] == quick.n_steps
    shipped = read_bundle_manifest(shipped_folder() / "sitting_0").metadata
    assert shipped.training is None
