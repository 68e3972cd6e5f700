"""A kept assessment is the same one, whatever was assessed; one that is damaged is none."""

from dataclasses import replace
from pathlib import Path

import pytest

from dmi_sim.child.assessment import Assessment
from dmi_sim.study.child_columns import CHILD_TABLES
from dmi_sim.study.child_rows import child_summary_rows
from dmi_sim.study.kept_assessments import keep_assessment, kept_assessment
from tests.child.courses import assessment

PLAIN = assessment(0, 0.5)
EXAMINED = replace(
    PLAIN,
    ranges_deg={"ankle_dorsiflexion": (20.0, 21.5)},
    segmental_level=3.0,
    direction_specific=0.5,
)


@pytest.mark.parametrize("one", [PLAIN, EXAMINED])
def test_an_assessment_comes_back_as_it_was_kept(one: Assessment, tmp_path: Path) -> None:
    keep_assessment(tmp_path, 0, one)
    assert kept_assessment(tmp_path, 0) == one
    assert kept_assessment(tmp_path, 1) is None


def test_a_damaged_assessment_is_none(tmp_path: Path) -> None:
    keep_assessment(tmp_path, 0, EXAMINED)
    (path,) = tmp_path.iterdir()
    path.write_text(path.read_text().replace("21.5", "31.5"))
    assert kept_assessment(tmp_path, 0) is None


def test_a_summary_has_a_column_for_each_number_and_no_other() -> None:
    (row,) = child_summary_rows({}, (), (EXAMINED,), None)
    child = {"study", "cell", "arm", "child", "condition", "severity", "sex"}
    columns = {column.name for column in CHILD_TABLES["summary"]} - child
    assert {*row} == columns - {"length_z", "weight_z"}
    assert row["ankle_dorsiflexion_deg"] == 20.75
