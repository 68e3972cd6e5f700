"""What the arms of a study come to once the file of the exercise has been read.

A run keeps it in its manifest, so that its report can tell methods and settings of the learner
whatever becomes of the files.
"""

from math import ceil

from dmi_sim.catalog import Catalog
from dmi_sim.spec.base import Strict
from dmi_sim.spec.changes import with_reward_weights, with_training
from dmi_sim.spec.exercise import ExerciseSpec
from dmi_sim.spec.study import StudySpec
from dmi_sim.spec.training import TrainingSpec


class ResolvedDesign(Strict):
    """Physics, learners and rewards of a study, as its cells run."""

    exercise_title: str
    physics_hz: int
    """Steps of the physics per second [Hz]."""
    control_hz: int
    """Control steps per second [Hz]."""
    duration_s: float
    """Longest duration of an episode [s]."""
    tested_with: tuple[str, ...]
    """Hands in which infants are tested, the first those of the primary outcome by default."""
    learners: dict[str, TrainingSpec]
    """Settings of the learner by arm; the dose of the arm is its ``total_steps``."""
    rewards: dict[str, dict[str, float]]
    """Weights of all reward terms by arm; the same in all arms unless the study changes them."""

    def hours(self, arm: str, steps: int) -> float:
        """Simulated practice in an arm of some planned control steps, up to whole chunks [h]."""
        chunk = self.learners[arm].chunk_steps
        return ceil(steps / chunk) * chunk / self.control_hz / 3600


def resolved_design(study: StudySpec, catalog: Catalog) -> ResolvedDesign:
    """What the arms of a study come to.

    Args:
        study: The study with its settings applied.
        catalog: Source of the file of the exercise.

    Raises:
        InputError: If the study changes what the exercise does not have.
    """
    exercise = catalog.load(ExerciseSpec, study.exercise)
    return ResolvedDesign(
        exercise_title=exercise.title,
        physics_hz=exercise.physics_hz,
        control_hz=exercise.control_hz,
        duration_s=exercise.duration_s,
        tested_with=study.test.supports or exercise.supports[-1:],
        learners={arm: _learner(study, arm, exercise) for arm in study.arms},
        rewards={arm: _weights(study, arm, exercise) for arm in study.arms},
    )


def _learner(study: StudySpec, arm: str, exercise: ExerciseSpec) -> TrainingSpec:
    training = with_training(exercise, study.training_settings(arm))
    return training.model_copy(update={"total_steps": max(study.doses_of(arm))})


def _weights(study: StudySpec, arm: str, exercise: ExerciseSpec) -> dict[str, float]:
    changed = with_reward_weights(exercise, study.reward_weights(arm))
    terms = {**changed.rewards, **{f"on_fall.{k}": term for k, term in changed.on_fall.items()}}
    return {name: term.weight for name, term in terms.items()}
