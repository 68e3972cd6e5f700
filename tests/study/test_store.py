"""The files of a run: complete, hashed, and checked when they are read."""

import json
from math import isnan, nan
from pathlib import Path

import pytest

from dmi_sim.errors import InputError, MachineProblem
from dmi_sim.study import store
from dmi_sim.study.columns import Row, columns_of
from dmi_sim.study.executors.base import ExecutorConfig
from dmi_sim.study.run import run_cells
from dmi_sim.study.tables import read_table, summary_rows, write_table
from dmi_sim.study.verify import verify
from tests.study.fake_cells import STUDY, quick_cell, run_at


def finished(tmp_path: Path) -> Path:
    run = run_at(tmp_path)
    run_cells(run, ExecutorConfig("inline"), quick_cell)
    return run.folder


def first_cell(run: Path) -> Path:
    return store.committed(run)[0]


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


def test_a_finished_run_verifies(tmp_path: Path) -> None:
    found = verify(finished(tmp_path))
    assert found.is_whole
    assert (found.status, found.planned, len(found.whole)) == ("done", 6, 6)


def test_the_manifest_names_the_study_its_software_and_its_files(tmp_path: Path) -> None:
    manifest = store.read_manifest(finished(tmp_path))
    assert (manifest.status, manifest.done, manifest.spec) == ("done", 6, STUDY)
    assert {
        "python",
        "numpy",
        "pybullet",
        "torch",
        "stable-baselines3",
        "gymnasium",
        "dmi-sim",
    } <= (manifest.provenance.versions.keys())
    assert "models/bodies/infant.yaml" in manifest.sources
    assert "not clinical evidence" in manifest.context_of_use


def test_rows_come_in_the_order_of_the_plan(tmp_path: Path) -> None:
    run = finished(tmp_path)
    rows = store.load_table(run, "episodes").rows
    assert list(dict.fromkeys(row["cell"] for row in rows)) == list(store.read_manifest(run).cells)
    assert len(rows) == 6 * 3 * 2 * 2


def test_the_summary_has_a_row_per_cell_evaluation_and_kind_of_test(tmp_path: Path) -> None:
    run = finished(tmp_path)
    summary = store.read_summary(run)
    episodes = [
        row for row in store.load_table(run, "episodes").rows if row["cell"] == summary[0]["cell"]
    ]
    means = [float(row["time_upright_s"]) for row in episodes[:2]]
    assert len(summary) == 6 * 3 * 2
    assert summary[0]["time_upright_s"] == pytest.approx(sum(means) / 2)


def test_an_outcome_that_one_episode_lacks_is_nan_on_disk_and_in_the_mean(
    tmp_path: Path,
) -> None:
    first, second = store.load_table(finished(tmp_path), "episodes").rows[:2]
    rows: list[Row] = [{**first, "cop_f50_hz": nan}, second]
    columns = columns_of("episodes")
    write_table(tmp_path / "episodes.parquet", columns, rows)
    kept = read_table(tmp_path / "episodes.parquet", columns)
    assert isnan(float(kept[0]["cop_f50_hz"]))
    (summary,) = summary_rows(kept)
    assert isnan(float(summary["cop_f50_hz"]))
    assert float(summary["cop_f95_hz"]) == pytest.approx(
        (float(first["cop_f95_hz"]) + float(second["cop_f95_hz"])) / 2
    )


def test_every_column_is_explained(tmp_path: Path) -> None:
    run = finished(tmp_path)
    explained = json.loads((run / "columns.json").read_text())
    for table, row in {
        "episodes": store.load_table(run, "episodes").rows[0],
        "training": store.load_table(run, "training").rows[0],
        "summary": store.read_summary(run)[0],
    }.items():
        assert [column["name"] for column in explained[table]] == list(row)


def test_a_truncated_table_is_left_out_and_named(tmp_path: Path) -> None:
    run = finished(tmp_path)
    truncate(first_cell(run) / "episodes.parquet")
    found = store.load_table(run, "episodes")
    assert len(found.rows) == 5 * 3 * 2 * 2
    assert len(found.skipped) == 1
    assert first_cell(run).name in found.skipped[0]
    assert any("episodes.parquet: changed" in line for line in verify(run).problems)


@pytest.mark.parametrize("name", ["training.parquet", "cell.json"])
def test_verify_names_a_missing_or_changed_file(tmp_path: Path, name: str) -> None:
    run = finished(tmp_path)
    truncate(first_cell(run) / name)
    assert any(name in line for line in verify(run).problems)
    (run / "summary.parquet").unlink()
    assert "summary.parquet: missing" in verify(run).problems


def test_a_finished_cell_without_its_mark_is_left_out_and_named(tmp_path: Path) -> None:
    run = finished(tmp_path)
    (first_cell(run) / "cell.json").unlink()
    found = store.load_table(run, "episodes")
    assert len(found.rows) == 5 * 3 * 2 * 2
    assert "cell.json: missing" in found.skipped[0]


def test_a_table_of_other_columns_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a later version would find it, with a column more."""
    run = finished(tmp_path)
    monkeypatch.setattr(store, "columns_of", lambda _: columns_of("training"))
    assert "other columns" in store.load_table(run, "episodes").skipped[0]


def test_a_folder_that_is_no_run_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no run \(it has no manifest\.json\)"):
        store.read_manifest(tmp_path)


def test_a_damaged_manifest_is_refused(tmp_path: Path) -> None:
    run = finished(tmp_path)
    truncate(run / "manifest.json")
    with pytest.raises(InputError, match=r"manifest\.json"):
        store.read_manifest(run)


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    manifest = store.read_manifest(run_at(tmp_path).folder)
    (tmp_path / "runs").write_text("a file in the way")
    with pytest.raises(MachineProblem, match="cannot write there"):
        store.new_run(tmp_path / "runs", manifest)


def test_two_runs_of_one_second_get_two_folders(tmp_path: Path) -> None:
    manifest = store.read_manifest(run_at(tmp_path).folder)
    folders = {store.new_run(tmp_path / "runs", manifest) for _ in range(3)}
    assert len(folders) == 3


def test_only_one_process_may_run_a_folder(tmp_path: Path) -> None:
    run = run_at(tmp_path)
    with (
        store.locked(run.folder),
        pytest.raises(InputError, match="another process"),
        store.locked(run.folder),
    ):
        pass
