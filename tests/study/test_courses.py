"""A run of programmes: from its plan to courses, tables and a report; damage is named."""

import shutil
from pathlib import Path

import pytest

from dmi_sim.catalog import Catalog
from dmi_sim.child.child import Child
from dmi_sim.child.course import Course
from dmi_sim.cli.power import power
from dmi_sim.cli.report import report
from dmi_sim.errors import InputError
from dmi_sim.report.any_report import write_any_report
from dmi_sim.report.tables import read_run
from dmi_sim.study.child_columns import CHILD_TABLES
from dmi_sim.study.child_preflight import child_preflight
from dmi_sim.study.courses import courses, read_courses
from dmi_sim.study.executors.base import ExecutorConfig
from dmi_sim.study.kinds import study_problems
from dmi_sim.study.programme_plan import plan_children
from dmi_sim.study.run import StudyResult, run_prepared
from dmi_sim.study.store import SUMMARY, cell_folder, read_manifest
from dmi_sim.study.tables import read_table
from dmi_sim.study.verify import verify
from tests.study.children import run_at, study
from tests.study.fake_cells import run_at as exercise_run_at
from tests.study.test_child_cells import assessed

INLINE = ExecutorConfig("inline")


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> StudyResult:
    """A whole run of the small study, two children in two arms."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Child, "assess", assessed)
        run = run_at(tmp_path_factory.mktemp("runs") / "run", study(weeks=1))
        result = run_prepared(run, INLINE, Catalog.shipped())
    write_any_report(result.folder)
    return result


def test_courses_come_in_the_order_of_the_plan(finished: StudyResult) -> None:
    assert finished.complete
    found = courses(finished.folder)
    assert [(one.child, one.arm) for one in found] == [
        (child, arm) for child in range(2) for arm in ("dmi", "hands_off")
    ]
    assert found[0].who == found[1].who
    assert found[0].who != found[2].who


def test_nothing_is_held_where_a_programme_keeps_its_hands_off(finished: StudyResult) -> None:
    held = {one.arm: _sites(one) for one in courses(finished.folder)}
    assert held["hands_off"] == {"none"}
    assert held["dmi"] != {"none"}


def _sites(one: Course) -> set[str]:
    return {site for session in one.sessions for site in session.minutes_by_site}


def test_a_whole_run_is_verified_with_its_report(finished: StudyResult) -> None:
    found = verify(finished.folder)
    assert (found.status, found.is_whole, len(found.whole)) == ("done", True, 4)
    assert {SUMMARY, "columns.json", "report.html"} <= read_manifest(finished.folder).files.keys()


def test_the_summary_has_a_row_for_each_assessment(finished: StudyResult) -> None:
    rows = read_table(finished.folder / SUMMARY, CHILD_TABLES["summary"])
    assert len(rows) == 4 * 3
    first, last = rows[0], rows[2]
    assert (first["practice_minutes"], first["is_retention"]) == (0, False)
    assert last["is_retention"]
    assert float(last["practice_minutes"]) > 0


def test_a_run_that_is_whole_is_not_begun_again(finished: StudyResult) -> None:
    again = run_at(finished.folder, study(weeks=1), resume=True)
    assert [cell.key for cell in again.cells] == list(read_manifest(finished.folder).cells)
    with pytest.raises(InputError, match=r"other settings \(weeks 1 -> 2"):
        run_at(finished.folder, study(weeks=2), resume=True)


def test_the_report_says_what_it_is_and_what_few_children_tell(finished: StudyResult) -> None:
    answer = report(finished.folder)
    text = (finished.folder / "report.html").read_text()
    assert "not clinical evidence" in text
    assert answer.data["outcome"] == "score_gain"
    assert answer.data["may_decide"] is False
    assert "http://" not in text
    assert "https://" not in text


def test_the_pre_registration_stands_before_any_child_has_practised(finished: StudyResult) -> None:
    text = (finished.folder / "preregistration.md").read_text()
    for words in ("before any child of run", "score_gain", "dmi minus hands_off", "2 children"):
        assert words in text


def test_a_damaged_cell_is_left_out_and_named(finished: StudyResult, tmp_path: Path) -> None:
    copy = tmp_path / "run"
    shutil.copytree(finished.folder, copy)
    key = next(iter(read_manifest(copy).cells))
    path = cell_folder(copy, key) / "assessments.json"
    path.write_text(path.read_text().replace("0.", "1.", 1))
    found = read_courses(copy)
    assert len(found.courses) == 3
    assert "assessments.json: changed" in found.left_out[0]
    assert not verify(copy).is_whole


def test_readers_of_one_kind_of_study_refuse_the_other(
    finished: StudyResult, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match="a study of programmes"):
        read_run(finished.folder)
    with pytest.raises(InputError, match="a study of the exercise sitting"):
        courses(exercise_run_at(tmp_path).folder)


def test_power_is_refused_with_the_reason(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match="dmi_vs_traditional: a study of programmes"):
        power("dmi_vs_traditional")


def test_check_finds_what_would_be_refused_in_any_form() -> None:
    assert study_problems(study(), Catalog.shipped()) == ()
    odd = study(who={"age_months": 6, "condition": "spastic_cp", "condition_options": {"side": 1}})
    problems = study_problems(odd, Catalog.shipped())
    assert problems
    assert problems[0].startswith("who: ")


def test_the_policy_that_children_begin_with_is_tried_before_anything_is_written() -> None:
    cells = plan_children("small", study(begins_with="infant_0", children=1), Catalog.shipped())
    child_preflight(cells, Catalog.shipped())
    other = plan_children("small", study(begins_with="sitting_0", children=1), Catalog.shipped())
    with pytest.raises(InputError, match="begins_with: "):
        child_preflight(other, Catalog.shipped())
