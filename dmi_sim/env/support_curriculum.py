"""A support schedule over practice: hands that change from episode to episode.

An environment alone begins every episode as if it were the first of its schedule, so that one seed
always gives one episode. :class:`SupportCurriculum` remembers what has happened and tells the
environment at each reset what hands do next, also when a vectorised environment resets by itself.
"""

from dataclasses import dataclass, field
from typing import Any, SupportsFloat

import gymnasium as gym
from gymnasium.utils import RecordConstructorArgs

from dmi_sim.env.posture_env import PostureEnv
from dmi_sim.env.support_schedule import (
    EpisodeResult,
    ScheduledSupport,
    SupportState,
    for_episode,
    needs_planned_dose,
    state_after,
    support_at,
)
from dmi_sim.errors import InputError
from dmi_sim.spec.support_schedule import SupportSchedule

_Env = gym.Env[Any, Any]


@dataclass
class SupportProgress:
    """How far one infant has come on its schedule; all environments of the infant share it."""

    state: SupportState = field(default_factory=SupportState)

    def count_practice(self, hours: float) -> None:
        """Add to the practice so far [h]."""
        dose_h = self.state.dose_h + hours
        self.state = self.state.model_copy(update={"dose_h": dose_h})


class SupportCurriculum(gym.Wrapper[Any, Any, Any, Any], RecordConstructorArgs):
    """An environment whose hands change from episode to episode, as its schedule says.

    The schedule is the ``support`` that the environment was made with. An episode that a reset cuts
    off, or that ends in a physics fault, counts as practice, but neither as success nor as failure.
    So does an episode for which ``reset`` is told another support.

    Args:
        env: Environment of an exercise.
        progress: How far the infant has come; environments that share it practise as one infant. A
            new one by default.
        planned_h: Practice planned in all [h], for firmness that fades over a share of it.

    Raises:
        InputError: If the environment is of another kind, or if a planned practice is needed.

    >>> import dmi_sim
    >>> made = gym.make("DMI/Sitting-v1", support="as_needed")
    >>> env = SupportCurriculum(made)
    >>> env.next_support
    ScheduledSupport(site='pelvis', firmness=0.5)
    >>> env.close()
    """

    def __init__(
        self, env: _Env, progress: SupportProgress | None = None, planned_h: float | None = None
    ) -> None:
        # What is made again from `env.spec` begins as an infant of its own.
        RecordConstructorArgs.__init__(self, planned_h=planned_h)
        gym.Wrapper.__init__(self, env)
        self.progress = progress or SupportProgress()
        self._inner = _posture_env(env)
        self._schedule = self._inner.support_schedule
        self._step_h = 1.0 / self._inner.build.spec.control_hz / 3600
        self._site: int | None = None  # of this episode; None if it is not part of the schedule
        self._plan(planned_h)

    def _plan(self, planned_h: float | None) -> None:
        """Note the practice that is planned, and refuse a state that does not fit the schedule."""
        state, sites = self.progress.state, self._schedule.site
        if planned_h is not None and not planned_h > 0:
            raise InputError(f"planned_h: {planned_h} is not above 0")
        if planned_h is not None:
            state = state.model_copy(update={"planned_h": planned_h})
        if state.site >= len(sites):
            raise InputError(f"progress: site {state.site} of a schedule of {len(sites)}, from 0")
        if needs_planned_dose(self._schedule) and state.planned_h is None:
            raise InputError(
                "support: firmness.over_share: a share of what? give planned_h, or use over_h"
            )
        self.progress.state = state

    @property
    def next_support(self) -> ScheduledSupport:
        """What hands do at the beginning of the next episode."""
        return support_at(self._schedule, self.progress.state)

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Any, dict[str, Any]]:
        """Begin an episode in the hands that the schedule says, unless ``options`` name others."""
        chosen = dict(options or {})
        self._site = None if "support" in chosen else self.progress.state.site
        if self._site is not None:
            chosen["support"] = for_episode(self._schedule, self.progress.state)
        return self.env.reset(seed=seed, options=chosen)

    def step(self, action: Any) -> tuple[Any, SupportsFloat, bool, bool, dict[str, Any]]:
        """One control step; the last one of an episode moves the schedule on."""
        observation, reward, terminated, truncated, info = self.env.step(action)
        self.progress.count_practice(self._step_h)
        tells = self._site is not None and not info["physics_fault"]
        if tells and (terminated or truncated):
            result = EpisodeResult(
                info["is_success"], info["completion"], site=self._site, fell=terminated
            )
            self.progress.state = state_after(self._schedule, self.progress.state, result)
        return observation, reward, terminated, truncated, info


def with_support_curriculum(
    env: _Env, progress: SupportProgress, planned_h: float | None = None
) -> _Env:
    """The environment with a curriculum, if its hands change with practice; else the same one."""
    inner = env.unwrapped
    if isinstance(inner, PostureEnv) and inner.support_schedule.changes_with_practice:
        return SupportCurriculum(env, progress, planned_h)
    return env


def support_of(env: _Env, state: SupportState) -> ScheduledSupport:
    """Site and strength of the hands in an environment at a state of practice.

    They are those at the beginning of an episode; an environment of another kind has no hands.
    """
    inner = env.unwrapped
    if not isinstance(inner, PostureEnv):
        return ScheduledSupport("none", 0.0)
    build = inner.build
    held = build.support(for_episode(inner.support_schedule, state), build.config.support_strength)
    return ScheduledSupport(held.site, held.strength)


def held_options(env: _Env, state: SupportState) -> dict[str, SupportSchedule]:
    """Options of a reset with which hands do what the schedule says at a state of practice."""
    inner = env.unwrapped
    if isinstance(inner, PostureEnv) and inner.support_schedule.changes_with_practice:
        return {"support": for_episode(inner.support_schedule, state)}
    return {}


def _posture_env(env: _Env) -> PostureEnv:
    inner = env.unwrapped
    if not isinstance(inner, PostureEnv):
        raise InputError(
            f"{type(inner).__name__}: a support curriculum needs an environment DMI/..."
        )
    return inner
