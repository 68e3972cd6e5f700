"""Changes of a study to an exercise are checked like its file, and touch nothing else."""

import re

import pytest

from dmi_sim.catalog import Catalog
from dmi_sim.errors import InputError
from dmi_sim.names import exercises
from dmi_sim.spec.changes import refused_changes, with_reward_weights, with_training
from dmi_sim.spec.exercise import ExerciseSpec
from dmi_sim.spec.study import StudySpec
from dmi_sim.spec.training import TrainingSpec


def exercise(name: str) -> ExerciseSpec:
    return Catalog.shipped().load(ExerciseSpec, name)


@pytest.mark.parametrize("name", exercises())
def test_a_weight_changes_one_reward_and_nothing_else(name: str) -> None:
    before = exercise(name)
    term = next(iter(before.rewards))
    after = with_reward_weights(before, {term: 7.5})
    assert after.rewards[term].weight == 7.5
    restored = {**after.rewards, term: before.rewards[term]}
    assert after.model_copy(update={"rewards": restored}) == before


@pytest.mark.parametrize("name", exercises())
def test_no_change_is_the_exercise_itself(name: str) -> None:
    assert with_reward_weights(exercise(name), {}) is exercise(name)
    assert with_training(exercise(name), {}) is exercise(name).training


def test_a_reward_that_does_not_exist_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(InputError, match=r"rewards\.efort: no such reward; did you mean 'effort'"):
        with_reward_weights(exercise("sitting"), {"efort": 1.0})


@pytest.mark.parametrize("setting", sorted(TrainingSpec.model_fields.keys() - {"total_steps"}))
@pytest.mark.parametrize("name", ["sitting", "walking"])
def test_every_setting_of_the_learner_can_be_replaced(name: str, setting: str) -> None:
    present = getattr(exercise(name).training, setting)
    assert with_training(exercise(name), {setting: present}) == exercise(name).training


REFUSED = [
    ({"learning_rat": 0.1}, r"training\.learning_rat: .*did you mean 'learning_rate'"),
    ({"total_steps": 10}, r"training\.total_steps: the dose says"),
    ({"gamma": 2.0}, r"training\.gamma: .*less than 1"),
    ({"batch_size": 100}, r"training: batch_size = 100 must divide"),
    ({"chunk_rollouts": 1}, r"training: .*less than an episode"),
    ({"activation": "sigmoid"}, r"training\.activation: .*'tanh' or 'relu'"),
]


@pytest.mark.parametrize(("settings", "message"), REFUSED)
def test_settings_that_do_not_fit_are_refused(settings: dict[str, object], message: str) -> None:
    with pytest.raises(InputError, match=message):
        with_training(exercise("sitting"), settings)


@pytest.mark.parametrize("in_arm", [True, False])
@pytest.mark.parametrize(("settings", "message"), REFUSED)
def test_a_refusal_says_whether_the_study_or_an_arm_asked_for_the_settings(
    settings: dict[str, object], message: str, in_arm: bool
) -> None:
    shipped = Catalog.shipped().load(StudySpec, "site_in_sitting").model_dump()
    place = shipped["arms"]["pelvis"] if in_arm else shipped
    place["training"] = settings
    study = StudySpec.model_validate(shipped)
    refused = set(refused_changes(study, exercise("sitting")))
    assert len(refused) == 1
    assert re.match(r"arms\.pelvis\." * in_arm + message, refused.pop())
