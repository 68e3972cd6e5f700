"""The moves of a platform that elicit postural responses, and trials of them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from dmi_sim.arrays import Vector
from dmi_sim.assessments.postural_responses.emg import (
    EmgTrace,
    record_commands,
    record_emg,
    replay_commands,
)
from dmi_sim.assessments.postural_responses.muscle_directions import fall_direction
from dmi_sim.env.posture_env import PostureEnv
from dmi_sim.nervous.motor_command import MotorCommand
from dmi_sim.physics.platform import STATIONARY, PlatformKeyframe, PlatformMotion
from dmi_sim.rollout.controllers import Controller
from dmi_sim.rollout.seeds import evaluation_seeds
from dmi_sim.spec.responses import DIRECTIONS, Direction, Motion, PlatformMovesSpec, ResponsesSpec

_PEAK = 1.875
"""Ratio of the largest to the mean speed of a minimum-jerk move."""
_SHIFT: dict[Direction, tuple[float, float]] = {
    "backward": (-1.0, 0.0),
    "forward": (1.0, 0.0),
    "left": (0.0, 1.0),
    "right": (0.0, -1.0),
}
_TILT: dict[Direction, tuple[float, float]] = {
    "backward": (0.0, -1.0),
    "forward": (0.0, 1.0),
    "left": (-1.0, 0.0),
    "right": (1.0, 0.0),
}


@dataclass(frozen=True)
class PlatformMove:
    """A move of the platform.

    Attributes:
        motion: Slide or tilt.
        towards: Direction of the slide, or side of the edge that goes down.
        speed: Name of the speed.
        size: Distance of a slide [m] or angle of a tilt [rad].
        duration_s: Duration from rest to rest [s].
    """

    motion: Motion
    towards: Direction
    speed: str
    size: float
    duration_s: float

    @property
    def fall(self) -> Direction:
        """Direction in which the body falls without a response."""
        return fall_direction(self.motion, self.towards)

    @property
    def peak_speed(self) -> float:
        """Largest speed of the platform [m/s] or [rad/s]."""
        return _PEAK * self.size / self.duration_s

    def platform_motion(self, at_s: float) -> PlatformMotion:
        """The motion of a platform that makes this move, starting at a time [s]."""
        end_s = at_s + self.duration_s
        if self.motion == "slide":
            x, y = _SHIFT[self.towards]
            return PlatformMotion(
                (
                    PlatformKeyframe(at_s),
                    PlatformKeyframe(end_s, shift_m=(x * self.size, y * self.size)),
                )
            )
        x, y = _TILT[self.towards]
        return PlatformMotion(
            (
                PlatformKeyframe(at_s),
                PlatformKeyframe(end_s, tilt_rad=(x * self.size, y * self.size)),
            )
        )


def moves_of(spec: PlatformMovesSpec) -> tuple[PlatformMove, ...]:
    """All moves of a procedure: slides, then tilts, by direction, slowest first."""
    sizes: tuple[tuple[Motion, float], ...] = (
        ("slide", spec.slide.value),
        ("tilt", float(np.radians(spec.tilt.value))),
    )
    speeds = sorted(spec.duration.items(), key=lambda one: -one[1].value)
    return tuple(
        PlatformMove(motion, direction, name, size, duration.value)
        for motion, size in sizes
        for direction in DIRECTIONS
        for name, duration in speeds
    )


@dataclass(frozen=True)
class Trial:
    """One move of the platform under an infant, beside the same time without the move.

    Attributes:
        time_s: Time after the platform began to move [s], shape (t,).
        activation: Activation of the muscles, shape (t, n).
        quiet: Activation with the same noise on a platform at rest, shape (t, n).
        reflexive: Activation during the move under the commands of the quiet trial: the response of
            mechanics and spinal reflexes, shape (t, n).
        fell: Whether the infant fell before the end.
    """

    time_s: Vector
    activation: Vector
    quiet: Vector
    reflexive: Vector
    fell: bool

    @property
    def extra(self) -> Vector:
        """Activation due to the move, shape (t, n); 0 before it."""
        return self.activation - self.quiet

    @property
    def sent(self) -> Vector:
        """Activation due to the controller's response to the move, shape (t, n)."""
        return self.activation - self.reflexive


@dataclass(frozen=True)
class _QuietTrial:
    """A trial with the platform at rest: seed, recording and the commands that were sent."""

    seed: int
    trace: EmgTrace
    commands: list[MotorCommand]


@dataclass(frozen=True)
class PlatformTrials:
    """Trials of one controller on a platform that moves at one time of each episode.

    Attributes:
        env: Environment with a platform.
        controller: Controller that acts; None for reflexes only (zero action).
        spec: Procedure of the assessment.
        moved_at_s: Time at which the platform begins to move [s].
        quiet: Trials with the platform at rest, one per seed.
    """

    env: PostureEnv
    controller: Controller | None
    spec: ResponsesSpec
    moved_at_s: float
    quiet: tuple[_QuietTrial, ...]

    @property
    def is_upright(self) -> bool:
        """Whether most quiet trials end without a fall."""
        return bool(np.mean([np.isfinite(one.trace.fell_at_s) for one in self.quiet]) < 0.5)

    def trials(self, move: PlatformMove) -> Iterator[Trial]:
        """The trials of a move, one per seed, without those in which the physics failed."""
        platform_motion = move.platform_motion(self.moved_at_s)
        for quiet in self.quiet:
            moved = self._record(quiet.seed, {"platform_motion": platform_motion})
            replayed = {
                "platform_motion": platform_motion,
                "voluntary": replay_commands(quiet.commands),
            }
            reflexive = self._record(quiet.seed, replayed) if self.controller is not None else moved
            if not (
                quiet.trace.has_physics_fault
                or moved.has_physics_fault
                or reflexive.has_physics_fault
            ):
                yield self._trial(quiet.trace, moved, reflexive)

    def _record(self, seed: int, options: Mapping[str, object]) -> EmgTrace:
        span_s = _span_s(self.spec, self.moved_at_s)
        return record_emg(self.env, self.controller, seed, span_s, options)

    def _trial(self, quiet: EmgTrace, moved: EmgTrace, reflexive: EmgTrace) -> Trial:
        return Trial(
            time_s=moved.time_s - self.moved_at_s,
            activation=moved.activation,
            quiet=quiet.activation,
            reflexive=reflexive.activation,
            fell=bool(np.isfinite(moved.fell_at_s)),
        )


def _span_s(spec: ResponsesSpec, moved_at_s: float) -> tuple[float, float]:
    """The recorded span of an episode: from the baseline to the end of the response [s]."""
    return moved_at_s - spec.onset.baseline.value, moved_at_s + spec.watched_s


def prepare_platform_trials(
    env: PostureEnv, controller: Controller | None, spec: ResponsesSpec, moved_at_s: float
) -> PlatformTrials:
    """Put a controller on the platform and record the quiet trials.

    Args:
        env: Environment with a platform; it stays open.
        controller: Controller that acts; None for reflexes only (zero action).
        spec: Procedure of the assessment.
        moved_at_s: Time at which the platform begins to move [s].
    """
    span_s = _span_s(spec, moved_at_s)
    quiet: list[_QuietTrial] = []
    for seed in evaluation_seeds(spec.trials.value):
        commands: list[MotorCommand] = []
        options = {"platform_motion": STATIONARY, "voluntary": record_commands(commands)}
        quiet.append(
            _QuietTrial(seed, record_emg(env, controller, seed, span_s, options), commands)
        )
    return PlatformTrials(env, controller, spec, moved_at_s, tuple(quiet))
