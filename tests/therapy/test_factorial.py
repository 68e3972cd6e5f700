"""Sixteen programmes between two: every effect of one element or of two can be told apart."""

from itertools import combinations

import numpy as np
import pytest

from dmi_sim.errors import InputError
from dmi_sim.therapy.factorial import ELEMENTS, factorial, levels
from dmi_sim.therapy.programmes import programme_problems
from tests.therapy.children import CATALOG, PROGRAMMES, programme

DMI, TRADITIONAL = PROGRAMMES["dmi"], PROGRAMMES["traditional"]
RUNS = factorial(DMI, TRADITIONAL)
LEVELS = np.array([[run[element] for element in ELEMENTS] for run in levels()])


def test_there_are_sixteen_runs_with_names_of_their_own() -> None:
    assert len(RUNS) == len(levels()) == 16
    assert len({tuple(row) for row in LEVELS}) == 16


def test_the_fifth_element_is_the_product_of_the_others() -> None:
    assert (LEVELS[:, 4] == LEVELS[:, :4].prod(axis=1)).all()


def test_no_effect_of_one_or_two_elements_hides_another() -> None:
    """Resolution V: the columns of all main effects and interactions of two are orthogonal."""
    pairs = [LEVELS[:, i] * LEVELS[:, j] for i, j in combinations(range(5), 2)]
    effects = np.column_stack([np.ones(16), LEVELS, *pairs])
    assert effects.shape == (16, 16)
    assert (effects.T @ effects == 16 * np.eye(16)).all()


@pytest.mark.parametrize("one", list(combinations(range(5), 1)) + list(combinations(range(5), 2)))
def test_a_planted_effect_is_found_where_it_was_planted(one: tuple[int, ...]) -> None:
    effects = {
        group: LEVELS[:, list(group)].prod(axis=1)
        for size in (1, 2)
        for group in combinations(range(5), size)
    }
    outcome = 3.0 + 0.5 * effects[one]
    found = {group: float(column @ outcome) / 16 for group, column in effects.items()}
    assert found == {group: 0.5 if group == one else 0.0 for group in effects}


def test_each_element_is_that_of_one_of_the_two() -> None:
    for (name, run), level in zip(RUNS.items(), levels(), strict=True):
        for element in ELEMENTS:
            side = DMI if level[element] > 0 else TRADITIONAL
            assert getattr(run, element) == getattr(side, element), name


def test_what_is_no_element_is_shared() -> None:
    for run in RUNS.values():
        assert run.timetable == DMI.timetable == TRADITIONAL.timetable
        assert (run.repetitions, run.rest_s) == (DMI.repetitions, DMI.rest_s)


def test_all_elements_of_dmi_are_dmi() -> None:
    run = RUNS["with_site_skills_fading_stretch_provocation"]
    changes = {"title": DMI.title, "background": DMI.background}
    assert run.model_copy(update=changes) == DMI


@pytest.mark.parametrize("name", sorted(RUNS))
def test_every_run_can_be_followed_and_says_what_it_rests_on(name: str) -> None:
    run = RUNS[name]
    assert programme_problems(run, CATALOG) == ()
    assert type(run).model_validate_json(run.model_dump_json()) == run
    site = [one.words for one in run.background.rendered if "site" in one.by]
    side = DMI if run.site == DMI.site else TRADITIONAL
    assert site == [one.words for one in side.background.rendered if "site" in one.by]
    assert run.title not in (DMI.title, TRADITIONAL.title)


def test_programmes_that_differ_in_something_else_are_refused() -> None:
    with pytest.raises(InputError, match="repetitions: 5 and 9; two programmes of a factorial"):
        factorial(programme(), programme(repetitions=9))
    later = {**DMI.timetable.model_dump(), "age_months": 12}
    with pytest.raises(InputError, match="timetable: two that differ"):
        factorial(programme(), programme(timetable=later))
