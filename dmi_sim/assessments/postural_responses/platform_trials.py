"""The moves of a platform that provoke postural responses, and trials of them."""

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
"""Largest over mean speed of a minimum-jerk move."""
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
class Move:
    """One way in which the platform moves.

    Attributes:
        motion: Slide or tilt.
        towards: Direction of the slide, or the edge that goes down.
        speed: Name of its speed.
        size: Size of the move, [m] or [rad].
        duration_s: Duration from rest to rest [s].
    """

    motion: Motion
    towards: Direction
    speed: str
    size: float
    duration_s: float

    @property
    def fall(self) -> Direction:
        """Where the body falls unless it answers."""
        return fall_direction(self.motion, self.towards)

    @property
    def peak_speed(self) -> float:
        """Largest speed of the platform [m/s] or [rad/s]."""
        return _PEAK * self.size / self.duration_s

    def platform_motion(self, at_s: float) -> PlatformMotion:
        """The motion of a platform that makes this move from a time on [s]."""
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


def moves_of(spec: PlatformMovesSpec) -> tuple[Move, ...]:
    """All moves of a procedure: slides, then tilts, each way at each speed, slowest first."""
    sizes: tuple[tuple[Motion, float], ...] = (
        ("slide", spec.slide.value),
        ("tilt", float(np.radians(spec.tilt.value))),
    )
    speeds = sorted(spec.duration.items(), key=lambda one: -one[1].value)
    return tuple(
        Move(motion, direction, name, size, duration.value)
        for motion, size in sizes
        for direction in DIRECTIONS
        for name, duration in speeds
    )


@dataclass(frozen=True)
class Trial:
    """One move under one infant, beside the same seconds without it.

    Attributes:
        time_s: Time after the platform began to move [s], shape (t,).
        activation: Activation of the muscles, shape (t, n).
        quiet: Activation on a platform at rest with the same noise, shape (t, n).
        reflexive: Activation under this move and the commands of the quiet trial: mechanics and
            spinal reflexes, shape (t, n).
        fell: Whether the infant fell before the end.
    """

    time_s: Vector
    activation: Vector
    quiet: Vector
    reflexive: Vector
    fell: bool

    @property
    def extra(self) -> Vector:
        """Activation that is there because the platform moved, shape (t, n); 0 before it did."""
        return self.activation - self.quiet

    @property
    def sent(self) -> Vector:
        """Activation that is there because the controller answered the move, shape (t, n)."""
        return self.activation - self.reflexive


@dataclass(frozen=True)
class _Quiet:
    seed: int
    trace: EmgTrace
    commands: list[MotorCommand]


@dataclass(frozen=True)
class Platform:
    """A controller on a platform that moves at one time of each episode.

    Attributes:
        env: Environment with a platform.
        controller: Controller that acts; None for reflexes only (zero action).
        spec: The procedure.
        moved_at_s: Time at which the platform begins to move [s].
        quiet: One trial a seed with the platform at rest.
    """

    env: PostureEnv
    controller: Controller | None
    spec: ResponsesSpec
    moved_at_s: float
    quiet: tuple[_Quiet, ...]

    @property
    def is_upright(self) -> bool:
        """Whether most quiet trials end without a fall."""
        return bool(np.mean([np.isfinite(one.trace.fell_at_s) for one in self.quiet]) < 0.5)

    def trials(self, move: Move) -> Iterator[Trial]:
        """Trials of a move, one a seed; those in which the physics went wrong are left out."""
        platform_motion = move.platform_motion(self.moved_at_s)
        for quiet in self.quiet:
            moved = self._recorded(quiet.seed, {"platform_motion": platform_motion})
            again = {
                "platform_motion": platform_motion,
                "voluntary": replay_commands(quiet.commands),
            }
            reflexive = self._recorded(quiet.seed, again) if self.controller is not None else moved
            if not (
                quiet.trace.has_physics_fault
                or moved.has_physics_fault
                or reflexive.has_physics_fault
            ):
                yield self._trial(quiet.trace, moved, reflexive)

    def _recorded(self, seed: int, options: Mapping[str, object]) -> EmgTrace:
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


def open_platform(
    env: PostureEnv, controller: Controller | None, spec: ResponsesSpec, moved_at_s: float
) -> Platform:
    """Put a controller on the platform and watch it at rest first."""
    span_s = _span_s(spec, moved_at_s)
    quiet: list[_Quiet] = []
    for seed in evaluation_seeds(spec.trials.value):
        commands: list[MotorCommand] = []
        options = {"platform_motion": STATIONARY, "voluntary": record_commands(commands)}
        quiet.append(_Quiet(seed, record_emg(env, controller, seed, span_s, options), commands))
    return Platform(env, controller, spec, moved_at_s, tuple(quiet))
