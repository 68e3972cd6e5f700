"""Whether differences between arms depend on the infants: planted, absent, by brute force."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from dmi_sim.catalog import Catalog, override
from dmi_sim.report.comparisons import Comparison, Group, compare
from dmi_sim.report.findings import study_findings
from dmi_sim.report.html import report_html
from dmi_sim.report.interactions import Interaction, interactions
from dmi_sim.report.labels import Measure
from dmi_sim.report.markup import unbroken
from dmi_sim.report.tables import read_run
from dmi_sim.report.verdicts import interaction_verdict
from dmi_sim.spec.study import Factor
from dmi_sim.statistics.p_values import ALPHA
from dmi_sim.study.plan import Cell
from dmi_sim.tables import effect_text
from tests.report.fakes import fake_run_of, study

TIME = Measure("time upright", "s", "", "higher")
YOUNG = Group("typical", 0.5, 5.0, "female")
OLD = replace(YOUNG, age_months=7.0)
OLDER = replace(YOUNG, age_months=9.0)
MILD = replace(YOUNG, condition="hypotonia", severity=0.3)
SEVERE = replace(YOUNG, condition="hypotonia", severity=0.8)


def compared(group: Group, differences: np.ndarray) -> Comparison:
    first = dict(enumerate(differences.tolist()))
    second = dict.fromkeys(first, 0.0)
    return compare(group, ("a", "b"), (first, second), 1.0, np.random.default_rng(0))


def among(factor: Factor, *groups: Group) -> list[tuple[Group, Group]]:
    family = [compared(group, np.arange(4.0)) for group in groups]
    return [(one.group, one.reference) for one in interactions(family, [factor])]


def test_every_later_kind_is_compared_with_the_first_that_differs_in_the_factor_alone() -> None:
    boy = replace(OLD, sex="male")
    assert among("age", YOUNG, OLD, OLDER, boy) == [(OLD, YOUNG), (OLDER, YOUNG)]
    assert among("condition", YOUNG, MILD, SEVERE, OLD) == [(MILD, YOUNG), (SEVERE, YOUNG)]
    assert among("severity", YOUNG, MILD, SEVERE) == [(SEVERE, MILD)]
    assert among("sex", OLD, boy) == [(boy, OLD)]
    assert among("dose", OLD, replace(OLD, dose_steps=9)) == [(replace(OLD, dose_steps=9), OLD)]
    assert among("age", YOUNG) == []


def test_an_interaction_is_the_difference_of_differences_with_welchs_interval() -> None:
    young, old = np.array([0.1, 0.4, -0.2, 0.3]), np.array([1.0, 2.0, 1.4, 2.2, 1.1])
    (found,) = interactions([compared(YOUNG, young), compared(OLD, old)], ["age"])
    test = stats.ttest_ind(old, young, equal_var=False)
    assert found.infants == (5, 4)
    assert found.difference.value == pytest.approx(old.mean() - young.mean())
    assert found.p_value == pytest.approx(test[1])
    errors = [np.var(one, ddof=1) / len(one) for one in (old, young)]
    freedom = sum(errors) ** 2 / (errors[0] ** 2 / 4 + errors[1] ** 2 / 3)
    half = stats.t.ppf(0.975, freedom) * np.sqrt(sum(errors))
    assert found.difference.high - found.difference.value == pytest.approx(half)


def test_arms_are_not_mixed() -> None:
    one = compared(YOUNG, np.arange(4.0))
    other = replace(compared(OLD, np.arange(4.0)), second="c")
    assert interactions([one, other], ["age"]) == ()


def test_interactions_are_corrected_for_their_number_and_comparisons_not_for_theirs() -> None:
    draw = np.random.default_rng(3)
    family = [compared(group, draw.normal(size=6)) for group in (YOUNG, OLD, OLDER)]
    found = interactions(family, ["age"])
    smallest = min(one.p_value for one in found)
    assert min(one.p_holm for one in found) == pytest.approx(min(1.0, 2 * smallest))


# Whole studies: a planted interaction is found, and one that is not there hardly ever


def at_two_ages(folder: Path, gain: Callable[[Cell], float], seeds: int = 6) -> list[Interaction]:
    spec = override(
        study(seeds=seeds), ["ages_months=[5, 7]", "primary_outcome.interactions=[age]"]
    )
    return list(study_findings(read_run(fake_run_of(folder, spec, gain))).interactions)


def test_an_effect_that_only_older_infants_have_is_found(tmp_path: Path) -> None:
    draw = np.random.default_rng(1)

    def gain(cell: Cell) -> float:
        helps = cell.arm == "pelvis" and cell.subject.age_months > 6
        return 4.0 + 3.0 * helps + float(draw.normal(0, 0.3))

    found = at_two_ages(tmp_path / "run", gain)
    assert [(one.first, one.second) for one in found] == [
        ("pelvis", "axillae"), ("pelvis", "none"), ("axillae", "none"),
    ]  # fmt: skip
    assert {(one.group.age_months, one.reference.age_months) for one in found} == {(7.0, 5.0)}
    assert [one.p_holm < ALPHA for one in found] == [True, True, False]
    assert found[0].difference.value == pytest.approx(1.5, abs=0.4)  # half of the gain


def test_an_effect_that_all_infants_have_is_no_interaction(tmp_path: Path) -> None:
    draw = np.random.default_rng(2)

    def gain(cell: Cell) -> float:
        return 4.0 + 3.0 * (cell.arm == "pelvis") + float(draw.normal(0, 0.3))

    assert all(one.p_holm >= ALPHA for one in at_two_ages(tmp_path / "run", gain))


@pytest.mark.parametrize("shared", [0.0, 0.7])
def test_a_study_without_interactions_shows_one_in_5_of_100_at_most(shared: float) -> None:
    """Alike seeds may do alike in all kinds of infants (``shared``), as in a study they do."""
    studies, draw, wrong = 500, np.random.default_rng(7), 0
    template = compared(YOUNG, np.arange(8.0))
    for _ in range(studies):
        common = draw.normal(size=8)
        family = [
            replace(template, group=group, differences=dict(enumerate(one.tolist())))
            for group in (YOUNG, OLD, OLDER)
            for one in [shared * common + np.sqrt(1 - shared**2) * draw.normal(size=8)]
        ]
        wrong += any(one.p_holm < ALPHA for one in interactions(family, ["age"]))
    assert wrong <= stats.binom.ppf(0.999, studies, ALPHA)


def test_without_being_asked_for_there_are_none(tmp_path: Path) -> None:
    spec = override(study(seeds=2), ["ages_months=[5, 7]"])
    run = read_run(fake_run_of(tmp_path / "run", spec, lambda cell: 1.0))
    assert study_findings(run).interactions == ()


# The words and the table


def shown(infants: int, difference: float) -> Interaction:
    draw = np.random.default_rng(5)
    young, old = (draw.normal(mean, 0.5, size=infants) for mean in (0.0, difference))
    return interactions([compared(YOUNG, young), compared(OLD, old)], ["age"])[0]


def test_an_interaction_is_shown_not_shown_or_only_described() -> None:
    assert interaction_verdict(shown(8, 3.0), TIME) == (
        "Interaction shown: the difference depends on age."
    )
    words = interaction_verdict(shown(8, 0.0), TIME)
    assert words.startswith("No interaction shown; up to ")
    assert words.endswith("s is not ruled out.")
    assert interaction_verdict(shown(5, 9.0), TIME) == "Seen in 5 infants, too few to decide."
    assert interaction_verdict(shown(1, 9.0), TIME).startswith("No verdict: 1 infant")


def test_the_report_of_a_study_that_asks_for_interactions_has_them_and_no_other_has(
    tmp_path: Path, page: str
) -> None:
    asked = ["ages_months=[5, 7]", "primary_outcome.interactions=[age]"]
    spec = override(study(seeds=2), asked)
    run = read_run(
        fake_run_of(
            tmp_path / "run", spec, lambda cell: 3.0 + cell.subject.seed * (cell.arm == "none")
        )
    )
    text = report_html(run, Catalog.shipped())
    assert "Do the differences depend on the infants (age)?" in text
    assert "girl of 7 months, typical development less girl of 5 months" in text
    assert 'download="interactions.csv"' in text
    for one in study_findings(run).interactions:
        assert unbroken(effect_text(one.difference, "s")) in text
    assert "depend on the infants" not in page
    assert "interactions.csv" not in page
