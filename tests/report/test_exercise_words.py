"""The words of an exercise come from its file, those of its tests from the study."""

import pytest

from dmi_sim.catalog import Catalog, override
from dmi_sim.names import exercises
from dmi_sim.report.exercise_words import ExerciseWords, exercise_words, verb_of
from dmi_sim.spec.exercise import ExerciseSpec
from tests.report.fakes import study

SHIPPED = Catalog.shipped()


def words_of(*settings: str) -> ExerciseWords:
    """The words of the shipped study with some settings."""
    return exercise_words(override(study().quick_form(), settings), SHIPPED)


@pytest.mark.parametrize("exercise", exercises())
def test_every_shipped_exercise_has_a_verb_in_three_forms(exercise: str) -> None:
    spec = SHIPPED.load(ExerciseSpec, exercise)
    assert spec.verb is not None
    assert spec.verb.gerund.split()[0].endswith("ing")
    assert len({*spec.verb.model_dump().values()}) == 3
    assert all(form == form.lower() for form in spec.verb.model_dump().values())
    assert words_of(f"exercise={exercise}").title == spec.title


def test_an_exercise_without_a_verb_or_a_file_is_called_by_its_title() -> None:
    assert verb_of("On the swing").gerund == "“On the swing”"
    gone = exercise_words(study().model_copy(update={"exercise": "long_gone"}), SHIPPED)
    assert (gone.title, gone.test_s) == ("Long gone", None)
    assert "alone" not in gone.tested


def test_infants_are_tested_alone_or_in_the_least_support_or_in_the_hands_asked_for() -> None:
    assert words_of().tested == "alone, without hands"
    assert words_of("exercise=pull_to_sit").tested == (
        "with the least support that the exercise allows (hands around the forearms)"
    )
    assert words_of("test.supports=[pelvis, none]").tested == "with hands at the pelvis"
    both = ("test.supports=[pelvis, none]", "primary_outcome.support=none")
    assert words_of(*both).tested == "alone, without hands"
    soft = ("test.supports=[pelvis]", "test.support_strength=0.4")
    assert words_of(*soft).tested == "with hands at the pelvis, 40 % strength"


def test_a_test_in_another_exercise_is_called_so() -> None:
    transfer = ("test.transfer=[kneeling]", "primary_outcome.exercise=kneeling")
    told = words_of(*transfer)
    assert told.tested.endswith("in what they had not practised (kneeling upright)")
    assert told.title == SHIPPED.load(ExerciseSpec, "sitting").title
