"""Every camera sees the whole infant from its own side, as large as somebody asks for."""

import copy
from typing import Any

import gymnasium as gym
import numpy as np
import pytest

import dmi_sim
from dmi_sim.errors import InputError
from dmi_sim.render.colours import COLOURS, rgb
from dmi_sim.render.picture_format import CAMERAS, LARGEST_PX, SMALLEST_PX, PictureFormat


def drawn(**arguments: Any) -> Any:
    """The first picture of an infant who sits."""
    with gym.make(dmi_sim.environments()[0], render_mode="rgb_array", **arguments) as env:
        env.reset(seed=1)
        return env.render()


def skin_begins_at(picture: Any) -> tuple[int, int]:
    """First row and first column in which there is the colour of skin."""
    pixels = picture.astype(float) + 1
    skin = np.array(rgb(COLOURS["skin"])) + 1.0
    cosine = pixels @ skin / np.linalg.norm(pixels, axis=2) / np.linalg.norm(skin)
    rows, columns = np.nonzero(cosine > 0.995)
    assert rows.size > 50
    return rows.min(), columns.min()


@pytest.mark.parametrize("size", [(480, 360), (200, 400), (300, 100), (64, 64)])
@pytest.mark.parametrize("camera", CAMERAS)
def test_every_camera_has_the_infant_whole_in_the_picture(
    camera: str, size: tuple[int, int]
) -> None:
    width, height = size
    picture = drawn(render_camera=camera, render_width=width, render_height=height)
    assert picture.shape == (height, width, 3)
    top, left = skin_begins_at(picture)
    bottom, right = skin_begins_at(picture[::-1, ::-1])
    assert min(top, left, bottom, right) > 0


def test_cameras_in_other_directions_see_other_pictures() -> None:
    pictures = {drawn(render_camera=camera).tobytes() for camera in CAMERAS}
    assert len(pictures) == len(set(CAMERAS.values()))


def test_without_a_choice_the_picture_is_that_from_the_front_right() -> None:
    chosen = drawn(render_camera="front_right", render_width=480, render_height=360)
    assert (drawn() == chosen).all()


def test_a_copy_of_an_environment_draws_as_it_does() -> None:
    env = gym.make("DMI/Sitting-v1", render_mode="rgb_array", render_camera="side", render_width=99)
    env.reset(seed=1)
    other = copy.deepcopy(env.unwrapped)
    assert (np.asarray(env.render()) == np.asarray(other.render())).all()
    env.close()
    other.close()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"render_camera": "frnt"}, "render_camera: no 'frnt'; did you mean 'front'"),
        ({"render_camera": ["front"]}, "render_camera: no "),
        ({"render_width": SMALLEST_PX - 1}, f"render_width: 63 is outside 64 to {LARGEST_PX}"),
        ({"render_height": 10**9}, "render_height: 1000000000 is outside"),
        ({"render_height": 360.5}, "render_height: 360.5 is not a whole number"),
        ({"render_width": True}, "render_width: True is not a whole number"),
        ({"render_width": 1000, "render_height": 100}, "no side may be more than 4 times"),
        ({"render_size": 100}, "render_size: no such argument; did you mean 'render_"),
    ],
)
def test_a_picture_that_cannot_be_drawn_is_refused(arguments: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words):
        gym.make("DMI/Sitting-v1", **arguments)


def test_the_largest_picture_can_be_drawn() -> None:
    assert drawn(render_width=LARGEST_PX, render_height=LARGEST_PX).std() > 10


def test_a_picture_knows_from_where_it_is_seen() -> None:
    assert PictureFormat("left").direction_rad[0] == pytest.approx(np.pi / 2)
