"""Replays know what stood around the infant as long as the files are those of the run."""

import pytest

from dmi_sim.catalog import Catalog
from dmi_sim.physics.scene import FLOOR_ONLY, Scene
from dmi_sim.report.replays import scene_of
from dmi_sim.study.plan import Cell, plan
from tests.report.fakes import NAME, study


def cell_of(exercise: str) -> Cell:
    spec = study(seeds=1).model_copy(update={"exercise": exercise})
    return plan(NAME, spec, Catalog.shipped())[0]


def scene_at(exercise: str, changed: dict[str, str] | None = None) -> Scene | None:
    """What stood around the infant of a cell, as far as it is known after some changes."""
    return scene_of(cell_of(exercise).model_copy(update=changed or {}), Catalog.shipped())


def test_a_sitter_sits_on_the_floor() -> None:
    assert scene_at("sitting") == FLOOR_ONLY


def test_who_stands_up_has_a_bench_to_the_measure_of_the_infant() -> None:
    scene = scene_at("sit_to_stand")
    assert scene is not None
    (bench,) = scene.furniture
    assert bench.centre_m[2] == pytest.approx(bench.form[1][2])  # it stands on the floor
    assert not scene.has_platform


def test_who_is_tilted_sits_on_a_board() -> None:
    scene = scene_at("sitting_tilt")
    assert scene is not None
    assert scene.has_platform


@pytest.mark.parametrize(
    "changed", [{"data_sha256": "0" * 64}, {"exercise": "an_exercise_that_was_removed"}]
)
def test_files_that_have_changed_do_not_tell_what_stood_there(changed: dict[str, str]) -> None:
    assert scene_at("sit_to_stand", changed) is None
