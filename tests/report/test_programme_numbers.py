import json
from dataclasses import replace

import pytest

from dmi_sim.catalog import Catalog
from dmi_sim.child.course import Course
from dmi_sim.report.programme_data import programme_data
from dmi_sim.report.programme_effects_section import (
    answer_of_programmes,
    effects_section,
    in_points,
    tells_apart,
    told_margin,
    told_measure,
)
from dmi_sim.report.programme_numbers import ProgrammeNumbers, programme_numbers
from dmi_sim.report.programme_question import ProgrammeQuestion, question_of, titles_of
from dmi_sim.report.programme_report import programme_report_html
from tests.report.courses import scored

GAINS = (0.1, 0.2, 0.3, 0.2, 0.1, 0.2, 0.3)


def two_arms(first: float, second: float, children: int = 7) -> list[Course]:
    """Children who gain alike, but for what the arm adds to each, and a little of their own."""
    return [
        scored({0: 0.0, 4: GAINS[child] + extra + wobble * (child % 2)}, arm=arm, child=child)
        for child in range(children)
        for arm, extra, wobble in (("one", first, 0.01), ("other", second, 0.0))
    ]


def asked(**changes: object) -> ProgrammeQuestion:
    plain = ProgrammeQuestion("Title", "Question?", (("one", "other"),))
    return replace(plain, **changes)  # type: ignore[arg-type]


def numbers(first: float, second: float, children: int = 7) -> ProgrammeNumbers:
    return programme_numbers(two_arms(first, second, children), asked())


def test_an_effect_is_the_first_arm_minus_the_second_child_by_child() -> None:
    found = numbers(0.2, 0.0).compared[0].primary
    assert found.difference.value == pytest.approx(0.2, abs=0.01)
    assert found.differences[1] == pytest.approx(0.21)


def test_arms_in_the_other_order_give_the_effect_with_the_other_sign() -> None:
    courses = two_arms(0.2, 0.0)
    turned = programme_numbers(courses, asked(comparisons=(("other", "one"),)))
    straight = programme_numbers(courses, asked())
    assert turned.compared[0].primary.difference.value == pytest.approx(
        -straight.compared[0].primary.difference.value
    )


def test_a_large_effect_in_many_children_is_shown() -> None:
    assert answer_of_programmes(numbers(0.3, 0.0)).startswith("A difference was shown")


def test_no_effect_is_told_as_none_shown() -> None:
    assert answer_of_programmes(numbers(0.0, 0.005)).startswith("No difference shown")


def test_few_children_describe_however_large_the_effect() -> None:
    answer = answer_of_programmes(numbers(0.5, 0.0, children=3))
    assert "not a verdict" in answer
    assert "3 children" in answer


def test_children_who_all_came_out_alike_cannot_tell_arms_apart() -> None:
    alike = [
        scored({0: 0.1, 4: 0.1}, arm=arm, child=child)
        for child in range(7)
        for arm in ("one", "other")
    ]
    found = programme_numbers(alike, asked())
    assert not tells_apart(found)
    assert "could not tell the arms apart" in answer_of_programmes(found)


def of_two_conditions(extra: float) -> list[Course]:
    """Arms that are alike in typical children, and differ in those with hypotonia."""
    plain = two_arms(0.0, 0.0)
    other = [
        replace(one, child=one.child + 7, who={**one.who, "condition": "hypotonia"})
        for one in two_arms(extra, 0.0)
    ]
    return [*plain, *other]


@pytest.mark.parametrize(("extra", "shown"), [(0.3, True), (0.0, False)])
def test_an_effect_that_depends_on_the_condition_is_an_interaction(
    extra: float, shown: bool
) -> None:
    courses = of_two_conditions(extra)
    found = programme_numbers(courses, asked(interactions=("condition",)))
    typical, hypotonic = (one.primary for one in found.compared)
    assert (typical.group.condition, hypotonic.group.condition) == ("typical", "hypotonia")
    assert {*typical.differences} == set(range(7))
    assert {*hypotonic.differences} == set(range(7, 14))
    assert hypotonic.difference.value == pytest.approx(extra, abs=0.01)
    (one,) = found.interactions
    assert one.reference.condition == "typical"
    assert (one.p_holm < 0.05) is shown
    assert one.difference.contains(0.0) is not shown


def test_a_report_names_the_kind_of_children_of_each_effect() -> None:
    courses, question = of_two_conditions(0.3), asked(interactions=("condition",))
    html = programme_report_html(courses, question, Catalog.shipped())
    assert "typical development" in html
    assert "hypotonia" in html
    assert "Do the differences depend on the children (condition)?" in html
    (row,) = programme_data(courses, programme_numbers(courses, question), question)["interactions"]
    assert row["condition"] == "hypotonia"


def test_children_of_one_kind_have_no_interaction() -> None:
    assert numbers(0.2, 0.0).interactions == ()


def test_a_child_that_is_in_one_arm_only_is_not_compared() -> None:
    courses = [one for one in two_arms(0.2, 0.0) if (one.arm, one.child) != ("other", 0)]
    found = programme_numbers(courses, asked())
    assert set(found.compared[0].primary.differences) == {1, 2, 3, 4, 5, 6}


def test_children_who_miss_a_milestone_are_counted_and_kept() -> None:
    courses = two_arms(0.4, 0.0)
    question = asked(
        outcome="age_at_milestone_months", params={"milestone": "walking_alone"}, margin=0.5
    )
    found = programme_numbers(courses, question)
    assert found.censored["other"] == 7 > found.censored["one"]
    assert len(found.compared[0].primary.differences) == 7
    page = effects_section(found, titles_of(courses), question)
    assert "7 of 7" in page
    assert "nobody is dropped" in page


def test_dose_and_falls_stand_beside_every_effect(children: tuple[Course, ...]) -> None:
    found = programme_numbers(children, question_of(children))
    assert len(found.compared) == 3
    for one in found.compared:
        kinds = [row.kind for row in one.doses]
        assert "dose" in kinds
        assert "falls" in kinds
        titles = " ".join(row.title for row in one.doses)
        for word in ("therapy", "repetitions", "impulse", "body weight", "falls"):
            assert word in titles


def test_dose_is_that_of_the_diaries(children: tuple[Course, ...]) -> None:
    found = programme_numbers(children, question_of(children)).compared[0]
    rows = {row.title: row for row in found.doses}
    own = [one for one in children if one.arm == "dmi"]
    falls = [sum(entry.falls for entry in one.sessions) for one in own]
    assert rows["falls in practice"].first == pytest.approx(sum(falls) / len(falls))
    assert rows["therapy, by the timetable"].first == 12 * 45
    assert rows["body weight in the hands, in therapy"].second == pytest.approx(0.4)


def test_shares_are_told_in_points_and_p_values_stay() -> None:
    found = numbers(0.2, 0.0)
    plain = found.compared[0].primary
    shown = in_points(plain)
    assert shown.difference.high == pytest.approx(100 * plain.difference.high)
    assert shown.p_holm == plain.p_holm
    assert told_margin(found) == pytest.approx(5)
    assert told_measure(found).unit == "points"


def test_months_are_told_in_months() -> None:
    question = asked(outcome="age_at_milestone_months", params={"milestone": "standing_alone"})
    found = programme_numbers(two_arms(0.4, 0.0), question)
    assert told_measure(found).unit == "months"
    assert told_margin(found) == question.margin


def test_without_a_study_all_arms_are_compared(children: tuple[Course, ...]) -> None:
    question = question_of(children)
    assert question.comparisons == (
        ("dmi", "traditional"),
        ("dmi", "free_play"),
        ("traditional", "free_play"),
    )
    assert not question.is_declared


def test_arms_of_one_title_also_have_their_names(children: tuple[Course, ...]) -> None:
    twice = [replace(one, arm=f"{one.arm}_{one.child}") for one in children if one.arm == "dmi"]
    assert len({*titles_of(twice).values()}) == 3
    assert "(dmi_0)" in titles_of(twice)["dmi_0"]


def test_all_numbers_go_into_json(children: tuple[Course, ...]) -> None:
    question = question_of(children)
    found = programme_numbers(children, question)
    again = json.loads(json.dumps(programme_data(children, found, question)))
    assert again["values"]["dmi"]["0"] == found.values["dmi"][0]
    first = again["comparisons"][0]
    assert first["difference_value"] == found.compared[0].primary.difference.value
    assert {row["arm"] for row in again["after"]} == {"dmi", "traditional", "free_play"}
    assert len(again["milestones"]) == 3 * len(found.milestones)
