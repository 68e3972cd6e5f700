"""Free play is said once, and a programme that names it carries all of it."""

from typing import Any

import pytest

from dmi_sim.catalog import Catalog
from dmi_sim.errors import InputError
from dmi_sim.spec.free_play import FreePlayTableSpec
from dmi_sim.spec.programme import ProgrammeSpec
from dmi_sim.therapy.programmes import programme_problems, therapist_of

CATALOG = Catalog.shipped()
TABLES = CATALOG.names(FreePlayTableSpec)
PROGRAMMES = CATALOG.names(ProgrammeSpec)


def naming(table: str) -> ProgrammeSpec:
    """The programme of free play alone, with the free play of a file."""
    plain = CATALOG.load(ProgrammeSpec, "free_play").model_dump()
    return ProgrammeSpec.model_validate(
        {**plain, "timetable": {**plain["timetable"], "free_play_of": table}}
    )


@pytest.mark.parametrize("name", PROGRAMMES)
def test_all_shipped_programmes_have_the_same_free_play_and_name_it(name: str) -> None:
    assert "free_play_of: infants" in CATALOG.text(ProgrammeSpec, name)
    programme, table = CATALOG.load(ProgrammeSpec, name), CATALOG.load(FreePlayTableSpec, "infants")
    assert programme.timetable.free_play == table.ages
    assert programme.timetable.free_play_of is None
    assert set(table.background.assumed) <= set(programme.background.assumed)
    assert "kretch2025" in {one.source for one in programme.background.rendered}


@pytest.mark.parametrize("table", TABLES)
def test_a_programme_may_name_any_free_play(table: str) -> None:
    assert programme_problems(naming(table), CATALOG) == ()
    therapist = therapist_of(naming(table))
    assert therapist.programme.timetable.free_play == CATALOG.load(FreePlayTableSpec, table).ages


def test_a_free_play_that_does_not_exist_is_named_with_the_nearest_one() -> None:
    (problem,) = programme_problems(naming("infant"), CATALOG)
    assert problem.startswith("timetable.free_play_of: no 'infant' in models/free_play; did you")
    with pytest.raises(InputError, match="free_play_of"):
        therapist_of(naming("infant"))


def test_minutes_do_not_depend_on_how_they_are_shared() -> None:
    minutes = {
        table: [(one.from_months, one.minutes_a_day) for one in ages]
        for table in TABLES
        if (ages := CATALOG.load(FreePlayTableSpec, table).ages)
    }
    assert minutes["constant_shares"] == minutes["infants"]
    constant = CATALOG.load(FreePlayTableSpec, "constant_shares").ages
    assert all(one.shares == constant[0].shares for one in constant)
    assert set(constant[0].shares.values()) == {1}


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"ages": [(3, {"sitting": 1})]}, "ages: `from_months` must rise, from 0 on"),
        ({"ages": [(0, {"sitting": 1}), (0, {"sitting": 1})]}, "ages: `from_months` must rise"),
        ({"by": "timetable"}, r"background.rendered\[0\].by: no field 'timetable'"),
    ],
)
def test_a_table_that_cannot_be_is_refused(changes: dict[str, Any], problem: str) -> None:
    told = CATALOG.load(FreePlayTableSpec, "infants").model_dump()
    if "ages" in changes:
        told["ages"] = [
            {"from_months": age, "minutes_a_day": 10, "shares": shares}
            for age, shares in changes["ages"]
        ]
    if "by" in changes:
        told["background"]["rendered"][0]["by"] = [changes["by"]]
    with pytest.raises(ValueError, match=problem):
        FreePlayTableSpec.model_validate(told)


def test_a_misspelt_exercise_of_a_table_is_found() -> None:
    told = CATALOG.load(FreePlayTableSpec, "infants").model_dump()
    told["ages"][0]["shares"] = {"siting": 1}
    (problem,) = FreePlayTableSpec.model_validate(told).problems(CATALOG)
    assert problem == "ages[0].shares: no 'siting' in envs; did you mean 'sitting'?"
