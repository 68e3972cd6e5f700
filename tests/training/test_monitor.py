"""The diary adds up what happened and says where an environment broke."""

import numpy as np
import pytest

from dmi_sim.training.interface import make_environment
from dmi_sim.training.monitor import TrainingMonitor, TrainingStatistics

NOTHING = np.zeros(1, dtype=np.float32)


def test_steps_rewards_and_assistance_add_up_over_environments(leaning: str) -> None:
    tally, rewards = TrainingStatistics(), list[float]()
    for _ in range(2):
        diary = TrainingMonitor(make_environment(leaning, {}), tally)
        diary.reset(seed=1)
        rewards += [float(diary.step(NOTHING)[1]) for _ in range(3)]
    assert tally.steps == 6
    assert tally.episodes == 2
    assert tally.reward == pytest.approx(sum(rewards))
    assert tally.support_force_sum_n == pytest.approx(6 * 3.0)
    assert tally.support_share_sum == pytest.approx(6 * 0.25)


def test_an_episode_without_a_step_is_none(leaning: str) -> None:
    tally = TrainingStatistics()
    TrainingMonitor(make_environment(leaning, {}), tally).reset(seed=1)
    assert tally.episodes == 0


def test_an_environment_without_hands_gives_no_assistance() -> None:
    tally = TrainingStatistics()
    diary = TrainingMonitor(make_environment("Pendulum-v1", {}), tally)
    diary.reset(seed=0)
    diary.step(NOTHING)
    assert (tally.steps, tally.support_force_sum_n, tally.support_share_sum) == (1, 0.0, 0.0)


def test_a_cleared_tally_is_a_new_one() -> None:
    tally = TrainingStatistics(
        steps=3, episodes=1, reward=2.0, support_force_sum_n=1.0, support_share_sum=1.0
    )
    tally.clear()
    assert tally == TrainingStatistics()


def test_a_fault_tells_environment_seed_episode_step_and_action(leaning: str) -> None:
    diary = TrainingMonitor(make_environment(leaning, {"broken_step": 2}), TrainingStatistics())
    diary.reset(seed=7)
    diary.reset()
    diary.step(NOTHING)
    diary.step(NOTHING)
    with pytest.raises(ZeroDivisionError, match="a joint came off") as caught:
        diary.step(np.array([0.5], dtype=np.float32))
    assert caught.value.__notes__ == [
        "in Test/Leaning-v0, seed 7, episode 2 since that seed, step 2: action [0.5]"
    ]


def test_a_fault_in_a_reset_tells_the_seed(leaning: str) -> None:
    diary = TrainingMonitor(make_environment(leaning, {}), TrainingStatistics())
    with pytest.raises(TypeError) as caught:
        diary.reset(seed=5, options={"push_rad": "left"})
    assert "seed 5, episode 1 since that seed, step 0: reset" in caught.value.__notes__[0]


def test_the_learner_gets_no_info_to_copy(leaning: str) -> None:
    diary = TrainingMonitor(make_environment(leaning, {}), TrainingStatistics())
    assert diary.reset(seed=0)[1] == {}
    assert diary.step(NOTHING)[4] == {}
