"""Pictures: an infant is in them, and hands when there are some."""

from collections.abc import Generator
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from dmi_sim.sim.camera import Camera, both_hands
from tests.mechanics import Place


@pytest.fixture(scope="module")
def camera(places: Place) -> Generator[Camera, None, None]:
    made = Camera(places(7)[0].infant)
    yield made
    made.close()


def share_like(image: NDArray[np.uint8], colour: tuple[int, int, int]) -> float:
    """Share of pixels whose hue is near a colour."""
    pixels = image.reshape(-1, 3).astype(float) + 1
    cosine = pixels @ (np.array(colour) + 1.0) / np.linalg.norm(pixels, axis=1)
    return float((cosine / np.linalg.norm(np.array(colour) + 1.0) > 0.995).mean())


def test_an_infant_with_skin_shirt_and_trousers_is_seen(places: Place, camera: Camera) -> None:
    _, world = places(7)
    world.reset(world.start)
    image = camera.picture(world.state(0))
    assert image.shape == (360, 480, 3)
    assert image.dtype == np.uint8
    for colour in ((232, 191, 166), (87, 181, 232), (51, 82, 122)):
        assert 0.005 < share_like(image, colour) < 0.5


def test_hands_are_seen_only_when_they_hold(places: Place, camera: Camera) -> None:
    setup, world = places(7)
    orange: list[int] = []
    for site in ("none", "axillae"):
        world.reset(world.start, setup.hold(site, 1.0))
        red, _, blue = np.moveaxis(camera.picture(world.state(0)).astype(int), 2, 0)
        orange.append(int(((red > 100) & (blue < red / 4)).sum()))
    assert orange[0] < 20
    assert orange[1] > 500


def test_a_ring_is_drawn_as_a_hand_on_either_side(places: Place) -> None:
    setup, world = places(7)
    world.reset(world.start, setup.hold("waist", 1.0))
    state = world.state(0)
    left, right = both_hands(state, 0.05)
    assert (left + right) / 2 == pytest.approx(state.hand_pos_world[0])
    assert np.linalg.norm(left - right) == pytest.approx(0.1)
    limbs = replace(state, hand_pos_world=np.zeros((2, 3)))
    assert both_hands(limbs, 0.05).shape == (2, 3)


def test_a_camera_may_be_closed_twice(places: Place) -> None:
    made = Camera(places(7)[0].infant)
    made.close()
    made.close()
