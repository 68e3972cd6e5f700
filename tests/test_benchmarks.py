"""The scripts in ``benchmarks/`` do what they say, in their short forms."""

import json
import os
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

from dmi_sim.catalog import Catalog
from dmi_sim.outcome.calm import CALM
from dmi_sim.report.html import write_report
from dmi_sim.rollout.controls import CONTROLS, ControlTrials
from dmi_sim.spec.exercise import ExerciseSpec
from dmi_sim.study.store import read_manifest, write_summary
from tests.report.fakes import fake_run

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"
KILLS, FLIPS = BENCHMARKS / "kills.py", BENCHMARKS / "bit_flips.py"
CHILD_KILLS = BENCHMARKS / "child_kills.py"
SCALING, CONTROLS_SCRIPT = BENCHMARKS / "scaling.py", BENCHMARKS / "controls.py"
LEARNERS_SCRIPT = BENCHMARKS / "learners.py"


@pytest.mark.slow
def test_a_study_that_is_killed_and_resumed_has_the_bytes_of_one_that_was_not(
    tmp_path: Path,
) -> None:
    """The short form: one tiny study, its workers or itself killed twice."""
    words = (str(KILLS), "--kills", "2", "--steps", "1", "--infants", "1", "--no-disk")
    done = subprocess.run(
        (sys.executable, *words),
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        cwd=tmp_path, capture_output=True, text=True, timeout=500, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 kills" in done.stdout
    assert "equal: True" in done.stdout


@pytest.mark.slow
def test_a_child_that_is_killed_comes_to_the_bytes_of_one_that_was_not(tmp_path: Path) -> None:
    """The short form: one child that lives for a week, killed twice in the middle of a session."""
    done = subprocess.run(
        (sys.executable, str(CHILD_KILLS), "--kills", "2", "--weeks", "1"),
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        cwd=tmp_path, capture_output=True, text=True, timeout=500, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 kills in practice of" in done.stdout
    assert "different: none" in done.stdout
    assert "equal: True" in done.stdout


def test_a_flipped_bit_in_any_kind_of_file_of_a_run_and_a_bundle_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The short form: one bit in each kind of file of a run with known numbers and of a bundle."""
    run = fake_run(tmp_path / "run")
    (run / "cells" / next(iter(read_manifest(run).cells)) / "log.txt").write_text("practised")
    write_summary(run)
    write_report(run)
    monkeypatch.setattr(sys, "argv", [str(FLIPS), "--flips", "1", "--run", str(run)])
    with pytest.raises(SystemExit) as ended:
        runpy.run_path(str(FLIPS), run_name="__main__")
    told = capsys.readouterr().out
    rows = {line.split()[0]: line.split()[1:] for line in told.splitlines()}
    assert ended.value.code == 0, told
    assert rows["cells/*/log.txt"] == ["0", "1", "0"]
    for kind in ("manifest.json", "cells/*/replay.npz", "summary.parquet", "policy.zip"):
        assert rows[kind] == ["1", "0", "0"]
    assert "numbers that changed in silence: 0" in told


@pytest.mark.parametrize(
    ("numbers", "problems", "wanted"),
    [
        ({"a": "1", "b": "2"}, (), "harmless"),
        ({"a": "1"}, ("b.txt: changed",), "caught"),
        ({"a": "1", "b": "3"}, (), "silent"),
        ({"a": "1", "b": "3"}, ("b.txt: changed",), "silent"),
        ({"a": "1"}, (), "silent"),
        ({"a": "1"}, ("another.txt: changed",), "silent"),
    ],
)
def test_a_number_that_differs_or_goes_unsaid_is_silent(
    tmp_path: Path, numbers: dict[str, str], problems: tuple[str, ...], wanted: str
) -> None:
    script = runpy.run_path(str(FLIPS))
    whole, now = script["Told"]({"a": "1", "b": "2"}), script["Told"](numbers, problems)
    assert script["finding"](lambda _: now, tmp_path, tmp_path / "b.txt", whole) == wanted


@pytest.mark.slow
def test_cost_grows_by_what_it_should(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """The short form: every table has a line for each size, and costs that are plausible."""
    monkeypatch.setattr(sys, "argv", [str(SCALING), "--quick"])
    with pytest.raises(SystemExit) as ended:
        runpy.run_path(str(SCALING), run_name="__main__")
    assert ended.value.code == 0
    printed = capfd.readouterr().out
    assert "a point" in printed
    lines = [line.split("  ")[0] for line in printed.splitlines()]
    for size in ("1", "2", "4", "1 infants, 1024 steps", "1 infants, 2048 steps"):
        assert size in lines


def test_costs_are_told_beside_the_first() -> None:
    script = runpy.run_path(str(SCALING))
    rows = script["_rows"]([("1", 2.0, "a"), ("2", 3.0, "b")])
    assert [(row.what, row.ratio) for row in rows] == [("1", 1.0), ("2", 1.5)]
    assert script["table"]("Infants", rows).splitlines()[2].split() == ["2", "3.0", "1.50", "b"]


@pytest.mark.parametrize(("successes", "code"), [(0, 0), (1, 1)])
def test_an_exercise_that_who_knows_nothing_achieves_is_told(
    successes: int, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    tried: list[tuple[str, str]] = []

    def trials(_env: object, name: str, count: int, options: dict[str, str]) -> ControlTrials:
        tried.append((name, options["support"]))
        is_easy = name == "constant" and options["support"] == "none"
        return ControlTrials((0.25,) * count, successes if is_easy else 0)

    monkeypatch.setattr("dmi_sim.rollout.controls.control_trials", trials)
    words = [str(CONTROLS_SCRIPT), "--count", "3", "--environments", "DMI/Walking-v1"]
    monkeypatch.setattr(sys, "argv", words)
    with pytest.raises(SystemExit) as ended:
        runpy.run_path(str(CONTROLS_SCRIPT), run_name="__main__")
    told = capsys.readouterr().out
    assert ended.value.code == code
    assert tried == [(name, site) for site in ("none", "axillae") for name in CONTROLS]
    assert f"{successes}/3 (0.25)" in told
    wanted = "DMI/Walking-v1" if successes else "none"
    assert told.endswith(f"achieved without hands by who knows nothing: {wanted}\n")


@pytest.fixture
def tiny(tmp_path: Path) -> list[str]:
    """Words for a practice of one chunk of 320 steps, which teaches nobody to sit."""
    small = (
        "n_envs=1",
        "n_steps=64",
        "chunk_rollouts=5",
        "batch_size=64",
        "net_arch=[8]",
        "learner.net_arch=[9]",
    )
    settings = [word for one in small for word in ("--set", one)]
    return ["--exercises", "sitting", "--steps", "320", "--out", str(tmp_path), *settings]


def learners(monkeypatch: pytest.MonkeyPatch, *words: str) -> None:
    monkeypatch.setattr(sys, "argv", [str(LEARNERS_SCRIPT), *words])
    runpy.run_path(str(LEARNERS_SCRIPT), run_name="__main__")


def test_every_learner_is_tested_and_what_is_done_is_not_done_again(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tiny: list[str],
) -> None:
    written = tmp_path / "table.md"
    learners(monkeypatch, *tiny, "--learners", "ppo,sac")
    capsys.readouterr()
    stopped = tmp_path / "Sitting-v1-posture-ppo-0.json"
    stopped.write_text(json.dumps(json.loads(stopped.read_text()) | {"scores": {}}))
    learners(monkeypatch, *tiny, "--table", str(written))
    (*practised, rest), text = capsys.readouterr().out.split("\n", 2), written.read_text()
    table = rest.splitlines()
    assert [line.split(",")[0] for line in practised] == [
        f"Sitting-v1-posture-{learner}-0: 320 steps" for learner in ("ppo", "td3")
    ]
    assert text.splitlines() == table[:-1]
    rows = [line.strip("| ").split("|") for line in table if "DMI/" in line]
    assert [[cell.strip() for cell in row][2:6] for row in rows] == [
        ["PPO", "0", "8", "not in 320"],
        ["SAC", "0", "9", "not in 320"],
        ["TD3", "0", "9", "not in 320"],
    ]
    learners(monkeypatch, *tiny, "--modes", "muscle", "--only-table")
    assert "DMI/" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("successes", "until", "tests", "row"),
    [
        (8, "success", 1, ["320", "0.0", "80 %"]),
        (8, "budget", 2, ["320", "0.0", "80 %"]),
        (7, "success", 2, ["not in 640", "0.0", "70 %"]),
    ],
)
def test_the_first_success_is_told_and_ends_practice_if_asked(
    successes: int,
    until: str,
    tests: int,
    row: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tiny: list[str],
) -> None:
    def evaluated(_policy: object, _env: object, seeds: list[int]) -> list[dict[str, float]]:
        rows = range(len(seeds))
        return [
            dict.fromkeys(("completion", *CALM), 0.5) | {"success": i < successes} for i in rows
        ]

    monkeypatch.setattr("dmi_sim.rollout.evaluate.evaluate", evaluated)
    words = ("--learners", "ppo", "--steps", "640", "--every", "320", "--until", until)
    learners(monkeypatch, *tiny, *words)
    lines = capsys.readouterr().out.splitlines()
    (told,) = (line for line in lines if "DMI/" in line)
    assert sum(line.startswith("Sitting-v1-posture-ppo-0: ") for line in lines) == tests
    assert [cell.strip() for cell in told.split("|")][6:9] == row


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--learners", "sca"), "--learners: no 'sca'; did you mean 'sac'?"),
        (("--modes", "muscel"), "--modes: no 'muscel'; did you mean 'muscle'?"),
        (("--exercises", "siting"), "did you mean 'sitting'?"),
        (("--set", "gama=0.9"), "gama"),
        (("--set", "learner.tua=0.9"), "tua"),
        (("--seeds", "-1"), "--seeds"),
        (("--steps", "0"), "--steps"),
    ],
)
def test_what_learners_do_not_know_is_refused_in_a_line(
    words: tuple[str, ...],
    told: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as ended:
        learners(monkeypatch, *words)
    assert ended.value.code == 2
    assert told in capsys.readouterr().err


def test_a_cell_of_another_plan_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tiny: list[str]
) -> None:
    learners(monkeypatch, *tiny, "--learners", "ppo")
    with pytest.raises(SystemExit) as ended:
        learners(monkeypatch, *tiny, "--set", "gamma=0.5", "--every", "9")
    assert ended.value.code == 2
    told = capsys.readouterr().err
    gamma = Catalog.shipped().load(ExerciseSpec, "sitting").training.gamma
    assert f"training.gamma: was {gamma}, now 0.5; name another --out" in told
    assert "every: was 16384, now 9" in told


def test_controls_are_asked_for_in_an_environment_that_exists(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", [str(CONTROLS_SCRIPT), "--environments", "DMI/Siting-v0"])
    with pytest.raises(SystemExit) as ended:
        runpy.run_path(str(CONTROLS_SCRIPT), run_name="__main__")
    assert ended.value.code == 2
    assert "did you mean 'DMI/Sitting-v0'?" in capsys.readouterr().err


@pytest.mark.slow
def test_a_classroom_that_is_treated_badly_goes_on() -> None:
    """The short form: seconds, few pages and few messages, and no browser."""
    words = ("--seconds", "2", "--followers", "3", "--connects", "20", "--messages", "60")
    done = subprocess.run(
        (sys.executable, str(BENCHMARKS / "classroom.py"), *words, "--no-browser"),
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True, text=True, timeout=500, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "60 malformed messages" in done.stdout
    assert "nothing stops, nothing grows" in done.stdout
