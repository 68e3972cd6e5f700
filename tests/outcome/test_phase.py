"""Phase and lead of signals that were shifted on purpose."""

import numpy as np
import pytest

from dmi_sim.anatomy import HEAD, PELVIS, UPPER_THORAX
from dmi_sim.arrays import Vector
from dmi_sim.outcome.phase import (
    head_trunk_phase_rad,
    head_trunk_phase_sd_rad,
    lead_of,
    pitch_rad,
    relative_phase,
    thorax_pelvis_phase_rad,
)
from tests.outcome.recordings import recording

RATE = 30
TIME = np.arange(300) / RATE


def swing(phase_rad: float = 0.0, hz: float = 1.0) -> Vector:
    return np.sin(2 * np.pi * hz * TIME + phase_rad)


def wander(samples: int = 400) -> Vector:
    steps = np.random.default_rng(0).normal(size=samples)
    return np.convolve(steps, np.hanning(9), mode="same")


@pytest.mark.parametrize("shift_rad", [0.0, np.pi / 6, np.pi / 2, -np.pi / 2, np.pi])
def test_phase_is_the_shift_whichever_comes_first_and_however_large_the_swings(
    shift_rad: float,
) -> None:
    phase = relative_phase(0.1 * swing(), 2 + 5 * swing(shift_rad), RATE)
    assert phase.mean_rad == pytest.approx(abs(shift_rad), abs=0.06)
    assert phase.sd_rad < 0.1


def test_swings_of_different_speed_drift_through_all_phases() -> None:
    phase = relative_phase(swing(), swing(hz=1.5), RATE)
    assert phase.mean_rad == pytest.approx(np.pi / 2, abs=0.1)
    assert phase.sd_rad == pytest.approx(np.pi / np.sqrt(12), abs=0.1)


@pytest.mark.parametrize(
    "second", [np.full(300, 0.2), np.where(TIME == 3.0, np.nan, swing()), 3 * TIME]
)
def test_what_does_not_swing_has_no_phase(second: Vector) -> None:
    assert np.isnan(relative_phase(swing(), second, RATE).mean_rad)


def test_short_signals_have_no_phase_and_no_lead() -> None:
    assert np.isnan(relative_phase(swing()[:149], swing()[:149], RATE).mean_rad)
    assert np.isnan(lead_of(swing()[:149], swing()[:149], RATE).lead_s)


@pytest.mark.parametrize("shift", [-14, -4, 0, 1, 9])
def test_the_sign_of_the_lead_tells_who_comes_first(shift: int) -> None:
    signal = wander()
    force, sway = signal[50:350], signal[50 - shift : 350 - shift]
    lead = lead_of(3 * force, sway, RATE)
    assert lead.lead_s == pytest.approx(shift / RATE, abs=0.1 / RATE)
    assert lead.correlation == pytest.approx(1.0)


def test_a_force_against_the_sway_leads_as_well() -> None:
    signal = wander()
    lead = lead_of(-signal[50:350], signal[46:346], RATE)
    assert lead.lead_s == pytest.approx(4 / RATE, abs=0.1 / RATE)
    assert lead.correlation == pytest.approx(-1.0)


def test_a_lead_between_two_samples_is_found() -> None:
    lead = lead_of(swing(0.045 * 2 * np.pi), swing(), RATE)
    assert lead.lead_s == pytest.approx(0.045, abs=0.003)


def test_signals_that_stand_still_or_are_not_known_have_no_lead() -> None:
    assert np.isnan(lead_of(np.ones(300), swing(), RATE).lead_s)
    assert np.isnan(lead_of(swing(), np.where(TIME == 3.0, np.nan, swing()), RATE).lead_s)


def test_pitch_is_the_tilt_forward_even_past_upside_down() -> None:
    tilt = np.linspace(-1.0, 4.0, 50)
    zero = np.zeros(50)
    quat = np.stack([zero, np.sin(tilt / 2), zero, np.cos(tilt / 2)], axis=1)
    assert pitch_rad(quat) == pytest.approx(tilt)


def test_a_tilt_to_the_side_is_no_pitch() -> None:
    assert pitch_rad(np.array([[np.sin(0.2), 0.0, 0.0, np.cos(0.2)]])) == pytest.approx([0.0])


def tilting(pitch_of: dict[int, Vector]) -> Vector:
    """Orientations of 15 upright segments, some of which tilt forward and back."""
    quat = np.tile([0.0, 0.0, 0.0, 1.0], (len(TIME), 15, 1))
    for segment, pitch in pitch_of.items():
        quat[:, segment, 1], quat[:, segment, 3] = np.sin(pitch / 2), np.cos(pitch / 2)
    return quat


def test_a_head_goes_with_its_thorax_in_phase_and_a_pelvis_against_it_in_anti_phase() -> None:
    sway = 0.2 * swing(hz=0.5)
    pitch_of = {HEAD: 2 * sway, UPPER_THORAX: sway, PELVIS: -0.5 * sway}
    seen = recording(steps=len(TIME) - 1, segment_quat_world=tilting(pitch_of))
    assert head_trunk_phase_rad(seen) == pytest.approx(0.0, abs=0.05)
    assert head_trunk_phase_sd_rad(seen) == pytest.approx(0.0, abs=0.05)
    assert thorax_pelvis_phase_rad(seen) == pytest.approx(np.pi, abs=0.05)
