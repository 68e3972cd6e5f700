"""Nodes of a scene are moved only when a frame has moved."""

from collections.abc import Iterator
from typing import cast

import numpy as np
import pytest
from viser import GlbHandle, SceneApi

from dmi_sim.physics.scene import Scene, Solid
from dmi_sim.render.browser import add_floor, add_nodes, show, silent_server
from dmi_sim.render.clip import Clip
from dmi_sim.render.frames import FRAMES, PLATFORM, Poses
from dmi_sim.render.scene import drawables_of
from tests.render.bodies import shapes, toppling

BENCH = Solid(("box", (0.1, 0.2, 0.3)), (0.0, 0.0, 0.3))
CLIP = Clip(toppling(), shapes(), Scene((BENCH,), has_platform=True))


class Handle:
    """Records the names of the attributes that are set."""

    def __init__(self) -> None:
        self.sent: list[str] = []
        self._now = {"position": np.zeros(3), "wxyz": np.array((1.0, 0, 0, 0)), "visible": True}

    def __getattr__(self, name: str) -> object:
        return self._now[name]

    def __setattr__(self, name: str, value: object) -> None:
        if name in ("position", "wxyz", "visible"):
            self.sent.append(name)
        super().__setattr__(name, value)


@pytest.fixture(scope="module")
def scene() -> Iterator[SceneApi]:
    with silent_server() as server:
        yield server.scene


@pytest.mark.parametrize(
    ("position", "quaternion", "sent"),
    [
        ((0, 0, 0), (0, 0, 0, 1), []),
        ((1e-4, 0, 0), (0, 0, 0, 1), []),
        ((1e-3, 0, 0), (0, 0, 0, 1), ["position"]),
        ((0, 0, 0), (0.6, 0, 0, 0.8), ["wxyz"]),
        ((np.nan, np.nan, np.nan), (0.6, 0, 0, 0.8), ["visible"]),
    ],
)
def test_only_what_has_changed_is_sent(
    position: tuple[float, ...], quaternion: tuple[float, ...], sent: list[str]
) -> None:
    handle = Handle()
    poses = Poses(np.array((position,)), np.array((quaternion,)))
    show({0: cast(GlbHandle, handle)}, poses)
    assert handle.sent == sent


def test_every_frame_with_a_solid_has_one_node_named_after_it(scene: SceneApi) -> None:
    nodes = add_nodes(scene, "/infant", drawables_of(shapes(), CLIP.scene))
    assert [node.name for node in nodes.values()] == [f"/infant/{name}" for name in FRAMES]


def test_nodes_are_where_their_frames_are_or_hidden(scene: SceneApi) -> None:
    nodes = add_nodes(scene, "/other", CLIP.drawables)
    pushed = int(np.flatnonzero(CLIP.recording.push_force_world.any(axis=1))[0])
    for step in (0, pushed):
        frames = CLIP.frames.at(step)
        show(nodes, frames)
        for frame, node in nodes.items():
            assert node.visible == np.isfinite(frames.position_m[frame]).all()
            if node.visible:
                assert node.position == pytest.approx(frames.position_m[frame], abs=1e-3)
                assert node.wxyz == pytest.approx(np.roll(frames.quaternion[frame], 1), abs=2e-3)
    assert nodes[PLATFORM].visible


def test_the_floor_reaches_beyond_all_points(scene: SceneApi) -> None:
    points = np.array(((0.0, -1.0, 0.0), (4.0, 1.0, 1.0)))
    floor = add_floor(scene, "/floor", points, -0.35)
    assert floor.position == pytest.approx([2.0, 0.0, -0.35])
    assert floor.width >= 5.0
    assert floor.height >= 3.0
