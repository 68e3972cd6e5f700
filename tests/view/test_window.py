"""The live page of `render_mode="human"`: served on this machine only, at the speed of life."""

import time
import urllib.request
from collections.abc import Iterator

import gymnasium as gym
import numpy as np
import pytest

import dmi_sim
from dmi_sim.body.shapes import visual_shapes
from dmi_sim.env.posture_env import PostureEnv
from dmi_sim.env.setup import Choices
from dmi_sim.view.window import Window


@pytest.fixture
def env() -> Iterator[PostureEnv]:
    env = PostureEnv(Choices("sitting"))
    env.reset(seed=0)
    yield env
    env.close()


@pytest.fixture
def window(env: PostureEnv) -> Iterator[Window]:
    window = Window(visual_shapes(env.infant), control_hz=30)
    yield window
    window.close()


def test_the_page_is_served_on_the_loopback_address(window: Window) -> None:
    assert window.url.startswith("http://127.0.0.1:")
    with urllib.request.urlopen(window.url) as page:
        assert b"<html" in page.read().lower()


def test_a_second_of_life_takes_about_a_second(env: PostureEnv, window: Window) -> None:
    window.show(env.state)
    began = time.monotonic()
    for _ in range(15):
        window.show(env.state)
    assert 0.35 < time.monotonic() - began < 3.0


def test_closing_twice_does_no_harm(window: Window) -> None:
    window.close()
    window.close()


def test_an_environment_shows_itself_and_gives_no_picture() -> None:
    assert "DMI/Sitting-v0" in dmi_sim.environments()
    shown = gym.make("DMI/Sitting-v0", render_mode="human")
    shown.reset(seed=0)
    shown.step(np.zeros(10, dtype=np.float32))
    assert shown.render() is None
    shown.close()
    shown.close()
