"""No interval of a mean is printed beyond what its outcome can be, and a cut is told."""

import re
from dataclasses import replace
from math import inf, isfinite, nan

import pytest

from dmi_sim.catalog import Catalog
from dmi_sim.outcome.registry import OUTCOMES, SHARE
from dmi_sim.report import context as report_context_module
from dmi_sim.report.bounded import TELLS_NOTHING, cut_words, mean_text
from dmi_sim.report.context import ReportContext, report_context
from dmi_sim.report.figures import learning_curves
from dmi_sim.report.labels import Measure, measure
from dmi_sim.report.results import answer_section
from dmi_sim.report.tables import RunTables
from dmi_sim.statistics.intervals import UNBOUNDED, Bounds, Estimate, within
from dmi_sim.study.columns import Row
from tests.report.fakes import asking_for

BOUNDED = [name for name, one in OUTCOMES.items() if one.bounds != UNBOUNDED]
MINUS = "\u2212"


def two_far_apart(run: RunTables, outcome: str) -> RunTables:
    """The run with two infants as different as can be in an outcome, in every arm and test."""
    lowest, highest = OUTCOMES[outcome].bounds
    low = lowest if isfinite(lowest) else -1.0
    high = highest if isfinite(highest) else low + 1.0
    arms = list(run.manifest.spec.arms)

    def told(row: Row) -> Row:
        is_high = (int(row["seed"]) + arms.index(str(row["arm"]))) % 2
        return {**row, outcome: high if is_high else low}

    asked = asking_for(run, outcome)
    return replace(asked, tests=tuple(told(row) for row in asked.tests if row["seed"] != 2))


def arm_table(page: str) -> str:
    """The table of the means of all arms, which comes first."""
    return page[page.index("<table") : page.index("</table>")]


def printed_intervals(text: str) -> list[tuple[float, float]]:
    found = re.findall(rf"\[({MINUS}?[\d.]+),\s({MINUS}?[\d.]+)\]", text)
    return [(float(a.replace(MINUS, "-")), float(b.replace(MINUS, "-"))) for a, b in found]


def context_of(run: RunTables) -> ReportContext:
    return report_context(run, Catalog.shipped())


@pytest.mark.parametrize("outcome", BOUNDED)
def test_intervals_of_means_end_where_an_outcome_does_and_the_report_says_so(
    run: RunTables, outcome: str
) -> None:
    context = context_of(two_far_apart(run, outcome))
    page, bounds = answer_section(context), context.measure.bounds
    intervals = printed_intervals(arm_table(page))
    assert len(intervals) == 3
    for low, high in intervals:
        assert bounds.lowest <= low <= high <= round(bounds.highest, 1)
    assert f"the {measure(outcome).title} cannot go beyond." in page
    is_spanned = isfinite(OUTCOMES[outcome].bounds.highest)
    assert (TELLS_NOTHING in arm_table(page)) == is_spanned
    assert ("tells nothing of the mean: too few infants" in page) == is_spanned


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_differences_stay_as_they_are(
    run: RunTables, outcome: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = two_far_apart(run, outcome)
    context = context_of(asked)
    bounded = answer_section(context)
    monkeypatch.setattr(
        report_context_module, "measure", lambda name: replace(measure(name), bounds=UNBOUNDED)
    )
    plain = answer_section(context_of(asked))
    bounded, plain = (page.replace(arm_table(page), "") for page in (bounded, plain))
    note = re.compile(r"<p[^>]*>Intervals of means end[^<]*</p>\n?")
    assert note.sub("", bounded) == plain


def test_an_outcome_without_bounds_and_an_interval_within_them_stay(run: RunTables) -> None:
    page = answer_section(context_of(two_far_apart(run, "margin_of_stability_mean_mm")))
    assert "cannot go beyond" not in page
    assert min(low for low, _ in printed_intervals(arm_table(page))) < -5
    assert "cannot go beyond" not in answer_section(context_of(run))


def test_a_value_beyond_the_bounds_or_unknown_is_not_cut() -> None:
    for odd in (Estimate(1.5, 1.2, 1.8), Estimate(nan, nan, nan), Estimate(0.5, nan, nan)):
        assert repr(within(odd, SHARE)) == repr(odd)
    assert mean_text(Estimate(0.5, nan, nan), SHARE) == "0.50 [no interval]"
    assert cut_words([Estimate(0.5, nan, nan)], Measure("t", "", "", "none", SHARE)) == ""


def test_a_cut_interval_holds_the_truth_as_often() -> None:
    for low, high in ((-0.5, 0.4), (0.2, 1.6), (-2.0, 3.0), (0.1, 0.9)):
        cut = within(Estimate((max(low, 0) + min(high, 1)) / 2, low, high), SHARE)
        for truth in (0.0, 0.3, 0.5, 0.95, 1.0):
            assert cut.contains(truth) == (low <= truth <= high)


def test_bands_of_learning_curves_end_there_too(
    run: RunTables, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = context_of(two_far_apart(run, "success"))
    drawn: list[float] = []
    monkeypatch.setattr(
        "matplotlib.axes.Axes.fill_between",
        lambda _axes, _x, low, high, **_: drawn.extend((*low, *high)),
    )
    curves, titles = context.findings.pushed, context.titles
    learning_curves(curves, titles, "success rate", "x", bounds=SHARE)
    assert (min(drawn), max(drawn)) == (0.0, 1.0)
    learning_curves(curves, titles, "success rate", "x")
    assert max(drawn) > 1.0


def test_practice_until_success_ends_with_all_practice(run: RunTables) -> None:
    context = context_of(run)
    assert context.measure.bounds == Bounds(0.0, context.exercise.test_s or inf)
    waiting = context.findings.primary.model_copy(update={"outcome": "hours_to_success"})
    asked = replace(context, findings=replace(context.findings, primary=waiting))
    assert asked.measure.bounds == Bounds(0.0, context.training_h)
