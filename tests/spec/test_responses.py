"""Postural response files: platform moves, windows and levels that make sense."""

from typing import Any

import pytest

from dmi_sim.catalog import Catalog
from dmi_sim.spec.responses import ResponsesSpec


@pytest.fixture
def content() -> dict[str, Any]:
    return Catalog.shipped().load(ResponsesSpec, "sitting").model_dump()


def test_every_shipped_file_is_named_after_its_exercise() -> None:
    catalog = Catalog.shipped()
    for name in catalog.names(ResponsesSpec):
        spec = catalog.load(ResponsesSpec, name)
        assert spec.exercise == name
        assert list(spec.problems(catalog)) == []


def test_a_trial_is_recorded_until_all_windows_are_over(content: dict[str, Any]) -> None:
    content["windows"]["postural"]["value"] = (0.07, 0.9)
    assert ResponsesSpec.model_validate(content).watched_s == 0.9


@pytest.mark.parametrize(
    ("path", "value", "word"),
    [
        ("platform.slide.value", 0.0, "slide"),
        ("platform.tilt.value", 30, "tilt"),
        ("platform.duration.slow.value", 0.25, "same"),
        ("windows.reflex.value", (0.02, 0.2), "windows"),
        ("trials.value", 1, "trials"),
        ("onset.baseline.value", 1.0, "baseline"),
        ("levels.hip", ("neck",), "levels"),
        ("levels.hip", ("knee",), "levels"),
        ("direction_cosine.value", 1.5, "direction_cosine"),
    ],
)
def test_a_value_out_of_range_is_refused_by_name(
    content: dict[str, Any], path: str, value: object, word: str
) -> None:
    *way, last = path.split(".")
    inner = content
    for key in way:
        inner = inner[key]
    inner[last] = value
    with pytest.raises(ValueError, match=word):
        ResponsesSpec.model_validate(content)


def test_an_unknown_exercise_is_a_problem(content: dict[str, Any]) -> None:
    spec = ResponsesSpec.model_validate({**content, "exercise": "siting"})
    assert "sitting" in next(spec.problems(Catalog.shipped()))
