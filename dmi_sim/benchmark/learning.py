"""What it takes to learn an exercise: practice until it succeeds, or until a budget is spent.

An exercise is learnt at the first test in which enough unseen episodes succeed. The course of each
infant is a file of its own, so whoever is stopped loses the practice of one infant at most.
"""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from math import ceil
from pathlib import Path
from typing import TypeVar, cast

from pydantic import ValidationError

from dmi_sim.catalog import Catalog, override
from dmi_sim.errors import InputError
from dmi_sim.files import write_json, write_text
from dmi_sim.names import environment_id
from dmi_sim.rollout.environment import Env, make_environment
from dmi_sim.spec.base import Count, Fraction, Hundreds, Strict
from dmi_sim.spec.exercise import ExerciseSpec
from dmi_sim.spec.training import TrainingSpec
from dmi_sim.training.bundle import Setting, save_bundle
from dmi_sim.training.pretrained import (
    EPISODES,
    FIRST_VALIDATION_SEED,
    SUCCESS_THRESHOLD,
    Validation,
    validate,
)
from dmi_sim.training.trainer import Trainer

KeptT = TypeVar("KeptT", bound=Strict)

PLAN = "plan.json"
"""File in a folder of courses with what all of them have in common."""


class LearningGoal(Strict):
    """When practice ends, stated before it begins."""

    budget_steps: Count
    """Control steps of practice after which nobody goes on, all environments together."""
    every_steps: Count
    """Control steps between two tests, rounded up to whole chunks of training."""
    episodes: Hundreds = EPISODES
    """Episodes of a test, on the seeds of validations, which training never draws."""
    threshold: Fraction = SUCCESS_THRESHOLD
    """Share of them that must succeed for the exercise to count as learnt."""

    @property
    def in_words(self) -> str:
        """The goal in a sentence.

        >>> LearningGoal(budget_steps=300_000, every_steps=8192).in_words
        'Learnt: at the first test in which at least 8 of 10 unseen episodes succeed, tested every \
8,192 steps. Budget, set before: 300,000 steps.'
        """
        wanted = ceil(self.episodes * self.threshold)
        return (
            f"Learnt: at the first test in which at least {wanted:g} of {self.episodes} unseen "
            f"episodes succeed, tested every {self.every_steps:,} steps. Budget, set before: "
            f"{self.budget_steps:,} steps."
        )


class LearningCourse(Strict):
    """The tests of one infant along its practice."""

    goal: LearningGoal
    tests: tuple[Validation, ...]
    """The last is the one in which the exercise was learnt, or that which ended the budget."""

    @property
    def steps_to_success(self) -> int | None:
        """Control steps of practice before the exercise was learnt; None if it was not."""
        last = self.tests[-1]
        return last.steps if last.success >= self.goal.threshold else None


@dataclass(frozen=True)
class Practice:
    """What an infant practises.

    Attributes:
        exercise: Name of a file in ``envs/``.
        training: Settings of the learner.
        seed: Seed of everything random.
        arguments: Arguments of the environment; by default the least support that there is.
        begin_with: Bundle of the policy to begin with, of any exercise; None for random weights.
    """

    exercise: str
    training: TrainingSpec
    seed: int
    arguments: Mapping[str, Setting] = field(default_factory=dict[str, Setting])
    begin_with: Path | None = None


def training_of(exercise: str, settings: Mapping[str, str], budget_steps: int) -> TrainingSpec:
    """The settings of training of an exercise, for a budget.

    Args:
        exercise: Exercise whose settings are taken.
        settings: Settings that differ, such as ``{"gamma": "0.985"}``.
        budget_steps: Control steps of practice that are planned.

    Raises:
        InputError: If there is no such exercise or setting.
    """
    spec = Catalog.shipped().load(ExerciseSpec, exercise)
    given = [f"training.{name}={value}" for name, value in settings.items()]
    changed = override(spec, [f"training.total_steps={budget_steps}", *given])
    return changed.training


def learn(practice: Practice, goal: LearningGoal, bundle: Path | None = None) -> LearningCourse:
    """Practise until the exercise is learnt, or the budget is spent.

    Whoever begins with what was learnt elsewhere is tested before practice too.

    Args:
        practice: What is practised.
        goal: When it ends.
        bundle: Folder in which the policy is kept if the exercise was learnt; None for none.

    Raises:
        InputError: If there is no such exercise, or the policy to begin with does not fit.
    """
    make_env = partial(
        make_environment, environment_id(practice.exercise), dict(practice.arguments)
    )
    trainer = Trainer.start(
        make_env,
        practice.training,
        practice.seed,
        begin_with=practice.begin_with,
        allow_other_exercise=True,
    )
    with closing(trainer), closing(make_env()) as env:
        tests = tuple(_tests(trainer, env, goal, begun=practice.begin_with is not None))
        course = LearningCourse(goal=goal, tests=tests)
        if bundle is not None and course.steps_to_success is not None:
            scores = {"success": tests[-1].success, "completion": tests[-1].completion}
            save_bundle(bundle, trainer.policy, trainer.metadata(practice.arguments, scores))
    return course


def _tests(trainer: Trainer, env: Env, goal: LearningGoal, *, begun: bool) -> Iterator[Validation]:
    seeds = range(FIRST_VALIDATION_SEED, FIRST_VALIDATION_SEED + goal.episodes)
    practised_s, is_due = 0.0, begun
    while True:
        if is_due:
            test = validate(trainer.policy, env, trainer.steps, practised_s / 60, seeds)
            yield test
            if test.success >= goal.threshold or trainer.steps >= goal.budget_steps:
                return
        began_s, is_due = time.perf_counter(), True
        trainer.train_until(min(trainer.steps + goal.every_steps, goal.budget_steps))
        practised_s += time.perf_counter() - began_s


def course_in(path: Path, learnt: Callable[[], LearningCourse]) -> LearningCourse:
    """The course in a file; if there is none, it is run and written.

    Args:
        path: The file; it is whole or absent, whenever one is stopped.
        learnt: Runs the course.

    Raises:
        InputError: If the file cannot be read as a course.
    """
    found = read_course(path)
    if found is not None:
        return found
    course = learnt()
    write_text(path, course.model_dump_json(indent=1) + "\n")
    return course


def read_course(path: Path) -> LearningCourse | None:
    """The course in a file; None if there is no file yet.

    Raises:
        InputError: If the file cannot be read as a course.
    """
    return read_kept(path, LearningCourse)


def read_kept(path: Path, kind: type[KeptT]) -> KeptT | None:
    """A result in a file; None if there is no file yet.

    Raises:
        InputError: If the file cannot be read as one of its kind.
    """
    if not path.exists():
        return None
    try:
        return kind.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise InputError(f"{path}: cannot be read ({error}); delete it to run it again") from error


def require_plan(folder: Path, plan: Mapping[str, Strict]) -> None:
    """Note the plan of a folder of courses, or refuse another one than it has.

    Args:
        folder: Folder of the courses, made if needed.
        plan: What all of them have in common, by name.

    Raises:
        InputError: If courses of another plan are there; it names what differs.
    """
    path = folder / PLAN
    now = {name: part.model_dump(mode="json") for name, part in plan.items()}
    if not path.exists():
        write_json(path, now)
        return
    other = tuple(_differences(json.loads(path.read_text(encoding="utf-8")), now))
    if other:
        raise InputError(*(f"{path}: {line}; name a new folder" for line in other))


def _differences(before: object, now: object, place: str = "") -> Iterator[str]:
    """What differs, as ``place: was this, now that``."""
    if isinstance(before, dict) and isinstance(now, dict):
        parts = cast("tuple[dict[str, object], dict[str, object]]", (before, now))
        for name in parts[0] | parts[1]:
            inner = f"{place}.{name}" if place else name
            yield from _differences(parts[0].get(name), parts[1].get(name), inner)
    elif before != now:
        yield f"{place}: was {before}, now {now}"
