"""One policy in several exercises: each counts alike, however large its rewards are."""

from pathlib import Path

import numpy as np
import pytest
from gymnasium.spaces import Box
from stable_baselines3.common.buffers import RolloutBuffer

from dmi_sim.arrays import Vector
from dmi_sim.spec.curriculum import CurriculumSpec
from dmi_sim.training.by_exercise import ReturnScales
from dmi_sim.training.checkpoints import newest_checkpoint
from dmi_sim.training.curriculum import practice_groups
from dmi_sim.training.policy import Array
from dmi_sim.training.trainer import Trainer
from tests.training.test_curriculum import curriculum
from tests.training.test_trainer import parameters

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
