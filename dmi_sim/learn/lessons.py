"""The policies that are shipped: one for each exercise and seed, with its learning curve.

A lesson is practice with tests on unseen seeds along the way. An exercise counts as learnt at the
first test in which at least eight of ten episodes succeed; the lesson ends when two tests in a row
say so, or with the budget of the exercise.
"""

import json
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path

import numpy as np

from dmi_sim.catalog import Catalog
from dmi_sim.env.registry import environment_id
from dmi_sim.errors import InputError
from dmi_sim.files import write_bytes
from dmi_sim.learn.attempts import attempt
from dmi_sim.learn.bundle import Setting, save_bundle
from dmi_sim.learn.evaluate import evaluation_seeds
from dmi_sim.learn.interface import Env, make_environment
from dmi_sim.learn.policy import NumpyPolicy
from dmi_sim.learn.practice import Practice
from dmi_sim.spec.base import Strict
from dmi_sim.spec.environment import EnvironmentSpec

TESTS = 10
"""Episodes of each test."""
LEARNT = 0.8
"""Share of them that has to succeed."""
EXAMS = 12
"""Tests in a lesson, evenly along its budget."""
CURVE = "curve.json"
"""In the folder of the bundle: the tests along the way."""


class Exam(Strict):
    """One test along the way."""

    steps: int
    """Control steps of practice before it."""
    practice_min: float
    """Wall time of that practice [min], tests not counted."""
    done: float
    """Mean completed share of the exercise, 0 to 1."""
    success: float
    """Share of episodes with success."""


def lesson_name(exercise: str, seed: int) -> str:
    """Folder of a shipped policy, such as ``sitting_0``."""
    return f"{exercise}_{seed}"


def is_given(exercise: str, seed: int, folder: Path) -> bool:
    """Whether a lesson has been given to its end: the curve is written last."""
    return (folder / lesson_name(exercise, seed) / CURVE).is_file()


def give_lesson(exercise: str, seed: int, folder: Path) -> tuple[Exam, ...]:
    """Practise an exercise and write the policy bundle with its curve.

    Args:
        exercise: Name of a file in ``envs/``.
        seed: Of the practice.
        folder: Where bundles go; this one becomes a folder of it, see :func:`lesson_name`.

    Raises:
        InputError: If there is no such exercise.
    """
    spec = Catalog.shipped().load(EnvironmentSpec, exercise)
    arguments: dict[str, Setting] = {"support": spec.practised_with or spec.supports[-1]}
    make_env = partial(make_environment, environment_id(exercise), arguments)
    with closing(Practice.start(make_env, spec.learning, seed)) as practice:
        with closing(make_env()) as env:
            exams = tuple(_exams(practice, env, spec.learning.total_steps))
        origin = practice.origin(arguments, scores_of(exams))
        out = folder / lesson_name(exercise, seed)
        save_bundle(out, practice.policy, origin)
    write_bytes(out / CURVE, json.dumps([e.model_dump() for e in exams], indent=1).encode())
    return exams


def _exams(practice: Practice, env: Env, budget: int) -> Iterator[Exam]:
    wall_s, was_learnt = 0.0, False
    for until in np.linspace(0, budget, EXAMS + 1)[1:]:
        began = time.perf_counter()
        practice.practise(int(until))
        wall_s += time.perf_counter() - began
        exam = examine(practice.policy, env, practice.steps, wall_s / 60)
        yield exam
        if was_learnt and exam.success >= LEARNT:
            return
        was_learnt = exam.success >= LEARNT


def examine(policy: NumpyPolicy, env: Env, steps: int, practice_min: float) -> Exam:
    """Test a policy on unseen seeds.

    Args:
        policy: With deterministic actions.
        env: Where; in the hands that it was made with.
        steps: Control steps of practice so far.
        practice_min: Their wall time [min].
    """
    tests = [attempt(env, policy, seed) for seed in evaluation_seeds(TESTS)]
    return Exam(
        steps=steps,
        practice_min=practice_min,
        done=float(np.mean([test.done for test in tests])),
        success=float(np.mean([test.is_success for test in tests])),
    )


def scores_of(exams: Sequence[Exam]) -> dict[str, float]:
    """What a bundle says of its lesson; ``*_to_success`` only if the exercise was learnt."""
    learnt = next((exam for exam in exams if exam.success >= LEARNT), None)
    scores = {"done": exams[-1].done, "success": exams[-1].success}
    if learnt is None:
        return scores
    return scores | {
        "steps_to_success": float(learnt.steps),
        "minutes_to_success": learnt.practice_min,
    }


def read_curve(folder: Path) -> tuple[Exam, ...]:
    """The tests along the way of a shipped policy.

    Args:
        folder: Of the bundle.

    Raises:
        InputError: If they cannot be read.
    """
    path = folder / CURVE
    try:
        return tuple(Exam(**row) for row in json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise InputError(f"{path}: no readable learning curve ({error})") from error
