"""The tables of a report: finished cells only, with the replays that they kept."""

from pathlib import Path

import pytest

from dmi_sim.errors import InputError
from dmi_sim.report.tables import RunTables, has_replay, read_replay, read_run
from dmi_sim.study.store import COMMIT_MARK, cell_folder
from tests.render.bodies import shapes, toppling
from tests.report.fakes import DOSES_H


def test_all_finished_cells_are_read(run: RunTables) -> None:
    assert list(run.records) == list(run.manifest.cells)
    assert len(run.tests) == 9 * len(DOSES_H) * 2
    assert len(run.training) == 9 * 2
    assert run.skipped == ()


def test_a_cell_without_commit_mark_does_not_count(folder: Path) -> None:
    key = next(iter(read_run(folder).records))
    (cell_folder(folder, key) / COMMIT_MARK).unlink()
    assert key not in read_run(folder).records
    assert len(read_run(folder).records) == 8


def test_a_damaged_table_leaves_its_cell_out_and_is_named(folder: Path) -> None:
    key = next(iter(read_run(folder).records))
    (cell_folder(folder, key) / "episodes.parquet").write_bytes(b"half a file")
    found = read_run(folder)
    assert key not in found.records
    assert len(found.skipped) == 1
    assert key in found.skipped[0]


def test_a_run_without_finished_cells_is_refused(folder: Path) -> None:
    for mark in folder.rglob(COMMIT_MARK):
        mark.unlink()
    with pytest.raises(InputError, match="nothing to report, no cell is finished"):
        read_run(folder)


def test_a_folder_that_is_no_run_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no run"):
        read_run(tmp_path)


def test_a_replay_comes_back_as_it_was_saved(run: RunTables) -> None:
    key = next(iter(run.records))
    recording, body = read_replay(run, key, "replay")
    assert body == shapes()
    assert (recording.com_m == toppling(0.4).com_m).all()


def test_a_replay_that_was_not_kept_is_known_to_be_missing(lossy: RunTables) -> None:
    key = next(iter(lossy.records))
    assert not has_replay(lossy, key, "replay")
    with pytest.raises(InputError):
        read_replay(lossy, key, "replay")
