"""Lessons: practice with exams along the way, which end when the exercise is learnt."""

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from dmi_sim.catalog import Catalog
from dmi_sim.errors import InputError
from dmi_sim.training import lessons
from dmi_sim.rollout.trial import Attempted, attempt
from dmi_sim.training.bundle import read_card
from dmi_sim.rollout.evaluate import evaluation_seeds
from dmi_sim.training.pretrained import (
    CURVE,
    EPISODES,
    FIRST_EXAM_SEED,
    Exam,
    best_of,
    examine,
    give_lesson,
    lesson_name,
    read_curve,
    scores_of,
)
from dmi_sim.training.policy import NumpyPolicy
from dmi_sim.spec.exercise import EnvironmentSpec
from dmi_sim.spec.training import LearningSpec
from tests.leaning import Leaning

CHUNK = 64
TINY = LearningSpec(
    total_steps=CHUNK, n_envs=1, n_steps=CHUNK, batch_size=64, n_epochs=1, chunk_rollouts=1
)
Script = Callable[..., None]


class Pole(Leaning):
    """A leaning pole that tells how much of its 2 s it has stood."""

    @property
    def done(self) -> float:
        return self._step / 40


def pusher(lean: float, rate: float) -> NumpyPolicy:
    """Pushes in proportion to lean and its rate."""
    one = np.ones(1, np.float32)
    weights = (np.array([[lean, rate]], np.float32),)
    return NumpyPolicy(weights, (np.zeros(1, np.float32),), "tanh", -one, one)


def exam(success: float, steps: int = 100, done: float = 0.5) -> Exam:
    return Exam(steps=steps, practice_min=steps / 100, done=done, success=success)


@pytest.fixture
def examiner(monkeypatch: pytest.MonkeyPatch) -> Script:
    """Makes lessons in sitting short, with exams whose results are told beforehand."""
    spec = Catalog.shipped().load(EnvironmentSpec, "sitting")

    def script(rates: Iterable[float], exams: int = 4, **changes: object) -> None:
        learning = TINY.model_copy(update={"total_steps": exams * CHUNK})
        short = spec.model_copy(update={"learning": learning, **changes})
        shelf = SimpleNamespace(load=lambda _kind, _name: short)
        results = iter(rates)
        monkeypatch.setattr(lessons, "Catalog", SimpleNamespace(shipped=lambda: shelf))
        monkeypatch.setattr(lessons, "EXAMS", exams)
        monkeypatch.setattr(
            lessons, "examine", lambda _policy, _env, steps, _min: exam(next(results), steps)
        )

    return script


def test_an_episode_is_played_to_its_end() -> None:
    assert attempt(Pole(), pusher(-3, -2), seed=1) == Attempted(1.0, is_success=True)
    pushed_over = attempt(Pole(), pusher(9, 9), seed=1)
    assert 0 < pushed_over.done < 1
    assert not pushed_over.is_success


def test_an_exam_is_the_mean_over_unseen_episodes() -> None:
    seeds = range(FIRST_EXAM_SEED, FIRST_EXAM_SEED + EPISODES)
    policy = pusher(-0.5, 0)  # catches only those that lean little
    alone = [attempt(Pole(), policy, seed) for seed in seeds]
    found = examine(policy, Pole(), steps=640, practice_min=0.5)
    assert found.done == pytest.approx(np.mean([one.done for one in alone]))
    assert found.success == pytest.approx(np.mean([one.is_success for one in alone]))
    assert (found.steps, found.practice_min) == (640, 0.5)


def test_what_chooses_a_policy_never_judges_it() -> None:
    assert max(evaluation_seeds(1000)) < FIRST_EXAM_SEED


def test_a_lesson_leaves_a_bundle_and_its_curve(tmp_path: Path, examiner: Script) -> None:
    examiner([0.0, 0.3, 0.5, 0.7])
    exams = give_lesson("sitting", 2, tmp_path)
    assert [one.steps for one in exams] == [CHUNK, 2 * CHUNK, 3 * CHUNK, 4 * CHUNK]
    folder = tmp_path / lesson_name("sitting", 2)
    assert read_curve(folder) == exams
    origin = read_card(folder).origin
    assert (origin.seed, origin.training_steps) == (2, 4 * CHUNK)
    assert origin.environment_kwargs == {"support": "none"}
    assert origin.scores == scores_of(exams)


def test_what_practice_found_and_lost_is_kept(tmp_path: Path, examiner: Script) -> None:
    examiner([0.0, 0.9, 0.5, 0.7])
    give_lesson("sitting", 0, tmp_path)
    origin = read_card(tmp_path / "sitting_0").origin
    assert (origin.training_steps, origin.scores["success"]) == (2 * CHUNK, 0.9)


def test_the_best_exam_has_most_success_then_most_done_then_most_practice() -> None:
    course = [exam(0.9, 1, 0.9), exam(1.0, 2, 0.6), exam(1.0, 3, 0.6), exam(0.9, 4, 1.0)]
    assert best_of(course) == course[2]


@pytest.mark.parametrize(
    ("rates", "exams"),
    [([0.9, 0.8, 1.0, 1.0], 2), ([0.7, 0.9, 0.8, 1.0], 3), ([0.9, 0.7, 0.9, 0.9], 4)],
)
def test_a_lesson_is_over_once_two_exams_in_a_row_succeed(
    tmp_path: Path, examiner: Script, rates: list[float], exams: int
) -> None:
    examiner(rates)
    assert len(give_lesson("sitting", 0, tmp_path)) == exams


def test_a_lesson_takes_half_its_budget_at_least(tmp_path: Path, examiner: Script) -> None:
    examiner([1.0] * 6, exams=6)
    assert len(give_lesson("sitting", 0, tmp_path)) == 3


def test_hands_hold_where_the_exercise_says_in_practice(tmp_path: Path, examiner: Script) -> None:
    examiner([0.0] * 4, practised_with="pelvis")
    give_lesson("sitting", 0, tmp_path)
    card = read_card(tmp_path / "sitting_0")
    assert card.origin.environment_kwargs == {"support": "pelvis"}


def test_there_is_no_lesson_in_an_exercise_that_nobody_wrote(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="did you mean 'sitting'"):
        give_lesson("siting", 0, tmp_path)
    assert not list(tmp_path.iterdir())


def test_time_to_success_is_that_of_the_first_exam_that_says_learnt() -> None:
    course = [exam(0.7, 100), exam(0.8, 200, 0.6), exam(0.9, 300, 0.9)]
    assert scores_of(course) == {
        "done": 0.9, "success": 0.9, "steps_to_success": 200.0, "minutes_to_success": 2.0,
    }  # fmt: skip


def test_what_was_not_learnt_has_no_time_to_success() -> None:
    assert scores_of([exam(0.1), exam(0.7)]) == {"done": 0.5, "success": 0.7}


@pytest.mark.parametrize("text", [None, "", "{", "[1]", '[{"steps": 1}]', '[{"step": 1}]', "7"])
def test_a_broken_curve_is_refused(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / CURVE).write_text(text)
    with pytest.raises(InputError, match="no readable learning curve"):
        read_curve(tmp_path)


def test_a_curve_is_plain_json(tmp_path: Path) -> None:
    (tmp_path / CURVE).write_text(json.dumps([exam(0.4).model_dump()]))
    assert read_curve(tmp_path) == (exam(0.4),)
