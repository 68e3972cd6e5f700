"""The command that trains the shipped policies."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from dmi_sim.catalog import Catalog
from dmi_sim.cli.policies import policies
from dmi_sim.errors import InputError
from dmi_sim.paths import OWN_FILES
from dmi_sim.spec.exercise import ExerciseSpec
from dmi_sim.training.bundle import read_bundle_manifest
from dmi_sim.training.pretrained import N_VALIDATIONS, read_curve

QUICK_STEPS = 768
QUICK = {
    "duration_s": 2.0,
    "success": {"criterion": "no_fall", "hold_s": 0.1},
    "training": {"total_steps": QUICK_STEPS, "n_envs": 1, "batch_size": 64, "chunk_rollouts": 1},
}


def own_sitting(folder: Path) -> Path:
    """A sitting exercise of one's own that anybody completes; JSON is YAML."""
    spec = Catalog.shipped().load(ExerciseSpec, "sitting").model_dump(mode="json")
    path = folder / "mine/envs/sitting.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps({**spec, **QUICK}))
    return folder / "mine"


def test_an_unknown_exercise_is_refused_before_any_training(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="siting: no such exercise; did you mean 'sitting'"):
        policies(exercises=["standing", "siting"], out=tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_each_seed_gets_a_policy_with_its_curve(tmp_path: Path) -> None:
    """In an exercise of one's own, which stands before the shipped one of the same name."""
    words = ["policies", "sitting", "--seeds", "2", "--workers", "1", "--out", "out", "--json"]
    done = subprocess.run(
        [sys.executable, "-m", "dmi_sim", *words],
        cwd=tmp_path, env={**os.environ, OWN_FILES: str(own_sitting(tmp_path))},
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    policies_by_name = json.loads(done.stdout)["policies"]
    assert sorted(policies_by_name) == ["sitting_0", "sitting_1"]
    for seed, (name, scores) in enumerate(sorted(policies_by_name.items())):
        folder = tmp_path / "out" / name
        metadata = read_bundle_manifest(folder).metadata
        assert (metadata.seed, metadata.scores) == (seed, scores)
        assert scores["success"] == 1.0
        validations = read_curve(folder)
        assert [validation.success for validation in validations] == [1.0] * (N_VALIDATIONS // 2)
        assert metadata.training_steps == validations[-1].steps == QUICK_STEPS // 2
