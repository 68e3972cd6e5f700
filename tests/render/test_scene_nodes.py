"""Handles of a scene are sent a move only when something has moved."""

from collections.abc import Iterator

import numpy as np
import pytest
from viser import SceneApi

from dmi_sim.physics.scene import FLOOR_ONLY, Scene, Solid
from dmi_sim.render.placement import PAINT
from dmi_sim.render.replay import silent_server
from dmi_sim.render.scene_nodes import add_body, add_floor, add_props, move, move_platform
from tests.render.doll import shapes

OFFSET = np.array((0.0, 1.0, 0.0))
BENCH = Scene((Solid(("box", (0.1, 0.2, 0.3)), (0.0, 0.0, 0.3)),))


class Handle:
    """Counts what it is told."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self._now = {"position": np.zeros(3), "wxyz": np.array((1.0, 0.0, 0.0, 0.0))}

    def __getattr__(self, name: str) -> np.ndarray:
        return self._now[name]

    def __setattr__(self, name: str, value: object) -> None:
        if name in ("position", "wxyz"):
            self.told.append(name)
        super().__setattr__(name, value)


@pytest.fixture(scope="module")
def scene() -> Iterator[SceneApi]:
    with silent_server() as server:
        yield server.scene


@pytest.mark.parametrize(
    ("place", "turn", "told"),
    [
        ((0, 0, 0), (1, 0, 0, 0), []),
        ((1e-4, 0, 0), (1, 0, 0, 0), []),
        ((1e-3, 0, 0), (1, 0, 0, 0), ["position"]),
        ((0, 0, 0), (0.8, 0.6, 0, 0), ["wxyz"]),
    ],
)
def test_only_what_has_moved_is_sent(
    place: tuple[float, ...], turn: tuple[float, ...], told: list[str]
) -> None:
    handle = Handle()
    move(handle, np.array(place), np.array(turn))  # pyright: ignore[reportArgumentType]
    assert handle.told == told


def test_every_segment_with_a_shape_has_one_mesh(scene: SceneApi) -> None:
    assert sorted(add_body(scene, "/doll", shapes(), PAINT)) == list(range(15))


def test_only_a_board_can_be_moved(scene: SceneApi) -> None:
    assert add_props(scene, "/bare", FLOOR_ONLY, OFFSET) == ()
    assert add_props(scene, "/bench", BENCH, OFFSET) == ()
    handles = add_props(scene, "/platform", Scene(has_platform=True), OFFSET)
    move_platform(handles, np.array((0.2, 0.0, 0.0, 0.0)), OFFSET)
    assert handles[0].position == pytest.approx([0.2, 1.0, 0.0])


def test_the_floor_reaches_beyond_all_that_happens(scene: SceneApi) -> None:
    points = np.array(((0.0, -1.0, 0.0), (4.0, 1.0, 1.0)))
    floor = add_floor(scene, "/floor", points, -0.35)
    assert floor.position == pytest.approx([2.0, 0.0, -0.35])
    assert floor.width >= 5.0
    assert floor.height >= 3.0
