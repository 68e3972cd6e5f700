"""Evaluation of a controller on seeds that training never draws, with deterministic actions."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np

from dmi_sim.errors import InputError
from dmi_sim.outcome.episode import episode_outcomes
from dmi_sim.rollout.controllers import Controller
from dmi_sim.rollout.environment import Env
from dmi_sim.rollout.recorder import record_episode

EpisodeRow: TypeAlias = dict[str, float | int | bool]
"""``episode``, ``seed``, ``total_reward``, and every outcome by its name, ``success`` too."""

_NOT_AVERAGED = ("episode", "seed")


def evaluate(
    controller: Controller | None,
    env: Env,
    seeds: Sequence[int],
    options: Mapping[str, Any] | None = None,
) -> list[EpisodeRow]:
    """Test a controller.

    Args:
        controller: Controller that acts; None for reflexes only (zero action).
        env: Environment to test it in; it stays open.
        seeds: One per episode, see :func:`dmi_sim.rollout.seeds.evaluation_seeds`.
        options: Options of each reset, such as ``{"support": "none", "pushes": True}``.

    Returns:
        One row per episode, in the order of the seeds.
    """
    return [_row(controller, env, number, seed, options) for number, seed in enumerate(seeds)]


def summarise(rows: Sequence[EpisodeRow]) -> dict[str, dict[str, float]]:
    """Mean, standard deviation, smallest and largest of each column over episodes.

    An outcome is unknown of an episode that was too short for it: the others count, and it is
    unknown of all only where it is of each.

    >>> summarise([{"episode": 0, "fell": True}, {"episode": 1, "fell": False}])
    {'fell': {'mean': 0.5, 'sd': 0.5, 'min': 0.0, 'max': 1.0}}
    >>> summarise([{"yaw_drift_rad_min": 2.0}, {"yaw_drift_rad_min": float("nan")}])
    {'yaw_drift_rad_min': {'mean': 2.0, 'sd': 0.0, 'min': 2.0, 'max': 2.0}}

    Args:
        rows: Rows of :func:`evaluate`, at least one.

    Returns:
        Column name to ``mean``, ``sd``, ``min``, ``max``; truth counts as 1, so the mean of
        ``success`` is a rate. The spread is over episodes of one policy, not over infants.

    Raises:
        InputError: If there are no rows.
    """
    if not rows:
        raise InputError("no episodes to summarise")
    columns = [name for name in rows[0] if name not in _NOT_AVERAGED]
    return {name: _spread([float(row[name]) for row in rows]) for name in columns}


def _row(
    controller: Controller | None,
    env: Env,
    number: int,
    seed: int,
    options: Mapping[str, Any] | None,
) -> EpisodeRow:
    played = record_episode(env, controller, seed, options)
    return {
        "episode": number,
        "seed": seed,
        "total_reward": played.total_reward,
        **episode_outcomes(played.recording),
    }


def _spread(values: Sequence[float]) -> dict[str, float]:
    known = [value for value in values if not math.isnan(value)] or [math.nan]
    return {
        "mean": float(np.mean(known)),
        "sd": float(np.std(known)),
        "min": float(np.min(known)),
        "max": float(np.max(known)),
    }
