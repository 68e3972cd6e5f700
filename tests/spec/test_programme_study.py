"""Studies of programmes: a contradictory file is refused with the reason, and forms replace."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from dmi_sim.catalog import Catalog, read_spec
from dmi_sim.errors import InputError
from dmi_sim.spec.programme_arm import changed_programme
from dmi_sim.spec.programme_study import ProgrammeStudySpec
from dmi_sim.spec.studies import Study, StudySpec
from tests.study.children import SMALL, study

SHIPPED = {name: Catalog.shipped().load(Study, name) for name in Catalog.shipped().names(Study)}
OURS = {name: one for name, one in SHIPPED.items() if isinstance(one, ProgrammeStudySpec)}


TWO = [{"name": "typical"}, {"name": "hypotonia", "severity": 0.3}]


def later(months: float) -> dict[str, object]:
    """Two arms, in the first of which the therapist comes at an age."""
    return {**SMALL["arms"], "dmi": {"programme": "dmi", "starts_at_months": months}}


def primary(**changes: object) -> dict[str, object]:
    return {**SMALL["primary_outcome"], **changes}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"primary_outcome": primary(comparisons=[["dmi", "hans_off"]])}, "mean 'hands_off'"),
        ({"primary_outcome": primary(comparisons=[["dmi", "dmi"]])}, "compared with itself"),
        ({"primary_outcome": primary(comparisons=[])}, "at least 1"),
        ({"quick": {"arms": ["dm"]}}, "quick.arms: no arm 'dm'; did you mean 'dmi'"),
        ({"quick": {"arms": ["dmi"]}}, "quick.arms: leaves no comparison"),
        ({"weeks": 90}, "26.9 months old in the end; at most 77 weeks"),
        ({"standard": {"weeks": 90}}, "standard.weeks: children would be"),
        ({"who": {"age_months": 6, "bodies": "median", "sex": "drawn"}}, "only 'bodies: cohort'"),
        ({"who": {"age_months": 25}}, "less than or equal to 24"),
        ({"children": 0}, "greater than or equal to 1"),
        ({"who": {"age_months": 6, "condition": "hypotonia", "conditions": TWO}},
         "conditions: stands in place of condition"),
        ({"who": {"age_months": 6, "conditions": [*TWO, TWO[0]]}}, "conditions: names one twice"),
        ({"primary_outcome": primary(interactions=["condition"])}, "all children .* one condition"),
        ({"arms": later(9)}, "starts_at_months: say `therapy_weeks`"),
        ({"arms": later(3), "therapy_weeks": 1}, "3 is before the age at the start, 6"),
        ({"arms": later(9), "therapy_weeks": 4, "weeks": 15},
         "weeks: therapy in arm 'dmi' would go on to week 18, and children live through 15"),
        ({"arms": later(6.5), "therapy_weeks": 1, "weeks": 9, "quick": {"weeks": 2}},
         "quick.weeks: therapy in arm 'dmi' would go on to week 4"),
        ({"arms": {"dmi": {"programme": "dmi", "elements": {"site": "traditional"},
                           "changes": {"site": {"rule": "at_random"}}}}},
         "site is in changes too"),
        ({"learning_seeds": "same"}, "'paired' or 'apart'"),
        ({"seeds": 3}, "Extra inputs"),
    ],
)  # fmt: skip
def test_a_contradictory_study_is_refused_with_the_reason(
    changes: dict[str, Any], reason: str
) -> None:
    with pytest.raises(ValidationError, match=reason):
        study(**changes)


def test_several_conditions_stand_in_place_of_one() -> None:
    several = study(who={"age_months": 6, "conditions": TWO})
    assert [one.name for one in several.who.kinds] == ["typical", "hypotonia"]
    assert [one.name for one in study().who.kinds] == ["typical"]
    both = study(
        who={"age_months": 6, "conditions": TWO},
        primary_outcome=primary(interactions=["condition"]),
    )
    assert both.quick_form().primary_outcome.interactions == ("condition",)
    assert ProgrammeStudySpec.model_validate_json(both.model_dump_json()) == both
    odd = study(who={"age_months": 6, "conditions": [{"name": "hypertonia"}]})
    assert "who.conditions.0.name" in next(odd.problems(Catalog.shipped()))


def test_a_therapist_comes_in_the_first_week_in_which_the_child_is_old_enough() -> None:
    waits = study(arms=later(7), therapy_weeks=2, weeks=8, quick={"weeks": 7})
    assert waits.first_week("dmi") == 5  # 6 months and 5 weeks are 7.15 months
    assert waits.first_week("hands_off") == 0


def test_median_bodies_are_of_one_sex() -> None:
    assert study(who={"age_months": 6, "bodies": "median"}).who.sex == "female"


def test_children_are_assessed_before_anything_and_after_the_last_week() -> None:
    every_two = {"every_weeks": 2, "trials": 1}
    assert study(weeks=5, assessments=every_two).assessed_in_weeks == (0, 2, 4, 5)
    assert study(weeks=4, assessments=every_two).assessed_in_weeks == (0, 2, 4)
    assert study(weeks=1, assessments=every_two).assessed_in_weeks == (0, 1)


def test_a_form_replaces_only_what_its_block_gives() -> None:
    quick = study().quick_form()
    assert (quick.children, quick.weeks) == (1, 1)
    assert (quick.arms, quick.practice) == (study().arms, study().practice)
    assert quick.quick_form() == quick
    assert study().standard_form().weeks == study().weeks


def test_a_form_with_fewer_arms_keeps_the_comparisons_between_them() -> None:
    three = {**SMALL["arms"], "traditional": {"programme": "traditional"}}
    pairs = [["dmi", "hands_off"], ["dmi", "traditional"]]
    kept = {"arms": ["dmi", "traditional"]}
    quick = study(arms=three, primary_outcome=primary(comparisons=pairs), quick=kept).quick_form()
    assert list(quick.arms) == kept["arms"]
    assert quick.primary_outcome.comparisons == (("dmi", "traditional"),)


def test_names_that_do_not_exist_are_told_with_the_nearest_one() -> None:
    odd = study(
        arms={
            "dmi": {"programme": "dmy"},
            "hands_off": {"programme": "hands_off", "elements": {"site": "dmi_"}},
        },
        who={"age_months": 6, "condition": "hypertonia"},
        practice={"brain": "infants", "adaptation": "muscles"},
        quick={"practice": {"plasticity": "infnat"}},
    )
    lines = list(odd.problems(Catalog.shipped()))
    fields = [line.partition(":")[0] for line in lines]
    practice = ["practice.brain", "practice.adaptation", "quick.practice.plasticity"]
    arms = ["arms.dmi.programme", "arms.hands_off.elements.site"]
    assert fields == [*arms, "who.condition", *practice]
    assert "did you mean 'dmi'" in lines[0]
    assert "did you mean 'infant'" in lines[-1]


def test_a_rule_is_replaced_as_a_whole_and_a_timetable_key_by_key() -> None:
    before = {"site": {"rule": "fixed", "params": {"site": "none"}}, "timetable": {"a": 1, "b": 2}}
    changes = {"site": {"rule": "at_random"}, "timetable": {"b": 3}}
    after = changed_programme(before, changes)
    assert after == {"site": {"rule": "at_random"}, "timetable": {"a": 1, "b": 3}}
    assert before["timetable"] == {"a": 1, "b": 2}


def test_a_file_tells_by_its_keys_of_which_kind_it_is(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(study().model_dump_json())
    assert read_spec(Study, path) == study()
    assert isinstance(SHIPPED["site_in_sitting"], StudySpec)
    assert OURS


def test_a_misspelt_key_is_answered_for_its_kind_of_study(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(study().model_dump_json().replace('"children":2', '"childs":2'))
    with pytest.raises(InputError, match="childs: unknown key; did you mean 'children'"):
        read_spec(Study, path)


@pytest.mark.parametrize("name", OURS)
def test_shipped_studies_name_only_what_exists(name: str) -> None:
    assert list(OURS[name].problems(Catalog.shipped())) == []


@pytest.mark.parametrize("name", OURS)
def test_forms_of_a_shipped_study_ask_the_same_question(name: str) -> None:
    full = OURS[name]
    for form, minutes in ((full.quick_form(), 15), (full.standard_form(), 120)):
        assert form.primary_outcome.outcome == full.primary_outcome.outcome
        assert {*form.primary_outcome.comparisons} <= {*full.primary_outcome.comparisons}
        assert form.minutes <= minutes
    assert full.standard_form().children >= 8
