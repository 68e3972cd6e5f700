"""The words of a report: names of arms, infants and outcomes."""

import pytest

from dmi_sim.catalog import Catalog
from dmi_sim.outcome.registry import OUTCOMES
from dmi_sim.report.labels import arm_titles, measure
from dmi_sim.spec.arm import ArmSpec


def test_arms_have_the_titles_of_their_supports_and_the_strength_where_it_differs() -> None:
    arms = {"high": ArmSpec(support="axillae"), "low": ArmSpec(support="pelvis")}
    catalog = Catalog.shipped()
    assert list(arm_titles(arms, catalog).values()) == [
        "Hands at the armpits",
        "Hands at the pelvis",
    ]
    arms["soft"] = ArmSpec(support="pelvis", support_strength=0.4)
    assert arm_titles(arms, catalog)["soft"] == "Hands at the pelvis, 40 % strength"


def test_arms_with_one_title_also_have_their_names_and_no_strength_means_no_hands() -> None:
    arms = {"none": ArmSpec(support="none"), "let_go": ArmSpec(support="feet", support_strength=0)}
    assert arm_titles(arms, Catalog.shipped()) == {
        "none": "No hands (none)",
        "let_go": "No hands (let_go)",
    }


def test_an_unknown_support_is_called_by_its_name() -> None:
    arms = {"mine": ArmSpec(support="my_support")}
    assert arm_titles(arms, Catalog.shipped()) == {"mine": "Hands as in my_support"}


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_an_outcome_has_the_unit_of_its_column_in_typographic_form(outcome: str) -> None:
    units = {"mm2": "mm²", "N.s": "N·s", "1": ""}
    column = OUTCOMES[outcome].unit
    assert measure(outcome).unit == units.get(column, column)


def test_a_heading_has_its_unit_in_brackets_and_a_plain_number_none() -> None:
    assert measure("sway_path_mm").bracketed_unit == "[mm]"
    assert measure("effort").bracketed_unit == ""
