"""Interventions in the middle of an episode: what a therapist does to the infant, checked.

Hands, pushes and pulls are said by names and numbers; this module refuses what makes no sense
before anything is done, and makes of the rest an :class:`Intervention`: frozen, so that an episode
can be played again with the same ones.
"""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from dmi_sim.anatomy import SEGMENT_INDEX, SegmentName
from dmi_sim.arrays import Vector
from dmi_sim.body.statics import GRAVITY_M_S2
from dmi_sim.env.config import EnvBuild, SupportLike
from dmi_sim.env.episode import Episode
from dmi_sim.errors import InputError, did_you_mean, require_within
from dmi_sim.infant import Infant
from dmi_sim.spec.exercise import ExerciseSpec
from dmi_sim.spec.support_schedule import SupportSchedule

DIRECTIONS = {
    "forward": (1.0, 0.0, 0.0), "backward": (-1.0, 0.0, 0.0),
    "left": (0.0, 1.0, 0.0), "right": (0.0, -1.0, 0.0),
    "up": (0.0, 0.0, 1.0), "down": (0.0, 0.0, -1.0),
}  # fmt: skip
"""Directions of a push by name, in the room: an infant faces forward when an episode begins."""
PUSH_S = 0.1
"""Duration of a push unless told [s]; those of the exercises are as short."""
CHEST: SegmentName = "upper_thorax"
"""Segment that is pushed where the exercise names none."""
LARGEST_PUSH_M_S = 5.0
"""Largest impulse of a push over body mass [m/s], as in the files of the exercises."""
LARGEST_PULL_WEIGHTS = 5.0
"""Largest force of a pull in body weights."""
LONGEST_S = 3600.0
"""Longest duration of a push or pull [s]."""


class Intervention(Protocol):
    """Something that is done to the infant between two steps."""

    def act_on(self, episode: Episode) -> None:
        """Do it to the infant of an episode, as it is now."""
        ...


@dataclass(frozen=True)
class HandsOn:
    """Hands take hold, in place of those that held.

    Attributes:
        support: What they do: a schedule, a name, or None for the most distal support.
        strength: Multiplies their firmness, 0 to 1.
    """

    support: SupportSchedule | str | None
    strength: float

    def act_on(self, episode: Episode) -> None:
        """Put the hands on the infant as it is now."""
        episode.hold(self.support, self.strength)


@dataclass(frozen=True)
class HandsOff:
    """All hands let go."""

    def act_on(self, episode: Episode) -> None:
        """Take the hands off the infant."""
        episode.let_go()


@dataclass(frozen=True, eq=False)
class PushNow:
    """A push that begins now.

    Attributes:
        segment: Index of the segment.
        impulse_ns: Impulse [N s], world, shape (3,).
        duration_s: Duration [s].
    """

    segment: int
    impulse_ns: Vector
    duration_s: float

    def act_on(self, episode: Episode) -> None:
        """Begin the push."""
        episode.setup.world.push(self.segment, self.impulse_ns, self.duration_s)


@dataclass(frozen=True, eq=False)
class PullNow:
    """A pull that begins now, in place of the last one on its segment.

    Attributes:
        segment: Index of the segment; None for the end of all pulls.
        force_n: Force [N], world, shape (3,); zero for no pull.
        duration_s: Duration [s]; None for no end.
    """

    segment: int | None
    force_n: Vector
    duration_s: float | None

    def act_on(self, episode: Episode) -> None:
        """Begin the pull, or end what it stands in place of."""
        world = episode.setup.world
        if self.segment is None:
            world.end_pulls()
        else:
            world.pull(self.segment, self.force_n, self.duration_s)


def hands_on(build: EnvBuild, support: SupportLike, strength: float) -> HandsOn:
    """Hands that take hold, see :meth:`.PostureEnv.hold`.

    Raises:
        InputError: If the exercise does not know the support or the strength is out of range.
    """
    if isinstance(support, Mapping):  # which its owner may change before a replay
        support = build.schedule(support)
    build.support(support, strength)
    return HandsOn(support, strength)


def push_now(
    build: EnvBuild, direction: str, impulse_n_s: float, segment: str | None, duration_s: float
) -> PushNow:
    """A push that begins now, see :meth:`.PostureEnv.push`.

    Raises:
        InputError: If a name is unknown or a number out of range.
    """
    index = pushed_segment(build.spec, segment)
    impulse_ns = push_impulse_ns(direction, impulse_n_s, build.infant)
    require_duration(duration_s)
    return PushNow(index, impulse_ns, duration_s)


def pull_now(
    infant: Infant,
    segment: str | None,
    force_n: Sequence[float] | Vector | None,
    duration_s: float | None,
) -> PullNow:
    """A pull that begins now, see :meth:`.PostureEnv.pull`.

    Raises:
        InputError: If the segment is unknown or a number out of range.
    """
    force = pull_force_n(force_n, infant)
    if duration_s is not None:
        require_duration(duration_s)
    return PullNow(pulled_segment(segment, force), force, duration_s)


def pushed_segment(spec: ExerciseSpec, segment: str | None) -> int:
    """The index of the segment to push; without a name the one that the exercise pushes.

    Raises:
        InputError: If there is no such segment.
    """
    if segment is None:
        segment = spec.pushes.segment if spec.pushes else CHEST
    return segment_index(segment)


def segment_index(segment: str) -> int:
    """The index of a segment.

    >>> segment_index("pelvis")
    0

    Raises:
        InputError: If there is no such segment.
    """
    if not _is_one_of(segment, SEGMENT_INDEX):
        raise InputError(f"segment: no '{segment}'; {did_you_mean(str(segment), SEGMENT_INDEX)}")
    return SEGMENT_INDEX[segment]


def _is_one_of(name: object, known: Collection[str]) -> bool:
    return isinstance(name, str) and name in known


def pulled_segment(segment: str | None, force_n: Vector) -> int | None:
    """The index of the segment to pull; None where all pulls are to end.

    Raises:
        InputError: If there is no such segment, or a force is meant for all.
    """
    if segment is not None:
        return segment_index(segment)
    if force_n.any():
        raise InputError(f"segment: None ends all pulls; name the one that {force_n} N pull")
    return None


def push_impulse_ns(direction: str, impulse_n_s: float, infant: Infant) -> Vector:
    """The impulse of a push [N s], world, shape (3,).

    Args:
        direction: Key of :data:`DIRECTIONS`.
        impulse_n_s: Size of the impulse [N s].
        infant: The infant that is pushed, whose mass bounds the impulse.

    Raises:
        InputError: If the direction is unknown or the impulse out of range.
    """
    if not _is_one_of(direction, DIRECTIONS):
        raise InputError(f"direction: no '{direction}'; {did_you_mean(str(direction), DIRECTIONS)}")
    require_within("impulse_n_s", impulse_n_s, 0, LARGEST_PUSH_M_S * infant.mass_kg)
    return float(impulse_n_s) * np.array(DIRECTIONS[direction])


def pull_force_n(force_n: Sequence[float] | Vector | None, infant: Infant) -> Vector:
    """The force of a pull [N], world, shape (3,); zero for None.

    Args:
        force_n: Force forward, left and up [N].
        infant: The infant that is pulled, whose weight bounds the force.

    Raises:
        InputError: If it is not three finite numbers, or larger than an infant is ever pulled.
    """
    if force_n is None:
        return np.zeros(3)
    try:
        force = np.array(force_n, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        force = np.zeros(0)
    if force.shape != (3,):
        raise InputError(f"force_n: {force_n!r} is not three numbers: forward, left, up [N]")
    largest_n = LARGEST_PULL_WEIGHTS * infant.mass_kg * GRAVITY_M_S2
    if not math.hypot(*force.tolist()) <= largest_n:  # also when it is not a number
        raise InputError(f"force_n: {force_n!r} is not within 0 to {largest_n:.4g} N in size")
    return force


def require_duration(duration_s: float) -> None:
    """Refuse a duration of a push or pull that is out of range.

    Raises:
        InputError: If it is below 0 or above :data:`LONGEST_S`.
    """
    require_within("duration_s", duration_s, 0, LONGEST_S)
