"""The page of the infants who practised several exercises."""

from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from dmi_sim.catalog import Catalog
from dmi_sim.names import environment_id
from dmi_sim.spec.pretraining import PretrainingSpec
from dmi_sim.training.bundle import read_bundle_manifest
from dmi_sim.training.library import shipped_folder
from dmi_sim.training.validation import ValidationRow

DOCS = Path(__file__).parents[1] / "docs"


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(DOCS))
    return import_module("infant_page")


def validation(steps: int, success: float, exercise: str = "sitting") -> ValidationRow:
    return ValidationRow(steps, exercise, "none", 5, success, success, 10.0, 1.0)


def test_an_exercise_is_learnt_at_the_first_validation_with_enough_success(page: Any) -> None:
    rows = [
        validation(100, 0.6),
        validation(100, 1.0, "standing"),
        validation(200, 0.8),
        validation(300, 1.0),
    ]
    assert page.first_learnt(rows, "sitting") == 200
    assert page.first_learnt(rows, "standing") == 100
    assert page.first_learnt(rows[:1], "sitting") is None


def test_each_infant_is_shown_with_every_exercise_that_it_was_tested_in(page: Any) -> None:
    text, shipped = page.infant_page(), Catalog.shipped().load(PretrainingSpec, "shipped")
    tested = {
        folder.name: read_bundle_manifest(folder).metadata.exercise_scores
        for folder in sorted(shipped_folder().iterdir())
        if folder.is_dir()
    }
    infants = {name: scores for name, scores in tested.items() if scores}
    assert ("None is shipped yet" in text) == (not infants)
    for name, scores in infants.items():
        part = text.partition(f"## `{name}`")[2].partition("## ")[0]
        assert [one for one in scores if f"({one}.md)" not in part] == []
        assert any(f"--env {environment_id(one)}\n" in part for one in scores)
        by_hand = name.rpartition("_")[0] not in shipped.curricula
        assert ("in stages by hand" in part) == by_hand
        taught = read_bundle_manifest(shipped_folder() / name).metadata.taught_by
        assert (f"In {len(taught)} exercises it was drawn to" in part) == bool(taught)
    assert "not clinical evidence" in text
