"""Terminations: each sees an infant that lies on its side, none an infant at its start."""

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from dmi_sim.catalog import Catalog
from dmi_sim.env.context import StepContext
from dmi_sim.env.task import build_task
from dmi_sim.env.terminations import (
    TERMINATIONS,
    segment_height_below,
    segment_roll_above,
    segment_roll_rad,
    trunk_tilt_above,
)
from dmi_sim.registry import parameter_problem, parameters_of
from dmi_sim.spec.exercise import ExerciseSpec
from tests.env.contexts import make_context, params_of, still_state, turned

START = still_state(segment_pos_world=np.full((15, 3), 0.3))
LYING = still_state(
    segment_pos_world=np.full((15, 3), 0.05),
    segment_matrix_world=turned((math.pi / 2, 0.0, 0.0)),
    head_height_m=0.05,
    upright_rad=math.pi / 2,
)
SITTING = Catalog.shipped().load(ExerciseSpec, "sitting")


def seen(**changes: Any) -> StepContext:
    """An infant that began upright, 0.3 m above the floor, with some fields changed since."""
    return replace(make_context(replace(START, **changes)), start=START)


@pytest.mark.parametrize("name", sorted(TERMINATIONS))
def test_each_by_itself_sees_an_infant_that_lies_on_its_side(name: str) -> None:
    function, params = TERMINATIONS[name], params_of(TERMINATIONS[name], number=0.5)
    assert function(replace(make_context(LYING), start=START), **params) is True
    assert function(seen(), **params) is False


@pytest.mark.parametrize(("height_m", "fallen"), [(0.241, False), (0.239, True)])
def test_a_head_is_low_below_a_fraction_of_its_first_height(height_m: float, fallen: bool) -> None:
    assert (
        segment_height_below(seen(head_height_m=height_m), segment="head", fraction=0.6) is fallen
    )


@pytest.mark.parametrize(("height_m", "fallen"), [(0.16, False), (0.14, True)])
def test_any_other_segment_counts_by_its_own_height(height_m: float, fallen: bool) -> None:
    places = np.full((15, 3), 0.3)
    places[0, 2] = height_m
    sunk = seen(segment_pos_world=places)
    assert segment_height_below(sunk, segment="pelvis", fraction=0.5) is fallen
    assert segment_height_below(sunk, segment="lumbar", fraction=0.5) is False


@pytest.mark.parametrize(("tilt_deg", "fallen"), [(59.0, False), (61.0, True)])
def test_a_trunk_tilts_beyond_an_angle_in_degrees(tilt_deg: float, fallen: bool) -> None:
    tilted = seen(upright_rad=math.radians(tilt_deg))
    assert trunk_tilt_above(tilted, angle_deg=60) is fallen


@pytest.mark.parametrize("side", [-1, 1])
def test_both_sides_roll_alike(side: int) -> None:
    rolled = still_state(segment_matrix_world=turned((side * 0.7, 0.0, 0.0)))
    assert segment_roll_rad(rolled, "pelvis") == pytest.approx(0.7)
    assert segment_roll_above(make_context(rolled), segment="pelvis", angle_deg=40)
    assert not segment_roll_above(make_context(rolled), segment="pelvis", angle_deg=41)


def test_bowing_is_no_roll() -> None:
    bowed = still_state(segment_matrix_world=turned((0.0, 1.0, 0.0)))
    assert segment_roll_rad(bowed, "pelvis") == 0


@pytest.mark.parametrize(
    ("name", "params"),
    [
        ("segment_height_below", {"segment": "head", "fraction": 1.5}),
        ("segment_roll_above", {"segment": "pelvis", "angle_deg": 200}),
        ("trunk_tilt_above", {"angle_deg": 0}),
    ],
)
def test_a_limit_that_makes_no_sense_is_refused(name: str, params: dict[str, object]) -> None:
    refused = list(params)[-1]
    assert f"parameter '{refused}': Input should be" in parameter_problem(
        TERMINATIONS[name], params
    )


def test_angles_of_files_are_in_degrees() -> None:
    for name, function in TERMINATIONS.items():
        assert not [p for p in parameters_of(function) if p.endswith("_rad")], name


def test_without_terminations_nobody_falls() -> None:
    nobody = build_task(SITTING.model_copy(update={"terminations": {}}))
    lying = replace(make_context(LYING), start=START)
    assert build_task(SITTING).has_fallen(lying)
    assert not nobody.has_fallen(lying)
