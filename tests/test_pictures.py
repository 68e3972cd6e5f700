"""Pictures and tables of the documentation show what the package does now.

Pictures that are drawn in seconds are drawn anew and compared; tables of policies, which take
minutes, are compared with the files that they tell of. Where a test fails, make the picture anew
with ``docs/draw_concepts.py`` or ``docs/render_pictures.py``, or the table with the command that
its page names, and look at it.
"""

import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from PIL import Image

from dmi_sim.catalog import Catalog
from dmi_sim.names import exercises
from dmi_sim.spec.exercise import ExerciseSpec
from dmi_sim.training.library import shipped_policies, training_site

DOCS = Path(__file__).parents[1] / "docs"
PICTURES = sorted(path.stem for path in (DOCS / "pictures").glob("*.png"))
SLOW = {"demand", "examination", "successes", "curves", "segmental", "ladder"}
"""Pictures that take longer than a test may, or need policies."""
LARGEST_DIFFERENCE = 1.0
"""Mean difference of two pictures that may come from rounding, of 255 steps of grey."""


@pytest.fixture
def scripts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[list[ModuleType]]:
    """The scripts that draw, which write into a folder of the test."""
    monkeypatch.syspath_prepend(str(DOCS))
    before = set(sys.modules)
    found = [import_module(name) for name in ("drawing", "draw_concepts", "render_pictures")]
    for module in (found[0], found[2]):
        monkeypatch.setattr(module, "PICTURES", tmp_path)
    yield found[1:]
    for name in set(sys.modules) - before:
        if str(getattr(sys.modules[name], "__file__", "")).startswith(str(DOCS)):
            del sys.modules[name]


def grey(path: Path) -> "np.ndarray[tuple[int, ...], np.dtype[np.float64]]":
    return np.asarray(Image.open(path).convert("L"), dtype=np.float64)


def test_every_picture_has_its_script(scripts: list[ModuleType]) -> None:
    drawn = [name for script in scripts for name in script.DRAWINGS]
    assert sorted(drawn) == PICTURES
    assert set(drawn) >= SLOW


@pytest.mark.parametrize("name", sorted(set(PICTURES) - SLOW))
def test_a_picture_shows_what_is_drawn_today(
    name: str, scripts: list[ModuleType], tmp_path: Path
) -> None:
    (draw,) = (script.DRAWINGS[name] for script in scripts if name in script.DRAWINGS)
    draw()
    shown, today = grey(DOCS / f"pictures/{name}.png"), grey(tmp_path / f"{name}.png")
    assert shown.shape == today.shape
    assert np.abs(shown - today).mean() < LARGEST_DIFFERENCE


def rows(table: str) -> dict[str, list[str]]:
    """Cells of the first table in a file, by exercise."""
    text = (DOCS / f"tables/{table}.md").read_text(encoding="utf-8")
    lines = text.partition("| Exercise")[2].partition("\n\n")[0].splitlines()[2:]
    cells = ([cell.strip() for cell in line.strip("|").split("|")] for line in lines)
    return {first.replace(" ", "_"): others for first, *others in cells}


@pytest.mark.parametrize("exercise", exercises())
def test_a_table_of_policies_tells_of_the_exercises_and_policies_that_are_shipped(
    exercise: str,
) -> None:
    spec = Catalog.shipped().load(ExerciseSpec, exercise)
    site = training_site(shipped_policies(exercise)[0], exercise)
    trained, ladder = rows("trained")[exercise], rows("ladder")[exercise]
    hands = "no hands" if site == "none" else site.replace("_", " ")
    assert trained[:3] == [f"{spec.typical_age_months:g}", f"{spec.age_months:g}", hands]
    held = [words.rsplit(" ", 1)[0] for words in ladder[2].split(", ")]
    assert ladder[0] == f"{spec.typical_age_months:g}"
    assert held == [site.replace("_", " ") for site in spec.supports if site != "none"]


@pytest.mark.parametrize("table", ["trained", "ladder"])
def test_a_table_of_policies_has_no_exercise_that_is_gone(table: str) -> None:
    assert sorted(rows(table)) == sorted(exercises())
