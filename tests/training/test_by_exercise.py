"""One policy in several exercises: each counts alike, however large its rewards are."""

from functools import partial
from pathlib import Path

import numpy as np
import pytest
from gymnasium.spaces import Box
from stable_baselines3.common.buffers import RolloutBuffer

from dmi_sim.arrays import Vector
from dmi_sim.names import INFANT_ID
from dmi_sim.rollout.environment import make_environment
from dmi_sim.spec.curriculum import CurriculumSpec
from dmi_sim.training.by_exercise import ReturnScales
from dmi_sim.training.checkpoints import newest_checkpoint
from dmi_sim.training.collector import PracticeVecEnv
from dmi_sim.training.curriculum import practice_groups
from dmi_sim.training.policy import Array
from dmi_sim.training.trainer import Trainer
from tests.training.curricula import curriculum
from tests.training.pendulum import parameters

SLOTS = ("sitting", "standing", "standing", "sitting")


def after(steps: int, scales: ReturnScales, rewards: Array, *, ends: bool = False) -> Array:
    """The scaled rewards of the last of some steps with the same rewards."""
    dones = np.full(rewards.size, ends)
    for _ in range(steps - 1):
        scales.scaled(rewards, dones)
    return scales.scaled(rewards, dones)


def test_rewards_of_any_size_are_learnt_from_as_rewards_of_one_size() -> None:
    differ = np.array([0.5, 40.0, 40.0, 0.5], np.float32)
    scaled = after(3000, ReturnScales(SLOTS, 0.9), differ)
    assert scaled == pytest.approx(np.full(4, 0.1), rel=0.03)


def test_the_size_is_that_of_returns() -> None:
    """Steady rewards r add up to r / (1 - gamma), unless episodes end at once."""
    reward = np.array([2.0], np.float32)
    assert after(3000, ReturnScales(["sitting"], 0.9), reward) == pytest.approx([0.1], rel=0.03)
    single = after(3000, ReturnScales(["sitting"], 0.9), reward, ends=True)
    assert single == pytest.approx([1.0], rel=0.03)


def test_a_return_ends_where_practice_begins_anew() -> None:
    scales, reward = ReturnScales(["sitting"], 0.9), np.array([2.0], np.float32)
    for _ in range(3000):
        after(1, scales, reward)
        scales.begin()
    assert after(1, scales, reward) == pytest.approx([1.0], rel=0.03)


def test_advantages_of_each_exercise_have_mean_0_and_deviation_1() -> None:
    space = Box(-1, 1, (1,))
    buffer = RolloutBuffer(8, space, space, device="cpu", n_envs=4)
    buffer.advantages = np.random.default_rng(1).normal(3.0, (1, 50, 50, 1), (8, 4))
    ReturnScales(SLOTS, 0.9).normalise_advantages(buffer)
    for slots in ([0, 3], [1, 2]):
        one = buffer.advantages[:, slots]
        assert one.mean() == pytest.approx(0, abs=1e-6)
        assert one.std() == pytest.approx(1, abs=1e-6)


def test_practice_in_which_exercises_count_alike_stops_and_goes_on_exactly(tmp_path: Path) -> None:
    chosen = curriculum(exercises_count_alike=True)

    def learnt(folder: Path, chosen: CurriculumSpec, *until: int) -> Vector:
        for steps in until:
            groups = practice_groups(chosen.practice, {})
            trainer = (
                Trainer.resume(folder, groups)
                if folder.exists()
                else Trainer.start(groups, chosen.training, 3, folder)
            )
            trainer.train_until(steps)
            trainer.save()
            trainer.close()
        return parameters(folder)

    straight = learnt(tmp_path / "straight", chosen, 96)
    assert np.array_equal(straight, learnt(tmp_path / "resumed", chosen, 48, 96))
    scales = newest_checkpoint(tmp_path / "resumed").state.return_scales
    assert scales is not None
    assert sorted(scales) == ["sitting", "standing"]
    assert not np.array_equal(straight, learnt(tmp_path / "other", curriculum(), 96))


def filled(rows: list[list[str]]) -> tuple[ReturnScales, RolloutBuffer]:
    """A rollout in which slots went on to other exercises, and the scales that followed them."""
    scales = ReturnScales(rows[0], 0.9)
    for row in rows:
        scales.practise(row)
        scales.scaled(np.ones(len(row), np.float32), np.ones(len(row), bool))
    space = Box(-1, 1, (1,))
    buffer = RolloutBuffer(len(rows), space, space, device="cpu", n_envs=len(rows[0]))
    shape = len(rows), len(rows[0])
    buffer.advantages = np.random.default_rng(1).normal(3.0, 5.0, shape).astype(np.float32)
    return scales, buffer


def test_advantages_follow_the_exercise_that_a_slot_practises_at_each_step() -> None:
    rows = [["sitting", "standing"]] * 3 + [["standing", "rolling"]] * 4 + [["sitting"] * 2] * 2
    scales, buffer = filled(rows)
    scales.normalise_advantages(buffer)
    practised = np.array(rows)
    for name in ("sitting", "standing", "rolling"):
        one = buffer.advantages[practised == name]
        assert one.mean() == pytest.approx(0, abs=1e-6)
        assert one.std() == pytest.approx(1, abs=1e-5)


def test_a_rollout_of_slots_that_stay_is_as_if_they_could_not_move() -> None:
    scales, buffer = filled([list(SLOTS)] * 6)
    _, untold = filled([list(SLOTS)] * 6)
    scales.normalise_advantages(buffer)
    ReturnScales(SLOTS, 0.9).normalise_advantages(untold)
    assert np.array_equal(buffer.advantages, untold.advantages)


def test_rewards_are_scaled_by_the_exercise_of_now_and_the_other_is_not_forgotten() -> None:
    scales = ReturnScales(["sitting"], 0.9)
    after(3000, scales, np.array([40.0], np.float32), ends=True)
    large = scales.state["sitting"]
    scales.practise(["standing"])
    standing = after(3000, scales, np.array([5.0], np.float32), ends=True)
    assert standing == pytest.approx([1.0], rel=0.03)
    assert scales.state["sitting"] == large
    assert scales.state["standing"][0] == pytest.approx(25, rel=0.1)


def test_practice_tells_which_exercise_each_slot_is_in() -> None:
    """Also one that changes at a reset, as in the environment of all exercises."""
    envs = PracticeVecEnv([partial(make_environment, INFANT_ID, {"exercise": "sitting"})])
    envs.return_scales = ReturnScales(["sitting"], 0.9)
    envs.reset()
    still = np.zeros((1, *(envs.action_space.shape or ())), np.float32)
    envs.step(still)
    envs.get_attr("unwrapped")[0].set_default_options({"exercise": "standing"})
    for _ in range(300):  # sitting lasts for ten seconds at most
        envs.step(still)
        if "standing" in envs.return_scales.state:
            break
    assert list(envs.return_scales.state) == ["sitting", "standing"]
    sat = envs.return_scales.state["sitting"]
    envs.step(still)
    assert envs.return_scales.state["sitting"] == sat
    envs.close()
