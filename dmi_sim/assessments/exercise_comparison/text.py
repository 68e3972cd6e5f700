"""The table of all exercises: trained policies beside reflexes, a limp body and chance."""

from collections.abc import Iterator, Sequence
from math import isfinite
from typing import Any

from dmi_sim.assessments.exercise_comparison.procedure import CONTROLLERS
from dmi_sim.assessments.exercise_comparison.result import ExerciseRow
from dmi_sim.assessments.motor_ladder.result import NOTICE
from dmi_sim.statistics.intervals import Estimate
from dmi_sim.tables import markdown, plain_words

CAUDAL_TO_TRUNK = ("thighs", "shanks", "feet", "none")
"""Sites with the whole trunk above them."""

_HEAD = (
    "Exercise",
    "Typical age",
    "Age trained",
    "Hands",
    "Steps to success",
    "Minutes",
    "Trained",
    "Reflexes only",
    "Silent muscles",
    "Random",
    "Share done: trained",
    "silent muscles",
    "Trained beats silent muscles",
    "Lowest hands",
)

_LEGEND = (
    "Ages in months. Hands: where they held in practice and in these tests. Steps to success and "
    "minutes: median over the policies that got there; control steps of practice, time of the "
    "machine that trained. Success and share done in per cent, with an interval that covers both "
    "the 95 % t interval over infants (policy seeds) and the 95 % interval over episodes (Clopper "
    "and Pearson for success, t for share done), cut off at 0 and 100, beyond which nothing is "
    "possible. Silent muscles: the limp infant, no muscle acts. "
    "Trained beats silent muscles: `yes` if their intervals of success do not meet, `in part` if "
    "only those of the share done do not. Lowest hands: the most caudal site at which the first "
    "trained policy completes the exercise and a limp infant does not."
)


def exercise_lines(rows: Sequence[ExerciseRow]) -> Iterator[str]:
    """The table as Markdown, with its legend and a notice."""
    yield from markdown(_HEAD, [_cells(row) for row in rows])
    beats = sum(row.beats_silent == "yes" for row in rows)
    caudal = sum(row.lowest in CAUDAL_TO_TRUNK for row in rows)
    yield ""
    yield (
        f"Trained beats silent muscles in {beats} of {len(rows)} exercises. {caudal} of "
        f"{len(rows)} are completed without hands or with hands caudal to the trunk."
    )
    yield from ("", _LEGEND, NOTICE)


def _cells(row: ExerciseRow) -> tuple[str, ...]:
    one = row.comparison
    return (
        plain_words(one.exercise),
        f"{one.typical_age_months:g}",
        f"{one.age_months:g}",
        plain_words(one.site),
        _reached(row),
        f"{row.minutes:.1f}" if isfinite(row.minutes) else "-",
        *(_per_cent(row.success.get(name)) for name in CONTROLLERS),
        _per_cent(row.completion.get("trained")),
        _per_cent(row.completion.get("silent_muscles")),
        row.beats_silent,
        plain_words(row.lowest) if row.lowest else "never",
    )


def _reached(row: ExerciseRow) -> str:
    policies = len(row.comparison.training_costs)
    if not row.reached:
        return "never" if policies else "-"
    some = "" if row.reached == policies else f" ({row.reached} of {policies})"
    return f"{row.steps:,.0f}{some}"


def _per_cent(estimate: Estimate | None) -> str:
    if estimate is None:
        return "-"
    value, low, high = (100 * x for x in (estimate.value, estimate.low, estimate.high))
    return f"{value:.0f} [{low:.0f}, {high:.0f}]"


def exercise_data(rows: Sequence[ExerciseRow]) -> dict[str, Any]:
    """The table as plain data, with every episode behind it."""
    return {"notice": NOTICE, "legend": _LEGEND, "rows": [_data(row) for row in rows]}


def _data(row: ExerciseRow) -> dict[str, Any]:
    one = row.comparison
    return {
        "exercise": one.exercise,
        "typical_age_months": one.typical_age_months,
        "age_months": one.age_months,
        "site": one.site,
        "steps_to_success": row.steps,
        "minutes_to_success": row.minutes,
        "policies": len(one.training_costs),
        "policies_that_reached_success": row.reached,
        "success": {name: vars(estimate) for name, estimate in row.success.items()},
        "completion": {name: vars(estimate) for name, estimate in row.completion.items()},
        "episodes": {name: vars(trials) for name, trials in one.trials.items()},
        "beats_silent": row.beats_silent,
        "lowest": row.lowest,
    }
