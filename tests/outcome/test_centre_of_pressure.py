"""Sway of the centre of pressure along known paths."""

import numpy as np
import pytest

from dmi_sim.outcome.centre_of_pressure import (
    cop_ellipse_area_prediction_mm2,
    cop_entropy_ap,
    cop_entropy_ml,
    cop_f50_hz,
    cop_f95_hz,
    cop_path_mm,
    cop_rms_ap_mm,
    cop_rms_ml_mm,
    cop_speed_mm_s,
)
from dmi_sim.outcome.registry import OUTCOMES
from dmi_sim.recording import Recording
from tests.outcome.recordings import recording, swaying, swing

OF_THE_PRESSURE = [name for name in OUTCOMES if name.startswith("cop_")]


def test_pressure_that_swings_forward_has_its_path_spread_and_frequency() -> None:
    swinging = recording(steps=300, cop_m=swaying(swing(0.01, 0.5), np.zeros(301)))
    assert cop_path_mm(swinging) == pytest.approx(10 * 2 * 10, rel=0.01)
    assert cop_speed_mm_s(swinging) == pytest.approx(20, rel=0.01)
    assert cop_rms_ap_mm(swinging) == pytest.approx(10 / np.sqrt(2), rel=0.01)
    assert cop_rms_ml_mm(swinging) == pytest.approx(0.0, abs=1e-9)
    assert cop_f50_hz(swinging) == pytest.approx(0.5, abs=0.1)
    assert cop_f50_hz(swinging) < cop_f95_hz(swinging) < 1.0
    assert 0 < cop_entropy_ap(swinging) < 0.3
    assert np.isnan(cop_entropy_ml(swinging))


def test_pressure_on_a_circle_has_the_ellipse_of_its_covariance() -> None:
    circle = swaying(swing(0.01, 0.5), np.roll(swing(0.01, 0.5), 15))
    area = cop_ellipse_area_prediction_mm2(recording(steps=300, cop_m=circle))
    assert area == pytest.approx(np.pi * 10**2 / 2 * 6.08, rel=0.02)


def pressed(gap: int) -> Recording:
    """Pressure that swings, with one step at which nothing presses."""
    cop = swaying(swing(0.01, 0.5), swing(0.01, 0.3))
    cop[gap] = np.nan
    return recording(steps=300, cop_m=cop)


@pytest.mark.parametrize("name", OF_THE_PRESSURE)
def test_the_start_when_nothing_presses_yet_does_not_count_but_a_later_gap_does(name: str) -> None:
    assert np.isfinite(OUTCOMES[name].value(pressed(gap=0)))
    assert np.isnan(OUTCOMES[name].value(pressed(gap=200)))
