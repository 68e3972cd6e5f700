"""The commands that work for a while: train, evaluate, study, report, replay, on tiny doses."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

import dmi_sim

TINY = (
    "learning.n_envs=1", "learning.n_steps=64", "learning.batch_size=64", "learning.n_epochs=1",
    "learning.chunk_rollouts=1",
)  # fmt: skip
STUDY = (
    "study", "distal_vs_proximal", "--set", "seeds=1", "--set", "dose.practice_steps=2048",
    "--set", "dose.checkpoints=2", "--set", "test.episodes=1",
)  # fmt: skip
CODE = "from dmi_sim.cli import main; main()"


def start(folder: Path, *arguments: str | Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", CODE, *map(str, arguments), "--json"],
        cwd=folder, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(Path(dmi_sim.__file__).parents[1])},
    )  # fmt: skip


def run(folder: Path, *arguments: str | Path, code: int = 0) -> dict[str, Any]:
    process = start(folder, *arguments)
    out, err = process.communicate(timeout=240)
    assert process.returncode == code, err
    return json.loads(out)


def tiny(*more: str) -> list[str]:
    return [part for setting in (*TINY, *more) for part in ("--set", setting)]


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which 128 steps were practised at once."""
    folder = tmp_path_factory.mktemp("trained")
    run(folder, "train", "DMI/Sitting-v0", "--steps", "128", "--out", "whole", *tiny())
    return folder


def test_training_leaves_a_policy_with_its_scores(trained: Path) -> None:
    card = json.loads((trained / "whole/policy/bundle.json").read_text())
    assert card["origin"]["training_steps"] == 128
    assert card["origin"]["scores"]["time_upright_s"] > 0


def test_resumed_training_gives_the_same_policy(trained: Path) -> None:
    common = ("train", "DMI/Sitting-v0", "--out", "parts", *tiny())
    run(trained, *common, "--steps", "64")
    run(trained, *common, "--steps", "128", "--resume")
    policies = (trained / name / "policy/policy.zip" for name in ("whole", "parts"))
    whole, parts = (path.read_bytes() for path in policies)
    assert whole == parts


def test_a_folder_in_use_is_not_overwritten(trained: Path) -> None:
    answer = run(trained, "train", "DMI/Sitting-v0", "--out", "whole", *tiny(), code=2)
    assert "not empty" in answer["problems"][0]


def test_evaluation_gives_the_same_table_twice(trained: Path) -> None:
    command = ("evaluate", "whole/policy", "--episodes", "2", "--support", "pelvis", "--nudges")
    first = run(trained, *command)
    assert first == run(trained, *command)
    assert len(first["episodes"]) == 2
    assert first["summary"]["support_impulse_n_s"]["mean"] > 0
    assert "not clinical evidence" in first["context_of_use"]


def test_a_support_that_the_exercise_lacks_is_bad_input(trained: Path) -> None:
    answer = run(trained, "evaluate", "whole/policy", "--support", "pelvs", code=2)
    assert "did you mean 'pelvis'?" in answer["problems"][0]


@pytest.mark.slow
def test_a_study_ends_in_a_report_and_a_replay(tmp_path: Path) -> None:
    answer = run(tmp_path, *STUDY, "--workers", "2")
    assert answer["done"] == answer["total"] == 3
    assert (tmp_path / answer["report"]).stat().st_size > 100_000
    assert run(tmp_path, "report", answer["folder"])["report"] == answer["report"]
    replay = run(tmp_path, "replay", answer["folder"], "--out", "replay.html")
    assert replay["infants"] == ["axillae", "pelvis", "none"]
    assert (tmp_path / "replay.html").stat().st_size > 100_000


@pytest.mark.slow
def test_ctrl_c_ends_a_study_with_its_own_exit_code_and_it_goes_on_later(tmp_path: Path) -> None:
    process = start(tmp_path, *STUDY, "--executor", "inline")
    while not list(tmp_path.glob("runs/*/*/cells/*/cell.json")):
        assert process.poll() is None, process.communicate()
        time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert json.loads(out)["error"] == "interrupted"
    assert "--resume last" in err
    answer = run(tmp_path, *STUDY, "--resume", "last")
    assert answer["done"] == answer["total"] == 3
    assert len(list(tmp_path.glob("runs/*/*/manifest.json"))) == 1
