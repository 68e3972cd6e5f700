"""The history of speed: rows of ratios that can be read again, of commits and of nothing else."""

import subprocess
from pathlib import Path

import pytest

from dmi_sim.benchmark.history import (
    append_row,
    commit_to_measure,
    measured_checkout,
    read_history,
    refuse_unwritable,
)
from dmi_sim.catalog import Catalog
from dmi_sim.cli.bench import bench
from dmi_sim.errors import InputError
from dmi_sim.spec.exercise import ExerciseSpec

SHIPPED = Path(__file__).parents[2] / "benchmarks" / "history.csv"


def git(folder: Path, *words: str) -> str:
    """Run git as somebody."""
    name = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org")
    return subprocess.run(
        ("git", "-C", str(folder), *name, *words), capture_output=True, text=True, check=True
    ).stdout.strip()


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with one commit."""
    git(tmp_path, "init", "-q")
    (tmp_path / "code.py").write_text("1\n")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-q", "-m", "One.")
    return tmp_path


def test_the_shipped_history_can_be_read_and_names_what_is_registered() -> None:
    rows = read_history(SHIPPED)
    exercises = Catalog.shipped().names(ExerciseSpec)
    latest = [case.removeprefix("practice of ") for case in rows[-1].ratios]
    assert {case.partition(",")[0] for case in latest} <= set(exercises)
    assert {"sitting, free", "sitting, pelvis"} <= set(latest)
    assert len(latest) > len(set(latest)), "practice is measured in what is measured without"
    assert all(0.1 < ratio < 20 for row in rows for ratio in row.ratios.values())
    assert [row.date for row in rows] == sorted(row.date for row in rows)


def test_rows_are_added_below_and_read_again(tmp_path: Path) -> None:
    path = tmp_path / "own" / "history.csv"
    assert read_history(path) == ()
    append_row(path, "abc", {"sitting, free": 1.65432})
    append_row(path, "def", {"crawling, free": 2.0, "sitting, free": 1.7})
    first, second = read_history(path)
    assert (first.commit, first.ratios) == ("abc", {"sitting, free": 1.654})
    assert second.ratios == {"sitting, free": 1.7, "crawling, free": 2.0}
    assert path.read_text().splitlines()[0] == 'date,commit,"sitting, free","crawling, free"'
    assert len(first.date) == len("2026-01-31")


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("name,age\nAda,3\n", "line 2"),
        ("date,commit,sitting\n2026-01-31,abc,fast\n", "'fast' is not a ratio"),
        ("date,commit,sitting\n2026-01-31,abc,-1\n", "sitting"),
        ("date,commit,sitting\n2026-01-31,abc,nan\n", "not a ratio"),
        ("date,commit,sitting\n2026-01-31,abc,1,2\n", "line 2"),
    ],
)
def test_another_file_is_refused_and_kept(tmp_path: Path, text: str, wrong: str) -> None:
    path = tmp_path / "history.csv"
    path.write_text(text)
    with pytest.raises(InputError, match=wrong):
        append_row(path, "abc", {"sitting": 1.0})
    assert path.read_text() == text


def test_a_clean_checkout_is_known_by_its_commit(checkout: Path) -> None:
    assert git(checkout, "rev-parse", "HEAD").startswith(commit_to_measure(checkout))


def test_a_checkout_with_other_files_is_refused_unless_that_is_allowed(checkout: Path) -> None:
    clean = commit_to_measure(checkout)
    (checkout / "code.py").write_text("2\n")
    with pytest.raises(InputError, match=f"differ from commit {clean}.*--allow-dirty"):
        commit_to_measure(checkout)
    assert commit_to_measure(checkout, allow_dirty=True) == f"{clean}+"


def installed(tmp_path: Path, code: str) -> Path:
    package = tmp_path / "site-packages" / "dmi_sim"
    package.mkdir(parents=True)
    (package / "physics.py").write_text(code)
    return package


def test_an_installed_package_is_that_of_the_checkout_with_the_same_code(
    checkout: Path, tmp_path: Path
) -> None:
    (checkout / "dmi_sim").mkdir()
    (checkout / "dmi_sim" / "physics.py").write_text("1\n")
    same, other = installed(tmp_path / "a", "1\n"), installed(tmp_path / "b", "2\n")
    assert measured_checkout(same, checkout) == checkout
    assert measured_checkout(other, checkout) == other.parent
    assert measured_checkout(checkout / "dmi_sim", tmp_path) == checkout


def test_a_folder_without_commits_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no git checkout"):
        commit_to_measure(tmp_path)


def test_a_place_where_nothing_can_be_written_is_found_before_the_measurement(
    tmp_path: Path,
) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match="file"):
        refuse_unwritable(tmp_path / "file" / "history.csv")
    refuse_unwritable(tmp_path / "new" / "history.csv")
    assert not list((tmp_path / "new").iterdir())


def test_dirt_is_allowed_for_a_history_alone() -> None:
    with pytest.raises(InputError, match="--history"):
        bench(allow_dirty=True)
