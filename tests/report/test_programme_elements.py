from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from dmi_sim.report.all_findings import StudyLine, programme_findings
from dmi_sim.report.comparisons import Group
from dmi_sim.report.programme_effects_section import Names, answer_of_programmes
from dmi_sim.report.programme_elements import (
    ELEMENT_TITLES,
    ElementEffect,
    element_effects,
    element_words,
    rule_words,
)
from dmi_sim.report.programme_elements_section import elements_section
from dmi_sim.report.programme_numbers import ProgrammeNumbers, programme_numbers
from dmi_sim.report.programme_question import ProgrammeQuestion, titles_of
from dmi_sim.spec.programme import ProgrammeSpec, RuleSpec
from dmi_sim.therapy.factorial import ELEMENTS, factorial, factorial_names, levels_of
from tests.report.courses import CATALOG, scored

KIND = Group("typical", 0.5, 6.0, "female")
PROGRAMMES = factorial(
    CATALOG.load(ProgrammeSpec, "dmi"), CATALOG.load(ProgrammeSpec, "traditional")
)
CHILDREN = 9
"""Of fewer children who are all alike no effect is shown, once corrected for five."""


def values(effects: Mapping[str, float]) -> dict[str, dict[int, float]]:
    """A number of each child in each arm that is a sum of effects of elements."""
    return {
        arm: {
            child: 0.3 + 0.01 * child + sum(effects.get(one, 0) * levels[one] / 2 for one in levels)
            for child in range(CHILDREN)
        }
        for arm, levels in factorial_names().items()
    }


def effects(**planted: float) -> dict[str, ElementEffect]:
    found = element_effects(values(planted), PROGRAMMES, KIND, 0.05)
    return {one.element: one for one in found}


@pytest.mark.parametrize("element", ELEMENTS)
def test_an_effect_is_traced_to_its_element_and_to_no_other(element: str) -> None:
    found = effects(**{element: 0.2})
    for name, one in found.items():
        expected = 0.2 if name == element else 0.0
        assert one.comparison.difference.value == pytest.approx(expected, abs=1e-9)


def test_two_elements_that_work_together_look_like_neither_of_them() -> None:
    both = {
        arm: {0: float(levels["site"] * levels["exercise"]), 1: 0.0}
        for arm, levels in factorial_names().items()
    }
    for one in element_effects(both, PROGRAMMES, KIND, 0.05):
        assert one.comparison.difference.value == pytest.approx(0.0)


def test_an_element_is_told_by_its_two_rules() -> None:
    site = effects()["site"]
    assert site.high.startswith("most distal tolerated")
    assert site.low.startswith("most proximal")


def test_a_child_that_is_lost_in_one_arm_counts_in_none() -> None:
    lossy = values({"site": 0.2})
    del lossy["with_site"][3]
    for one in element_effects(lossy, PROGRAMMES, KIND, 0.05):
        assert set(one.comparison.differences) == {*range(CHILDREN)} - {3}


def test_arms_that_are_no_factorial_have_no_elements() -> None:
    assert element_effects({"dmi": {0: 1.0}, "traditional": {0: 2.0}}, {}, KIND, 0.05) == ()
    some = list(factorial_names())[:8]
    assert levels_of(some) == {}
    assert levels_of([]) == {}


@pytest.mark.parametrize("prefix", ["with", "early_with"])
def test_a_factorial_is_known_by_the_names_of_its_arms(prefix: str) -> None:
    names = factorial_names(prefix)
    assert levels_of(reversed(list(names))) == names


def test_rules_are_told_with_their_parameters() -> None:
    rule = RuleSpec(rule="by_shares", params={"exercises": {"sitting": 1.0, "standing": 2.0}})
    assert rule_words(rule) == "by shares (exercises sitting 1, standing 2)"
    assert rule_words(RuleSpec(rule="none")) == "none"


def test_elements_answer_where_they_are_the_question() -> None:
    plain = numbers_of_sixteen()
    asked = replace(plain, by_elements=True)
    assert "1 of 5 comparisons" in answer_of_programmes(asked)
    assert "5 comparisons" not in answer_of_programmes(plain)
    source = StudyLine("elements", "Elements", "Which?", Path("runs/e/1"), "2026-01-02", False)
    found = programme_findings(source, asked, Names(titles_of([]), {}))
    assert [one.comparison.first for one in found] == [f"{one} high" for one in ELEMENTS]
    assert found[0].comes_to == "difference"
    assert "Site of the hands: most distal tolerated" in found[0].hypothesis


def test_no_two_programmes_of_a_factorial_have_the_same_words() -> None:
    words = {element_words(levels) for levels in factorial_names().values()}
    assert len(words) == 16
    assert all(any(title in one for one in words) for title in ELEMENT_TITLES.values())


def numbers_of_sixteen() -> ProgrammeNumbers:
    courses = [
        scored({0: 0.0, 4: value}, arm=arm, child=child, programme=PROGRAMMES[arm])
        for arm, own in values({"site": 0.2}).items()
        for child, value in own.items()
    ]
    assert titles_of(courses)["with_site_skills_fading"] == (
        "With site of the hands, order of skills, fading of firmness"
    )
    question = ProgrammeQuestion("Title", "Question?", (("with_site", "with_skills"),))
    return programme_numbers(courses, question)


def test_the_section_tells_which_element_it_was() -> None:
    numbers = numbers_of_sixteen()
    (page,) = elements_section(numbers)
    rows = [row for row in page.split("<tr>") if "<td>" in row]
    words = {
        row.split("</th>")[0].rpartition(">")[2]: row.rpartition("<td>")[2].partition("<")[0]
        for row in rows
    }
    assert words.pop("Site of the hands") == "difference shown"
    assert len(words) == 4
    assert all(one.startswith("no difference shown") for one in words.values())


def test_other_studies_have_no_section_of_elements() -> None:
    courses = [scored({0: 0.0, 4: 0.2}, arm=arm) for arm in ("one", "other")]
    question = ProgrammeQuestion("Title", "Question?", (("one", "other"),))
    assert list(elements_section(programme_numbers(courses, question))) == []
