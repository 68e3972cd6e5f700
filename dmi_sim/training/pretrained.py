"""The policies that are shipped, each with its learning curve.

Those of a curriculum are trained as :mod:`dmi_sim.training.train` says. A pretraining in one
exercise is a training with validations on unseen seeds along the way. An exercise counts as
learned at the first validation in which at least eight of ten episodes succeed. The pretraining
ends with its budget, or earlier, when two validations in a row say so and half of the budget is
spent, since the first solution is seldom the best. The policy of the best validation is kept, since
training can lose what it had found. Validations have seeds of their own: what chooses a policy
never judges it. How calmly the kept policy moves is measured in the episodes of a validation, and
chooses nothing.
"""

import json
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from math import isfinite
from pathlib import Path

import numpy as np

from dmi_sim.catalog import Catalog
from dmi_sim.errors import InputError
from dmi_sim.names import environment_id
from dmi_sim.outcome.calm import CALM
from dmi_sim.rollout.environment import Env, make_environment
from dmi_sim.rollout.evaluate import evaluate, summarise
from dmi_sim.rollout.trial import run_trial
from dmi_sim.spec.base import Strict
from dmi_sim.spec.curriculum import CurriculumSpec
from dmi_sim.spec.exercise import ExerciseSpec
from dmi_sim.spec.pretraining import PretrainingSpec
from dmi_sim.training.bundle import (
    MANIFEST,
    POLICY_FOLDER,
    PolicyMetadata,
    Setting,
    add_scores,
    load_bundle,
    read_beside,
    read_bundle_manifest,
    read_policy,
    save_bundle,
)
from dmi_sim.training.library import policy_name
from dmi_sim.training.plan import curriculum_plan
from dmi_sim.training.policy import NumpyPolicy
from dmi_sim.training.train import is_begun, train
from dmi_sim.training.trainer import Trainer
from dmi_sim.training.validation import FIRST_VALIDATION_SEED, VALIDATIONS

EPISODES = 10
"""Episodes of each validation."""
VALIDATION_SEEDS = range(FIRST_VALIDATION_SEED, FIRST_VALIDATION_SEED + EPISODES)
"""Seeds of the episodes of each validation."""
SUCCESS_THRESHOLD = 0.8
"""Share of episodes that must succeed for an exercise to count as learned."""
N_VALIDATIONS = 12
"""Validations of a pretraining, evenly along its budget."""
CURVE = "curve.json"
"""File in the folder of the bundle with the validations along the way."""


class Validation(Strict):
    """One validation along the way."""

    steps: int
    """Control steps of training before it."""
    training_min: float
    """Wall time of that training [min], validations not counted."""
    completion: float
    """Mean completed share of the exercise, 0 to 1."""
    success: float
    """Share of episodes with success."""


def is_pretrained(exercise: str, seed: int, folder: Path) -> bool:
    """Whether a pretraining has come to its end: the manifest of its bundle is written last."""
    bundle = folder / policy_name(exercise, seed)
    told = any((bundle / curve).is_file() for curve in (CURVE, VALIDATIONS))
    return (bundle / MANIFEST).is_file() and told


def is_complete(exercise: str, seed: int, folder: Path) -> bool:
    """Whether a policy is pretrained and tells how calmly it moves; those of before do not."""
    if not is_pretrained(exercise, seed, folder):
        return False
    scores = read_bundle_manifest(folder / policy_name(exercise, seed)).metadata.scores
    return not scores.keys().isdisjoint(CALM)


def complete(name: str, seed: int, folder: Path, work: Path) -> dict[str, float]:
    """Pretrain a policy, or measure how calmly one moves that is pretrained already.

    Args:
        name: Name of a file in ``envs/`` or ``models/curricula``.
        seed: Seed of the trainer.
        folder: Folder of bundles.
        work: Folder of trainings in curricula.

    Returns:
        The scores in its bundle.

    Raises:
        InputError: If there is no such file, or the bundle that is there is not whole.
    """
    bundle = folder / policy_name(name, seed)
    if is_pretrained(name, seed, folder):
        measure(bundle)
    elif name in Catalog.shipped().names(CurriculumSpec):
        pretrain_curriculum(name, seed, folder, work)
    else:
        pretrain(name, seed, folder)
    return read_bundle_manifest(bundle).metadata.scores


def pretrain(
    exercise: str, seed: int, folder: Path, catalog: Catalog | None = None
) -> tuple[Validation, ...]:
    """Train a policy in an exercise and write its bundle with the learning curve.

    Args:
        exercise: Name of a file in ``envs/``.
        seed: Seed of the trainer.
        folder: Folder of bundles; this one becomes a folder of it, see
            :func:`dmi_sim.training.library.policy_name`.
        catalog: Catalog with the exercises; that of this installation by default.

    Raises:
        InputError: If there is no such exercise.
    """
    spec = (catalog or Catalog.shipped()).load(ExerciseSpec, exercise)
    arguments: dict[str, Setting] = {"support": spec.training_support or spec.supports[-1]}
    make_env = partial(make_environment, environment_id(exercise), arguments)
    trainer = Trainer.start(make_env, spec.training, seed)
    with closing(trainer), closing(make_env()) as env:
        candidates = tuple(_candidates(trainer, env, spec.training.total_steps))
        validations = tuple(one.validation for one in candidates)
        kept = next(one for one in candidates if one.validation == best_of(validations))
        scores = scores_of(validations) | calm_scores(kept.policy, env)
    told = {"environment_kwargs": arguments, "scores": scores}
    metadata = kept.metadata.model_copy(update=told)
    out = folder / policy_name(exercise, seed)
    curve = json.dumps([one.model_dump() for one in validations], indent=1).encode()
    save_bundle(out, kept.policy, metadata, {CURVE: curve})
    return validations


def pretrain_curriculum(
    name: str, seed: int, folder: Path, work: Path, catalog: Catalog | None = None
) -> None:
    """Train a policy in a curriculum and write its bundle with its validations.

    Where ``models/pretraining`` names further curricula it goes on with these, and the validations
    are those of the last. It takes hours. What a stop leaves in ``work`` is gone on with, exactly.

    Args:
        name: Name of a file in ``models/curricula``.
        seed: Seed of the trainer.
        folder: Folder of bundles; this one becomes a folder of it.
        work: Folder of trainings; each curriculum becomes a folder of it, with checkpoints.
        catalog: Catalog with the curricula; that of this installation by default.

    Raises:
        InputError: If there is no such curriculum, or another one was begun in the folder.
    """
    catalog = catalog or Catalog.shipped()
    stages = (name, *catalog.load(PretrainingSpec, "shipped").further.get(name, ()))
    plans = [  # all of them before the first begins: a refusal after hours would be late
        curriculum_plan(
            catalog.load(CurriculumSpec, stage), seed, catalog=catalog, label=f"{stage}.yaml"
        )
        for stage in stages
    ]
    trained: Path | None = None
    for stage, plan in zip(stages, plans, strict=True):
        at = work / policy_name(stage, seed)
        trained = train(plan, at, resume=is_begun(at), begin_with=trained)
    last = work / policy_name(stages[-1], seed) / POLICY_FOLDER
    metadata = read_bundle_manifest(last).metadata
    validations = {VALIDATIONS: read_beside(last, VALIDATIONS)}
    save_bundle(folder / policy_name(name, seed), read_policy(last), metadata, validations)


@dataclass(frozen=True)
class _Candidate:
    """A policy during training, with its validation."""

    validation: Validation
    policy: NumpyPolicy
    metadata: PolicyMetadata


def _candidates(trainer: Trainer, env: Env, budget: int) -> Iterator[_Candidate]:
    wall_s, was_learned = 0.0, False
    for until in np.linspace(0, budget, N_VALIDATIONS + 1)[1:]:
        began = time.perf_counter()
        trainer.train_until(int(until))
        wall_s += time.perf_counter() - began
        policy = trainer.policy
        validation = validate(policy, env, trainer.steps, wall_s / 60)
        yield _Candidate(validation, policy, trainer.metadata({}))
        if was_learned and validation.success >= SUCCESS_THRESHOLD and 2 * trainer.steps >= budget:
            return
        was_learned = validation.success >= SUCCESS_THRESHOLD


def best_of(validations: Sequence[Validation]) -> Validation:
    """The validation with most successes, then with most completed; of equal ones the last."""
    return max(
        validations,
        key=lambda validation: (validation.success, validation.completion, validation.steps),
    )


def validate(
    policy: NumpyPolicy,
    env: Env,
    steps: int,
    training_min: float,
    seeds: Sequence[int] = VALIDATION_SEEDS,
) -> Validation:
    """Test a policy on the seeds of validations.

    Args:
        policy: Policy to test, with deterministic actions.
        env: Environment, with the support that it was made with.
        steps: Control steps of training so far.
        training_min: Their wall time [min].
        seeds: Seeds of the episodes.
    """
    trials = [run_trial(env, policy, seed) for seed in seeds]
    return Validation(
        steps=steps,
        training_min=training_min,
        completion=float(np.mean([trial.completion for trial in trials])),
        success=float(np.mean([trial.is_success for trial in trials])),
    )


def scores_of(validations: Sequence[Validation]) -> dict[str, float]:
    """The scores in a bundle; ``*_to_success`` only if the exercise was learned."""
    learned = next(
        (validation for validation in validations if validation.success >= SUCCESS_THRESHOLD), None
    )
    best = best_of(validations)
    scores = {"completion": best.completion, "success": best.success}
    if learned is None:
        return scores
    return scores | {
        "steps_to_success": float(learned.steps),
        "minutes_to_success": learned.training_min,
    }


def calm_scores(policy: NumpyPolicy, env: Env) -> dict[str, float]:
    """How calmly a policy moves, by name of the outcome, see :data:`~dmi_sim.outcome.calm.CALM`.

    Each is the mean over the episodes of a validation, played to their end, success or not. Those
    that some episode was too short for, or that the exercise does not have, are left out.

    Args:
        policy: Policy to test, with deterministic actions.
        env: Environment, with the support that it was made with.
    """
    summary = summarise(evaluate(policy, env, VALIDATION_SEEDS))
    means = {name: summary[name]["mean"] for name in CALM}
    return {name: mean for name, mean in means.items() if isfinite(mean)}


def measure(folder: Path) -> None:
    """Write into a bundle how calmly its policy moves; nothing else in it is changed.

    Args:
        folder: Folder of the bundle, with a policy of the environments of this installation.

    Raises:
        InputError: If it is not whole, or its policy does not fit the environment that it names.
    """
    metadata = read_bundle_manifest(folder).metadata
    with closing(make_environment(metadata.environment_id, metadata.environment_kwargs)) as env:
        add_scores(folder, calm_scores(load_bundle(folder, env), env))


def read_curve(folder: Path) -> tuple[Validation, ...]:
    """The validations along the way of a shipped policy.

    Args:
        folder: Folder of the bundle.

    Raises:
        InputError: If they cannot be read.
    """
    data = read_beside(folder, CURVE)
    try:
        return tuple(Validation(**row) for row in json.loads(data))
    except (ValueError, TypeError) as error:
        raise InputError(f"{folder / CURVE}: no readable learning curve ({error})") from error
