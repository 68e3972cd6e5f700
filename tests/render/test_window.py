"""The live page of `render_mode="human"`: served on this machine only, in real time."""

import time
import urllib.request
from collections.abc import Iterator
from dataclasses import replace

import gymnasium as gym
import numpy as np
import pytest

import dmi_sim
from dmi_sim.env.config import EnvConfig
from dmi_sim.env.posture_env import PostureEnv
from dmi_sim.physics.scene import Scene
from dmi_sim.render.camera_pose import camera_axes
from dmi_sim.render.frames import LEFT_HAND, PLATFORM, PUSH
from dmi_sim.render.picture_format import CAMERAS, PictureFormat
from dmi_sim.render.shapes import visual_shapes
from dmi_sim.render.window import Window


@pytest.fixture
def env() -> Iterator[PostureEnv]:
    env = PostureEnv(EnvConfig("sitting"))
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


def test_a_second_of_simulation_takes_about_a_second(env: PostureEnv, window: Window) -> None:
    window.show(env.state)
    began = time.monotonic()
    for _ in range(15):
        window.show(env.state)
    assert 0.35 < time.monotonic() - began < 3.0


def test_the_first_picture_holds_the_whole_infant(env: PostureEnv, window: Window) -> None:
    window.show(env.state)
    server = window._server  # pyright: ignore[reportPrivateUsage]
    eye, look_at = np.array(server.initial_camera.position), np.array(server.initial_camera.look_at)
    towards = (look_at - eye) / np.linalg.norm(look_at - eye)
    away = env.state.segment_pos_world - eye
    off_rad = np.arccos(away @ towards / np.linalg.norm(away, axis=1))
    assert off_rad.max() < server.initial_camera.fov / 2


def test_an_infant_that_walks_away_stays_in_the_picture(env: PostureEnv, window: Window) -> None:
    window.show(env.state)
    gone = np.array((1.5, 0.0, 0.0))
    state = env.state
    far = replace(
        state,
        time_s=1.0,
        com_m=state.com_m + gone,
        segment_pos_world=state.segment_pos_world + gone,
    )
    window.show(far)
    world = window._world  # pyright: ignore[reportPrivateUsage]
    assert world.position == pytest.approx([-1.25, 0.0, 0.0])
    window.show(replace(state, time_s=0.0))
    assert world.position == pytest.approx([0.0, 0.0, 0.0])


def test_a_platform_moves_with_the_state(env: PostureEnv) -> None:
    window = Window(visual_shapes(env.infant), 30, Scene(has_platform=True))
    window.show(replace(env.state, platform=np.array((0.0, 0.1, 0.2, 0.0))))
    platform = window._nodes[PLATFORM]  # pyright: ignore[reportPrivateUsage]
    window.close()
    assert platform.position == pytest.approx([0.0, 0.1, 0.0])
    assert platform.wxyz == pytest.approx([np.cos(0.1), np.sin(0.1), 0.0, 0.0])


def test_hands_and_pushes_are_seen_while_they_act(env: PostureEnv, window: Window) -> None:
    nodes = window._nodes  # pyright: ignore[reportPrivateUsage]
    env.reset(seed=0, options={"support": "none"})
    window.show(env.state)
    assert not nodes[LEFT_HAND].visible
    assert not nodes[PUSH].visible
    env.reset(seed=0, options={"support": "pelvis"})
    window.show(replace(env.state, push_force_world=np.array((5.0, 0.0, 0.0))))
    assert nodes[LEFT_HAND].visible
    assert nodes[PUSH].visible


def test_a_window_may_be_closed_twice(window: Window) -> None:
    window.close()
    window.close()


def test_an_environment_shows_itself_and_gives_no_picture() -> None:
    assert "DMI/Sitting-v1" in dmi_sim.environments()
    shown = gym.make("DMI/Sitting-v1", render_mode="human")
    shown.reset(seed=0)
    shown.step(np.zeros(shown.action_space.shape or (), dtype=np.float32))
    assert shown.render() is None
    shown.close()
    shown.close()


@pytest.mark.parametrize("camera", CAMERAS)
def test_the_page_looks_from_where_it_was_asked_to(camera: str) -> None:
    shown = gym.make("DMI/Sitting-v1", render_mode="human", render_camera=camera)
    shown.reset(seed=0)
    window = shown.get_wrapper_attr("_pictures")._window
    at = window._server.initial_camera
    away = np.array(at.position) - np.array(at.look_at)
    towards = camera_axes(*PictureFormat(camera).direction_rad)[2]
    assert away / np.linalg.norm(away) == pytest.approx(towards, abs=1e-6)
    shown.close()
