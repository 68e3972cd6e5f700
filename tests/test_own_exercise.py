"""An exercise is one YAML file: that of CONTRIBUTING.md, with its commands, in an empty folder."""

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from dmi_sim import names
from dmi_sim.catalog import read_spec
from dmi_sim.paths import OWN_FILES
from dmi_sim.spec.exercise import ExerciseSpec

NAME = "bench_sitting"
PAGE = (Path(__file__).parents[1] / "CONTRIBUTING.md").read_text(encoding="utf-8")
RECIPE = PAGE.partition("## Recipe: an exercise")[2].partition("## Recipe")[0]


def block(language: str) -> str:
    """The first block of a language in the recipe."""
    (text,) = re.findall(rf"```{language}\n(.*?)```", RECIPE, re.DOTALL)[:1]
    return text


def commands() -> list[list[str]]:
    """What the recipe tells to run, without comments and without what sets the folder."""
    first, *lines = (shlex.split(line, comments=True) for line in block("sh").splitlines())
    assert first == ["export", f"{OWN_FILES}=my_files"]
    return lines


@pytest.fixture(scope="module")
def workplace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty folder, but for the one file."""
    folder = tmp_path_factory.mktemp("workplace")
    path = folder / "my_files/envs" / f"{NAME}.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(block("yaml"), encoding="utf-8")
    return folder


def run(command: list[str], folder: Path) -> dict[str, Any]:
    """The answer of a command in a folder, as data."""
    program, *words = command
    assert program == "dmi-sim"
    done = subprocess.run(
        [sys.executable, "-m", "dmi_sim", *words, "--json"],
        cwd=folder, env={**os.environ, OWN_FILES: "my_files", "OMP_NUM_THREADS": "1"},
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_file_of_the_recipe_is_nobodys_yet(workplace: Path) -> None:
    spec = read_spec(ExerciseSpec, workplace / f"my_files/envs/{NAME}.yaml")
    assert spec.supports[-1] == "none"
    assert NAME not in names.exercises()


def test_the_recipe_checks_trains_tests_and_scores_it(workplace: Path) -> None:
    check, train, evaluate, ladder = (run(command, workplace) for command in commands())
    assert (check["files"], check["problems"]) == (1, [])
    assert train["environment_id"] == "DMI/BenchSitting-v1"
    assert train["training_steps"] >= 1500
    assert 0 < evaluate["summary"]["duration_s"]["mean"] <= 6
    (item,) = ladder["items"]
    assert (item["exercise"], item["dimension"]) == (NAME, "sitting")
    assert [one["site"] for one in item["sites"]] == ["pelvis", "none"]
    assert item["unsupported"] in (0, 1, 2, 3)
    assert max(item["sites"][-1]["silent_muscles"]) < 1
    assert ladder["acting"] == "trained policies of seed 0"
    assert ladder["total"]["maximum"] == 3


def test_without_that_folder_nobody_knows_it(workplace: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "dmi_sim", "train", "DMI/BenchSitting-v1"],
        cwd=workplace, env={k: v for k, v in os.environ.items() if k != OWN_FILES},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "no such environment" in done.stderr
