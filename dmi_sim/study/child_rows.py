"""The rows of the tables of a study of programmes, from diaries and assessments."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import nan

from dmi_sim.assessments.bedside.passive_range import MOTIONS
from dmi_sim.child.assessment import Assessment
from dmi_sim.child.diary import SessionEntry
from dmi_sim.child.outcomes import dose_of
from dmi_sim.study.columns import Row, Value

Identity = Mapping[str, Value]
"""The columns that tell a child."""


def session_rows(identity: Identity, sessions: Iterable[SessionEntry]) -> Iterator[Row]:
    """One row for each session.

    Args:
        identity: The columns that tell the child.
        sessions: Its sessions, oldest first.
    """
    for one in sessions:
        yield {
            **identity,
            **_occasion(one),
            "minutes": one.minutes,
            "practice_minutes": one.practice_minutes,
            "rest_minutes": one.rest_minutes,
            "trials": one.trials,
            "successes": one.successes,
            "falls": one.falls,
            "support_impulse_n_s": one.support_impulse_n_s,
            "support_share": one.support_share,
        }


def trial_rows(identity: Identity, sessions: Iterable[SessionEntry]) -> Iterator[Row]:
    """One row for each trial.

    Args:
        identity: The columns that tell the child.
        sessions: Its sessions, oldest first.
    """
    for session in sessions:
        for number, one in enumerate(session.practised()):
            record, trial = one.record, one.record.trial
            yield {
                **identity,
                **_occasion(session),
                "trial": number,
                "exercise": trial.exercise,
                "site": trial.support,
                "firmness": trial.firmness,
                "pushes": trial.pushes,
                "is_whole": one.is_whole,
                "is_success": record.is_success,
                "completion": record.completion,
                "fell": record.fell,
                "duration_s": record.duration_s,
                "support_share": record.support_share,
                "support_impulse_n_s": record.support_impulse_n_s,
            }


def _occasion(session: SessionEntry) -> Row:
    return {
        "session": session.number,
        "week": session.week,
        "kind": session.kind,
        "age_months": session.age_months,
    }


def assessment_rows(
    identity: Identity, assessments: Sequence[Assessment], *, has_retention: bool
) -> Iterator[Row]:
    """One row for each exercise of each assessment.

    Args:
        identity: The columns that tell the child.
        assessments: Its assessments, oldest first.
        has_retention: Whether the last one follows a pause without practice.
    """
    for number, one in enumerate(assessments):
        for exercise, success in one.success.items():
            yield {
                **identity,
                **_assessed(number, one, has_retention and number == len(assessments) - 1),
                "exercise": exercise,
                "success": success,
                "completion": one.completion[exercise],
                "fell": one.fell[exercise],
            }


def child_summary_rows(
    identity: Identity,
    sessions: Sequence[SessionEntry],
    assessments: Sequence[Assessment],
    retention: Assessment | None,
) -> Iterator[Row]:
    """One row for each assessment, with all that was practised before it.

    Args:
        identity: The columns that tell the child.
        sessions: Its sessions.
        assessments: Its assessments, oldest first.
        retention: The one that follows a pause without practice, if there is one.
    """
    last = () if retention is None else (retention,)
    for number, one in enumerate((*assessments, *last)):
        before = dose_of(entry for entry in sessions if entry.week < one.week)
        yield {
            **identity,
            **_assessed(number, one, number == len(assessments)),
            "score": one.score,
            "milestones": sum(one.milestones.values()),
            "segmental_level": _known(one.segmental_level),
            "direction_specific": _known(one.direction_specific),
            **{f"{motion}_deg": one.range_deg(motion) for motion in MOTIONS},
            "therapy_minutes": before.therapy_minutes,
            "play_minutes": before.play_minutes,
            "practice_minutes": before.practice_minutes,
            "repetitions": before.repetitions,
            "falls": before.falls,
            "support_impulse_n_s": before.support_impulse_n_s,
        }


def _known(found: float | None) -> float:
    return nan if found is None else found


def _assessed(number: int, one: Assessment, is_retention: bool) -> Row:
    return {
        "assessment": number,
        "is_retention": is_retention,
        "week": one.week,
        "age_months": one.age_months,
        "tests": one.trials,
    }
