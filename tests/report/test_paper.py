"""What a paper needs stands in the report, and follows the run."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from dmi_sim.catalog import Catalog, override, parse_yaml
from dmi_sim.report.citation import BIBTEX_FILE, CFF_FILE, bibtex, citation_file, citation_text
from dmi_sim.report.context import report_context
from dmi_sim.report.findings import study_findings
from dmi_sim.report.html import report_html, write_report
from dmi_sim.report.paper import methods_sentences
from dmi_sim.report.tables import RunTables, read_run
from dmi_sim.spec.study import StudySpec
from dmi_sim.study.resolved import resolved_design
from dmi_sim.study.verify import verify

CATALOG = Catalog.shipped()


def with_study(run: RunTables, *settings: str) -> RunTables:
    """The run as if its study had said more; the numbers stay."""
    spec = override(run.manifest.spec, settings)
    changes = {"spec": spec, "design": resolved_design(spec, CATALOG)}
    return replace(run, manifest=run.manifest.model_copy(update=changes))


def words(run: RunTables) -> str:
    page = re.sub(r"<(style|svg|iframe)\b.*?</\1>", "", report_html(run, CATALOG), flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_methods_name_body_physics_learner_dose_tests_and_statistics(run: RunTables) -> None:
    run = with_study(run)
    text = " ".join(methods_sentences(run, report_context(run, CATALOG)))
    for said in (
        "Simulation, not clinical evidence",
        "WHO growth data",
        "240 Hz",
        "30 times a second",
        "proximal policy optimisation",
        "1.00 simulated hours",
        "practice never drew, alone, without hands, pushed",
        "two one-sided tests",
        "±1 s",
    ):
        assert said in text, said


def test_every_setting_of_the_learner_is_in_one_column_where_arms_agree(run: RunTables) -> None:
    run = with_study(run)
    assert run.manifest.design is not None
    text = words(run)
    assert "Setting All arms" in text
    for name in run.manifest.design.learners["none"].model_dump():
        assert f" {name} " in text


def test_arms_that_differ_in_more_than_hands_are_declared(run: RunTables) -> None:
    text = words(
        with_study(
            run,
            "arms.pelvis.age_months=9",
            "arms.pelvis.rewards={effort: {weight: -0.5}}",
            "arms.none.training={gamma: 0.9}",
            "arms.none.dose={training_steps: 108000}",
        )
    )
    assert "had infants of 9 months, the reward effort weighted -0.5" in text
    assert "had a dose of 108000 control steps, the learner's gamma set to 0.9" in text
    assert "a difference between them can come from that" in text
    practised = "hands at the armpits, for 1.52 simulated hours; hands at the pelvis, for 1.52"
    assert text.count(practised) == 2  # under the question and for a paper
    assert "or no hands, for 1.06" in text
    assert "Setting All arms" not in text


def test_arms_that_differ_in_hands_only_declare_nothing(run: RunTables) -> None:
    assert "had" not in re.findall(r"Of its own the arm .*? had", words(run))
    assert "can come from that" not in words(run)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (("test.supports=[pelvis, none]",), "with hands at the pelvis"),
        (
            ("test.transfer=[sitting_tilt_v0]", "primary_outcome.exercise=sitting_tilt_v0"),
            "in what they had not practised",
        ),
    ],
)
def test_tests_are_told_as_what_they_are(
    run: RunTables, settings: tuple[str, ...], said: str
) -> None:
    is_transfer = "transfer" in settings[0]
    where = (
        {"tested_in": "sitting_tilt_v0", "tested_with": "none"}
        if is_transfer
        else {"tested_in": run.manifest.spec.exercise, "tested_with": "pelvis"}
    )
    tests = tuple({**row, **where} for row in run.tests)
    text = words(replace(with_study(run, *settings), tests=tests))
    assert said in text
    assert "alone, without hands, and" not in text or is_transfer


def test_tests_beside_the_primary_ones_change_no_verdict_and_are_told_apart(
    run: RunTables,
) -> None:
    more = tuple({**row, "tested_with": "waist", "time_upright_s": 99.0} for row in run.tests)
    both = replace(with_study(run, "test.supports=[none, waist]"), tests=(*run.tests, *more))
    assert study_findings(both).comparisons == study_findings(run).comparisons
    text = words(both)
    assert "Other tests" in text
    assert "hands at the waist, pushed" in text
    assert "99.0 [99.0, 99.0]" in text
    assert "Other tests" not in words(run)


@pytest.mark.parametrize("sites", ["[none]", "[pelvis]", "[none, waist]"])
def test_success_in_hands_is_never_told_as_the_childs_alone(run: RunTables, sites: str) -> None:
    tested = [site for site in ("none", "pelvis", "waist") if site in sites]
    rows = tuple({**row, "tested_with": site} for row in run.tests for site in tested)
    told = words(replace(with_study(run, f"test.supports={sites}"), tests=rows))
    assert ("silent muscles and reflexes alone in the same hands" in told) == (tested != ["none"])


def waiting(run: RunTables) -> RunTables:
    """The run as if success came with eight seconds upright."""
    tests = ({**row, "success": float(float(row["time_upright_s"]) >= 8.0)} for row in run.tests)
    asked = with_study(run, "primary_outcome.outcome=hours_to_success")
    return replace(asked, tests=tuple(tests))


def test_hours_to_success_count_all_practice_of_those_who_never_succeed(run: RunTables) -> None:
    """Gains at the pelvis are 6, 8 and 7 s in an hour from 1 s, elsewhere less than 5 s."""
    found = study_findings(waiting(run))
    by_arm = {result.arm: result for result in found.results}
    assert by_arm["pelvis"].values == {0: 1.0, 1: 1.0, 2: 1.0}
    assert [by_arm[arm].met for arm in ("axillae", "pelvis", "none")] == [0, 2, 0]
    assert by_arm["none"].values == {0: 1.0, 1: 1.0, 2: 1.0}


def test_a_report_tells_how_many_succeeded_in_time(run: RunTables) -> None:
    text = words(waiting(run))
    assert "hands at the pelvis 2 of 3" in text
    assert "no hands 0 of 3" in text
    assert "restricted mean time" in text
    assert "practice until success" in text.lower()


def test_where_nobody_succeeds_the_report_says_that_nothing_can_be_told(run: RunTables) -> None:
    never = replace(waiting(run), tests=tuple({**row, "success": 0.0} for row in run.tests))
    assert "No infant succeeded within its practice" in words(never)


def test_several_doses_are_told_as_they_are_given(run: RunTables) -> None:
    """Whole chunks of 8192 control steps at 30 Hz."""
    text = words(with_study(run, "dose.training_steps=[10000, 108000]"))
    assert "for 0.15 simulated hours or 1.06 simulated hours in each" in text
    assert "total_steps 10000, 108000" in text


def test_the_pre_registration_is_told_as_it_is(run: RunTables, folder: Path) -> None:
    assert "begun without a pre-registration" in words(run)
    registered = run.manifest.model_copy(update={"preregistration": "0" * 64})
    lost = replace(run, folder=folder, manifest=registered)
    assert "preregistration.md, written before the run, is missing" in words(lost)
    (folder / "preregistration.md").write_text("another")
    assert "somebody has changed it since" in words(lost)


def test_a_citation_names_version_run_and_caution(run: RunTables) -> None:
    manifest = run.manifest
    for text in (citation_text(manifest), bibtex(manifest), citation_file(manifest)):
        assert manifest.run_hash[:16] in text
        assert "Simulation, not clinical evidence." in text
        assert "2026" in text
    data = parse_yaml(citation_file(manifest), "citation")
    assert data["cff-version"] == "1.2.0"
    assert data["identifiers"][0]["value"] == manifest.run_hash
    assert bibtex(manifest).count("{") == bibtex(manifest).count("}")


def test_a_report_leaves_its_citation_and_the_manifest_vouches_for_it(folder: Path) -> None:
    write_report(folder)
    manifest = read_run(folder).manifest
    assert (folder / BIBTEX_FILE).read_text() == bibtex(manifest)
    assert {BIBTEX_FILE, CFF_FILE} <= manifest.files.keys()
    assert verify(folder).problems == ()
    assert StudySpec.model_validate(read_run(folder).manifest.spec.model_dump()) == manifest.spec
