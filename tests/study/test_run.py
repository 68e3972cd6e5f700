"""A run resumes what is missing, and gives the same tables whichever executor runs it."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from dmi_sim.catalog import Catalog, override
from dmi_sim.errors import InputError
from dmi_sim.study.executors.base import CellTask, ExecutorConfig, run_attempt
from dmi_sim.study.plan import Cell
from dmi_sim.study.progress import OnCell, Progress
from dmi_sim.study.run import run_cells
from dmi_sim.study.run_setup import RunOptions, open_run
from dmi_sim.study.store import committed, read_manifest, vouch_for_outputs, write_manifest
from dmi_sim.study.verify import verify
from tests.study import fake_cells
from tests.study.fake_cells import STUDY, quick_cell, run_at, tiny_catalog

INLINE, TWO = ExecutorConfig("inline"), ExecutorConfig("process", workers=2)
TABLES = ("summary.parquet", "columns.json")

DRIVER = """
import sys
from pathlib import Path
from dmi_sim.study.executors.base import CellTask, ExecutorConfig, run_attempt
from dmi_sim.study.run import run_cells
from tests.study import fake_cells
if __name__ == "__main__":
    try:
        run = fake_cells.run_at(Path({folder!r}))
        run_cells(run, ExecutorConfig("process", workers=2), fake_cells.slow_cell)
    except KeyboardInterrupt:
        sys.exit(130)
"""


def tables(folder: Path) -> dict[str, bytes]:
    cells = {path.name: (path / "episodes.parquet").read_bytes() for path in committed(folder)}
    return cells | {name: (folder / name).read_bytes() for name in TABLES}


def reference(tmp_path: Path) -> dict[str, bytes]:
    run = run_at(tmp_path, "reference")
    run_cells(run, INLINE, quick_cell)
    return tables(run.folder)


def damaged(path: Path) -> None:
    """Flip one bit in the middle of a file."""
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def removed(path: Path) -> None:
    path.unlink()


@pytest.mark.parametrize("workers", [1, 2])
def test_tables_do_not_depend_on_the_number_of_workers(tmp_path: Path, workers: int) -> None:
    run = run_at(tmp_path)
    run_cells(run, ExecutorConfig("process", workers=workers), quick_cell)
    assert tables(run.folder) == reference(tmp_path)


def test_tables_do_not_depend_on_the_order_of_cells(tmp_path: Path) -> None:
    run = run_at(tmp_path)
    shuffled = random.Random(3).sample(run.cells, len(run.cells))
    run_cells(replace(run, cells=tuple(shuffled)), INLINE, quick_cell)
    assert tables(run.folder) == reference(tmp_path)


def test_resuming_runs_only_what_is_missing(tmp_path: Path) -> None:
    first = run_cells(run_at(tmp_path), INLINE, fake_cells.second_infant_raises)
    assert (first.done, first.total, len(first.failed_cells)) == (4, 6, 2)
    ran: list[Cell] = []

    def counted(cell: Cell, folder: Path, on_cell: OnCell) -> Path:
        ran.append(cell)
        return quick_cell(cell, folder, on_cell)

    second = run_cells(run_at(tmp_path, resume=True), INLINE, counted)
    assert {cell.subject.seed for cell in ran} == {1}
    assert (second.done, second.failed_cells, second.complete) == (6, (), True)
    assert tables(second.folder) == reference(tmp_path)


def test_a_cell_that_always_fails_is_listed_in_the_manifest(tmp_path: Path) -> None:
    result = run_cells(run_at(tmp_path), INLINE, fake_cells.second_infant_raises)
    manifest = read_manifest(result.folder)
    assert not result.complete
    assert (manifest.status, manifest.done) == ("failed", 4)
    assert [failed.attempts for failed in manifest.failed_cells] == [3, 3]
    assert "female infant 1" in manifest.failed_cells[0].label


def test_killed_workers_change_nothing(tmp_path: Path) -> None:
    result = run_cells(run_at(tmp_path), TWO, fake_cells.dies_once)
    assert result.complete
    assert tables(result.folder) == reference(tmp_path)
    assert not partial_files(result.folder)


def test_a_new_run_does_not_touch_an_old_one(tmp_path: Path) -> None:
    run_at(tmp_path)
    with pytest.raises(InputError, match="not empty"):
        run_at(tmp_path)


def test_a_run_of_other_settings_is_not_resumed(tmp_path: Path) -> None:
    run = run_at(tmp_path)
    options = RunOptions(folder=run.folder, resume=True)
    other = override(STUDY, ["primary_outcome.equivalence_margin=2"])
    message = r"other settings \(primary_outcome\.equivalence_margin 1\.0 -> 2\.0\); start anew"
    with pytest.raises(InputError, match=message):
        open_run("fake", other, tiny_catalog(tmp_path / "catalog"), options)


def edited(path: Path) -> str:
    path.write_text("edited: true\n")
    return "changed"


def added(path: Path) -> str:
    (path.parent / "mine.yaml").write_text("mine: true\n")
    return "added"


def deleted(path: Path) -> str:
    path.unlink()
    return "removed"


@pytest.mark.parametrize("harm", [edited, added, deleted])
def test_a_resumed_run_says_in_one_line_which_file_was_edited(
    tmp_path: Path, harm: Callable[[Path], str]
) -> None:
    run = run_at(tmp_path)
    folder = tmp_path / "catalog/models/supports"
    word = harm(folder / "waist.yaml")
    name = "mine" if word == "added" else "waist"
    options = RunOptions(folder=run.folder, resume=True)
    message = rf"other files \(models/supports/{name}\.yaml {word}\); start anew"
    with pytest.raises(InputError, match=message) as caught:
        open_run("fake", STUDY, Catalog(tmp_path / "catalog"), options)
    assert len(caught.value.problems) == 1


def test_a_new_run_says_why_the_latest_one_does_not_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    catalog = tiny_catalog(tmp_path / "catalog")
    first = open_run("fake", STUDY, catalog, RunOptions(resume=True))
    assert first.note == ""
    edited(tmp_path / "catalog/models/bodies/infant.yaml")
    second = open_run("fake", STUDY, catalog, RunOptions(resume=True))
    assert second.folder != first.folder
    assert str(first.folder) in second.note
    assert "models/bodies/infant.yaml changed" in second.note
    assert run_cells(second, INLINE, quick_cell).note == second.note


def test_a_new_run_says_that_the_finished_ones_had_other_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    catalog = tiny_catalog(tmp_path / "catalog")
    first = open_run("fake", STUDY, catalog, RunOptions())
    run_cells(first, INLINE, quick_cell)
    other = override(STUDY, ["test.episodes=3"])
    second = open_run("fake", other, catalog, RunOptions(resume=True))
    assert second.folder != first.folder
    assert second.note == "a new run, because no run in runs/fake of these settings lacks anything"


def test_a_run_of_other_software_is_not_resumed(tmp_path: Path) -> None:
    folder = run_at(tmp_path).folder
    manifest = read_manifest(folder)
    ours = manifest.provenance.versions["numpy"]
    manifest.provenance.versions["numpy"] = "0.1"
    write_manifest(folder, manifest)
    with pytest.raises(InputError, match=rf"numpy 0\.1 -> {ours}"):
        run_at(tmp_path, resume=True)


def test_the_newest_unfinished_run_of_the_same_study_is_resumed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    catalog = tiny_catalog(tmp_path / "catalog")
    first = open_run("fake", STUDY, catalog, RunOptions())
    assert open_run("fake", STUDY, catalog, RunOptions(resume=True)).folder == first.folder
    run_cells(first, INLINE, quick_cell)
    assert open_run("fake", STUDY, catalog, RunOptions(resume=True)).folder == first.folder
    (first.folder / "report.html").write_text("a report")
    vouch_for_outputs(first.folder)
    assert open_run("fake", STUDY, catalog, RunOptions(resume=True)).folder != first.folder


def test_a_finished_run_with_a_damaged_cell_is_resumed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    catalog = tiny_catalog(tmp_path / "catalog")
    run = open_run("fake", STUDY, catalog, RunOptions())
    run_cells(run, INLINE, quick_cell)
    (run.folder / "report.html").write_text("a report")
    vouch_for_outputs(run.folder)
    (committed(run.folder)[0] / "cell.json").write_text("{}")
    assert open_run("fake", STUDY, catalog, RunOptions(resume=True)).folder == run.folder


@pytest.mark.parametrize("name", ["cell.json", "episodes.parquet", "training.parquet"])
@pytest.mark.parametrize("harm", [damaged, removed])
def test_a_damaged_cell_is_named_and_run_again(
    tmp_path: Path, name: str, harm: Callable[[Path], None]
) -> None:
    whole = run_cells(run_at(tmp_path), INLINE, quick_cell).folder
    cell = committed(whole)[2]
    harm(cell / name)
    second = run_cells(run_at(tmp_path, resume=True), INLINE, quick_cell)
    assert len(second.discarded) == 1
    assert cell.name in second.discarded[0]
    assert name in second.discarded[0]
    assert (second.complete, verify(whole).problems) == (True, ())
    assert tables(whole) == reference(tmp_path)


def test_a_cell_that_ended_after_its_study_was_killed_is_taken_in(tmp_path: Path) -> None:
    run = run_at(tmp_path)
    task = CellTask(run.cells[0], run.folder / "cells" / run.cells[0].key)
    assert run_attempt(quick_cell, task, lambda *_: None) is None
    assert verify(run.folder).unlisted == (run.cells[0].key,)
    ran: list[Cell] = []

    def counted(cell: Cell, folder: Path, on_cell: OnCell) -> Path:
        ran.append(cell)
        return quick_cell(cell, folder, on_cell)

    assert run_cells(run_at(tmp_path, resume=True), INLINE, counted).complete
    assert run.cells[0] not in ran


def test_a_cell_that_was_damaged_before_its_study_heard_of_it_runs_again(tmp_path: Path) -> None:
    run = run_at(tmp_path)
    task = CellTask(run.cells[0], run.folder / "cells" / run.cells[0].key)
    assert run_attempt(quick_cell, task, lambda *_: None) is None
    damaged(task.folder / "episodes.parquet")
    assert verify(run.folder).unlisted == ()
    assert run_cells(run_at(tmp_path, resume=True), INLINE, quick_cell).complete
    assert tables(run.folder) == reference(tmp_path)


def test_progress_grows_from_zero_to_one(tmp_path: Path) -> None:
    heard: list[Progress] = []
    run_cells(run_at(tmp_path), INLINE, quick_cell, heard.append)
    shares = [one.fraction for one in heard]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1], heard[-1].done, heard[-1].running) == (0.0, 1.0, 6, 0)
    assert heard[1].message == "pelvis: female infant 0 at 7 months: half-way"


def test_interrupting_leaves_finished_cells_and_says_so(tmp_path: Path) -> None:
    driver = begin(tmp_path)
    began = time.monotonic()
    driver.send_signal(signal.SIGINT)
    assert driver.wait(timeout=180) == 130
    assert time.monotonic() - began < 10
    manifest = read_manifest(tmp_path / "run")
    assert (manifest.status, manifest.done) == ("interrupted", 2)
    assert not partial_files(tmp_path)
    assert_resumed_run_is_whole(tmp_path)


def test_interrupting_twice_ends_at_once(tmp_path: Path) -> None:
    driver = begin(tmp_path)
    children = children_of(driver.pid)
    for _ in range(2):
        driver.send_signal(signal.SIGINT)
    assert driver.wait(timeout=90) in {130, -signal.SIGINT, 1}
    assert all(ends_soon(pid) for pid in children)
    assert len(committed(tmp_path / "run")) == 2


def test_a_killed_driver_loses_no_finished_cell_and_no_child_survives(tmp_path: Path) -> None:
    driver = begin(tmp_path)
    children = children_of(driver.pid)
    driver.kill()
    driver.wait()
    assert children
    assert all(ends_soon(pid) for pid in children)
    assert len(committed(tmp_path / "run")) == 2
    assert_resumed_run_is_whole(tmp_path)


def begin(tmp_path: Path) -> "subprocess.Popen[bytes]":
    """A driver with two finished cells and two running ones."""
    script = tmp_path / "driver.py"
    script.write_text(DRIVER.format(folder=str(tmp_path)))
    paths = {"PYTHONPATH": os.pathsep.join(sys.path)}
    driver = subprocess.Popen((sys.executable, str(script)), env={**os.environ, **paths})
    deadline = time.monotonic() + 60
    while len(list(tmp_path.glob("run/cells/*/begun"))) < 2:
        assert driver.poll() is None, "the driver ended too early"
        assert time.monotonic() < deadline, "the driver never came to its slow cells"
        time.sleep(0.05)
    return driver


def assert_resumed_run_is_whole(tmp_path: Path) -> None:
    result = run_cells(run_at(tmp_path, resume=True), INLINE, quick_cell)
    assert result.complete
    assert tables(result.folder) == reference(tmp_path)


def children_of(pid: int) -> list[int]:
    listing = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in listing]


def ends_soon(pid: int) -> bool:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False


def partial_files(folder: Path) -> list[Path]:
    return list(folder.rglob(".*.tmp*"))
