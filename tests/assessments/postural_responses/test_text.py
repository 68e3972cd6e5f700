"""Postural responses as a table, as data and as a figure."""

from pathlib import Path

import numpy as np
import pytest

from dmi_sim.assessments.postural_responses.figure import draw_responses
from dmi_sim.assessments.postural_responses.platform_trials import PlatformMove
from dmi_sim.assessments.postural_responses.text import (
    agonist_side,
    first_by_level,
    move_title,
    responses_data,
    responses_lines,
)
from dmi_sim.errors import InputError
from dmi_sim.tables import UNKNOWN
from tests.assessments.postural_responses.electromyograms import finding


def test_each_move_has_a_row_with_order_and_latency() -> None:
    lines = list(responses_lines(finding()))
    rows = [line for line in lines if line.startswith(("slides", "tilts")) and " bit " in line]
    assert len(rows) == 16
    assert all("100%" in row and "100 ms" in row for row in rows)
    assert "dorsal" in rows[0]
    assert lines[-1].startswith("Simulation, not clinical evidence")


def test_gains_have_units_and_intervals() -> None:
    lines = [line for line in responses_lines(finding()) if "per m/s" in line]
    assert len(lines) == 4
    slope = 0.1 / 0.1875  # of the lower trunk, which is a part of the agonists
    reported = float(lines[0].split("per m/s")[1].split("]")[1].split("[")[0])
    assert 0 < reported < slope


def test_a_level_without_agonists_has_no_share() -> None:
    """No single muscle of the upper trunk pulls forward here, and none of the hip to the side."""
    found = finding()
    forward, left = (found.at_speeds("slide", towards)[0] for towards in ("forward", "left"))
    assert np.isnan(first_by_level(forward, found.directions)).tolist() == [
        False,
        True,
        False,
        False,
    ]
    assert np.isnan(first_by_level(left, found.directions)).tolist() == [False, True, False, True]
    assert first_by_level(left, found.directions)[2] == 1.0


def test_missing_values_are_shown_as_a_dash() -> None:
    assert all(UNKNOWN in line for line in responses_lines(finding()) if " bit " in line)


def test_plain_data_have_every_move_and_gain() -> None:
    data = responses_data(finding())
    moves, gains = data["moves"], data["gains"]
    assert isinstance(moves, list)
    assert isinstance(gains, list)
    assert len(moves) == 16
    assert len(gains) == 24
    assert moves[0]["latency_s"] == pytest.approx(0.1, abs=1 / 240)
    assert {"slope", "low", "high", "unit"} <= set(gains[0])


def test_moves_and_sides_have_plain_names() -> None:
    assert move_title(PlatformMove("slide", "left", "slow", 0.05, 0.5)) == "slides to the left"
    assert move_title(PlatformMove("tilt", "forward", "slow", 0.1, 0.5)) == "tilts, front edge down"
    assert agonist_side("forward") == "dorsal"
    assert agonist_side("left") == "right"


@pytest.mark.parametrize("motion", ["slide", "tilt"])
def test_the_figure_shows_agonists_and_antagonists(tmp_path: Path, motion: str) -> None:
    from matplotlib.image import imread

    path = tmp_path / "responses.png"
    draw_responses(finding(), "nobody", path, motion)  # type: ignore[arg-type]
    image = imread(path)[:, :, :3]
    blue = np.abs(image - np.array([0.25, 0.585, 0.773])).max(axis=2) < 0.05  # on white
    assert blue.mean() > 0.003
    assert image.std() > 0.05


def test_a_file_format_without_figures_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="figure"):
        draw_responses(finding(), "nobody", tmp_path / "responses.txt")
