"""Outcomes of recordings whose answers are known."""

import numpy as np
import pytest

from dmi_sim.arrays import Vector
from dmi_sim.outcomes.episode import (
    effort,
    episode_outcomes,
    mass_sway,
    phases,
    pressure_sway,
    support_impulse_n_s,
    support_share_mean,
    sway_path_mm,
    time_upright_s,
    trunk_tilt_rms_rad,
    work,
)
from dmi_sim.study.columns import OUTCOMES, names
from tests.outcomes.recordings import recording


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


def test_all_outcomes_come_under_their_column_names() -> None:
    outcomes = episode_outcomes(recording(steps=45, fell=True))
    assert tuple(outcomes) == (*names(OUTCOMES), "n_steps", "duration_s", "fell", "physics_fault")
    assert all(type(value) is float for value in outcomes.values())
    assert outcomes["n_steps"] == 45
    assert outcomes["duration_s"] == pytest.approx(1.5)
    assert (outcomes["fell"], outcomes["physics_fault"]) == (1.0, 0.0)


def test_an_outcome_does_not_depend_on_where_and_which_way_the_infant_sat() -> None:
    random = np.random.default_rng(0)
    path = np.cumsum(random.normal(0, 0.002, (61, 3)), axis=0)
    cosine, sine = np.cos(1.0), np.sin(1.0)
    turn = np.array([[cosine, -sine, 0], [sine, cosine, 0], [0, 0, 1]])
    here, there = (sway_path_mm(recording(com_m=p)) for p in (path, path @ turn.T + [5, -3, 0]))
    assert here == pytest.approx(there)


def swing(metres: float, hz: float, steps: int = 300) -> Vector:
    return metres * np.sin(2 * np.pi * hz * np.arange(steps + 1) / 30)


def swaying(forward: Vector, left: Vector) -> Vector:
    return np.stack([forward, left, np.zeros_like(left)], axis=1)


def test_pressure_that_swings_forward_tells_its_path_spread_and_frequency() -> None:
    cop = swaying(swing(0.01, 0.5), np.zeros(301))
    sway = pressure_sway(recording(steps=300, cop_m=cop))
    assert sway["cop_path_mm"] == pytest.approx(10 * 2 * 10, rel=0.01)
    assert sway["cop_speed_mm_s"] == pytest.approx(20, rel=0.01)
    assert sway["cop_rms_ap_mm"] == pytest.approx(10 / np.sqrt(2), rel=0.01)
    assert sway["cop_rms_ml_mm"] == pytest.approx(0.0, abs=1e-9)
    assert sway["cop_f50_hz"] == pytest.approx(0.5, abs=0.1)
    assert 0 < sway["cop_entropy_ap"] < 0.3
    assert np.isnan(sway["cop_entropy_ml"])


def test_pressure_on_a_circle_has_the_ellipse_of_its_covariance() -> None:
    cop = swaying(swing(0.01, 0.5), np.roll(swing(0.01, 0.5), 15))
    area = pressure_sway(recording(steps=300, cop_m=cop))["cop_ellipse_area_prediction_mm2"]
    assert area == pytest.approx(np.pi * 10**2 / 2 * 6.08, rel=0.02)


def test_the_start_when_nothing_presses_yet_does_not_count_but_a_later_gap_does() -> None:
    cop = swaying(swing(0.01, 0.5), swing(0.01, 0.3))
    cop[0] = np.nan
    assert np.isfinite(list(pressure_sway(recording(steps=300, cop_m=cop)).values())).all()
    cop[200] = np.nan
    assert np.isnan(list(pressure_sway(recording(steps=300, cop_m=cop)).values())).all()


def test_speed_of_the_mass_is_told_by_direction() -> None:
    time_s = np.arange(301) / 30
    sway = mass_sway(recording(steps=300, com_m=swaying(0.03 * time_s, -0.04 * time_s)))
    assert sway["com_speed_mm_s"] == pytest.approx(50, rel=1e-3)
    assert sway["com_speed_ap_mm_s"] == pytest.approx(30, rel=1e-3)
    assert sway["com_speed_ml_mm_s"] == pytest.approx(40, rel=1e-3)


def test_who_rides_along_with_a_board_does_not_sway() -> None:
    way = np.stack([swing(0.1, 0.4), swing(0.2, 0.2), *np.zeros((2, 301))], axis=1)
    riding = recording(steps=300, platform=way, com_m=way[:, :3], cop_m=way[:, :3])
    assert sway_path_mm(riding) == 0.0
    assert mass_sway(riding)["com_speed_mm_s"] == 0.0
    assert pressure_sway(riding)["cop_path_mm"] == 0.0


def tilting(**tilt_rad: Vector) -> Vector:
    quat = np.tile([0.0, 0.0, 0.0, 1.0], (301, 15, 1))
    for segment, tilt in tilt_rad.items():
        quat[:, int(segment[1:]), 1], quat[:, int(segment[1:]), 3] = (
            np.sin(tilt / 2),
            np.cos(tilt / 2),
        )
    return quat


def test_a_head_that_goes_with_the_thorax_is_in_phase_and_a_pelvis_against_it_in_anti_phase() -> (
    None
):
    sway = swing(0.2, 0.5)
    found = phases(
        recording(steps=300, segment_quat_world=tilting(s4=2 * sway, s3=sway, s0=-0.5 * sway))
    )
    assert found["head_trunk_phase_rad"] == pytest.approx(0.0, abs=0.05)
    assert found["thorax_pelvis_phase_rad"] == pytest.approx(np.pi, abs=0.05)


def test_work_is_what_was_done_by_the_end_and_only_what_was_given() -> None:
    done = np.linspace([0.0, 0.0], [3.0, -2.0], 61)
    found = work(recording(muscle_work_j=done, support_work_j=done / 3))
    assert found["muscle_work_j"] == pytest.approx(3.0)
    assert found["support_work_j"] == pytest.approx(1.0)
    assert found["active_work_share"] == pytest.approx(0.75)


@pytest.mark.parametrize("steps", [0, 1, 20])
def test_a_short_episode_has_no_frequency_no_entropy_and_no_phase_but_a_time(steps: int) -> None:
    outcomes = episode_outcomes(recording(steps=steps, fell=True))
    unknown = ("cop_f50_hz", "cop_f95_hz", "cop_entropy_ap", "head_trunk_phase_rad")
    assert np.isnan([outcomes[name] for name in unknown]).all()
    assert outcomes["time_upright_s"] == pytest.approx(steps / 30)


def test_two_equal_episodes_have_equal_outcomes_unknown_ones_too() -> None:
    assert episode_outcomes(recording()) == episode_outcomes(recording())
