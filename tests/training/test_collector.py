"""What is collected, and all that is learnt from it, is what stable-baselines3 itself collects."""

from collections import deque
from collections.abc import Callable
from contextlib import closing
from copy import deepcopy
from functools import partial
from pathlib import Path
from typing import Any

import gymnasium as gym
import numpy as np
import pytest
import torch
from gymnasium.wrappers import TransformObservation
from stable_baselines3 import PPO
from stable_baselines3.common.callbacks import BaseCallback
from stable_baselines3.common.policies import ActorCriticPolicy
from stable_baselines3.common.vec_env import DummyVecEnv, VecEnvWrapper
from torch import nn

import dmi_sim
from dmi_sim.rollout.environment import Env, make_environment
from dmi_sim.training.collector import PracticePPO, PracticeVecEnv
from dmi_sim.training.monitor import TrainingMonitor, TrainingStatistics
from dmi_sim.training.plain_policy import plain_policy
from tests.leaning import Leaning

MakeEnv = Callable[[], Env]
ARRAYS = ("observations", "actions", "rewards", "episode_starts", "values", "log_probs")
LEARNT = ("advantages", "returns")
STATE = ("num_timesteps", "_last_obs", "_last_episode_starts", "ep_info_buffer",
         "ep_success_buffer")  # fmt: skip


def doubled() -> Env:
    """A pole whose observations have double precision."""
    space = gym.spaces.Box(-10, 10, (2,), np.float64)
    return TransformObservation(Leaning(), lambda seen: seen.astype(np.float64), space)


class Thrifty(gym.Wrapper[Any, Any, Any, Any]):
    """A pole that gives the same array and the same dictionary at each step, changed."""

    def __init__(self, gravity: float, renews: bool = True) -> None:
        super().__init__(Leaning(gravity))
        self.given = np.zeros(2, np.float32), {"com_m": np.zeros(3)}
        self.renews = renews

    def reset(self, **keywords: Any) -> Any:
        if self.renews:
            self.given = np.zeros(2, np.float32), self.given[1]
        self.given[0][:] = self.env.reset(**keywords)[0]
        return self.given[0], {}

    def step(self, action: Any) -> Any:
        seen, reward, terminated, truncated, info = self.env.step(action)
        self.given[0][:] = seen
        self.given[1]["com_m"][:] = info["head_height_m"]
        return self.given[0], reward, terminated, truncated, self.given[1]


class Watching(BaseCallback):
    """Keeps what a callback can see, changes the exploration, and stops at a step."""

    def __init__(self, stop: int | None = None, widens: bool = False) -> None:
        super().__init__()
        self.stop, self.widens = stop, widens
        self.calls: list[str] = []
        self.seen: list[dict[str, Any]] = []

    def _on_rollout_start(self) -> None:
        self.calls.append("start")

    def _on_step(self) -> bool:
        self.calls.append("step")
        self.seen.append(deepcopy({name: self.locals[name] for name in SEEN}))
        if self.widens:
            log_sd: Any = self.model.policy.log_std
            log_sd.data.add_(0.01)
        return self.n_calls != self.stop

    def _on_rollout_end(self) -> None:
        self.calls.append("end")
        self.seen.append(deepcopy({name: self.locals[name] for name in (*SEEN, "n_steps")}))


SEEN = ("obs_tensor", "actions", "clipped_actions", "values", "log_probs", "new_obs", "rewards",
        "dones", "infos")  # fmt: skip


def learnt(
    kind: type[PPO],
    make_env: MakeEnv,
    callback: BaseCallback | None = None,
    *,
    steps: int = 160,
    n_envs: int = 2,
    n_steps: int = 80,
    **settings: Any,
) -> PPO:
    """A model after some steps of learning, in environments of the library or in ours."""
    statistics = TrainingStatistics(passes_info=callback is not None)
    envs = PracticeVecEnv if kind is PracticePPO else DummyVecEnv
    made = envs([lambda: TrainingMonitor(make_env(), statistics)] * n_envs)
    defaults: dict[str, Any] = {"policy": "MlpPolicy", "batch_size": n_steps}
    with closing(made):
        model = kind(
            env=made, n_steps=n_steps, n_epochs=2, seed=3, device="cpu",
            **{**defaults, **settings},
        )  # fmt: skip
        return model.learn(steps, callback)


class Widened(VecEnvWrapper):
    """Environments that give more precision than their space tells."""

    def reset(self) -> Any:
        return np.asarray(self.venv.reset(), np.float64)

    def step_wait(self) -> Any:
        seen, *rest = self.venv.step_wait()
        return (np.asarray(seen, np.float64), *rest)


def both(make_env: MakeEnv, **settings: Any) -> tuple[PPO, PPO]:
    """What we learn and what the library learns."""
    return learnt(PracticePPO, make_env, **settings), learnt(PPO, make_env, **settings)


def assert_equal_bits(ours: Any, theirs: Any) -> None:
    """Compare arrays, tensors and numbers in lists and dictionaries."""
    if isinstance(ours, dict):
        assert ours.keys() == theirs.keys()
        for key in ours:
            assert_equal_bits(ours[key], theirs[key])
    elif isinstance(ours, list | deque):
        assert len(ours) == len(theirs)
        for one, other in zip(ours, theirs, strict=True):
            assert_equal_bits(one, other)
    else:
        np.testing.assert_array_equal(np.asarray(ours), np.asarray(theirs))
        assert np.asarray(ours).dtype == np.asarray(theirs).dtype


def logged(model: PPO) -> dict[str, Any]:
    """What is logged, but how long it took."""
    values = model.logger.name_to_value
    return {name: value for name, value in values.items() if not name.startswith("time/")}


def assert_equal_models(ours: PPO, theirs: PPO) -> None:
    for name in (*ARRAYS, *LEARNT):
        assert_equal_bits(getattr(ours.rollout_buffer, name), getattr(theirs.rollout_buffer, name))
    assert_equal_bits(ours.policy.state_dict(), theirs.policy.state_dict())
    assert_equal_bits(
        ours.policy.optimizer.state_dict()["state"], theirs.policy.optimizer.state_dict()["state"]
    )
    assert_equal_bits(logged(ours), logged(theirs))
    for name in STATE:
        assert_equal_bits(vars(ours)[name], vars(theirs)[name])


@pytest.mark.parametrize("activation", [nn.Tanh, nn.ReLU])
@pytest.mark.parametrize("net_arch", [[5], [8, 8], [8, 4, 8], {"pi": [8], "vf": [4, 4]}], ids=str)
def test_learning_is_that_of_the_library_to_the_bit(
    activation: type[nn.Module], net_arch: list[int] | dict[str, list[int]]
) -> None:
    networks = {"net_arch": net_arch, "activation_fn": activation}
    assert_equal_models(*both(Leaning, policy_kwargs=networks))


OBJECTIVES: tuple[dict[str, Any], ...] = (
    {"clip_range_vf": 0.05},
    {"clip_range": 0.001},
    {"clip_range": lambda left: 0.1 * left},
    {"target_kl": 1e-4},
    {"ent_coef": 0.01},
    {"vf_coef": 0.0},
    {"normalize_advantage": False},
    {"max_grad_norm": 1e-3},
    {"batch_size": 159},  # the last batch is a single step
    {"policy_kwargs": {"optimizer_kwargs": {"eps": 1e-5, "fused": True}}},
)


@pytest.mark.filterwarnings("ignore:You have specified a mini-batch size")
@pytest.mark.parametrize("settings", OBJECTIVES, ids=lambda one: next(iter(one)))
def test_every_setting_means_what_it_means_to_the_library(settings: dict[str, Any]) -> None:
    ours, theirs = both(Leaning, steps=320, **settings)
    assert_equal_models(ours, theirs)
    assert {"train/loss", "train/approx_kl", "train/n_updates"} <= set(logged(ours))


def test_learning_stops_where_the_policy_has_moved_far_enough() -> None:
    models = [learnt(PracticePPO, Leaning, target_kl=divergence) for divergence in (1e-9, None)]
    assert [logged(one)["train/n_updates"] for one in models] == [1, 2]  # passes over the rollout


@pytest.mark.parametrize("name", sorted(dmi_sim.environments()))
def test_practice_of_every_exercise_is_collected_as_the_library_does(name: str) -> None:
    assert_equal_models(*both(partial(make_environment, name, {}), steps=6, n_envs=1, n_steps=6))


def test_an_episode_that_time_cuts_off_counts_what_would_have_come() -> None:
    """The pole's limit is 60 steps: in 160 it is reached, and the values beyond are added."""
    calm = {"policy_kwargs": {"log_std_init": -4.0}, "gamma": 0.5}
    standing = partial(Leaning, gravity=0.0)
    ours, theirs = both(standing, n_steps=160, steps=320, **calm)
    assert_equal_models(ours, theirs)
    cut = ours.rollout_buffer.rewards.reshape(2, 160)[:, 59::60]
    assert cut.size == 4
    assert [one["l"] for one in ours.ep_info_buffer or ()] == [60] * 4


@pytest.mark.parametrize("settings", [{}, {"stop": 50}, {"stop": 100}, {"widens": True}], ids=str)
def test_callbacks_see_and_decide_the_same(settings: dict[str, Any]) -> None:
    ours, theirs = Watching(**settings), Watching(**settings)
    models = learnt(PracticePPO, Leaning, ours), learnt(PPO, Leaning, theirs)
    assert ours.calls == theirs.calls
    assert ours.calls.count("step") == min(80, settings.get("stop", 80))
    assert_equal_bits(ours.seen, theirs.seen)
    assert_equal_models(*models)
    assert any("episode" in info for step in ours.seen for info in step["infos"])


def test_callbacks_may_compute_gradients() -> None:
    class Learning(BaseCallback):
        def _on_step(self) -> bool:
            weight = torch.ones(1, requires_grad=True)
            (weight * self.locals["values"]).sum().backward()
            return weight.grad is not None

    assert learnt(PracticePPO, Leaning, Learning()).num_timesteps == 160


def test_probabilities_and_advantages_are_what_their_definitions_say() -> None:
    model = learnt(PracticePPO, Leaning, n_steps=160, steps=160, n_envs=1, learning_rate=0.0)
    kept = model.rollout_buffer
    with torch.no_grad():
        values, log_probs, _ = model.policy.evaluate_actions(
            *(torch.from_numpy(one) for one in (kept.observations, kept.actions))
        )
    assert kept.values == pytest.approx(values.numpy(), abs=1e-6)
    assert kept.log_probs.ravel() == pytest.approx(log_probs.numpy(), abs=1e-5)
    assert kept.returns == pytest.approx(kept.advantages + kept.values, abs=1e-6)


class Slower(ActorCriticPolicy):
    """A policy of somebody's own that acts in another way."""

    def forward(self, obs: Any, deterministic: bool = False) -> Any:
        actions, values, log_prob = super().forward(obs, deterministic)
        return actions / 2, values, log_prob


UNKNOWN: dict[str, tuple[MakeEnv, dict[str, Any]]] = {
    "noise that depends on the state": (Leaning, {"use_sde": True}),
    "discrete actions": (lambda: gym.make("CartPole-v1"), {}),
    "double precision": (doubled, {}),
    "another activation": (Leaning, {"policy_kwargs": {"activation_fn": nn.ELU}}),
    "no hidden layer": (Leaning, {"policy_kwargs": {"net_arch": []}}),
    "a policy of one's own": (Leaning, {"policy": Slower}),
}


@pytest.mark.parametrize("name", UNKNOWN)
def test_whatever_is_not_plain_is_left_to_the_library(name: str) -> None:
    make_env, settings = UNKNOWN[name]
    ours, theirs = both(make_env, **settings)
    assert plain_policy(ours.policy) is None
    assert_equal_models(ours, theirs)


def test_who_listens_to_a_layer_hears_what_the_library_lets_one_hear() -> None:
    class Listening(BaseCallback):
        def _on_training_start(self) -> None:
            self.heard = list[Any]()
            value_net: Any = self.model.policy.value_net
            value_net.register_forward_hook(
                lambda *call: self.heard.append(call[-1].detach().clone())
            )

        def _on_step(self) -> bool:
            return True

    ours, theirs = Listening(), Listening()
    for kind, callback in ((PracticePPO, ours), (PPO, theirs)):
        learnt(kind, Leaning, callback)
    assert len(ours.heard) > 80
    assert_equal_bits(ours.heard, theirs.heard)


def test_a_file_that_the_library_writes_is_read_by_its_own_class(tmp_path: Path) -> None:
    model = learnt(PracticePPO, Leaning)
    model.save(tmp_path / "model.zip")
    again = PPO.load(tmp_path / "model.zip", device="cpu")
    assert type(again) is PPO
    assert_equal_bits(again.policy.state_dict(), model.policy.state_dict())
    assert "dmi_sim" not in str({name: type(one) for name, one in vars(again).items()})


@pytest.mark.parametrize("passes_info", [False, True])
def test_environments_step_as_those_of_the_library(passes_info: bool) -> None:
    statistics = TrainingStatistics(passes_info=passes_info)

    def pole(kind: Callable[[float], Env], gravity: float) -> Env:
        return TrainingMonitor(kind(gravity), statistics)

    poles = [partial(pole, one, gravity) for one in (Leaning, Thrifty) for gravity in (4.0, 0.0)]
    ours, theirs = (kind(list(poles)) for kind in (PracticeVecEnv, DummyVecEnv))
    for envs in (ours, theirs):
        envs.seed(4)
    assert_equal_bits(ours.reset(), theirs.reset())
    rng = np.random.default_rng(0)
    kept: list[Any] = []
    for _ in range(130):
        actions = rng.uniform(-0.1, 0.1, (4, 1)).astype(np.float32)
        steps = list(ours.step(actions)), list(theirs.step(actions))
        assert_equal_bits(*steps)
        kept.append(steps)
    for mine, other in kept:  # also when all is over: nothing that was given has changed since
        assert_equal_bits(mine, other)
    assert any(info.get("TimeLimit.truncated") for mine, _ in kept for info in mine[3])


def test_the_last_observation_of_an_episode_outlives_the_next_reset() -> None:
    """Not so in the library, where it becomes the first one of the next episode."""
    pole = Thrifty(gravity=4.0, renews=False)
    envs = PracticeVecEnv([lambda: TrainingMonitor(pole, TrainingStatistics())])
    envs.seed(4)
    envs.reset()
    dones, infos = np.zeros(1, bool), [{}]
    while not dones[0]:
        _, _, dones, infos = envs.step(np.zeros((1, 1), np.float32))
    assert abs(infos[0]["terminal_observation"][0]) > 1 > abs(pole.given[0][0])


def test_environments_of_another_kind_are_collected_from_too() -> None:
    models: list[PPO] = []
    for kind in (PracticePPO, PPO):
        envs = Widened(DummyVecEnv([Leaning] * 2))
        settings: dict[str, Any] = {"n_steps": 80, "batch_size": 80, "device": "cpu", "seed": 3}
        models.append(kind("MlpPolicy", envs, **settings).learn(160))
    assert_equal_models(*models)


def test_observations_in_a_dictionary_are_left_to_the_library() -> None:
    class Named(gym.ObservationWrapper[Any, Any, Any]):
        def __init__(self) -> None:
            super().__init__(Leaning())
            self.observation_space = gym.spaces.Dict({"pole": self.env.observation_space})

        def observation(self, observation: Any) -> dict[str, Any]:
            return {"pole": observation}

    assert_equal_models(*both(Named, policy="MultiInputPolicy"))
