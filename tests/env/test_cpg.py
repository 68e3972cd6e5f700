"""The pattern generator: bursts take turns, and do nothing unless they are asked to."""

from dataclasses import replace

import numpy as np
import pytest
from pydantic import ValidationError

from dmi_sim.arrays import Vector
from dmi_sim.catalog import Catalog
from dmi_sim.env.config import EnvConfig, build_env
from dmi_sim.env.cpg import PatternGenerator, build_cpg
from dmi_sim.env.posture_env import PostureEnv
from dmi_sim.spec.exercise import ExerciseSpec

STEPS = ("left_step", "right_step")
CYCLES_HZ = 2.0


def walking(**changes: object) -> ExerciseSpec:
    """The exercise with another frequency."""
    spec = Catalog.shipped().load(ExerciseSpec, "walking_v0").model_dump()
    return ExerciseSpec.model_validate(spec | {"cpg_frequency_hz": CYCLES_HZ} | changes)


def stepping() -> PatternGenerator:
    cpg = build_cpg(walking(), (*STEPS, "hips_flexion"))
    assert cpg is not None
    return cpg


def gains_over_a_cycle() -> Vector:
    times_s = np.linspace(0, 1 / CYCLES_HZ, 101)
    return np.array([stepping().gains(t) for t in times_s])


def test_legs_take_turns() -> None:
    left, right, _ = gains_over_a_cycle().T
    assert np.all(np.minimum(left, right) < 1e-12)


def test_each_bursts_once_in_a_cycle_to_its_full_size() -> None:
    left, right, _ = gains_over_a_cycle().T
    assert left.argmax() == 25
    assert right.argmax() == 75
    assert left.max() == pytest.approx(1)
    assert right.max() == pytest.approx(1)


def test_the_mean_over_a_cycle_is_that_of_half_a_sine() -> None:
    assert gains_over_a_cycle()[:-1, 0].mean() == pytest.approx(1 / np.pi, rel=1e-3)


def test_bursts_grow_at_the_start_of_an_episode() -> None:
    """As in the repertoire, where else the first foot would be lifted before weight has left it."""
    at_once, growing = stepping(), replace(stepping(), ramp_s=2.0)
    for time_s in (0.0, 0.3, 1.0, 1.7):
        left, right, other = growing.gains(time_s)
        assert (left, right) == pytest.approx(at_once.gains(time_s)[:2] * time_s / 2.0)
        assert other == 1
    assert (growing.gains(2.3) == at_once.gains(2.3)).all()
    assert build_env(EnvConfig("walking")).spec.cpg_ramp_s > 0
    assert build_env(EnvConfig("walking_v0")).spec.cpg_ramp_s == 0


def test_other_synergies_act_all_the_time() -> None:
    assert np.all(gains_over_a_cycle()[:, 2] == 1)


def test_the_phase_goes_once_round_in_a_cycle() -> None:
    assert stepping().phase_rad(1 / CYCLES_HZ) == pytest.approx(2 * np.pi)


def test_single_muscles_have_no_pattern_generator() -> None:
    assert build_cpg(walking(), ("left_hip_flexor", "right_hip_flexor")) is None


def test_a_generator_of_a_repertoire_rests_where_an_exercise_has_no_rhythm() -> None:
    build = build_env(EnvConfig("sitting"))
    cpg = build_cpg(build.spec, build.actions(build.start.angle_rad).names)
    assert cpg is not None
    assert cpg.rests
    for name, gain in zip(build.spec.synergies, cpg.gains(0.3), strict=True):
        assert gain == (build.spec.synergies[name].cpg_phase_deg is None), name


def test_a_phase_without_a_frequency_is_refused() -> None:
    with pytest.raises(
        ValidationError, match="left_step: cpg_phase_deg, but there is no cpg_frequency_hz"
    ):
        walking(cpg_frequency_hz=None)


def test_a_frequency_without_phases_is_refused() -> None:
    standing = Catalog.shipped().load(ExerciseSpec, "standing_v0").model_dump()
    with pytest.raises(ValidationError, match="no synergy has a cpg_phase_deg"):
        ExerciseSpec.model_validate(standing | {"cpg_frequency_hz": 1.0})


def flexion_of_hips_rad(action: Vector, steps: int) -> Vector:
    """Angles of left and right hip over a while, supported, shape (steps, 2)."""
    env = PostureEnv(EnvConfig("walking_v0", support="axillae"))
    env.reset(seed=0)
    moved: list[list[float]] = []
    for _ in range(steps):
        env.step(action.astype(np.float32))
        moved.append([env.state.joint_angle_rad[axis] for axis in _hips(env)])
    env.close()
    return np.array(moved)


def _hips(env: PostureEnv) -> tuple[int, int]:
    names = list(env.build.spec.synergies)
    columns = (names.index(name) for name in STEPS)
    left, right = (int(np.abs(env.build.angle_matrix[:, c]).argmax()) for c in columns)
    return left, right


def test_a_supported_infant_steps_with_one_leg_and_then_the_other() -> None:
    env = PostureEnv(EnvConfig("walking_v0", support="axillae"))
    action = np.array([float(name in STEPS) for name in env.action_names])
    env.close()
    left, right = flexion_of_hips_rad(action, 30).T
    assert (left - right)[:20].max() > 0.2
    assert (right - left)[20:].max() > 0.2


def test_the_phase_is_observed() -> None:
    env = PostureEnv(EnvConfig("walking", support="axillae"))
    env.reset(seed=0)
    sine, cosine = (env.observation_names.index(name) for name in ("cpg_phase[0]", "cpg_phase[1]"))
    felt = [env.step(np.zeros(len(env.action_names), np.float32))[0] for _ in range(30)]
    cycles = 29 / 30 * (env.build.spec.cpg_frequency_hz or 0.0)
    env.close()
    around = np.unwrap([np.arctan2(o[sine], o[cosine]) for o in felt])
    assert around[-1] - around[0] == pytest.approx(2 * np.pi * cycles, abs=1e-5)
