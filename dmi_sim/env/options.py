"""Options of a reset: choices that hold for one episode."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from dmi_sim.env.config import EnvBuild, SupportLike, require_pushes
from dmi_sim.errors import InputError, did_you_mean
from dmi_sim.nervous.motor_command import MotorCommand
from dmi_sim.physics.platform import PlatformMotion
from dmi_sim.physics.push import Push
from dmi_sim.physics.state import State

Voluntary = Callable[[State, MotorCommand], MotorCommand]
"""Changes a command before it reaches the muscles, given the state that it starts from."""


@dataclass(frozen=True)
class EpisodeOptions:
    """Choices for one episode, in place of those that the environment was made with.

    Attributes:
        support: Site of the hands, or a schedule; None for the most distal site.
        support_strength: Scales stiffness and caps of the hands, 0 to 1.
        pushes: Whether the infant is pushed.
        silent_muscles: Whether no muscle acts, whatever the actions.
        push_schedule: Exactly these pushes, in place of drawn ones.
        platform_motion: Motion of the platform, in place of a drawn one.
        voluntary: Movement that the infant adds to each command of its own accord.
    """

    support: SupportLike
    support_strength: float
    pushes: bool
    silent_muscles: bool = False
    push_schedule: tuple[Push, ...] | None = None
    platform_motion: PlatformMotion | None = None
    voluntary: Voluntary | None = None


def episode_options(build: EnvBuild, options: Mapping[str, Any]) -> EpisodeOptions:
    """The options of a reset over what the environment was made with.

    Raises:
        InputError: If an option is unknown, or pushes are asked for where there are none.
    """
    known = [field.name for field in fields(EpisodeOptions)]
    for name in options:
        if name not in known:
            raise InputError(f"options: no '{name}'; {did_you_mean(name, known)}")
    config = build.config
    made_with = EpisodeOptions(config.support, config.support_strength, config.pushes)
    chosen = replace(made_with, **options)
    require_pushes(build, chosen.pushes)
    return chosen
