"""Each change runs on its own, with the children of the study; what does not fit is told before."""

import json
from pathlib import Path
from typing import Any

import pytest

from dmi_sim.catalog import Catalog
from dmi_sim.child.child import Child
from dmi_sim.errors import InputError
from dmi_sim.report.sensitivity_report import FIGURE, TABLE, write_sensitivity_report
from dmi_sim.spec.sensitivity import AS_ASSUMED, SensitivitySpec
from dmi_sim.spec.studies import Study
from dmi_sim.study.executors.base import ExecutorConfig
from dmi_sim.study.parts import Parts
from dmi_sim.study.programme_plan import plan_children
from dmi_sim.study.sensitivity import (
    SensitivityPlan,
    cost_of_sensitivity,
    run_sensitivity,
    sensitivity_plan,
    sensitivity_problems,
)
from tests.spec.test_sensitivity import PLAIN
from tests.study.children import SHORT, assessed, study

CATALOG = Catalog.shipped()
_TWICE = {**SHORT["timetable"], "minutes_a_session": 2}
LONGER = json.dumps({**SHORT, "timetable": _TWICE})
"""Changes of an arm by which each session is twice as long."""


def planned(*settings: str, **changes: Any) -> SensitivityPlan:
    """A plan of one change of the study in miniature."""
    one = {"title": "changed", "set": settings or ("practice.plasticity=infant",)}
    content = {**PLAIN, "comparison": ["dmi", "hands_off"], "changes": {"changed": one}, **changes}
    return sensitivity_plan("s", SensitivitySpec.model_validate(content), study(), CATALOG)


def test_the_same_children_live_with_and_without_a_change() -> None:
    plan = planned()
    before, after = (plan_children("s", one, CATALOG) for one in plan.studies.values())
    assert list(plan.studies) == [AS_ASSUMED, "changed"]
    assert [one.seed for one in before] == [one.seed for one in after]
    assert [one.subject for one in before] == [one.subject for one in after]
    assert [one.plasticity for one in before] == [None] * len(before)
    assert None not in [one.plasticity for one in after]


def test_only_the_two_arms_that_are_compared_run() -> None:
    arms = {**study().arms, "other": study().arms["dmi"]}
    wide = study().model_copy(update={"arms": arms})
    spec = SensitivitySpec.model_validate({**PLAIN, "comparison": ["other", "hands_off"]})
    plan = sensitivity_plan("s", spec, wide, CATALOG)
    for one in plan.studies.values():
        assert {*one.arms} == {"other", "hands_off"}
        assert one.primary_outcome.comparisons == (("other", "hands_off"),)


def test_a_form_is_that_of_the_study_and_a_change_wins_over_it() -> None:
    spec = SensitivitySpec.model_validate({**PLAIN, "comparison": ["dmi", "hands_off"]})
    plan = sensitivity_plan("s", spec, study(), CATALOG, "quick")
    assert plan.studies[AS_ASSUMED].weeks == 1
    assert [one.children for one in plan.studies.values()] == [1, 3]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (("weaks=3",), r"changes\.changed: .*weaks: unknown key; did you mean 'weeks'"),
        (("arms.dmy.programme=dmi",), "no arm 'dmy'; did you mean 'dmi'"),
        (("practice.plasticity=infantt",), "did you mean 'infant'"),
        (("weeks=2",), r"changes\.changed: changes nothing"),
    ],
)
def test_a_change_that_does_not_fit_is_told_before_anything_runs(
    settings: tuple[str, ...], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        planned(*settings)


def test_a_check_tells_what_a_sensitivity_would_be_refused_for() -> None:
    changes = {"odd": {"title": "odd", "set": ["weaks=3"]}}
    (line,) = sensitivity_problems(
        SensitivitySpec.model_validate({**PLAIN, "changes": changes}), CATALOG
    )
    assert line.startswith("changes.odd: ")


def test_an_arm_that_the_study_lacks_is_told_with_the_nearest_one() -> None:
    with pytest.raises(InputError, match=r"no arm 'hands_of' in .*; did you mean 'hands_off'"):
        planned(comparison=["dmi", "hands_of"])


def test_a_study_of_an_exercise_has_no_programmes_to_compare() -> None:
    spec = SensitivitySpec.model_validate({**PLAIN, "study": "site_in_sitting"})
    with pytest.raises(InputError, match="'site_in_sitting' is not a study of programmes"):
        sensitivity_plan("s", spec, CATALOG.load(Study, spec.study), CATALOG)


def test_the_cost_counts_every_child_of_every_run() -> None:
    assert cost_of_sensitivity(planned(), CATALOG).endswith("2 runs, 8 children")


@pytest.mark.parametrize("name", CATALOG.names(SensitivitySpec))
@pytest.mark.parametrize("form", ["full", "quick", "standard"])
def test_shipped_ones_can_be_planned_in_every_form(name: str, form: Any) -> None:
    spec = CATALOG.load(SensitivitySpec, name)
    plan = sensitivity_plan(name, spec, CATALOG.load(Study, spec.study), CATALOG, form)
    assert list(plan.studies) == [AS_ASSUMED, *spec.changes]


@pytest.mark.slow
def test_a_change_of_what_is_practised_is_seen_in_figure_and_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Child, "assess", assessed)
    more = {"title": "sessions of DMI twice as long", "set": [f"arms.dmi.changes={LONGER}"]}
    spec = SensitivitySpec.model_validate(
        {**PLAIN, "comparison": ["dmi", "hands_off"], "changes": {"longer": more}}
    )
    small = study(weeks=1, assessments={"every_weeks": 1, "trials": 1})
    plan = sensitivity_plan("s", spec, small, CATALOG)
    parts = Parts(tmp_path, ExecutorConfig("inline"), CATALOG)
    runs = run_sensitivity(plan, parts)
    page, found = write_sensitivity_report(plan, runs, tmp_path, CATALOG)
    before, after = found.lines
    assert (before.change, after.change) == (AS_ASSUMED, "longer")
    assert list(before.by_child) == list(after.by_child) == [0, 1]
    assert after.moved.value == pytest.approx(after.effect.value - before.effect.value)
    assert after.moved.value > 0
    assert (tmp_path / FIGURE).read_text().startswith("<?xml")
    assert len((tmp_path / TABLE).read_text().splitlines()) == 3
    assert "never for a decision about a child" in page.read_text()
    assert all((run / "report.html").is_file() for run in runs.values())
