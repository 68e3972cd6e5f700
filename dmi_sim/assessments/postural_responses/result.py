"""What muscles answered to the moves of a platform: one trial, one move, several speeds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from dmi_sim.arrays import Vector
from dmi_sim.assessments.postural_responses.muscle_directions import Mask, MuscleDirections
from dmi_sim.assessments.postural_responses.onsets import (
    entropy_bits,
    first_s,
    is_agonist_first,
    latencies_s,
    level_latencies_s,
    lower_first,
    mean_within,
)
from dmi_sim.assessments.postural_responses.platform_trials import Move, Trial
from dmi_sim.errors import InputError
from dmi_sim.outcome.work import coactivation
from dmi_sim.spec.responses import Direction, ResponsesSpec

Part = Literal["reflex", "postural", "central"]
"""Of a response: early window, late window, and what the controller sent of the late one."""
PARTS: tuple[Part, ...] = get_args(Part)

_RESAMPLES = 2000


@dataclass(frozen=True)
class Side:
    """What one group of muscles did in a trial: agonists or antagonists.

    Attributes:
        first_s: Shortest latency of the group [s], NaN if none answered.
        by_level_s: The same at each level [s], from the head down.
        sent_first_s: The shortest of what the controller sent, on top of reflexes [s], or NaN.
        size: Mean extra activation by part of the response.
    """

    first_s: float
    by_level_s: Vector
    sent_first_s: float
    size: Mapping[Part, float]


@dataclass(frozen=True)
class Response:
    """What was seen in one trial.

    Attributes:
        latency_s: From the platform's first motion to the onset of each muscle [s], NaN for none.
        agonists: Muscles that hold the body back.
        antagonists: Muscles that pull it the way it falls.
        coactivation: Co-activation index of the two, see :func:`dmi_sim.outcome.work.coactivation`.
        fell: Whether the infant fell before the end of the trial.
    """

    latency_s: Vector
    agonists: Side
    antagonists: Side
    coactivation: float
    fell: bool

    @property
    def agonist_first(self) -> bool:
        """Whether agonists of some level answered before all antagonists of all levels."""
        return is_agonist_first(self.agonists.first_s, self.antagonists.first_s)

    @property
    def agonist_first_by_level(self) -> tuple[bool, ...]:
        """The same within each level, from the head down."""
        levels = zip(self.agonists.by_level_s, self.antagonists.by_level_s, strict=True)
        return tuple(is_agonist_first(own, other) for own, other in levels)

    @property
    def central_first(self) -> bool:
        """Whether the controller excited agonists, and before any antagonist."""
        return is_agonist_first(self.agonists.sent_first_s, self.antagonists.sent_first_s)

    @property
    def agonist_difference(self) -> bool:
        """Whether agonists gained more activation than antagonists in the postural window."""
        return self.agonists.size["postural"] > self.antagonists.size["postural"]

    @property
    def pattern(self) -> tuple[bool, ...]:
        """Which levels' agonists, then which levels' antagonists answered."""
        both = np.concatenate([self.agonists.by_level_s, self.antagonists.by_level_s])
        return tuple(np.isfinite(both).tolist())


def read_response(
    trial: Trial, fall: Direction, directions: MuscleDirections, spec: ResponsesSpec
) -> Response:
    """Read one trial as an electromyographer would.

    Args:
        trial: What electrodes showed.
        fall: Where the body falls.
        directions: Of the muscles.
        spec: When a muscle counts as active, and the windows.

    Raises:
        InputError: If the trial does not reach over baseline and response.
    """
    agonists, antagonists = directions.against(fall), directions.pulling(fall)
    latency = latencies_s(trial.time_s, trial.extra, 0.0, spec.onset)
    sent = latencies_s(trial.time_s, trial.sent, 0.0, spec.onset)
    begin_s, end_s = spec.windows.postural.value
    late = trial.activation[(trial.time_s >= begin_s) & (trial.time_s <= end_s)]
    return Response(
        latency_s=latency,
        agonists=_side(trial, (latency, sent), directions, agonists, spec),
        antagonists=_side(trial, (latency, sent), directions, antagonists, spec),
        coactivation=coactivation(
            late[:, agonists].mean(axis=1), late[:, antagonists].mean(axis=1)
        ),
        fell=trial.fell,
    )


def _side(
    trial: Trial,
    latency_s: tuple[Vector, Vector],
    directions: MuscleDirections,
    group: Mask,
    spec: ResponsesSpec,
) -> Side:
    """What a group did, from latencies of the whole response and of what the controller sent."""

    def mean(signal: Vector, window_s: tuple[float, float]) -> float:
        return float(mean_within(trial.time_s, signal[:, group], 0.0, window_s).mean())

    late = spec.windows.postural.value
    return Side(
        first_s=first_s(latency_s[0], group),
        sent_first_s=first_s(latency_s[1], group),
        by_level_s=level_latencies_s(latency_s[0], directions, group),
        size={
            "reflex": mean(trial.extra, spec.windows.reflex.value),
            "postural": mean(trial.extra, late),
            "central": mean(trial.sent, late),
        },
    )


@dataclass(frozen=True)
class MoveFinding:
    """What was found of one move.

    Attributes:
        move: Of the platform.
        responses: One per trial.
        time_s: After the platform began to move [s], shape (t,).
        activation: Mean over the trials, shape (t, n).
        quiet: Mean over the same trials without the move, shape (t, n).
    """

    move: Move
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
        """Share of the trials with agonists before antagonists at each level, (levels,)."""
        return np.mean([one.agonist_first_by_level for one in self.responses], axis=0)

    @property
    def central_first(self) -> float:
        """Share of the trials in which the controller excited agonists before antagonists."""
        return float(np.mean([one.central_first for one in self.responses]))

    @property
    def agonist_difference(self) -> float:
        """Share of the trials in which agonists gained more activation than antagonists."""
        return float(np.mean([one.agonist_difference for one in self.responses]))

    @property
    def latency_s(self) -> float:
        """Median over the trials of the agonists' shortest latency [s], NaN if none answered."""
        return _median([one.agonists.first_s for one in self.responses])

    @property
    def by_level_s(self) -> Vector:
        """Median latency of the agonists of each level [s], from the head down, NaN for none."""
        levels = zip(*(one.agonists.by_level_s for one in self.responses), strict=True)
        return np.array([_median(seen) for seen in levels])

    @property
    def lower_first(self) -> float:
        """Mean over the trials: 1 is bottom-up recruitment, 0 top-down; NaN if never two levels."""
        return _mean([lower_first(one.agonists.by_level_s) for one in self.responses])

    @property
    def coactivation(self) -> float:
        """Mean over the trials."""
        return _mean([one.coactivation for one in self.responses])

    @property
    def entropy_bits(self) -> float:
        """Of the patterns in which agonists and antagonists of the levels answered [bit]."""
        return entropy_bits([one.pattern for one in self.responses])

    def size(self, part: Part) -> Vector:
        """Mean extra activation of the agonists in each trial, shape (trials,)."""
        return np.array([one.agonists.size[part] for one in self.responses])


def found_of(
    move: Move, trials: Sequence[Trial], directions: MuscleDirections, spec: ResponsesSpec
) -> MoveFinding:
    """What all trials of one move show.

    Raises:
        InputError: If there are none, because the physics went wrong in each.
    """
    if not trials:
        raise InputError(f"{move.motion} {move.towards}, {move.speed}: the physics failed")
    return MoveFinding(
        move=move,
        responses=tuple(read_response(trial, move.fall, directions, spec) for trial in trials),
        time_s=trials[0].time_s,
        activation=np.mean([trial.activation for trial in trials], axis=0),
        quiet=np.mean([trial.quiet for trial in trials], axis=0),
    )


def _median(values: Sequence[float]) -> float:
    seen = [one for one in values if np.isfinite(one)]
    return float(np.median(seen)) if seen else np.nan


def _mean(values: Sequence[float]) -> float:
    seen = [one for one in values if np.isfinite(one)]
    return float(np.mean(seen)) if seen else np.nan


@dataclass(frozen=True)
class Gain:
    """How much more agonists answer to a faster platform.

    Attributes:
        slope: Mean extra activation per speed of the platform [s/m] or [s/rad], mean over the trials.
        low: Lower end of the 95 % interval of the mean.
        high: Upper end.
    """

    slope: float
    low: float
    high: float


def gain_of(speed: Vector, size: Vector) -> Gain:
    """Slope of the size of responses over the speed of the platform, each trial its own line.

    The interval is the percentile bootstrap of the mean slope over the trials, which are paired:
    the same starts and noise at every speed.

    Args:
        speed: Shape (s,), at least two different.
        size: Of the responses, shape (s, trials).

    Raises:
        InputError: If speeds do not differ or there are fewer than two trials.
    """
    if np.ptp(speed) == 0 or size.shape[1] < 2:
        raise InputError(f"gain: {size.shape[1]} trials at {len(set(speed.tolist()))} speeds")
    centred = speed - speed.mean()
    slopes = centred @ size / (centred @ centred)
    random = np.random.default_rng(0)
    drawn = random.choice(slopes, (_RESAMPLES, slopes.size)).mean(axis=1)
    low, high = np.percentile(drawn, [2.5, 97.5]).tolist()
    return Gain(float(slopes.mean()), low, high)
