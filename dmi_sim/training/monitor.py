"""Statistics of training, kept outside the learner.

A :class:`TrainingMonitor` wraps each training environment. It adds up training and assistance, and
it says where an environment broke. To the learner it passes the ``info`` of the last step of each
episode, with length and sum of rewards as the library's own monitor tells them. Those of all steps
pass only while somebody looks on: copying them costs more than the learner's own arithmetic.
"""

from dataclasses import dataclass
from typing import Any, SupportsFloat

import gymnasium as gym

from dmi_sim.rollout.environment import Env, environment_id
from dmi_sim.rollout.episode import EpisodePosition


@dataclass
class TrainingStatistics:
    """Sums over the environments that share it, since it was last cleared."""

    steps: int = 0
    episodes: int = 0
    """Episodes with at least one step; those still running count."""
    reward: float = 0.0
    support_force_sum_n: float = 0.0
    """Sum over control steps of the force of the hands [N]; times the time step an impulse."""
    support_share_sum: float = 0.0
    """Sum over control steps of the share of body weight in the hands."""
    passes_info: bool = False
    """Whether the learner gets the ``info`` of every step, for callbacks."""

    def add(self, reward: float, info: dict[str, Any]) -> None:
        """Count one control step; an environment without hands adds no assistance."""
        self.steps += 1
        self.reward += reward
        self.support_force_sum_n += info.get("support_force_n", 0.0)
        self.support_share_sum += info.get("support_share", 0.0)

    def clear(self) -> None:
        """Start from zero."""
        self.steps = self.episodes = 0
        self.reward = self.support_force_sum_n = self.support_share_sum = 0.0


class TrainingMonitor(gym.Wrapper[Any, Any, Any, Any]):
    """An environment that adds up its steps and notes in an exception where it was raised.

    Args:
        env: Environment to watch.
        statistics: Sums to add to; several environments may share them.
    """

    def __init__(self, env: Env, statistics: TrainingStatistics) -> None:
        super().__init__(env)
        self._statistics = statistics
        self._position = EpisodePosition(environment_id(env))
        self._reward = 0.0

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Any, dict[str, Any]]:
        """Begin an episode; ``info`` is empty."""
        self._position.begin(seed)
        self._reward = 0.0
        try:
            return self.env.reset(seed=seed, options=options)[0], {}
        except Exception as fault:
            fault.add_note(self._position.description())
            raise

    def step(self, action: Any) -> tuple[Any, SupportsFloat, bool, bool, dict[str, Any]]:
        """One control step; ``info`` is empty but at the end of an episode, or for callbacks."""
        try:
            observation, reward, terminated, truncated, info = self.env.step(action)
        except Exception as fault:
            fault.add_note(self._position.description(action))
            raise
        self._statistics.episodes += self._position.step == 0
        self._statistics.add(float(reward), info)
        self._position.step += 1
        self._reward += float(reward)
        is_over = terminated or truncated
        told = info if is_over or self._statistics.passes_info else {}
        told = {**told, "episode": self._episode()} if is_over else told
        return observation, reward, terminated, truncated, told

    def _episode(self) -> dict[str, float]:
        """Sum of rewards and length in steps, under the names of stable-baselines3."""
        return {"r": self._reward, "l": self._position.step}
