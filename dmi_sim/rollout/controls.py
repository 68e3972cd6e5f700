"""Controls: controllers that know nothing of the infant, in an exercise that they must not achieve.

Where one of them succeeds without hands, the exercise asks for too little. In hands success may be
the hands' own: :func:`credited` gives the child only what its body does not do there by itself.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, get_args

import numpy as np

from dmi_sim.rollout.controllers import (
    SILENT_MUSCLES,
    Action,
    Controller,
    ControllerState,
    Observation,
    RandomActions,
)
from dmi_sim.rollout.environment import Env, control_hz
from dmi_sim.rollout.seeds import evaluation_seeds
from dmi_sim.rollout.trial import run_trial

ControlName: TypeAlias = Literal[
    "constant", "random", "random_held", "silent_muscles", "zero_action"
]
CONTROLS: tuple[ControlName, ...] = get_args(ControlName)
"""One action throughout; a new one at each control step; one held for :data:`HELD_S`; no muscle
that acts; reflexes alone. Actions are uniform in the action space."""
HELD_S = 0.5
"""Time for which ``random_held`` repeats an action [s]: long enough for a limb to follow."""
CREDIT_RULE = (
    "Success in hands is the child's only where silent muscles and reflexes alone fail in the same "
    "hands, from the same start; else it is credited to the hands."
)


@dataclass(frozen=True)
class ConstantAction:
    """A controller that does the same whatever is observed.

    Args:
        action: The action, shape (n_actions,).
    """

    action: Action

    def predict(
        self,
        observation: Observation,
        state: ControllerState = None,
        episode_start: Any = None,
        deterministic: bool = True,
    ) -> tuple[Action, ControllerState]:
        """The action, one for each observation."""
        return np.broadcast_to(self.action, (*observation.shape[:-1], *self.action.shape)), state


@dataclass(frozen=True)
class ControlTrials:
    """The trials of one control.

    Attributes:
        completion: Completed share of the exercise in each trial, 0 to 1.
        successes: Trials with success.
    """

    completion: tuple[float, ...]
    successes: int


def control_of(name: ControlName, env: Env, seed: int) -> tuple[Controller | None, dict[str, Any]]:
    """A control for one episode, and the options of the reset that it needs.

    Args:
        name: Which control.
        env: Environment in which it acts.
        seed: Seed of its actions; those of another control are others.
    """
    space: Any = env.action_space
    random = np.random.default_rng((seed, CONTROLS.index(name)))
    if name == "constant":
        return ConstantAction(random.uniform(space.low, space.high).astype(np.float32)), {}
    if name in ("random", "random_held"):
        repeat_steps = max(1, round(HELD_S * control_hz(env))) if name == "random_held" else 1
        return RandomActions(random, space.shape, repeat_steps, space.low, space.high), {}
    return None, dict(SILENT_MUSCLES) if name == "silent_muscles" else {}


def control_trials(
    env: Env, name: ControlName, count: int, options: Mapping[str, Any] | None = None
) -> ControlTrials:
    """Try one control from the starts of an evaluation, each time with other actions.

    Args:
        env: A :class:`dmi_sim.env.posture_env.PostureEnv`, or one in wrappers; it stays open.
        name: Which control.
        count: Number of trials.
        options: Options of each reset, such as ``{"support": "none"}``.
    """
    trials = []
    for seed in evaluation_seeds(count):
        controller, needed = control_of(name, env, seed)
        trials.append(run_trial(env, controller, seed, {**(options or {}), **needed}))
    completion = tuple(trial.completion for trial in trials)
    return ControlTrials(completion, sum(trial.is_success for trial in trials))


Credited: TypeAlias = Literal["child", "hands", "nobody"]
_BODY_ALONE: tuple[ControlName, ...] = ("silent_muscles", "zero_action")


def credited(
    env: Env, successes: Mapping[int, bool], options: Mapping[str, Any]
) -> dict[int, Credited]:
    """Who is credited with the success of each episode in hands.

    The hands are where silent muscles or reflexes alone succeed from the same start in the same
    hands; the child is where both fail. They are tried only where there was success.

    Args:
        env: The environment of the episodes; it stays open.
        successes: Whether there was success, by the seed of the episode.
        options: Options of the reset of the episodes.
    """
    return {
        seed: _credit(env, seed, options) if is_success else "nobody"
        for seed, is_success in successes.items()
    }


def _credit(env: Env, seed: int, options: Mapping[str, Any]) -> Credited:
    for name in _BODY_ALONE:
        controller, needed = control_of(name, env, seed)
        if run_trial(env, controller, seed, {**options, **needed}).is_success:
            return "hands"
    return "child"


def credit_shares(credits: Iterable[Credited]) -> dict[str, float]:
    """Shares of episodes by who is credited with their success.

    >>> credit_shares(["child", "child", "hands", "nobody"])
    {'child': 0.5, 'hands': 0.25}
    """
    told: Sequence[Credited] = tuple(credits)
    return {who: told.count(who) / len(told) for who in ("child", "hands")}
