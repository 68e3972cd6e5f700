"""Practice that a child has not learnt from yet.

A session may be shorter than the practice that it takes to learn something from it surely. So what
was practised is kept, over as many sessions as it takes, until enough of it is together. The brain
does not change in between, so all of it is practice of the brain that learns from it.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import torch
    from stable_baselines3 import PPO
    from stable_baselines3.common.buffers import RolloutBuffer
    from stable_baselines3.common.callbacks import BaseCallback

    from dmi_sim.training.by_exercise import NotedReturnScales

Experience = Mapping[str, Any]
"""Steps that were practised, oldest first: a tensor for each column, and the exercises; empty if
there are none."""

NOTHING: Experience = {}
"""No practice."""
_RAW = ("observations", "actions", "rewards", "values", "log_probs", "episode_starts")
_LEARNT_FROM = ("observations", "actions", "values", "log_probs", "advantages", "returns")
EXERCISES = "exercises"
"""Column with the name of the exercise of each step."""
_ANY = "any"
"""Name of all exercises where they need not be told apart."""


def steps_of(experience: Experience) -> int:
    """Number of steps."""
    return len(experience[EXERCISES]) if experience else 0


def together(*parts: Experience) -> Experience:
    """One part of practice after the other.

    Args:
        parts: Parts with the same columns, or with nothing in them.
    """
    import torch

    some = [part for part in parts if part]
    if not some:
        return NOTHING
    columns = {n: torch.cat([part[n] for part in some]) for n in some[0] if n != EXERCISES}
    return {**columns, EXERCISES: [name for part in some for name in part[EXERCISES]]}


def practised(learner: "PPO", callback: "BaseCallback", steps: int) -> Experience:
    """What a learner meets in so many steps, going on where the last ones ended.

    Args:
        learner: The learner, whose environment was reset once.
        callback: Called at each step.
        steps: Number of control steps.
    """
    import torch

    envs: Any = learner.get_env()
    learner.rollout_buffer = buffer = _empty(learner, steps)
    learner.collect_rollouts(envs, callback, buffer, steps)
    columns = {name: torch.from_numpy(getattr(buffer, name)[:, 0].copy()) for name in _RAW}
    scales: NotedReturnScales | None = envs.return_scales
    names = [_ANY] * steps if scales is None else [one for (one,) in scales.take_practised()]
    return {**columns, EXERCISES: names}


def judged(learner: "PPO", stretch: Experience) -> Experience:
    """One stretch of practice that has just ended, with what came of each step.

    Args:
        learner: The learner, which is where the stretch ended.
        stretch: What :func:`practised` gave, part after part.
    """
    import torch

    if not stretch:
        return NOTHING
    buffer = _filled(learner, stretch, _RAW)
    observation, start = torch.as_tensor(learner._last_obs), learner._last_episode_starts  # type: ignore[arg-type]
    with torch.no_grad():
        values = learner.policy.predict_values(observation)
    buffer.compute_returns_and_advantage(values, np.asarray(start))
    told = {name: torch.from_numpy(getattr(buffer, name)[:, 0].copy()) for name in _LEARNT_FROM}
    return {**told, EXERCISES: stretch[EXERCISES]}


def learn_from(learner: "PPO", experience: Experience, *, alike: bool) -> None:
    """Learn from practice.

    Args:
        learner: The learner.
        experience: What :func:`judged` gave, stretch after stretch.
        alike: Whether all exercises count alike, however large their advantages are.
    """
    learner.rollout_buffer = buffer = _filled(learner, experience, _LEARNT_FROM)
    if alike:
        from dmi_sim.training.by_exercise import counting_alike

        exercises: Sequence[str] = experience[EXERCISES]
        buffer.advantages[:, 0] = counting_alike(buffer.advantages[:, 0], exercises)
    learner.train()


def _empty(learner: "PPO", steps: int) -> "RolloutBuffer":
    from stable_baselines3.common.buffers import RolloutBuffer

    return RolloutBuffer(
        steps,
        learner.observation_space,
        learner.action_space,
        device="cpu",
        gamma=learner.gamma,
        gae_lambda=learner.gae_lambda,
    )


def _filled(learner: "PPO", experience: Experience, names: Sequence[str]) -> "RolloutBuffer":
    buffer = _empty(learner, steps_of(experience))
    for name in names:
        column: torch.Tensor = experience[name]
        getattr(buffer, name)[:, 0] = column.numpy()
    buffer.pos, buffer.full = buffer.buffer_size, True
    return buffer
