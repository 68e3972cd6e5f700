"""Checkers and wrappers of the libraries are content with every environment."""

import gymnasium as gym
import pytest
from gymnasium.utils.env_checker import check_env
from stable_baselines3.common.env_checker import check_env as check_env_sb3

import dmi_sim
from dmi_sim.env.actions import ACTION_MODES

IDS = dmi_sim.environments()


@pytest.mark.parametrize("mode", ACTION_MODES)
@pytest.mark.parametrize("name", IDS)
def test_the_checker_of_gymnasium_is_content(name: str, mode: str) -> None:
    env = gym.make(name, render_mode="rgb_array", action_mode=mode)
    check_env(env.unwrapped)
    env.close()


# Muscles only pull: their actions go from 0 to 1, and the checker's advice is no fault.
@pytest.mark.filterwarnings("ignore:We recommend you to use a symmetric:UserWarning")
@pytest.mark.parametrize("mode", ACTION_MODES)
@pytest.mark.parametrize("name", IDS)
def test_the_checker_of_stable_baselines_is_content(name: str, mode: str) -> None:
    env = gym.make(name, render_mode="rgb_array", action_mode=mode)
    check_env_sb3(env.unwrapped, warn=True)
    env.close()


@pytest.mark.parametrize("name", IDS)
def test_every_environment_plays_through_gymnasiums_wrappers(name: str) -> None:
    env = gym.make(name, support_strength=0.5)
    env.reset(seed=1, options={"silent_muscles": False})
    for _ in range(20):
        _, _, terminated, truncated, _ = env.step(env.action_space.sample())
        if terminated or truncated:
            env.reset()
    env.close()
