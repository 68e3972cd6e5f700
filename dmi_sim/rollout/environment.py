"""Environments as a rollout sees them: made by their Gymnasium id, known by id and control rate."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeAlias, cast

import gymnasium as gym

from dmi_sim.env.registration import refresh
from dmi_sim.errors import InputError, did_you_mean
from dmi_sim.infant import Infant
from dmi_sim.physics.scene import Scene
from dmi_sim.physics.state import State

if TYPE_CHECKING:
    from dmi_sim.env.config import EnvBuild

Env: TypeAlias = gym.Env[Any, Any]
"""Any Gymnasium environment."""


def make_environment(environment_id: str, arguments: Mapping[str, object]) -> Env:
    """A new environment, without Gymnasium's run-time checks.

    Args:
        environment_id: A registered id, such as ``DMI/Sitting-v1``.
        arguments: Arguments of the environment, which ``gymnasium.make`` passes on.

    Raises:
        InputError: If the id is unknown.
    """
    if environment_id not in gym.registry:
        refresh()  # one's own folder may have been named, or written to, after the import
    # By its entry Gymnasium does not say that an old version is old, which the environment says.
    known_as = gym.registry.get(environment_id, environment_id)
    try:
        return gym.make(known_as, disable_env_checker=True, **dict[str, Any](arguments))
    except gym.error.UnregisteredEnv as error:
        known = [name for name in gym.registry if name.startswith("DMI/")]
        raise InputError(
            f"no environment '{environment_id}'; {did_you_mean(environment_id, known)}"
        ) from error


def environment_id(env: Env) -> str:
    """The Gymnasium id of an environment, or the name of its class if it was never registered.

    >>> environment_id(gym.make("CartPole-v1"))
    'CartPole-v1'
    """
    return env.spec.id if env.spec is not None else type(env.unwrapped).__name__


def control_hz(env: Env) -> int:
    """Control steps per second [Hz]; by Gymnasium's convention the frame rate of rendering.

    >>> control_hz(gym.make("CartPole-v1"))
    50

    Raises:
        InputError: If the environment does not declare it.
    """
    rate = env.metadata.get("render_fps")
    if not rate:
        raise InputError(f"{environment_id(env)}: metadata lacks render_fps, the control rate [Hz]")
    return int(rate)


def infant_of(env: Env) -> Infant:
    """The infant of an environment with one."""
    return cast("Infant", getattr(env.unwrapped, "infant"))  # noqa: B009 - not in gymnasium's type


def state_of(env: Env) -> State:
    """The state of the world of an environment with an infant, at the last control step."""
    return cast("State", getattr(env.unwrapped, "state"))  # noqa: B009 - not in gymnasium's type


def scene_of(env: Env) -> Scene:
    """The ground and the furniture around the infant of an environment."""
    build = cast("EnvBuild", getattr(env.unwrapped, "build"))  # noqa: B009 - not in gymnasium's type
    return build.scene
