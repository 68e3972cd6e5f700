"""Tables have a column for every registered outcome, explained in ``columns.json``."""

import pytest

from dmi_sim.outcome.registry import OUTCOMES, Outcome
from dmi_sim.study.columns import TABLES, TableName, columns_of, dictionary, names


@pytest.mark.parametrize("table", TABLES)
def test_columns_have_names_of_their_own_and_are_explained(table: TableName) -> None:
    columns = columns_of(table)
    assert len(set(names(columns))) == len(columns)
    assert all(column.meaning and column.unit for column in columns)
    assert [column["name"] for column in dictionary()[table]] == list(names(columns))


@pytest.mark.parametrize("one", OUTCOMES.values(), ids=OUTCOMES)
@pytest.mark.parametrize("table", ["episodes", "summary"])
def test_every_outcome_has_a_column_in_its_unit_with_its_definition(
    table: TableName, one: Outcome
) -> None:
    (column,) = (column for column in columns_of(table) if column.name == one.name)
    assert (column.kind, column.unit) == ("float64", one.unit)
    assert column.meaning.endswith(one.definition)
