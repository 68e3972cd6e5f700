"""What scripts are asked for: right words, and what is said of wrong ones."""

from argparse import ArgumentTypeError
from collections.abc import Callable

import pytest

from dmi_sim.benchmark.asked import (
    ages,
    count,
    exercise_name,
    exercise_names,
    seed_numbers,
    setting,
)
from dmi_sim.names import exercises


def test_every_exercise_may_be_asked_for() -> None:
    assert exercise_names(",".join(exercises())) == exercises()
    assert [exercise_name(name) for name in exercises()] == list(exercises())


@pytest.mark.parametrize(
    ("kind", "text", "wanted"),
    [
        (exercise_names, "siting", "did you mean 'sitting'?"),
        (exercise_name, "sitting,standing", "one exercise"),
        (exercise_name, "", "one exercise"),
        (seed_numbers, "0,-1", "whole numbers"),
        (seed_numbers, "", "whole numbers"),
        (ages, "6,x", "0 to 24 months"),
        (ages, "25", "0 to 24 months"),
        (ages, "nan", "0 to 24 months"),
        (count, "0", "from 1 to"),
        (count, "1e5", "from 1 to"),
        (setting, "gamma", "gamma=0.985"),
        (setting, "gamma=", "gamma=0.985"),
    ],
)
def test_what_is_not_what_is_wanted_is_told(
    kind: Callable[[str], object], text: str, wanted: str
) -> None:
    with pytest.raises(ArgumentTypeError, match=wanted.replace("?", r"\?")):
        kind(text)


def test_seeds_that_stand_twice_are_one() -> None:
    assert seed_numbers("1,1,0") == (1, 0)
