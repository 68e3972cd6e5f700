"""Infants that a study needs: from the spread of a fake run, against the closed form."""

from math import sqrt
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from dmi_sim.catalog import override
from dmi_sim.errors import InputError
from dmi_sim.report.power import StudyPower, study_power
from dmi_sim.report.tables import RunTables, read_run
from dmi_sim.statistics.sample_size import infants_needed
from tests.report.fakes import GAINS, fake_run, study

ARMS = [("pelvis", "axillae"), ("pelvis", "none"), ("axillae", "none")]


def spread_of(first: str, second: str) -> float:
    """Spread of the differences of the fake run; the mean over practice is half the gain."""
    differences = (np.array(GAINS[first]) - np.array(GAINS[second])) / 2
    return float(np.std(differences, ddof=1))


@pytest.fixture(scope="module")
def found(run: RunTables) -> StudyPower:
    return study_power(run, study(seeds=10))


def test_infants_are_those_that_the_spread_of_the_run_asks_for(found: StudyPower) -> None:
    assert found.difference == 1.0
    assert found.alpha == pytest.approx(0.05 / 3)
    assert [(one.first, one.second) for one in found.comparisons] == ARMS
    for one, pair in zip(found.comparisons, ARMS, strict=True):
        spread = spread_of(*pair)
        assert one.spread == pytest.approx(spread)
        assert one.needed.value == infants_needed(1.0, spread, 0.05 / 3, 0.8)
    assert found.needed.value == max(one.needed.value for one in found.comparisons)


def test_the_interval_is_that_of_the_spread(found: StudyPower) -> None:
    one = found.comparisons[0]
    for limit, tail in ((one.needed.low, 0.975), (one.needed.high, 0.025)):
        spread = one.spread * sqrt(2 / float(stats.chi2.ppf(tail, 2)))
        assert limit == infants_needed(1.0, spread, 0.05 / 3, 0.8)


def test_the_power_of_the_planned_number_is_told(found: StudyPower) -> None:
    one = found.comparisons[0]
    limit = stats.t.ppf(1 - 0.05 / 6, 9)
    expected = stats.nct.sf(limit, 9, np.sqrt(10) / one.spread)
    assert found.seeds == 10
    assert one.planned.value == pytest.approx(expected, abs=1e-6)
    assert one.planned.low < one.planned.value < one.planned.high


def test_three_infants_are_called_too_few_to_tell(found: StudyPower) -> None:
    assert found.is_vague
    assert found.fewest_infants == 3


def test_a_run_in_which_all_infants_differ_alike_tells_of_no_number(tmp_path: Path) -> None:
    gains = {arm: (1.0, 1.0, 1.0) for arm in GAINS}
    found = study_power(read_run(fake_run(tmp_path / "run", gains, with_replays=False)), study())
    for one in found.comparisons:
        assert one.spread == 0
        assert np.isnan([one.needed.value, one.needed.high, one.planned.value]).all()
    assert found.is_vague


def test_more_power_and_a_smaller_margin_need_more_infants(run: RunTables) -> None:
    plain = study_power(run, study()).needed.value
    assert study_power(run, study(), power=0.95).needed.value > plain
    finer = override(study(), ["primary_outcome.equivalence_margin=0.5"])
    assert study_power(run, finer).needed.value > plain


def test_more_comparisons_and_more_kinds_of_infants_are_corrected_for(run: RunTables) -> None:
    both = override(study(), ["ages_months=[5, 7]", "sexes=[female, male]"])
    assert study_power(run, both).alpha == pytest.approx(0.05 / 12)


def test_what_the_run_did_otherwise_is_named(run: RunTables) -> None:
    assert study_power(run, run.manifest.spec).differs == ()
    other = override(study(), ["ages_months=[5]", "dose.training_steps=10"])
    assert study_power(run, other).differs == ("ages_months", "dose")


def test_an_infant_without_a_partner_is_not_counted(lossy: RunTables) -> None:
    assert [one.infants for one in study_power(lossy, study()).comparisons] == [2, 2, 3]


@pytest.mark.parametrize("power", [0.0, 0.05, 1.0, 80.0, -1.0])
def test_a_power_that_is_no_probability_is_refused(run: RunTables, power: float) -> None:
    with pytest.raises(InputError, match=r"power: \S+ is not above 0\.05 and below 1"):
        study_power(run, study(), power)


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("exercise=standing", "a run of sitting; the study is of standing"),
        ("primary_outcome.comparisons=[]", "names no comparisons"),
    ],
)
def test_a_run_that_cannot_tell_is_refused(run: RunTables, setting: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        study_power(run, override(study(), [setting]))


def test_arms_that_the_run_had_not_are_named_with_the_nearest(run: RunTables) -> None:
    arms = "arms={pelvic: {support: pelvis}, none: {support: none}}"
    other = override(study(), [arms, "primary_outcome.comparisons=[[pelvic, none]]"])
    with pytest.raises(InputError, match="no arm 'pelvic' in this run; did you mean 'pelvis'"):
        study_power(run, other)


def test_infants_found_by_a_pilot_show_the_difference_as_often_as_promised(
    tmp_path: Path,
) -> None:
    """The whole way: a pilot's tables, its answer, and simulated studies of so many infants."""
    gains = {"axillae": [], "pelvis": [], "none": []}
    draw = np.random.default_rng(2)
    for own in gains.values():
        own.extend((4 + draw.normal(0, 1.2, size=12)).tolist())
    pilot = read_run(fake_run(tmp_path / "run", gains, with_replays=False))
    one = study_power(pilot, study()).comparisons[0]
    studies, count = 3_000, int(one.needed.value)
    differences = draw.normal(1.0, one.spread, size=(studies, count))
    errors = np.std(differences, axis=1, ddof=1) / np.sqrt(count)
    limit = stats.t.ppf(1 - 0.05 / 6, count - 1)
    shown = int(np.sum(np.abs(np.mean(differences, axis=1)) > limit * errors))
    assert shown >= stats.binom.ppf(0.001, studies, 0.8)


def test_seeds_of_the_run_do_not_matter_for_its_reading(run: RunTables) -> None:
    assert study_power(run, study(seeds=6)).needed == study_power(run, study(seeds=99)).needed
