"""The numpy policy answers like the torch policy it was copied from, and survives storage."""

import zipfile
from io import BytesIO
from typing import Any

import gymnasium as gym
import numpy as np
import pytest
import torch

from dmi_sim.errors import InputError
from dmi_sim.rollout.recorder import record_episode
from dmi_sim.spec.training import TrainingSpec
from dmi_sim.training.monitor import TrainingStatistics
from dmi_sim.training.policy import Activation, NumpyPolicy, policy_from_bytes, policy_from_torch
from dmi_sim.training.ppo import build_ppo, make_vec_env
from tests.leaning import LIMIT_STEPS, Leaning, balance


def built(activation: Activation) -> tuple[Any, NumpyPolicy]:
    training = TrainingSpec(
        n_envs=1, n_steps=8, batch_size=8, activation=activation, net_arch=(24, 16)
    )
    ppo = build_ppo(
        make_vec_env(lambda: gym.make("Pendulum-v1"), 1, TrainingStatistics()), training, seed=1
    )
    return ppo, policy_from_torch(ppo.policy, activation)


@pytest.mark.parametrize("activation", ["tanh", "relu"])
def test_numpy_and_torch_answer_alike(activation: Activation) -> None:
    ppo, policy = built(activation)
    rng = np.random.default_rng(0)
    for observation in rng.normal(size=(200, 3)).astype(np.float32):
        expected, _ = ppo.predict(observation, deterministic=True)
        action, state = policy.predict(observation)
        assert state is None
        assert action == pytest.approx(expected, rel=1e-5, abs=1e-6)


@pytest.mark.parametrize("activation", ["tanh", "relu"])
def test_a_batch_is_answered_like_its_observations_one_by_one(activation: Activation) -> None:
    ppo, policy = built(activation)
    batch = np.random.default_rng(0).normal(size=(20, 3)).astype(np.float32)
    actions, _ = policy.predict(batch)
    assert actions.shape == (20, 1)
    assert actions.dtype == np.float32
    assert actions == pytest.approx(np.array([policy.predict(one)[0] for one in batch]), abs=1e-6)
    assert actions == pytest.approx(ppo.predict(batch, deterministic=True)[0], abs=1e-5)
    assert policy.predict(batch[:0])[0].shape == (0, 1)


def test_one_observation_is_answered_by_products_of_matrix_and_vector() -> None:
    """To the last bit, so that recorded results stay what they are."""
    _, policy = built("tanh")
    observation = np.array([0.3, -0.2, 4.0], dtype=np.float32)
    signal = observation
    for weight, bias in zip(policy.weights[:-1], policy.biases[:-1], strict=True):
        signal = np.tanh(weight @ signal + bias)
    expected = np.clip(policy.weights[-1] @ signal + policy.biases[-1], policy.low, policy.high)
    assert policy.predict(observation)[0].tobytes() == expected.tobytes()


def test_what_a_caller_remembers_is_given_back() -> None:
    _, policy = built("tanh")
    remembered = (np.array([1.0]),)
    assert policy.predict(np.zeros(3, np.float32), remembered)[1] is remembered


def test_random_actions_spread_as_those_of_the_model_do() -> None:
    ppo, policy = built("tanh")
    observation = np.array([0.3, -0.2, 0.4], dtype=np.float32)
    batch = np.tile(observation, (4000, 1))
    actions, _ = policy.seed(0).predict(batch, deterministic=False)
    expected = np.exp(ppo.policy.log_std.detach().numpy())
    assert actions.mean(axis=0) == pytest.approx(policy.predict(observation)[0], abs=0.01)
    assert actions.std(axis=0) == pytest.approx(expected, rel=0.05)
    assert np.abs(actions).max() <= 2.0


def test_a_seed_decides_the_random_actions() -> None:
    _, policy = built("tanh")
    observation = np.zeros(3, np.float32)
    one, again, other = (
        policy.seed(seed).predict(observation, deterministic=False)[0] for seed in (1, 1, 2)
    )
    assert one == again
    assert one != other


def test_a_policy_that_does_not_know_its_spread_says_so() -> None:
    with pytest.raises(InputError, match=r"deterministic=False: .* mean action only"):
        balance().predict(np.zeros(2, np.float32), deterministic=False)


def test_values_are_those_of_the_model() -> None:
    ppo, policy = built("tanh")
    batch = np.random.default_rng(0).normal(size=(20, 3)).astype(np.float32)
    expected = ppo.policy.predict_values(torch.as_tensor(batch)).detach().numpy()[:, 0]
    assert policy.values(batch) == pytest.approx(expected, abs=1e-5)
    assert policy.values(batch[0]) == pytest.approx(expected[0], abs=1e-5)
    with pytest.raises(InputError, match="no estimate of values"):
        balance().values(np.zeros(2, np.float32))


@pytest.mark.parametrize("shape", [(), (2,), (4, 2), (1, 1, 3)])
def test_observations_of_another_shape_are_refused(shape: tuple[int, ...]) -> None:
    _, policy = built("tanh")
    with pytest.raises(InputError, match=r"this policy takes \(3,\) or \(n, 3\)"):
        policy.predict(np.zeros(shape, np.float32))


def test_a_dictionary_of_observations_is_refused() -> None:
    _, policy = built("tanh")
    with pytest.raises(InputError, match="one array of observations, not a dictionary"):
        policy.predict({"pixels": np.zeros(3, np.float32)})


def test_stable_baselines3_evaluates_a_policy_of_ours_as_we_do() -> None:
    from stable_baselines3.common.evaluation import evaluate_policy
    from stable_baselines3.common.monitor import Monitor
    from stable_baselines3.common.vec_env import DummyVecEnv

    policy, seed, count = balance(), 5, 2
    envs = DummyVecEnv([lambda: Monitor(Leaning())] * count)
    envs.seed(seed)
    rewards, lengths = evaluate_policy(policy, envs, count, return_episode_rewards=True)
    ours = [record_episode(Leaning(), policy, seed + i).total_reward for i in range(count)]
    assert rewards == pytest.approx(ours, abs=1e-4)
    assert lengths == [LIMIT_STEPS] * count


def test_actions_stay_within_their_bounds() -> None:
    _, policy = built("relu")
    action, _ = policy.predict(np.full(3, 1e6, dtype=np.float32))
    assert abs(action[0]) == 2.0
    assert action.dtype == np.float32


def test_a_copy_does_not_follow_its_original() -> None:
    ppo, policy = built("tanh")
    observation = np.ones(3, dtype=np.float32)
    before, _ = policy.predict(observation)
    for parameter in ppo.policy.parameters():
        parameter.data.add_(1.0)
    assert policy.predict(observation)[0] == before


def test_bytes_and_back_give_the_same_policy() -> None:
    _, policy = built("relu")
    again = policy_from_bytes(policy.to_bytes())
    observation = np.array([0.3, -0.2, 4.0], dtype=np.float32)
    assert again.predict(observation)[0] == policy.predict(observation)[0]
    assert again.to_bytes() == policy.to_bytes()
    assert (again.observation_shape, again.action_shape) == ((3,), (1,))


@pytest.mark.parametrize("kept", [0, 10, 500, -30])
def test_cut_bytes_are_refused(kept: int) -> None:
    _, policy = built("tanh")
    with pytest.raises(InputError, match="not a whole policy file"):
        policy_from_bytes(policy.to_bytes()[:kept])


def test_a_pickled_array_is_never_opened() -> None:
    def pickled(data: bytes) -> bytes:
        buffer = BytesIO()
        np.save(buffer, np.array([{"code": 1}], dtype=object), allow_pickle=True)
        return buffer.getvalue()

    with pytest.raises(InputError, match="allow_pickle=False"):
        policy_from_bytes(altered("weight_0.npy", pickled))


@pytest.mark.parametrize(
    "name", ["weight_1", "bias_0", "low", "high", "log_std", "value_weight_0", "value_bias_2"]
)
def test_arrays_that_do_not_fit_together_are_refused(name: str) -> None:
    def cut(data: bytes) -> bytes:
        buffer = BytesIO()
        np.save(buffer, np.load(BytesIO(data))[:0])
        return buffer.getvalue()

    with pytest.raises(InputError, match="not a whole policy file"):
        policy_from_bytes(altered(f"{name}.npy", cut))


def test_an_unknown_activation_is_refused() -> None:
    with pytest.raises(InputError, match="unknown activation 'sine'"):
        policy_from_bytes(altered("architecture.json", lambda data: data.replace(b"tanh", b"sine")))


def test_weights_that_are_not_numbers_are_refused() -> None:
    def poisoned(data: bytes) -> bytes:
        buffer = BytesIO()
        np.save(buffer, np.full((24, 3), np.nan, dtype=np.float32))
        return buffer.getvalue()

    with pytest.raises(InputError, match="weight_0 is not finite"):
        policy_from_bytes(altered("weight_0.npy", poisoned))


def altered(name: str, change: Any) -> bytes:
    """A stored policy in which one file of the zip was changed."""
    _, policy = built("tanh")
    result = BytesIO()
    with zipfile.ZipFile(BytesIO(policy.to_bytes())) as old, zipfile.ZipFile(result, "w") as new:
        for item in old.namelist():
            data = old.read(item)
            new.writestr(item, change(data) if item == name else data)
    return result.getvalue()
