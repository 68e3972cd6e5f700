"""The moves of a board that provoke postural responses, and trials of them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from dmi_sim.arrays import Vector
from dmi_sim.assessments.postural_responses.emg import Trace, noting, record, repeating
from dmi_sim.assessments.postural_responses.muscle_directions import falls
from dmi_sim.env.posture_env import PostureEnv
from dmi_sim.rollout.evaluate import evaluation_seeds
from dmi_sim.training.policy import Policy
from dmi_sim.nervous.motor_command import Command
from dmi_sim.physics.platform import STILL, Ride, RideKey
from dmi_sim.spec.responses import WAYS, BoardMovesSpec, Motion, ResponsesSpec, Way

_PEAK = 1.875
"""Largest over mean speed of a minimum-jerk move."""
_SHIFT: dict[Way, tuple[float, float]] = {
    "backward": (-1.0, 0.0),
    "forward": (1.0, 0.0),
    "left": (0.0, 1.0),
    "right": (0.0, -1.0),
}
_TILT: dict[Way, tuple[float, float]] = {
    "backward": (0.0, -1.0),
    "forward": (0.0, 1.0),
    "left": (-1.0, 0.0),
    "right": (1.0, 0.0),
}


@dataclass(frozen=True)
class Move:
    """One way in which the board moves.

    Attributes:
        motion: Whether it slides or tilts.
        towards: Where it slides, or which edge goes down.
        speed: Name of its speed.
        size: How far, [m] or [rad].
        duration_s: From rest to rest [s].
    """

    motion: Motion
    towards: Way
    speed: str
    size: float
    duration_s: float

    @property
    def fall(self) -> Way:
        """Where the body falls unless it answers."""
        return falls(self.motion, self.towards)

    @property
    def peak_speed(self) -> float:
        """Largest speed of the board [m/s] or [rad/s]."""
        return _PEAK * self.size / self.duration_s

    def ride(self, at_s: float) -> Ride:
        """The move from a moment on [s]."""
        end_s = at_s + self.duration_s
        if self.motion == "slide":
            x, y = _SHIFT[self.towards]
            return Ride((RideKey(at_s), RideKey(end_s, shift_m=(x * self.size, y * self.size))))
        x, y = _TILT[self.towards]
        return Ride((RideKey(at_s), RideKey(end_s, tilt_rad=(x * self.size, y * self.size))))


def moves_of(spec: BoardMovesSpec) -> tuple[Move, ...]:
    """All moves of a procedure: slides, then tilts, each way at each speed, slowest first."""
    sizes: tuple[tuple[Motion, float], ...] = (
        ("slide", spec.slide.value),
        ("tilt", float(np.radians(spec.tilt.value))),
    )
    speeds = sorted(spec.duration.items(), key=lambda one: -one[1].value)
    return tuple(
        Move(motion, way, name, size, duration.value)
        for motion, size in sizes
        for way in WAYS
        for name, duration in speeds
    )


@dataclass(frozen=True)
class Trial:
    """One move under one infant, beside the same seconds without it.

    Attributes:
        time_s: After the board began to move [s], shape (t,).
        activation: Of the muscles, shape (t, n).
        quiet: The same with a board at rest and the same noise, shape (t, n).
        reflexive: The same with this move and the commands of the quiet trial: mechanics and
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
        """Activation that is there because the board moved, shape (t, n); 0 before it did."""
        return self.activation - self.quiet

    @property
    def sent(self) -> Vector:
        """Activation that is there because the controller answered the move, shape (t, n)."""
        return self.activation - self.reflexive


@dataclass(frozen=True)
class _Quiet:
    seed: int
    trace: Trace
    commands: list[Command]


@dataclass(frozen=True)
class Platform:
    """A controller on a board that moves at one time of each episode.

    Attributes:
        env: Where, with a board.
        policy: What acts; None for reflexes only.
        spec: The procedure.
        moved_at_s: When the board begins to move [s].
        quiet: One trial a seed with the board at rest.
    """

    env: PostureEnv
    policy: Policy | None
    spec: ResponsesSpec
    moved_at_s: float
    quiet: tuple[_Quiet, ...]

    @property
    def is_upright(self) -> bool:
        """Whether most quiet trials end without a fall."""
        return bool(np.mean([np.isfinite(one.trace.fell_at_s) for one in self.quiet]) < 0.5)

    def trials(self, move: Move) -> Iterator[Trial]:
        """Trials of a move, one a seed; those in which the physics went wrong are left out."""
        ride = move.ride(self.moved_at_s)
        for quiet in self.quiet:
            moved = self._recorded(quiet.seed, {"ride": ride})
            again = {"ride": ride, "voluntary": repeating(quiet.commands)}
            reflexive = self._recorded(quiet.seed, again) if self.policy else moved
            if not (quiet.trace.is_broken or moved.is_broken or reflexive.is_broken):
                yield self._trial(quiet.trace, moved, reflexive)

    def _recorded(self, seed: int, options: Mapping[str, object]) -> Trace:
        span_s = _span_s(self.spec, self.moved_at_s)
        return record(self.env, self.policy, seed, span_s, options)

    def _trial(self, quiet: Trace, moved: Trace, reflexive: Trace) -> Trial:
        return Trial(
            time_s=moved.time_s - self.moved_at_s,
            activation=moved.activation,
            quiet=quiet.activation,
            reflexive=reflexive.activation,
            fell=bool(np.isfinite(moved.fell_at_s)),
        )


def _span_s(spec: ResponsesSpec, moved_at_s: float) -> tuple[float, float]:
    """What is recorded of an episode: from the baseline to the end of the response [s]."""
    return moved_at_s - spec.onset.baseline.value, moved_at_s + spec.watched_s


def platform(
    env: PostureEnv, policy: Policy | None, spec: ResponsesSpec, moved_at_s: float
) -> Platform:
    """Put a controller on the board and watch it at rest first."""
    span_s = _span_s(spec, moved_at_s)
    quiet: list[_Quiet] = []
    for seed in evaluation_seeds(spec.trials.value):
        commands: list[Command] = []
        options = {"ride": STILL, "voluntary": noting(commands)}
        quiet.append(_Quiet(seed, record(env, policy, seed, span_s, options), commands))
    return Platform(env, policy, spec, moved_at_s, tuple(quiet))
