"""The columns of a study's tables: name, type, unit and meaning, in the order of the files."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["string", "int32", "int64", "float64", "bool"]

Value: TypeAlias = str | int | float | bool
Row: TypeAlias = dict[str, Value]


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Attributes:
        name: Unit as suffix where it has one.
        kind: Type in the Parquet file.
        unit: SI or a multiple of it; ``1`` for shares and counts, ``-`` for names.
        meaning: What it says, in one line.
    """

    name: str
    kind: Kind
    unit: str
    meaning: str


IDENTITY = (
    Column("study", "string", "-", "name of the study"),
    Column("cell", "string", "-", "key of the cell: hash of all that decides its result"),
    Column("arm", "string", "-", "arm of the study: the hands during practice"),
    Column("condition", "string", "-", "condition of the infant"),
    Column("severity", "float64", "1", "severity of the condition, 0 to 1"),
    Column("age_months", "float64", "month", "age"),
    Column("sex", "string", "-", "female or male"),
    Column("seed", "int64", "1", "number of the infant; arms are paired by it"),
)

TEST = (
    Column("evaluation", "int32", "1", "number of the evaluation along the dose, from 0"),
    Column("dose_h", "float64", "h", "simulated practice before this evaluation"),
    Column("pushed", "bool", "-", "whether the infant was pushed"),
)

GENERAL = (
    Column("time_upright_s", "float64", "s", "time until the fall, or the whole episode"),
    Column("sway_path_mm", "float64", "mm", "path of the centre of mass against the ground"),
    Column("trunk_tilt_rms_rad", "float64", "rad", "root mean square tilt of the trunk"),
    Column("effort", "float64", "1", "mean squared activation"),
    Column("support_impulse_n_s", "float64", "N.s", "impulse of the hands"),
    Column("support_share_mean", "float64", "1", "mean vertical hand force / body weight"),
)
"""Known in every episode."""

_FILTERED = "low-pass 5 Hz, Butterworth, order 2 forwards and backwards"

SWAY = (
    Column("com_speed_mm_s", "float64", "mm/s", f"mean speed of the centre of mass; {_FILTERED}"),
    Column("com_speed_ap_mm_s", "float64", "mm/s", "the same forward and back, x of the room"),
    Column("com_speed_ml_mm_s", "float64", "mm/s", "the same to the sides, y of the room"),
    Column(
        "com_ellipse_area_prediction_mm2",
        "float64",
        "mm2",
        "95 % prediction ellipse of the centre of mass, Schubert & Kirchner 2014, exact F quantile",
    ),
    Column("cop_path_mm", "float64", "mm", f"path of the centre of pressure; {_FILTERED}"),
    Column("cop_speed_mm_s", "float64", "mm/s", "the same over its duration"),
    Column("cop_rms_ap_mm", "float64", "mm", "root mean square distance from its mean, x"),
    Column("cop_rms_ml_mm", "float64", "mm", "root mean square distance from its mean, y"),
    Column(
        "cop_ellipse_area_prediction_mm2",
        "float64",
        "mm2",
        "95 % prediction ellipse of the centre of pressure, Schubert & Kirchner 2014",
    ),
    Column("cop_f50_hz", "float64", "Hz", "median frequency of its power, x and y, Welch; 5 s up"),
    Column("cop_f95_hz", "float64", "Hz", "frequency below which 95 % of its power lies"),
    Column("cop_entropy_ap", "float64", "1", "sample entropy, m 2, r 0.2 SD, x; 200 samples up"),
    Column("cop_entropy_ml", "float64", "1", "sample entropy, m 2, r 0.2 SD, y; 200 samples up"),
)
"""NaN where an episode is too short or nothing presses on the infant at some step."""

STABILITY = (
    Column(
        "margin_of_stability_mean_mm",
        "float64",
        "mm",
        "extrapolated centre of mass inside the base of support, Hof 2005; negative outside",
    ),
    Column("margin_of_stability_min_mm", "float64", "mm", "the smallest of the episode"),
    Column(
        "head_trunk_phase_rad",
        "float64",
        "rad",
        "mean absolute relative phase of the pitch of head and upper thorax, Hilbert; 0 in phase",
    ),
    Column("head_trunk_phase_sd_rad", "float64", "rad", "its standard deviation over time"),
    Column("thorax_pelvis_phase_rad", "float64", "rad", "the same of upper thorax and pelvis"),
    Column("thorax_pelvis_phase_sd_rad", "float64", "rad", "its standard deviation over time"),
)
"""NaN where an episode is shorter than 5 s (phases) or nothing carried the infant at some step."""

WORK = (
    Column("muscle_work_j", "float64", "J", "positive work of the muscles"),
    Column("support_work_j", "float64", "J", "positive work of the hands on the infant"),
    Column(
        "active_work_share",
        "float64",
        "1",
        "positive work of the muscles / that of muscles and hands; NaN without work",
    ),
    Column(
        "trunk_coactivation",
        "float64",
        "1",
        "co-activation index of trunk flexors and extensors, Falconer & Winter 1985, 0 to 1",
    ),
)

OUTCOMES = (*GENERAL, *SWAY, *STABILITY, *WORK)
"""What a test episode is judged by. The mean of a column is NaN if it is NaN in one episode."""

COURSE = (
    Column("n_steps", "int64", "1", "control steps"),
    Column("duration_s", "float64", "s", "simulated time until the end"),
    Column("fell", "bool", "-", "whether it ended in a fall"),
    Column("physics_fault", "bool", "-", "whether the simulation gave up; outcomes run until then"),
)

EPISODES = (
    *IDENTITY,
    *TEST,
    Column("episode", "int32", "1", "number of the test episode, same start in every arm"),
    Column("episode_seed", "int64", "1", "seed of the episode, never practised"),
    *OUTCOMES,
    *COURSE,
)

TRAINING = (
    *IDENTITY,
    Column("steps", "int64", "1", "control steps practised so far, all environments"),
    Column("dose_h", "float64", "h", "simulated practice so far"),
    Column("episodes", "int64", "1", "practice episodes that began in this stretch"),
    Column("mean_episode_s", "float64", "s", "their mean length, cut off ones included"),
    Column("mean_reward", "float64", "1", "mean reward per control step"),
    Column("support_impulse_n_s", "float64", "N.s", "impulse of the hands in this stretch"),
    Column("support_share_mean", "float64", "1", "mean vertical hand force / body weight"),
)

SUMMARY = (
    *IDENTITY,
    *TEST,
    Column("episodes", "int64", "1", "test episodes in the means, faulty ones included"),
    Column("fell_share", "float64", "1", "share of episodes that ended in a fall"),
    Column("physics_faults", "int64", "1", "episodes in which the simulation gave up"),
    *OUTCOMES,
    Column("duration_s", "float64", "s", "mean simulated time until the end"),
)

TABLES = {"episodes": EPISODES, "training": TRAINING, "summary": SUMMARY}


def dictionary() -> dict[str, list[dict[str, str]]]:
    """What every column means, by table: the content of ``columns.json``."""
    return {
        table: [
            {"name": col.name, "type": col.kind, "unit": col.unit, "meaning": col.meaning}
            for col in columns
        ]
        for table, columns in TABLES.items()
    }


def names(columns: Iterable[Column]) -> tuple[str, ...]:
    """The names of columns, in order."""
    return tuple(column.name for column in columns)
