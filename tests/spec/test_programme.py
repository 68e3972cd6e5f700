"""Programmes: what a file may say, and what it is told when it says something else."""

from typing import Any

import pytest
from pydantic import ValidationError

from dmi_sim.catalog.messages import explain
from dmi_sim.spec.programme import ProgrammeSpec, TimetableSpec
from tests.therapy.children import PROGRAMMES

TIMETABLE: dict[str, Any] = {"age_months": 6, "weeks": 20, "sessions_a_week": 3}


def content(**changes: Any) -> dict[str, Any]:
    return {**PROGRAMMES["dmi"].model_dump(), **changes}


def problems(**changes: Any) -> tuple[str, ...]:
    with pytest.raises(ValidationError) as refused:
        ProgrammeSpec.model_validate(content(**changes))
    return explain(ProgrammeSpec, refused.value)


@pytest.mark.parametrize("name", sorted(PROGRAMMES))
def test_a_programme_survives_being_written_and_read(name: str) -> None:
    spec = PROGRAMMES[name]
    assert ProgrammeSpec.model_validate(spec.model_dump()) == spec
    assert ProgrammeSpec.model_validate_json(spec.model_dump_json()) == spec


def test_a_programme_says_what_is_assumed() -> None:
    (problem,) = problems(background={"assumed": []})
    assert problem.startswith("background.assumed: Tuple should have at least 1 item")


def test_words_are_rendered_by_fields_of_the_programme() -> None:
    words = {"words": "lower and lower", "said_by": "a clinic", "by": ["sites"]}
    (problem,) = problems(background={"rendered": [words], "assumed": ["all"]})
    assert problem == "background.rendered[0].by: no field 'sites'; did you mean 'site'?"


def test_a_misspelt_key_is_named_with_the_nearest_right_one() -> None:
    spec = content()
    spec["repetition"] = spec.pop("repetitions")
    with pytest.raises(ValidationError) as refused:
        ProgrammeSpec.model_validate(spec)
    (problem,) = explain(ProgrammeSpec, refused.value)
    assert problem == "repetition: unknown key; did you mean 'repetitions'?"


def test_a_parameter_that_is_nothing_a_rule_could_take_is_said_in_one_line() -> None:
    (problem,) = problems(site={"rule": "fixed", "params": {"site": [["waist"]]}})
    assert problem == "site.params.site: must be a number, a word, a list, or numbers by name"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"weeks": 100}, "weeks: the child would be 29.0 months old; at most 78"),
        ({"pauses": [{"from_week": 3, "to_week": 2}]}, "to_week: 2 is before from_week 3"),
        ({"pauses": [{"from_week": 3, "to_week": 20}]}, "to_week 20; the last is 19"),
        ({"free_play": [(7, 10)]}, "`from_months` must rise, from the age at the start or below"),
        ({"free_play": [(3, 10), (2, 10)]}, "`from_months` must rise"),
        ({"free_play": [(3, 10), (3, 10)]}, "`from_months` must rise"),
        ({"free_play": [(3, 1500)]}, "less than or equal to 1440"),
        ({"minutes_a_session": 0}, "greater than 0"),
        ({"sessions_a_week": 22}, "less than or equal to 21"),
        ({"age_months": 25}, "less than or equal to 24"),
    ],
)
def test_a_timetable_that_cannot_be_is_refused(changes: dict[str, Any], message: str) -> None:
    play = [
        {"from_months": age, "minutes_a_day": minutes, "shares": {"sitting": 1}}
        for age, minutes in changes.get("free_play", [])
    ]
    with pytest.raises(ValidationError, match=message):
        TimetableSpec.model_validate({**TIMETABLE, **changes, "free_play": play})


def test_the_longest_programme_that_a_message_allows_is_allowed() -> None:
    assert TimetableSpec.model_validate({**TIMETABLE, "weeks": 78}).weeks == 78


def test_the_schema_of_a_programme_tells_what_each_field_is() -> None:
    fields = ProgrammeSpec.model_json_schema()["properties"]
    assert all(one.get("description") for one in fields.values())
