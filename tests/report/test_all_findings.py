import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from dmi_sim.cli.findings import findings as command
from dmi_sim.errors import InputError
from dmi_sim.report.all_findings import (
    AllFindings,
    StudyLine,
    all_findings,
    finished_run,
    programme_findings,
)
from dmi_sim.report.findings_page import (
    all_findings_picture,
    findings_html,
    headline_of_all,
    write_findings,
)
from dmi_sim.report.programme_effects_section import Names
from dmi_sim.report.programme_numbers import programme_numbers
from dmi_sim.report.programme_question import ProgrammeQuestion
from dmi_sim.study.store import read_manifest, write_manifest
from tests.report.courses import scored
from tests.report.fakes import NAME, fake_run

MANY = {
    "axillae": (2.0, 2.1, 2.2, 1.9, 2.0, 2.1, 2.2),
    "pelvis": (6.0, 6.3, 6.1, 6.2, 6.0, 6.1, 6.4),
    "none": (2.1, 2.0, 2.3, 1.8, 2.1, 2.0, 2.3),
}


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The runs of one study, of which one is finished."""
    folder = tmp_path_factory.mktemp("all") / "runs"
    run = fake_run(folder / NAME / "20260102T030405Z-0", MANY, with_replays=False)
    changed(run, quick=False)
    return folder


@pytest.fixture(scope="module")
def found(runs: Path) -> AllFindings:
    return all_findings(runs)


def changed(run: Path, **changes: object) -> None:
    write_manifest(run, read_manifest(run).model_copy(update=changes))


def programme_line(first: float, children: int = 7) -> AllFindings:
    """A study in which the first arm adds so much, and a little up or down for each child."""
    courses = [
        scored({0: 0.0, 4: 0.2 + extra + luck * (-1) ** child}, arm=arm, child=child)
        for child in range(children)
        for arm, extra, luck in (("dmi", first, 0.01), ("traditional", 0.0, 0.0))
    ]
    question = ProgrammeQuestion("Title", "Question?", (("dmi", "traditional"),))
    source = StudyLine("programmes", "Programmes", "Who?", Path("runs/p/1"), "2026-01-02", False)
    titles = {"dmi": "One way", "traditional": "Another way"}
    return AllFindings(
        programme_findings(source, programme_numbers(courses, question), Names(titles, {})), ()
    )


def test_every_primary_comparison_is_one_line(found: AllFindings, runs: Path) -> None:
    named = read_manifest(runs / NAME / "20260102T030405Z-0").spec.primary_outcome.comparisons
    told = [(one.comparison.first, one.comparison.second) for one in found.findings]
    assert told == list(named)


def test_a_finding_is_that_of_the_report(found: AllFindings) -> None:
    pelvis = next(one for one in found.findings if one.comparison.first == "pelvis")
    assert pelvis.comes_to == "difference"
    assert "Difference shown" in pelvis.words


def test_the_headline_counts_what_was_not_shown_too(found: AllFindings) -> None:
    words = headline_of_all(found.findings)
    assert words.startswith(f"{len(found.findings)} hypotheses of 1 study: ")
    assert "a difference was shown in" in words


def test_no_effect_of_programmes_is_told_as_none_shown() -> None:
    (one,) = programme_line(0.0).findings
    assert one.comes_to in ("undecided", "equivalence")
    assert "No difference shown" in one.words


def test_an_effect_of_programmes_is_told_in_points() -> None:
    (one,) = programme_line(0.3).findings
    assert one.comes_to == "difference"
    assert one.comparison.difference.value == pytest.approx(30, abs=1)
    assert one.measure.unit == "points"


def test_few_children_are_too_few_to_decide() -> None:
    (one,) = programme_line(0.3, children=3).findings
    assert one.comes_to == "description"
    assert "too few infants to decide in 1" in headline_of_all([one])


def test_of_a_study_its_newest_finished_run_counts(tmp_path: Path) -> None:
    study = tmp_path / "runs" / NAME
    for stamp, status in (("1", "done"), ("2", "done"), ("3", "interrupted")):
        changed(fake_run(study / stamp, with_replays=False), status=status, quick=False)
    assert finished_run(study) == study / "2"


def test_a_quick_form_counts_only_if_there_is_no_other(tmp_path: Path) -> None:
    study = tmp_path / "runs" / NAME
    changed(fake_run(study / "2", with_replays=False), quick=True)
    assert finished_run(study) == study / "2"
    changed(fake_run(study / "1", with_replays=False), quick=False)
    assert finished_run(study) == study / "1"


def test_a_study_without_a_finished_run_is_named(tmp_path: Path) -> None:
    run = fake_run(tmp_path / "runs" / NAME / "1", with_replays=False)
    changed(run, status="interrupted")
    found = all_findings(tmp_path / "runs")
    assert found == AllFindings((), (f"{NAME}: no finished run",))
    assert "no finished study" in findings_html(found, tmp_path)


def test_a_folder_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such folder"):
        all_findings(tmp_path / "nothing")


def test_the_page_says_first_that_it_is_a_simulation(found: AllFindings, runs: Path) -> None:
    page = findings_html(found, runs)
    assert page.index("Simulation, not clinical evidence") < page.index("<h1>")
    assert f'href="{NAME}/20260102T030405Z-0/report.html"' in page


def test_the_forest_has_one_diamond_for_each_finding(found: AllFindings) -> None:
    (axes,) = all_findings_picture(found.findings).figure.axes
    diamonds = [line for line in axes.lines if line.get_marker() == "D"]
    assert len(diamonds) == len(found.findings)
    for line, one in zip(diamonds, found.findings, strict=True):
        value = one.comparison.difference.value / one.margin
        low, high = axes.get_xlim()
        assert np.asarray(line.get_xdata())[0] == pytest.approx(
            min(max(value, low / 1.04), high / 1.04)
        )


def test_what_lies_beyond_the_axis_is_marked_by_an_arrow() -> None:
    (one,) = programme_line(0.3).findings
    narrow = replace(one, margin=1e-3)
    (axes,) = all_findings_picture([narrow]).figure.axes
    assert [line.get_marker() for line in axes.lines].count(">") == 1


def test_children_who_do_not_decide_have_a_hollow_diamond() -> None:
    styles = []
    for children in (3, 7):
        (axes,) = all_findings_picture(programme_line(0.3, children).findings).figure.axes
        styles += [line.get_fillstyle() for line in axes.lines if line.get_marker() == "D"]
    assert styles == ["none", "full"]


def test_the_command_writes_the_page_and_tells_its_numbers(runs: Path) -> None:
    result = command(runs)
    assert (runs / "findings.html").is_file()
    rows = json.loads(json.dumps(result.data["findings"], default=str))
    assert {row["study"] for row in rows} == {NAME}
    assert all(
        {"difference_low", "difference_high", "margin", "comes_to"} <= {*row} for row in rows
    )
    assert "Simulation, not clinical evidence" in result.text


def test_the_same_findings_give_the_same_page(found: AllFindings, runs: Path) -> None:
    first = write_findings(found, runs).read_bytes()
    assert write_findings(found, runs).read_bytes() == first
