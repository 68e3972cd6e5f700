"""One run folder with known numbers for all tests of this folder, and its report."""

from math import nan
from pathlib import Path

import pytest

from dmi_sim.catalog import Catalog
from dmi_sim.child.course import Course
from dmi_sim.report.findings import StudyFindings, study_findings
from dmi_sim.report.html import report_html
from dmi_sim.report.tables import RunTables, read_run
from tests.report.courses import cohort
from tests.report.fakes import GAINS, fake_run

LOST = {**GAINS, "pelvis": (6.0, nan, 7.0)}
"""Gains of the complete run, but the second infant was given up at the pelvis."""


@pytest.fixture(scope="session")
def run(tmp_path_factory: pytest.TempPathFactory) -> RunTables:
    """A complete run of three infants in three arms."""
    return read_run(fake_run(tmp_path_factory.mktemp("runs") / "whole"))


@pytest.fixture(scope="session")
def findings(run: RunTables) -> StudyFindings:
    """The numbers of the complete run."""
    return study_findings(run)


@pytest.fixture(scope="session")
def page(run: RunTables) -> str:
    """The report of the complete run."""
    return report_html(run, Catalog.shipped())


@pytest.fixture(scope="session")
def lossy(tmp_path_factory: pytest.TempPathFactory) -> RunTables:
    """A run in which one cell was given up."""
    return read_run(fake_run(tmp_path_factory.mktemp("runs") / "lossy", LOST, with_replays=False))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A complete run without replays that a test may damage."""
    return fake_run(tmp_path / "run", with_replays=False)


@pytest.fixture(scope="session")
def children() -> tuple[Course, ...]:
    """Courses of three children over four weeks under two programmes, and without a therapist."""
    return cohort(["dmi", "traditional", "free_play"], 3, weeks=4)
