"""Segmental assessment files: levels, trials, movements and pushes that make sense."""

from typing import Any

import pytest
from pydantic import ValidationError

from dmi_sim.catalog import Catalog
from dmi_sim.spec.assessment import SegmentalSpec
from dmi_sim.spec.support import SITES

CATALOG = Catalog.shipped()
TRUNK = CATALOG.load(SegmentalSpec, "trunk")


def changed(**changes: Any) -> SegmentalSpec:
    return SegmentalSpec.model_validate({**TRUNK.model_dump(), **changes})


def part(name: str, **changes: Any) -> dict[str, Any]:
    return {name: {**TRUNK.model_dump()[name], **changes}}


def quantity(value: float, unit: str) -> dict[str, object]:
    return {"value": value, "unit": unit, "basis": "assumed", "note": "a test"}


def test_levels_go_down_from_the_head_as_sites_do() -> None:
    sites = [level.site for level in TRUNK.levels if level.site]
    assert sites == sorted(sites, key=SITES.index)
    with pytest.raises(ValidationError, match="go down"):
        changed(levels=TRUNK.model_dump()["levels"][::-1])


def test_the_time_of_static_control_is_the_published_five_seconds() -> None:
    assert (TRUNK.static.hold.value, TRUNK.static.hold.source) == (5, "butler2010")


def test_an_even_number_of_trials_could_end_in_a_draw() -> None:
    with pytest.raises(ValidationError, match="not odd"):
        changed(trials=quantity(4, "1"))


def test_neutral_must_be_regained_before_the_next_push() -> None:
    with pytest.raises(ValidationError, match="less than `every`"):
        changed(**part("reactive", regained=quantity(9, "s")))


@pytest.mark.parametrize(
    ("movement", "problem"),
    [
        ({"axes_deg": {"shoulder.flexion": 80}, "measured": "shoulder.flexion"}, "left_ or right_"),
        ({"axes_deg": {"neck.rotatoin": 45}, "measured": "neck.rotatoin"}, "no axis"),
        ({"axes_deg": {"neck.rotation": 45}, "measured": "neck.flexion"}, "none of the moved axes"),
    ],
)
def test_a_movement_names_axes_that_exist(movement: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValidationError, match=problem):
        changed(**part("active", movements={"turn": movement}))


def test_sites_and_exercise_must_exist() -> None:
    levels = TRUNK.model_dump()["levels"]
    levels[0]["site"] = "scapula"
    problems = tuple(changed(levels=levels, exercise="siting").problems(CATALOG))
    assert any("no 'scapula'" in line for line in problems)
    assert any("did you mean 'sitting'" in line for line in problems)
