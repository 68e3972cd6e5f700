"""The figure of a segmental assessment."""

from pathlib import Path

import numpy as np
import pytest

from dmi_sim.assessments.trunk_control.figure import draw_segmental
from dmi_sim.errors import InputError
from tests.assessments.trunk_control.findings import finding

GREEN, ORANGE = (0.0, 0.62, 0.45), (0.84, 0.37, 0.0)


def share_of(path: Path, colour: tuple[float, float, float]) -> float:
    from matplotlib.image import imread

    image = np.asarray(imread(path))[:, :, :3]
    right = image[:, image.shape[1] // 2 :]
    return float((np.abs(right - np.array(colour)).max(axis=2) < 0.12).mean())


def test_more_control_is_more_green_and_less_orange(tmp_path: Path) -> None:
    little, much = tmp_path / "little.png", tmp_path / "much.png"
    draw_segmental(finding(2), "one", little)
    draw_segmental(finding(6), "another", much)
    assert 0.01 < share_of(little, GREEN) < share_of(much, GREEN)
    assert share_of(little, ORANGE) > share_of(much, ORANGE)


def test_the_figure_names_levels_hands_and_that_it_is_not_the_satco(tmp_path: Path) -> None:
    path = tmp_path / "figure.svg"
    draw_segmental(finding(4), "a sitter", path)
    text = path.read_text(encoding="utf-8")
    for words in ("lower thoracic", "inferior angle of the scapula", "not tested", "a sitter"):
        assert words in text
    assert "not the SATCo" in text


def test_a_file_format_without_figures_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="must end in"):
        draw_segmental(finding(4), "a sitter", tmp_path / "figure.txt")
