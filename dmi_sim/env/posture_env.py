"""The one environment class: an infant, an exercise, a support."""

import math
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import replace
from typing import Any

import gymnasium as gym
import numpy as np
from gymnasium.error import ResetNeeded
from gymnasium.spaces import Box
from numpy.typing import NDArray

from dmi_sim.arrays import Vector
from dmi_sim.catalog import Catalog
from dmi_sim.env.config import RENDER_MODES, EnvBuild, EnvConfig, SupportLike, build_env
from dmi_sim.env.context import StepContext
from dmi_sim.env.description import Row, describe
from dmi_sim.env.env_state import Deed, EnvState, replay, require_state_of
from dmi_sim.env.episode import Episode, checked_action
from dmi_sim.env.exercise_choice import draw_exercise
from dmi_sim.env.infant_setup import InfantSetup, InfantSetups
from dmi_sim.env.interventions import (
    PUSH_S,
    HandsOff,
    Intervention,
    hands_on,
    pull_now,
    push_now,
)
from dmi_sim.env.kept import kept
from dmi_sim.env.options import (
    EpisodeOptions,
    Voluntary,
    episode_options,
    split_options,
    with_defaults,
)
from dmi_sim.env.pictures import Pictures
from dmi_sim.env.sensing import OBSERVATION_LIMIT, Observation
from dmi_sim.infant import Infant
from dmi_sim.physics.state import State
from dmi_sim.physics.world import World
from dmi_sim.render.picture_format import PictureFormat
from dmi_sim.spec.support_schedule import SupportSchedule

__all__ = ["OBSERVATION_LIMIT", "Action", "Info", "Observation", "PostureEnv", "Voluntary"]

Action = NDArray[np.float32]
Info = dict[str, Any]
_FRONT_RIGHT = PictureFormat()


class PostureEnv(gym.Env[Observation, Action]):
    """An infant holds a posture against gravity, alone or supported by hands.

    Actions drive muscles in one of the modes of :mod:`dmi_sim.env.actions`; the zero action leaves
    the infant to its reflexes in ``posture`` mode and limp in the others. Observations are those of
    the exercise, late and noisy. Episodes end (terminated) with a fall; they are cut (truncated)
    when the time is up or when the physics went wrong. Success is what the exercise says, see
    :mod:`dmi_sim.env.criteria`.

    The exercise limits the time, or ``max_episode_steps`` alone in what ``gym.make`` has made.

    Args:
        config: Exercise, infant, support.
        render_mode: ``rgb_array``, ``human`` or None.
        catalog: Catalog that files are read from; the shipped one by default.
        drawn: From where and how large ``rgb_array`` draws the infant.
        exercises: Exercises that a reset may ask for, which draws one if it is not told; only that
            of ``config`` if none.

    Attributes:
        action_names: Name of each number of an action.
        observation_names: Name of each number of an observation.
        leaves_time_to_gymnasium: Whether a wrapper of ``gym.make`` keeps the time limit.

    Raises:
        InputError: If a name is unknown or a value out of range.
    """

    metadata: dict[str, Any] = {"render_modes": list(RENDER_MODES), "render_fps": 30}

    def __init__(
        self,
        config: EnvConfig,
        render_mode: str | None = None,
        catalog: Catalog | None = None,
        drawn: PictureFormat = _FRONT_RIGHT,
        exercises: Sequence[str] = (),
    ) -> None:
        self._pictures = Pictures(render_mode, drawn)
        self.render_mode = render_mode
        self._setups = InfantSetups(lambda chosen: build_env(chosen, catalog), config, exercises)
        self._setup: InfantSetup = self._setups.own
        self._exercises = tuple(exercises)
        # Of several exercises each has an age of its own, where the configuration says none.
        self._config = config if exercises else self.build.config
        self._made_from = (self._config, render_mode, catalog, drawn, self._exercises)
        spec = self.build.spec
        self.metadata = {**self.metadata, "render_fps": spec.control_hz}
        self.action_names = self._setup.actions.names
        self.observation_names = self._setup.senses.names
        self.observation_space = Box(
            -OBSERVATION_LIMIT, OBSERVATION_LIMIT, (len(self.observation_names),), np.float32
        )
        actions = self._setup.actions
        self.action_space = Box(actions.low, actions.high, (len(actions.names),), np.float32)
        self.leaves_time_to_gymnasium = False
        self._default_options: dict[str, Any] = {}
        self._episode: Episode | None = None
        self._began: EnvState | None = None
        self._deeds: list[Deed] = []

    def __getstate__(self) -> dict[str, Any]:
        """What a copy is made from: arguments, options, random numbers and the state."""
        return {
            "made_from": self._made_from,
            "attributes": {name: self.__dict__[name] for name in _CARRIED if name in self.__dict__},
            "state": self.get_state() if self._episode else None,
        }

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Make the copy; an episode that has begun is played again up to where it was."""
        self.__init__(*state["made_from"])
        random = state["attributes"].get("_np_random")
        now = random and random.bit_generator.state
        self.__dict__.update(state["attributes"])
        if state["state"] is not None:
            self.set_state(state["state"])
        if random:
            random.bit_generator.state = now

    @property
    def build(self) -> EnvBuild:
        """The exercise and the infant of this episode, read and checked."""
        return self._setup.build

    @property
    def infant(self) -> Infant:
        """The infant of this episode."""
        return self.build.infant

    @property
    def world(self) -> World:
        """The physics, built when first needed."""
        return self._setup.world

    def describe(self) -> tuple[Row, ...]:
        """One row for each number of an observation and of an action."""
        return describe(self._setup)

    @property
    def state(self) -> State:
        """The world at the last control step.

        Raises:
            ResetNeeded: Before the first reset and after closing.
        """
        return self._now.context.state

    @property
    def context(self) -> StepContext:
        """The last control step as terms see it."""
        return self._now.context

    @property
    def completion(self) -> float:
        """Share of the exercise that the infant has completed in this episode, 0 to 1."""
        return self._now.progress.completion

    @property
    def is_pushed(self) -> bool:
        """Whether pushes come in this episode, drawn or of a schedule."""
        return self._now.options.is_pushed

    @property
    def _now(self) -> Episode:
        if self._episode is None:
            raise ResetNeeded(_NO_EPISODE)
        return self._episode

    @property
    def default_options(self) -> dict[str, Any]:
        """Options of every reset; those of one reset win."""
        return kept(self._default_options)

    def set_default_options(self, options: Mapping[str, Any] | None = None) -> None:
        """Set options of every reset from now on, also of those that a vector environment makes.

        Args:
            options: As those of :meth:`reset`; None for none.

        Raises:
            InputError: If an option is unknown or out of range.
        """
        wanted = with_defaults({}, options)
        self._chosen(self._with_exercise(wanted, seed=0))
        self._default_options = wanted

    def _chosen(self, options: Mapping[str, Any]) -> tuple[InfantSetup, EpisodeOptions]:
        """The infant and the options of an episode, checked before anything changes."""
        of_infant, of_episode = split_options(options)
        setup = self._setups.chosen(of_infant)
        return setup, episode_options(setup.build, of_episode)

    def reset(
        self, *, seed: int | None = None, options: Mapping[str, Any] | None = None
    ) -> tuple[Observation, Info]:
        """Begin an episode.

        Args:
            seed: Starts the environment's random numbers anew; None goes on.
            options: For this episode only: fields of :class:`dmi_sim.env.options.EpisodeOptions`,
                and whatever says who the infant is, such as ``age_months`` and ``condition``.

        Raises:
            InputError: If an option is unknown or out of range; nothing has changed then.
        """
        wanted = self._with_exercise(with_defaults(self._default_options, options), seed)
        setup, chosen = self._chosen(wanted)
        super().reset(seed=seed)
        random = self.np_random.bit_generator.state
        self._begin(setup, chosen, EnvState(self._config, random, wanted, ()))
        self._pictures.show(self.build, self.state)
        return self._now.observe(self.np_random), self._now.info({})

    def _with_exercise(self, options: dict[str, Any], seed: int | None) -> dict[str, Any]:
        """The options of a reset, with an exercise at random where there are several to choose."""
        if not self._exercises or "exercise" in options:
            return options
        random = deepcopy(self.np_random) if seed is None else np.random.default_rng(seed)
        made_with = {"support": self._config.support, "pushes": self._config.pushes}
        wanted, catalog = {**made_with, **options}, self.build.catalog
        return {**options, "exercise": draw_exercise(self._exercises, catalog, wanted, random)}

    def _begin(self, setup: InfantSetup, chosen: EpisodeOptions, began: EnvState) -> None:
        is_timed = self.leaves_time_to_gymnasium and self.spec is not None
        limit = math.inf if is_timed else setup.build.spec.episode_steps
        self._setup, self._began, self._deeds = setup, began, []
        self._episode = Episode(setup, chosen, self.np_random, limit)

    def get_state(self) -> EnvState:
        """The state of the episode, to return to with :meth:`set_state`; it can be pickled.

        Raises:
            ResetNeeded: Before the first reset and after closing.
        """
        if self._began is None:
            raise ResetNeeded(_NO_EPISODE)
        return replace(self._began, options=kept(self._began.options), deeds=tuple(self._deeds))

    def set_state(self, state: EnvState) -> None:
        """Return to a state, exact to the bit: its episode is played again up to there.

        That takes as long as the steps that led there. Wrappers around the environment, such as a
        time limit, are left as they are.

        Args:
            state: State of an environment that was made in the same way, in any process.

        Raises:
            InputError: If it is of an environment that was made in another way.
        """
        require_state_of(state, self._config)
        options = kept(state.options)
        setup, chosen = self._chosen(options)
        self.np_random.bit_generator.state = state.random_state
        self._begin(setup, chosen, replace(state, options=options, deeds=()))
        replay(self._now, state.deeds, self.np_random)
        self._deeds = list(state.deeds)
        self._pictures.show(self.build, self.state)

    @property
    def support_schedule(self) -> SupportSchedule:
        """What hands do in this environment, unless a reset says otherwise."""
        return self.build.schedule(self.build.config.support)

    def hold(self, support: SupportLike, strength: float = 1.0) -> None:
        """Put hands on the infant as it is now, in place of those that held it.

        They act from the next step on; a path or a fading of theirs begins now.

        Args:
            support: One of the supports of the exercise, such as ``axillae``, or a schedule.
            strength: Scales stiffness and caps of the hands, 0 to 1; at 0 nobody holds.

        Raises:
            InputError: If the exercise does not know the support or the strength is out of range.
        """
        self._treat(hands_on(self.build, support, strength))

    def let_go(self) -> None:
        """Take all hands off the infant, from the next step on."""
        self._treat(HandsOff())

    def push(
        self,
        direction: str,
        impulse_n_s: float,
        segment: str | None = None,
        duration_s: float = PUSH_S,
    ) -> None:
        """Push the infant from the next step on, with a constant force for a short time.

        Args:
            direction: ``forward``, ``backward``, ``left``, ``right``, ``up`` or ``down`` in the
                room, in which the infant faces forward when the episode begins.
            impulse_n_s: Force times duration [N s].
            segment: Segment at whose centre of mass the push acts; the one that the exercise
                pushes by default.
            duration_s: Duration [s], rounded to whole physics steps, at least one.

        Raises:
            InputError: If a name is unknown or a number out of range.
        """
        self._treat(push_now(self.build, direction, impulse_n_s, segment, duration_s))

    def pull(
        self,
        segment: str | None,
        force_n: Sequence[float] | Vector | None = None,
        duration_s: float | None = None,
    ) -> None:
        """Pull a segment at its centre of mass from the next step on, until told otherwise.

        The pull stands in place of the last one on that segment. It lasts for ``duration_s``, or
        without one until the episode ends or the segment is pulled with another force;
        ``pull(segment)`` ends it, ``pull(None)`` ends all.

        Args:
            segment: Name of the segment; None for all, whose pulls end.
            force_n: Force forward, left and up in the room [N]; None or zero for no pull.
            duration_s: Duration [s], rounded to whole physics steps; None for no end.

        Raises:
            InputError: If the segment is unknown or a number out of range.
        """
        self._treat(pull_now(self.infant, segment, force_n, duration_s))

    def _treat(self, intervention: Intervention) -> None:
        """Do something to the infant as it is now, and note it among the deeds."""
        intervention.act_on(self._now)
        self._deeds.append(intervention)

    def step(self, action: Action) -> tuple[Observation, float, bool, bool, Info]:
        """One control step.

        Args:
            action: One number for each of :attr:`action_names`, clipped to its bounds.

        Raises:
            InputError: If the action has another shape or is not finite.
            ResetNeeded: Before the first reset, after the end of an episode and after closing.
        """
        episode = self._now
        if episode.is_over and not episode.options.steps_after_end:
            raise ResetNeeded("the episode is over: call reset() before the next step()")
        checked = checked_action(action, self._setup.actions)
        self._deeds.append(checked)
        terms = episode.advance(checked, self.np_random)
        self._pictures.show(self.build, episode.context.state)
        fell, reward = episode.context.has_fallen, float(sum(terms.values()))
        observation = episode.observe(self.np_random)
        return observation, reward, fell, episode.truncated, episode.info(terms)

    def render(self) -> NDArray[np.uint8] | None:  # type: ignore[override]
        """A picture of the infant, shape (height, width, 3).

        None in ``human`` mode, which shows the infant in a page of the browser as it goes.
        """
        if self.render_mode != "rgb_array":
            return None
        return self._pictures.picture(self.build, self.state)

    def close(self) -> None:
        """Free physics, camera and page; twice does no harm. A reset opens it again."""
        self._setups.close()
        self._pictures.close()
        self._episode = self._began = None


_NO_EPISODE = "there is no state before the first reset, nor after close()"
_CARRIED = (
    "leaves_time_to_gymnasium", "spec", "action_space", "_default_options", "_np_random",
    "_np_random_seed",
)  # fmt: skip
"""Attributes that a copy of an environment takes over as they are."""
