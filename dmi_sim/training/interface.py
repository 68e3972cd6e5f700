"""What a policy belongs to: the interface that it needs, and the exercises that it practised.

The *interface* is what a policy sees and moves: names and axes of its observations and actions, the
action mode, the ranges, the control rate. A policy cannot act where it differs. The *exercise* is
the rest that a policy feels: start pose, physics rate, furniture, platform, pushes, hands in
motion. A policy can act in another one, but nobody trained it for that, so it must be asked for.

Titles, rewards, settings of training, the time limit, and what counts as a fall or as success are
judgements about an episode. They change nothing that a policy sees, does or meets, and are left
out.
"""

import json
from collections.abc import Iterator, Mapping
from itertools import zip_longest
from typing import Any, Self

from gymnasium.spaces import Box
from pydantic import JsonValue, model_validator

from dmi_sim.anatomy import AXES
from dmi_sim.env.config import EnvBuild
from dmi_sim.env.observations import OBSERVATIONS
from dmi_sim.env.posture_env import PostureEnv
from dmi_sim.errors import InputError
from dmi_sim.provenance import sha256
from dmi_sim.rollout.environment import Env, control_hz, environment_id
from dmi_sim.spec.base import Strict
from dmi_sim.spec.exercise import ExerciseSpec

NOT_FELT = frozenset(
    {
        "title", "instruction", "verb", "dimension", "typical_age_months", "age_months", "supports",
        "training_support", "duration_s", "terminations", "success", "rewards", "on_fall",
        "training",
    }
)  # fmt: skip
"""Fields of an exercise that a policy does not feel; all others count, new ones too."""

_MAX_LINES = 8
"""Differences that a message lists; the rest is counted."""


class ActionChannel(Strict):
    """One number of an action."""

    name: str
    low: float
    """Smallest value."""
    high: float
    """Largest value."""
    axes_deg: dict[str, float] = {}
    """Angle by which full action moves each axis [deg]; empty for what is no synergy."""
    regions: dict[str, float] = {}
    """Shortening of the muscles of each region at full action, in optimal lengths."""


class PolicyInterface(Strict):
    """What a policy sees and moves; ``self`` is that of the policy where two are compared."""

    control_hz: int
    """Control steps per second [Hz]."""
    action_mode: str
    """Name of a function in ``dmi_sim/env/actions.py``; empty outside this package."""
    observations: tuple[str, ...]
    """Name of each observation and what it tells of, as ``actuated_angles[0]: waist.flexion``."""
    actions: tuple[ActionChannel, ...]

    @property
    def observation_shape(self) -> tuple[int]:
        """Shape of an observation."""
        return (len(self.observations),)

    @property
    def action_shape(self) -> tuple[int]:
        """Shape of an action."""
        return (len(self.actions),)

    def differences(self, other: "PolicyInterface") -> tuple[str, ...]:
        """The differences of another environment, one line each; empty when a policy fits both.

        Args:
            other: Interface of the environment at hand; ``self`` is that of the policy.
        """
        lines = list(_differences(self._told(), other._told()))
        if not lines and self.actions != other.actions:
            orders = (", ".join(action.name for action in one.actions) for one in (self, other))
            lines.append(_difference("order of actions", *orders))
        return _shortened(lines)

    def _told(self) -> dict[str, Any]:
        """The interface as differences of it are told: counts first, and actions by name."""
        data = self.model_dump(mode="json")
        return {
            "control_hz": self.control_hz,
            "action_mode": self.action_mode,
            "number of observations": len(self.observations),
            "number of actions": len(self.actions),
            "actions": {action["name"]: action for action in data["actions"]},
            "observations": data["observations"],
        }


class PractisedExercise(Strict):
    """An exercise as far as a policy feels it."""

    name: str
    """Name of a file in ``envs/``; the Gymnasium id for other environments."""
    felt: dict[str, JsonValue]
    """Fields of the exercise that alter observations, actions or physics, without defaults."""
    sha256: str
    """Hash of ``felt``."""

    @model_validator(mode="after")
    def _hash_is_right(self) -> Self:
        if self.sha256 != _hash(self.felt):
            raise ValueError(f"sha256: not the hash of what is felt in {self.name}")
        return self

    @property
    def repertoire(self) -> str | None:
        """Repertoire of commands and senses that it shares with other exercises, if any."""
        name = self.felt.get("repertoire")
        return name if isinstance(name, str) else None

    def differences(self, other: "PractisedExercise") -> tuple[str, ...]:
        """What is felt otherwise in another exercise, one line each.

        Args:
            other: The exercise at hand; ``self`` is the one that was practised.
        """
        if self.name != other.name:
            return (f"exercise: practised {self.name}, not {other.name}",)
        return _shortened(list(_differences(self.felt, other.felt, f"{self.name}: ")))


def policy_interface(env: Env) -> PolicyInterface:
    """The interface of an environment.

    Names are read from ``env.unwrapped.observation_names`` and ``action_names``, where there are
    such; what each action moves is known for environments of this package.

    Raises:
        InputError: If the spaces are not flat boxes or the control rate is not declared.
    """
    observation, action = _box(env, "observation"), _box(env, "action")
    build = _build(env)
    return PolicyInterface(
        control_hz=control_hz(env),
        action_mode=build.config.action_mode if build else "",
        observations=_observations(env, observation.shape[0], build),
        actions=tuple(
            ActionChannel(name=name, low=low, high=high, **(_moved(build, name) if build else {}))
            for name, low, high in zip(
                _names(env, "action", action.shape[0]),
                action.low.tolist(),
                action.high.tolist(),
                strict=True,
            )
        ),
    )


def practised_exercise(env: Env) -> PractisedExercise:
    """The exercise of an environment, as far as a policy feels it."""
    build = _build(env)
    return (
        _practised(environment_id(env), {})
        if build is None
        else felt_exercise(build.config.exercise, build.spec)
    )


def exercise_name(env: Env) -> str:
    """The name of the exercise of an environment, that of :func:`practised_exercise`."""
    build = _build(env)
    return environment_id(env) if build is None else build.config.exercise


def felt_exercise(name: str, spec: ExerciseSpec) -> PractisedExercise:
    """An exercise as far as a policy feels it.

    Fields at their defaults are left out, so that a field which comes with a later version, and
    changes nothing where it is not used, makes no bundle of today unfit.

    Args:
        name: Name of the exercise.
        spec: Its content.
    """
    return _practised(
        name, spec.model_dump(mode="json", exclude=set(NOT_FELT), exclude_defaults=True)
    )


def _practised(name: str, felt: dict[str, JsonValue]) -> PractisedExercise:
    return PractisedExercise(name=name, felt=felt, sha256=_hash(felt))


def _build(env: Env) -> EnvBuild | None:
    inner = env.unwrapped
    return inner.build if isinstance(inner, PostureEnv) else None


def _box(env: Env, side: str) -> Box:
    space = getattr(env, f"{side}_space")
    if isinstance(space, Box) and len(space.shape) == 1:
        return space
    raise InputError(
        f"{environment_id(env)}: a policy needs a flat Box as {side} space, not {space}"
    )


def _names(env: Env, side: str, size: int) -> tuple[str, ...]:
    """Names of the numbers of a space; their places where the environment gives none."""
    return getattr(env.unwrapped, f"{side}_names", tuple(f"{side}[{i}]" for i in range(size)))


def _observations(env: Env, size: int, build: EnvBuild | None) -> tuple[str, ...]:
    names = _names(env, "observation", size)
    if build is None:
        return names
    axes = [AXES[i].label for i in build.actuated]
    return tuple(_with_axis(name, axes, _names(env, "action", 0)) for name in names)


def _with_axis(name: str, axes: list[str], actions: tuple[str, ...]) -> str:
    """An observation with what it tells of, where that depends on the exercise.

    >>> _with_axis("actuated_angles[1]", ["neck.flexion", "neck.abduction"], ())
    'actuated_angles[1]: neck.abduction'
    """
    term, _, rest = name.partition("[")
    place, kind = int(rest.rstrip("]")), OBSERVATIONS[term]
    for per_one, fixed, labels in (
        (kind.per_actuated_axis, kind.fixed, axes),
        (kind.per_action, kind.fixed + kind.per_actuated_axis * len(axes), actions),
    ):
        if 0 <= place - fixed < per_one * len(labels):
            return f"{name}: {labels[(place - fixed) % len(labels)]}"
    return name


def _moved(build: EnvBuild, action: str) -> dict[str, Any]:
    """What an action of an exercise moves at full action, and by how much."""
    spec = build.spec
    if action in spec.synergies:
        synergy = spec.synergies[action]
        return {"axes_deg": {a: weight * synergy.range_deg for a, weight in synergy.axes.items()}}
    if action in spec.cocontractions:
        tensed = spec.cocontractions[action]
        return {"regions": dict.fromkeys(tensed.regions, tensed.range)}
    return {}


def _hash(felt: Mapping[str, JsonValue]) -> str:
    return sha256(json.dumps(felt, sort_keys=True, separators=(",", ":")).encode())


def _differences(ours: Any, theirs: Any, place: str = "") -> Iterator[str]:
    """Where two values of JSON differ, each innermost place on a line.

    >>> list(_differences({"range": {"neck": 60}}, {"range": {"neck": 30}}))
    ['range.neck: made for 60, this environment has 30']
    """
    if ours == theirs:
        return
    if isinstance(ours, Mapping) and isinstance(theirs, Mapping):
        dot = "." if place and not place.endswith(": ") else ""
        for key in dict.fromkeys((*ours, *theirs)):
            yield from _differences(ours.get(key), theirs.get(key), f"{place}{dot}{key}")
    elif isinstance(ours, list) and isinstance(theirs, list):
        for number, pair in enumerate(zip_longest(ours, theirs)):
            yield from _differences(*pair, f"{place}[{number}]")
    else:
        yield _difference(place, ours, theirs)


def _difference(place: str, ours: object, theirs: object) -> str:
    return f"{place}: made for {_told(ours)}, this environment has {_told(theirs)}"


def _told(value: object) -> str:
    return "none" if value is None else "one" if isinstance(value, Mapping) else str(value)


def _shortened(lines: list[str]) -> tuple[str, ...]:
    if len(lines) <= _MAX_LINES:
        return tuple(lines)
    return (*lines[:_MAX_LINES], f"and {len(lines) - _MAX_LINES} more differences")
