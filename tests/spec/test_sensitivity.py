"""A sensitivity names a study, two of its arms, and changes of what it assumes."""

from typing import Any

import pytest
from pydantic import ValidationError

from dmi_sim.catalog import Catalog
from dmi_sim.spec.sensitivity import SensitivitySpec

PLAIN: dict[str, Any] = {
    "title": "t",
    "question": "q",
    "background": "b",
    "study": "dmi_vs_traditional",
    "comparison": ["dmi", "traditional"],
    "changes": {"more": {"title": "more", "set": ["children=3"]}},
    "minutes": 1,
}


@pytest.mark.parametrize("name", Catalog.shipped().names(SensitivitySpec))
def test_shipped_ones_name_studies_that_exist(name: str) -> None:
    spec = Catalog.shipped().load(SensitivitySpec, name)
    assert not tuple(spec.problems(Catalog.shipped()))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"changes": {}}, "at least 1"),
        ({"changes": {"more": {"title": "more", "set": []}}}, "at least 1"),
        ({"changes": {"as_assumed": {"title": "t", "set": ["weeks=1"]}}}, "without any change"),
    ],
)
def test_a_change_that_says_nothing_is_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        SensitivitySpec.model_validate({**PLAIN, **changes})


def test_a_study_that_does_not_exist_is_told_with_the_nearest_one() -> None:
    spec = SensitivitySpec.model_validate({**PLAIN, "study": "dmi_vs_traditionel"})
    (line,) = spec.problems(Catalog.shipped())
    assert line.endswith("did you mean 'dmi_vs_traditional'?")
