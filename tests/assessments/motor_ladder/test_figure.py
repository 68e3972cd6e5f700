"""The staircase figure."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from dmi_sim.assessments.motor_ladder.figure import draw_staircase
from dmi_sim.assessments.motor_ladder.result import LadderFinding
from dmi_sim.errors import InputError
from tests.assessments.motor_ladder.ladders import finding


def ink(path: Path) -> float:
    """The share of saturated pixels: steps and dots."""
    from matplotlib.image import imread

    image = np.asarray(imread(path))[:, :, :3]
    return float((np.ptp(image, axis=2) > 0.5).mean())


def test_the_figure_is_wide_enough_to_read_and_not_blank(tmp_path: Path) -> None:
    path = tmp_path / "stairs.png"
    draw_staircase(finding(), "female, typical", path)
    from matplotlib.image import imread

    assert np.asarray(imread(path)).shape[1] >= 1200
    assert ink(path) > 0.01


def test_higher_scores_fill_more_dots(tmp_path: Path) -> None:
    def scored(score: int, path: Path) -> float:
        items = tuple(
            replace(item, sites=tuple(replace(one, score=score) for one in item.sites))
            for item in finding().items
        )
        draw_staircase(LadderFinding(items), "somebody", path)
        return ink(path)

    shades = [scored(score, tmp_path / f"{score}.png") for score in (0, 1, 2, 3)]
    assert shades == sorted(set(shades))


def test_the_figure_names_exercises_sites_totals_and_that_it_is_no_evidence(tmp_path: Path) -> None:
    path = tmp_path / "stairs.svg"
    draw_staircase(finding(), "male, hypotonia", path)
    text = path.read_text(encoding="utf-8")
    for words in ("propping", "shanks", "axillae", "26 of 36 (72 %)", "male, hypotonia",
                  "not clinical evidence", "not the GMFM"):  # fmt: skip
        assert words in text


def test_exercises_without_trials_are_drawn_without_a_score(tmp_path: Path) -> None:
    bare = LadderFinding(tuple(replace(item, sites=()) for item in finding().items))
    draw_staircase(bare, "nobody", tmp_path / "bare.svg")
    assert "not scored" in (tmp_path / "bare.svg").read_text(encoding="utf-8")


def test_a_file_format_without_figures_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="figure: "):
        draw_staircase(finding(), "nobody", tmp_path / "stairs.doc")
