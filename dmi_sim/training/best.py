"""The best policy of a curriculum so far, kept as the bundle of the training."""

from pathlib import Path

from dmi_sim.training.bundle import (
    PolicyMetadata,
    read_bundle_manifest,
    read_policy,
    save_bundle,
)
from dmi_sim.training.curriculum import shares
from dmi_sim.training.plan import POLICY_FOLDER, TrainingPlan
from dmi_sim.training.trainer import Trainer
from dmi_sim.training.validation import (
    VALIDATIONS,
    best_steps,
    rank,
    read_validations,
    test_scores,
    validate_practice,
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
    scores = test_scores(policy, plan.practice, plan.environment_kwargs, episodes)
    mean = {
        name: sum(one[name] for one in scores.values()) / len(scores)
        for name in ("success", "completion")
    }
    tested = metadata.model_copy(update={"scores": mean, "exercise_scores": scores})
    save_bundle(bundle, policy, tested, {VALIDATIONS: (folder / VALIDATIONS).read_bytes()})


def curriculum_metadata(trainer: Trainer, plan: TrainingPlan) -> PolicyMetadata:
    """The history of the present policy of a curriculum."""
    dose = {name: share * trainer.dose_h for name, share in shares(plan.practice).items()}
    return trainer.metadata(plan.environment_kwargs).model_copy(
        update={"environment_id": plan.environment_id, "exercise_dose_h": dose}
    )
