"""The figure of an examination."""

from pathlib import Path

import numpy as np
import pytest

from dmi_sim.assessments.bedside.figure import draw_examinations
from dmi_sim.assessments.bedside.procedure import examine_beside_typical
from dmi_sim.assessments.bedside.result import ExaminedInfant
from dmi_sim.infant import Infant


@pytest.fixture(scope="module")
def examined() -> tuple[ExaminedInfant, ...]:
    return examine_beside_typical(Infant.from_spec(3.0, condition="hypotonia", severity=1.0))


def test_the_figure_shows_both_infants(
    examined: tuple[ExaminedInfant, ...], tmp_path: Path
) -> None:
    from matplotlib.image import imread

    path = tmp_path / "both.png"
    draw_examinations(examined, path)
    image = np.asarray(imread(path))[:, :, :3]
    shirt = np.abs(image - np.array([0.2, 0.6, 0.8])).max(axis=2) < 0.2
    rows = np.flatnonzero(shirt[:, : image.shape[1] // 2].any(axis=1)) / len(image)
    assert rows.min() < 0.4
    assert rows.max() > 0.6


def test_the_figure_states_the_findings_and_that_it_is_no_clinical_evidence(
    examined: tuple[ExaminedInfant, ...], tmp_path: Path
) -> None:
    path = tmp_path / "one.svg"
    draw_examinations(examined[:1], path)
    text = path.read_text(encoding="utf-8")
    swings = examined[0].result.pendulum[0].swings
    assert f"hypotonia, severity 1: {swings} swings" in text
    assert "Simulation, not clinical evidence." in text
