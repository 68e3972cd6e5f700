"""The comparison of four controllers in each exercise, with confidence intervals."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite, nan
from typing import Literal, TypeAlias

import numpy as np

from dmi_sim.arrays import Vector
from dmi_sim.assessments.exercise_comparison.procedure import (
    ControllerName,
    ControllerTrials,
    ExerciseComparison,
)
from dmi_sim.outcome.registry import SHARE
from dmi_sim.statistics.intervals import Estimate, covering, proportion, t_interval, within

Beats: TypeAlias = Literal["yes", "in part", "no", "not trained"]


@dataclass(frozen=True)
class ExerciseRow:
    """One exercise in the table.

    Attributes:
        comparison: Trials of the four controllers.
        success: Success rate by controller, 0 to 1.
        completion: Mean completed share by controller, 0 to 1.
        steps: Median control steps to success over the policies that reached it; NaN if none did.
        minutes: Median wall-clock time to success over these policies [min]; NaN if none did.
        reached: Number of policies that reached success.
        lowest: Most caudal site at which the exercise is completed; None if there is none or it
            was not tried.
    """

    comparison: ExerciseComparison
    success: Mapping[ControllerName, Estimate]
    completion: Mapping[ControllerName, Estimate]
    steps: float
    minutes: float
    reached: int
    lowest: str | None

    @property
    def beats_silent(self) -> Beats:
        """Whether trained policies clearly do better than the limp infant in the same hands."""
        if "trained" not in self.success:
            return "not trained"
        if self.success["trained"].low > self.success["silent_muscles"].high:
            return "yes"
        done, limp = self.completion["trained"], self.completion["silent_muscles"]
        return "in part" if done.low > limp.high else "no"


def exercise_rows(
    comparisons: Sequence[ExerciseComparison], lowest: Mapping[str, str | None]
) -> tuple[ExerciseRow, ...]:
    """The rows of the table, one per exercise, in order of typical age.

    Args:
        comparisons: Trials of four controllers in each exercise.
        lowest: Most caudal site at which each exercise is completed, as
            :meth:`dmi_sim.assessments.motor_ladder.result.LadderFinding.lowest` gives it.
    """
    by_age = sorted(comparisons, key=lambda one: one.typical_age_months)
    return tuple(_row(one, lowest.get(one.exercise)) for one in by_age)


def _row(one: ExerciseComparison, lowest: str | None) -> ExerciseRow:
    steps = [cost.steps for cost in one.training_costs if isfinite(cost.steps)]
    minutes = [cost.minutes for cost in one.training_costs if isfinite(cost.minutes)]
    return ExerciseRow(
        comparison=one,
        success={name: success_rate(trials) for name, trials in one.trials.items()},
        completion={name: mean_completion(trials) for name, trials in one.trials.items()},
        steps=float(np.median(steps)) if steps else nan,
        minutes=float(np.median(minutes)) if minutes else nan,
        reached=len(steps),
        lowest=lowest,
    )


def success_rate(trials: ControllerTrials) -> Estimate:
    """The share of completed episodes, 0 to 1.

    The interval covers both Student's over infants and that of Clopper and Pearson over episodes:
    the first accounts for differences between infants, the second does not collapse when a few
    infants agree.
    """
    over_episodes = proportion(float(trials.success.sum()), trials.success.size)
    return _within(_over_infants(trials.success), over_episodes)


def mean_completion(trials: ControllerTrials) -> Estimate:
    """The mean completed share, 0 to 1; the interval covers Student's over infants and episodes."""
    return _within(_over_infants(trials.completion), t_interval(trials.completion.ravel()))


def _over_infants(values: Vector) -> Estimate:
    return t_interval(values.mean(axis=1))


def _within(infants: Estimate, episodes: Estimate) -> Estimate:
    """One interval within 0 and 1 that covers both; that over episodes if there is one infant."""
    both = covering(infants, episodes) if infants.known else episodes
    return within(Estimate(infants.value, both.low, both.high), SHARE)
