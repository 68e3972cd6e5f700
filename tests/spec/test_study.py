"""Study files: a contradictory study is refused with the reason."""

from typing import Any

import pytest
from pydantic import ValidationError

from dmi_sim.catalog import Catalog
from dmi_sim.spec.study import DoseSpec, StudySpec

SMALL: dict[str, Any] = {
    "title": "t",
    "question": "q",
    "background": "b",
    "exercise": "sitting",
    "arms": {"pelvis": {"support": "pelvis"}, "none": {"support": "none"}},
    "ages_months": [7],
    "seeds": 3,
    "dose": {"training_steps": 100, "evaluations": 3},
    "test": {"episodes": 2},
    "primary_outcome": {
        "outcome": "time_upright_s",
        "comparisons": [["pelvis", "none"]],
        "equivalence_margin": 1.0,
    },
    "minutes": 1,
    "quick": {"seeds": 2},
}


def study(**changes: object) -> StudySpec:
    return StudySpec.model_validate({**SMALL, **changes})


def primary(**changes: object) -> dict[str, object]:
    return {**SMALL["primary_outcome"], **changes}


def test_infants_are_tested_with_and_without_pushes_unless_the_file_says_otherwise() -> None:
    assert study().test.pushes == (True, False)


def test_supports_have_full_strength_unless_the_file_says_otherwise() -> None:
    assert {arm.support_strength for arm in study().arms.values()} == {1.0}


def test_the_quick_form_replaces_only_what_its_block_gives() -> None:
    quick = study().quick_form()
    assert quick.seeds == 2
    assert quick.dose == DoseSpec(training_steps=100, evaluations=3)
    assert quick.quick_form() == quick


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"arms": {}}, "at least 1"),
        ({"arms": {"Pelvis": {"support": "pelvis"}}}, "pattern"),
        ({"seeds": 0}, "greater than or equal to 1"),
        ({"ages_months": [25]}, "less than or equal to 24"),
        ({"ages_months": [7, 7]}, "ages_months names one twice"),
        ({"conditions": []}, "conditions must name at least one"),
        ({"sexes": ["girl"]}, "'female' or 'male'"),
        ({"dose": {"training_steps": 10, "evaluations": 1}}, "greater than or equal to 2"),
        ({"test": {"episodes": 1, "pushes": []}}, r"\[true, false\]"),
        ({"test": {"episodes": 1, "pushes": [False]}}, "test.pushes must contain true"),
        ({"quick": {"test": {"episodes": 1, "pushes": [False]}}}, "test.pushes must contain true"),
        ({"quick": {"sedes": 1}}, "Extra inputs"),
        ({"primary_outcome": primary(comparisons=[["pelvis", "non"]])}, "did you mean 'none'"),
        ({"primary_outcome": primary(comparisons=[["none", "none"]])}, "compared with itself"),
        ({"primary_outcome": primary(equivalence_margin=0)}, "greater than 0"),
    ],
)
def test_a_contradictory_study_is_refused(changes: dict[str, object], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        study(**changes)


def test_names_of_files_that_do_not_exist_are_problems() -> None:
    odd = study(
        exercise="siting",
        arms={"pelvis": {"support": "pelvic"}, "none": {"support": "none"}},
        conditions=[{"name": "typicall"}],
    )
    problems = list(odd.problems(Catalog.shipped()))
    assert [line.partition(":")[0] for line in problems] == [
        "exercise",
        "conditions.0.name",
        "arms.pelvis.support",
    ]
    assert "did you mean 'sitting'" in problems[0]


@pytest.mark.parametrize("name", Catalog.shipped().names(StudySpec))
def test_shipped_studies_name_only_what_exists(name: str) -> None:
    catalog = Catalog.shipped()
    assert list(catalog.load(StudySpec, name).problems(catalog)) == []


@pytest.mark.parametrize("name", Catalog.shipped().names(StudySpec))
def test_the_quick_form_of_a_shipped_study_asks_the_same_question(name: str) -> None:
    full = Catalog.shipped().load(StudySpec, name)
    quick = full.quick_form()
    assert (quick.arms, quick.primary_outcome) == (full.arms, full.primary_outcome)
    assert quick.seeds >= 3
    assert quick.minutes <= 15
