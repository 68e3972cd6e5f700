"""SAC and TD3 of stable-baselines3, built from a :class:`LearnerSpec`, and their memories.

They learn from a memory of all steps, so the memory is part of a checkpoint: a training that stops
and goes on at the end of a chunk is exact for them too.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from dmi_sim.errors import InputError
from dmi_sim.spec.training import LearnerSpec, TrainingSpec
from dmi_sim.training.ppo import chunk_seed

if TYPE_CHECKING:
    from stable_baselines3.common.off_policy_algorithm import OffPolicyAlgorithm
    from stable_baselines3.common.vec_env import DummyVecEnv

_MEMORY = ("observations", "next_observations", "actions", "rewards", "dones", "timeouts")
"""Arrays of the memory of stable-baselines3, one row per step of all environments."""
_COUNTERS = ("_n_updates", "_episode_num")
"""Counts of the learner that decide what it does next, or how it names it."""


def build_off_policy(
    envs: "DummyVecEnv", training: TrainingSpec, learner: LearnerSpec, seed: int
) -> "OffPolicyAlgorithm":
    """An untrained learner; torch is set to one thread, the fastest for networks this small.

    Args:
        envs: Environments that it is trained in.
        training: Settings of the exercise, for the discount.
        learner: Its own settings.
        seed: Seed of the whole training; it decides the first weights.

    Raises:
        InputError: If it is asked for what only PPO does.
    """
    import torch
    from stable_baselines3 import SAC, TD3
    from stable_baselines3.common.logger import Logger

    for setting in ("mirror_images", "exercises_count_alike"):
        if getattr(training, setting):
            raise InputError(f"training.{setting}: {learner.algorithm} does not learn so")
    torch.set_num_threads(1)
    build: Any = {"sac": SAC, "td3": TD3}[learner.algorithm]
    model: OffPolicyAlgorithm = build(
        "MlpPolicy",
        envs,
        learning_rate=learner.learning_rate,
        buffer_size=learner.buffer_size,
        learning_starts=learner.learning_starts,
        batch_size=learner.batch_size,
        tau=learner.tau,
        gamma=training.gamma,
        train_freq=1,
        gradient_steps=learner.gradient_steps,
        policy_kwargs={"net_arch": list(learner.net_arch)},
        seed=chunk_seed(seed, 0),
        device="cpu",
        **_exploration(learner, int(np.prod(envs.action_space.shape or ()))),
    )
    model.set_logger(Logger(folder=None, output_formats=[]))
    return model


def _exploration(learner: LearnerSpec, n_actions: int) -> dict[str, Any]:
    if learner.action_noise_sd is None:
        return {"ent_coef": f"auto_{learner.ent_coef_init}"}
    from stable_baselines3.common.noise import NormalActionNoise

    sd = np.full(n_actions, learner.action_noise_sd)
    return {"action_noise": NormalActionNoise(np.zeros(n_actions), sd)}


def memory_of(model: "OffPolicyAlgorithm") -> dict[str, Any]:
    """What the learner remembers, as tensors and numbers."""
    import torch

    buffer: Any = model.replay_buffer
    size = buffer.buffer_size if buffer.full else buffer.pos
    arrays = {name: torch.from_numpy(getattr(buffer, name)[:size].copy()) for name in _MEMORY}
    counters = {name: int(getattr(model, name)) for name in _COUNTERS}
    entropy = getattr(model, "log_ent_coef", None)
    extra = {} if entropy is None else {"log_ent_coef": entropy.detach().clone()}
    return {**arrays, **counters, **extra, "pos": int(buffer.pos), "full": bool(buffer.full)}


def remember(model: "OffPolicyAlgorithm", memory: Mapping[str, Any]) -> None:
    """Give a new learner the memory of an earlier one.

    Raises:
        KeyError: If something is missing.
        ValueError: If it is of other environments.
    """
    buffer: Any = model.replay_buffer
    for name in _MEMORY:
        kept = memory[name].numpy()
        getattr(buffer, name)[: len(kept)] = kept
    for name in _COUNTERS:
        setattr(model, name, memory[name])
    if "log_ent_coef" in memory:
        model.__dict__["log_ent_coef"].data.copy_(memory["log_ent_coef"])
    buffer.pos, buffer.full = memory["pos"], memory["full"]
