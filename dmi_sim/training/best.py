"""The best policy of a curriculum so far, kept as the bundle of the training."""

from contextlib import closing
from pathlib import Path
from typing import Any

from dmi_sim.errors import InputError
from dmi_sim.training.bundle import (
    POLICY_FOLDER,
    PolicyMetadata,
    read_bundle_manifest,
    read_policy,
    save_bundle,
)
from dmi_sim.training.curriculum import practice_groups, shares
from dmi_sim.training.plan import TrainingPlan
from dmi_sim.training.policy import NumpyPolicy
from dmi_sim.training.trainer import Trainer
from dmi_sim.training.validation import (
    TESTED,
    VALIDATIONS,
    best_steps,
    rank,
    read_validations,
    test_scores,
    validate_practice,
    validations_text,
    write_validations,
)


def keep_best(trainer: Trainer, plan: TrainingPlan, folder: Path) -> None:
    """Validate the present policy, unless that was done, and keep it if it is the best so far.

    The bundle is written before the row, so whoever is killed in between does both again.

    Args:
        trainer: Trainer of a curriculum.
        plan: Its plan.
        folder: Folder of the training.

    Raises:
        InputError: If the table of validations cannot be read.
    """
    before = read_validations(folder)
    if any(row.steps == trainer.steps for row in before):
        return
    policy = trainer.policy
    rows = validate_practice(
        policy, trainer.steps, plan.practice, plan.validation, plan.environment_kwargs
    )
    best = [row for row in before if row.steps == best_steps(before)]
    if not best or rank(rows) > rank(best):
        success, completion, _ = rank(rows)
        scores = {"success": success, "completion": completion}
        metadata = curriculum_metadata(trainer, plan).model_copy(update={"scores": scores})
        save_bundle(folder / POLICY_FOLDER, policy, metadata)
    write_validations(folder, (*before, *rows))


def test_best(plan: TrainingPlan, folder: Path, episodes: int) -> None:
    """Test the policy that was kept in each exercise, and write the scores into its bundle.

    Args:
        plan: Plan of the training.
        folder: Folder of the training.
        episodes: Episodes of each exercise.

    Raises:
        InputError: If the bundle is not whole.
    """
    bundle = folder / POLICY_FOLDER
    policy, metadata = read_policy(bundle), read_bundle_manifest(bundle).metadata
    curve = {VALIDATIONS: (folder / VALIDATIONS).read_bytes()}
    save_bundle(bundle, policy, _tested(policy, metadata, plan, episodes), curve)


def bundle_of_weights(
    weights: Path, plan: TrainingPlan, training_steps: int, folder: Path, *, tests: int = 20
) -> Path:
    """The bundle of a policy of stable-baselines3 whose weights some other script saved.

    Its table of validations has one: that of these weights.

    Args:
        weights: File that ``torch.save(model.policy.state_dict(), weights)`` wrote.
        plan: What it practised, see :func:`dmi_sim.training.plan.curriculum_plan`; its layers are
            those of ``plan.training``.
        training_steps: Control steps of its training, all environments together.
        folder: Folder of the bundle, made if needed.
        tests: Test episodes of each exercise, whose means the bundle carries.

    Returns:
        The folder.

    Raises:
        InputError: If the file cannot be read or holds other layers; nothing is written then.
    """
    groups = practice_groups(plan.practice, plan.environment_kwargs)
    with closing(Trainer.start(groups, plan.training, plan.seed)) as trainer:
        _load_state(trainer.model.policy, weights)
        policy, metadata = trainer.policy, _practised(trainer, plan, training_steps)
    rows = validate_practice(
        policy, training_steps, plan.practice, plan.validation, plan.environment_kwargs
    )
    curve = {VALIDATIONS: validations_text(rows).encode()}
    save_bundle(folder, policy, _tested(policy, metadata, plan, tests), curve)
    return folder


def curriculum_metadata(trainer: Trainer, plan: TrainingPlan) -> PolicyMetadata:
    """The history of the present policy of a curriculum."""
    return _practised(trainer, plan, trainer.steps)


def _practised(trainer: Trainer, plan: TrainingPlan, steps: int) -> PolicyMetadata:
    metadata = trainer.metadata(plan.environment_kwargs)
    dose_h = steps / metadata.interface.control_hz / 3600
    practised = shares(plan.practice, plan.later_share(steps))
    told = {
        "environment_id": plan.environment_id,
        "training_steps": steps,
        "dose_h": dose_h,
        "exercise_dose_h": {name: share * dose_h for name, share in practised.items()},
    }
    return metadata.model_copy(update=told)


def _tested(
    policy: NumpyPolicy, metadata: PolicyMetadata, plan: TrainingPlan, episodes: int
) -> PolicyMetadata:
    """The history of a policy with its scores in each exercise."""
    scores = test_scores(policy, plan.practice, plan.environment_kwargs, episodes)
    told = {name: [one[name] for one in scores.values() if name in one] for name in TESTED}
    means = {name: sum(some) / len(some) for name, some in told.items() if some}
    return metadata.model_copy(update={"scores": means, "exercise_scores": scores})


def _load_state(policy: Any, weights: Path) -> None:
    """Set the networks of a policy of stable-baselines3 to saved ones.

    Raises:
        InputError: If they cannot be read, or are of other layers.
    """
    import pickle

    import torch

    try:
        policy.load_state_dict(torch.load(weights, map_location="cpu", weights_only=True))
    except (OSError, RuntimeError, ValueError, TypeError, pickle.UnpicklingError) as error:
        raise InputError(f"{weights}: {' '.join(str(error).split())}") from error
