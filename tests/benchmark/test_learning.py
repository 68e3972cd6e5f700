"""Practice until an exercise is learnt: when it ends, what it leaves, what is not run twice."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from dmi_sim.benchmark import learning
from dmi_sim.benchmark.asked import TINY_TRAINING
from dmi_sim.benchmark.learning import (
    PLAN,
    LearningCourse,
    LearningGoal,
    Practice,
    course_in,
    learn,
    read_course,
    require_plan,
    training_of,
)
from dmi_sim.errors import InputError
from dmi_sim.training.bundle import read_bundle_manifest
from dmi_sim.training.pretrained import FIRST_VALIDATION_SEED, Validation

CHUNK = 320
GOAL = LearningGoal(budget_steps=4 * CHUNK, every_steps=CHUNK)
TINY = training_of("sitting", TINY_TRAINING, GOAL.budget_steps)
SITTING = Practice("sitting", TINY, 0)


def outcome_at(steps: int, success: float) -> Validation:
    return Validation(steps=steps, training_min=0.0, completion=success, success=success)


def course(*rates: float) -> LearningCourse:
    tests = [outcome_at(CHUNK * (n + 1), rate) for n, rate in enumerate(rates)]
    return LearningCourse(goal=GOAL, tests=tuple(tests))


@pytest.fixture
def seeds() -> list[tuple[int, ...]]:
    """The seeds of each test."""
    return []


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch, seeds: list[tuple[int, ...]]) -> "Script":
    return Script(monkeypatch, seeds)


class Script:
    """Makes tests have given results; seeds that they asked for are kept."""

    def __init__(self, patch: pytest.MonkeyPatch, seeds: list[tuple[int, ...]]) -> None:
        self._patch, self._seeds = patch, seeds

    def __call__(self, rates: Iterable[float]) -> None:
        results = iter(rates)

        def validate(
            _policy: object, _env: object, steps: int, _min: float, seeds: Iterable[int]
        ) -> Validation:
            self._seeds.append(tuple(seeds))
            return outcome_at(steps, next(results))

        self._patch.setattr(learning, "validate", validate)


def test_an_exercise_is_learnt_at_the_first_test_that_succeeds() -> None:
    assert course(0.0, 0.7, 0.8).steps_to_success == 3 * CHUNK
    assert course(0.9).steps_to_success == CHUNK
    assert course(0.0, 0.7).steps_to_success is None


def test_practice_ends_when_it_is_learnt_and_leaves_the_policy(
    script: Script, seeds: list[tuple[int, ...]], tmp_path: Path
) -> None:
    script([0.1, 0.8])
    found = learn(SITTING, GOAL, tmp_path / "sitting_0")
    assert found.steps_to_success == 2 * CHUNK
    metadata = read_bundle_manifest(tmp_path / "sitting_0").metadata
    assert metadata.training_steps == 2 * CHUNK
    assert metadata.scores == {"success": 0.8, "completion": 0.8}
    unseen = tuple(range(FIRST_VALIDATION_SEED, FIRST_VALIDATION_SEED + GOAL.episodes))
    assert seeds == [unseen] * 2


def test_practice_ends_when_the_budget_is_spent_and_leaves_no_policy(
    script: Script, tmp_path: Path
) -> None:
    script([0.1] * 9)
    found = learn(SITTING, GOAL, tmp_path / "sitting_0")
    assert [one.steps for one in found.tests] == [CHUNK, 2 * CHUNK, 3 * CHUNK, 4 * CHUNK]
    assert found.steps_to_success is None
    assert list(tmp_path.iterdir()) == []


def test_what_was_learnt_elsewhere_is_gone_on_with_and_tested_before_practice(
    script: Script, tmp_path: Path
) -> None:
    script([0.8, 0.0, 0.8])
    learn(SITTING, GOAL, tmp_path / "sitting_0")
    kneeling = Practice("kneeling", TINY, 0, begin_with=tmp_path / "sitting_0")
    found = learn(kneeling, GOAL, tmp_path / "kneeling_0")
    assert [one.steps for one in found.tests] == [0, CHUNK]
    metadata = read_bundle_manifest(tmp_path / "kneeling_0").metadata
    assert [one.name for one in metadata.exercises] == ["sitting", "kneeling"]
    assert metadata.began_with is not None
    assert metadata.began_with.training_steps == CHUNK


def test_the_age_of_practice_is_the_one_asked_for(script: Script, tmp_path: Path) -> None:
    script([0.8])
    learn(Practice("sitting", TINY, 0, {"age_months": 3.0}), GOAL, tmp_path / "sitting_0")
    kept = read_bundle_manifest(tmp_path / "sitting_0").metadata.environment_kwargs
    assert kept == {"age_months": 3.0}


def test_a_course_that_is_there_is_not_run_again(tmp_path: Path) -> None:
    path, runs = tmp_path / "courses/one.json", list[int]()

    def run() -> LearningCourse:
        runs.append(1)
        return course(0.1, 0.9)

    assert read_course(path) is None
    assert course_in(path, run) == course_in(path, run) == read_course(path) == course(0.1, 0.9)
    assert runs == [1]


def test_who_is_stopped_leaves_no_half_a_course(tmp_path: Path) -> None:
    def stopped() -> LearningCourse:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        course_in(tmp_path / "one.json", stopped)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_course_is_told(tmp_path: Path) -> None:
    (tmp_path / "one.json").write_text("{}")
    with pytest.raises(InputError, match=r"one\.json: cannot be read"):
        read_course(tmp_path / "one.json")


def test_a_folder_of_another_plan_is_refused_and_the_difference_named(tmp_path: Path) -> None:
    require_plan(tmp_path, {"goal": GOAL, "training": TINY})
    before = (tmp_path / PLAN).read_bytes()
    require_plan(tmp_path, {"goal": GOAL, "training": TINY})
    other = GOAL.model_copy(update={"episodes": 20})
    with pytest.raises(InputError, match=r"goal\.episodes: was 10, now 20; name a new folder"):
        require_plan(tmp_path, {"goal": other, "training": TINY})
    assert (tmp_path / PLAN).read_bytes() == before


def test_settings_of_training_are_those_of_the_exercise_but_for_what_is_set() -> None:
    changed = training_of("standing", {"gamma": "0.985"}, 123_000)
    own = training_of("standing", {}, 123_000)
    assert (changed.total_steps, changed.gamma) == (123_000, 0.985)
    assert changed.model_copy(update={"gamma": own.gamma}) == own
    with pytest.raises(InputError, match="gama"):
        training_of("standing", {"gama": "0.985"}, 123_000)
