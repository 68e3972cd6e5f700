"""A live picture of one infant in the browser, for `render_mode="human"`."""

import logging
import time
from collections.abc import Sequence
from contextlib import ExitStack

import numpy as np

from dmi_sim.arrays import Vector
from dmi_sim.physics.scene import FLOOR_ONLY, Scene
from dmi_sim.physics.state import State
from dmi_sim.render.browser import (
    add_clothes,
    add_floor,
    add_nodes,
    set_initial_camera,
    show,
    silent_server,
)
from dmi_sim.render.camera_pose import camera_pose_of, follow_offset_m
from dmi_sim.render.cloth import romper
from dmi_sim.render.frames import frame_poses
from dmi_sim.render.hands import frames_with_hands
from dmi_sim.render.picture_format import PictureFormat
from dmi_sim.render.scene import body_drawables, drawables_of, extreme_points, floor_height_m
from dmi_sim.render.shapes import Shape

_LOG = logging.getLogger(__name__)
_WORLD = "/world"
_DEAD_ZONE_M = 0.25
"""Displacement of the centre of mass before the ground slides under the infant instead [m]."""
_FRONT_RIGHT = PictureFormat()
_GROUND_M, _MARGIN_M = 3.0, 0.1


class Window:
    """A page on the loopback interface that shows an infant in real time.

    The camera is placed at the first picture, so that the whole infant is seen. An infant that
    moves away stays in the picture, and the ground slides under it.

    Args:
        shapes: Solids of the infant's body.
        control_hz: Pictures per second.
        scene: Furniture and platform.
        drawn: From where the infant is seen at first; a page is as large as its browser has it.
    """

    def __init__(
        self,
        shapes: Sequence[Shape],
        control_hz: int,
        scene: Scene = FLOOR_ONLY,
        drawn: PictureFormat = _FRONT_RIGHT,
    ) -> None:
        self._open = ExitStack()
        self._server = self._open.enter_context(silent_server())
        self._shapes, self._period_s, self._drawn = shapes, 1.0 / control_hz, drawn
        self._next_s = time.monotonic()
        self._start_com_m: Vector | None = None
        page = self._server.scene
        self._world = page.add_frame(_WORLD, show_axes=False)
        ground = np.array(((-_GROUND_M, -_GROUND_M, 0.0), (_GROUND_M, _GROUND_M, 0.0)))
        add_floor(page, f"{_WORLD}/floor", ground, floor_height_m(scene))
        self._nodes = add_nodes(page, _WORLD, drawables_of(shapes, scene))
        self._bones = add_clothes(page, _WORLD, romper(shapes))
        _LOG.warning("watch the infant at %s", self.url)

    @property
    def url(self) -> str:
        """Address of the page."""
        return f"http://127.0.0.1:{self._server.get_port()}"

    def show(self, state: State) -> None:
        """Show a state, and wait until it is due in real time."""
        frames = frames_with_hands(self._shapes, state)
        with self._server.atomic():
            show(self._nodes, frames, self._bones)
            self._follow(state)
        self._next_s = max(self._next_s + self._period_s, time.monotonic() - self._period_s)
        time.sleep(max(0.0, self._next_s - time.monotonic()))

    def _follow(self, state: State) -> None:
        """Keep the infant in the picture; the camera itself is placed once."""
        if self._start_com_m is None:
            self._aim(state)
        if self._start_com_m is None or state.time_s == 0:
            self._start_com_m = state.com_m
        self._world.position = -follow_offset_m(state.com_m, self._start_com_m, _DEAD_ZONE_M)

    def _aim(self, state: State) -> None:
        """Place the camera where it is to look from, with a margin around the infant."""
        points = extreme_points(body_drawables(self._shapes), frame_poses(state))
        points = np.concatenate((points - _MARGIN_M, points + _MARGIN_M))
        set_initial_camera(self._server, camera_pose_of(points, *self._drawn.direction_rad))

    def close(self) -> None:
        """Close the page; a second call does nothing."""
        self._open.close()
