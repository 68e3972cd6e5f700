"""A recording is what the environment showed, step by step."""

from math import isnan

import numpy as np
import pytest

from dmi_sim.env.config import EnvConfig
from dmi_sim.env.posture_env import PostureEnv
from dmi_sim.names import exercises
from dmi_sim.outcome.stability import margin_of_stability_m
from dmi_sim.recording import Recording
from dmi_sim.rollout.environment import make_environment
from dmi_sim.rollout.recorder import (
    EpisodeEnd,
    record_episode,
    rollout,
    step_record,
    stride_hz,
    to_recording,
)
from tests.leaning import LIMIT_STEPS, Leaning, balance


def test_a_policy_that_balances_succeeds(leaning: str) -> None:
    episode = record_episode(make_environment(leaning, {}), balance(), seed=1)
    assert episode.is_success
    assert not episode.recording.fell
    assert not episode.recording.physics_fault
    assert 0 < episode.total_reward <= LIMIT_STEPS


def test_a_fall_is_recorded(leaning: str) -> None:
    recording = rollout(make_environment(leaning, {}), None, 1, {"push_rad": 0.4})
    assert recording.fell
    assert recording.upright_rad[-1] > 1


def test_a_fall_after_success_is_recorded_as_both() -> None:
    """A pole that starts almost upright stands for 2 s and falls before 3 s are over."""
    starts = ((seed, abs(Leaning().reset(seed=seed)[0][0])) for seed in range(1000))
    late = next(seed for seed, lean_rad in starts if 0.01 < lean_rad < 0.03)
    episode = record_episode(Leaning(), None, late)
    assert episode.is_success
    assert episode.recording.upright_rad[-1] > 1
    assert episode.recording.fell
    assert episode.recording.completion == 1.0


def test_success_does_not_end_a_recording(leaning: str) -> None:
    recording = rollout(make_environment(leaning, {}), balance(), seed=1)
    assert recording.time_s == pytest.approx(np.arange(1 + LIMIT_STEPS) / 20)


def test_a_fault_of_the_physics_is_recorded() -> None:
    class Breaks(Leaning):
        """Its physics goes wrong when it has leaned long enough."""

        def pressure(self) -> tuple[np.ndarray, float]:
            if self.state.time_s > 0.2:
                self.corrupt()
            return super().pressure()

    episode = record_episode(Breaks(), balance(), seed=1)
    assert episode.recording.physics_fault
    assert not episode.recording.fell
    assert not episode.is_success
    assert episode.recording.time_s[-1] < 0.5


def test_there_is_a_row_per_control_step_and_one_for_the_start(leaning: str) -> None:
    recording, rows = rollout(make_environment(leaning, {}), balance(), seed=1), 1 + LIMIT_STEPS
    assert recording.control_hz == 20
    assert recording.segment_pos_world.shape == (rows, 15, 3)
    assert recording.segment_quat_world.shape == (rows, 15, 4)
    assert recording.support_pos_world.shape == (rows, 0, 3)
    assert recording.activation_rms == pytest.approx(np.full(rows, 0.5))
    assert recording.support_share == pytest.approx(np.full(rows, 0.25))


def test_the_same_seed_gives_the_same_recording_whatever_came_before(leaning: str) -> None:
    env = make_environment(leaning, {})
    first = rollout(env, balance(), seed=9)
    rollout(env, None, seed=2)
    again = rollout(env, balance(), seed=9)
    assert np.array_equal(first.com_m, again.com_m)
    assert not np.array_equal(first.com_m, rollout(env, balance(), seed=10).com_m)


@pytest.fixture(scope="module")
def toppling() -> Recording:
    """An infant of seven months with reflexes only, who sits alone and topples."""
    env = make_environment("DMI/Sitting-v1", {"age_months": 7.0})
    try:
        return rollout(env, None, 3, {"support": "none", "pushes": False})
    finally:
        env.close()


def test_pressure_and_touch_are_seen_from_the_first_step_on(toppling: Recording) -> None:
    assert np.isnan(toppling.cop_m[0]).all()
    assert not toppling.contact_force[0].any()
    pelvis = toppling.segment_pos_world[5, 0]
    assert toppling.contact_force[5, 0] > 0.3
    assert toppling.cop_m[5, 2] == pytest.approx(0.0, abs=0.005)
    assert np.hypot(*(toppling.cop_m[5] - pelvis)[:2]) < 0.15


def test_an_infant_sits_inside_its_base_until_it_topples_out_of_it(toppling: Recording) -> None:
    margin = margin_of_stability_m(toppling)
    assert margin[5] > 0.02
    assert margin.min() < 0


def test_muscles_are_recorded_by_name_as_their_root_mean_square_is(toppling: Recording) -> None:
    assert toppling.activation.dtype == np.float32
    assert toppling.activation.shape == (toppling.time_s.size, toppling.muscle_names.size)
    assert "left_multifidus" in toppling.muscle_names
    rms = np.sqrt(np.mean(toppling.activation**2, axis=1))
    assert rms == pytest.approx(toppling.activation_rms, rel=1e-5)


def test_velocity_and_angles_are_those_of_the_motion(toppling: Recording) -> None:
    steps = np.diff(toppling.com_m, axis=0) * toppling.control_hz
    between = (toppling.com_velocity_m_s[1:] + toppling.com_velocity_m_s[:-1]) / 2
    assert steps[5:20] == pytest.approx(between[5:20], abs=0.01)
    assert toppling.joint_angle_rad.shape == (toppling.time_s.size, 34)


def test_work_only_adds_up_and_no_hands_do_none(toppling: Recording) -> None:
    positive, negative = np.diff(toppling.muscle_work_j, axis=0).T
    assert (positive >= 0).all()
    assert (negative <= 0).all()
    assert not toppling.support_work_j.any()
    assert not toppling.platform.any()


def test_a_recording_tells_what_was_held_at_each_step() -> None:
    """Two hands at the thighs, then one ring at the chest, then nobody."""
    env = PostureEnv(EnvConfig("sitting", support="thighs", support_strength=0.5))
    env.reset(seed=1)
    records = [step_record(env)]
    for act in (lambda: None, lambda: env.hold("axillae"), env.let_go):
        act()
        env.step(np.zeros(len(env.action_names), np.float32))
        records.append(step_record(env))
    recording = to_recording(records, env.infant, EpisodeEnd(control_hz=30))
    assert recording.support_site.tolist() == ["thighs", "thighs", "axillae", "none"]
    assert recording.support_strength.tolist() == [0.5, 0.5, 1.0, 0.0]
    hands = np.isfinite(recording.support_pos_world).all(axis=2).sum(axis=1)
    assert hands.tolist() == [2, 2, 1, 0]
    assert recording.support_force_world.shape == (4, 2, 3)
    assert np.isfinite(recording.support_force_world).all()
    env.close()


@pytest.mark.parametrize("exercise", exercises())
def test_a_recording_tells_mass_rhythm_and_how_fast_the_joints_move(exercise: str) -> None:
    env = PostureEnv(EnvConfig(exercise))
    env.reset(seed=1)
    records = [step_record(env)]
    for _ in range(3):
        env.step(np.full(len(env.action_names), 0.5, np.float32))
        records.append(step_record(env))
    recording = to_recording(records, env.infant, EpisodeEnd(30, stride_hz=stride_hz(env)))
    assert recording.mass_kg == env.infant.mass_kg
    rhythm = env.build.spec.cpg_frequency_hz
    assert isnan(recording.stride_hz) if rhythm is None else recording.stride_hz == rhythm
    assert np.array_equal(recording.joint_velocity_rad_s[-1], env.state.joint_velocity_rad_s)
    assert np.abs(recording.joint_velocity_rad_s[1:]).max() > 0
    env.close()
