"""A bundle comes back as it was saved, or is refused with the reason."""

import json
import random
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dmi_sim.errors import InputError
from dmi_sim.provenance import sha256
from dmi_sim.rollout.environment import make_environment
from dmi_sim.spec.training import TrainingSpec
from dmi_sim.training.bundle import (
    MANIFEST,
    POLICY,
    content_sha256,
    load_bundle,
    read_beside,
    read_bundle_manifest,
    read_policy,
    save_bundle,
)
from dmi_sim.training.trainer import Trainer

OBSERVATION = np.array([0.2, -0.4], dtype=np.float32)


@pytest.fixture
def trainer(leaning: str, quick: TrainingSpec) -> Trainer:
    trainer = Trainer.start(partial(make_environment, leaning, {"gravity": 3.0}), quick, 5)
    trainer.train_until(128)
    return trainer


@pytest.fixture
def folder(tmp_path: Path, trainer: Trainer) -> Path:
    metadata = trainer.metadata({"gravity": 3.0}, {"up_s": 1.5})
    save_bundle(tmp_path / "p", trainer.policy, metadata, {"curve.json": b"[0.25, 0.75]"})
    return tmp_path / "p"


def rewrite(folder: Path, change: Any) -> None:
    """Change what ``bundle.json`` says."""
    manifest = json.loads((folder / MANIFEST).read_text())
    change(manifest)
    (folder / MANIFEST).write_text(json.dumps(manifest))


def resign(folder: Path, change: Any) -> None:
    """Change what ``bundle.json`` says, and its hash."""
    rewrite(folder, change)
    signed = content_sha256((folder / MANIFEST).read_bytes())
    rewrite(folder, lambda manifest: manifest.update(content_sha256=signed))


def test_a_loaded_policy_acts_like_the_saved_one(
    folder: Path, trainer: Trainer, leaning: str
) -> None:
    loaded = load_bundle(folder, make_environment(leaning, {}))
    assert loaded.predict(OBSERVATION)[0] == trainer.policy.predict(OBSERVATION)[0]


def test_the_manifest_holds_the_history_of_the_policy(folder: Path) -> None:
    metadata = read_bundle_manifest(folder).metadata
    assert metadata.environment_kwargs == {"gravity": 3.0}
    assert metadata.training_steps == 128
    assert metadata.dose_h == pytest.approx(128 / 20 / 3600)
    assert metadata.seed == 5
    assert metadata.scores == {"up_s": 1.5}
    assert "torch" in read_bundle_manifest(folder).versions


def test_saving_again_replaces_the_bundle(folder: Path, trainer: Trainer, leaning: str) -> None:
    trainer.train_until(256)
    save_bundle(folder, trainer.policy, trainer.metadata({}))
    assert read_bundle_manifest(folder).metadata.training_steps == 256
    load_bundle(folder, make_environment(leaning, {}))
    assert set(read_bundle_manifest(folder).files_sha256) == {POLICY}


def test_another_environment_is_refused_with_every_difference(folder: Path) -> None:
    with pytest.raises(InputError) as caught:
        load_bundle(folder, make_environment("Pendulum-v1", {}))
    named = {line.split(": ")[1] for line in caught.value.problems}
    assert named > {"control_hz", "number of observations", "actions.push", "observations[0]"}


@pytest.mark.parametrize("missing", [MANIFEST, POLICY])
def test_a_missing_file_is_named(folder: Path, leaning: str, missing: str) -> None:
    (folder / missing).unlink()
    with pytest.raises(InputError, match=rf"{missing}: No such file"):
        load_bundle(folder, make_environment(leaning, {}))


def test_a_cut_policy_is_refused(folder: Path, leaning: str) -> None:
    data = (folder / POLICY).read_bytes()
    (folder / POLICY).write_bytes(data[:-100])
    with pytest.raises(InputError, match=r"policy\.zip: cut off or changed"):
        load_bundle(folder, make_environment(leaning, {}))


def test_a_cut_manifest_is_refused(folder: Path) -> None:
    text = (folder / MANIFEST).read_text()
    (folder / MANIFEST).write_text(text[: len(text) // 2])
    with pytest.raises(InputError, match=r"bundle\.json: Invalid JSON"):
        read_bundle_manifest(folder)


def test_an_edited_manifest_is_refused(folder: Path) -> None:
    rewrite(folder, lambda manifest: manifest["metadata"]["scores"].update(up_s=9.5))
    with pytest.raises(InputError, match=r"bundle\.json: changed: its content"):
        read_bundle_manifest(folder)


def told(folder: Path) -> str:
    """All that a bundle says: its manifest, its policy, and the files beside."""
    manifest = read_bundle_manifest(folder)
    beside = {name: read_beside(folder, name) for name in manifest.files_sha256}
    return repr((manifest, read_policy(folder).to_bytes(), beside))


def test_no_flipped_bit_changes_a_number_in_silence(folder: Path) -> None:
    """Three hundred flips over all files of a bundle: refused, or nothing is another."""
    whole, rng = told(folder), random.Random(0)
    files = sorted(folder.iterdir())
    refused = 0
    for _ in range(300):
        path = rng.choice(files)
        data = path.read_bytes()
        bit = rng.randrange(8 * len(data))
        flipped = bytearray(data)
        flipped[bit // 8] ^= 1 << bit % 8
        path.write_bytes(flipped)
        try:
            assert told(folder) == whole
        except InputError:
            refused += 1
        path.write_bytes(data)
    assert refused > 200
    assert told(folder) == whole


def test_a_manifest_of_another_format_is_refused(folder: Path) -> None:
    rewrite(folder, lambda manifest: manifest.update(format=2))
    with pytest.raises(InputError, match=r"bundle\.json: format 2, this version reads format 3"):
        read_bundle_manifest(folder)


@pytest.mark.parametrize(
    ("made", "here", "fits"),
    [
        ("1.4.0", "1.9.2", True),
        ("1.4.0", "2.0.0", False),
        ("0.1.0", "0.1.7", True),
        ("0.1.0", "0.2.0", False),
    ],
)
def test_another_major_version_is_refused(
    folder: Path, monkeypatch: pytest.MonkeyPatch, made: str, here: str, fits: bool
) -> None:
    resign(folder, lambda manifest: manifest["versions"].update({"dmi-sim": made}))
    monkeypatch.setattr("dmi_sim.training.versions.provenance.version", lambda _name: here)
    if fits:
        read_bundle_manifest(folder)
    else:
        with pytest.raises(InputError, match=f"made by dmi-sim {made}, this is {here}"):
            read_bundle_manifest(folder)


def test_a_network_of_another_shape_is_refused(folder: Path, leaning: str) -> None:
    pendulum = Trainer.start(
        partial(make_environment, "Pendulum-v1", {}), TrainingSpec(batch_size=64), 0
    )
    data = pendulum.policy.to_bytes()
    (folder / POLICY).write_bytes(data)
    resign(folder, lambda manifest: manifest["files_sha256"].update({POLICY: sha256(data)}))
    with pytest.raises(InputError, match=r"network of shapes \(\(3,\), \(1,\)\)"):
        load_bundle(folder, make_environment(leaning, {}))


def test_a_killed_write_leaves_no_bundle_that_loads(
    folder: Path, trainer: Trainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(path: Path, data: bytes) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("dmi_sim.training.bundle.write_bytes", killed)
    with pytest.raises(KeyboardInterrupt):
        save_bundle(folder, trainer.policy, trainer.metadata({}))
    with pytest.raises(InputError, match="not a whole policy bundle"):
        read_bundle_manifest(folder)


def test_a_mistyped_folder_is_answered_with_the_nearest_bundle_beside_it(tmp_path: Path) -> None:
    for name in ("sitting_0", "prone_1", "unfinished"):
        (tmp_path / name).mkdir()
    for name in ("sitting_0", "prone_1"):
        (tmp_path / name / "bundle.json").touch()
    with pytest.raises(InputError, match="did you mean 'sitting_0'"):
        read_bundle_manifest(tmp_path / "siting_0")
    with pytest.raises(InputError, match=r"No such file or directory$"):
        read_bundle_manifest(tmp_path / "unfinished")
