"""A recording is what the environment showed, step by step."""

from typing import ClassVar

import numpy as np
import pytest
from numpy.typing import NDArray

from dmi_sim.outcome.stability import margin_of_stability_m
from dmi_sim.recording import Recording
from dmi_sim.rollout.recorder import rollout, run_episode
from dmi_sim.training.interface import make_environment


class Balance:
    """Pushes against lean and lean rate."""

    gain: ClassVar[NDArray[np.float32]] = np.array([3.0, 1.0], dtype=np.float32)

    def predict(self, observation: NDArray[np.float32]) -> NDArray[np.float32]:
        return np.clip(-self.gain @ observation, -1, 1).reshape(1).astype(np.float32)


class Nothing:
    """The zero action."""

    def predict(self, observation: NDArray[np.float32]) -> NDArray[np.float32]:
        return np.zeros(1, dtype=np.float32)


def test_a_policy_that_balances_succeeds(leaning: str) -> None:
    episode = run_episode(make_environment(leaning, {}), Balance(), seed=1)
    assert episode.is_success
    assert not episode.recording.fell
    assert not episode.recording.physics_fault
    assert 0 < episode.total_reward <= 40


def test_a_relaxed_one_falls(leaning: str) -> None:
    recording = rollout(make_environment(leaning, {}), None, 1, {"push_rad": 0.4})
    assert recording.fell
    assert recording.upright_rad[-1] > 1


def test_there_is_a_row_per_control_step_and_one_for_the_start(leaning: str) -> None:
    recording = rollout(make_environment(leaning, {}), Balance(), seed=1)
    assert recording.time_s == pytest.approx(np.arange(41) / 20)
    assert recording.control_hz == 20
    assert recording.segment_pos_world.shape == (41, 15, 3)
    assert recording.segment_quat_world.shape == (41, 15, 4)
    assert recording.support_pos_world.shape == (41, 0, 3)
    assert recording.activation_rms == pytest.approx(np.full(41, 0.5))
    assert recording.support_share == pytest.approx(np.full(41, 0.25))


def test_a_missing_policy_is_the_zero_action(leaning: str) -> None:
    env = make_environment(leaning, {})
    none, zero = (rollout(env, policy, seed=4) for policy in (None, Nothing()))
    assert np.array_equal(none.com_m, zero.com_m)


def test_the_same_seed_gives_the_same_recording_whatever_came_before(leaning: str) -> None:
    env = make_environment(leaning, {})
    first = rollout(env, Balance(), seed=9)
    rollout(env, None, seed=2)
    again = rollout(env, Balance(), seed=9)
    assert np.array_equal(first.com_m, again.com_m)
    assert not np.array_equal(first.com_m, rollout(env, Balance(), seed=10).com_m)


def test_options_reach_the_reset(leaning: str) -> None:
    env = make_environment(leaning, {})
    plain, pushed = (rollout(env, None, 1, options) for options in (None, {"push_rad": 0.2}))
    assert pushed.com_m[0, 0] - plain.com_m[0, 0] == pytest.approx(0.2)


def test_a_fault_tells_where(leaning: str) -> None:
    env = make_environment(leaning, {"broken_step": 3})
    with pytest.raises(ZeroDivisionError) as caught:
        rollout(env, None, seed=8)
    (note,) = caught.value.__notes__
    assert note == ("in Test/Leaning-v0, seed 8, episode 1 since that seed, step 3: action [0.0]")


@pytest.fixture(scope="module")
def relaxed() -> Recording:
    """A relaxed infant of seven months who sits down alone and topples."""
    env = make_environment("DMI/Sitting-v0", {"age_months": 7.0})
    try:
        return rollout(env, None, 3, {"support": "none", "pushes": False})
    finally:
        env.close()


def test_pressure_and_touch_are_seen_from_the_first_step_on(relaxed: Recording) -> None:
    assert np.isnan(relaxed.cop_m[0]).all()
    assert not relaxed.contact_force[0].any()
    pelvis = relaxed.segment_pos_world[5, 0]
    assert relaxed.contact_force[5, 0] > 0.3
    assert relaxed.cop_m[5, 2] == pytest.approx(0.0, abs=0.005)
    assert np.hypot(*(relaxed.cop_m[5] - pelvis)[:2]) < 0.15


def test_an_infant_sits_inside_its_base_until_it_topples_out_of_it(relaxed: Recording) -> None:
    margin = margin_of_stability_m(relaxed)
    assert margin[5] > 0.02
    assert margin.min() < 0


def test_muscles_are_recorded_by_name_as_their_root_mean_square_is(relaxed: Recording) -> None:
    assert relaxed.activation.dtype == np.float32
    assert relaxed.activation.shape == (relaxed.time_s.size, relaxed.muscle_names.size)
    assert "left_multifidus" in relaxed.muscle_names
    rms = np.sqrt(np.mean(relaxed.activation**2, axis=1))
    assert rms == pytest.approx(relaxed.activation_rms, rel=1e-5)


def test_velocity_and_angles_are_those_of_the_motion(relaxed: Recording) -> None:
    steps = np.diff(relaxed.com_m, axis=0) * relaxed.control_hz
    between = (relaxed.com_velocity_m_s[1:] + relaxed.com_velocity_m_s[:-1]) / 2
    assert steps[5:20] == pytest.approx(between[5:20], abs=0.01)
    assert relaxed.joint_angle_rad.shape == (relaxed.time_s.size, 34)


def test_work_only_adds_up_and_no_hands_do_none(relaxed: Recording) -> None:
    given, taken = np.diff(relaxed.muscle_work_j, axis=0).T
    assert (given >= 0).all()
    assert (taken <= 0).all()
    assert not relaxed.support_work_j.any()
    assert not relaxed.platform.any()
