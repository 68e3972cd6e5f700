"""PPO of stable-baselines3 with a quicker way to fill its buffer.

What is collected is what the library collects, bit for bit: the same operations of torch on the
same numbers, the same random numbers, the same calls of callbacks. Left out is what a plain network
can do without: objects of distributions, modules within modules, copies of copies. ``learn`` and
``train``, the losses and the log are the library's own.

Networks in numpy would take another hundredth off practice, but round differently: each seed would
learn another policy than in the library, and nothing could be held equal to it.

This module imports torch; import it where a learner is built.
"""

import math
from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias

import numpy as np
import torch
from gymnasium.spaces import Box, Dict, Space
from numpy.typing import NDArray
from stable_baselines3 import PPO
from stable_baselines3.common.buffers import RolloutBuffer
from stable_baselines3.common.callbacks import BaseCallback
from stable_baselines3.common.distributions import DiagGaussianDistribution
from stable_baselines3.common.policies import ActorCriticPolicy
from stable_baselines3.common.torch_layers import FlattenExtractor, MlpExtractor
from stable_baselines3.common.vec_env import DummyVecEnv, VecEnv
from torch import Tensor, nn
from torch.nn.functional import linear

from dmi_sim.training.policy import Array

_Layer: TypeAlias = tuple[Tensor, Tensor]
_Infos: TypeAlias = list[dict[str, Any]]

_LOG_SQRT_2_PI = math.log(math.sqrt(2 * math.pi))
_ACTIVATIONS: dict[type[nn.Module], Callable[[Tensor], Tensor]] = {
    nn.Tanh: torch.tanh_,
    nn.ReLU: torch.relu_,
}


@dataclass(frozen=True)
class PlainPolicy:
    """Two fully connected networks and a Gaussian; the tensors are those of a policy, not copies.

    They know of no gradients.
    """

    acting: tuple[_Layer, ...]
    """Weight and bias of each layer of the network that gives the mean action."""
    valuing: tuple[_Layer, ...]
    """Those of the network that gives the value."""
    activated: Callable[[Tensor], Tensor]
    log_sd: Array
    """Logarithm of the standard deviation of each action, shape (n_actions,)."""

    def act(self, observations: Tensor) -> tuple[Array, Tensor, Tensor]:
        """Actions drawn at random, their values, shape (n, 1), and their log-probabilities, (n,).

        Layers, random numbers and long sums are those of torch. What everybody rounds alike numpy
        does, which takes less time for so few numbers.
        """
        output = self._output(self.acting, observations)
        mean, noise = output.numpy(), torch.empty_like(output).normal_().numpy()
        sd, twice_variance, log_sd = _spread(self.log_sd.tobytes())
        actions = mean + noise * sd
        terms = -((actions - mean) ** 2) / twice_variance - log_sd - _LOG_SQRT_2_PI
        return actions, self.values(observations), torch.from_numpy(terms).sum(dim=1)

    def values(self, observations: Tensor) -> Tensor:
        """Values of observations, shape (n, 1)."""
        return self._output(self.valuing, observations)

    def _output(self, layers: Sequence[_Layer], signal: Tensor) -> Tensor:
        for weight, bias in layers[:-1]:
            signal = self.activated(linear(signal, weight, bias))
        return linear(signal, *layers[-1])


@lru_cache(maxsize=1)
def _spread(log_sd: bytes) -> tuple[Array, Array, Array]:
    """Standard deviation, twice the variance, logarithm; the same at most steps of a rollout."""
    sd = torch.frombuffer(bytearray(log_sd), dtype=torch.float32).exp()
    return sd.numpy(), (2 * sd**2).numpy(), sd.log().numpy()


def plain_policy(policy: ActorCriticPolicy) -> PlainPolicy | None:
    """The networks of a policy of the library; None if it is, or does, anything more."""
    if not _is_gaussian_of_rows(policy):
        return None
    nets = policy.mlp_extractor
    acting, valuing = (*nets.policy_net, policy.action_net), (*nets.value_net, policy.value_net)
    layers = (*acting[::2], *valuing[::2])
    between = {type(one) for one in (*acting[1::2], *valuing[1::2])}
    is_known = len(between) == 1 and between <= set(_ACTIVATIONS)
    if not is_known or any(type(one) is not nn.Linear for one in layers):
        return None
    return PlainPolicy(
        _layers(acting),
        _layers(valuing),
        activated=_ACTIVATIONS[between.pop()],
        log_sd=policy.log_std.detach().numpy(),
    )


def _is_gaussian_of_rows(policy: ActorCriticPolicy) -> bool:
    """Whether a policy draws a row of numbers from a Gaussian around what a row of numbers gives.

    Its class must be the library's own: one that was derived from it may act otherwise.
    """
    return (
        type(policy) is ActorCriticPolicy
        and type(policy.action_dist) is DiagGaussianDistribution
        and type(policy.features_extractor) is FlattenExtractor
        and type(policy.mlp_extractor) is MlpExtractor
        and policy.device.type == "cpu"
        and _is_row(policy.observation_space)
        and _is_row(policy.action_space)
    )


def _is_row(space: Space[Any]) -> bool:
    return isinstance(space, Box) and len(space.shape) == 1 and space.dtype == np.float32


def _layers(modules: Sequence[nn.Module]) -> tuple[_Layer, ...]:
    linear_layers = (one for one in modules if isinstance(one, nn.Linear))
    return tuple((one.weight.detach(), one.bias.detach()) for one in linear_layers)


class CollectingPPO(PPO):
    """PPO of the library; with a policy that is not plain it collects as the library does."""

    def collect_rollouts(
        self,
        env: VecEnv,
        callback: BaseCallback,
        rollout_buffer: RolloutBuffer,
        n_rollout_steps: int,
    ) -> bool:
        """Fill the buffer; callbacks find the local variables that they find in the library's.

        Args:
            env: Environments to step.
            callback: Called at the start, at each step and at the end.
            rollout_buffer: Buffer to fill.
            n_rollout_steps: Steps of each environment.

        Returns:
            False if a callback stopped the training.
        """
        plain = plain_policy(self.policy)
        if plain is None or type(rollout_buffer) is not RolloutBuffer:
            return super().collect_rollouts(env, callback, rollout_buffer, n_rollout_steps)
        self.policy.set_training_mode(False)
        rollout_buffer.reset()
        callback.on_rollout_start()
        space: Any = self.action_space
        new_obs: Any = self._last_obs
        dones: Any = self._last_episode_starts
        n_steps = 0
        while n_steps < n_rollout_steps:
            obs_tensor = torch.from_numpy(self._last_obs)
            actions, values, log_probs = plain.act(obs_tensor)
            clipped_actions = np.minimum(np.maximum(actions, space.low), space.high)
            new_obs, rewards, dones, infos = env.step(clipped_actions)
            self.num_timesteps += env.num_envs
            callback.update_locals(locals())
            if not callback.on_step():
                return False
            n_steps += 1
            self._update_info_buffer(infos, dones)
            _add_values_beyond_time_limits(rewards, dones, infos, self.gamma, plain)
            starts = self._last_episode_starts
            _keep(rollout_buffer, self._last_obs, actions, rewards, starts, values, log_probs)
            self._last_obs, self._last_episode_starts = new_obs, dones
        values = plain.values(torch.from_numpy(new_obs))
        rollout_buffer.compute_returns_and_advantage(last_values=values, dones=dones)
        callback.update_locals(locals())
        callback.on_rollout_end()
        return True


def _keep(
    buffer: RolloutBuffer,
    obs: Any,
    actions: Array,
    rewards: Array,
    starts: Any,
    values: Tensor,
    log_probs: Tensor,
) -> None:
    """Write a step of all environments; the buffer's own ``add`` copies each array twice."""
    at = buffer.pos
    buffer.observations[at], buffer.actions[at], buffer.rewards[at] = obs, actions, rewards
    buffer.episode_starts[at], buffer.values[at] = starts, values.numpy()[:, 0]
    buffer.log_probs[at] = log_probs.numpy()
    buffer.pos, buffer.full = at + 1, at + 1 == buffer.buffer_size


def _add_values_beyond_time_limits(
    rewards: Array, dones: NDArray[np.bool_], infos: _Infos, gamma: float, plain: PlainPolicy
) -> None:
    """Add to the last reward of an episode that time cut off what it was expected to bring yet."""
    for i in np.flatnonzero(dones):
        if infos[i].get("TimeLimit.truncated"):
            last = torch.from_numpy(infos[i]["terminal_observation"][None])
            rewards[i] += gamma * plain.values(last).item()


class PracticeVecEnv(DummyVecEnv):
    """Environments in this process; an ``info`` that holds nothing is not copied.

    What a step gives may be kept, as with the library's, which copies it deeply for that.
    """

    def step_wait(self) -> tuple[Any, Array, NDArray[np.bool_], _Infos]:
        """One control step of all; an environment whose episode ends begins another."""
        if isinstance(self.observation_space, Dict):
            return super().step_wait()
        space: Any = self.observation_space
        observations = np.empty((self.num_envs, *space.shape), space.dtype)
        rewards, dones = np.empty_like(self.buf_rews), np.empty_like(self.buf_dones)
        infos: _Infos = []
        for i, env in enumerate(self.envs):
            observation, rewards[i], terminated, truncated, told = env.step(self.actions[i])
            info = deepcopy(told) if told else {}
            info["TimeLimit.truncated"] = truncated and not terminated
            dones[i] = terminated or truncated
            if dones[i]:
                info["terminal_observation"] = np.array(observation)
                observation, self.reset_infos[i] = env.reset()
            observations[i] = observation
            infos.append(info)
        return observations, rewards, dones, infos
