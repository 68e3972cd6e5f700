"""The command that writes a report again: its answer in numbers, and what they come from."""

from pathlib import Path

import pytest

from dmi_sim.cli.console import CommandResult
from dmi_sim.cli.report import report
from dmi_sim.report.findings import study_findings
from dmi_sim.report.tables import read_run
from dmi_sim.study.store import read_manifest
from tests.report.fakes import fake_run


@pytest.fixture(scope="module")
def answer(tmp_path_factory: pytest.TempPathFactory) -> CommandResult:
    return report(fake_run(tmp_path_factory.mktemp("runs") / "run", with_replays=False))


def test_processor_and_code_stand_beside_the_answer(answer: CommandResult) -> None:
    """So that two answers of one study can be told apart by where they come from."""
    folder = Path(answer.data["report"]).parent
    provenance = read_manifest(folder).provenance
    assert answer.data["computed_with"]["cpu"] == provenance.cpu
    assert answer.data["computed_with"]["code_sha256"] == provenance.code_sha256
    page = Path(answer.data["report"]).read_text(encoding="utf-8")
    for text in (answer.text, page):
        assert f"Computed on {provenance.cpu} with code {provenance.code_sha256[:8]}" in text


def test_a_damaged_cell_that_is_left_out_is_told_here_too(
    answer: CommandResult, tmp_path: Path
) -> None:
    assert answer.data["left_out"] == []
    folder = fake_run(tmp_path / "run", with_replays=False)
    damaged = next((folder / "cells").iterdir())
    (damaged / "episodes.parquet").write_bytes(b"damaged")
    again = report(folder)
    assert damaged.name in again.data["left_out"][0]
    assert f"left out: cell {damaged.name}" in again.text


def test_the_answer_in_numbers_is_that_of_the_page(answer: CommandResult) -> None:
    folder = Path(answer.data["report"]).parent
    found = study_findings(read_run(folder)).comparisons
    rows = answer.data["comparisons"]
    assert [row["difference_value"] for row in rows] == [one.difference.value for one in found]
    assert [row["p_equivalent_holm"] for row in rows] == [one.p_equivalent_holm for one in found]
    assert "A description of 3 infants, not a verdict" in answer.data["answer"]
    assert answer.data["answer"] in (folder / "report.html").read_text(encoding="utf-8")
    assert "not clinical evidence" in answer.data["context_of_use"]
