"""Pictures of an environment: a camera for ``rgb_array``, a page of the browser for ``human``."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dmi_sim.env.config import RENDER_MODES, EnvBuild
from dmi_sim.errors import InputError, did_you_mean
from dmi_sim.infant import Infant
from dmi_sim.physics.state import State
from dmi_sim.render.camera import Camera
from dmi_sim.render.picture_format import PictureFormat
from dmi_sim.render.shapes import visual_shapes

if TYPE_CHECKING:
    from dmi_sim.render.window import Window


class Pictures:
    """Camera and page of one environment, made when first needed, and anew for another infant.

    Args:
        render_mode: ``rgb_array`` for a camera, ``human`` for a page, None for neither.
        drawn: From where, and how large the camera draws.

    Raises:
        InputError: If there is no such mode.
    """

    def __init__(self, render_mode: str | None, drawn: PictureFormat) -> None:
        known = isinstance(render_mode, str) and render_mode in RENDER_MODES
        if not (render_mode is None or known):
            nearest = did_you_mean(str(render_mode), RENDER_MODES)
            raise InputError(f"render_mode: no '{render_mode}'; {nearest}")
        self._mode, self._drawn = render_mode, drawn
        self._infant: Infant | None = None
        self._camera: Camera | None = None
        self._window: Window | None = None

    def picture(self, build: EnvBuild, state: State) -> NDArray[np.uint8]:
        """A picture of a state, shape (height, width, 3)."""
        self._show_infant(build.infant)
        if self._camera is None:
            self._camera = Camera(build.infant, build.scene, self._drawn)
        return self._camera.picture(state)

    def show(self, build: EnvBuild, state: State) -> None:
        """Show a state in the page, if there is one, and wait until it is due in real time."""
        if self._mode != "human":
            return
        self._show_infant(build.infant)
        if self._window is None:
            from dmi_sim.render.window import Window

            shapes = visual_shapes(build.infant)
            self._window = Window(shapes, build.spec.control_hz, build.scene, self._drawn)
        self._window.show(state)

    def _show_infant(self, infant: Infant) -> None:
        if self._infant is not infant:
            self.close()
            self._infant = infant

    def close(self) -> None:
        """Free camera and page; a second call does nothing."""
        for part in (self._camera, self._window):
            if part is not None:
                part.close()
        self._infant = self._camera = self._window = None
