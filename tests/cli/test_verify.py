"""The command that says whether a run is whole, and how every command finds the run it is given."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dmi_sim.cli import app
from dmi_sim.cli.console import CommandResult
from dmi_sim.cli.power import power
from dmi_sim.cli.replay import replay
from dmi_sim.cli.report import report
from dmi_sim.cli.verify import verify
from dmi_sim.errors import InputError
from dmi_sim.study.cell_files import LOG
from dmi_sim.study.store import committed, read_manifest, write_manifest
from tests.report.fakes import fake_run

COMMANDS = (report, replay, verify, power)
"""All commands that take a run."""


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run with films, a log and a report."""
    folder = fake_run(tmp_path_factory.mktemp("runs") / "run")
    (committed(folder)[0] / LOG).write_text("practised\n")
    report(folder)
    return folder


def kinds_in(run: Path) -> dict[str, Path]:
    """One file of each kind that a run holds: by its name, and by how deep it lies."""
    paths = sorted(path for path in run.rglob("*") if path.is_file())
    return {f"{len(path.relative_to(run).parts)} {path.name}": path for path in paths}


def asked(words: list[str], capfd: pytest.CaptureFixture[str]) -> tuple[int, dict[str, Any], str]:
    """Exit code, JSON and stderr of the command line."""
    code = app([*words, "--json"], standalone_mode=False)
    out, err = capfd.readouterr()
    return code, json.loads(out), err


def test_a_whole_run_is_whole_and_stays_as_it_was(
    whole: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    before = {path: path.read_bytes() for path in whole.rglob("*") if path.is_file()}
    code, data, _ = asked(["verify", str(whole)], capfd)
    assert code == 0
    assert data["whole"] is True
    assert data["problems"] == []
    assert data["planned"] == len(data["whole_cells"]) == 9
    assert {path: path.read_bytes() for path in whole.rglob("*") if path.is_file()} == before
    assert app(["verify", str(whole)], standalone_mode=False) == 0
    assert "whole; 9 of 9 planned cells are finished and whole" in capfd.readouterr().out


def test_one_bit_in_any_kind_of_file_is_told(
    whole: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Of all files in a run only the log of a cell is no result, so that no hash vouches for it."""
    kinds = kinds_in(whole)
    assert len(kinds) > 12
    for kind, path in kinds.items():
        data = path.read_bytes()
        path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
        code, found, _ = asked(["verify", str(whole)], capfd)
        path.write_bytes(data)
        if path.name == LOG:
            assert (code, found["whole"]) == (0, True)
            continue
        assert (code, found["whole"]) == (3, False), kind
        assert any(path.name in line for line in found["problems"]), kind
    assert verify(whole).exit_code == 0


def test_a_lost_file_and_a_lost_cell_are_told(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    run = fake_run(tmp_path / "run", with_replays=False)
    cell = committed(run)[0]
    (cell / "training.parquet").unlink()
    code, data, _ = asked(["verify", str(run)], capfd)
    assert code == 3
    assert data["problems"][0].endswith("training.parquet: missing")
    assert cell.name not in data["whole_cells"]
    assert app(["verify", str(run)], standalone_mode=False) == 3
    assert "NOT whole" in capfd.readouterr().out


def a_file(path: Path) -> None:
    path.write_text("no folder")


@pytest.mark.parametrize("make", [Path.mkdir, a_file, Path], ids=["empty", "file", "nothing"])
def test_what_is_no_run_is_bad_input(
    make: Callable[[Path], object], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    make(tmp_path / "no_run")
    code, data, err = asked(["verify", str(tmp_path / "no_run")], capfd)
    assert code == 2
    assert data["error"] == "input"
    assert "no_run: no run (it has no manifest.json)" in data["problems"][0]
    assert data["problems"][0] in err


@pytest.mark.parametrize("work", COMMANDS, ids=lambda work: work.__name__)
def test_a_study_of_ones_own_stands_for_its_newest_run(
    work: Callable[..., CommandResult],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """By the name of its file, by its path, and from another folder by its path."""
    (tmp_path / "mine").mkdir()
    monkeypatch.chdir(tmp_path / "mine")
    text = json.dumps(read_manifest(run_of_own(tmp_path / "mine")).spec.model_dump(mode="json"))
    Path("experiments").mkdir()
    Path("experiments/own.yaml").write_text(text)
    for named in ("own", "experiments/own.yaml"):
        assert work(named if work is power else Path(named)).exit_code == 0
    monkeypatch.chdir(tmp_path)
    path = "mine/experiments/own.yaml"
    assert work(path if work is power else Path(path)).exit_code == 0


def run_of_own(home: Path) -> Path:
    """The finished run that a study of one's own has left where it ran."""
    run = fake_run(home / "runs/own/20260101T000000Z-5eed5eed")
    write_manifest(run, read_manifest(run).model_copy(update={"study": "own"}))
    return run


@pytest.mark.parametrize("work", COMMANDS, ids=lambda work: work.__name__)
def test_a_study_without_a_run_says_where_it_was_looked_for(
    work: Callable[..., CommandResult], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    name = "site_in_sitting"
    with pytest.raises(InputError, match=rf"looked in runs/{name}; run the study first"):
        work(name if work is power else Path(name))
