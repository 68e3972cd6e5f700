"""The tables of a report: finished cells only, with the replays that they kept."""

from html import unescape
from pathlib import Path

import pytest

from dmi_sim.catalog import Catalog
from dmi_sim.errors import InputError
from dmi_sim.report.html import report_html
from dmi_sim.report.tables import RunTables, has_replay, read_replay, read_run
from dmi_sim.study.cell_files import COMMIT_MARK
from dmi_sim.study.store import cell_folder, read_manifest, write_manifest
from tests.render.bodies import shapes, toppling
from tests.report.fakes import DOSES_H, fake_run


def test_all_finished_cells_are_read(run: RunTables) -> None:
    assert list(run.records) == list(run.manifest.cells)
    assert len(run.tests) == 9 * len(DOSES_H) * 2
    assert len(run.training) == 9 * 2
    assert run.skipped == ()


@pytest.mark.parametrize(
    "name",
    [
        "cell.json",
        "episodes.parquet",
        "training.parquet",
        "replay.npz",
        "replay_supported.npz",
        "shapes.json",
    ],
)
def test_a_damaged_file_leaves_its_cell_out_and_is_named(tmp_path: Path, name: str) -> None:
    folder = fake_run(tmp_path / "run")
    key = next(iter(read_run(folder).records))
    (cell_folder(folder, key) / name).write_bytes(b"half a file")
    found = read_run(folder)
    assert key not in found.records
    assert key not in {row["cell"] for row in (*found.tests, *found.training)}
    assert len(found.records) == 8
    assert len(found.skipped) == 1
    assert all(word in found.skipped[0] for word in (key, name, "axillae: female infant 0"))
    assert found.skipped[0] in unescape(report_html(found, Catalog.shipped()))


def test_a_finished_cell_without_its_mark_is_left_out_and_named(folder: Path) -> None:
    key = next(iter(read_run(folder).records))
    (cell_folder(folder, key) / COMMIT_MARK).unlink()
    found = read_run(folder)
    assert key not in found.records
    assert "cell.json: missing" in found.skipped[0]


def test_a_run_without_finished_cells_is_refused(folder: Path) -> None:
    manifest = read_manifest(folder)
    write_manifest(folder, manifest.model_copy(update={"marks": {}}))
    with pytest.raises(InputError, match="nothing to report, no cell is finished"):
        read_run(folder)


def test_a_run_whose_cells_are_all_damaged_is_refused_and_names_them(folder: Path) -> None:
    for mark in folder.rglob(COMMIT_MARK):
        mark.unlink()
    with pytest.raises(InputError, match="nothing to report, no cell is whole") as caught:
        read_run(folder)
    assert len(caught.value.problems) == 1 + 9


def test_a_report_of_a_run_with_a_damaged_manifest_is_refused(folder: Path) -> None:
    path = folder / "manifest.json"
    path.write_text(path.read_text().replace('"done": 9', '"done": 8'))
    with pytest.raises(InputError, match="damaged"):
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
