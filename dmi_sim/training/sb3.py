"""Policies of this package and models of stable-baselines3: one made from the other.

:func:`to_sb3` gives a model that goes on learning, :func:`save_sb3` the bundle of a model. The way
there and back changes no bit.
"""

import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from dmi_sim.env.posture_env import PostureEnv
from dmi_sim.errors import InputError
from dmi_sim.rollout.environment import Env, control_hz, environment_id
from dmi_sim.spec.training import TrainingSpec
from dmi_sim.training.bundle import (
    BundleManifest,
    PolicyMetadata,
    Setting,
    misfits,
    read_bundle_manifest,
    read_policy,
    save_bundle,
)
from dmi_sim.training.interface import policy_interface, practised_exercise
from dmi_sim.training.library import policy_folder
from dmi_sim.training.policy import NumpyPolicy
from dmi_sim.training.ppo import network, settings
from dmi_sim.training.weights import load_weights, policy_from_sb3

if TYPE_CHECKING:
    from stable_baselines3 import PPO
    from stable_baselines3.common.base_class import BaseAlgorithm
    from stable_baselines3.common.vec_env import VecEnv


def to_sb3(
    policy: NumpyPolicy | str | Path,
    env: "Env | VecEnv",
    training: TrainingSpec | None = None,
    *,
    seed: int | None = None,
    allow_other_exercise: bool = False,
) -> "PPO":
    """A PPO of stable-baselines3 that acts as a policy does and learns on from there.

    Policy, estimate of values and exploration are those of the policy. Where it lacks one of the
    last two it begins anew, and a warning says so. The optimiser begins anew too; its step size is
    that of the settings, and constant. The library does not learn from mirror images, lets no
    exercises count alike and learns exploration; a warning says that too where the settings ask for
    another way.

    Args:
        policy: A policy, or the name or folder of one, see
            :func:`dmi_sim.training.library.load_policy`.
        env: Environment to learn in, or a vectorised one of the library.
        training: Settings of the learner; by default those that the policy was trained with, or
            else those of the exercise.
        seed: Seed of everything random that follows.
        allow_other_exercise: Whether a policy by name may learn an exercise that it never
            practised; what it sees and moves must be the same all the same.

    Raises:
        InputError: If the policy does not fit the environment, or no PPO can stand for it.
    """
    metadata = None
    if not isinstance(policy, NumpyPolicy):
        folder = policy_folder(policy)
        metadata, policy = read_bundle_manifest(folder).metadata, read_policy(folder)
    first = _first_env(env)
    if metadata is not None and first is not None:
        lines = misfits(metadata, first, allow_other_exercise=allow_other_exercise)
        if lines:
            raise InputError(*lines)
    _refuse_other_spaces(policy, env)
    kept = metadata.training if metadata else None
    chosen = training or kept or _training_of(first)
    for setting in ("mirror_images", "exercises_count_alike", "log_std_final"):
        if getattr(chosen, setting) not in (False, None):
            warnings.warn(f"{setting}: stable-baselines3 learns without", stacklevel=2)
    model = _ppo(policy, env, chosen, seed)
    missing = load_weights(model.policy, policy)
    if missing:
        warnings.warn(f"the policy does not hold {' and '.join(missing)}", stacklevel=2)
    return model


def save_sb3(
    model: "BaseAlgorithm",
    folder: str | Path,
    env: Env,
    environment_kwargs: dict[str, Setting] | None = None,
    scores: dict[str, float] | None = None,
) -> BundleManifest:
    """Write the policy of a model of stable-baselines3 as a bundle.

    Args:
        model: Model that was trained in ``env``.
        folder: Folder of the bundle, made if needed.
        env: Environment that it was trained in.
        environment_kwargs: Arguments that the environment was made with.
        scores: Results of tests, by name.

    Raises:
        InputError: If the model cannot become a bundle.
    """
    metadata = PolicyMetadata(
        environment_id=environment_id(env),
        environment_kwargs=environment_kwargs or {},
        interface=policy_interface(env),
        exercises=(practised_exercise(env),),
        seed=model.seed or 0,
        training_steps=model.num_timesteps,
        dose_h=model.num_timesteps / control_hz(env) / 3600,
        scores=scores or {},
    )
    return save_bundle(Path(folder), policy_from_sb3(model), metadata)


def _first_env(env: "Env | VecEnv") -> Env | None:
    """The environment, or the first of a vectorised one where it is in this process."""
    inside: Any = getattr(env, "envs", None)
    if inside is not None:
        return inside[0]
    return None if hasattr(env, "num_envs") else env  # type: ignore[return-value]


def _training_of(env: Env | None) -> TrainingSpec:
    inner = None if env is None else env.unwrapped
    return inner.build.spec.training if isinstance(inner, PostureEnv) else TrainingSpec()


def _refuse_other_spaces(policy: NumpyPolicy, env: "Env | VecEnv") -> None:
    low, high = (getattr(env.action_space, side, np.nan) for side in ("low", "high"))
    shapes = env.observation_space.shape, env.action_space.shape
    if shapes != (policy.observation_shape, policy.action_shape):
        raise InputError(
            f"policy of shapes {policy.observation_shape}, {policy.action_shape}; "
            f"this environment has {shapes[0]}, {shapes[1]}"
        )
    if not (np.array_equal(low, policy.low) and np.array_equal(high, policy.high)):
        raise InputError("the bounds of actions are not those of the policy")


def _ppo(
    policy: NumpyPolicy, env: "Env | VecEnv", training: TrainingSpec, seed: int | None
) -> "PPO":
    from stable_baselines3 import PPO

    n_envs = getattr(env, "num_envs", 1)
    values = tuple(weight.shape[0] for weight in policy.value_weights[:-1]) or policy.net_arch
    networks = {"pi": list(policy.net_arch), "vf": list(values)}
    shape = training.model_copy(update={"activation": policy.activation})
    return PPO(
        "MlpPolicy",
        env,
        n_steps=_n_steps(training, n_envs),
        learning_rate=training.learning_rate,
        policy_kwargs={**network(shape), "net_arch": networks},
        seed=seed,
        device="cpu",
        **settings(training),
    )


def _n_steps(training: TrainingSpec, n_envs: int) -> int:
    """Steps of each environment per rollout: as many together as in training, in whole batches.

    >>> [_n_steps(TrainingSpec(n_envs=8, n_steps=64, batch_size=128), n) for n in (1, 8, 3)]
    [512, 64, 128]
    """
    if training.rollout_steps % n_envs == 0:
        return training.rollout_steps // n_envs
    batches = max(1, training.rollout_steps // (n_envs * training.batch_size))
    return batches * training.batch_size
