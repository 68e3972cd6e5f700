"""PPO of stable-baselines3, built from a :class:`TrainingSpec` and seeded exactly."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from dmi_sim.rollout.environment import Env
from dmi_sim.rollout.seeds import FIRST_EVALUATION_SEED
from dmi_sim.spec.training import TrainingSpec
from dmi_sim.training.monitor import TrainingMonitor, TrainingStatistics

if TYPE_CHECKING:
    from stable_baselines3 import PPO
    from stable_baselines3.common.base_class import BaseAlgorithm
    from stable_baselines3.common.vec_env import DummyVecEnv

    from dmi_sim.training.collector import PracticeVecEnv

_SEEDS_OF_NEIGHBOURS = 64  # stable-baselines3 seeds environment i with seed + i


def chunk_seed(seed: int, steps: int) -> int:
    """The seed of everything random in the chunk that begins after some steps.

    Args:
        seed: Seed of the whole training.
        steps: Control steps trained before it.

    Returns:
        A number such that it and its next 63 lie below the seeds of evaluation.
    """
    drawn = np.random.SeedSequence([seed, steps]).generate_state(1)[0]
    return int(drawn) % (FIRST_EVALUATION_SEED - _SEEDS_OF_NEIGHBOURS)


def make_vec_env(
    make_env: Callable[[], Env], n_envs: int, statistics: TrainingStatistics
) -> "DummyVecEnv":
    """A vectorised environment in this process, whose steps are all added up together.

    Args:
        make_env: Makes a new environment at each call.
        n_envs: Number of environments.
        statistics: Sums to which their steps are added.
    """
    return vec_env_of([make_env] * n_envs, statistics)


def vec_env_of(
    makes: Sequence[Callable[[], Env]], statistics: TrainingStatistics
) -> "PracticeVecEnv":
    """A vectorised environment in this process, of environments that may be made differently.

    Args:
        makes: Makes each of them; their spaces are the same.
        statistics: Sums to which their steps are added.
    """
    from dmi_sim.training.collector import PracticeVecEnv

    return PracticeVecEnv([partial(_monitored, make, statistics) for make in makes])


def _monitored(make_env: Callable[[], Env], statistics: TrainingStatistics) -> Env:
    return TrainingMonitor(make_env(), statistics)


def build_ppo(
    envs: "DummyVecEnv",
    training: TrainingSpec,
    seed: int,
    teachers: Mapping[str, Path] | None = None,
) -> "PPO":
    """An untrained learner; torch is set to one thread, the fastest for networks this small.

    Args:
        envs: Environments that it is trained in.
        training: Its settings.
        seed: Seed of the whole training; it decides the first weights.
        teachers: Bundle of the teacher of each exercise that has one, by its name.

    Raises:
        InputError: If it is to learn from mirror images, and there are none, or a teacher does not
            fit.
    """
    import torch
    from stable_baselines3.common.logger import Logger

    from dmi_sim.training.collector import PracticePPO
    from dmi_sim.training.mirror_images import practice_mirror
    from dmi_sim.training.teaching import teaching_of

    mirrors = [practice_mirror(env) for env in envs.envs] if training.mirror_images else [None]
    torch.set_num_threads(1)
    ppo = PracticePPO(
        "MlpPolicy",
        envs,
        n_steps=training.n_steps,
        policy_kwargs=network(training),
        seed=chunk_seed(seed, 0),
        device="cpu",
        **settings(training),
    )
    ppo.mirror = mirrors[0]  # slots with the same senses and commands have the same mirror
    ppo.log_std_at = training.log_std_at
    ppo.value_first_steps = training.value_first_steps
    ppo.teaching = teaching_of(teachers or {}, envs.envs, training)
    ppo.set_logger(Logger(folder=None, output_formats=[]))
    _follow_schedule(ppo, training)
    return ppo


def settings(training: TrainingSpec) -> dict[str, Any]:
    """The arguments of PPO that do not depend on the environments."""
    return {
        "batch_size": training.batch_size,
        "n_epochs": training.n_epochs,
        "gamma": training.gamma,
        "gae_lambda": training.gae_lambda,
        "clip_range": training.clip_range,
        "ent_coef": training.ent_coef,
        "vf_coef": training.vf_coef,
        "max_grad_norm": training.max_grad_norm,
        "target_kl": training.target_kl,
    }


def reset_and_seed(model: "BaseAlgorithm", seed: int) -> None:
    """Let the next rollout begin with a reset, and seed every generator that training draws from.

    These are the global ones of ``random``, numpy and torch, and those of the environments.

    Args:
        model: The learner.
        seed: Seed of the whole training; the steps so far are the rest of the key.
    """
    envs = model.get_env()
    if envs is not None:
        model.set_env(envs, force_reset=True)
    model.set_random_seed(chunk_seed(seed, model.num_timesteps))


def network(training: TrainingSpec) -> dict[str, object]:
    """Layers and optimiser; fused Adam takes a fifth off each gradient step."""
    from torch import nn

    return {
        "net_arch": list(training.net_arch),
        "activation_fn": nn.Tanh if training.activation == "tanh" else nn.ReLU,
        "log_std_init": training.log_std_init,
        "optimizer_kwargs": {"eps": 1e-5, "fused": True},
    }


def _follow_schedule(ppo: "PPO", training: TrainingSpec) -> None:
    """Compute the learning rate from the steps trained, so that it survives saving and resuming.

    The schedules of stable-baselines3 count within one call of ``learn`` instead.
    """

    def rate(_progress: float) -> float:
        return training.learning_rate_at(ppo.num_timesteps - training.rollout_steps)

    ppo.lr_schedule = rate
