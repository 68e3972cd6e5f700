"""What four controllers did in each exercise, with intervals over infants and over episodes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite, nan
from typing import Literal, TypeAlias

import numpy as np

from dmi_sim.arrays import Vector
from dmi_sim.assessments.exercise_comparison.procedure import Compared, ControllerName, Tried
from dmi_sim.statistics import Estimate, covering, proportion, t_interval

Beats: TypeAlias = Literal["yes", "in part", "no", "not trained"]


@dataclass(frozen=True)
class ExerciseRow:
    """One exercise.

    Attributes:
        compared: Trials of the four controllers.
        success: Success rate by controller, 0 to 1.
        completion: Mean completed share by controller, 0 to 1.
        steps: Median control steps to success over the policies that got there; NaN if none.
        minutes: Median time of the machine [min].
        reached: Number of policies that got there.
        lowest: Most caudal site at which it is completed; None if never, or not tried.
    """

    compared: Compared
    success: Mapping[ControllerName, Estimate]
    completion: Mapping[ControllerName, Estimate]
    steps: float
    minutes: float
    reached: int
    lowest: str | None

    @property
    def beats_silent(self) -> Beats:
        """Whether the trained are clearly better than the limp infant in the same hands."""
        if "trained" not in self.success:
            return "not trained"
        if self.success["trained"].low > self.success["silent_muscles"].high:
            return "yes"
        done, limp = self.completion["trained"], self.completion["silent_muscles"]
        return "in part" if done.low > limp.high else "no"


def exercise_rows(
    compared: Sequence[Compared], lowest: Mapping[str, str | None]
) -> tuple[ExerciseRow, ...]:
    """One row per exercise, by typical age.

    Args:
        compared: Trials of four controllers in each exercise.
        lowest: Most caudal site at which each is completed, as
            :meth:`dmi_sim.assessments.motor_ladder.result.LadderFinding.lowest` gives it.
    """
    by_age = sorted(compared, key=lambda one: one.typical_age_months)
    return tuple(_row(one, lowest.get(one.exercise)) for one in by_age)


def _row(one: Compared, lowest: str | None) -> ExerciseRow:
    steps = [learning.steps for learning in one.learning if isfinite(learning.steps)]
    minutes = [learning.minutes for learning in one.learning if isfinite(learning.minutes)]
    return ExerciseRow(
        compared=one,
        success={name: success_rate(tried) for name, tried in one.tried.items()},
        completion={name: mean_completion(tried) for name, tried in one.tried.items()},
        steps=float(np.median(steps)) if steps else nan,
        minutes=float(np.median(minutes)) if minutes else nan,
        reached=len(steps),
        lowest=lowest,
    )


def success_rate(tried: Tried) -> Estimate:
    """Share of episodes that were completed, 0 to 1.

    The interval covers that of Student over infants and that of Clopper and Pearson over episodes:
    the first knows that infants differ, the second does not collapse when a few all agree.
    """
    over_episodes = proportion(float(tried.success.sum()), tried.success.size)
    return _within(_over_infants(tried.success), over_episodes)


def mean_completion(tried: Tried) -> Estimate:
    """Mean completed share, 0 to 1, with the wider of Student's intervals."""
    return _within(_over_infants(tried.completion), t_interval(tried.completion.ravel()))


def _over_infants(values: Vector) -> Estimate:
    return t_interval(values.mean(axis=1))


def _within(infants: Estimate, episodes: Estimate) -> Estimate:
    """Both intervals in one, within 0 and 1; that over episodes alone if there is one infant."""
    both = covering(infants, episodes) if infants.known else episodes
    return Estimate(infants.value, max(0.0, both.low), min(1.0, both.high))
