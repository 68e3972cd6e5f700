"""A search runs as ordinary studies: it can be stopped, judged by others, and run again."""

import json
from pathlib import Path
from typing import Any

import pytest

from dmi_sim.catalog import Catalog, read_spec
from dmi_sim.child.child import Child
from dmi_sim.errors import InputError
from dmi_sim.report.search_report import write_search_report
from dmi_sim.spec.programme_study import ProgrammeStudySpec
from dmi_sim.spec.search import FOUND, SearchSpec
from dmi_sim.spec.studies import Study
from dmi_sim.study.courses import courses
from dmi_sim.study.executors.base import ExecutorConfig
from dmi_sim.study.parts import RESULT, Parts, open_whole
from dmi_sim.study.programme_plan import plan_children
from dmi_sim.study.search_run import (
    JUDGED,
    SearchPlan,
    cost_of_search,
    run_search,
    search_plan,
    search_problems,
    values_of,
)
from dmi_sim.study.store import MANIFEST
from tests.child.courses import course
from tests.spec.test_search import PLAIN
from tests.study.children import assessed, study

CATALOG = Catalog.shipped()
MINUTES: dict[str, Any] = {"minutes_per_minute": 0.001, "free_play_share": 0}
ASSESSMENTS = {"every_weeks": 1, "trials": 1}


def planned(**changes: Any) -> SearchPlan:
    """A search of one round, judged in the study in miniature."""
    spec = SearchSpec.model_validate({**PLAIN, **changes})
    practice = {**study().practice.model_dump(), **MINUTES}
    small = study(practice=practice, weeks=1, children=1, assessments=ASSESSMENTS)
    return search_plan("small", spec, small, CATALOG)


def test_a_candidate_is_the_programme_with_its_changes_and_the_minutes_of_all_others() -> None:
    cells = plan_children("s", planned().round(0, [{"repetitions": k} for k in (3, 7)]), CATALOG)
    assert [one.programme.repetitions for one in cells] == [3, 7]
    assert cells[0].programme.timetable == cells[1].programme.timetable


def test_children_who_judge_are_others_than_those_who_chose() -> None:
    plan = planned()
    chose = plan_children("s", plan.round(0, [{}, {}]), CATALOG)
    judge = plan_children("s", plan.judgement({"repetitions": 2}), CATALOG)
    assert not {one.seed for one in chose} & {one.seed for one in judge}
    assert not {one.subject.length_z for one in chose} & {one.subject.length_z for one in judge}
    assert [one.arm for one in judge] == [FOUND, "traditional"]
    with pytest.raises(InputError, match="first_seed: 0 is that of dmi_vs_traditional"):
        planned(first_seed=0)


@pytest.mark.parametrize(
    ("space", "message"),
    [
        ({"site.params.caudal": {"low": 0, "high": 1}}, "site.params: unknown parameter 'caudal'"),
        ({"site.params.cranial_at": {"low": 0, "high": 0.9}}, "site: .*must be below caudal_at"),
        ({"site": {"of": [{"rule": "at_random"}, {"rule": "random"}]}},
         "site.rule: no site rule 'random'"),
        ({"repetitions": {"low": 0, "high": 9, "whole": True}}, "repetitions: .*greater than"),
    ],
)  # fmt: skip
def test_a_space_with_a_corner_that_is_no_programme_is_refused(
    space: dict[str, Any], message: str
) -> None:
    with pytest.raises(InputError, match=rf"searches/small\.yaml: space: {message}"):
        planned(space=space)


def test_a_check_tells_what_a_search_would_be_refused_for() -> None:
    spec = SearchSpec.model_validate({**PLAIN, "space": {"site.params.x": {"low": 0, "high": 1}}})
    (line,) = search_problems(spec, CATALOG)
    assert line.startswith("space: site.params: unknown parameter 'x'")
    spec = SearchSpec.model_validate({**PLAIN, "programme": "dmy"})
    assert search_problems(spec, CATALOG)[0].startswith("programme: no 'dmy'")


def test_a_study_of_an_exercise_cannot_judge() -> None:
    spec = SearchSpec.model_validate({**PLAIN, "study": "site_in_sitting"})
    with pytest.raises(InputError, match="'site_in_sitting' is not a study of programmes"):
        search_plan("small", spec, CATALOG.load(Study, spec.study), CATALOG)


def test_the_value_of_a_candidate_is_the_mean_of_its_children_and_more_is_better() -> None:
    asked = planned().study.primary_outcome
    lived = [course((0.0, 0.2), child=0), course((0.0, 0.4), child=1)]
    assert values_of(lived, ("dmi",), asked) == (pytest.approx(0.3),)
    weeks = asked.model_copy(update={"outcome": "plateau_weeks"})
    lived = [course((0.0,) * 12)]
    assert values_of(lived, ("dmi",), weeks)[0] < 0


def test_the_cost_says_what_the_budget_allows() -> None:
    told = cost_of_search(planned(), CATALOG)
    assert "2 rounds of 5 candidates with 1 children each, then 1 other children in 2 arms" in told


@pytest.mark.parametrize("name", CATALOG.names(SearchSpec))
@pytest.mark.parametrize("quick", [False, True])
def test_shipped_searches_can_be_planned(name: str, quick: bool) -> None:
    spec = CATALOG.load(SearchSpec, name)
    assert search_problems(spec, CATALOG) == ()
    plan = search_plan(name, spec, CATALOG.load(Study, spec.study), CATALOG, quick=quick)
    assert plan.spec.budget.lives > 0


@pytest.mark.slow
def test_a_search_that_goes_on_comes_to_the_same_and_tells_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Child, "assess", assessed)
    plan = planned(budget={"candidates": 5, "rounds": 1, "children": 1})
    folder = open_whole(tmp_path, plan.content, None, last=False)
    parts = Parts(folder, ExecutorConfig("inline"), CATALOG)
    first = run_search(plan, parts)
    before = (folder / RESULT).read_bytes()
    assert len(first.candidates) == len(courses(folder / "round_00")) == 5
    (folder / RESULT).unlink()
    marks = {path: path.stat().st_mtime_ns for path in folder.rglob("cell.json")}
    assert open_whole(tmp_path, plan.content, None, last=True) == folder
    again = run_search(plan, parts)
    assert (again.found, (folder / RESULT).read_bytes()) == (first.found, before)
    assert marks == {path: path.stat().st_mtime_ns for path in folder.rglob("cell.json")}

    page = write_search_report(plan, again, CATALOG).read_text()
    assert "never for a decision about a child" in page
    assert f"{JUDGED}/report.html" in page
    study_file = read_spec(Study, again.study_file)
    judged = json.loads((folder / JUDGED / MANIFEST).read_text())
    assert isinstance(study_file, ProgrammeStudySpec)
    assert ProgrammeStudySpec.model_validate(judged["spec"]) == study_file


def test_a_whole_goes_on_only_with_its_own_plan(tmp_path: Path) -> None:
    folder = open_whole(tmp_path, {"a": 1}, None, last=True)
    assert open_whole(tmp_path, {"a": 1}, None, last=True) == folder
    assert open_whole(tmp_path, {"a": 1}, None, last=False) != folder
    assert open_whole(tmp_path, {"a": 2}, None, last=True) != folder
    with pytest.raises(InputError, match="begun with another plan"):
        open_whole(tmp_path, {"a": 2}, folder, last=False)
