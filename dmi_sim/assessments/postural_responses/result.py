"""Responses of muscles to the moves of a platform: in one trial, to one move, over speeds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

import numpy as np

from dmi_sim.arrays import Vector
from dmi_sim.assessments.postural_responses.muscle_directions import MuscleDirections
from dmi_sim.assessments.postural_responses.onsets import (
    bottom_up_share,
    entropy_bits,
    is_agonist_first,
)
from dmi_sim.assessments.postural_responses.platform_trials import PlatformMove
from dmi_sim.errors import InputError
from dmi_sim.spec.responses import Direction, Motion

NOTICE = (
    "Simulation, not clinical evidence. After published platform experiments; not their protocol."
)

ResponseComponent: TypeAlias = Literal["reflex", "postural", "central"]
"""Early window, late window, and the controller's part of the late one."""
COMPONENTS: tuple[ResponseComponent, ...] = get_args(ResponseComponent)

_RESAMPLES = 2000


@dataclass(frozen=True)
class GroupResponse:
    """The response of one group of muscles, agonists or antagonists, in a trial.

    Attributes:
        first_s: Shortest latency of the group [s], NaN if none responded.
        by_level_s: Shortest latency at each level from the head down [s], NaN for none.
        central_first_s: Shortest latency of the activation due to the controller [s], NaN for none.
        size: Mean extra activation by component of the response.
    """

    first_s: float
    by_level_s: Vector
    central_first_s: float
    size: Mapping[ResponseComponent, float]


@dataclass(frozen=True)
class Response:
    """The response in one trial.

    Attributes:
        latency_s: Time from the begin of the move to the onset of each muscle [s], NaN for none.
        agonists: Response of the muscles that hold the body back.
        antagonists: Response of the muscles that pull it in the direction of the fall.
        coactivation: Co-activation index of the two groups, 0 to 1.
        fell: Whether the infant fell before the end of the trial.
    """

    latency_s: Vector
    agonists: GroupResponse
    antagonists: GroupResponse
    coactivation: float
    fell: bool

    @property
    def agonist_first(self) -> bool:
        """Whether agonists of some level responded before all antagonists of all levels."""
        return is_agonist_first(self.agonists.first_s, self.antagonists.first_s)

    @property
    def agonist_first_by_level(self) -> tuple[bool, ...]:
        """Whether agonists responded before antagonists within each level, from the head down."""
        levels = zip(self.agonists.by_level_s, self.antagonists.by_level_s, strict=True)
        return tuple(is_agonist_first(own, other) for own, other in levels)

    @property
    def central_agonist_first(self) -> bool:
        """Whether the controller activated agonists, and before any antagonist."""
        return is_agonist_first(self.agonists.central_first_s, self.antagonists.central_first_s)

    @property
    def agonist_larger(self) -> bool:
        """Whether agonists gained more activation than antagonists in the postural window."""
        return self.agonists.size["postural"] > self.antagonists.size["postural"]

    @property
    def pattern(self) -> tuple[bool, ...]:
        """Whether the agonists, then the antagonists, of each level responded."""
        both = np.concatenate([self.agonists.by_level_s, self.antagonists.by_level_s])
        return tuple(np.isfinite(both).tolist())


@dataclass(frozen=True)
class MoveFinding:
    """The finding on one move of the platform.

    Attributes:
        move: Move of the platform.
        responses: Responses, one per trial.
        time_s: Time after the platform began to move [s], shape (t,).
        activation: Mean activation over the trials, shape (t, n).
        quiet: Mean activation over the same trials without the move, shape (t, n).
    """

    move: PlatformMove
    responses: tuple[Response, ...]
    time_s: Vector
    activation: Vector
    quiet: Vector

    @property
    def agonist_first(self) -> float:
        """Share of the trials in which an agonist was the first of all muscles."""
        return float(np.mean([one.agonist_first for one in self.responses]))

    @property
    def agonist_first_by_level(self) -> Vector:
        """Share of the trials with agonists before antagonists at each level, shape (levels,)."""
        return np.mean([one.agonist_first_by_level for one in self.responses], axis=0)

    @property
    def central_agonist_first(self) -> float:
        """Share of the trials in which the controller activated agonists before antagonists."""
        return float(np.mean([one.central_agonist_first for one in self.responses]))

    @property
    def agonist_larger(self) -> float:
        """Share of the trials in which agonists gained more activation than antagonists."""
        return float(np.mean([one.agonist_larger for one in self.responses]))

    @property
    def latency_s(self) -> float:
        """Median over the trials of the agonists' shortest latency [s], NaN if none responded."""
        return _median([one.agonists.first_s for one in self.responses])

    @property
    def by_level_s(self) -> Vector:
        """Median latency of the agonists of each level [s], from the head down, NaN for none."""
        levels = zip(*(one.agonists.by_level_s for one in self.responses), strict=True)
        return np.array([_median(latencies_s) for latencies_s in levels])

    @property
    def bottom_up(self) -> float:
        """Mean recruitment order: 1 is bottom-up, 0 top-down; NaN if never two levels responded."""
        return _mean([bottom_up_share(one.agonists.by_level_s) for one in self.responses])

    @property
    def coactivation(self) -> float:
        """Mean co-activation index over the trials."""
        return _mean([one.coactivation for one in self.responses])

    @property
    def entropy_bits(self) -> float:
        """Entropy of the patterns of levels at which agonists and antagonists responded [bit]."""
        return entropy_bits([one.pattern for one in self.responses])

    def size(self, component: ResponseComponent) -> Vector:
        """The mean extra activation of the agonists in each trial, shape (trials,)."""
        return np.array([one.agonists.size[component] for one in self.responses])


def _median(values: Sequence[float]) -> float:
    finite = [one for one in values if np.isfinite(one)]
    return float(np.median(finite)) if finite else np.nan


def _mean(values: Sequence[float]) -> float:
    finite = [one for one in values if np.isfinite(one)]
    return float(np.mean(finite)) if finite else np.nan


@dataclass(frozen=True)
class Gain:
    """The gain of the agonists' response over the speed of the platform.

    Attributes:
        slope: Extra activation per speed of the platform [s/m] or [s/rad], mean over the trials.
        low: Lower end of the 95 % interval of the slope.
        high: Upper end of the 95 % interval of the slope.
    """

    slope: float
    low: float
    high: float


def gain_of(speed: Vector, size: Vector) -> Gain:
    """The slope of response size over the speed of the platform, fitted in each trial.

    The interval is the percentile bootstrap of the mean slope over the trials. Trials are paired:
    start and noise are the same at every speed.

    Args:
        speed: Speeds of the platform [m/s] or [rad/s], at least two different, shape (s,).
        size: Mean extra activation of the responses, shape (s, trials).

    Raises:
        InputError: If speeds do not differ or there are fewer than two trials.
    """
    if np.ptp(speed) == 0 or size.shape[1] < 2:
        raise InputError(f"gain: {size.shape[1]} trials at {len(set(speed.tolist()))} speeds")
    centred = speed - speed.mean()
    slopes = centred @ size / (centred @ centred)
    random = np.random.default_rng(0)
    means = random.choice(slopes, (_RESAMPLES, slopes.size)).mean(axis=1)
    low, high = np.percentile(means, [2.5, 97.5]).tolist()
    return Gain(float(slopes.mean()), low, high)


@dataclass(frozen=True)
class ResponsesFinding:
    """The findings of an assessment.

    Attributes:
        moved_at_s: Time at which the platform moved, after the start of an episode [s].
        was_settled: Whether the infant stayed upright until then and had settled.
        controller_from_s: Delay from sensing to the earliest action of the controller [s].
        names: Names of the muscles.
        directions: Levels and directions of the muscles.
        moves: Findings on slides, then tilts, in each direction at each speed.
    """

    moved_at_s: float
    was_settled: bool
    controller_from_s: float
    names: tuple[str, ...]
    directions: MuscleDirections
    moves: tuple[MoveFinding, ...]

    def at_speeds(self, motion: Motion, towards: Direction) -> tuple[MoveFinding, ...]:
        """The findings on one motion in one direction, slowest first."""
        return tuple(
            one for one in self.moves if (one.move.motion, one.move.towards) == (motion, towards)
        )

    def gain(self, motion: Motion, towards: Direction, component: ResponseComponent) -> Gain:
        """The gain of one component of the responses to a motion; see :func:`gain_of`."""
        found = self.at_speeds(motion, towards)
        speeds = np.array([one.move.peak_speed for one in found])
        return gain_of(speeds, np.array([one.size(component) for one in found]))
