"""Milestones: ages with their marks, beside exercises that exist."""

import pytest

from dmi_sim.catalog import Catalog, override
from dmi_sim.errors import InputError
from dmi_sim.spec.exercise import ExerciseSpec
from dmi_sim.spec.milestones import MilestonesSpec

CATALOG = Catalog.shipped()
WHO = CATALOG.load(MilestonesSpec, "who")


def test_whos_six_milestones_are_there_and_an_exercise_stands_at_one_of_them() -> None:
    assert len(WHO.milestones) == 6
    assert not list(WHO.problems(CATALOG))
    named = [one.exercise for one in WHO.milestones.values() if one.exercise]
    assert set(named) <= set(CATALOG.names(ExerciseSpec))
    for exercise in named:
        found = WHO.of_exercise(exercise)
        assert found is not None
        assert found.exercise == exercise
    assert WHO.of_exercise("rolling") is None


def test_every_age_says_whether_it_was_read_or_recalled() -> None:
    """The standard deviations of two milestones are recalled; all percentiles were read."""
    marks = {
        (name, field): getattr(one, field).mark
        for name, one in WHO.milestones.items()
        for field in ("mean", "sd", "p1", "p99")
    }
    assert {key for key, mark in marks.items() if mark != "read"} == {
        ("walking_with_assistance", "sd"),
        ("standing_alone", "sd"),
    }


@pytest.mark.parametrize(
    ("setting", "reason"),
    [
        ("milestones.walking_alone.p1.value=13", "must rise"),
        ("milestones.walking_alone.p99.value=12", "must rise"),
        ("milestones.walking_alone.mean.mark=guessed", "mark"),
        ("milestones.walking_alone.mean.unit=weeks", "unit"),
        ("milestones.walking_alone.mean.value=99", "mean"),
    ],
)
def test_ages_that_cannot_be_are_refused(setting: str, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        override(WHO, [setting])


@pytest.mark.parametrize(
    ("exercise", "reason"),
    [("walkin", "did you mean 'walking'"), ("sitting", "stands at another milestone too")],
)
def test_an_exercise_that_is_unknown_or_stands_twice_is_told(exercise: str, reason: str) -> None:
    changed = override(WHO, [f"milestones.walking_alone.exercise={exercise}"])
    (told,) = changed.problems(CATALOG)
    assert told.startswith("milestones.walking_alone.exercise: ")
    assert reason in told
