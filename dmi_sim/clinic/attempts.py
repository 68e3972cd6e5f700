"""One attempt at an exercise: how much of it a controller completes."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from dmi_sim.env.posture_env import PostureEnv
from dmi_sim.learn.policy import Array, Policy
from dmi_sim.learn.rollout import Relaxed


@dataclass(frozen=True)
class Attempted:
    """How an attempt ended.

    Attributes:
        done: Completed share of the exercise, 0 to 1.
        is_success: Whether it was completed, and without a fault of the physics.
    """

    done: float
    is_success: bool


@dataclass
class RandomActions:
    """A policy that knows nothing: every 0.2 s new actions, uniform in [-1, 1], held until then.

    Held for as long, an action reaches the muscles; one that changed at every control step would
    be smoothed to almost nothing, and be too easy to beat.

    Attributes:
        rng: Where the actions come from.
        actions: How many.
        control_hz: Control steps per second [Hz].
    """

    rng: np.random.Generator
    actions: int
    control_hz: int
    _steps: int = 0

    def predict(self, observation: Array) -> Array:
        """The action of the moment, whatever is observed."""
        if self._steps % max(1, round(0.2 * self.control_hz)) == 0:
            self._held = self.rng.uniform(-1.0, 1.0, self.actions).astype(np.float32)
        self._steps += 1
        return self._held


def random_actions(env: PostureEnv, seed: int) -> RandomActions:
    """Random actions for one episode of an environment."""
    rng = np.random.default_rng(seed)
    return RandomActions(rng, len(env.action_layout), env.setup.spec.control_hz)


def attempt(
    env: PostureEnv, policy: Policy | None, seed: int, options: Mapping[str, Any]
) -> Attempted:
    """Play one episode, until it ends or the exercise is completed.

    Args:
        env: Where; it stays open.
        policy: What acts; None for reflexes only (zero action).
        seed: Of the start and of all noise.
        options: Of the reset, such as ``{"support": "pelvis", "relaxed": True}``.
    """
    actor = policy or Relaxed(np.zeros(env.action_space.shape or (), dtype=np.float32))
    observation, info = env.reset(seed=seed, options=options)
    is_over = False
    while not (is_over or info["is_success"]):
        observation, _, fell, cut, info = env.step(actor.predict(observation))
        is_over = fell or cut
    return Attempted(env.done, bool(info["is_success"]))


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
        done.append(attempt(env, policy, seed, options).done)
        if max(Counter(done).values()) > len(seeds) / 2:
            break
    return tuple(done)
