"""The words of a report: verdicts, names of arms, numbers."""

from dataclasses import replace

import numpy as np
import pytest

from dmi_sim.catalog import Catalog
from dmi_sim.outcome.registry import OUTCOMES
from dmi_sim.report.findings import Comparison, Group, compare
from dmi_sim.report.labels import Measure, arm_titles, group_title, measure, verdict
from dmi_sim.spec.study import ArmSpec

GIRL = Group("typical", 0.5, 7.0, "female")
TITLES = {"a": "Hands at the pelvis", "b": "No hands"}
TIME = Measure("time upright", "s", "", "higher")


def verdict_of(differences: list[float], margin: float = 1.0) -> str:
    return verdict(compared(differences, margin), TITLES, TIME, margin)


def compared(differences: list[float], margin: float = 1.0) -> Comparison:
    first = {seed: value + seed for seed, value in enumerate(differences)}
    second = {seed: float(seed) for seed in first}
    return compare(GIRL, ("a", "b"), (first, second), margin, np.random.default_rng(0))


def test_zero_inside_the_interval_is_no_difference_shown_and_says_what_is_still_possible() -> None:
    assert verdict_of([-1.0, 0.5, 3.0]).startswith(
        "No difference shown; differences of up to 5.9 s"
    )


def test_alike_arms_are_called_equivalent_only_if_tested_so() -> None:
    assert verdict_of([-0.1, 0.1, 0.05]) == (
        "No difference shown, and the arms are equivalent within ±1 s."
    )


def test_a_difference_names_the_arm_with_more_whichever_it_is() -> None:
    assert verdict_of([3.0, 3.1, 2.9]) == (
        "Difference shown: time upright is higher after practice with hands at the pelvis."
    )
    assert "with no hands" in verdict_of([-3.0, -3.1, -2.9])


def test_a_difference_that_would_not_matter_is_called_so() -> None:
    assert verdict_of([0.30, 0.31, 0.29]).endswith("but less than the 1 s that would matter.")


def test_a_difference_that_does_not_survive_correction_is_called_so() -> None:
    corrected = replace(compared([2.0, 3.0, 4.0]), p_holm=0.06)
    assert "but not after correction" in verdict(corrected, TITLES, TIME, 1.0)


@pytest.mark.parametrize(("differences", "word"), [([], "no"), ([2.0], "1")])
def test_one_infant_or_none_gives_no_verdict(differences: list[float], word: str) -> None:
    assert verdict_of(differences).startswith(f"No verdict: {word} infant")


def test_identical_differences_of_zero_are_no_difference() -> None:
    assert verdict_of([0.0, 0.0, 0.0]).startswith("No difference shown")


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


def test_groups_are_described_in_words() -> None:
    assert group_title(GIRL) == "girl of 7 months, typical development"
    assert group_title(Group("down_syndrome", 0.4, 9.5, "male")) == (
        "boy of 9.5 months, Down syndrome, severity 0.4"
    )


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_an_outcome_has_the_unit_of_its_column_in_typographic_form(outcome: str) -> None:
    units = {"mm2": "mm²", "N.s": "N·s", "1": ""}
    column = OUTCOMES[outcome].unit
    assert measure(outcome).unit == units.get(column, column)


def test_a_heading_has_its_unit_in_brackets_and_a_plain_number_none() -> None:
    assert measure("sway_path_mm").bracketed_unit == "[mm]"
    assert measure("effort").bracketed_unit == ""
