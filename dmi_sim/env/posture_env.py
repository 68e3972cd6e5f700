"""The one environment class: an infant, an exercise, a support."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import gymnasium as gym
import numpy as np
from gymnasium.spaces import Box
from numpy.typing import NDArray

from dmi_sim.arrays import Vector
from dmi_sim.catalog import Catalog
from dmi_sim.env.config import RENDER_MODES, EnvBuild, EnvConfig, build_env
from dmi_sim.env.context import StepContext
from dmi_sim.env.cpg import build_cpg
from dmi_sim.env.interventions import (
    PUSH_S,
    pull_force_n,
    push_impulse_ns,
    pushed_segment,
    require_duration,
    segment_index,
)
from dmi_sim.env.options import EpisodeOptions, Voluntary, episode_options
from dmi_sim.env.perturbations import draw_platform_motion, draw_pushes, draw_start
from dmi_sim.env.progress import CriterionProgress
from dmi_sim.env.sensing import OBSERVATION_LIMIT, Observation, SensoryPathway
from dmi_sim.env.task import build_task
from dmi_sim.errors import InputError, did_you_mean
from dmi_sim.infant import Infant
from dmi_sim.nervous.motor_command import MotorCommand, silent_command
from dmi_sim.physics.state import State
from dmi_sim.physics.support import NO_SUPPORT
from dmi_sim.physics.world import World
from dmi_sim.render.camera import Camera
from dmi_sim.render.shapes import visual_shapes
from dmi_sim.spec.support_schedule import FadingByTime, SupportSchedule

if TYPE_CHECKING:
    from dmi_sim.render.window import Window

__all__ = ["OBSERVATION_LIMIT", "Action", "Info", "Observation", "PostureEnv", "Voluntary"]

Action = NDArray[np.float32]
Info = dict[str, Any]


@dataclass(frozen=True)
class _Fading:
    """Hands whose firmness changes while they hold.

    Attributes:
        schedule: What they do.
        strength: Multiplies their firmness, 0 to 1.
        since_s: Time at which they took hold [s].
    """

    schedule: SupportSchedule
    strength: float
    since_s: float = 0.0


@dataclass
class _Episode:
    """One episode as far as it has come."""

    options: EpisodeOptions
    start: State
    context: StepContext
    progress: CriterionProgress
    fading: _Fading | None
    steps: int = 0


class PostureEnv(gym.Env[Observation, Action]):
    """An infant holds a posture against gravity, alone or supported by hands.

    Actions drive muscles in one of the modes of :mod:`dmi_sim.env.actions`; the zero action leaves
    the infant to its reflexes in ``posture`` mode and limp in the others. Observations are those of
    the exercise, late and noisy. Episodes end (terminated) with a fall; they are cut (truncated)
    when the time is up or when the physics went wrong. Success is what the exercise says, see
    :mod:`dmi_sim.env.criteria`.

    Args:
        config: Exercise, infant, support.
        render_mode: ``rgb_array``, ``human`` or None.
        catalog: Catalog that files are read from; the shipped one by default.

    Attributes:
        build: The exercise and the infant, read and checked.
        action_names: Name of each number of an action.
        observation_names: Name of each number of an observation.

    Raises:
        InputError: If a name is unknown or a value out of range.
    """

    metadata: dict[str, Any] = {"render_modes": list(RENDER_MODES), "render_fps": 30}

    def __init__(
        self, config: EnvConfig, render_mode: str | None = None, catalog: Catalog | None = None
    ) -> None:
        if render_mode not in (None, *RENDER_MODES):
            raise InputError(
                f"render_mode: no '{render_mode}'; {did_you_mean(render_mode, RENDER_MODES)}"
            )
        self.render_mode = render_mode
        self.build: EnvBuild = build_env(config, catalog)
        self._made_from = {"config": self.build.config, "catalog": catalog}
        spec, nervous = self.build.spec, self.infant.nervous
        self.metadata = {**self.metadata, "render_fps": spec.control_hz}
        self._steps_in_episode = round(spec.duration_s * spec.control_hz)
        self._physics_steps = spec.physics_hz // spec.control_hz
        self._task = build_task(spec)
        self._labels = {name: f"reward/{name}" for name in self._task.reward_names}
        self._actuated, self._length_m = self.build.actuated, self.infant.length_m
        self._actions = self.build.actions(self.build.start.angle_rad)
        self.action_names = self._actions.names
        self._cpg = build_cpg(spec, self.action_names)
        self._motor_noise = np.array(nervous.motor_noise)
        self._senses = SensoryPathway(
            spec.observations,
            nervous,
            (spec.physics_hz, spec.control_hz),
            self._actuated.size,
            len(self.action_names),
        )
        self.observation_names = self._senses.names
        self.observation_space = Box(
            -OBSERVATION_LIMIT, OBSERVATION_LIMIT, (len(self.observation_names),), np.float32
        )
        low, high = self._actions.low, self._actions.high
        self.action_space = Box(low, high, (len(self.action_names),), np.float32)
        self._episode: _Episode | None = None
        self._world: World | None = None
        self._camera: Camera | None = None
        self._window: Window | None = None

    def __getstate__(self) -> dict[str, Any]:
        """The arguments of a copy in another process; it starts before its first reset."""
        return {**self._made_from, "render_mode": self.render_mode}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Make the copy."""
        self.__init__(**state)

    @property
    def infant(self) -> Infant:
        """The infant in this environment."""
        return self.build.infant

    @property
    def world(self) -> World:
        """The physics, built when first needed."""
        if self._world is None:
            build = self.build
            self._world = World(self.infant, build.start, build.spec.physics_hz, build.scene)
        return self._world

    @property
    def state(self) -> State:
        """The world at the last control step.

        Raises:
            RuntimeError: Before the first reset.
        """
        return self._now.context.state

    @property
    def context(self) -> StepContext:
        """The last control step as terms see it.

        Raises:
            RuntimeError: Before the first reset.
        """
        return self._now.context

    @property
    def completion(self) -> float:
        """Share of the exercise that the infant has completed in this episode, 0 to 1.

        Raises:
            RuntimeError: Before the first reset.
        """
        return self._now.progress.completion

    @property
    def is_pushed(self) -> bool:
        """Whether the infant is pushed in this episode.

        Raises:
            RuntimeError: Before the first reset.
        """
        return self._now.options.pushes

    @property
    def _now(self) -> _Episode:
        if self._episode is None:
            raise RuntimeError("there is no state before the first reset")
        return self._episode

    def reset(
        self, *, seed: int | None = None, options: Mapping[str, Any] | None = None
    ) -> tuple[Observation, Info]:
        """Begin an episode.

        Args:
            seed: Starts the environment's random numbers anew; None goes on.
            options: Fields of :class:`dmi_sim.env.options.EpisodeOptions`, for this episode only.

        Raises:
            InputError: If an option is unknown or out of range.
        """
        super().reset(seed=seed)
        chosen = episode_options(self.build, options or {})
        schedule = self.build.schedule(chosen.support)
        support = self.build.support(schedule, chosen.support_strength)
        spec, infant, random = self.build.spec, self.infant, self.np_random
        pose = draw_start(self.world.start, self._actuated, spec.start.angle_sd_deg, random)
        # Pushes are drawn in any case, so that asking for them changes nothing before they come.
        pushes = draw_pushes(spec.pushes, infant.mass_kg, spec.duration_s, random)
        motion = draw_platform_motion(spec.platform, spec.duration_s, self._length_m, random)
        if chosen.push_schedule is not None:
            pushes = chosen.push_schedule
        elif not chosen.pushes:
            pushes = ()
        if chosen.platform_motion is not None:
            motion = chosen.platform_motion
        self.world.reset(pose, support, pushes, motion)
        self._begin(chosen, _fading(schedule, chosen.support_strength))
        self._show()
        return self._observe(), self._info({})

    @property
    def support_schedule(self) -> SupportSchedule:
        """What hands do in this environment, unless a reset says otherwise."""
        return self.build.schedule(self.build.config.support)

    def hold(
        self, support: str | SupportSchedule | Mapping[str, object], strength: float = 1.0
    ) -> None:
        """Put hands on the infant as it is now, in place of those that held it.

        They act from the next step to the end of the episode; a path or a fading of theirs begins
        now.

        Args:
            support: One of the supports of the exercise, such as ``axillae``, or a schedule.
            strength: Scales stiffness and caps of the hands, 0 to 1; at 0 nobody holds.

        Raises:
            InputError: If the exercise does not know the support or the strength is out of range.
            RuntimeError: If there is no episode.
        """
        schedule = self.build.schedule(support)
        hands, world = self.build.support(schedule, strength), self._running
        world.hold(hands)
        self._now.fading = _fading(schedule, strength, world.time_s)

    def let_go(self) -> None:
        """Take all hands off the infant, from the next step on.

        Raises:
            RuntimeError: If there is no episode.
        """
        self._running.hold(NO_SUPPORT)
        self._now.fading = None

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
            RuntimeError: If there is no episode.
        """
        index = pushed_segment(self.build.spec, segment)
        impulse_ns = push_impulse_ns(direction, impulse_n_s, self.infant)
        require_duration(duration_s)
        self._running.push(index, impulse_ns, duration_s)

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
            RuntimeError: If there is no episode.
        """
        force = pull_force_n(force_n, self.infant)
        if duration_s is not None:
            require_duration(duration_s)
        if segment is not None:
            self._running.pull(segment_index(segment), force, duration_s)
        elif force.any():
            raise InputError(f"segment: None ends all pulls; name the one that {force_n} N pulls")
        else:
            self._running.end_pulls()

    @property
    def _running(self) -> World:
        """The world of the episode that has begun."""
        _ = self._now
        return self.world

    def _begin(self, options: EpisodeOptions, fading: _Fading | None) -> None:
        state = self.world.state(physics_steps=0)
        start = replace(state, joint_angle_rad=self.world.start.angle_rad)
        zero = np.zeros(len(self.action_names))
        context = self._seen(state, start, zero, zero)
        progress = CriterionProgress(self.build.spec.success.hold_s)
        self._episode = _Episode(options, start, context, progress, fading)
        self._senses.begin(context)

    def _seen(self, state: State, start: State, action: Vector, last_action: Vector) -> StepContext:
        return StepContext(
            state=state,
            start=start,
            action=action,
            last_action=last_action,
            joints=self.world.proprioception(),
            read_contact_force=self.world.contact_force,
            actuated=self._actuated,
            body_length_m=self._length_m,
            cpg_phase_rad=self._cpg.phase_rad(state.time_s) if self._cpg else 0.0,
        )

    def step(self, action: Action) -> tuple[Observation, float, bool, bool, Info]:
        """One control step.

        Args:
            action: One number for each of :attr:`action_names`, in [-1, 1]; clipped.

        Raises:
            InputError: If the action has another shape or is not finite.
        """
        checked = self._checked(action)
        episode, world, sample_step = self._now, self.world, self._senses.sample_step
        if episode.fading:
            self._fade(episode.fading)
        world.begin_control_step(self._command(checked), self._drawn_motor_noise())
        world.advance(sample_step)
        sampled = world.state(sample_step)
        world.advance(self._physics_steps - sample_step)
        episode.steps += 1
        if world.has_physics_fault:  # the last good state stands for a world that is no more
            return self._observe(), 0.0, False, True, self._info({})
        is_now = sample_step == self._physics_steps
        state = sampled if is_now else world.state(self._physics_steps)
        seen = self._seen(state, episode.start, checked, episode.context.action)
        now = replace(seen, has_fallen=True) if self._task.has_fallen(seen) else seen
        self._senses.sample(now if is_now else replace(now, state=sampled))
        return self._finish(now)

    def _fade(self, fading: _Fading) -> None:
        """Hold as firmly as the schedule says now, until the next control step."""
        held_s = self.world.time_s - fading.since_s
        self.world.change_firmness(self.build.support(fading.schedule, fading.strength, held_s))

    def _finish(self, now: StepContext) -> tuple[Observation, float, bool, bool, Info]:
        episode, fell = self._now, now.has_fallen
        episode.context = now
        episode.progress = episode.progress.after(
            self._task.criterion(now), 1 / self._task.control_hz
        )
        self._show()
        terms = self._task.rewards_at(now)
        truncated = not fell and episode.steps >= self._steps_in_episode
        return self._observe(), sum(terms.values()), fell, truncated, self._info(terms)

    def _command(self, action: Vector) -> MotorCommand:
        options, state = self._now.options, self.state
        if options.silent_muscles:
            return silent_command(self.infant.muscles)
        if self._cpg:
            action = action * self._cpg.gains(state.time_s)
        command = self._actions.command(action)
        return options.voluntary(state, command) if options.voluntary else command

    def _checked(self, action: Action) -> Vector:
        checked = np.asarray(action, dtype=np.float64)
        if checked.shape != self.action_space.shape:
            raise InputError(f"action: shape {checked.shape}, not {self.action_space.shape}")
        if not math.isfinite(checked.sum()):
            raise InputError("action: not all values are finite")
        return np.minimum(np.maximum(checked, self._actions.low), self._actions.high)

    def _drawn_motor_noise(self) -> Vector:
        return self._motor_noise * self.np_random.standard_normal(self._motor_noise.size)

    def _observe(self) -> Observation:
        return self._senses.observe(self.context, self.np_random)

    def _info(self, terms: Mapping[str, float]) -> Info:
        state, has_fault = self.state, self.world.has_physics_fault
        rewards = {label: terms.get(name, 0.0) for name, label in self._labels.items()}
        return {
            "is_success": self.completion >= 1.0 and not has_fault,
            "completion": float(self.completion),
            "physics_fault": has_fault,
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

            build = self.build
            self._window = Window(visual_shapes(self.infant), build.spec.control_hz, build.scene)
        self._window.show(self.state)

    def close(self) -> None:
        """Free physics, camera and page; twice does no harm."""
        for part in (self._world, self._camera, self._window):
            if part is not None:
                part.close()
        self._world = self._camera = self._window = None


def _fading(schedule: SupportSchedule, strength: float, since_s: float = 0.0) -> _Fading | None:
    """The fading of a schedule whose firmness goes by time; None for any other."""
    if not isinstance(schedule.firmness, FadingByTime):
        return None
    return _Fading(schedule, strength, since_s)
