"""A live picture of one infant in the browser, for `render_mode="human"`."""

import logging
import time
from collections.abc import Sequence
from contextlib import ExitStack

import numpy as np

from dmi_sim.arrays import Vector
from dmi_sim.physics.scene import FLOOR_ONLY, Scene
from dmi_sim.physics.state import State
from dmi_sim.render.camera_pose import FIELD_OF_VIEW_RAD, camera_pose_of
from dmi_sim.render.clip import body_points
from dmi_sim.render.placement import PAINT, wxyz
from dmi_sim.render.replay import silent_server
from dmi_sim.render.scene_nodes import add_body, add_floor, add_props, move, move_platform
from dmi_sim.render.scene_objects import floor_height_m
from dmi_sim.render.shapes import Shape

_LOG = logging.getLogger(__name__)
_WORLD = "/world"
_LEASH_M = 0.25
"""How far the centre of mass goes before the ground slides under the infant instead."""
_AZIMUTH_RAD, _ELEVATION_RAD = np.deg2rad(-48.0), np.deg2rad(17.0)
_GROUND_M, _ROOM_M = 3.0, 0.1
_NOWHERE = np.zeros(3)


class Window:
    """A page on the loopback interface that shows what the infant does, at the speed of life.

    The camera is placed at the first picture, so that the whole infant is seen. Who moves away
    stays in the picture: the ground slides away under it.

    Args:
        shapes: What the infant series_styles like.
        control_hz: Pictures per second.
        surroundings: What it is put on and beside.
    """

    def __init__(
        self, shapes: Sequence[Shape], control_hz: int, surroundings: Scene = FLOOR_ONLY
    ) -> None:
        self._open = ExitStack()
        self._server = self._open.enter_context(silent_server())
        self._shapes, self._period_s = shapes, 1.0 / control_hz
        self._next_s = time.monotonic()
        self._start_com_m: Vector | None = None
        scene = self._server.scene
        scene.set_up_direction("+z")
        self._world = scene.add_frame(_WORLD, show_axes=False)
        ground = np.array(((-_GROUND_M, -_GROUND_M, 0.0), (_GROUND_M, _GROUND_M, 0.0)))
        add_floor(scene, f"{_WORLD}/floor", ground, floor_height_m(surroundings))
        self._parts = add_body(scene, _WORLD, shapes, PAINT)
        self._platform = add_props(scene, _WORLD, surroundings, _NOWHERE)
        _LOG.warning("watch the infant at %s", self.url)

    @property
    def url(self) -> str:
        """Where to look."""
        return f"http://127.0.0.1:{self._server.get_port()}"

    def show(self, state: State) -> None:
        """Move infant and platform, and wait until their time has come."""
        quat = wxyz(state.segment_quat_world)
        with self._server.atomic():
            for index, part in self._parts.items():
                move(part, state.segment_pos_world[index], quat[index])
            move_platform(self._platform, state.platform, _NOWHERE)
            self._follow(state)
        self._next_s = max(self._next_s + self._period_s, time.monotonic() - self._period_s)
        time.sleep(max(0.0, self._next_s - time.monotonic()))

    def _follow(self, state: State) -> None:
        """Keep the infant in the picture, which is chosen once."""
        if self._start_com_m is None:
            self._aim(state)
            self._start_com_m = state.com_m
        if state.time_s == 0:
            self._start_com_m = state.com_m
        away = (state.com_m - self._start_com_m) * np.array((1.0, 1.0, 0.0))
        far_m = float(np.linalg.norm(away))
        self._world.position = -away * max(0.0, 1 - _LEASH_M / max(far_m, 1e-9))

    def _aim(self, state: State) -> None:
        """A camera in front on the right, with some room around the infant."""
        points = body_points(state.segment_pos_world, state.segment_quat_world, self._shapes)
        points = np.concatenate((points - _ROOM_M, points + _ROOM_M))
        shot = camera_pose_of(points, _AZIMUTH_RAD, _ELEVATION_RAD)
        camera = self._server.initial_camera
        camera.look_at = tuple(shot.look_at_m.tolist())
        camera.position = tuple(shot.eye_m.tolist())
        camera.fov = FIELD_OF_VIEW_RAD

    def close(self) -> None:
        """End the page; twice does no harm."""
        self._open.close()
