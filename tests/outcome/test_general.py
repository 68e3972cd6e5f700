"""Outcomes of every episode: time, tilt, effort and assistance of the hands."""

import numpy as np
import pytest

from dmi_sim.anatomy import FEET, HEAD
from dmi_sim.body.rotation import quaternions_of
from dmi_sim.outcome.general import (
    duration_s,
    effort,
    feet_off_share,
    head_tilt_mean_rad,
    head_tilt_p90_rad,
    support_impulse_n_s,
    support_share_mean,
    support_share_peak,
    sway_path_mm,
    time_upright_s,
    trunk_tilt_rms_rad,
)
from dmi_sim.recording import Recording
from tests.outcome.recordings import recording


def test_an_infant_is_up_until_its_fall_or_the_end() -> None:
    assert time_upright_s(recording(steps=60)) == pytest.approx(2.0)
    assert time_upright_s(recording(steps=21, fell=True)) == pytest.approx(0.7)


def test_sway_is_the_path_over_the_floor() -> None:
    angle = np.linspace(0, 2 * np.pi, 361)
    circle = 0.01 * np.stack([np.cos(angle), np.sin(angle), 5 * angle], axis=1)
    assert sway_path_mm(recording(steps=360, com_m=circle)) == pytest.approx(
        2 * np.pi * 10, rel=1e-3
    )
    assert sway_path_mm(recording()) == 0.0


def test_tilt_is_a_root_mean_square() -> None:
    tilt = np.tile([0.3, -0.1], 30)
    assert trunk_tilt_rms_rad(recording(upright_rad=tilt)) == pytest.approx(np.sqrt(0.05))


def test_effort_is_the_mean_square_of_activation() -> None:
    activation = np.repeat([0.1, 0.3], 30)
    assert effort(recording(activation_rms=activation)) == pytest.approx((0.01 + 0.09) / 2)


def test_the_impulse_of_the_hands_is_force_times_time() -> None:
    force = np.full(61, 12.0)
    force[0] = 0.0  # at the start no hand has acted yet
    assert support_impulse_n_s(recording(support_force_n=force)) == pytest.approx(24.0)


def test_the_share_of_the_weight_is_a_mean_over_what_happened() -> None:
    share = np.full(61, 0.25)
    share[0] = 0.0
    mean = support_share_mean(recording(support_share=share))
    assert mean == pytest.approx(0.25, rel=0.02)


@pytest.mark.parametrize("steps", [0, 1, 45])
def test_an_episode_is_as_long_as_its_control_steps(steps: int) -> None:
    assert duration_s(recording(steps=steps)) == pytest.approx(steps / 30)


def test_an_outcome_does_not_depend_on_where_and_which_way_the_infant_sat() -> None:
    random = np.random.default_rng(0)
    path = np.cumsum(random.normal(0, 0.002, (61, 3)), axis=0)
    cosine, sine = np.cos(1.0), np.sin(1.0)
    turn = np.array([[cosine, -sine, 0], [sine, cosine, 0], [0, 0, 1]])
    here, there = (sway_path_mm(recording(com_m=p)) for p in (path, path @ turn.T + [5, -3, 0]))
    assert here == pytest.approx(there)


def head_at(*tilts_rad: float) -> Recording:
    """A recording in which the head leans forward by some angles, as often each."""
    lean = np.repeat(tilts_rad, 10)
    turned = np.tile([0.0, 0.0, 0.0, 1.0], (lean.size, 15, 1))
    turned[:, HEAD] = quaternions_of(lean[:, None] * np.array((0.0, 1.0, 0.0)))
    return recording(steps=lean.size - 1, segment_quat_world=turned)


def test_the_tilt_of_the_head_is_its_angle_from_the_vertical_up_to_head_down() -> None:
    nodding = head_at(0.2, 0.6, np.pi)
    assert head_tilt_mean_rad(nodding) == pytest.approx((0.8 + np.pi) / 3)
    assert head_tilt_p90_rad(nodding) == pytest.approx(np.pi)
    assert head_tilt_mean_rad(head_at(0.0)) == 0.0


def test_hands_that_carry_all_for_a_moment_have_a_high_peak_and_a_low_mean() -> None:
    share = np.zeros(61)
    share[30] = 1.1
    carried = recording(support_share=share)
    assert support_share_peak(carried) == pytest.approx(1.1)
    assert support_share_mean(carried) < 0.02
    assert support_share_peak(recording()) == 0.0


def test_an_infant_is_off_its_feet_while_neither_touches_anything() -> None:
    pressed = np.zeros((5, 15))  # the start and four control steps
    pressed[1, FEET[0]] = pressed[2, FEET[1]] = 0.5
    assert feet_off_share(recording(steps=4, contact_force=pressed)) == pytest.approx(0.5)
    assert np.isnan(feet_off_share(recording(steps=0)))
