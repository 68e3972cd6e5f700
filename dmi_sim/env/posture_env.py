"""The one environment class: an infant, an exercise, a pair of hands."""

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import gymnasium as gym
import numpy as np
from gymnasium.spaces import Box
from numpy.typing import NDArray

from dmi_sim.arrays import Vector
from dmi_sim.render.shapes import visual_shapes
from dmi_sim.env.terminations import has_fallen
from dmi_sim.env.criteria import GOALS
from dmi_sim.env.context import Moment
from dmi_sim.env.push_sampling import draw_nudges
from dmi_sim.env.rewards import TERMS
from dmi_sim.env.cpg import build_rhythm
from dmi_sim.env.platform_sampling import draw_ride
from dmi_sim.env.observations import SENSES
from dmi_sim.env.config import RENDER_MODES, Choices, Setup, prepare, require_nudges
from dmi_sim.env.progress import Attempt
from dmi_sim.errors import InputError, did_you_mean
from dmi_sim.infant import Infant
from dmi_sim.nervous.motor_command import Command, relax
from dmi_sim.nervous.delay import DelayLine, sample_timing
from dmi_sim.render.camera import Camera
from dmi_sim.physics.pose import Pose
from dmi_sim.physics.push import Push
from dmi_sim.physics.platform import Ride
from dmi_sim.physics.state import State
from dmi_sim.physics.world import World
from dmi_sim.spec.exercise import TermSpec

if TYPE_CHECKING:
    from dmi_sim.render.window import Window

Observation = NDArray[np.float32]
Action = NDArray[np.float32]
Info = dict[str, Any]

OBSERVATION_LIMIT = 5.0
"""Senses are scaled to about one and clipped here."""

_NO_TOUCH = np.zeros(0)

_CHOICES = ("support", "support_strength", "nudges")
_OPTIONS = (*_CHOICES, "relaxed", "pushes", "ride", "voluntary")

Voluntary = Callable[[State, Command], Command]
"""What an infant adds to the command of its policy of its own accord."""


class PostureEnv(gym.Env[Observation, Action]):
    """An infant holds a posture against gravity, alone or in hands.

    Actions drive muscles in one of three modes, see :mod:`dmi_sim.env.actions`; 0 is a relaxed
    infant. Observations are the senses of the exercise, late and noisy. Episodes end (terminated)
    with a fall; they are cut (truncated) when the time is up or when the physics went wrong.
    Success is what the exercise says, see :mod:`dmi_sim.env.criteria`.

    Args:
        choices: Exercise, infant, hands.
        render_mode: ``rgb_array``, ``human`` or None.

    Raises:
        InputError: If a name is unknown or a value out of range.
    """

    metadata: dict[str, Any] = {"render_modes": list(RENDER_MODES), "render_fps": 30}

    def __init__(self, choices: Choices, render_mode: str | None = None) -> None:
        if render_mode is not None and render_mode not in RENDER_MODES:
            raise InputError(
                f"render_mode: no '{render_mode}'; {did_you_mean(render_mode, RENDER_MODES)}"
            )
        self.render_mode = render_mode
        self.setup: Setup = prepare(choices)
        spec = self.setup.spec
        self.metadata = {**self.metadata, "render_fps": spec.control_hz}
        self._steps_in_episode = round(spec.duration_s * spec.control_hz)
        self._ticks = spec.physics_hz // spec.control_hz
        nervous = self.infant.nervous
        self._sample_tick, self._waiting = sample_timing(
            nervous.central_delay_s, spec.physics_hz, spec.control_hz
        )
        self._actions = self.setup.actions(self.setup.start.angle_rad)
        self.action_layout = self._actions.names
        self._rhythm = build_rhythm(spec, self.action_layout)
        self.layout = observation_names(self.setup, len(self.action_layout))
        self._used = [SENSES[name] for name in spec.senses]
        self._noise = np.array(sense_noise(self.setup, len(self.action_layout)))
        self._motor_noise = np.array(nervous.motor_noise)
        self._feels_touch = "touch" in spec.senses
        self._labels = {name: f"reward/{name}" for name in (*spec.rewards, *spec.on_end)}
        self._driven, self._length_m = self.setup.driven, self.setup.infant.length_m
        self.observation_space = Box(
            -OBSERVATION_LIMIT, OBSERVATION_LIMIT, (len(self.layout),), np.float32
        )
        self.action_space = Box(-1.0, 1.0, (len(self.action_layout),), np.float32)
        self._moment: Moment | None = None
        self._world: World | None = None
        self._camera: Camera | None = None
        self._window: Window | None = None

    def __getstate__(self) -> dict[str, Any]:
        """What a copy in another process is made from; it starts before its first reset."""
        return {"choices": self.setup.choices, "render_mode": self.render_mode}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Make the copy."""
        self.__init__(**state)

    @property
    def infant(self) -> Infant:
        """Who is in this environment."""
        return self.setup.infant

    @property
    def world(self) -> World:
        """The physics, built when first needed."""
        if self._world is None:
            setup = self.setup
            self._world = World(self.infant, setup.start, setup.spec.physics_hz, setup.scene)
        return self._world

    @property
    def state(self) -> State:
        """The world at the last control step.

        Raises:
            RuntimeError: Before the first reset.
        """
        return self.moment.state

    @property
    def moment(self) -> Moment:
        """What terms see at the last control step.

        Raises:
            RuntimeError: Before the first reset.
        """
        if self._moment is None:
            raise RuntimeError("there is no state before the first reset")
        return self._moment

    @property
    def done(self) -> float:
        """How much of the exercise the infant has completed in this episode, 0 to 1."""
        return self._attempt.done

    @property
    def is_nudged(self) -> bool:
        """Whether the infant is pushed in this episode."""
        return self._is_nudged

    def reset(
        self, *, seed: int | None = None, options: Mapping[str, Any] | None = None
    ) -> tuple[Observation, Info]:
        """Begin an episode.

        Args:
            seed: Starts the environment's random numbers anew; None goes on.
            options: For this episode: ``support``, ``support_strength``, ``nudges``, ``relaxed``
                (no muscle acts, whatever the actions), ``pushes`` (exactly these, in place of drawn
                ones), ``ride`` (how the board moves), ``voluntary`` (changes each command before
                it reaches the muscles, given the state that it starts from).

        Raises:
            InputError: If an option is unknown or out of range.
        """
        super().reset(seed=seed)
        options = dict(options or {})
        chosen = self._episode_choices(options)
        hold = self.setup.hold(chosen.support, chosen.support_strength)
        self._is_nudged = chosen.nudges
        self._is_relaxed = bool(options.get("relaxed", False))
        self._voluntary: Voluntary = options.get("voluntary") or _as_it_is
        pose = self._drawn_start()
        nudges = self._drawn_nudges()  # always, so that pushes change nothing before they come
        pushes = options.get("pushes", nudges if chosen.nudges else ())
        self.world.reset(pose, hold, pushes, options.get("ride", self._drawn_ride()))
        self._begin(self.world.state(ticks=0))
        self._show()
        return self._observe(), self._info({})

    def _drawn_start(self) -> Pose:
        start, driven = self.world.start, self.setup.driven
        spread = math.radians(self.setup.spec.start.spread_deg)
        angle = start.angle_rad.copy()
        angle[driven] += self.np_random.normal(0, spread, driven.size)
        return replace(start, angle_rad=angle)

    def _drawn_nudges(self) -> tuple[Push, ...]:
        spec = self.setup.spec
        if spec.nudges is None:
            return ()
        return draw_nudges(spec.nudges, self.infant.mass_kg, spec.duration_s, self.np_random)

    def _drawn_ride(self) -> Ride:
        spec = self.setup.spec
        return draw_ride(spec.board, spec.duration_s, self._length_m, self.np_random)

    def _episode_choices(self, options: Mapping[str, Any]) -> Choices:
        for name in options:
            if name not in _OPTIONS:
                raise InputError(f"options: no '{name}'; {did_you_mean(name, _OPTIONS)}")
        chosen = {name: options[name] for name in _CHOICES if name in options}
        choices = replace(self.setup.choices, **chosen)
        require_nudges(choices, self.setup.spec)
        return choices

    def _begin(self, state: State) -> None:
        still = np.zeros(len(self.action_layout))
        self._steps, self._attempt = 0, Attempt(self.setup.spec.success.hold_s)
        self._start = replace(state, joint_angle_rad=self.world.start.angle_rad)
        self._moment = self._seen(state, still, still)
        self._senses = DelayLine(self._waiting, self._central(self._moment))

    def _seen(
        self, state: State, action: Vector, last_action: Vector, *, has_fallen: bool = False
    ) -> Moment:
        return Moment(
            state=state,
            start=self._start,
            action=action,
            last_action=last_action,
            joints=self.world.proprioception(),
            touch=self.world.touch() if self._feels_touch else _NO_TOUCH,
            driven=self._driven,
            body_length_m=self._length_m,
            has_fallen=has_fallen,
            rhythm_rad=self._rhythm.phase_rad(state.time_s) if self._rhythm else 0.0,
        )

    def step(self, action: Action) -> tuple[Observation, float, bool, bool, Info]:
        """One control step.

        Args:
            action: In [-1, 1], one for each synergy; clipped.

        Raises:
            InputError: If the action has another shape or is not finite.
        """
        command = self._checked(action)
        last = self.moment.action
        world = self.world
        world.begin_control_step(self._driven_by(command), self._drawn_motor_noise())
        world.advance(self._sample_tick)
        sampled = world.state(self._sample_tick)
        world.advance(self._ticks - self._sample_tick)
        self._steps += 1
        if world.is_broken:  # the last good state stands for a world that is no more
            return self._observe(), 0.0, False, True, self._info({})
        is_now = self._sample_tick == self._ticks
        state = sampled if is_now else world.state(self._ticks)
        fell = has_fallen(self.setup.spec.fall, state, self._start)
        now = self._seen(state, command, last, has_fallen=fell)
        self._senses.push(self._central(now if is_now else replace(now, state=sampled)))
        return self._finish(now)

    def _finish(self, now: Moment) -> tuple[Observation, float, bool, bool, Info]:
        self._moment, fell = now, now.has_fallen
        self._attempt = self._attempt.after(self._share_of_goal(), 1 / self.setup.spec.control_hz)
        self._show()
        terms = self._reward_terms(now)
        truncated = not fell and self._steps >= self._steps_in_episode
        return self._observe(), sum(terms.values()), fell, truncated, self._info(terms)

    def _driven_by(self, action: Vector) -> Command:
        if self._is_relaxed:
            return relax(self.infant.muscles)
        if self._rhythm:
            action = action * self._rhythm.gains(self.state.time_s)
        return self._voluntary(self.state, self._actions.command(action))

    def _share_of_goal(self) -> float:
        aim = self.setup.spec.success
        return GOALS[aim.goal](self.moment, **aim.params)

    def _checked(self, action: Action) -> Vector:
        command = np.asarray(action, dtype=np.float64)
        if command.shape != self.action_space.shape:
            raise InputError(f"action: shape {command.shape}, not {self.action_space.shape}")
        if not math.isfinite(command.sum()):
            raise InputError("action: not all values are finite")
        return np.minimum(np.maximum(command, -1.0), 1.0)

    def _drawn_motor_noise(self) -> Vector:
        return self._motor_noise * self.np_random.standard_normal(self._motor_noise.size)

    def _central(self, moment: Moment) -> list[Vector]:
        return [sense.feel(moment) for sense in self._used if sense.is_central]

    def _observe(self) -> Observation:
        late = iter(self._senses.arrived)
        parts = [next(late) if s.is_central else s.feel(self.moment) for s in self._used]
        felt = np.concatenate(parts)
        felt += self._noise * self.np_random.standard_normal(felt.size)
        within = np.minimum(np.maximum(felt, -OBSERVATION_LIMIT), OBSERVATION_LIMIT)
        return within.astype(np.float32)

    def _reward_terms(self, moment: Moment) -> dict[str, float]:
        spec = self.setup.spec
        terms = {n: _value(t, moment) / spec.control_hz for n, t in spec.rewards.items()}
        if moment.has_fallen:
            terms |= {n: _value(t, moment) for n, t in spec.on_end.items()}
        return terms

    def _info(self, terms: Mapping[str, float]) -> Info:
        state = self.moment.state
        rewards = {label: terms.get(name, 0.0) for name, label in self._labels.items()}
        return {
            "is_success": self.done >= 1.0 and not self.world.is_broken,
            "physics_fault": self.world.is_broken,
            "support_force_n": state.support_force_n,
            "support_share": state.support_share,
            "head_height_m": state.head_height_m,
            "com_m": state.com_m.copy(),
            "upright_rad": state.upright_rad,
            **rewards,
        }

    def render(self) -> NDArray[np.uint8] | None:  # type: ignore[override]
        """A picture from the front right, shape (height, width, 3).

        None in ``human`` mode, which shows the infant in a page of the browser as it goes.
        """
        if self.render_mode != "rgb_array":
            return None
        if self._camera is None:
            self._camera = Camera(self.infant, self.setup.scene)
        return self._camera.picture(self.state)

    def _show(self) -> None:
        if self.render_mode != "human":
            return
        if self._window is None:
            from dmi_sim.render.window import Window

            setup = self.setup
            self._window = Window(visual_shapes(self.infant), setup.spec.control_hz, setup.scene)
        self._window.show(self.state)

    def close(self) -> None:
        """Free physics, camera and page; twice does no harm."""
        for part in (self._world, self._camera, self._window):
            if part is not None:
                part.close()
        self._world = self._camera = self._window = None


def _as_it_is(_state: State, command: Command) -> Command:
    """No movement beside the policy's."""
    return command


def _value(term: TermSpec, moment: Moment) -> float:
    return term.weight * TERMS[term.term](moment, **term.params)


def observation_names(setup: Setup, actions: int) -> tuple[str, ...]:
    """What each number of an observation is: sense and place, in order."""
    driven = setup.driven.size
    return tuple(
        f"{name}[{i}]"
        for name in setup.spec.senses
        for i in range(SENSES[name].size(driven, actions))
    )


def sense_noise(setup: Setup, actions: int) -> tuple[float, ...]:
    """Standard deviation of each number of an observation, in order."""
    driven, noise = setup.driven.size, setup.infant.nervous.noise
    return tuple(
        SENSES[name].noise(noise)
        for name in setup.spec.senses
        for _ in range(SENSES[name].size(driven, actions))
    )
