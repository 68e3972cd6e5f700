"""Pretraining: training with validations along the way, until the exercise is learned."""

import json
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import pytest

from dmi_sim.catalog import Catalog
from dmi_sim.errors import InputError
from dmi_sim.outcome.calm import CALM
from dmi_sim.rollout.environment import make_environment
from dmi_sim.rollout.seeds import evaluation_seeds
from dmi_sim.rollout.trial import run_trial
from dmi_sim.spec.exercise import ExerciseSpec
from dmi_sim.spec.training import TrainingSpec
from dmi_sim.training import pretrained
from dmi_sim.training.bundle import MANIFEST, load_bundle, read_bundle_manifest
from dmi_sim.training.library import bundles, policy_name, shipped_folder
from dmi_sim.training.pretrained import (
    CURVE,
    EPISODES,
    FIRST_VALIDATION_SEED,
    Validation,
    best_of,
    calm_scores,
    complete,
    is_complete,
    pretrain,
    read_curve,
    scores_of,
    validate,
)
from tests.assessments.bundles import save_sitter
from tests.leaning import Leaning, pusher

CHUNK = 64
TINY = TrainingSpec(
    total_steps=CHUNK, n_envs=1, n_steps=CHUNK, batch_size=64, n_epochs=1, chunk_rollouts=1
)
Script = Callable[..., Catalog]


def validation(success: float, steps: int = 100, completion: float = 0.5) -> Validation:
    return Validation(steps=steps, training_min=steps / 100, completion=completion, success=success)


@pytest.fixture
def validated(monkeypatch: pytest.MonkeyPatch) -> Script:
    """Makes pretraining in sitting short, with validations whose results are scripted."""
    spec = Catalog.shipped().load(ExerciseSpec, "sitting")

    def script(rates: Iterable[float], validations: int = 4, **changes: object) -> Catalog:
        training = TINY.model_copy(update={"total_steps": validations * CHUNK})
        results, short = iter(rates), spec.model_copy(update={"training": training, **changes})
        monkeypatch.setattr(pretrained, "N_VALIDATIONS", validations)
        monkeypatch.setattr(
            pretrained,
            "validate",
            lambda _policy, _env, steps, _min: validation(next(results), steps),
        )
        return Short(short)

    return script


class Short(Catalog):
    """A catalog with one exercise."""

    def __init__(self, spec: ExerciseSpec) -> None:
        super().__init__(Catalog.shipped().root)
        self._loaded = {self.path(ExerciseSpec, "sitting"): spec}


def test_a_validation_is_the_mean_over_unseen_episodes() -> None:
    seeds = range(FIRST_VALIDATION_SEED, FIRST_VALIDATION_SEED + EPISODES)
    policy = pusher(-0.5, 0)  # catches only those that lean little
    alone = [run_trial(Leaning(), policy, seed) for seed in seeds]
    found = validate(policy, Leaning(), steps=640, training_min=0.5)
    assert found.completion == pytest.approx(np.mean([one.completion for one in alone]))
    assert found.success == pytest.approx(np.mean([one.is_success for one in alone]))
    assert (found.steps, found.training_min) == (640, 0.5)


def test_what_chooses_a_policy_never_judges_it() -> None:
    assert max(evaluation_seeds(1000)) < FIRST_VALIDATION_SEED


def test_a_pretraining_leaves_a_bundle_and_its_curve(tmp_path: Path, validated: Script) -> None:
    catalog = validated([0.0, 0.3, 0.5, 0.7])
    validations = pretrain("sitting", 2, tmp_path, catalog)
    assert [one.steps for one in validations] == [CHUNK, 2 * CHUNK, 3 * CHUNK, 4 * CHUNK]
    folder = tmp_path / policy_name("sitting", 2)
    assert read_curve(folder) == validations
    metadata = read_bundle_manifest(folder).metadata
    assert (metadata.seed, metadata.training_steps) == (2, 4 * CHUNK)
    assert metadata.environment_kwargs == {"support": "none"}
    env = make_environment(metadata.environment_id, metadata.environment_kwargs)
    calm = calm_scores(load_bundle(folder, env), env)
    env.close()
    assert set(calm) >= {"muscle_power_w_kg", "head_tilt_mean_rad", "support_share_mean"}
    assert metadata.scores == scores_of(validations) | calm


def test_a_policy_that_was_not_measured_is_and_nothing_else_of_its_bundle_changes(
    tmp_path: Path,
) -> None:
    folder = save_sitter(
        tmp_path / "sitting_0", {"support": "none"}, {"success": 0.5}, {CURVE: b"[]"}
    )
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    was = read_bundle_manifest(folder)
    assert not is_complete("sitting", 0, tmp_path)
    scores = complete("sitting", 0, tmp_path, tmp_path)
    assert is_complete("sitting", 0, tmp_path)
    now = read_bundle_manifest(folder)
    assert now.metadata.scores == scores
    assert scores["success"] == 0.5
    assert scores["muscle_power_w_kg"] > 0
    assert now.metadata.model_copy(update={"scores": was.metadata.scores}) == was.metadata
    assert (now.versions, now.files_sha256) == (was.versions, was.files_sha256)
    after = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert {name for name in before | after if before.get(name) != after.get(name)} == {MANIFEST}


@pytest.mark.parametrize("folder", sorted(shipped_folder().iterdir()), ids=lambda one: one.name)
def test_a_shipped_policy_tells_how_calmly_it_moves(folder: Path) -> None:
    """Beside success: all of it, but turns of who lies on its side and steps without a rhythm."""
    metadata = read_bundle_manifest(folder).metadata
    has_rhythm = all("cpg_frequency_hz" in practised.felt for practised in metadata.exercises)
    unknown = set(CALM) - metadata.scores.keys()
    may_be = {"yaw_drift_rad_min"} if has_rhythm else {"yaw_drift_rad_min", "fast_step_share"}
    assert unknown <= may_be


def test_what_training_found_and_lost_is_kept(tmp_path: Path, validated: Script) -> None:
    pretrain("sitting", 0, tmp_path, validated([0.0, 0.9, 0.5, 0.7]))
    metadata = read_bundle_manifest(tmp_path / "sitting_0").metadata
    assert (metadata.training_steps, metadata.scores["success"]) == (2 * CHUNK, 0.9)


def test_the_best_validation_has_most_success_then_most_done_then_most_training() -> None:
    curve = [
        validation(0.9, 1, 0.9),
        validation(1.0, 2, 0.6),
        validation(1.0, 3, 0.6),
        validation(0.9, 4, 1.0),
    ]
    assert best_of(curve) == curve[2]


@pytest.mark.parametrize(
    ("rates", "validations"),
    [([0.9, 0.8, 1.0, 1.0], 2), ([0.7, 0.9, 0.8, 1.0], 3), ([0.9, 0.7, 0.9, 0.9], 4)],
)
def test_a_pretraining_is_over_once_two_validations_in_a_row_succeed(
    tmp_path: Path, validated: Script, rates: list[float], validations: int
) -> None:
    assert len(pretrain("sitting", 0, tmp_path, validated(rates))) == validations


def test_a_pretraining_takes_half_its_budget_at_least(tmp_path: Path, validated: Script) -> None:
    catalog = validated([1.0] * 6, validations=6)
    assert len(pretrain("sitting", 0, tmp_path, catalog)) == 3


def test_hands_hold_where_the_exercise_says_in_training(tmp_path: Path, validated: Script) -> None:
    pretrain("sitting", 0, tmp_path, validated([0.0] * 4, training_support="pelvis"))
    manifest = read_bundle_manifest(tmp_path / "sitting_0")
    assert manifest.metadata.environment_kwargs == {"support": "pelvis"}


def test_there_is_no_pretraining_in_an_unknown_exercise(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="did you mean 'sitting'"):
        pretrain("siting", 0, tmp_path)
    assert not list(tmp_path.iterdir())


def test_time_to_success_is_that_of_the_first_successful_validation() -> None:
    curve = [validation(0.7, 100), validation(0.8, 200, 0.6), validation(0.9, 300, 0.9)]
    assert scores_of(curve) == {
        "completion": 0.9, "success": 0.9, "steps_to_success": 200.0, "minutes_to_success": 2.0,
    }  # fmt: skip


def test_an_exercise_that_was_not_learned_has_no_time_to_success() -> None:
    assert scores_of([validation(0.1), validation(0.7)]) == {"completion": 0.5, "success": 0.7}


@pytest.mark.parametrize("text", ["", "{", "[1]", '[{"steps": 1}]', '[{"step": 1}]', "7"])
def test_a_broken_curve_is_refused(tmp_path: Path, text: str) -> None:
    save_sitter(tmp_path, beside={CURVE: text.encode()})
    with pytest.raises(InputError, match="no readable learning curve"):
        read_curve(tmp_path)


def test_a_missing_or_changed_curve_is_refused(tmp_path: Path) -> None:
    save_sitter(tmp_path, beside={CURVE: b"[]"})
    (tmp_path / CURVE).write_text("[ ]")
    with pytest.raises(InputError, match=r"curve\.json: cut off or changed"):
        read_curve(tmp_path)
    (tmp_path / CURVE).unlink()
    with pytest.raises(InputError, match=r"curve\.json: No such file"):
        read_curve(tmp_path)


def test_a_curve_is_plain_json(tmp_path: Path) -> None:
    curve = json.dumps([validation(0.4).model_dump()])
    save_sitter(tmp_path, beside={CURVE: curve.encode()})
    assert read_curve(tmp_path) == (validation(0.4),)


@pytest.mark.parametrize("exercise", bundles(shipped_folder()))
def test_a_shipped_bundle_has_a_curve(exercise: str) -> None:
    for folder in bundles(shipped_folder())[exercise].values():
        assert read_curve(folder)[-1].steps >= read_bundle_manifest(folder).metadata.training_steps
