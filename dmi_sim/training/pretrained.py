"""The policies that are shipped: one for each exercise and seed, with its learning curve.

A lesson is practice with exams on unseen seeds along the way. An exercise counts as learnt at the
first exam in which at least eight of ten episodes succeed; the lesson ends when two exams in a row
say so and half the budget is spent, since the first way that works is seldom the best, or with the
budget. The policy of the best exam is kept, since practice can lose what it had found. Exams have
seeds of their own: what chooses a policy never judges it.
"""

import json
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from dmi_sim.catalog import Catalog
from dmi_sim.env.registration import environment_id
from dmi_sim.errors import InputError
from dmi_sim.files import write_bytes
from dmi_sim.rollout.trial import attempt
from dmi_sim.training.bundle import Origin, Setting, save_bundle
from dmi_sim.training.interface import Env, make_environment
from dmi_sim.training.ppo import FIRST_EVALUATION_SEED
from dmi_sim.training.policy import NumpyPolicy
from dmi_sim.training.trainer import Practice
from dmi_sim.spec.base import Strict
from dmi_sim.spec.exercise import EnvironmentSpec

EPISODES = 10
"""Of each exam."""
FIRST_EXAM_SEED = FIRST_EVALUATION_SEED + 2**20
"""Beyond the seeds on which policies are evaluated, and those of practice."""
LEARNT = 0.8
"""Share of episodes that has to succeed."""
EXAMS = 12
"""In a lesson, evenly along its budget."""
CURVE = "curve.json"
"""In the folder of the bundle: the exams along the way."""


class Exam(Strict):
    """One exam along the way."""

    steps: int
    """Control steps of practice before it."""
    practice_min: float
    """Wall time of that practice [min], exams not counted."""
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
    practice = Practice.start(make_env, spec.learning, seed)
    with closing(practice), closing(make_env()) as env:
        course = tuple(_examined(practice, env, spec.learning.total_steps))
    exams = tuple(one.exam for one in course)
    kept = next(one for one in course if one.exam == best_of(exams))
    origin = kept.origin.model_copy(
        update={"environment_kwargs": arguments, "scores": scores_of(exams)}
    )
    out = folder / lesson_name(exercise, seed)
    save_bundle(out, kept.policy, origin)
    write_bytes(out / CURVE, json.dumps([e.model_dump() for e in exams], indent=1).encode())
    return exams


@dataclass(frozen=True)
class _Examined:
    """A policy on its way."""

    exam: Exam
    policy: NumpyPolicy
    origin: Origin


def _examined(practice: Practice, env: Env, budget: int) -> Iterator[_Examined]:
    wall_s, was_learnt = 0.0, False
    for until in np.linspace(0, budget, EXAMS + 1)[1:]:
        began = time.perf_counter()
        practice.practise(int(until))
        wall_s += time.perf_counter() - began
        policy = practice.policy
        exam = examine(policy, env, practice.steps, wall_s / 60)
        yield _Examined(exam, policy, practice.origin({}))
        if was_learnt and exam.success >= LEARNT and 2 * practice.steps >= budget:
            return
        was_learnt = exam.success >= LEARNT


def best_of(exams: Sequence[Exam]) -> Exam:
    """The exam with most successes, then with most done; of equal ones the last."""
    return max(exams, key=lambda exam: (exam.success, exam.done, exam.steps))


def examine(policy: NumpyPolicy, env: Env, steps: int, practice_min: float) -> Exam:
    """Test a policy on the seeds of exams.

    Args:
        policy: With deterministic actions.
        env: Where; in the hands that it was made with.
        steps: Control steps of practice so far.
        practice_min: Their wall time [min].
    """
    seeds = range(FIRST_EXAM_SEED, FIRST_EXAM_SEED + EPISODES)
    tests = [attempt(env, policy, seed) for seed in seeds]
    return Exam(
        steps=steps,
        practice_min=practice_min,
        done=float(np.mean([test.done for test in tests])),
        success=float(np.mean([test.is_success for test in tests])),
    )


def scores_of(exams: Sequence[Exam]) -> dict[str, float]:
    """What a bundle says of its lesson; ``*_to_success`` only if the exercise was learnt."""
    learnt = next((exam for exam in exams if exam.success >= LEARNT), None)
    best = best_of(exams)
    scores = {"done": best.done, "success": best.success}
    if learnt is None:
        return scores
    return scores | {
        "steps_to_success": float(learnt.steps),
        "minutes_to_success": learnt.practice_min,
    }


def read_curve(folder: Path) -> tuple[Exam, ...]:
    """The exams along the way of a shipped policy.

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
