"""Supports and schedules in the words of a report."""

from typing import Any

import pytest

from dmi_sim.catalog import Catalog
from dmi_sim.report.labels import arm_titles, common_strength
from dmi_sim.report.support_words import arm_schedule, schedule_rules, schedule_title
from dmi_sim.spec.arm import ArmSpec
from dmi_sim.spec.support import SITES
from dmi_sim.spec.support_schedule import SupportSchedule, SupportScheduleFile
from tests.spec.test_support_schedule import ISSUE, RULES

CATALOG = Catalog.shipped()


def schedule(**content: Any) -> SupportSchedule:
    return SupportSchedule.model_validate(content)


def test_a_title_says_where_hands_go_and_how_they_fade() -> None:
    assert schedule_title(schedule(**ISSUE), 1.0, CATALOG) == (
        "Hands at the armpits then at the waist then at the pelvis, "
        "firmness fading from 50 % to 0 % with competence"
    )


def test_a_title_tells_the_firmness_that_the_infant_feels() -> None:
    assert schedule_title(schedule(site="pelvis", firmness=0.5), 0.5, CATALOG) == (
        "Hands at the pelvis, 25 % strength"
    )
    assert "from 25 % to 0 %" in schedule_title(schedule(**ISSUE), 0.5, CATALOG)


def test_hands_that_end_with_none_are_said_to() -> None:
    down = schedule(site=["pelvis", "none"], move_after={"success": 0.5})
    assert schedule_title(down, 1.0, CATALOG) == "Hands at the pelvis then no hands"


@pytest.mark.parametrize("site", SITES)
def test_a_site_alone_has_its_own_title(site: str) -> None:
    arms = {"one": ArmSpec(support=schedule(site=site)), "plain": ArmSpec(support=site)}
    first, second = arm_titles(arms, CATALOG).values()
    assert first.removesuffix(" (one)").removesuffix(", 100 % strength") == (
        second.removesuffix(" (plain)").removesuffix(", 100 % strength")
    )


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_the_rule_of_every_firmness_is_said_in_sentences(rule: dict[str, Any]) -> None:
    said = schedule_rules(schedule(**{**ISSUE, "firmness": rule}))
    assert said.startswith("Hands move on once 80 % of the last 20 episodes at a site succeeded.")
    assert said.endswith(".")
    assert len(said) > 100


def test_constant_hands_need_no_rules() -> None:
    assert schedule_rules(schedule(site="pelvis", firmness=0.5)) == ""


@pytest.mark.parametrize("name", CATALOG.names(SupportScheduleFile))
def test_an_arm_may_name_a_schedule_file(name: str) -> None:
    arm, file = ArmSpec(support=name), CATALOG.load(SupportScheduleFile, name)
    assert arm_schedule(arm, CATALOG) == file.support
    assert arm_titles({"named": arm}, CATALOG) == {"named": file.title}


def test_hands_of_a_schedule_have_no_common_strength_with_others() -> None:
    """Of hands that fade, "held with half of their strength" would be untrue."""
    plain = ArmSpec(support="pelvis", support_strength=0.5)
    fading = ArmSpec(support=schedule(**ISSUE), support_strength=0.5)
    assert common_strength({"plain": plain}) == 0.5
    assert common_strength({"plain": plain, "fading": fading}) is None
    assert "50 % strength" in arm_titles({"plain": plain, "fading": fading}, CATALOG)["plain"]


def test_a_schedule_of_full_strength_is_not_said_to_have_any() -> None:
    """Beside plain hands of half strength "as needed, 100 % strength" would say too much."""
    arms = {
        "plain": ArmSpec(support="pelvis", support_strength=0.5),
        "needed": ArmSpec(support="as_needed"),
        "soft": ArmSpec(support="as_needed", support_strength=0.5),
    }
    titles = arm_titles(arms, CATALOG)
    assert titles["needed"] == CATALOG.load(SupportScheduleFile, "as_needed").title
    assert titles["soft"] == f"{titles['needed']}, 50 % strength"
