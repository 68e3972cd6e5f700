"""Sway of the centre of mass along known paths."""

import numpy as np
import pytest

from dmi_sim.outcome.centre_of_mass import (
    com_ellipse_area_prediction_mm2,
    com_speed_ap_mm_s,
    com_speed_ml_mm_s,
    com_speed_mm_s,
)
from tests.outcome.recordings import recording, swaying, swing


def test_speed_of_the_mass_is_given_by_direction() -> None:
    time_s = np.arange(301) / 30
    moving = recording(steps=300, com_m=swaying(0.03 * time_s, -0.04 * time_s))
    assert com_speed_mm_s(moving) == pytest.approx(50, rel=1e-3)
    assert com_speed_ap_mm_s(moving) == pytest.approx(30, rel=1e-3)
    assert com_speed_ml_mm_s(moving) == pytest.approx(40, rel=1e-3)


def test_a_mass_that_only_swings_forward_covers_no_area() -> None:
    along = swaying(swing(0.01, 0.5), np.zeros(301))
    around = swaying(swing(0.01, 0.5), np.roll(swing(0.01, 0.5), 15))
    line, circle = (
        com_ellipse_area_prediction_mm2(recording(steps=300, com_m=path))
        for path in (along, around)
    )
    assert line == pytest.approx(0.0, abs=1e-6)
    assert circle == pytest.approx(np.pi * 10**2 / 2 * 6.08, rel=0.02)
