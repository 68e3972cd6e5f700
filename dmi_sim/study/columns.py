"""The columns of a study's tables: name, type, unit and meaning, in the order of the files.

Tables have a column for every registered outcome, so functions give the columns of a table.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias, get_args

from dmi_sim.errors import MachineProblem
from dmi_sim.outcome.registry import OUTCOMES, Outcome

TableName: TypeAlias = Literal["episodes", "training", "summary"]
TABLES: tuple[TableName, ...] = get_args(TableName)
Kind: TypeAlias = Literal["string", "int32", "int64", "float64", "bool"]

Value: TypeAlias = str | int | float | bool
Row: TypeAlias = dict[str, Value]


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Attributes:
        name: Name, with the unit as suffix if it has one.
        kind: Type in the Parquet file.
        unit: SI or a multiple of it; ``1`` for shares and counts, ``-`` for names.
        meaning: Exact definition, in one line.
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
    Column("length_z", "float64", "1", "standard score of length; 0 is the median"),
    Column("weight_z", "float64", "1", "standard score of weight; 0 is the median"),
    Column("seed", "int64", "1", "number of the infant; arms are paired by it"),
    Column("planned_steps", "int64", "1", "dose: control steps of practice in all"),
)

TEST = (
    Column("evaluation", "int32", "1", "number of the evaluation along the dose, from 0"),
    Column("dose_h", "float64", "h", "simulated practice before this evaluation"),
    Column("tested_in", "string", "-", "exercise of the test; another than practised: transfer"),
    Column("tested_with", "string", "-", "hands during the test; none: the infant is alone"),
    Column("pushed", "bool", "-", "whether the infant was pushed"),
)

_EPISODE = (
    Column("episode", "int32", "1", "number of the test episode, same start in every arm"),
    Column("episode_seed", "int64", "1", "seed of the episode, never practised"),
)

_COUNTS = (
    Column("episodes", "int64", "1", "test episodes in the means, faulty ones included"),
    Column("physics_faults", "int64", "1", "episodes in which the simulation gave up"),
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
    Column("support_site", "string", "-", "site of the hands in the next episode of practice"),
    Column("support_strength", "float64", "1", "their strength at its beginning, 0 to 1"),
)


_DURATION = "duration_s"
"""The outcome that is listed with the end of an episode, apart from the other outcomes."""


def outcome_columns() -> tuple[Column, ...]:
    """A column for every outcome of a test episode but its duration.

    In a summary an outcome is NaN if it is NaN in one of the episodes.
    """
    return tuple(
        _outcome_column(outcome) for name, outcome in OUTCOMES.items() if name != _DURATION
    )


def end_columns() -> tuple[Column, ...]:
    """Columns for the length of an episode and its end."""
    return (
        Column("n_steps", "int64", "1", "control steps"),
        _outcome_column(OUTCOMES[_DURATION]),
        Column(
            "physics_fault", "bool", "-", "whether the simulation gave up; outcomes run until then"
        ),
    )


def mean_columns() -> tuple[Column, ...]:
    """Columns of a summary that are means over episodes."""
    duration = _outcome_column(OUTCOMES[_DURATION])
    return (*outcome_columns(), replace(duration, meaning=f"mean {duration.meaning}"))


def _outcome_column(outcome: Outcome) -> Column:
    return Column(outcome.name, "float64", outcome.unit, outcome.definition)


def columns_of(table: TableName) -> tuple[Column, ...]:
    """The columns of a table, in their order.

    Raises:
        MachineProblem: If an outcome of a plug-in has the name of another column.
    """
    match table:
        case "episodes":
            columns = (*IDENTITY, *TEST, *_EPISODE, *outcome_columns(), *end_columns())
        case "training":
            columns = TRAINING
        case "summary":
            columns = (*IDENTITY, *TEST, *_COUNTS, *mean_columns())
    for name, count in Counter(names(columns)).items():
        if count > 1:
            raise MachineProblem(f"outcome '{name}': table {table} has a column of that name")
    return columns


def dictionary() -> dict[str, list[dict[str, str]]]:
    """Name, type, unit and meaning of every column, by table: the content of ``columns.json``."""
    return {
        table: [
            {"name": col.name, "type": col.kind, "unit": col.unit, "meaning": col.meaning}
            for col in columns_of(table)
        ]
        for table in TABLES
    }


def names(columns: Iterable[Column]) -> tuple[str, ...]:
    """The names of columns, in order.

    >>> names(TEST)
    ('evaluation', 'dose_h', 'tested_in', 'tested_with', 'pushed')
    """
    return tuple(column.name for column in columns)
