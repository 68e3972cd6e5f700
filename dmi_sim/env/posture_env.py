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
from dmi_sim.catalog import Catalog
from dmi_sim.env.config import RENDER_MODES, EnvBuild, EnvConfig, build_env, require_pushes
from dmi_sim.env.context import StepContext
from dmi_sim.env.cpg import build_cpg
from dmi_sim.env.criteria import CRITERIA
from dmi_sim.env.observations import OBSERVATIONS
from dmi_sim.env.platform_sampling import draw_platform_motion
from dmi_sim.env.progress import CriterionProgress
from dmi_sim.env.push_sampling import draw_pushes
from dmi_sim.env.rewards import REWARD_TERMS
from dmi_sim.env.terminations import has_fallen
from dmi_sim.errors import InputError, did_you_mean
from dmi_sim.infant import Infant
from dmi_sim.nervous.delay import SensoryDelayBuffer, sampling_schedule
from dmi_sim.nervous.motor_command import MotorCommand, silent_command
from dmi_sim.physics.platform import PlatformMotion
from dmi_sim.physics.pose import Pose
from dmi_sim.physics.push import Push
from dmi_sim.physics.state import State
from dmi_sim.physics.world import World
from dmi_sim.render.camera import Camera
from dmi_sim.render.shapes import visual_shapes
from dmi_sim.spec.exercise import TermSpec

if TYPE_CHECKING:
    from dmi_sim.render.window import Window

Observation = NDArray[np.float32]
Action = NDArray[np.float32]
Info = dict[str, Any]

OBSERVATION_LIMIT = 5.0
"""Senses are scaled to about one and clipped here."""

_NO_TOUCH = np.zeros(0)

_CHOICES = ("support", "support_strength", "pushes")
_OPTIONS = (*_CHOICES, "silent_muscles", "push_schedule", "platform_motion", "voluntary")

Voluntary = Callable[[State, MotorCommand], MotorCommand]
"""What an infant adds to the command of its policy of its own accord."""


class PostureEnv(gym.Env[Observation, Action]):
    """An infant holds a posture against gravity, alone or in hands.

    Actions drive muscles in one of three modes, see :mod:`dmi_sim.env.actions`; 0 is a silent_muscles
    infant. Observations are the observations of the exercise, late and noisy. Episodes end (terminated)
    with a fall; they are cut (truncated) when the time is up or when the physics went wrong.
    Success is what the exercise says, see :mod:`dmi_sim.env.criteria`.

    Args:
        choices: Exercise, infant, hands.
        render_mode: ``rgb_array``, ``human`` or None.
        catalog: Source of the files of infant, exercise and hands; the shipped one if None.

    Raises:
        InputError: If a name is unknown or a value out of range.
    """

    metadata: dict[str, Any] = {"render_modes": list(RENDER_MODES), "render_fps": 30}

    def __init__(
        self, choices: EnvConfig, render_mode: str | None = None, catalog: Catalog | None = None
    ) -> None:
        if render_mode is not None and render_mode not in RENDER_MODES:
            raise InputError(
                f"render_mode: no '{render_mode}'; {did_you_mean(render_mode, RENDER_MODES)}"
            )
        self.render_mode = render_mode
        self.build: EnvBuild = build_env(choices, catalog)
        spec = self.build.spec
        self.metadata = {**self.metadata, "render_fps": spec.control_hz}
        self._steps_in_episode = round(spec.duration_s * spec.control_hz)
        self._physics_steps = spec.physics_hz // spec.control_hz
        nervous = self.infant.nervous
        self._sample_step, self._waiting = sampling_schedule(
            nervous.central_delay_s, spec.physics_hz, spec.control_hz
        )
        self._actions = self.build.actions(self.build.start.angle_rad)
        self.action_names = self._actions.names
        self._cpg = build_cpg(spec, self.action_names)
        self.observation_names = observation_names(self.build, len(self.action_names))
        self._used = [OBSERVATIONS[name] for name in spec.observations]
        self._noise = np.array(sensory_noise(self.build, len(self.action_names)))
        self._motor_noise = np.array(nervous.motor_noise)
        self._needs_contact_force = "contact_force" in spec.observations
        self._labels = {name: f"reward/{name}" for name in (*spec.rewards, *spec.on_fall)}
        self._actuated, self._length_m = self.build.actuated, self.build.infant.length_m
        self.observation_space = Box(
            -OBSERVATION_LIMIT, OBSERVATION_LIMIT, (len(self.observation_names),), np.float32
        )
        self.action_space = Box(-1.0, 1.0, (len(self.action_names),), np.float32)
        self._context: StepContext | None = None
        self._world: World | None = None
        self._camera: Camera | None = None
        self._window: Window | None = None

    def __getstate__(self) -> dict[str, Any]:
        """What a copy in another process is made from; it starts before its first reset."""
        build = self.build
        return {"choices": build.choices, "render_mode": self.render_mode, "catalog": build.catalog}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Make the copy."""
        self.__init__(**state)

    @property
    def infant(self) -> Infant:
        """Who is in this environment."""
        return self.build.infant

    @property
    def world(self) -> World:
        """The physics, built when first needed."""
        if self._world is None:
            setup = self.build
            self._world = World(self.infant, setup.start, setup.spec.physics_hz, setup.scene)
        return self._world

    @property
    def state(self) -> State:
        """The world at the last control step.

        Raises:
            RuntimeError: Before the first reset.
        """
        return self.context.state

    @property
    def context(self) -> StepContext:
        """What terms see at the last control step.

        Raises:
            RuntimeError: Before the first reset.
        """
        if self._context is None:
            raise RuntimeError("there is no state before the first reset")
        return self._context

    @property
    def completion(self) -> float:
        """How much of the exercise the infant has completed in this episode, 0 to 1."""
        return self._progress.completion

    @property
    def is_pushed(self) -> bool:
        """Whether the infant is pushed in this episode."""
        return self._is_pushed

    def reset(
        self, *, seed: int | None = None, options: Mapping[str, Any] | None = None
    ) -> tuple[Observation, Info]:
        """Begin an episode.

        Args:
            seed: Starts the environment's random numbers anew; None goes on.
            options: For this episode: ``support``, ``support_strength``, ``pushes``, ``silent_muscles``
                (no muscle acts, whatever the actions), ``pushes`` (exactly these, in place of drawn
                ones), ``platform_motion`` (how the platform moves), ``voluntary`` (changes each command before
                it reaches the muscles, given the state that it starts from).

        Raises:
            InputError: If an option is unknown or out of range.
        """
        super().reset(seed=seed)
        options = dict(options or {})
        chosen = self._episode_choices(options)
        hold = self.build.hold(chosen.support, chosen.support_strength)
        self._is_pushed = chosen.pushes
        self._muscles_are_silent = bool(options.get("silent_muscles", False))
        self._voluntary: Voluntary = options.get("voluntary") or _as_it_is
        pose = self._drawn_start()
        pushes = self._drawn_pushes()  # always, so that pushes change nothing before they come
        pushes = options.get("push_schedule", pushes if chosen.pushes else ())
        self.world.reset(
            pose, hold, pushes, options.get("platform_motion", self._drawn_platform_motion())
        )
        self._begin(self.world.state(physics_steps=0))
        self._show()
        return self._observe(), self._info({})

    def _drawn_start(self) -> Pose:
        start, actuated = self.world.start, self.build.actuated
        spread = math.radians(self.build.spec.start.angle_sd_deg)
        angle = start.angle_rad.copy()
        angle[actuated] += self.np_random.normal(0, spread, actuated.size)
        return replace(start, angle_rad=angle)

    def _drawn_pushes(self) -> tuple[Push, ...]:
        spec = self.build.spec
        if spec.pushes is None:
            return ()
        return draw_pushes(spec.pushes, self.infant.mass_kg, spec.duration_s, self.np_random)

    def _drawn_platform_motion(self) -> PlatformMotion:
        spec = self.build.spec
        return draw_platform_motion(spec.platform, spec.duration_s, self._length_m, self.np_random)

    def _episode_choices(self, options: Mapping[str, Any]) -> EnvConfig:
        for name in options:
            if name not in _OPTIONS:
                raise InputError(f"options: no '{name}'; {did_you_mean(name, _OPTIONS)}")
        chosen = {name: options[name] for name in _CHOICES if name in options}
        choices = replace(self.build.choices, **chosen)
        require_pushes(choices, self.build.spec)
        return choices

    def _begin(self, state: State) -> None:
        still = np.zeros(len(self.action_names))
        self._steps, self._progress = 0, CriterionProgress(self.build.spec.success.hold_s)
        self._start = replace(state, joint_angle_rad=self.world.start.angle_rad)
        self._context = self._seen(state, still, still)
        self._senses = SensoryDelayBuffer(self._waiting, self._central(self._context))

    def _seen(
        self, state: State, action: Vector, last_action: Vector, *, has_fallen: bool = False
    ) -> StepContext:
        return StepContext(
            state=state,
            start=self._start,
            action=action,
            last_action=last_action,
            joints=self.world.proprioception(),
            contact_force=self.world.contact_force() if self._needs_contact_force else _NO_TOUCH,
            actuated=self._actuated,
            body_length_m=self._length_m,
            has_fallen=has_fallen,
            cpg_phase_rad=self._cpg.phase_rad(state.time_s) if self._cpg else 0.0,
        )

    def step(self, action: Action) -> tuple[Observation, float, bool, bool, Info]:
        """One control step.

        Args:
            action: In [-1, 1], one for each synergy; clipped.

        Raises:
            InputError: If the action has another shape or is not finite.
        """
        command = self._checked(action)
        last = self.context.action
        world = self.world
        world.begin_control_step(self._driven_by(command), self._drawn_motor_noise())
        world.advance(self._sample_step)
        sampled = world.state(self._sample_step)
        world.advance(self._physics_steps - self._sample_step)
        self._steps += 1
        if world.has_physics_fault:  # the last good state stands for a world that is no more
            return self._observe(), 0.0, False, True, self._info({})
        is_now = self._sample_step == self._physics_steps
        state = sampled if is_now else world.state(self._physics_steps)
        fell = has_fallen(self.build.spec.fall, state, self._start)
        now = self._seen(state, command, last, has_fallen=fell)
        self._senses.push(self._central(now if is_now else replace(now, state=sampled)))
        return self._finish(now)

    def _finish(self, now: StepContext) -> tuple[Observation, float, bool, bool, Info]:
        self._context, fell = now, now.has_fallen
        self._progress = self._progress.after(self._share_of_goal(), 1 / self.build.spec.control_hz)
        self._show()
        terms = self._reward_terms(now)
        truncated = not fell and self._steps >= self._steps_in_episode
        return self._observe(), sum(terms.values()), fell, truncated, self._info(terms)

    def _driven_by(self, action: Vector) -> MotorCommand:
        if self._muscles_are_silent:
            return silent_command(self.infant.muscles)
        if self._cpg:
            action = action * self._cpg.gains(self.state.time_s)
        return self._voluntary(self.state, self._actions.command(action))

    def _share_of_goal(self) -> float:
        aim = self.build.spec.success
        return CRITERIA[aim.criterion](self.context, **aim.params)

    def _checked(self, action: Action) -> Vector:
        command = np.asarray(action, dtype=np.float64)
        if command.shape != self.action_space.shape:
            raise InputError(f"action: shape {command.shape}, not {self.action_space.shape}")
        if not math.isfinite(command.sum()):
            raise InputError("action: not all values are finite")
        return np.minimum(np.maximum(command, -1.0), 1.0)

    def _drawn_motor_noise(self) -> Vector:
        return self._motor_noise * self.np_random.standard_normal(self._motor_noise.size)

    def _central(self, context: StepContext) -> list[Vector]:
        return [sense.compute(context) for sense in self._used if sense.is_delayed]

    def _observe(self) -> Observation:
        late = iter(self._senses.delayed)
        parts = [next(late) if s.is_delayed else s.compute(self.context) for s in self._used]
        felt = np.concatenate(parts)
        felt += self._noise * self.np_random.standard_normal(felt.size)
        within = np.minimum(np.maximum(felt, -OBSERVATION_LIMIT), OBSERVATION_LIMIT)
        return within.astype(np.float32)

    def _reward_terms(self, context: StepContext) -> dict[str, float]:
        spec = self.build.spec
        terms = {n: _value(t, context) / spec.control_hz for n, t in spec.rewards.items()}
        if context.has_fallen:
            terms |= {n: _value(t, context) for n, t in spec.on_fall.items()}
        return terms

    def _info(self, terms: Mapping[str, float]) -> Info:
        state = self.context.state
        rewards = {label: terms.get(name, 0.0) for name, label in self._labels.items()}
        return {
            "is_success": self.completion >= 1.0 and not self.world.has_physics_fault,
            "physics_fault": self.world.has_physics_fault,
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
            self._camera = Camera(self.infant, self.build.scene)
        return self._camera.picture(self.state)

    def _show(self) -> None:
        if self.render_mode != "human":
            return
        if self._window is None:
            from dmi_sim.render.window import Window

            setup = self.build
            self._window = Window(visual_shapes(self.infant), setup.spec.control_hz, setup.scene)
        self._window.show(self.state)

    def close(self) -> None:
        """Free physics, camera and page; twice does no harm."""
        for part in (self._world, self._camera, self._window):
            if part is not None:
                part.close()
        self._world = self._camera = self._window = None


def _as_it_is(_state: State, command: MotorCommand) -> MotorCommand:
    """No movement beside the policy's."""
    return command


def _value(term: TermSpec, context: StepContext) -> float:
    return term.weight * REWARD_TERMS[term.term](context, **term.params)


def observation_names(setup: EnvBuild, actions: int) -> tuple[str, ...]:
    """What each number of an observation is: sense and place, in order."""
    actuated = setup.actuated.size
    return tuple(
        f"{name}[{i}]"
        for name in setup.spec.observations
        for i in range(OBSERVATIONS[name].size(actuated, actions))
    )


def sensory_noise(setup: EnvBuild, actions: int) -> tuple[float, ...]:
    """Standard deviation of each number of an observation, in order."""
    actuated, noise = setup.actuated.size, setup.infant.nervous.noise
    return tuple(
        OBSERVATIONS[name].noise(noise)
        for name in setup.spec.observations
        for _ in range(OBSERVATIONS[name].size(actuated, actions))
    )
