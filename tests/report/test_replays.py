"""Replays show the furniture around the infant as long as the files are those of the run."""

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
    """The scene of a cell after some changes, None if it is unknown."""
    return scene_of(cell_of(exercise).model_copy(update=changed or {}), Catalog.shipped())


def test_a_sitter_sits_on_the_floor() -> None:
    assert scene_at("sitting") == FLOOR_ONLY


def test_an_infant_that_stands_up_has_a_bench_of_its_size() -> None:
    scene = scene_at("sit_to_stand")
    assert scene is not None
    (bench,) = scene.furniture
    assert bench.centre_m[2] == pytest.approx(bench.form[1][2])  # it stands on the floor
    assert not scene.has_platform


def test_an_infant_that_is_tilted_sits_on_a_platform() -> None:
    scene = scene_at("sitting_tilt")
    assert scene is not None
    assert scene.has_platform


@pytest.mark.parametrize(
    "changed", [{"data_sha256": "0" * 64}, {"exercise": "an_exercise_that_was_removed"}]
)
def test_the_scene_is_unknown_after_files_have_changed(changed: dict[str, str]) -> None:
    assert scene_at("sit_to_stand", changed) is None
