"""The interface that a policy and an environment must share to work together."""

import hashlib
import json
from typing import cast

from gymnasium.spaces import Box

from dmi_sim.errors import InputError
from dmi_sim.rollout.environment import Env, control_hz, environment_id
from dmi_sim.spec.base import Strict


class PolicyInterface(Strict):
    """The features of an environment that a policy depends on."""

    environment_id: str
    """Gymnasium id, such as ``DMI/Sitting-v0``."""
    observation_shape: tuple[int, ...]
    action_shape: tuple[int, ...]
    control_hz: int
    """Control steps per second [Hz]."""
    names_sha256: str
    """Hash of the names of all observations and actions, in order, and of the bounds of actions."""

    def differences(self, other: "PolicyInterface") -> tuple[str, ...]:
        """The differences of another environment, one line each; empty when a policy fits both.

        Args:
            other: Interface of the environment at hand; ``self`` is that of the policy.
        """
        ours, theirs = self.model_dump(), other.model_dump()
        return tuple(
            f"{name}: made for {ours[name]}, this environment has {theirs[name]}"
            for name in ours
            if ours[name] != theirs[name]
        )


def policy_interface(env: Env) -> PolicyInterface:
    """The interface of an environment.

    Names of observations are read from ``env.unwrapped.observation_names``, those of actions from
    ``env.unwrapped.action_names``, where there are such.

    Raises:
        InputError: If the spaces are not flat boxes or the control rate is not declared.
    """
    observation, action = _box(env, "observation"), _box(env, "action")
    return PolicyInterface(
        environment_id=environment_id(env),
        observation_shape=observation.shape,
        action_shape=action.shape,
        control_hz=control_hz(env),
        names_sha256=_names_hash(env, action),
    )


def _box(env: Env, side: str) -> Box:
    space = getattr(env, f"{side}_space")
    if isinstance(space, Box) and len(space.shape) == 1:
        return space
    raise InputError(
        f"{environment_id(env)}: a policy needs a flat Box as {side} space, not {space}"
    )


def _names_hash(env: Env, action: Box) -> str:
    observations, actions = (
        cast("tuple[str, ...]", getattr(env.unwrapped, name, ()))
        for name in ("observation_names", "action_names")
    )
    names = [list(observations), list(actions), action.low.tolist(), action.high.tolist()]
    return hashlib.sha256(json.dumps(names).encode()).hexdigest()
