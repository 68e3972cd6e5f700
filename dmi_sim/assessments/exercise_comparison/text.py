"""The table of all exercises: trained policies beside reflexes, a limp body and chance."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from math import degrees, isfinite
from statistics import fmean
from typing import Any

from dmi_sim.assessments.exercise_comparison.procedure import CONTROLLERS
from dmi_sim.assessments.exercise_comparison.result import ExerciseRow
from dmi_sim.assessments.motor_ladder.result import NOTICE
from dmi_sim.outcome.calm import FAST_HZ, FAST_STRIDES, SETTLING_S
from dmi_sim.statistics.intervals import Estimate
from dmi_sim.tables import UNKNOWN, markdown, number, percent, plain_words

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

_SCORES: Mapping[str, tuple[str, Callable[[float], str]]] = {
    "success": ("Success", percent),
    "completion": ("Completed", percent),
    "muscle_power_w_kg": ("Muscle power", lambda w_kg: f"{number(w_kg, 2)} W/kg"),
    "fast_movement_share": ("Fast movement", percent),
    "fast_step_share": ("Faster than the stride", percent),
    "head_tilt_mean_rad": ("Head tilt", lambda rad: f"{number(degrees(rad), 1)}°"),
    "support_share_mean": ("Weight in the hands", percent),
    "yaw_drift_rad_min": ("Yaw drift", lambda rad: f"{number(degrees(rad), 0)}°/min"),
}
"""Scores in tables: title, and the number in words."""
SCORE_HEAD = tuple(title for title, _ in _SCORES.values())
"""Titles of the scores of a policy."""
CALM_WORDS = (
    "Muscle power: concentric and eccentric work of the active fibres over time and body mass. "
    f"Fast movement: share of the power of the joint velocities above {FAST_HZ:g} Hz from "
    f"{SETTLING_S:g} s on, when the body has settled. Faster than the stride: the share above "
    f"{FAST_STRIDES:g} times the rhythm of the exercise. Head tilt: "
    "mean angle of the long axis of the head from the vertical; whoever lies has it level. Yaw "
    "drift: net turn of the pelvis about the vertical; unknown of a body that lies on its side."
)
"""Meaning of the calm outcomes in words."""
CALM_LEGEND = (
    "Means over ten episodes that training never saw: success and completed share in the "
    "validation that chose the policy, the others in the same episodes, played to their end. "
    f"{CALM_WORDS}"
)
"""Meaning of the scores in words."""

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
    yield from ("", _LEGEND, "")
    yield from calm_lines({row.comparison.exercise: row.comparison.scores for row in rows})
    yield NOTICE


def calm_lines(scores: Mapping[str, Sequence[Mapping[str, float]]]) -> Iterator[str]:
    """A table of how calmly trained policies moved beside how often they succeeded.

    Args:
        scores: Scores in the bundle of each policy, by exercise; each number in the table is a mean
            over the policies that tell it.
    """
    rows = [(plain_words(name), *score_cells(mean_scores(each))) for name, each in scores.items()]
    yield from markdown(("Exercise", *SCORE_HEAD), rows)
    yield from ("", CALM_LEGEND)


def mean_scores(scores: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """Mean of each score over the policies that tell it.

    >>> mean_scores([{"success": 1.0}, {"success": 0.5, "head_tilt_mean_rad": 0.1}])
    {'success': 0.75, 'head_tilt_mean_rad': 0.1}
    """
    names = dict.fromkeys(name for one in scores for name in one)
    return {name: fmean(one[name] for one in scores if name in one) for name in names}


def score_cells(scores: Mapping[str, float]) -> tuple[str, ...]:
    """Success, completed share and how calmly a policy moved, below :data:`SCORE_HEAD`.

    >>> score_cells({"success": 0.9, "completion": 1.0, "head_tilt_mean_rad": 0.1})[:6]
    ('90 %', '100 %', '\u2013', '\u2013', '\u2013', '5.7°')
    """
    return tuple(
        in_words(scores[name]) if name in scores else UNKNOWN
        for name, (_, in_words) in _SCORES.items()
    )


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
        "scores": [dict(scores) for scores in one.scores],
        "success": {name: vars(estimate) for name, estimate in row.success.items()},
        "completion": {name: vars(estimate) for name, estimate in row.completion.items()},
        "episodes": {name: vars(trials) for name, trials in one.trials.items()},
        "beats_silent": row.beats_silent,
        "lowest": row.lowest,
    }
