"""Findings that are kept: whole runs only, with report and tables, and a page about them."""

import csv
import json
import re
from pathlib import Path

import pytest

from dmi_sim.catalog import Catalog
from dmi_sim.errors import InputError
from dmi_sim.report.published import LARGEST_REPORT, RECORD, index_lines, publish, write_index
from dmi_sim.spec.studies import Study
from dmi_sim.study.kinds import write_tables
from dmi_sim.study.store import read_manifest, write_manifest
from tests.report.fakes import NAME, fake_run

SHIPPED = Catalog.shipped()
FOLDER = Path(__file__).parents[2] / "docs" / "findings"


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("kept")
    run = fake_run(place / "runs" / NAME / "1", with_replays=False)
    write_manifest(run, read_manifest(run).model_copy(update={"quick": False}))
    write_tables(run)
    return publish(run, place / "findings")


def page_of(folder: Path) -> str:
    return "\n".join(index_lines(folder, SHIPPED))


def test_a_finding_is_kept_with_report_and_tables(kept: Path) -> None:
    assert kept.name == NAME
    assert (kept / "report.html").stat().st_size <= LARGEST_REPORT
    with (kept / "summary.csv").open(encoding="utf-8") as table:
        assert {row["arm"] for row in csv.DictReader(table)} == {"axillae", "pelvis", "none"}
    with (kept / "comparisons.csv").open(encoding="utf-8") as table:
        assert [row["infants"] for row in csv.DictReader(table)] == ["3", "3", "3"]


def test_the_page_tells_question_answer_and_the_command_that_gives_it_again(kept: Path) -> None:
    page, study = page_of(kept.parent), SHIPPED.load(Study, NAME)
    assert study.question in page
    assert f"dmi-sim study {NAME}\n" in page
    assert "not clinical evidence" in page
    assert "2.00 [0.76, 3.24]" in page  # pelvis minus axillae: 2, 2.5 and 1.5 s
    assert "6 infants or more" in page


def test_what_did_not_run_is_named_and_nothing_is_said_of_its_answer(kept: Path) -> None:
    page = page_of(kept.parent)
    told, _, silent = page.partition("## Shipped, not run")
    for name in SHIPPED.names(Study):
        assert (f"`{name}`: " in silent) == (name != NAME)
        assert (SHIPPED.load(Study, name).question in told) == (name == NAME)


def test_a_page_without_runs_has_no_finding(tmp_path: Path) -> None:
    page = page_of(tmp_path)
    assert "there is no finding here" in page
    assert "Difference" not in page


def test_an_unfinished_run_is_not_kept(tmp_path: Path) -> None:
    run = fake_run(tmp_path / "run", with_replays=False)
    write_manifest(run, read_manifest(run).model_copy(update={"status": "interrupted"}))
    with pytest.raises(InputError, match="only whole runs"):
        publish(run, tmp_path / "findings")
    assert not (tmp_path / "findings").exists()


def test_a_quick_form_is_labelled_and_replaces_no_longer_run(tmp_path: Path) -> None:
    run = fake_run(tmp_path / "run", with_replays=False)
    whole = read_manifest(run).model_copy(update={"quick": False})
    write_manifest(run, whole.model_copy(update={"quick": True}))
    kept = publish(run, tmp_path / "findings")
    assert "Quick form: it describes" in write_index(kept.parent, SHIPPED).read_text()
    write_manifest(run, whole.model_copy(update={"standard": True}))
    publish(run, kept.parent)
    assert json.loads((kept / RECORD).read_text())["command"].endswith("--standard")
    write_manifest(run, whole.model_copy(update={"quick": True}))
    with pytest.raises(InputError, match="holds a longer run"):
        publish(run, kept.parent)


def test_what_has_changed_since_a_run_is_told_until_the_study_runs_again(tmp_path: Path) -> None:
    run = fake_run(tmp_path / "run", with_replays=False)
    kept = publish(run, tmp_path / "findings")
    assert "Changed since it ran" not in page_of(kept.parent)
    record = json.loads((kept / RECORD).read_text())
    changed = {**record, "changed_since": ["Hands act where they are."]}
    (kept / RECORD).write_text(json.dumps(changed))
    assert "gives other numbers.**\n\n- Hands act where they are." in page_of(kept.parent)
    publish(run, kept.parent)
    assert "Changed since it ran" not in page_of(kept.parent)


def test_the_page_in_the_documentation_is_that_of_its_findings() -> None:
    written = (FOLDER / "index.md").read_text(encoding="utf-8")
    assert written == page_of(FOLDER) + "\n", "dmi-sim findings --publish docs/findings"


@pytest.mark.parametrize(
    "record", sorted(FOLDER.glob(f"*/{RECORD}")), ids=lambda one: one.parent.name
)
def test_every_kept_finding_has_a_report_that_is_not_too_large(record: Path) -> None:
    assert 0 < (record.parent / "report.html").stat().st_size <= LARGEST_REPORT


def test_targets_name_only_studies_that_are_shipped() -> None:
    page = (FOLDER / "targets.md").read_text(encoding="utf-8")
    named = re.findall(r"`experiments/(\w+)\.yaml`", page)
    assert named
    assert {*named} <= {*SHIPPED.names(Study)}
