"""A search varies rules, never minutes, and other children judge than those it was chosen by."""

from typing import Any

import pytest
from pydantic import ValidationError

from dmi_sim.catalog import Catalog
from dmi_sim.spec.search import SEARCHED, SearchSpec

SEARCHES = [
    pytest.param(Catalog.shipped().load(SearchSpec, name), id=name)
    for name in Catalog.shipped().names(SearchSpec)
]
PLAIN: dict[str, Any] = {
    "title": "t",
    "question": "q",
    "background": "b",
    "study": "dmi_vs_traditional",
    "programme": "dmi",
    "space": {"repetitions": {"low": 1, "high": 9, "whole": True}},
    "budget": {"candidates": 5, "rounds": 2, "children": 1},
    "first_seed": 1000,
    "rivals": ["traditional"],
    "minutes": 1,
}


@pytest.mark.parametrize("spec", SEARCHES)
def test_shipped_searches_name_what_exists_and_have_a_smaller_quick_form(spec: SearchSpec) -> None:
    assert not tuple(spec.problems(Catalog.shipped()))
    assert spec.quick_form().budget.lives < spec.budget.lives


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"space": {"timetable.sessions_a_week": {"low": 1, "high": 9}}},
         "space.timetable.sessions_a_week: a search may not vary 'timetable'"),
        ({"space": {"rest_s": {"low": 1, "high": 9}}}, "a search may not vary 'rest_s'"),
        ({"space": {"sites.params.start": {"of": ["a", "b"]}}}, "did you mean 'site'"),
        ({"space": {"site": {"of": [{}, {}]}, "site.params.start": {"of": ["a", "b"]}}},
         "space.site.params.start: lies within 'site', which is varied as a whole"),
        ({"space": {"repetitions": {"low": 9, "high": 1}}}, "low: 9 must be below high 1"),
        ({"space": {"repetitions": {"low": 1.5, "high": 3, "whole": True}}}, "must be whole"),
        ({"space": {"repetitions": {"of": [1]}}}, "at least 2"),
        ({"budget": {"candidates": 4, "rounds": 1, "children": 1}}, "greater than or equal to 5"),
        ({"rivals": ["found"]}, "'found' is the name of the programme that is looked for"),
    ],
)  # fmt: skip
def test_what_would_change_the_minutes_or_cannot_be_tried_is_refused(
    changes: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValidationError, match=message):
        SearchSpec.model_validate({**PLAIN, **changes})


@pytest.mark.parametrize("field", SEARCHED)
def test_every_rule_may_be_searched(field: str) -> None:
    space = {field: {"of": [{"rule": "a"}, {"rule": "b"}]}}
    assert list(SearchSpec.model_validate({**PLAIN, "space": space}).space) == [field]


def test_names_that_do_not_exist_are_told_with_the_nearest_one() -> None:
    spec = SearchSpec.model_validate({**PLAIN, "rivals": ["traditionel"], "study": "dmi"})
    study, rival = spec.problems(Catalog.shipped())
    assert study.startswith("study: no 'dmi' in experiments")
    assert rival.endswith("did you mean 'traditional'?")
