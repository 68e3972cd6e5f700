"""The one loop in which a controller acts in an environment, step by step.

Whoever plays an episode (a recording, a trial of an assessment, an electromyogram) consumes these
steps and says when it has seen enough.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from dmi_sim.rollout.controllers import (
    Action,
    Controller,
    ControllerState,
    Observation,
    zero_action,
)
from dmi_sim.rollout.environment import Env, environment_id


@dataclass(frozen=True, eq=False)
class Step:
    """One control step of an episode; the first is the reset.

    Attributes:
        observation: Observation after the step.
        action: Action that led to it; None at the reset.
        reward: Reward of the step; 0 at the reset.
        terminated: Whether the environment ended the episode.
        truncated: Whether the environment cut the episode off, as at its time limit.
        info: Further facts from the environment.
    """

    observation: Observation
    action: Action | None
    reward: float
    terminated: bool
    truncated: bool
    info: Mapping[str, Any]

    @property
    def fell(self) -> bool:
        """Whether the infant fell: that ends an episode, and nothing else does, success neither."""
        return self.terminated


def is_over(step: Step) -> bool:
    """Whether the environment says that the episode is over."""
    return step.terminated or step.truncated


def episode(
    env: Env,
    controller: Controller | None,
    seed: int,
    options: Mapping[str, Any] | None = None,
    until: Callable[[Step], bool] = is_over,
) -> Iterator[Step]:
    """Play one episode, as far as its steps are asked for.

    A step is simulated when it is asked for, so between two of them ``env`` is as it was after the
    first.

    Args:
        env: Environment to play in; it stays open.
        controller: Controller that acts, with deterministic actions; None for the zero action.
        seed: Seed of the reset: start, noise, pushes.
        options: Options of the reset, such as ``{"support": "none", "pushes": True}``.
        until: Whether a step is the last one; by default the one that ends the episode.

    Yields:
        The reset, then each control step.

    Raises:
        Exception: Whatever environment or controller raise, with a note of where it happened.
    """
    position = EpisodePosition(environment_id(env), seed, episode=1)
    acting: Controller = zero_action(env) if controller is None else controller
    action: Action | None = None
    state: ControllerState = None
    try:
        observation, info = env.reset(seed=seed, options=dict(options or {}))
        step = Step(observation, None, 0.0, False, False, info)
        yield step
        while not until(step):
            action, state = acting.predict(
                step.observation, state, np.array([step.action is None]), deterministic=True
            )
            step = _stepped(env, action)
            position.step += 1
            yield step
    except Exception as fault:
        fault.add_note(position.description(action))
        raise


def _stepped(env: Env, action: Action) -> Step:
    observation, reward, terminated, truncated, info = env.step(action)
    return Step(observation, action, float(reward), terminated, truncated, info)


@dataclass
class EpisodePosition:
    """The episode and step that an environment is at, enough to get there again."""

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

    def description(self, action: Action | None = None) -> str:
        """One line with environment, seed, episode, step and the action at that step.

        >>> EpisodePosition("DMI/Sitting-v1", seed=3, episode=1, step=7).description(np.zeros(1))
        'in DMI/Sitting-v1, seed 3, episode 1 since that seed, step 7: action [0.0]'
        """
        asked = "reset" if action is None else f"action {np.asarray(action).tolist()}"
        return (
            f"in {self.environment_id}, seed {self.seed}, episode {self.episode} since that seed, "
            f"step {self.step}: {asked}"
        )
