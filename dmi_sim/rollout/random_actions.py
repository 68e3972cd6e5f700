"""Attempts at an exercise by a controller that knows nothing, and no more of any than needed."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from dmi_sim.env.posture_env import PostureEnv
from dmi_sim.rollout.trial import attempt
from dmi_sim.training.policy import Array, Policy

RANDOM_HELD_S = 0.2
"""How long a random action is held [s]: muscles would smooth quicker ones to almost nothing."""


@dataclass
class RandomActions:
    """A policy that knows nothing: new actions, uniform in [-1, 1], now and then, held in between.

    Attributes:
        rng: Where the actions come from.
        size: How many there are.
        held_steps: For how many control steps each is held.
    """

    rng: np.random.Generator
    size: int
    held_steps: int
    _step: int = 0
    _action: Array = field(default_factory=lambda: np.zeros(0, np.float32))

    def predict(self, observation: Array) -> Array:
        """The action of the moment, whatever is observed."""
        if self._step % self.held_steps == 0:
            self._action = self.rng.uniform(-1.0, 1.0, self.size).astype(np.float32)
        self._step += 1
        return self._action


def random_actions(env: PostureEnv, seed: int) -> RandomActions:
    """Random actions for one episode of an environment, held for :data:`RANDOM_HELD_S`."""
    held_steps = max(1, round(RANDOM_HELD_S * env.build.spec.control_hz))
    return RandomActions(np.random.default_rng(seed), len(env.action_names), held_steps)


def shares_done(
    env: PostureEnv, policy: Policy | None, seeds: Sequence[int], options: Mapping[str, Any]
) -> tuple[float, ...]:
    """Completed share of each attempt, until the median over all is certain.

    It is certain once more than half of the attempts gave the same share; the others are not
    played, and the median of those that were is the median of all.

    Args:
        env: Where; it stays open.
        policy: What acts; None for reflexes only.
        seeds: One per attempt, an odd number of them.
        options: Of each reset.
    """
    done: list[float] = []
    for seed in seeds:
        done.append(attempt(env, policy, seed, options).completion)
        if max(Counter(done).values()) > len(seeds) / 2:
            break
    return tuple(done)
