"""Lessons: practice with validations along the way, which end when the exercise is learnt."""

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from dmi_sim.catalog import Catalog
from dmi_sim.errors import InputError
from dmi_sim.rollout.evaluate import evaluation_seeds
from dmi_sim.rollout.trial import TrialResult, attempt
from dmi_sim.spec.exercise import ExerciseSpec
from dmi_sim.spec.training import TrainingSpec
from dmi_sim.training import pretrained
from dmi_sim.training.bundle import read_bundle_manifest
from dmi_sim.training.policy import NumpyPolicy
from dmi_sim.training.pretrained import (
    CURVE,
    EPISODES,
    FIRST_VALIDATION_SEED,
    Validation,
    best_of,
    policy_name,
    pretrain,
    read_curve,
    scores_of,
    validate,
)
from tests.leaning import Leaning

CHUNK = 64
TINY = TrainingSpec(
    total_steps=CHUNK, n_envs=1, n_steps=CHUNK, batch_size=64, n_epochs=1, chunk_rollouts=1
)
Script = Callable[..., None]


class Pole(Leaning):
    """A leaning pole that tells how much of its 2 s it has stood."""

    @property
    def completion(self) -> float:
        return self._step / 40


def pusher(lean: float, rate: float) -> NumpyPolicy:
    """Pushes in proportion to lean and its rate."""
    one = np.ones(1, np.float32)
    weights = (np.array([[lean, rate]], np.float32),)
    return NumpyPolicy(weights, (np.zeros(1, np.float32),), "tanh", -one, one)


def validation(success: float, steps: int = 100, completion: float = 0.5) -> Validation:
    return Validation(steps=steps, training_min=steps / 100, completion=completion, success=success)


@pytest.fixture
def examiner(monkeypatch: pytest.MonkeyPatch) -> Script:
    """Makes pretraining in sitting short, with validations whose results are told beforehand."""
    spec = Catalog.shipped().load(ExerciseSpec, "sitting")

    def script(rates: Iterable[float], validations: int = 4, **changes: object) -> None:
        training = TINY.model_copy(update={"total_steps": validations * CHUNK})
        short = spec.model_copy(update={"training": training, **changes})
        catalog = SimpleNamespace(load=lambda _kind, _name: short)
        results = iter(rates)
        monkeypatch.setattr(pretrained, "Catalog", SimpleNamespace(shipped=lambda: catalog))
        monkeypatch.setattr(pretrained, "N_VALIDATIONS", validations)
        monkeypatch.setattr(
            pretrained,
            "validate",
            lambda _policy, _env, steps, _min: validation(next(results), steps),
        )

    return script


def test_an_episode_is_played_to_its_end() -> None:
    assert attempt(Pole(), pusher(-3, -2), seed=1) == TrialResult(1.0, is_success=True)
    pushed_over = attempt(Pole(), pusher(9, 9), seed=1)
    assert 0 < pushed_over.completion < 1
    assert not pushed_over.is_success


def test_an_exam_is_the_mean_over_unseen_episodes() -> None:
    seeds = range(FIRST_VALIDATION_SEED, FIRST_VALIDATION_SEED + EPISODES)
    policy = pusher(-0.5, 0)  # catches only those that lean little
    alone = [attempt(Pole(), policy, seed) for seed in seeds]
    found = validate(policy, Pole(), steps=640, training_min=0.5)
    assert found.completion == pytest.approx(np.mean([one.completion for one in alone]))
    assert found.success == pytest.approx(np.mean([one.is_success for one in alone]))
    assert (found.steps, found.training_min) == (640, 0.5)


def test_what_chooses_a_policy_never_judges_it() -> None:
    assert max(evaluation_seeds(1000)) < FIRST_VALIDATION_SEED


def test_a_lesson_leaves_a_bundle_and_its_curve(tmp_path: Path, examiner: Script) -> None:
    examiner([0.0, 0.3, 0.5, 0.7])
    validations = pretrain("sitting", 2, tmp_path)
    assert [one.steps for one in validations] == [CHUNK, 2 * CHUNK, 3 * CHUNK, 4 * CHUNK]
    folder = tmp_path / policy_name("sitting", 2)
    assert read_curve(folder) == validations
    metadata = read_bundle_manifest(folder).metadata
    assert (metadata.seed, metadata.training_steps) == (2, 4 * CHUNK)
    assert metadata.environment_kwargs == {"support": "none"}
    assert metadata.scores == scores_of(validations)


def test_what_practice_found_and_lost_is_kept(tmp_path: Path, examiner: Script) -> None:
    examiner([0.0, 0.9, 0.5, 0.7])
    pretrain("sitting", 0, tmp_path)
    metadata = read_bundle_manifest(tmp_path / "sitting_0").metadata
    assert (metadata.training_steps, metadata.scores["success"]) == (2 * CHUNK, 0.9)


def test_the_best_exam_has_most_success_then_most_done_then_most_practice() -> None:
    course = [
        validation(0.9, 1, 0.9),
        validation(1.0, 2, 0.6),
        validation(1.0, 3, 0.6),
        validation(0.9, 4, 1.0),
    ]
    assert best_of(course) == course[2]


@pytest.mark.parametrize(
    ("rates", "validations"),
    [([0.9, 0.8, 1.0, 1.0], 2), ([0.7, 0.9, 0.8, 1.0], 3), ([0.9, 0.7, 0.9, 0.9], 4)],
)
def test_a_lesson_is_over_once_two_exams_in_a_row_succeed(
    tmp_path: Path, examiner: Script, rates: list[float], validations: int
) -> None:
    examiner(rates)
    assert len(pretrain("sitting", 0, tmp_path)) == validations


def test_a_lesson_takes_half_its_budget_at_least(tmp_path: Path, examiner: Script) -> None:
    examiner([1.0] * 6, validations=6)
    assert len(pretrain("sitting", 0, tmp_path)) == 3


def test_hands_hold_where_the_exercise_says_in_practice(tmp_path: Path, examiner: Script) -> None:
    examiner([0.0] * 4, training_support="pelvis")
    pretrain("sitting", 0, tmp_path)
    card = read_bundle_manifest(tmp_path / "sitting_0")
    assert card.metadata.environment_kwargs == {"support": "pelvis"}


def test_there_is_no_lesson_in_an_exercise_that_nobody_wrote(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="did you mean 'sitting'"):
        pretrain("siting", 0, tmp_path)
    assert not list(tmp_path.iterdir())


def test_time_to_success_is_that_of_the_first_exam_that_says_learnt() -> None:
    course = [validation(0.7, 100), validation(0.8, 200, 0.6), validation(0.9, 300, 0.9)]
    assert scores_of(course) == {
        "completion": 0.9, "success": 0.9, "steps_to_success": 200.0, "minutes_to_success": 2.0,
    }  # fmt: skip


def test_what_was_not_learnt_has_no_time_to_success() -> None:
    assert scores_of([validation(0.1), validation(0.7)]) == {"completion": 0.5, "success": 0.7}


@pytest.mark.parametrize("text", [None, "", "{", "[1]", '[{"steps": 1}]', '[{"step": 1}]', "7"])
def test_a_broken_curve_is_refused(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / CURVE).write_text(text)
    with pytest.raises(InputError, match="no readable learning curve"):
        read_curve(tmp_path)


def test_a_curve_is_plain_json(tmp_path: Path) -> None:
    (tmp_path / CURVE).write_text(json.dumps([validation(0.4).model_dump()]))
    assert read_curve(tmp_path) == (validation(0.4),)
