"""Tests of a policy on seeds that practice never draws, with deterministic actions."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from dmi_sim.errors import InputError
from dmi_sim.outcome.episode import episode_outcomes
from dmi_sim.rollout.recorder import run_episode
from dmi_sim.training.bundle import Setting, load_bundle, read_bundle_manifest
from dmi_sim.training.interface import Env, make_environment
from dmi_sim.training.policy import Policy
from dmi_sim.training.ppo import FIRST_EVALUATION_SEED

EpisodeRow: TypeAlias = dict[str, float | int | bool]
"""``episode``, ``seed``, ``is_success``, ``total_reward``, and every outcome by its name."""

_NOT_AVERAGED = ("episode", "seed")


def evaluation_seeds(episodes: int) -> tuple[int, ...]:
    """The fixed seeds of an evaluation: 2**31 and those that follow.

    Trainer seeds its environments below 2**31 (:func:`dmi_sim.training.ppo.chunk_seed`), so
    these are unseen by every policy, and the same for all.

    Raises:
        InputError: If there is no episode.
    """
    if episodes < 1:
        raise InputError(f"episodes = {episodes} must be at least 1")
    return tuple(range(FIRST_EVALUATION_SEED, FIRST_EVALUATION_SEED + episodes))


def evaluate(
    policy: Policy | None,
    env: Env,
    seeds: Sequence[int],
    options: Mapping[str, Any] | None = None,
) -> list[EpisodeRow]:
    """Test a policy.

    Args:
        policy: What acts; None for a relaxed infant.
        env: Where; it stays open.
        seeds: One per episode, see :func:`evaluation_seeds`.
        options: Of each reset, such as ``{"support": "none", "pushes": True}``.

    Returns:
        One row per episode, in the order of the seeds.
    """
    return [_row(policy, env, episode, seed, options or {}) for episode, seed in enumerate(seeds)]


def evaluate_bundle(
    folder: Path,
    seeds: Sequence[int],
    settings: Mapping[str, Setting] | None = None,
    options: Mapping[str, Any] | None = None,
) -> list[EpisodeRow]:
    """Test a saved policy in the environment that it practised in, or in a variant of that.

    Args:
        folder: A policy bundle.
        seeds: One per episode.
        settings: Arguments of the environment that differ from those in practice.
        options: Of each reset.

    Raises:
        InputError: If the bundle is not whole or does not fit the environment.
    """
    metadata = read_bundle_manifest(folder).metadata
    arguments = {**metadata.environment_kwargs, **(settings or {})}
    env = make_environment(metadata.interface.environment_id, arguments)
    try:
        return evaluate(load_bundle(folder, env), env, seeds, options)
    finally:
        env.close()


def summarise(rows: Sequence[EpisodeRow]) -> dict[str, dict[str, float]]:
    """Mean, standard deviation, smallest and largest of each column over episodes.

    Args:
        rows: What :func:`evaluate` gave.

    Returns:
        Column name to ``mean``, ``sd``, ``min``, ``max``; truth counts as 1, so the mean of
        ``is_success`` is a rate. The spread is over episodes of one policy, not over infants.

    Raises:
        InputError: If there are no rows.
    """
    if not rows:
        raise InputError("no episodes to summarise")
    columns = [name for name in rows[0] if name not in _NOT_AVERAGED]
    return {name: _spread([float(row[name]) for row in rows]) for name in columns}


def _row(
    policy: Policy | None, env: Env, episode: int, seed: int, options: Mapping[str, Any]
) -> EpisodeRow:
    played = run_episode(env, policy, seed, options)
    return {
        "episode": episode,
        "seed": seed,
        "is_success": played.is_success,
        "total_reward": played.total_reward,
        **episode_outcomes(played.recording),
    }


def _spread(values: Sequence[float]) -> dict[str, float]:
    return {
        "mean": float(np.mean(values)),
        "sd": float(np.std(values)),
        "min": float(np.min(values)),
        "max": float(np.max(values)),
    }
