"""Outcomes of calm movement, each against a closed form."""

from dataclasses import replace
from math import isnan, nan, pi
from typing import Any

import numpy as np
import pytest

from dmi_sim.arrays import Vector
from dmi_sim.body.reflection import ABOUT_FORWARD_LEFT_UP, AXES_MIRRORED, SEGMENTS_MIRRORED
from dmi_sim.body.rotation import quaternions_of
from dmi_sim.outcome.calm import (
    CALM,
    fast_movement_share,
    fast_step_share,
    heading_rad,
    muscle_power_w_kg,
    power_share_above,
    yaw_drift_rad_min,
)
from dmi_sim.outcome.registry import OUTCOMES
from dmi_sim.recording import Recording
from tests.outcome import recordings
from tests.outcome.recordings import recording

STEPS = 330
"""Control steps: ten seconds after the first, in which a body settles."""


def swing(size: float, hz: float) -> Vector:
    """A sine over the time of an episode."""
    return recordings.swing(size, hz, STEPS)


def moving(*signals: Vector, **changes: Any) -> Recording:
    """An infant whose first joints have these velocities, and whose others rest."""
    velocity = np.zeros((STEPS + 1, 34))
    velocity[:, : len(signals)] = np.stack(signals, axis=1)
    return recording(steps=STEPS, joint_velocity_rad_s=velocity, **changes)


def turned(axis: tuple[float, float, float], angle_rad: Vector) -> Vector:
    """Orientations of the pelvis that turn about an axis, of 15 segments, shape (T, 15, 4)."""
    quat = quaternions_of(angle_rad[:, None] * np.array(axis))
    return np.repeat(quat[:, None], 15, axis=1)


def product(first: Vector, second: Vector) -> Vector:
    """First after second, of quaternions (x, y, z, w), shape (T, 4)."""
    u, v, a, b = first[:, :3], second[:, :3], first[:, 3:], second[:, 3:]
    vector = a * v + b * u + np.cross(u, v)
    return np.concatenate([vector, a * b - (u * v).sum(axis=1, keepdims=True)], axis=1)


def test_the_names_of_the_contract_are_outcomes() -> None:
    contract = {
        "muscle_power_w_kg", "fast_movement_share", "head_tilt_mean_rad", "support_share_mean",
        "yaw_drift_rad_min",
    }  # fmt: skip
    assert contract <= set(CALM) <= set(OUTCOMES)


@pytest.mark.parametrize(("hz", "share"), [(1.0, 0.0), (2.5, 0.0), (5.0, 1.0), (12.0, 1.0)])
def test_a_joint_that_swings_is_fast_above_3_hz(hz: float, share: float) -> None:
    assert fast_movement_share(moving(swing(0.7, hz))) == pytest.approx(share, abs=0.01)


def test_a_swing_counts_with_the_square_of_its_size() -> None:
    seen = moving(swing(2.0, 1.0), swing(1.0, 5.0))
    assert fast_movement_share(seen) == pytest.approx(1 / 5, abs=0.01)


def test_white_noise_moves_alike_at_all_frequencies_up_to_15_hz() -> None:
    noise = np.random.default_rng(0).normal(size=(34, STEPS + 1))
    assert fast_movement_share(moving(*noise)) == pytest.approx(1 - 3 / 15, abs=0.02)


def test_it_does_not_matter_when_a_joint_trembled() -> None:
    early, late = swing(1.0, 1.0), swing(1.0, 1.0)
    early[30:90] += swing(1.0, 6.0)[30:90]
    late[-60:] += swing(1.0, 6.0)[-60:]
    assert fast_movement_share(moving(early)) == pytest.approx(
        fast_movement_share(moving(late)), abs=0.01
    )


def test_a_steady_movement_is_not_fast() -> None:
    """A mean velocity has no frequency, and a slow movement is slow however short the episode."""
    assert fast_movement_share(moving(5 + swing(0.1, 1.0))) == pytest.approx(0, abs=0.01)


@pytest.mark.parametrize(("stride_hz", "share"), [(0.8, 1.0), (1.0, 0.0), (nan, nan), (4.0, nan)])
def test_steps_are_fast_above_four_strides(stride_hz: float, share: float) -> None:
    seen = moving(swing(1.0, 3.5), stride_hz=stride_hz)
    assert fast_step_share(seen) == pytest.approx(share, abs=0.01, nan_ok=True)


def test_how_a_body_settles_when_it_is_put_down_is_no_movement_of_the_infant() -> None:
    """Velocities of the first fifth of a second, twenty times as large as all that follows."""
    jolt = np.where(np.arange(STEPS + 1) < 6, 20.0, 0.0)
    rest = moving(swing(1.0, 1.0))
    assert fast_movement_share(moving(swing(1.0, 1.0) + jolt)) == fast_movement_share(rest)


def test_a_body_that_turned_while_it_settled_has_not_drifted() -> None:
    turning = turned((0, 0, 1), np.minimum(np.arange(STEPS + 1) / 30, 0.5))
    assert yaw_drift_rad_min(recording(steps=STEPS, segment_quat_world=turning)) == 0.0


@pytest.mark.parametrize("steps", [0, 1, 30, 58, 88])
def test_an_episode_below_three_seconds_is_neither_fast_nor_slow(steps: int) -> None:
    noise = np.random.default_rng(0).normal(size=(steps + 1, 34))
    seen = recording(steps=steps, joint_velocity_rad_s=noise, stride_hz=1.0)
    assert isnan(fast_movement_share(seen))
    assert isnan(fast_step_share(seen))
    assert isnan(yaw_drift_rad_min(seen))


def test_who_does_not_move_is_neither_fast_nor_slow() -> None:
    assert isnan(fast_movement_share(recording(steps=STEPS)))


def test_the_power_of_velocities_is_their_variance() -> None:
    """Parseval: all of a signal lies above no frequency but that of its mean."""
    noise = np.random.default_rng(1).normal(size=(240, 3))
    assert power_share_above(noise, 30, above_hz=0.0) == pytest.approx(1.0)


def test_muscle_power_counts_pushing_and_braking() -> None:
    """20 J up and 12 J down in 11 s of an infant of 8 kg."""
    work = np.linspace((0.0, 0.0), (20.0, -12.0), STEPS + 1)
    assert muscle_power_w_kg(recording(steps=STEPS, muscle_work_j=work, mass_kg=8.0)) == (
        pytest.approx(32 / 11 / 8)
    )


@pytest.mark.parametrize("changes", [{"steps": 0}, {"mass_kg": nan}])
def test_no_power_without_time_or_mass(changes: dict[str, Any]) -> None:
    assert isnan(OUTCOMES["muscle_power_w_kg"].value(recording(**changes)))


@pytest.mark.parametrize("rate_rad_s", [-2.0, -0.01, 0.0, 0.01, 2.0])
def test_a_body_that_turns_drifts_at_its_rate(rate_rad_s: float) -> None:
    """Full turns count, so twenty radians are twenty radians."""
    quat = turned((0, 0, 1), rate_rad_s * np.arange(STEPS + 1) / 30)
    drift = yaw_drift_rad_min(recording(steps=STEPS, segment_quat_world=quat))
    assert drift == pytest.approx(60 * abs(rate_rad_s))


def test_turns_to_and_fro_cancel() -> None:
    quat = turned((0, 0, 1), swing(0.5, 1.0))
    assert yaw_drift_rad_min(recording(steps=STEPS, segment_quat_world=quat)) == pytest.approx(0)


@pytest.mark.parametrize("axis", [(1.0, 0.0, 0.0), (0.0, 1.0, 0.0)])
def test_leaning_to_a_side_or_forward_is_no_turn(axis: tuple[float, float, float]) -> None:
    quat = turned(axis, np.linspace(0, 1.0, STEPS + 1))
    assert yaw_drift_rad_min(recording(steps=STEPS, segment_quat_world=quat)) == pytest.approx(0)


def test_swaying_round_and_round_is_no_turn() -> None:
    """The mean turning of such a body is not zero, and where it faces in the end is."""
    phase = 2 * pi * np.arange(STEPS + 1) / 30
    lean = 0.1 * np.stack([np.cos(phase), np.sin(phase), np.zeros_like(phase)], axis=1)
    quat = np.repeat(quaternions_of(lean)[:, None], 15, axis=1)
    drift = yaw_drift_rad_min(recording(steps=STEPS, segment_quat_world=quat))
    assert drift == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("pitch_rad", [-pi / 2, 0.0, pi / 2])
def test_lying_and_crawling_infants_turn_as_upright_ones(pitch_rad: float) -> None:
    yaw = np.linspace(0, 1.0, STEPS + 1)
    turn = quaternions_of(yaw[:, None] * np.array((0.0, 0.0, 1.0)))
    down = quaternions_of(np.full_like(yaw, pitch_rad)[:, None] * np.array((0.0, 1.0, 0.0)))
    quat = np.repeat(product(turn, down)[:, None], 15, axis=1)
    seen = recording(steps=STEPS, segment_quat_world=quat)
    assert heading_rad(seen) == pytest.approx(yaw)
    assert yaw_drift_rad_min(seen) == pytest.approx(60 / 11)


def test_a_body_on_its_side_faces_nowhere() -> None:
    quat = turned((1, 0, 0), np.linspace(0, pi, STEPS + 1))
    assert isnan(yaw_drift_rad_min(recording(steps=STEPS, segment_quat_world=quat)))


@pytest.mark.parametrize("name", CALM)
def test_a_mirrored_episode_is_as_calm(name: str) -> None:
    """Of a body whose segments turn this way and that, in the mirror of left and right."""
    rng = np.random.default_rng(3)
    attitude = np.cumsum(rng.normal(0, 0.01, (STEPS + 1, 15, 3)), axis=0)
    velocity = rng.normal(size=(STEPS + 1, 34)).cumsum(axis=0)
    seen = recording(
        steps=STEPS,
        segment_quat_world=quaternions_of(attitude),
        joint_velocity_rad_s=velocity,
        muscle_work_j=np.cumsum(rng.uniform(0, 1, (STEPS + 1, 2)), axis=0) * (1, -1),
        stride_hz=1.0,
    )
    in_mirror = ABOUT_FORWARD_LEFT_UP.of(attitude[:, SEGMENTS_MIRRORED.source])
    mirrored = replace(
        seen,
        segment_quat_world=quaternions_of(in_mirror),
        joint_velocity_rad_s=AXES_MIRRORED.of(velocity),
    )
    assert np.isfinite(OUTCOMES[name].value(seen))
    assert OUTCOMES[name].value(mirrored) == pytest.approx(OUTCOMES[name].value(seen))
