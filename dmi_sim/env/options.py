"""Options of a reset: choices that hold for one episode."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, cast

import numpy as np

from dmi_sim.env.config import EnvBuild, SupportLike, require_pushes
from dmi_sim.env.infant_setup import INFANT_OPTIONS
from dmi_sim.env.kept import kept
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
        steps_after_end: Whether the infant can be watched after a fall, when otherwise a reset is
            needed; its muscles keep acting.
    """

    support: SupportLike
    support_strength: float
    pushes: bool
    silent_muscles: bool = False
    push_schedule: tuple[Push, ...] | None = None
    platform_motion: PlatformMotion | None = None
    voluntary: Voluntary | None = None
    steps_after_end: bool = False

    @property
    def is_pushed(self) -> bool:
        """Whether pushes come, drawn or of a schedule."""
        return self.pushes if self.push_schedule is None else bool(self.push_schedule)


def with_defaults(defaults: Mapping[str, Any], options: object) -> dict[str, Any]:
    """The options of a reset over those of every reset, as they are now.

    Args:
        defaults: Options of every reset.
        options: What a user gave; None for nothing.

    Raises:
        InputError: If it is no mapping.

    >>> with_defaults({"support": "waist", "pushes": True}, {"support": "pelvis"})
    {'support': 'pelvis', 'pushes': True}
    """
    if options is None:
        return dict(defaults)
    if not isinstance(options, Mapping):
        raise InputError(f"options: {options!r} is not a mapping of options to values")
    return {**defaults, **kept(cast("Mapping[str, Any]", options))}


_KNOWN = (*(field.name for field in fields(EpisodeOptions)), *INFANT_OPTIONS)


def split_options(options: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Options of a reset that say who the infant is, and those of the episode.

    Raises:
        InputError: If an option is unknown.

    >>> split_options({"age_months": 8, "support": "pelvis"})
    ({'age_months': 8}, {'support': 'pelvis'})
    """
    for name in options:
        if name not in _KNOWN:
            raise InputError(f"options: no '{name}'; {did_you_mean(str(name), _KNOWN)}")
    infant = {name: value for name, value in options.items() if name in INFANT_OPTIONS}
    return infant, {name: value for name, value in options.items() if name not in infant}


def episode_options(build: EnvBuild, options: Mapping[str, Any]) -> EpisodeOptions:
    """The options of an episode over what the environment was made with.

    Raises:
        InputError: If a value is of another kind or out of range, or the exercise does not know the
            support, has no pushes or no platform.
    """
    config = build.config
    made_with = EpisodeOptions(config.support, config.support_strength, config.pushes)
    chosen = replace(made_with, **options)
    problem = next(_problems(build, chosen), None)
    if problem:
        raise InputError(problem)
    require_pushes(build, chosen.pushes)
    build.support(chosen.support, chosen.support_strength)
    return chosen


def _problems(build: EnvBuild, options: EpisodeOptions) -> Iterator[str]:
    for name in ("pushes", "silent_muscles", "steps_after_end"):
        if not isinstance(getattr(options, name), bool | np.bool_):
            yield f"{name}: {getattr(options, name)!r} is neither True nor False"
    pushes: Any = options.push_schedule  # what a user gave may be anything
    motion: Any = options.platform_motion
    if pushes is not None and not _are_pushes(pushes):
        yield f"push_schedule: {pushes!r} is not a tuple of dmi_sim.physics.push.Push"
    if motion is not None and not isinstance(motion, PlatformMotion):
        yield f"platform_motion: {motion!r} is no dmi_sim.physics.platform.PlatformMotion"
    if motion is not None and not build.scene.has_platform:
        yield f"platform_motion: {build.config.exercise} has no platform; make it with on_platform"
    if options.voluntary is not None and not callable(options.voluntary):
        yield f"voluntary: {options.voluntary!r} cannot be called"
    if options.voluntary is not None and options.silent_muscles:
        yield "voluntary: silent muscles do nothing of their own accord; leave one of the two out"


def _are_pushes(pushes: Any) -> bool:
    return isinstance(pushes, tuple | list) and all(
        isinstance(push, Push) for push in cast("list[object]", pushes)
    )
