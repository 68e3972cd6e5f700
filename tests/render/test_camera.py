"""Pictures show the infant, and the hands that support it."""

import gc
from collections.abc import Generator
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from dmi_sim.infant import Infant
from dmi_sim.physics.pose import UPRIGHT, Pose
from dmi_sim.physics.scene import Scene, Solid
from dmi_sim.physics.state import State
from dmi_sim.physics.world import World
from dmi_sim.render.camera import Camera, view_of
from dmi_sim.render.colours import COLOURS, rgb
from dmi_sim.render.frames import frame_poses
from dmi_sim.render.picture_format import PictureFormat
from dmi_sim.render.scene import body_drawables, extreme_points
from dmi_sim.render.shapes import visual_shapes
from tests.mechanics import WorldFactory

CLOTHES = [rgb(COLOURS[role]) for role in ("skin", "shirt", "trousers")]


@pytest.fixture(scope="module")
def camera(worlds_at: WorldFactory) -> Generator[Camera, None, None]:
    made = Camera(worlds_at(7)[0].infant)
    yield made
    made.close()


def share_like(image: NDArray[np.uint8], colour: tuple[int, int, int]) -> float:
    """Share of pixels whose hue is near a colour."""
    pixels = image.reshape(-1, 3).astype(float) + 1
    cosine = pixels @ (np.array(colour) + 1.0) / np.linalg.norm(pixels, axis=1)
    return float((cosine / np.linalg.norm(np.array(colour) + 1.0) > 0.995).mean())


def test_an_infant_with_skin_shirt_and_trousers_is_seen(
    worlds_at: WorldFactory, camera: Camera
) -> None:
    _, world = worlds_at(7)
    world.reset(world.start)
    image = camera.picture(world.observe())
    assert image.shape == (360, 480, 3)
    assert image.dtype == np.uint8
    for colour in CLOTHES:
        assert 0.005 < share_like(image, colour) < 0.5


def test_hands_are_seen_only_when_they_support(worlds_at: WorldFactory, camera: Camera) -> None:
    setup, world = worlds_at(7)
    sleeves: list[int] = []
    for site in ("none", "axillae"):
        world.reset(world.start, setup.support(site, 1.0))
        red, green, blue = np.moveaxis(camera.picture(world.observe()).astype(int), 2, 0)
        sleeves.append(int(((green > 1.5 * red) & (green > blue)).sum()))
    assert sleeves[0] < 20
    assert sleeves[1] > 500


def test_a_push_is_seen_while_it_acts(worlds_at: WorldFactory, camera: Camera) -> None:
    _, world = worlds_at(7)
    world.reset(world.start)
    state = world.observe()
    pushed = replace(state, push_force_world=np.array([0.0, 5.0, 0.0]))
    red: list[int] = []
    for one in (state, pushed):
        r, g, b = np.moveaxis(camera.picture(one).astype(int), 2, 0)
        red.append(int(((r > 60) & (g < r / 3) & (b < r / 2)).sum()))
    assert red[0] == 0
    assert red[1] > 100


def test_a_camera_may_be_closed_twice(worlds_at: WorldFactory) -> None:
    made = Camera(worlds_at(7)[0].infant)
    made.close()
    made.close()


def test_a_closed_camera_leaves_nothing_behind(worlds_at: WorldFactory) -> None:
    """pybullet keeps every list of a mesh for ever: 26,000 of them a camera, if they were new."""
    infant = worlds_at(7)[0].infant
    counts: list[int] = []
    for _ in range(4):
        Camera(infant).close()
        gc.collect()
        counts.append(len(gc.get_objects()))
    assert counts[-1] - counts[1] < 500


@pytest.fixture(scope="module")
def stander() -> Generator[World, None, None]:
    """A straight girl of 12 months, standing on a level platform."""
    start = Pose(np.zeros(3), UPRIGHT, np.zeros(34))
    world = World(Infant.from_spec(12), start, 240, Scene(has_platform=True))
    yield world
    world.close()


def standing(world: World) -> State:
    world.reset(world.start)
    return world.observe()


def test_the_extent_of_a_standing_infant_is_its_length(stander: World) -> None:
    body = body_drawables(visual_shapes(stander.infant))
    points = extreme_points(body, frame_poses(standing(stander)))
    low, high = points.min(axis=0), points.max(axis=0)
    assert high[2] - low[2] == pytest.approx(stander.infant.length_m, rel=0.06)
    assert high[1] - low[1] < 0.5 * stander.infant.length_m


def edges_without(image: NDArray[np.uint8], colours: list[tuple[int, int, int]]) -> bool:
    border = np.concatenate([image[:6], image[-6:]])
    return all(share_like(border, colour) < 0.01 for colour in colours)


def test_a_standing_infant_is_seen_from_head_to_toe(stander: World) -> None:
    camera = Camera(stander.infant)
    image = camera.picture(standing(stander))
    camera.close()
    assert edges_without(image, CLOTHES)
    assert share_like(image, rgb(COLOURS["shirt"])) > 0.01


def test_the_camera_follows_an_infant_that_leaves_and_no_other(stander: World) -> None:
    state = standing(stander)
    view = view_of(state, visual_shapes(stander.infant))
    near, far = (
        replace(state, com_m=state.com_m + np.array([by_m, 0.0, 0.4])) for by_m in (0.1, 2.0)
    )
    start, stays, goes = (v.pose for v in (view, *(view.following(s, 0.2) for s in (near, far))))
    assert stays.eye_m == pytest.approx(start.eye_m)
    assert goes.eye_m - start.eye_m == pytest.approx([1.8, 0.0, 0.0])
    assert goes.look_at_m - start.look_at_m == pytest.approx([1.8, 0.0, 0.0])


@pytest.mark.parametrize("way", [(1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (-1.0, 0.0, 0.0)])
def test_an_infant_that_walks_off_stays_whole_in_the_picture(
    way: tuple[float, float, float], stander: World
) -> None:
    """As in a film: two metres, also towards the camera."""
    state = standing(stander)
    camera = Camera(stander.infant, drawn=PictureFormat(width=180, height=136))
    for metres in (0.0, 1.0, 2.0):
        move_m = metres * np.array(way)
        gone = replace(
            state,
            time_s=metres,
            com_m=state.com_m + move_m,
            segment_pos_world=state.segment_pos_world + move_m,
        )
        image = camera.picture(gone)
        edge = np.concatenate([image[[0, -1]], image[:, [0, -1]].transpose(1, 0, 2)], axis=1)
        assert all(share_like(edge, colour) == 0 for colour in CLOTHES)
        assert share_like(image, rgb(COLOURS["shirt"])) > 0.01
    camera.close()


def test_a_platform_is_seen_to_tilt_and_furniture_to_stand(stander: World) -> None:
    state = standing(stander)
    rail = Scene((Solid(("capsule", (0.03, 0.8)), (0.3, 0.0, 0.4), (1.57, 0.0, 0.0)),))
    pictures: list[NDArray[np.uint8]] = []
    for scene in (Scene(), rail, Scene(has_platform=True)):
        camera = Camera(stander.infant, scene)
        pictures.append(camera.picture(state))
        pictures.append(camera.picture(replace(state, platform=np.array([0.0, 0.0, 0.2, 0.0]))))
        camera.close()
    floor, floor_again, railed, _, level, tilted = pictures
    assert (floor == floor_again).all()
    assert (floor != railed).any(axis=2).mean() > 0.01
    assert (level != tilted).any(axis=2).mean() > 0.02
