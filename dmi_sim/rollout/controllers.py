"""Controllers that act in an episode: policies, the zero action, random actions.

A controller is whatever answers observations as a model of stable-baselines3 does, so a model of
that library is one, and a :class:`dmi_sim.training.policy.NumpyPolicy` can be passed to its
functions. Two control conditions show what a policy adds: the zero action, under which reflexes go
on, and silent muscles, which no controller reaches, see :data:`SILENT_MUSCLES`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from dmi_sim.rollout.environment import Env, control_hz

Observation: TypeAlias = NDArray[np.float32]
Action: TypeAlias = NDArray[np.float32]
ControllerState: TypeAlias = tuple[NDArray[Any], ...] | None
"""Memory of a controller from one control step to the next; None at the start."""

SILENT_MUSCLES: Mapping[str, Any] = MappingProxyType({"silent_muscles": True})
"""Options of the reset of a limp infant: no muscle acts, whatever the controller."""

REPEAT_S = 0.2
"""Time for which a random action is repeated [s]; muscles would smooth out shorter ones."""


class Controller(Protocol):
    """A source of actions, with the signature of models of stable-baselines3."""

    def predict(
        self,
        observation: Observation,
        state: ControllerState = None,
        episode_start: NDArray[np.bool_] | None = None,
        deterministic: bool = True,
    ) -> tuple[Action, ControllerState]:
        """The action for an observation, and what to remember.

        Args:
            observation: One observation, shape (n_observations,), or a batch of them, shape
                (n, n_observations).
            state: State that the controller gave back at the last control step.
            episode_start: Whether an episode begins with this observation, shape (1,) or (n,).
            deterministic: Whether the controller gives its mean action instead of drawing one.
        """
        ...


@dataclass(frozen=True)
class ZeroAction:
    """A controller that commands nothing: reflexes act alone.

    Args:
        shape: Shape of an action.

    >>> ZeroAction((2,)).predict(np.ones(5, np.float32))
    (array([0., 0.], dtype=float32), None)
    """

    shape: tuple[int, ...]

    def predict(
        self,
        observation: Observation,
        state: ControllerState = None,
        episode_start: NDArray[np.bool_] | None = None,
        deterministic: bool = True,
    ) -> tuple[Action, ControllerState]:
        """The zero action, one for each observation."""
        return np.zeros((*observation.shape[:-1], *self.shape), dtype=np.float32), state


@dataclass(frozen=True)
class RandomActions:
    """A controller that knows nothing: actions uniform in a range, each repeated for some steps.

    Args:
        rng: Generator from which the actions are drawn.
        shape: Shape of an action.
        repeat_steps: Control steps for which an action is repeated.
        low: Smallest value, or one for each number.
        high: Largest value, or one for each number.
    """

    rng: np.random.Generator
    shape: tuple[int, ...]
    repeat_steps: int
    low: float | NDArray[np.float32] = -1.0
    high: float | NDArray[np.float32] = 1.0

    def predict(
        self,
        observation: Observation,
        state: ControllerState = None,
        episode_start: NDArray[np.bool_] | None = None,
        deterministic: bool = True,
    ) -> tuple[Action, ControllerState]:
        """The present action or a new one, whatever is observed.

        The state is the action and the number of steps for which it was repeated; without a state
        a new action is drawn.
        """
        if state is None or state[1] >= self.repeat_steps:
            shape = (*observation.shape[:-1], *self.shape)
            state = self.rng.uniform(self.low, self.high, shape).astype(np.float32), np.array(0)
        action, repeated = state
        return action, (action, repeated + 1)


def zero_action(env: Env) -> ZeroAction:
    """The zero action of an environment."""
    return ZeroAction(env.action_space.shape or ())


def random_actions(env: Env, seed: int) -> RandomActions:
    """Random actions for one episode of an environment, each repeated for :data:`REPEAT_S`."""
    repeat_steps = max(1, round(REPEAT_S * control_hz(env)))
    space = env.action_space
    low, high = (getattr(space, side, limit) for side, limit in (("low", -1.0), ("high", 1.0)))
    return RandomActions(np.random.default_rng(seed), space.shape or (), repeat_steps, low, high)
