"""One episode as it goes: the infant is moved, seen and judged, control step by control step."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dmi_sim.arrays import Vector
from dmi_sim.env.actions import Actions
from dmi_sim.env.config import SupportLike
from dmi_sim.env.contact_history import ContactHistory
from dmi_sim.env.context import StepContext
from dmi_sim.env.infant_setup import InfantSetup
from dmi_sim.env.options import EpisodeOptions
from dmi_sim.env.perturbations import (
    draw_platform_motion,
    draw_pushes,
    pushes_as_drawn,
)
from dmi_sim.env.progress import begin_progress
from dmi_sim.env.sensing import Observation
from dmi_sim.errors import InputError, shown
from dmi_sim.nervous.motor_command import MotorCommand, silent_command
from dmi_sim.nervous.signals import bring_within
from dmi_sim.physics.platform import PlatformMotion
from dmi_sim.physics.push import Push
from dmi_sim.physics.state import State
from dmi_sim.physics.support import NO_SUPPORT
from dmi_sim.spec.support_schedule import FadingByTime, SupportSchedule

NO_TERMS: Mapping[str, float] = {}


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
    since_s: float


class Episode:
    """An episode of one infant, from its start pose on.

    Args:
        setup: The infant and what is asked of it.
        options: Choices for this episode.
        random: Source of start pose, pushes and platform motion.
        largest_steps: Control steps after which the time is up; infinite without a limit.

    Attributes:
        context: The last control step as terms see it.
        progress: How far the exercise has come.
        steps: Control steps so far.
        truncated: Whether the time is up or the physics went wrong.
    """

    def __init__(
        self,
        setup: InfantSetup,
        options: EpisodeOptions,
        random: np.random.Generator,
        largest_steps: float,
    ) -> None:
        self.setup, self.options, self._largest_steps = setup, options, largest_steps
        self._exercise, self._senses = setup.exercise, setup.senses
        self._put_down(random)
        state = setup.world.observe()
        self._start = replace(state, joint_angle_rad=setup.world.start.angle_rad)
        zero = np.zeros(len(setup.actions.names))
        history = ContactHistory() if setup.exercise.task.needs_contact_history else None
        self.context = self._seen(state, zero, zero, history)
        self.progress = begin_progress(setup.build.spec.success)
        self.steps, self.truncated = 0, False
        self._motor_noise: Vector | None = None
        self._senses.begin(self.context)

    def _put_down(self, random: np.random.Generator) -> None:
        """Put the infant into its start pose, in its surroundings and in the hands."""
        build, options = self.setup.build, self.options
        pose = self.setup.starts.draw(random)
        pushes, motion = self._drawn_perturbations(random)
        support = build.support(options.support, options.support_strength)
        self.setup.world.reset(pose, support, pushes, motion)
        self._fading = self._fading_of(options.support, options.support_strength)

    def _drawn_perturbations(
        self, random: np.random.Generator
    ) -> tuple[tuple[Push, ...], PlatformMotion]:
        build, options, spec = self.setup.build, self.options, self.setup.build.spec
        pushes = tuple(options.push_schedule or ())
        if spec.pushes:
            # Drawn in any case, so that asking for pushes changes nothing before they come.
            drawn = draw_pushes(spec.pushes, spec.duration_s, random)
            if options.pushes and options.push_schedule is None:
                pushes = pushes_as_drawn(spec.pushes, drawn, build.infant.mass_kg)
        motion = draw_platform_motion(spec.platform, spec.duration_s, self.setup.length_m, random)
        return pushes, motion if options.platform_motion is None else options.platform_motion

    @property
    def is_over(self) -> bool:
        """Whether the infant has fallen or the episode was cut."""
        return self.truncated or self.context.has_fallen

    @property
    def has_physics_fault(self) -> bool:
        """Whether the physics went wrong."""
        return self.setup.world.has_physics_fault

    def hold(self, support: SupportLike, strength: float) -> None:
        """Put hands on the infant as it is now, see :meth:`.PostureEnv.hold`."""
        self.setup.world.hold(self.setup.build.support(support, strength))
        self._fading = self._fading_of(support, strength)

    def let_go(self) -> None:
        """Take all hands off the infant."""
        self.setup.world.hold(NO_SUPPORT)
        self._fading = None

    def _fading_of(self, support: SupportLike, strength: float) -> _Fading | None:
        """The fading of hands that take hold now; None of those that do not fade with time."""
        schedule = self.setup.build.schedule(support)
        if not isinstance(schedule.firmness, FadingByTime):
            return None
        return _Fading(schedule, strength, self.setup.world.time_s)

    def _fade(self, fading: _Fading) -> None:
        """Hold as firmly as the schedule says now, until the next control step."""
        build, world = self.setup.build, self.setup.world
        held_s = world.time_s - fading.since_s
        world.change_firmness(build.support(fading.schedule, fading.strength, held_s))

    def advance(self, action: Vector, random: np.random.Generator) -> Mapping[str, float]:
        """Go on by one control step.

        Args:
            action: The action, finite and within its bounds.
            random: Source of the noise of the muscles.

        Returns:
            The share of each term in the reward; nothing if the physics went wrong.
        """
        world, sample_step = self.setup.world, self._senses.sample_step
        physics_steps = self._exercise.physics_steps
        if self._fading:
            self._fade(self._fading)
        action = self._exercise.smoothed(action, self.context.action)
        world.begin_control_step(self._command(action), self._drawn_motor_noise(random))
        world.advance(sample_step)
        seen = self._seen(world.observe(), action, self.context.action)
        felt = self._senses.felt(seen)  # now: contacts are told of no other time
        if sample_step < physics_steps:
            world.advance(physics_steps - sample_step)
            seen = self._seen(world.observe(), action, self.context.action)
        self.steps += 1
        if world.has_physics_fault:  # the last good state stands for a world that is no more
            self.truncated = True
            return NO_TERMS
        self._senses.send(felt)
        seen = self._with_history(seen)
        has_fallen = self._exercise.task.has_fallen(seen)
        return self._judged(replace(seen, has_fallen=True) if has_fallen else seen)

    def _judged(self, now: StepContext) -> Mapping[str, float]:
        task, self.context = self._exercise.task, now
        lasting = [criterion(now) for criterion in task.lasting]
        self.progress = self.progress.after(
            task.criterion(now), 1 / task.control_hz, lasting, has_fallen=now.has_fallen
        )
        self.truncated = not now.has_fallen and self.steps >= self._largest_steps
        return task.rewards_at(now)

    def observe(self, random: np.random.Generator) -> Observation:
        """The observation that arrives now.

        Args:
            random: Source of the noise of the senses.
        """
        return self._senses.observe(self.context, random)

    def info(self, terms: Mapping[str, float]) -> dict[str, Any]:
        """What an environment tells beside the observation, with the same keys at all times.

        Args:
            terms: The share of each term in the reward; one that is not told is 0.
        """
        state, has_fault = self.context.state, self.has_physics_fault
        labels = self._exercise.reward_labels.items()
        rewards = {label: float(terms.get(name, 0.0)) for name, label in labels}
        completion = float(self.progress.completion)
        return {
            "is_success": completion >= 1.0 and not has_fault,
            "completion": completion,
            "physics_fault": has_fault,
            "support_force_n": state.support_force_n,
            "support_share": state.support_share,
            "head_height_m": state.head_height_m,
            "com_m": state.com_m.copy(),
            "upright_rad": state.upright_rad,
            **rewards,
        }

    def _with_history(self, seen: StepContext) -> StepContext:
        """The step with what was touched up to it, where a term asks for that."""
        if self.context.history is None:
            return seen
        dt_s, height = 1 / self._exercise.task.control_hz, seen.height_m / seen.body_length_m
        history = self.context.history.after(seen.contact_force, height, dt_s)
        return replace(seen, history=history)

    def _seen(
        self,
        state: State,
        action: Vector,
        last_action: Vector,
        history: ContactHistory | None = None,
    ) -> StepContext:
        world, exercise = self.setup.world, self._exercise
        return StepContext(
            state=state,
            start=self._start,
            action=action,
            last_action=last_action,
            joints=world.proprioception(),
            read_contact_force=world.contact_force,
            actuated=self.setup.build.actuated,
            body_length_m=self.setup.length_m,
            surface=self.setup.surface,
            history=history,
            cpg_phase_rad=exercise.phase_rad(state.time_s),
            cue=exercise.cue,
            asked_velocity=exercise.asked_velocity,
        )

    def _command(self, action: Vector) -> MotorCommand:
        options, state, cpg = self.options, self.context.state, self._exercise.cpg
        if options.silent_muscles:
            return silent_command(self.setup.build.infant.muscles)
        if cpg:
            action = action * cpg.gains(state.time_s)
        command = self.setup.actions.command(action)
        return options.voluntary(state, command) if options.voluntary else command

    def _drawn_motor_noise(self, random: np.random.Generator) -> Vector:
        sd, drawn = self.setup.motor_noise, random.standard_normal(self.setup.motor_noise.size)
        self._motor_noise = self.setup.noise.after(self._motor_noise, drawn)
        return sd * self._motor_noise


def checked_action(action: NDArray[np.float32], actions: Actions) -> Vector:
    """An action within its bounds, shape (n_actions,).

    Raises:
        InputError: If it has another shape or is not finite.
    """
    count = len(actions.names)
    try:
        checked = np.array(action, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        raise InputError(f"action: {shown(action)} is not {count} numbers") from None
    if checked.shape != (count,):
        raise InputError(f"action: shape {checked.shape}, not {(count,)}")
    if not bring_within(checked, actions.low, actions.high):
        raise InputError("action: not all values are finite")
    return checked
