"""An environment is reset before it is stepped, and freed when nobody needs it."""

import gc
from typing import Any

import gymnasium as gym
import pytest
from gymnasium.error import ResetNeeded

import dmi_sim
from dmi_sim.env.config import EnvConfig
from dmi_sim.env.posture_env import PostureEnv
from tests.env.episodes import play, zero_action
from tests.physics.bullet_access import client_of, corrupt, engine_of

IDS = dmi_sim.environments()


@pytest.mark.parametrize("name", IDS)
def test_nothing_is_simulated_without_a_reset(name: str) -> None:
    """Neither before the first, nor after the end of an episode, nor after closing."""
    env = gym.make(name, disable_env_checker=True).unwrapped
    assert isinstance(env, PostureEnv)
    with pytest.raises(ResetNeeded, match="before the first reset"):
        env.step(zero_action(env))
    env.reset(seed=1)
    corrupt(env.world)  # which ends any episode
    assert env.step(zero_action(env))[3]
    with pytest.raises(ResetNeeded, match="the episode is over"):
        env.step(zero_action(env))
    env.reset(seed=1)
    env.close()
    env.close()
    for act in (lambda: env.step(zero_action(env)), env.get_state, env.let_go):
        with pytest.raises(ResetNeeded, match=r"nor after close\(\)"):
            act()


def test_a_reset_opens_a_closed_environment_again() -> None:
    env = PostureEnv(EnvConfig("sitting"))
    expected = play(env, 5)
    env.close()
    assert play(env, 5) == expected
    env.close()


def test_there_is_nothing_to_render_before_the_first_reset() -> None:
    env = PostureEnv(EnvConfig("sitting"), render_mode="rgb_array")
    with pytest.raises(ResetNeeded, match="before the first reset"):
        env.render()
    env.close()


def test_an_environment_closes_with_its_block() -> None:
    with PostureEnv(EnvConfig("sitting")) as env:
        env.reset(seed=1)
    with pytest.raises(ResetNeeded):
        env.step(zero_action(env))


def test_an_environment_that_nobody_closed_is_freed() -> None:
    ends: list[Any] = []
    for _ in range(3):
        env = PostureEnv(EnvConfig("sitting"))
        env.reset(seed=1)
        env.step(zero_action(env))
        client = client_of(engine_of(env.world))
        ends.append(client._disconnect)  # pyright: ignore[reportPrivateUsage]
        del env, client
    gc.collect()
    assert not any(end.alive for end in ends)


@pytest.mark.parametrize("name", ["state", "context", "completion", "is_pushed"])
def test_before_the_first_reset_there_is_no_episode(name: str) -> None:
    fresh = PostureEnv(EnvConfig("sitting"))
    with pytest.raises(ResetNeeded, match="before the first reset"):
        getattr(fresh, name)
    fresh.close()
    fresh.close()


def test_an_episode_gives_the_environment_no_new_attributes() -> None:
    fresh = PostureEnv(EnvConfig("sitting"))
    before = set(vars(fresh)) | {"_np_random", "_np_random_seed"}  # those of gymnasium.Env
    play(fresh, 2)
    assert set(vars(fresh)) <= before
    fresh.close()
