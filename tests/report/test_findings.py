"""The numbers of a report against those that the fake run was made from."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from dmi_sim.report.comparisons import Group, compare
from dmi_sim.report.findings import (
    StudyFindings,
    dose_mean,
    study_findings,
    total_impulse_n_s,
)
from dmi_sim.report.tables import RunTables
from tests.report.fakes import DOSES_H, GAINS, IMPULSE_N_S, SHARE, START_S

GIRL = Group("typical", 0.5, 7.0, "female")


def test_the_primary_value_is_the_mean_over_training(findings: StudyFindings) -> None:
    for result in findings.results:
        expected = [START_S + gain / 2 for gain in GAINS[result.arm]]
        assert list(result.values.values()) == pytest.approx(expected)
        assert result.mean.value == pytest.approx(np.mean(expected))


def test_arms_and_comparisons_keep_the_order_of_the_study_file(findings: StudyFindings) -> None:
    assert findings.arms == ("axillae", "pelvis", "none")
    pairs = [(one.first, one.second) for one in findings.comparisons]
    assert pairs == list(findings.primary.comparisons)


def test_a_comparison_is_the_first_arm_minus_the_second_infant_by_infant(
    findings: StudyFindings,
) -> None:
    one = findings.comparisons[0]
    expected = (np.array(GAINS["pelvis"]) - np.array(GAINS["axillae"])) / 2
    assert list(one.differences) == [0, 1, 2]
    assert list(one.differences.values()) == pytest.approx(expected.tolist())
    assert one.difference.value == pytest.approx(expected.mean())


def test_the_verdict_interval_covers_both_others(findings: StudyFindings) -> None:
    for one in findings.comparisons:
        assert one.difference.low <= min(one.student.low, one.bootstrap.low)
        assert one.difference.high >= max(one.student.high, one.bootstrap.high)


def test_p_values_are_corrected_for_all_comparisons_of_the_study(findings: StudyFindings) -> None:
    plain = sorted(one.p_value for one in findings.comparisons)
    corrected = sorted(one.p_holm for one in findings.comparisons)
    assert corrected[0] == pytest.approx(3 * plain[0])
    assert all(low <= high for low, high in pairwise(corrected))


def test_a_lost_cell_takes_its_infant_out_of_that_arms_comparisons_only(lossy: RunTables) -> None:
    pelvis_axillae, pelvis_none, axillae_none = study_findings(lossy).comparisons
    assert list(pelvis_axillae.differences) == [0, 2]
    assert list(pelvis_none.differences) == [0, 2]
    assert list(axillae_none.differences) == [0, 1, 2]


def test_an_infant_whose_tests_give_no_value_is_not_in_means_and_comparisons(
    run: RunTables,
) -> None:
    tests = [
        {**row, "time_upright_s": np.nan} if (row["arm"], row["seed"]) == ("pelvis", 1) else row
        for row in run.tests
    ]
    found = study_findings(replace(run, tests=tuple(tests)))
    pelvis = found.results[1]
    assert np.isnan(pelvis.values[1])
    assert pelvis.mean.value == pytest.approx(START_S + (6.0 + 7.0) / 4)
    assert [list(one.differences) for one in found.comparisons] == [[0, 2], [0, 2], [0, 1, 2]]
    assert all(np.isfinite(one.difference.value) for one in found.comparisons)


def test_curves_hold_every_evaluation_pushed_and_calm_apart(findings: StudyFindings) -> None:
    for pushed, calm in zip(findings.pushed, findings.calm, strict=True):
        assert tuple(pushed.dose_h) == DOSES_H
        assert calm.values - pushed.values == pytest.approx(np.ones(3))


def test_assistance_is_given_per_hour_and_in_total(findings: StudyFindings) -> None:
    for impulse, share in zip(findings.impulse_n_s_per_h, findings.weight_share, strict=True):
        assert impulse.values == pytest.approx(np.full(2, IMPULSE_N_S[impulse.arm] / 0.5))
        assert total_impulse_n_s(impulse) == pytest.approx(2 * IMPULSE_N_S[impulse.arm])
        assert dose_mean(share) == pytest.approx(SHARE[share.arm])


def test_falls_at_the_last_test_are_counted(findings: StudyFindings) -> None:
    assert {result.success_share for result in findings.results} == {0.5}
    assert {result.fell_share for result in findings.results} == {0.5}
    assert findings.faults == 0
    assert findings.episodes == 9 * len(DOSES_H) * 2 * 2


def test_the_last_evaluation_can_be_the_primary_value(run: RunTables) -> None:
    spec = run.manifest.spec
    primary = spec.primary_outcome.model_copy(update={"summary": "last_evaluation"})
    changed = spec.model_copy(update={"primary_outcome": primary})
    manifest = run.manifest.model_copy(update={"spec": changed})
    found = study_findings(replace(run, manifest=manifest))
    assert found.results[0].values[0] == pytest.approx(START_S + GAINS["axillae"][0])


def test_findings_are_the_same_each_time(run: RunTables, findings: StudyFindings) -> None:
    assert study_findings(run).comparisons == findings.comparisons


def test_swapping_the_arms_changes_nothing_but_the_sign() -> None:
    first, second = {0: 1.0, 1: 2.5, 2: 2.0}, {0: 0.5, 1: 1.0, 2: 2.5}
    there = compare(GIRL, ("a", "b"), (first, second), 1.0, np.random.default_rng(0))
    back = compare(GIRL, ("b", "a"), (second, first), 1.0, np.random.default_rng(0))
    assert there.student.low == pytest.approx(-back.student.high)
    assert there.chance.value == pytest.approx(1 - back.chance.value)
    assert there.p_value == pytest.approx(back.p_value)


def test_infants_without_a_partner_are_no_comparison() -> None:
    found = compare(GIRL, ("a", "b"), ({0: 1.0}, {1: 2.0}), 1.0, np.random.default_rng(0))
    assert found.differences == {}
    assert not found.difference.known
