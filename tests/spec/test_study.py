"""Study files: a contradictory study is refused with the reason."""

from itertools import chain
from typing import Any, get_args

import pytest
from pydantic import ValidationError

from dmi_sim.catalog import Catalog
from dmi_sim.spec.studies import Study
from dmi_sim.spec.study import DoseSpec, Factor, StudySpec

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


SHIPPED = [
    name
    for name in Catalog.shipped().names(Study)
    if isinstance(Catalog.shipped().load(Study, name), StudySpec)
]
"""Shipped studies of one exercise."""


def study(**changes: object) -> StudySpec:
    return StudySpec.model_validate({**SMALL, **changes})


def primary(**changes: object) -> dict[str, object]:
    return {**SMALL["primary_outcome"], **changes}


def waiting(**changes: object) -> dict[str, object]:
    return primary(outcome="hours_to_success", **changes)


def dose(**changes: object) -> dict[str, object]:
    return {**SMALL["dose"], **changes}


def arms(**changes: object) -> dict[str, object]:
    """The arms, the first of which has something of its own."""
    return {"pelvis": {"support": "pelvis", **changes}, "none": {"support": "none"}}


def test_infants_are_tested_with_and_without_pushes_unless_the_file_says_otherwise() -> None:
    assert study().test.pushes == (True, False)


def test_supports_have_full_strength_unless_the_file_says_otherwise() -> None:
    assert {arm.support_strength for arm in study().arms.values()} == {1.0}


def test_the_quick_form_replaces_only_what_its_block_gives() -> None:
    quick = study().quick_form()
    assert quick.seeds == 2
    assert quick.dose == DoseSpec(training_steps=100, evaluations=3)
    assert quick.quick_form() == quick


def test_the_standard_form_replaces_what_its_own_block_gives() -> None:
    one = study(standard={"seeds": 8, "test": {"episodes": 1}})
    assert (one.standard_form().seeds, one.quick_form().seeds, one.seeds) == (8, 2, 3)
    assert one.standard_form().test.pushes == one.test.pushes
    assert one.standard_form() == one.standard_form().standard_form().quick_form()
    assert study().standard_form().seeds == study().seeds


def test_a_form_may_leave_arms_out_with_their_comparisons() -> None:
    three = {**arms(), "waist": {"support": "waist"}}
    pairs = [["pelvis", "none"], ["waist", "none"]]
    kept = {"arms": ["pelvis", "none"]}
    quick = study(arms=three, primary_outcome=primary(comparisons=pairs), quick=kept).quick_form()
    assert [*quick.arms] == ["pelvis", "none"]
    assert quick.primary_outcome.comparisons == (("pelvis", "none"),)


MATCHED = {
    "low": {"support": "pelvis", "support_strength": 0.2},
    "high": {"support": "axillae", "support_strength": 0.1, "matched_in": "load"},
    "none": {"support": "none"},
}
AGAINST_NONE = {"comparisons": [["high", "none"]]}


def test_what_hands_are_matched_in_is_no_part_of_what_they_do() -> None:
    one = study(arms=MATCHED, primary_outcome=primary(**AGAINST_NONE), matched_to="low")
    assert one.arms["high"].matched_in == "load"
    assert one.arms["high"].hands.matched_in is None
    assert "matched_to" not in study().model_dump()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({}, "arms.high.matched_in: matched_to must name the arm"),
        ({"matched_to": "lo"}, "matched_to: no arm 'lo'; did you mean 'low'"),
        (
            {"matched_to": "low", "quick": {"arms": ["high", "none"]}},
            "quick.arms: leaves out 'low', to which others are matched",
        ),
        (
            {"matched_to": "low", "standard": {"arms": ["low", "none"]}},
            "standard.arms: leaves no comparison",
        ),
    ],
)
def test_hands_are_matched_to_those_of_an_arm_that_is_there(
    changes: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValidationError, match=message):
        study(arms=MATCHED, primary_outcome=primary(**AGAINST_NONE), **changes)


def test_the_quick_form_keeps_the_ratio_of_an_own_dose_to_the_studys() -> None:
    longer = study(
        arms=arms(dose={"training_steps": 200}),
        quick={"dose": dose(training_steps=10)},
    )
    assert longer.doses_of("pelvis") == (200,)
    assert longer.quick_form().doses_of("pelvis") == (20,)
    assert longer.quick_form().doses_of("none") == (10,)


def test_the_quick_form_tests_in_the_same_hands_and_exercises() -> None:
    one = study(
        test={"episodes": 4, "supports": ["none", "waist"], "transfer": ["sitting_tilt"]},
        quick={"test": {"episodes": 1}},
    )
    quick = one.quick_form().test
    assert (quick.episodes, quick.supports, quick.transfer) == (
        1, ("none", "waist"), ("sitting_tilt",)
    )  # fmt: skip


def test_an_arm_adds_its_own_rewards_and_settings_to_those_of_the_study() -> None:
    one = study(
        rewards={"jerk": {"weight": -1}},
        training={"gamma": 0.9},
        arms=arms(rewards={"upright": {"weight": 2}}, training={"gamma": 0.95}),
    )
    assert one.reward_weights("none") == {"jerk": -1}
    assert one.reward_weights("pelvis") == {"jerk": -1, "upright": 2}
    assert one.training_settings("none") == {"gamma": 0.9}
    assert one.training_settings("pelvis") == {"gamma": 0.95}


def test_what_a_study_does_not_say_is_not_in_its_dump() -> None:
    """The hash of a study that says nothing new is that of before."""
    dump = study().model_dump(mode="json")
    assert dump["arms"]["pelvis"] == {"support": "pelvis", "support_strength": 1.0}
    assert dump["test"].keys() == {"episodes", "pushes"}
    assert dump["primary_outcome"].keys() == {
        "outcome", "summary", "pushed", "comparisons", "equivalence_margin"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"arms": {}}, "at least 1"),
        ({"arms": {"Pelvis": {"support": "pelvis"}}}, "pattern"),
        ({"seeds": 0}, "greater than or equal to 1"),
        ({"ages_months": [25]}, "less than or equal to 24"),
        ({"ages_months": [7, 7]}, "ages_months names one twice"),
        ({"conditions": []}, "conditions must name at least one"),
        ({"sexes": ["girl"]}, "'female', 'male' or 'drawn'"),
        ({"dose": {"training_steps": 10, "evaluations": 1}}, "greater than or equal to 2"),
        ({"test": {"episodes": 1, "pushes": []}}, r"\[true, false\]"),
        ({"test": {"episodes": 1, "pushes": [False]}}, "test.pushes must contain true"),
        ({"quick": {"test": {"episodes": 1, "pushes": [False]}}}, "test.pushes must contain true"),
        ({"quick": {"sedes": 1}}, "Extra inputs"),
        ({"primary_outcome": primary(comparisons=[["pelvis", "non"]])}, "did you mean 'none'"),
        ({"primary_outcome": primary(comparisons=[["none", "none"]])}, "compared with itself"),
        ({"primary_outcome": primary(equivalence_margin=0)}, "greater than 0"),
        ({"dose": dose(training_steps=0)}, "a whole number of at least 1, or a list"),
        ({"dose": dose(training_steps=[])}, "a whole number of at least 1, or a list"),
        ({"dose": dose(training_steps=[8, 8])}, "a list of different ones"),
        ({"test": {"episodes": 1, "supports": ["none", "none"]}}, "supports names one twice"),
        ({"test": {"episodes": 1, "transfer": ["sitting"]}}, "is what infants practise"),
        ({"primary_outcome": primary(support="pelvis")}, "'pelvis' is not in test.supports"),
        ({"primary_outcome": primary(exercise="standing")}, "'standing' is not in test.transfer"),
        ({"primary_outcome": primary(criterion=0.5)}, "only hours_to_success has one"),
        ({"primary_outcome": waiting(criterion=0)}, "greater than 0"),
        ({"primary_outcome": waiting(criterion=80)}, "less than or equal to 1"),
        (
            {"primary_outcome": waiting(), "arms": arms(dose={"training_steps": 50})},
            "'pelvis' and 'none' need the same dose",
        ),
        (
            {"dose": dose(training_steps=[8, 16]), "arms": arms(dose={"training_steps": 50})},
            r"arms\.pelvis\.dose: the study has several doses",
        ),
        (
            {"ages_months": [6, 7], "arms": arms(age_months=9)},
            r"arms\.pelvis\.age_months: the study has several ages",
        ),
        ({"arms": arms(age_months=25)}, "less than or equal to 24"),
        ({"arms": arms(rewards={"jerk": 1})}, "valid dictionary"),
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


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_studies_name_only_what_exists(name: str) -> None:
    catalog = Catalog.shipped()
    assert list(catalog.load(StudySpec, name).problems(catalog)) == []


@pytest.mark.parametrize("name", SHIPPED)
def test_forms_of_a_shipped_study_ask_the_same_question(name: str) -> None:
    full = Catalog.shipped().load(StudySpec, name)
    for form, minutes, seeds in ((full.quick_form(), 15, 3), (full.standard_form(), 120, 8)):
        assert form.primary_outcome.outcome == full.primary_outcome.outcome
        assert form.primary_outcome.comparisons
        assert {*form.primary_outcome.comparisons} <= {*full.primary_outcome.comparisons}
        assert form.arms.items() <= full.arms.items()
        assert {*chain.from_iterable(form.primary_outcome.comparisons)} <= {*form.arms}
        assert form.seeds >= seeds
        assert form.minutes <= minutes


def test_infants_share_a_body_unless_the_file_says_otherwise() -> None:
    assert (study().subjects, study().sexes) == ("one_body", ("female",))
    assert "subjects" not in study().model_dump()


def test_the_sexes_of_a_cohort_are_drawn_unless_the_file_names_them() -> None:
    assert study(subjects="cohort").sexes == ("drawn",)
    assert study(subjects="cohort", sexes=["male"]).sexes == ("male",)
    again = study(subjects="cohort")
    assert StudySpec.model_validate_json(again.model_dump_json()) == again


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"sexes": ["drawn"]}, "only 'subjects: cohort' has drawn ones"),
        ({"subjects": "cohort", "sexes": ["drawn", "male"]}, "write 'drawn' alone"),
        ({"subjects": "cohorts"}, "'one_body' or 'cohort'"),
    ],
)
def test_a_sex_can_be_drawn_only_in_a_cohort(changes: dict[str, object], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        study(**changes)


def test_a_study_asks_for_no_interactions_unless_the_file_does() -> None:
    assert study().primary_outcome.interactions == ()
    assert "interactions" not in study().primary_outcome.model_dump()
    asked = study(ages_months=[5, 7], primary_outcome=primary(interactions=["age"]))
    assert asked.primary_outcome.interactions == ("age",)


@pytest.mark.parametrize("factor", get_args(Factor))
def test_an_interaction_needs_infants_that_differ_in_its_factor(factor: str) -> None:
    with pytest.raises(ValidationError, match=f"all infants of this study have one {factor}"):
        study(primary_outcome=primary(interactions=[factor]))


def test_two_severities_are_one_condition() -> None:
    conditions = [{"name": "hypotonia", "severity": one} for one in (0.3, 0.8)]
    asked = {"conditions": conditions, "primary_outcome": primary(interactions=["severity"])}
    assert study(**asked).primary_outcome.interactions == ("severity",)
    with pytest.raises(ValidationError, match="have one condition"):
        study(**asked | {"primary_outcome": primary(interactions=["condition"])})
