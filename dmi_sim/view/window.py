"""A live picture of one infant in the browser, for `render_mode="human"`."""

import logging
import time
from collections.abc import Sequence
from contextlib import ExitStack

from dmi_sim.body.shapes import Shape
from dmi_sim.sim.state import State
from dmi_sim.view.meshes import segment_mesh
from dmi_sim.view.pose import PAINT, face, wxyz
from dmi_sim.view.replay import silent_server

_LOG = logging.getLogger(__name__)


class Window:
    """A page on the loopback interface that shows what the infant does, at the speed of life.

    Args:
        shapes: What the infant looks like.
        control_hz: Pictures per second.
    """

    def __init__(self, shapes: Sequence[Shape], control_hz: int) -> None:
        self._open = ExitStack()
        self._server = self._open.enter_context(silent_server())
        self._period_s = 1.0 / control_hz
        self._next_s = time.monotonic()
        scene, balls = self._server.scene, face(shapes)
        scene.set_up_direction("+z")
        scene.add_grid("/floor", width=2.0, height=2.0, cell_size=0.1, plane="xy")
        self._parts = {
            index: scene.add_mesh_trimesh(
                f"/part_{index}", segment_mesh(index, shapes, balls, PAINT)
            )
            for index in sorted({shape.segment_index for shape in shapes})
        }
        self._server.initial_camera.position = (1.3, -1.0, 0.6)
        self._server.initial_camera.look_at = (0.1, 0.0, 0.2)
        _LOG.warning("watch the infant at %s", self.url)

    @property
    def url(self) -> str:
        """Where to look."""
        return f"http://127.0.0.1:{self._server.get_port()}"

    def show(self, state: State) -> None:
        """Move the infant, and wait until its time has come."""
        quat = wxyz(state.segment_quat_world)
        with self._server.atomic():
            for index, part in self._parts.items():
                part.position = state.segment_pos_world[index]
                part.wxyz = quat[index]
        self._next_s = max(self._next_s + self._period_s, time.monotonic() - self._period_s)
        time.sleep(max(0.0, self._next_s - time.monotonic()))

    def close(self) -> None:
        """End the page; twice does no harm."""
        self._open.close()
