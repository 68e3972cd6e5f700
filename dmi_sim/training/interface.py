"""What a policy and an environment must agree on to work together."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any, cast

import gymnasium as gym
from gymnasium.spaces import Box

from dmi_sim.errors import InputError, did_you_mean
from dmi_sim.spec.base import Strict

Env = gym.Env[Any, Any]
"""Any Gymnasium environment; what passes through is checked by :func:`policy_interface`."""


class PolicyInterface(Strict):
    """The side of an environment that a policy sees."""

    environment_id: str
    """Gymnasium id, such as ``DMI/Sitting-v0``."""
    observation_shape: tuple[int, ...]
    action_shape: tuple[int, ...]
    control_hz: int
    """Control steps per second [Hz]."""
    names_sha256: str
    """Hash of the names of all observations and actions, in order, and of the bounds of actions."""

    def differences(self, other: "PolicyInterface") -> tuple[str, ...]:
        """What another environment has otherwise, one line each; empty when a policy fits both.

        Args:
            other: The environment at hand, where ``self`` is the one the policy was made for.
        """
        ours, theirs = self.model_dump(), other.model_dump()
        return tuple(
            f"{name}: made for {ours[name]}, this environment has {theirs[name]}"
            for name in ours
            if ours[name] != theirs[name]
        )


def policy_interface(env: Env) -> PolicyInterface:
    """What an environment offers to a policy.

    Names of observations are read from ``env.unwrapped.observation_names``, those of actions from
    ``env.unwrapped.action_names``, where there are such.

    Raises:
        InputError: If the spaces are not flat boxes or the control rate is not told.
    """
    observation, action = _box(env, "observation"), _box(env, "action")
    return PolicyInterface(
        environment_id=environment_id(env),
        observation_shape=observation.shape,
        action_shape=action.shape,
        control_hz=control_hz(env),
        names_sha256=_names_hash(env, action),
    )


def make_environment(environment_id: str, arguments: Mapping[str, object]) -> Env:
    """A new environment, without Gymnasium's run-time checks.

    Args:
        environment_id: A registered id, such as ``DMI/Sitting-v0``.
        arguments: What else ``gymnasium.make`` passes to it.

    Raises:
        InputError: If the id is unknown.
    """
    try:
        return gym.make(environment_id, disable_env_checker=True, **dict[str, Any](arguments))
    except gym.error.UnregisteredEnv as error:
        known = [name for name in gym.registry if name.startswith("DMI/")]
        raise InputError(
            f"no environment '{environment_id}'; {did_you_mean(environment_id, known)}"
        ) from error


def environment_id(env: Env) -> str:
    """The Gymnasium id of an environment, or the name of its class if it was never registered."""
    return env.spec.id if env.spec is not None else type(env.unwrapped).__name__


def control_hz(env: Env) -> int:
    """Control steps per second [Hz]; by Gymnasium's convention the frame rate of rendering.

    Raises:
        InputError: If the environment does not tell it.
    """
    rate = env.metadata.get("render_fps")
    if not rate:
        raise InputError(f"{environment_id(env)}: metadata lacks render_fps, the control rate [Hz]")
    return int(rate)


def _box(env: Env, side: str) -> Box:
    space = getattr(env, f"{side}_space")
    if isinstance(space, Box) and len(space.shape) == 1:
        return space
    raise InputError(
        f"{environment_id(env)}: a policy needs a flat Box as {side} space, not {space}"
    )


def _names_hash(env: Env, action: Box) -> str:
    senses, commands = (
        cast("tuple[str, ...]", getattr(env.unwrapped, name, ()))
        for name in ("observation_names", "action_names")
    )
    layout = [list(senses), list(commands), action.low.tolist(), action.high.tolist()]
    return hashlib.sha256(json.dumps(layout).encode()).hexdigest()
