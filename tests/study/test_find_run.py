"""The run that a user means is found by its folder, or by the study that it is a run of."""

from pathlib import Path

import pytest

from dmi_sim.errors import InputError
from dmi_sim.paths import OWN_FILES
from dmi_sim.study.find_run import catalog_of, find_run, run_and_catalog, runs_folders
from dmi_sim.study.store import MANIFEST_MARK, read_manifest, write_manifest
from tests.study.fake_cells import run_at

OLD, NEW = "20260101T000000Z-5eed5eed", "20260102T000000Z-5eed5eed"


def run_in(folder: Path, stamp: str = OLD) -> Path:
    """A folder that counts as a run: it holds the hash of a manifest."""
    (folder / stamp).mkdir(parents=True)
    (folder / stamp / MANIFEST_MARK).touch()
    return folder / stamp


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv(OWN_FILES, raising=False)
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    return tmp_path / "here"


def own_study(folder: Path) -> Path:
    (folder / "experiments").mkdir(parents=True)
    (folder / "experiments/own.yaml").touch()
    return folder / "experiments/own.yaml"


def test_a_folder_of_a_run_is_that_run(here: Path) -> None:
    run_in(here / "runs/own", NEW)
    assert find_run(run_in(here / "kept")) == here / "kept" / OLD


@pytest.mark.parametrize("named", ["own", "runs/own", "mine/experiments/own.yaml"])
def test_the_newest_run_of_a_study_is_found_where_it_was_run(here: Path, named: str) -> None:
    own_study(here / "mine")
    run_in(here / "runs/own")
    newest = run_in(here / "runs/own", NEW)
    (here / "runs/own/20260103T000000Z").mkdir()
    assert find_run(Path(named)).resolve() == newest


def test_a_run_beside_the_file_of_the_study_is_found_from_elsewhere(
    here: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, run_here = own_study(tmp_path / "mine"), run_in(here / "runs/own")
    beside = run_in(tmp_path / "mine/runs/own", NEW)
    assert find_run(path) == beside
    assert find_run(Path("own")).resolve() == run_here
    monkeypatch.setenv(OWN_FILES, str(tmp_path / "mine"))
    assert find_run(Path("own")) == beside


def test_the_newest_counts_wherever_it_lies(here: Path, tmp_path: Path) -> None:
    path, newest = own_study(tmp_path / "mine"), run_in(here / "runs/own", NEW)
    run_in(tmp_path / "mine/runs/own")
    assert find_run(path).resolve() == newest


def test_one_folder_under_two_names_is_looked_in_once(here: Path) -> None:
    assert runs_folders(own_study(here)) == (Path("runs/own"),)


def test_runs_that_have_not_finished_are_passed_over_where_it_matters(tmp_path: Path) -> None:
    root = tmp_path / "here/runs/own"
    finished, begun = (run_at(root, stamp).folder for stamp in (OLD, NEW))
    manifest = read_manifest(finished)
    write_manifest(finished, manifest.model_copy(update={"status": "done"}))
    assert find_run(Path("own")).resolve() == begun
    assert find_run(Path("own"), is_finished=True).resolve() == finished
    write_manifest(finished, manifest)
    with pytest.raises(InputError, match=r"no finished run \(2 unfinished\); looked in runs/own"):
        find_run(Path("own"), is_finished=True)


def test_a_study_without_a_run_says_where_it_was_looked_for(here: Path, tmp_path: Path) -> None:
    path = own_study(tmp_path / "mine")
    with pytest.raises(InputError, match=rf"looked in runs/own, {tmp_path}/mine/runs/own; run"):
        find_run(path)
    run_in(here / "runs/own_study")
    with pytest.raises(InputError, match=r"no run .* did you mean 'own_study'\?"):
        find_run(Path("ownstudy"))
    with pytest.raises(InputError, match="no run"):
        find_run(here)


def test_the_files_beside_a_study_of_ones_own_are_known_to_its_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether the run is named by its study, its study's file or its folder."""
    home = tmp_path / "mine"
    path, run = own_study(home), run_in(home / "runs/own")
    for named in (path, run):
        found, catalog = run_and_catalog(named)
        assert (found, catalog.roots[0]) == (run, home)
    monkeypatch.chdir(home)
    assert run_and_catalog(Path("own"))[1].roots[0] == home
    other = run_in(home / "runs/another")
    assert catalog_of(other).roots == catalog_of(Path("another")).roots
    assert home not in catalog_of(other).roots
