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
    Column("checkpoint", "int32", "1", "number of the test along the dose, from 0"),
    Column("dose_h", "float64", "h", "simulated practice before this test"),
    Column("nudged", "bool", "-", "whether the infant was nudged"),
)

OUTCOMES = (
    Column("time_upright_s", "float64", "s", "time until the fall, or the whole episode"),
    Column("sway_path_mm", "float64", "mm", "path of the centre of mass over the floor"),
    Column("trunk_tilt_rms_rad", "float64", "rad", "root mean square tilt of the trunk"),
    Column("effort", "float64", "1", "mean squared activation"),
    Column("support_impulse_n_s", "float64", "N.s", "impulse of the hands"),
    Column("support_share_mean", "float64", "1", "mean vertical hand force / body weight"),
)

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
