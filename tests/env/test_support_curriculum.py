"""Practice in which hands change from episode to episode, whoever resets the environment."""

from typing import Any

import gymnasium as gym
import numpy as np
import pytest

import dmi_sim
from dmi_sim.env.posture_env import Action, PostureEnv
from dmi_sim.env.support_curriculum import (
    SupportCurriculum,
    SupportProgress,
    support_of,
    with_support_curriculum,
)
from dmi_sim.env.support_schedule import ScheduledSupport, SupportState
from dmi_sim.errors import InputError
from dmi_sim.rollout.episode import episode
from tests.physics.bullet_access import corrupt
from tests.spec.test_support_schedule import RULES

DOWN: dict[str, Any] = {
    "site": ["axillae", "pelvis"],
    "move_after": {"success": 1.0, "of_last": 2},
    "firmness": {"from": 0.5, "to": 0.1, "by": "competence"},
}


def practised(support: Any, **arguments: Any) -> SupportCurriculum:
    return SupportCurriculum(gym.make("DMI/Sitting-v0", support=support), **arguments)


def inner(env: gym.Env[Any, Any]) -> PostureEnv:
    found = env.unwrapped
    assert isinstance(found, PostureEnv)
    return found


def nothing(env: gym.Env[Any, Any]) -> Action:
    """The zero action."""
    return np.zeros(len(inner(env).action_names), np.float32)


def finish(env: gym.Env[Any, Any], steps: int = 400) -> dict[str, Any]:
    """Play to the end of an episode."""
    for _ in range(steps):
        *_, terminated, truncated, info = env.step(nothing(env))
        if terminated or truncated:
            return info
    raise AssertionError("the episode has no end")


def test_hands_move_on_when_the_infant_succeeds() -> None:
    """In version 0, where hands at the armpits are enough to sit."""
    env = SupportCurriculum(gym.make("DMI/Sitting-v0", support={**DOWN, "firmness": 1.0}))
    for site in ("axillae", "axillae", "pelvis"):
        env.reset(seed=0)
        env.step(nothing(env))
        assert inner(env).state.support_site == site
        if site == "axillae":
            assert finish(env)["is_success"]
    env.close()


def test_help_as_needed_grows_for_a_limp_infant() -> None:
    env = practised({"site": "pelvis", "firmness": {"from": 0.0, "by": "need"}})
    firmness: list[float] = []
    for seed in range(6):
        env.reset(seed=seed, options={"silent_muscles": True})
        assert not finish(env)["is_success"]
        firmness.append(env.next_support.firmness)
    assert firmness == sorted(firmness)
    assert firmness[-1] > 0.5
    env.close()


def test_help_as_needed_goes_for_one_that_sits_alone() -> None:
    policy = dmi_sim.load_policy("sitting_0")
    held = {"site": "pelvis", "firmness": {"from": 1.0, "by": "need"}}
    env = SupportCurriculum(gym.make("DMI/Sitting-v0", support=held))
    firmness: list[float] = []
    for seed in range(8):
        assert list(episode(env, policy, seed))[-1].info["is_success"]
        firmness.append(env.next_support.firmness)
    assert firmness == pytest.approx([0.8**n for n in range(1, 9)])
    env.close()


def test_environments_that_share_progress_practise_as_one_infant() -> None:
    progress = SupportProgress()
    one, other = (practised(DOWN, progress=progress) for _ in range(2))
    for env in (one, other):
        env.reset(seed=0, options={"support_strength": 1.0})
        progress.state = progress.state.model_copy(update={"successes": (True,)})
    assert one.next_support == other.next_support == ScheduledSupport("axillae", 0.3)
    one.close()
    other.close()


def test_a_vectorised_environment_that_resets_itself_keeps_the_schedule() -> None:
    from stable_baselines3.common.vec_env import DummyVecEnv

    progress = SupportProgress()
    schedule = {"site": "pelvis", "firmness": {"from": 0.0, "by": "need", "forgetting": 0.9}}
    envs = DummyVecEnv([lambda: practised(schedule, progress=progress)] * 2)
    envs.reset()
    episodes, held = 0, set[float]()
    while episodes < 4:
        _, _, dones, _ = envs.step(np.zeros((2, *envs.action_space.shape)))  # type: ignore[misc]
        episodes += int(dones.sum())
        held |= {inner(env).state.support_strength for env in envs.envs}
    assert len(held) >= 3
    assert max(held) > 0.2
    envs.close()


def test_an_episode_with_hands_of_its_own_is_practice_but_tells_nothing() -> None:
    env = practised(DOWN)
    env.reset(seed=0, options={"support": "none"})
    assert not finish(env)["is_success"]
    assert env.progress.state.successes == ()
    assert env.progress.state.dose_h > 0
    env.close()


def test_an_episode_that_is_cut_off_is_practice_but_tells_nothing() -> None:
    env = practised(DOWN)
    env.reset(seed=0)
    for _ in range(30):
        env.step(nothing(env))
    env.reset(seed=1)
    assert env.progress.state.successes == ()
    assert env.progress.state.dose_h == pytest.approx(1 / 3600)
    env.close()


def test_a_physics_fault_is_no_failure_of_the_infant() -> None:
    env = practised(DOWN)
    env.reset(seed=0)
    corrupt(inner(env).world)
    assert finish(env)["physics_fault"]
    assert env.progress.state.successes == ()
    env.close()


def test_an_environment_alone_begins_each_episode_anew() -> None:
    """One seed always gives one episode; only the wrapper remembers."""
    env = gym.make("DMI/Sitting-v1", support="as_needed")
    seen: list[Any] = []
    for _ in range(2):
        first, _ = env.reset(seed=5)
        finish(env)
        seen.append((first.tolist(), inner(env).state.com_m.tolist()))
    assert seen[0] == seen[1]
    env.close()


def test_a_share_of_the_dose_needs_a_dose() -> None:
    by_share = {"site": "pelvis", "firmness": RULES["share of the dose"]}
    with pytest.raises(InputError, match=r"over_share: a share of what"):
        practised(by_share)
    env = practised(by_share, planned_h=1.0)
    env.progress.state = env.progress.state.model_copy(update={"dose_h": 0.25})
    assert env.next_support.firmness == 0.5
    env.close()


@pytest.mark.parametrize("planned_h", [0.0, -1.0, float("nan")])
def test_no_practice_cannot_be_planned(planned_h: float) -> None:
    with pytest.raises(InputError, match=r"planned_h: .* is not above 0"):
        practised(DOWN, planned_h=planned_h)


def test_progress_on_another_schedule_is_refused() -> None:
    far = SupportProgress(SupportState(site=2))
    with pytest.raises(InputError, match="progress: site 2 of a schedule of 2, from 0"):
        practised(DOWN, progress=far)


@pytest.mark.filterwarnings("ignore:.*different from the unwrapped version:UserWarning")
def test_a_curriculum_passes_the_checkers_of_the_ecosystem() -> None:
    from gymnasium.utils.env_checker import check_env
    from stable_baselines3.common.env_checker import check_env as check_sb3

    env = practised(DOWN)
    check_env(env, skip_render_check=True)
    check_sb3(env)
    env.close()


def test_other_environments_have_no_hands() -> None:
    pendulum = gym.make("Pendulum-v1")
    assert with_support_curriculum(pendulum, SupportProgress()) is pendulum
    assert support_of(pendulum, SupportState()) == ScheduledSupport("none", 0.0)
    with pytest.raises(InputError, match="needs an environment DMI"):
        SupportCurriculum(pendulum)


def test_plain_hands_need_no_curriculum() -> None:
    env = gym.make("DMI/Sitting-v1", support="pelvis", support_strength=0.5)
    assert with_support_curriculum(env, SupportProgress()) is env
    assert support_of(env, SupportState()) == ScheduledSupport("pelvis", 0.5)
    env.close()


def test_no_hands_are_told_as_none_without_strength() -> None:
    env = gym.make("DMI/Sitting-v1")
    assert support_of(env, SupportState()) == ScheduledSupport("none", 0.0)
    env.close()
