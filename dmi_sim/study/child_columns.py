"""The columns of the tables of a study of programmes: sessions, trials, assessments, summary."""

from collections.abc import Mapping

from dmi_sim.assessments.bedside.passive_range import MOTIONS
from dmi_sim.study.columns import Column

CHILD = (
    Column("study", "string", "-", "name of the study"),
    Column("cell", "string", "-", "key of the cell: hash of all that decides its result"),
    Column("arm", "string", "-", "arm of the study: the programme"),
    Column("child", "int64", "1", "number of the child; arms are paired by it"),
    Column("condition", "string", "-", "condition of the child"),
    Column("severity", "float64", "1", "severity of the condition, 0 to 1"),
    Column("sex", "string", "-", "female or male"),
    Column("length_z", "float64", "1", "standard score of length; 0 is the median"),
    Column("weight_z", "float64", "1", "standard score of weight; 0 is the median"),
)

_SESSION = (
    Column("session", "int64", "1", "number of the session in the life of the child, from 0"),
    Column("week", "int64", "1", "week of the programme, from 0"),
    Column("kind", "string", "-", "therapy or free_play"),
    Column("age_months", "float64", "month", "age in this week"),
)

_SESSIONS = (
    *CHILD,
    *_SESSION,
    Column("minutes", "float64", "min", "length of the session in the timetable"),
    Column("practice_minutes", "float64", "min", "time that was simulated"),
    Column("rest_minutes", "float64", "min", "rests between trials"),
    Column("trials", "int64", "1", "trials that came to an end by themselves"),
    Column("successes", "int64", "1", "number of them with success"),
    Column("falls", "int64", "1", "number of them with a fall"),
    Column("support_impulse_n_s", "float64", "N.s", "impulse of the hands"),
    Column("support_share", "float64", "1", "mean share of body weight in the hands"),
)

_TRIALS = (
    *CHILD,
    *_SESSION,
    Column("trial", "int64", "1", "number of the trial in the session, from 0"),
    Column("exercise", "string", "-", "exercise that was ordered"),
    Column("site", "string", "-", "site of the hands, or none"),
    Column("firmness", "float64", "1", "firmness of the hands, 0 to 1"),
    Column("pushes", "bool", "-", "whether the child was pushed"),
    Column("is_whole", "bool", "-", "whether the trial came to an end by itself"),
    Column("is_success", "bool", "-", "whether it succeeded"),
    Column("completion", "float64", "1", "share of the exercise that was completed"),
    Column("fell", "bool", "-", "whether the child fell"),
    Column("duration_s", "float64", "s", "length of the trial"),
    Column("support_share", "float64", "1", "mean share of body weight in the hands"),
    Column("support_impulse_n_s", "float64", "N.s", "impulse of the hands"),
)

_ASSESSED = (
    Column("assessment", "int64", "1", "number of the assessment, from 0"),
    Column("is_retention", "bool", "-", "whether it follows the pause without practice"),
    Column("week", "int64", "1", "weeks since the beginning"),
    Column("age_months", "float64", "month", "age at the assessment"),
    Column("tests", "int64", "1", "trials of each exercise"),
)

_ASSESSMENTS = (
    *CHILD,
    *_ASSESSED,
    Column("exercise", "string", "-", "exercise, in as little support as it allows"),
    Column("success", "float64", "1", "share of the trials with success"),
    Column("completion", "float64", "1", "mean share of the exercise that was completed"),
    Column("fell", "float64", "1", "share of the trials with a fall"),
)

_SUMMARY = (
    *CHILD,
    *_ASSESSED,
    Column("score", "float64", "1", "mean share of success over all exercises"),
    Column("milestones", "int64", "1", "number of milestones that are reached"),
    Column(
        "segmental_level",
        "float64",
        "1",
        "lowest controlled level of the trunk; NaN if untested",
    ),
    Column("direction_specific", "float64", "1", "share of such responses; NaN if not assessed"),
    *(
        Column(f"{motion}_deg", "float64", "deg", "range of motion, mean of both sides; NaN if not")
        for motion in MOTIONS
    ),
    Column("therapy_minutes", "float64", "min", "therapy so far, as the timetable has it"),
    Column("play_minutes", "float64", "min", "free play so far, as the timetable has it"),
    Column("practice_minutes", "float64", "min", "time that was simulated so far"),
    Column("repetitions", "int64", "1", "trials so far that came to an end by themselves"),
    Column("falls", "int64", "1", "falls so far in these trials"),
    Column("support_impulse_n_s", "float64", "N.s", "impulse of the hands so far"),
)

CHILD_TABLES: Mapping[str, tuple[Column, ...]] = {
    "sessions": _SESSIONS,
    "trials": _TRIALS,
    "assessments": _ASSESSMENTS,
    "summary": _SUMMARY,
}
"""The columns of each table; all but the summary, which is of a run, lie in the folder of a
cell."""


def child_dictionary() -> dict[str, list[dict[str, str]]]:
    """Name, type, unit and meaning of every column, by table: the content of ``columns.json``."""
    return {
        table: [
            {"name": col.name, "type": col.kind, "unit": col.unit, "meaning": col.meaning}
            for col in columns
        ]
        for table, columns in CHILD_TABLES.items()
    }
