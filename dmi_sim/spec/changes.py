"""Changes that a study makes to an exercise: weights of its rewards, settings of its learner.

The file of the exercise stays as it is; what comes out is checked like a file.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from dmi_sim.errors import InputError, did_you_mean, require_within, shown
from dmi_sim.spec.exercise import ExerciseSpec, TermSpec
from dmi_sim.spec.study import StudySpec
from dmi_sim.spec.training import TrainingSpec

LARGEST_WEIGHT = 1e6
"""Largest size of a reward's weight."""
DOSE_SETTING = "total_steps"
"""The setting of the learner that a study says as its dose."""


def with_reward_weights(exercise: ExerciseSpec, weights: Mapping[str, float]) -> ExerciseSpec:
    """The exercise with other weights of some of its reward terms; none is added or taken away.

    A reward term sees the infant and never the hands, so no weight can favour a support site.

    Args:
        exercise: The exercise.
        weights: New weight per second, or once for a term of ``on_fall``, by the name of the term.

    Raises:
        InputError: If the exercise has no term of a name; the message gives the nearest one.
    """
    known = (*exercise.rewards, *exercise.on_fall)
    given: Any = weights  # what a user gave may be anything
    if not isinstance(given, Mapping):
        raise InputError(f"rewards: {shown(given)} is not a mapping of rewards to weights")
    for name, weight in weights.items():
        if name not in known:
            raise InputError(f"rewards.{name}: no such reward; {did_you_mean(str(name), known)}")
        require_within(f"rewards.{name}", weight, -LARGEST_WEIGHT, LARGEST_WEIGHT)
    sections = {"rewards": exercise.rewards, "on_fall": exercise.on_fall}
    changed = {section: _weighted(terms, weights) for section, terms in sections.items()}
    return exercise.model_copy(update=changed) if weights else exercise


def _weighted(terms: Mapping[str, TermSpec], weights: Mapping[str, float]) -> dict[str, TermSpec]:
    return {
        name: term.model_copy(update={"weight": weights[name]}) if name in weights else term
        for name, term in terms.items()
    }


def with_training(exercise: ExerciseSpec, settings: Mapping[str, object]) -> TrainingSpec:
    """The settings of an exercise's learner with some of them replaced.

    Args:
        exercise: The exercise.
        settings: New values by the name of the setting.

    Raises:
        InputError: If there is no such setting, it is the dose of a study, or a value does not fit
            the others.
    """
    known = TrainingSpec.model_fields.keys() - {DOSE_SETTING}
    for name in settings:
        if name == DOSE_SETTING:
            raise InputError(f"training.{name}: the dose says how long infants practise")
        if name not in known:
            raise InputError(f"training.{name}: no such setting; {did_you_mean(name, known)}")
    if not settings:
        return exercise.training
    try:
        training = TrainingSpec.model_validate({**exercise.training.model_dump(), **settings})
        checked = {**exercise.model_dump(), "training": training.model_dump()}
        return ExerciseSpec.model_validate(checked).training
    except ValidationError as error:
        raise InputError(*(_line(one["loc"], one["msg"]) for one in error.errors())) from None


def _line(place: tuple[int | str, ...], reason: str) -> str:
    field = ".".join(map(str, ("training", *place)))
    return f"{field}: {reason.removeprefix('Value error, ').removeprefix('training: ')}"


def refused_changes(study: StudySpec, exercise: ExerciseSpec) -> Iterator[str]:
    """Rewards and settings of the learner that the exercise does not have: ``field: reason``."""
    for arm in study.arms:
        for change in (
            lambda arm=arm: with_reward_weights(exercise, study.reward_weights(arm)),
            lambda arm=arm: with_training(exercise, study.training_settings(arm)),
        ):
            try:
                change()
            except InputError as error:
                yield from (_placed(study, arm, line) for line in error.problems)


def _placed(study: StudySpec, arm: str, problem: str) -> str:
    """A problem of a change with the place in the study file that asks for it.

    A problem of several settings together names none; it lies in the arm if the arm has any.
    """
    field, _, name = problem.partition(":")[0].partition(".")
    own = getattr(study.arms[arm], field, ())
    return f"arms.{arm}.{problem}" if name in own or (own and not name) else problem
