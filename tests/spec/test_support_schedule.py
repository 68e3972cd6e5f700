"""Schedules of support: what a file may say, and what it is told when it says something else."""

from typing import Any

import pytest
from pydantic import ValidationError

from dmi_sim.catalog import Catalog
from dmi_sim.catalog.messages import explain
from dmi_sim.spec.exercise import ExerciseSpec
from dmi_sim.spec.support_schedule import SupportSchedule, SupportScheduleFile

CATALOG = Catalog.shipped()
ISSUE = {
    "site": ["axillae", "waist", "pelvis"],
    "move_after": {"success": 0.8, "of_last": 20},
    "firmness": {"from": 0.5, "to": 0, "by": "competence"},
}
RULES: dict[str, dict[str, Any]] = {
    "time": {"from": 1, "to": 0, "by": "time", "after_s": 1, "over_s": 4},
    "dose": {"from": 1, "to": 0, "by": "dose", "over_h": 2},
    "share of the dose": {"from": 1, "to": 0, "by": "dose", "over_share": 0.5},
    "competence": {"from": 1, "to": 0, "by": "competence", "of_last": 5},
    "need": {"from": 0.5, "by": "need", "gain": 0.3, "forgetting": 0.7, "at_most": 0.9},
    "falls": {"from": 0.5, "by": "falls", "down": 0.01, "up": 0.03, "at_most": 0.9},
}


def schedule(**content: Any) -> SupportSchedule:
    return SupportSchedule.model_validate(content)


def problems(**content: Any) -> tuple[str, ...]:
    with pytest.raises(ValidationError) as refused:
        schedule(**content)
    return explain(SupportSchedule, refused.value)


def test_a_site_alone_is_the_simplest_schedule() -> None:
    plain = schedule(site="pelvis")
    assert plain == schedule(site=["pelvis"], firmness=1)
    assert plain.is_constant
    assert not plain.changes_with_practice


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_a_schedule_survives_being_written_and_read(rule: dict[str, Any]) -> None:
    spec = schedule(**{**ISSUE, "firmness": rule, "motion": {"follow_s": [0.5, None, None]}})
    assert SupportSchedule.model_validate(spec.model_dump()) == spec
    assert SupportSchedule.model_validate_json(spec.model_dump_json()) == spec
    assert "from" in spec.model_dump()["firmness"]


def test_only_what_changes_from_episode_to_episode_needs_practice() -> None:
    changing = {name: schedule(site="pelvis", firmness=rule) for name, rule in RULES.items()}
    assert [name for name, one in changing.items() if not one.changes_with_practice] == ["time"]
    assert not any(one.is_constant for one in changing.values())
    assert schedule(**{**ISSUE, "firmness": 1}).changes_with_practice


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ({"sit": "pelvis"}, "sit: unknown key; did you mean 'site'?"),
        ({"site": []}, "site: Value should have at least 1 item"),
        ({"site": ["waist", "pelvis"]}, "move_after: this key is missing"),
        ({"site": ["waist", "waist"], "move_after": {"success": 1}}, "site: names one twice"),
        ({"site": "waist", "move_after": {"success": 1}}, "move_after: there is one site only"),
        ({"site": "waist", "firmness": 1.5}, "firmness: Input should be less than or equal to 1"),
        ({"site": "waist", "firmness": "firm"}, "firmness: Input should be a valid number"),
        ({"site": "waist", "firmness": float("nan")}, "firmness: Input should be"),
    ],
)
def test_what_a_schedule_cannot_mean_is_said(content: dict[str, Any], line: str) -> None:
    (told,) = problems(**content)
    assert told.startswith(line)


@pytest.mark.parametrize(
    ("firmness", "line"),
    [
        ({"from": 1, "to": 0}, "firmness: by: this key is missing; one of time, dose"),
        ({"from": 1, "by": "competense"}, "firmness: by: no 'competense'; did you mean 'compet"),
        ({"from": 1, "by": ["need"]}, "firmness: by: no ['need']; did you mean 'need'"),
        ({"from": 1, "to": 0, "by": "time"}, "firmness.over_s: this key is missing"),
        ({"from": 1, "to": 0, "by": "time", "over_s": 0}, "firmness.over_s: Input should be g"),
        ({"form": 1, "to": 0, "by": "competence"}, "firmness.form: unknown key; did you mean 'f"),
        ({"from": 1, "to": 9, "by": "competence"}, "firmness.to: Input should be less than or eq"),
        ({"from": 1, "by": "need", "forgetting": 1}, "firmness.forgetting: Input should be less"),
        ({"from": 1, "by": "need", "at_most": 0.5}, "firmness: from: 1 is above at_most 0.5"),
        ({"from": 1, "by": "falls", "at_most": 0.5}, "firmness: from: 1 is above at_most 0.5"),
        ({"from": 1, "by": "falls", "up": 0}, "firmness.up: Input should be greater than 0"),
        (
            {"from": 1, "to": 0, "by": "dose", "over_h": 1, "over_share": 1},
            "firmness: give `over_h` or `over_share`, not both",
        ),
    ],
)
def test_what_a_firmness_cannot_mean_is_said(firmness: dict[str, Any], line: str) -> None:
    (told,) = problems(site="waist", firmness=firmness)
    assert told.startswith(line)


@pytest.mark.parametrize(
    ("rule", "line"),
    [
        ({"success": 80}, "move_after.success: Input should be less than or equal to 1 (got 80)"),
        ({"success": -0.1}, "move_after.success: Input should be greater than or equal to 0"),
        ({"success": 0.5, "of_last": 0}, "move_after.of_last: Input should be greater than or"),
        ({"of_last": 5}, "move_after.success: this key is missing"),
    ],
)
def test_shares_and_windows_have_a_range(rule: dict[str, Any], line: str) -> None:
    (told,) = problems(site=["waist", "pelvis"], move_after=rule)
    assert told.startswith(line)


def test_hands_move_back_below_the_share_at_which_they_move_on() -> None:
    back = {"success": 0.8, "of_last": 5}
    assert problems(**ISSUE, move_back_after=back) == (
        "move_back_after: success must be below the 0.8 of move_after",
    )


def test_an_unknown_site_is_answered_with_the_nearest() -> None:
    lines = tuple(schedule(site="axilae").problems(CATALOG, "support"))
    (line,) = lines
    assert line == "support.site: no 'axilae' in models/supports; did you mean 'axillae'?"


@pytest.mark.parametrize("name", CATALOG.names(SupportScheduleFile))
def test_shipped_schedules_name_sites_that_some_exercise_offers(name: str) -> None:
    file = CATALOG.load(SupportScheduleFile, name)
    exercises = (CATALOG.load(ExerciseSpec, one) for one in CATALOG.names(ExerciseSpec))
    assert any(set(file.support.site) <= set(one.supports) for one in exercises)
