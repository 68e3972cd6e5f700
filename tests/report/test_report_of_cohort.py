"""A report of a cohort tells girls from boys, and learning noise from bodies."""

from pathlib import Path

from dmi_sim.catalog import Catalog, override
from dmi_sim.report.context import report_context
from dmi_sim.report.findings import study_findings
from dmi_sim.report.html import report_html
from dmi_sim.report.results import question_section
from dmi_sim.report.tables import RunTables, read_run
from dmi_sim.spec.study import StudySpec
from tests.report.fakes import fake_run_of, study
from tests.report.pages import answer_of, section_of, text_of


def cohort_run(folder: Path, *settings: str) -> RunTables:
    """Six infants of a cohort, of whom those at the pelvis gain more."""
    drawn = study(seeds=6).model_dump() | {"subjects": "cohort", "sexes": ["drawn"]}
    spec = override(StudySpec.model_validate(drawn), settings)
    return read_run(fake_run_of(folder, spec, lambda cell: 3.0 * (cell.arm == "pelvis")))


def test_the_infant_of_a_cohort_that_is_shown_is_a_girl_or_a_boy(tmp_path: Path) -> None:
    spec = StudySpec.model_validate(
        study(seeds=2).model_dump() | {"subjects": "cohort", "sexes": ["drawn"]}
    )
    run = read_run(fake_run_of(tmp_path / "run", spec, lambda _: 1.0, with_replays=True))
    shown = section_of(report_html(run, Catalog.shipped()), "replay")
    first = next(iter(run.records.values())).cell.subject.sex
    assert f"One infant ({'girl' if first == 'female' else 'boy'} of 7 months" in shown
    assert "girl or boy" not in shown


def test_a_report_of_one_body_says_that_its_intervals_tell_of_learning_noise(page: str) -> None:
    text = section_of(page, "answer")
    assert "Infants of one kind share one body" in text
    assert "learning noise" in text
    assert "Bodies differ" not in text


def test_a_report_of_a_cohort_says_that_bodies_differ(tmp_path: Path) -> None:
    run = cohort_run(tmp_path / "run")
    text = answer_of(run)
    assert "Bodies differ: sex and size are drawn for each infant" in text
    assert "share one body" not in text
    boys = answer_of(cohort_run(tmp_path / "boys", "sexes=[male]"))
    assert "Bodies differ: size is drawn for each infant" in boys


def test_girls_and_boys_of_a_cohort_are_infants_of_one_kind(tmp_path: Path) -> None:
    run = cohort_run(tmp_path / "run")
    assert {row["sex"] for row in run.tests} == {"female", "male"}
    findings = study_findings(run)
    assert [group.sex for group in findings.groups] == ["drawn"]
    assert [len(one.differences) for one in findings.comparisons] == [6, 6, 6]
    context = report_context(run, Catalog.shipped())
    assert "girl or boy of 7 months" in text_of(question_section(context))


def test_the_bodies_of_a_cohort_are_in_the_tables_to_take_away(tmp_path: Path) -> None:
    run = cohort_run(tmp_path / "run")
    for row in run.tests:
        subject = run.records[str(row["cell"])].cell.subject
        assert (row["length_z"], row["weight_z"]) == (subject.length_z, subject.weight_z)
        assert row["sex"] == subject.sex
