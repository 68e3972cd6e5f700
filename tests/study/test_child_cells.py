"""A cell of a child ends with the same files however often it was stopped, and tells its course."""

import shutil
from pathlib import Path

import pytest

from dmi_sim.catalog import Catalog
from dmi_sim.child.child import Child
from dmi_sim.errors import InputError
from dmi_sim.study.cell_files import COMMIT_MARK, LOG, WORK
from dmi_sim.study.child_cells import CHILD_FOLDER, run_child
from dmi_sim.study.child_columns import CHILD_TABLES
from dmi_sim.study.courses import course_of
from dmi_sim.study.progress import ignore_cell
from dmi_sim.study.tables import read_table
from tests.study.children import assessed, cell

OWN = {LOG, COMMIT_MARK}
"""Files of a cell that hold times of this machine."""


@pytest.fixture(autouse=True)
def quickly_assessed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Child, "assess", assessed)


def finished(folder: Path) -> dict[str, bytes]:
    """All result files of a cell, by path."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.name not in OWN)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


@pytest.fixture(scope="module")
def in_peace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a cell that was never stopped."""
    folder = tmp_path_factory.mktemp("peace")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Child, "assess", assessed)
        return run_child(cell(), folder, ignore_cell, catalog=Catalog.shipped())


class Stopped(BaseException):
    """The process is told to end."""


def stopped_after(folder: Path, reports: int) -> bool:
    """Run a cell until it has reported so often; False if it was finished before."""
    heard = 0

    def on_cell(_share: float, _message: str) -> None:
        nonlocal heard
        heard += 1
        if heard == reports:
            raise Stopped

    try:
        run_child(cell(), folder, on_cell, catalog=Catalog.shipped())
    except Stopped:
        return True
    return False


def test_a_cell_that_is_stopped_after_each_session_and_assessment_ends_with_the_same_files(
    in_peace: Path, tmp_path: Path
) -> None:
    stops = 0
    while stopped_after(tmp_path, reports=1):
        stops += 1
    assert stops == 2 * 2 + 4  # sessions and assessments
    assert finished(tmp_path) == finished(in_peace)
    assert not (tmp_path / WORK).exists()


def test_a_child_that_lost_an_assessment_begins_again_and_comes_to_the_same(
    in_peace: Path, tmp_path: Path
) -> None:
    assert stopped_after(tmp_path, reports=5)
    lost = tmp_path / WORK / "assessment_001.json"
    lost.write_text(lost.read_text().replace("0.0", "0.5", 1))
    assert not stopped_after(tmp_path, reports=99)
    assert "begins again: assessments [1]" in (tmp_path / LOG).read_text()
    assert finished(tmp_path) == finished(in_peace)


def test_a_child_whose_file_was_changed_begins_again(in_peace: Path, tmp_path: Path) -> None:
    assert stopped_after(tmp_path, reports=2)
    (brain,) = (tmp_path / CHILD_FOLDER).glob("brain_*.pt")
    brain.write_bytes(b"no brain")
    assert not stopped_after(tmp_path, reports=99)
    assert "changed" in (tmp_path / LOG).read_text()
    assert finished(tmp_path) == finished(in_peace)


def test_a_brain_that_a_kill_left_behind_is_gone_in_the_end(in_peace: Path, tmp_path: Path) -> None:
    assert stopped_after(tmp_path, reports=2)
    (brain,) = (tmp_path / CHILD_FOLDER).glob("brain_*.pt")
    shutil.copy(brain, brain.with_name("brain_000000000000.pt"))
    assert not stopped_after(tmp_path, reports=99)
    assert finished(tmp_path) == finished(in_peace)


def test_the_course_is_that_of_the_child(in_peace: Path) -> None:
    one, child = course_of(in_peace, cell()), Child.resume(in_peace / CHILD_FOLDER)
    assert one.sessions == child.diary.sessions
    assert [entry.week for entry in one.sessions] == [0, 0, 1, 1]
    assert [found.week for found in one.assessments] == [0, 1, 2]
    scores = [found.score for found in one.assessments]
    assert scores[0] == 0 < scores[1] < scores[2]
    assert one.retention is not None
    assert (one.retention.week, one.retention.score) == (3, scores[2])
    assert one.who["sex"] == child.infant.config.sex
    assert one.programme == cell().programme


def test_tables_hold_every_session_trial_and_exercise(in_peace: Path) -> None:
    one = course_of(in_peace, cell())
    rows = {
        name: read_table(in_peace / f"{name}.parquet", CHILD_TABLES[name])
        for name in ("sessions", "trials", "assessments")
    }
    assert len(rows["sessions"]) == len(one.sessions)
    assert len(rows["trials"]) == sum(len(entry.lines) for entry in one.sessions)
    assert len(rows["assessments"]) == 4 * len(one.assessments[0].success)
    assert {row["child"] for table in rows.values() for row in table} == {0}
    assert [row["is_retention"] for row in rows["assessments"]].count(True) == 2


def test_other_files_than_those_of_the_plan_are_refused(tmp_path: Path) -> None:
    other = cell().model_copy(update={"data_sha256": "0"})
    with pytest.raises(InputError, match="changed since the study began"):
        run_child(other, tmp_path, catalog=Catalog.shipped())


def test_the_share_of_a_cell_rises(tmp_path: Path) -> None:
    shares: list[float] = []
    run_child(cell(), tmp_path, lambda share, _: shares.append(share), catalog=Catalog.shipped())
    assert shares == sorted(shares)
    assert 0 < shares[0] < shares[-1] <= 1
