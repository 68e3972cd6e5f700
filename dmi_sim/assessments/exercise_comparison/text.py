"""The table of all exercises: what was learnt, beside reflexes, a limp body and chance."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite, nan
from typing import Any, Literal, TypeAlias

import numpy as np

from dmi_sim.arrays import Vector
from dmi_sim.assessments.exercise_comparison.procedure import (
    CONTROLLERS,
    Compared,
    ControllerName,
    Tried,
)
from dmi_sim.assessments.motor_ladder.result import NOTICE
from dmi_sim.assessments.motor_ladder.text import markdown, plain
from dmi_sim.statistics import Estimate, covering, probability_of_improvement, t_interval

CAUDAL_TO_TRUNK = ("thighs", "shanks", "feet", "none")
"""Sites with the whole trunk above them."""

Beats: TypeAlias = Literal["yes", "in part", "no", "not trained"]

_HEAD = (
    "Exercise",
    "Typical age",
    "Age trained",
    "Hands",
    "Steps to success",
    "Minutes",
    "Trained",
    "Reflexes only",
    "ZeroAction",
    "Random",
    "Share done: trained",
    "silent_muscles",
    "Trained beats relaxed",
    "Lowest hands",
)

_LEGEND = (
    "Ages in months. Hands: where they held in practice and in these tests. Steps to success and "
    "minutes: median over the policies that got there; control steps of practice, time of the "
    "machine that trained. Success and share done in per cent, with an interval that covers both "
    "the 95 % t interval over infants (policy seeds) and the 95 % interval over episodes (Clopper "
    "and Pearson for success, t for share done). Trained beats silent_muscles: `yes` if their intervals "
    "of success do not meet, `in part` if only those of the share done do not. Lowest hands: the "
    "most caudal site at which the first trained policy completes the exercise and a relaxed "
    "infant does not."
)


@dataclass(frozen=True)
class ExerciseRow:
    """One exercise.

    Attributes:
        compared: What was tried.
        success: Success rate by controller, 0 to 1.
        completion: Mean completed share by controller, 0 to 1.
        steps: Median control steps to success over the policies that got there; NaN if none.
        minutes: Median time of the machine [min].
        reached: How many policies got there.
        lowest: The most caudal site at which it is completed; None if never, or not tried.
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
        """Whether the trained are clearly better than a relaxed infant in the same hands."""
        if "trained" not in self.success:
            return "not trained"
        if self.success["trained"].low > self.success["silent_muscles"].high:
            return "yes"
        return (
            "in part"
            if self.completion["trained"].low > self.completion["silent_muscles"].high
            else "no"
        )


def exercise_table(
    compared: Sequence[Compared], lowest: Mapping[str, str | None]
) -> tuple[ExerciseRow, ...]:
    """One row per exercise, by typical age.

    Args:
        compared: What four controllers did in each.
        lowest: The most caudal site at which each is completed, as
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
        completion={name: mean_done(tried) for name, tried in one.tried.items()},
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
    episodes = tried.success.ravel()
    exact = probability_of_improvement(episodes, np.full(episodes.size, 0.5))  # 1 beats, 0 does not
    return _within(_over_infants(tried.success), exact)


def mean_done(tried: Tried) -> Estimate:
    """Mean completed share, 0 to 1, with the wider of Student's intervals."""
    return _within(_over_infants(tried.completion), t_interval(tried.completion.ravel()))


def _over_infants(values: Vector) -> Estimate:
    return t_interval(values.mean(axis=1))


def _within(infants: Estimate, episodes: Estimate) -> Estimate:
    """Both intervals in one, within 0 and 1; that over episodes alone if there is one infant."""
    both = covering(infants, episodes) if infants.known else episodes
    return Estimate(infants.value, max(0.0, both.low), min(1.0, both.high))


def exercise_lines(rows: Sequence[ExerciseRow]) -> Iterator[str]:
    """The table as Markdown, with what it means and what it is not."""
    yield from markdown(_HEAD, [_cells(row) for row in rows])
    beats = sum(row.beats_silent == "yes" for row in rows)
    caudal = sum(row.lowest in CAUDAL_TO_TRUNK for row in rows)
    yield ""
    yield (
        f"Trained beats relaxed in {beats} of {len(rows)} exercises. {caudal} of {len(rows)} are "
        "completed without hands or with hands caudal to the trunk."
    )
    yield from ("", _LEGEND, NOTICE)


def _cells(row: ExerciseRow) -> tuple[str, ...]:
    one = row.compared
    return (
        plain(one.exercise),
        f"{one.typical_age_months:g}",
        f"{one.age_months:g}",
        plain(one.site),
        _reached(row),
        f"{row.minutes:.1f}" if isfinite(row.minutes) else "-",
        *(_percent(row.success.get(name)) for name in CONTROLLERS),
        _percent(row.completion.get("trained")),
        _percent(row.completion.get("silent_muscles")),
        row.beats_silent,
        plain(row.lowest) if row.lowest else "never",
    )


def _reached(row: ExerciseRow) -> str:
    policies = len(row.compared.learning)
    if not row.reached:
        return "never" if policies else "-"
    some = "" if row.reached == policies else f" ({row.reached} of {policies})"
    return f"{row.steps:,.0f}{some}"


def _percent(estimate: Estimate | None) -> str:
    if estimate is None:
        return "-"
    value, low, high = (100 * x for x in (estimate.value, estimate.low, estimate.high))
    return f"{value:.0f} [{low:.0f}, {high:.0f}]"


def exercise_data(rows: Sequence[ExerciseRow]) -> dict[str, Any]:
    """The table for a program, with every episode behind it."""
    return {"notice": NOTICE, "legend": _LEGEND, "rows": [_data(row) for row in rows]}


def _data(row: ExerciseRow) -> dict[str, Any]:
    one = row.compared
    return {
        "exercise": one.exercise,
        "typical_age_months": one.typical_age_months,
        "age_months": one.age_months,
        "site": one.site,
        "steps_to_success": row.steps,
        "minutes_to_success": row.minutes,
        "policies": len(one.learning),
        "policies_that_reached_success": row.reached,
        "success": {name: vars(estimate) for name, estimate in row.success.items()},
        "share_done": {name: vars(estimate) for name, estimate in row.completion.items()},
        "episodes": {name: vars(tried) for name, tried in one.tried.items()},
        "beats_silent": row.beats_silent,
        "lowest": row.lowest,
    }
