"""The monitor adds up what happened and says where an environment broke."""

from typing import Any

import numpy as np
import pytest

from dmi_sim.rollout.environment import make_environment
from dmi_sim.training.monitor import TrainingMonitor, TrainingStatistics

NOTHING = np.zeros(1, dtype=np.float32)


def test_steps_rewards_and_assistance_add_up_over_environments(leaning: str) -> None:
    statistics, rewards = TrainingStatistics(), list[float]()
    for _ in range(2):
        monitor = TrainingMonitor(make_environment(leaning, {}), statistics)
        monitor.reset(seed=1)
        rewards += [float(monitor.step(NOTHING)[1]) for _ in range(3)]
    assert statistics.steps == 6
    assert statistics.episodes == 2
    assert statistics.reward == pytest.approx(sum(rewards))
    assert statistics.support_force_sum_n == pytest.approx(6 * 3.0)
    assert statistics.support_share_sum == pytest.approx(6 * 0.25)


def test_an_episode_without_a_step_is_none(leaning: str) -> None:
    statistics = TrainingStatistics()
    TrainingMonitor(make_environment(leaning, {}), statistics).reset(seed=1)
    assert statistics.episodes == 0


def test_an_environment_without_hands_gives_no_assistance() -> None:
    statistics = TrainingStatistics()
    monitor = TrainingMonitor(make_environment("Pendulum-v1", {}), statistics)
    monitor.reset(seed=0)
    monitor.step(NOTHING)
    assert (statistics.steps, statistics.support_force_sum_n, statistics.support_share_sum) == (
        1,
        0.0,
        0.0,
    )


def test_cleared_statistics_are_new_ones() -> None:
    statistics = TrainingStatistics(
        steps=3, episodes=1, reward=2.0, support_force_sum_n=1.0, support_share_sum=1.0
    )
    statistics.clear()
    assert statistics == TrainingStatistics()


def test_a_fault_names_environment_seed_episode_step_and_action(leaning: str) -> None:
    monitor = TrainingMonitor(make_environment(leaning, {"broken_step": 2}), TrainingStatistics())
    monitor.reset(seed=7)
    monitor.reset()
    monitor.step(NOTHING)
    monitor.step(NOTHING)
    with pytest.raises(ZeroDivisionError, match="a joint came off") as caught:
        monitor.step(np.array([0.5], dtype=np.float32))
    assert caught.value.__notes__ == [
        "in Test/Leaning-v0, seed 7, episode 2 since that seed, step 2: action [0.5]"
    ]


def test_a_fault_in_a_reset_names_the_seed(leaning: str) -> None:
    monitor = TrainingMonitor(make_environment(leaning, {}), TrainingStatistics())
    with pytest.raises(TypeError) as caught:
        monitor.reset(seed=5, options={"push_rad": "left"})
    assert "seed 5, episode 1 since that seed, step 0: reset" in caught.value.__notes__[0]


def test_the_learner_gets_the_info_of_the_last_step_only(leaning: str) -> None:
    monitor = TrainingMonitor(make_environment(leaning, {}), TrainingStatistics())
    assert monitor.reset(seed=0)[1] == {}
    rewards: list[float] = []
    info: dict[str, Any] = {}
    while not info:
        _, reward, terminated, truncated, info = monitor.step(NOTHING)
        rewards.append(float(reward))
        assert bool(info) == (terminated or truncated)
    assert info["episode"] == {"r": pytest.approx(sum(rewards)), "l": len(rewards)}
    assert "is_success" in info


def test_who_looks_on_gets_every_info(leaning: str) -> None:
    statistics = TrainingStatistics(passes_info=True)
    monitor = TrainingMonitor(make_environment(leaning, {}), statistics)
    monitor.reset(seed=0)
    assert "reward/upright" in monitor.step(NOTHING)[4]
