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
from dmi_sim.spec.pretraining import PretrainingSpec
from dmi_sim.training.bundle import ancestor, read_bundle_manifest
from dmi_sim.training.pretrained import N_VALIDATIONS, pretrain_curriculum, read_curve
from dmi_sim.training.validation import VALIDATIONS
from tests.processes import ROOT

QUICK_STEPS = 768
QUICK = {
    "duration_s": 2.0,
    "success": {"criterion": "no_fall", "hold_s": 0.1},
    "training": {"total_steps": QUICK_STEPS, "n_envs": 1, "batch_size": 64, "chunk_rollouts": 1},
}

PAIR = {
    "title": "Two exercises",
    "practice": [{"exercise": "prone_propping"}, {"exercise": "sitting"}],
    "validation": {"episodes": 1},
    "training": {
        "total_steps": 1280, "n_steps": 640, "chunk_rollouts": 1, "batch_size": 640, "n_epochs": 1
    },
}  # fmt: skip
"""A curriculum of two exercises in a single chunk."""


def own_exercises(folder: Path, *names: str) -> Path:
    """Exercises of one's own, two seconds long, that anybody completes; JSON is YAML."""
    for name in names:
        spec = Catalog.shipped().load(ExerciseSpec, name).model_dump(mode="json")
        path = folder / f"mine/envs/{name}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({**spec, **QUICK}))
    return folder / "mine"


def test_an_unknown_exercise_is_refused_before_any_training(tmp_path: Path) -> None:
    with pytest.raises(
        InputError, match="siting: no such exercise or curriculum; did you mean 'sitting'"
    ):
        policies(names=["standing", "siting"], out=tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_each_seed_gets_a_policy_with_its_curve(tmp_path: Path) -> None:
    """In an exercise of one's own, which stands before the shipped one of the same name."""
    words = ["policies", "sitting", "--seeds", "2", "--workers", "1", "--out", "out", "--json"]
    done = subprocess.run(
        [sys.executable, "-m", "dmi_sim", *words],
        cwd=tmp_path, env={**os.environ, OWN_FILES: str(own_exercises(tmp_path, "sitting"))},
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


def test_what_is_shipped_stands_in_a_file() -> None:
    """Not in Python: whoever ships another policy writes its name there."""
    catalog = Catalog.shipped()
    shipped = catalog.load(PretrainingSpec, "shipped")
    assert tuple(shipped.problems(catalog)) == ()
    assert "infant" in shipped.curricula
    unknown = shipped.model_copy(update={"exercises": ("siting",)})
    assert "did you mean 'sitting'" in next(iter(unknown.problems(catalog)))


def test_what_a_policy_goes_on_with_is_known_too() -> None:
    further = {"infant": ("infant_furter",)}
    shipped = PretrainingSpec(title="-", curricula=("infant",), further=further)
    assert list(shipped.problems(Catalog.shipped())) == [
        "further: no 'infant_furter' in models/curricula; did you mean 'infant_further'?"
    ]


def test_a_further_curriculum_that_does_not_exist_is_refused_before_any_training(
    tmp_path: Path,
) -> None:
    own = tmp_path / "mine/models/pretraining/shipped.yaml"
    own.parent.mkdir(parents=True)
    own.write_text(json.dumps({"title": "Mine", "further": {"infant": ["infant_furter"]}}))
    catalog = Catalog(tmp_path / "mine", ROOT)
    with pytest.raises(InputError, match="did you mean 'infant_further'"):
        pretrain_curriculum("infant", 0, tmp_path / "out", tmp_path / "work", catalog)
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


def test_a_curriculum_gets_a_policy_with_its_validations(tmp_path: Path) -> None:
    """In two of one's own, one after the other; a second call finds it there and does nothing."""
    mine = own_exercises(tmp_path, "prone_propping", "sitting")
    for name, spec in {
        "curricula/pair": PAIR,
        "curricula/pair_further": PAIR,
        "pretraining/shipped": {"title": "Mine", "further": {"pair": ["pair_further"]}},
    }.items():
        path = mine / f"models/{name}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(spec))
    words = ["policies", "pair", "--seeds", "1", "--workers", "1", "--out", "out", "--json"]

    def run() -> dict[str, dict[str, float]]:
        done = subprocess.run(
            [sys.executable, "-m", "dmi_sim", *words],
            cwd=tmp_path, env={**os.environ, OWN_FILES: str(mine)},
            capture_output=True, text=True, timeout=300, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)["policies"]

    assert run().keys() == {"pair_0"}
    metadata = read_bundle_manifest(tmp_path / "out/pair_0").metadata
    assert [one.name for one in metadata.exercises] == ["prone_propping", "sitting"]
    assert (tmp_path / "out/pair_0" / VALIDATIONS).is_file()
    first = ancestor(tmp_path / "runs/policies/pair_0/policy")
    assert metadata.began_with is not None
    assert metadata.began_with.policy_sha256 == first.policy_sha256
    assert run() == {}
