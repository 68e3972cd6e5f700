"""What happens while a policy practises, kept outside the learner.

A :class:`TrainingMonitor` sits around each training environment. It adds up practice and assistance, and it
says where an environment broke. To the learner it passes no ``info``: nobody reads it there, and
copying the dictionaries of every step costs more than the learner's own arithmetic.
"""

from dataclasses import dataclass
from typing import Any, SupportsFloat

import gymnasium as gym
import numpy as np
from numpy.typing import NDArray

from dmi_sim.training.interface import Env, environment_id


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
    """An environment whose steps are tallied and whose faults tell where they happened.

    Args:
        env: The environment to watch.
        tally: Where to add up; several environments may share one.
    """

    def __init__(self, env: Env, tally: TrainingStatistics) -> None:
        super().__init__(env)
        self._tally = tally
        self._place = EpisodePosition(environment_id(env))

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Any, dict[str, Any]]:
        """Begin an episode; ``info`` is empty."""
        self._place.begin(seed)
        try:
            return self.env.reset(seed=seed, options=options)[0], {}
        except Exception as fault:
            fault.add_note(self._place.description())
            raise

    def step(self, action: Any) -> tuple[Any, SupportsFloat, bool, bool, dict[str, Any]]:
        """One control step; ``info`` is empty."""
        try:
            observation, reward, terminated, truncated, info = self.env.step(action)
        except Exception as fault:
            fault.add_note(self._place.description(action))
            raise
        self._tally.episodes += self._place.step == 0
        self._tally.add(float(reward), info)
        self._place.step += 1
        return observation, reward, terminated, truncated, {}


@dataclass
class EpisodePosition:
    """Where an environment is, in the words that are needed to get there again."""

    environment_id: str
    seed: int | None = None
    episode: int = 0
    """Episodes begun since the environment was last seeded, from 1."""
    step: int = 0

    def begin(self, seed: int | None) -> None:
        """Note that an episode begins."""
        self.episode = self.episode + 1 if seed is None else 1
        self.seed = self.seed if seed is None else seed
        self.step = 0

    def description(self, action: NDArray[np.float32] | None = None) -> str:
        """One line: environment, seed, episode, step and what was asked of it there."""
        asked = "reset" if action is None else f"action {np.asarray(action).tolist()}"
        return (
            f"in {self.environment_id}, seed {self.seed}, episode {self.episode} since that seed, "
            f"step {self.step}: {asked}"
        )
