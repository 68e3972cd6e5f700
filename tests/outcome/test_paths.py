"""Paths are taken over the ground that carries the infant."""

import numpy as np
import pytest

from dmi_sim.outcome.centre_of_mass import com_speed_mm_s
from dmi_sim.outcome.centre_of_pressure import cop_path_mm
from dmi_sim.outcome.general import sway_path_mm
from dmi_sim.outcome.paths import com_path_m, cop_path_m
from tests.outcome.recordings import recording, swaying, swing


def test_an_infant_that_a_platform_carries_along_does_not_sway() -> None:
    shift = np.stack([swing(0.1, 0.4), swing(0.2, 0.2), *np.zeros((2, 301))], axis=1)
    carried = recording(steps=300, platform=shift, com_m=shift[:, :3], cop_m=shift[:, :3])
    assert sway_path_mm(carried) == 0.0
    assert com_speed_mm_s(carried) == 0.0
    assert cop_path_mm(carried) == 0.0


def test_a_tremor_is_filtered_out_and_a_slow_sway_stays() -> None:
    slow, fast = swing(0.01, 0.5), swing(0.001, 14.0)
    shaking = recording(steps=300, com_m=swaying(slow + fast, slow))
    assert com_path_m(shaking)[30:-30, 0] == pytest.approx(slow[30:-30], abs=1e-4)


def test_the_kept_path_of_one_infant_is_not_taken_for_that_of_another() -> None:
    one, other = (
        recording(steps=300, com_m=path, cop_m=path)
        for path in (swaying(swing(0.01, hz), swing(0.02, hz)) for hz in (0.2, 0.7))
    )
    first, second = com_path_m(one), com_path_m(other)
    assert not np.array_equal(first, second)
    assert np.array_equal(com_path_m(one), first)
    assert not np.array_equal(cop_path_m(one), cop_path_m(other))
