"""Gymnasium ids: one for each file in ``envs/``; nothing is parsed to register them."""

from collections.abc import Iterable
from dataclasses import fields
from typing import TYPE_CHECKING, Any

import gymnasium as gym

from dmi_sim.errors import InputError, did_you_mean
from dmi_sim.names import environment_id

if TYPE_CHECKING:
    from dmi_sim.catalog import Catalog


def register(exercises: Iterable[str]) -> None:
    """Make exercises known to ``gym.make``."""
    for exercise in exercises:
        gym.register(
            id=environment_id(exercise),
            entry_point="dmi_sim.env.registration:make",
            kwargs={"exercise": exercise},
        )


def register_missing(exercises: Iterable[str]) -> None:
    """Register the exercises that ``gym.make`` does not know yet, as those of another catalog."""
    register(exercise for exercise in exercises if environment_id(exercise) not in gym.registry)


def make(
    exercise: str,
    render_mode: str | None = None,
    catalog: "Catalog | None" = None,
    **config: Any,
) -> gym.Env[Any, Any]:
    """An environment; what ``gym.make`` calls.

    Args:
        exercise: Name of a file in ``envs/``.
        render_mode: ``rgb_array``, ``human`` or None.
        catalog: Catalog that files are read from; the shipped one by default.
        config: Fields of :class:`dmi_sim.env.config.EnvConfig`.

    Raises:
        InputError: If an argument is unknown or out of range.
    """
    from dmi_sim.env.config import EnvConfig, plain_config
    from dmi_sim.env.posture_env import PostureEnv

    known = [field.name for field in fields(EnvConfig)]
    for name in config:
        if name not in known:
            raise InputError(f"{name}: no such argument; {did_you_mean(name, known)}")
    return PostureEnv(EnvConfig(exercise, **plain_config(config, catalog)), render_mode, catalog)
