"""PPO of stable-baselines3 in less time: a rollout is collected, and learnt from, without detours.

What is collected and what is learnt is what the library collects and learns, bit for bit; callbacks
are called alike, and the log says the same. Left out is what a plain network can do without:
objects of distributions, modules within modules, copies of copies.

More could be left out at the price of other rounding. Networks in numpy would take about another
hundredth off practice; one flat tensor of parameters with losses in closed form about another
fiftieth. Then each seed would learn another policy than in the library, and nothing could be held
equal to it.

This module imports torch; import it where a learner is built.
"""

from collections.abc import Callable, Iterable, Sequence
from copy import deepcopy
from functools import partial
from typing import Any, TypeAlias

import numpy as np
import torch
from gymnasium.spaces import Dict
from numpy.typing import NDArray
from stable_baselines3 import PPO
from stable_baselines3.common.buffers import RolloutBuffer
from stable_baselines3.common.callbacks import BaseCallback
from stable_baselines3.common.type_aliases import RolloutBufferSamples
from stable_baselines3.common.utils import explained_variance
from stable_baselines3.common.vec_env import DummyVecEnv, VecEnv
from stable_baselines3.common.vec_env.base_vec_env import VecEnvObs
from torch import Tensor
from torch.nn.utils import clip_grad_norm_

from dmi_sim.env.mirror import Mirror
from dmi_sim.training.by_exercise import ReturnScales
from dmi_sim.training.interface import exercise_name
from dmi_sim.training.loss import Objective, losses
from dmi_sim.training.mirror_images import mirrored_batches, with_mirror_images
from dmi_sim.training.plain_policy import PlainPolicy, plain_policy
from dmi_sim.training.policy import Array
from dmi_sim.training.teaching import Teaching

_Infos: TypeAlias = list[dict[str, Any]]


class PracticePPO(PPO):
    """PPO of the library in less time; for a policy that is not plain the library's code is run.

    Attributes:
        mirror: Gives the mirror image of practice, to be learnt from too; None in the library.
        log_std_at: Gives the exploration of the rollout that begins after some steps, or None if it
            is learnt, as in the library.
        teaching: Policies whose actions it is to come near to; None in the library.
        value_first_steps: Control steps at the start in which only the estimate of values is
            learnt; 0 in the library.
    """

    mirror: Mirror | None = None
    log_std_at: Callable[[int], float | None] | None = None
    teaching: Teaching | None = None
    value_first_steps: int = 0

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
        found = plain_policy(self.policy)
        if found is None or type(rollout_buffer) is not RolloutBuffer:
            return super().collect_rollouts(env, callback, rollout_buffer, n_rollout_steps)
        self._set_exploration()
        plain = found.without_gradients()
        self.policy.set_training_mode(False)
        rollout_buffer.reset()
        callback.on_rollout_start()
        space: Any = self.action_space
        new_obs: Any = self._last_obs
        dones: Any = self._last_episode_starts
        n_steps = 0
        while n_steps < n_rollout_steps:
            obs_tensor = _tensor(self._last_obs)
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
        values = plain.values(_tensor(new_obs))
        rollout_buffer.compute_returns_and_advantage(last_values=values, dones=dones)
        scales = env.return_scales if isinstance(env, PracticeVecEnv) else None
        if scales is not None:
            scales.normalise_advantages(rollout_buffer)
        callback.update_locals(locals())
        callback.on_rollout_end()
        return True

    def train(self) -> None:
        """Improve the policy on what the buffer holds, and log what the library logs."""
        plain = plain_policy(self.policy)
        if plain is None or (self.verbose and not self.mirror):  # what it prints, it prints itself
            super().train()
            return
        self.policy.set_training_mode(True)
        self._update_learning_rate(self.policy.optimizer)
        objective, batches = self._objective(), self._batches(plain)
        epochs: list[list[Tensor]] = []
        goes_on = True
        while goes_on and len(epochs) < self.n_epochs:
            epochs.append([])
            goes_on = self._train_epoch(plain, objective, batches(), epochs[-1])
            self._n_updates += 1
        self._log(objective, epochs)

    def _set_exploration(self) -> None:
        """Set the standard deviation of the actions, where it is not learnt."""
        log_std = self.log_std_at and self.log_std_at(self.num_timesteps)
        if log_std is not None:
            with torch.no_grad():
                self.policy.log_std.fill_(log_std)

    def _batches(self, plain: PlainPolicy) -> Callable[[], Iterable[RolloutBufferSamples]]:
        """Gives the batches of an epoch, in another order each time."""
        if self.mirror is None:
            return partial(self.rollout_buffer.get, self.batch_size)
        both = with_mirror_images(self.rollout_buffer, self.mirror, plain.without_gradients())
        return partial(mirrored_batches, both, self.batch_size)

    def _train_epoch(
        self,
        plain: PlainPolicy,
        objective: Objective,
        batches: Iterable[RolloutBufferSamples],
        seen: list[Tensor],
    ) -> bool:
        """Learn from each batch once; False if the policy has moved too far to go on."""
        parameters, optimizer = list(self.policy.parameters()), self.policy.optimizer
        for batch in batches:
            found = losses(plain, batch, objective)
            with torch.no_grad():
                seen.append(torch.stack(found))
            if self.target_kl is not None and found.approx_kl.numpy() > 1.5 * self.target_kl:
                return False
            optimizer.zero_grad()
            found.total.backward()
            clip_grad_norm_(parameters, self.max_grad_norm)
            optimizer.step()
        return True

    def _excluded_save_params(self) -> list[str]:
        """What a file of the library does not hold, since its own class does not know it."""
        ours = ("mirror", "log_std_at", "teaching", "value_first_steps")
        return [*super()._excluded_save_params(), *ours]

    def _log(self, objective: Objective, epochs: Sequence[Sequence[Tensor]]) -> None:
        """Log what the library logs, under its names."""
        all_batches = torch.stack([row for rows in epochs for row in rows]).double().numpy()
        total, policy, value, entropy, clip_fraction, _ = all_batches.T.copy()
        approx_kl = torch.stack(list(epochs[-1])).numpy()[:, -1].copy()
        buffer, record = self.rollout_buffer, self.logger.record
        explained = explained_variance(buffer.values.flatten(), buffer.returns.flatten())
        record("train/entropy_loss", np.mean(entropy))
        record("train/policy_gradient_loss", np.mean(policy))
        record("train/value_loss", np.mean(value))
        record("train/approx_kl", np.mean(approx_kl))
        record("train/clip_fraction", np.mean(clip_fraction))
        record("train/loss", float(total[-1]))
        record("train/explained_variance", explained)
        record("train/std", torch.exp(self.policy.log_std).mean().item())
        record("train/n_updates", self._n_updates, exclude="tensorboard")
        record("train/clip_range", objective.clip_range)
        if objective.clip_range_vf is not None:
            record("train/clip_range_vf", objective.clip_range_vf)

    def _objective(self) -> Objective:
        """The settings of the loss at this point of practice."""
        policy: Any = self.clip_range
        value: Any = self.clip_range_vf
        left = self._current_progress_remaining
        return Objective(
            clip_range=policy(left),
            clip_range_vf=None if value is None else value(left),
            ent_coef=self.ent_coef,
            vf_coef=self.vf_coef,
            normalize_advantage=self.normalize_advantage,
            is_mirrored=self.mirror is not None,
            teaching=self.teaching,
            teaching_coef=self.teaching.coef_at(self.num_timesteps) if self.teaching else 0.0,
            is_of_values=self.num_timesteps <= self.value_first_steps,
        )


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
        last = infos[i].get("terminal_observation")
        if last is not None and infos[i].get("TimeLimit.truncated"):
            rewards[i] += gamma * plain.values(_tensor(last[None])).item()


def _tensor(observations: Any) -> Tensor:
    """Observations in single precision, as the library's networks take them."""
    return torch.as_tensor(observations, dtype=torch.float32)


class PracticeVecEnv(DummyVecEnv):
    """Environments in this process; an ``info`` that holds nothing is not copied.

    What a step gives may be kept, as with the library's, which copies it deeply for that.

    Attributes:
        return_scales: By these the rewards of each exercise are divided; None in the library.
    """

    return_scales: ReturnScales | None = None

    def reset(self) -> VecEnvObs:
        """Begin an episode in each environment."""
        observations = super().reset()
        if self.return_scales is not None:
            self.return_scales.begin()
            self.return_scales.practise(self._exercises())
        return observations

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
        if self.return_scales is not None:
            rewards = self.return_scales.scaled(rewards, dones)
            if dones.any():
                self.return_scales.practise(self._exercises())
        return observations, rewards, dones, infos

    def _exercises(self) -> list[str]:
        """The exercise that each environment practises in this episode."""
        return [exercise_name(env) for env in self.envs]
