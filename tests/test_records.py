"""Records: a number has the same name in plain and in compiled code."""

import numpy as np
import pytest

from dmi_sim.arrays import Vector
from dmi_sim.kernel import kernel
from dmi_sim.records import (
    Matrix3,
    Records,
    Vector3,
    copied,
    record_dtype,
    record_rows,
    records,
    rows,
)


class Bolt:
    """A kind of record with all that a record may hold."""

    length: float
    thread: int
    pos: Vector3
    turn: Matrix3


BOLTS = {"length": [1.5, 2.5], "thread": 7, "pos": np.arange(6.0).reshape(2, 3)}


@kernel
def lengthened(bolts: Records[Bolt], by: float) -> Vector:
    out = np.zeros(3)
    for i in range(bolts.size):
        bolts[i].length += by * bolts[i].thread
        bolts[i].turn[0, 2] = by
        out += bolts[i].pos
    return out


def test_a_kind_says_names_types_and_shapes_in_its_order() -> None:
    layout = record_dtype(Bolt)
    assert layout.names == ("length", "thread", "pos", "turn")
    fields = [layout[name] for name in ("length", "thread", "pos", "turn")]
    assert [field.base for field in fields] == [np.float64, np.int64, np.float64, np.float64]
    assert [field.shape for field in fields] == [(), (), (3,), (3, 3)]
    assert layout.isalignedstruct


def test_a_column_is_given_a_single_number_holds_for_all_and_the_rest_is_zero() -> None:
    bolts = records(Bolt, BOLTS)
    assert bolts.size == 2
    assert bolts["length"].tolist() == [1.5, 2.5]
    assert bolts["thread"].tolist() == [7, 7]
    assert bolts["pos"].tolist() == [[0, 1, 2], [3, 4, 5]]
    assert (bolts["turn"] == np.zeros((2, 3, 3))).all()


def test_compiled_code_reads_and_writes_the_very_numbers() -> None:
    bolts = records(Bolt, BOLTS)
    assert lengthened(bolts, 0.5).tolist() == [3, 5, 7]
    assert bolts["length"].tolist() == [5.0, 6.0]
    assert bolts["turn"][:, 0, 2].tolist() == [0.5, 0.5]
    assert bolts["pos"].tolist() == [[0, 1, 2], [3, 4, 5]]


def test_a_copy_has_memory_of_its_own() -> None:
    bolts = records(Bolt, BOLTS)
    other = bolts.copy()
    other["length"] = 0.0
    assert bolts["length"].tolist() == [1.5, 2.5]


def test_columns_that_were_given_are_not_kept() -> None:
    length = np.array([1.0, 2.0])
    bolts = records(Bolt, {"length": length})
    bolts["length"] = 9.0
    assert length.tolist() == [1.0, 2.0]


def test_there_may_be_no_record() -> None:
    none = records(Bolt, {"length": [], "thread": 3})
    assert none.size == 0
    assert lengthened(none, 1.0).tolist() == [0, 0, 0]


def test_all_rows_of_a_table_begin_alike_and_are_their_own() -> None:
    table = record_rows(Bolt, {"length": [1.5, 2.5], "thread": 7}, rows=3)
    assert table.shape == (3, 2)
    lengthened(table[1], 0.5)
    assert [table[k]["length"].tolist() for k in range(3)] == [[1.5, 2.5], [5.0, 6.0], [1.5, 2.5]]


def test_plain_code_reads_one_record_by_name() -> None:
    first, second = rows(records(Bolt, BOLTS))
    assert (first["length"], second["length"]) == (1.5, 2.5)
    assert second["pos"].tolist() == [3, 4, 5]


@pytest.mark.parametrize("name", ["lenght", "Length"])
def test_a_column_that_no_record_has_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=name):
        records(Bolt, {"length": [1.0], name: 2.0})


def test_a_copy_of_records_is_equal_and_apart() -> None:
    bolts = records(Bolt, BOLTS)
    copy = copied(bolts)
    assert np.asarray(copy).tobytes() == np.asarray(bolts).tobytes()
    copy["length"] = 0.0
    assert bolts["length"].tolist() == [1.5, 2.5]
