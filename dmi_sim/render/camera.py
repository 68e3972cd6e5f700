"""Pictures of an infant, drawn by Bullet's software renderer in a separate world."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dmi_sim.arrays import Vector
from dmi_sim.infant import Infant
from dmi_sim.physics.bullet.client import Client
from dmi_sim.physics.scene import FLOOR_ONLY, Scene
from dmi_sim.physics.state import State
from dmi_sim.render.camera_pose import CameraPose, camera_axes, follow_offset_m
from dmi_sim.render.cloth import romper, slice_poses, slices_m
from dmi_sim.render.colours import COLOURS, Role, rgb
from dmi_sim.render.frames import Poses, frame_poses
from dmi_sim.render.hands import frames_with_hands
from dmi_sim.render.picture_format import PictureFormat
from dmi_sim.render.scene import (
    body_drawables,
    drawables_of,
    extreme_points,
    floor_height_m,
    world_poses,
)
from dmi_sim.render.shapes import Shape, visual_shapes

_FRONT_RIGHT = PictureFormat()
_MARGIN = 3.6
"""Distance of the eye over the radius of the body, so that it fills most of the height."""
_DEAD_ZONE = 0.15
"""Displacement of the centre of mass before the camera follows, in body lengths."""
_FLOOR_M = (3.0, 3.0, 0.01)
"""Half extents of the floor [m]."""
_HIDDEN_M = (0.0, 0.0, -9.0)
"""Position below the floor, out of sight [m]."""


class Camera:
    """Draws one infant in its surroundings.

    Args:
        infant: Infant whose body is drawn.
        scene: Furniture and platform that are drawn with it.
        drawn: From where and how large.
    """

    def __init__(
        self, infant: Infant, scene: Scene = FLOOR_ONLY, drawn: PictureFormat = _FRONT_RIGHT
    ) -> None:
        self._client, self._drawn = Client(dt_s=1.0), drawn
        self._dead_zone_m = _DEAD_ZONE * infant.length_m
        self._shapes = visual_shapes(infant)
        self._drawables = drawables_of(self._shapes, scene)
        self._view: View | None = None
        below_m = floor_height_m(scene) - _FLOOR_M[2]
        self._client.add_solid(("box", _FLOOR_M), _rgba("floor"), (0.0, 0.0, below_m))
        self._bodies = [
            self._client.add_solid((one.kind, one.size_m), _rgba(one.role), _HIDDEN_M)
            for one in self._drawables
        ]
        cloths = romper(self._shapes)
        self._rings = tuple(ring for cloth in cloths for ring in cloth.rings)
        roles: list[Role] = [cloth.role for cloth in cloths for _ in cloth.rings]
        self._slices = [
            self._client.add_solid(("ellipsoid", tuple(size)), _rgba(role), _HIDDEN_M)
            for role, size in zip(roles, slices_m(self._rings).tolist(), strict=True)
        ]

    def close(self) -> None:
        """Free the renderer; a second call does nothing."""
        self._client.close()

    def picture(self, state: State) -> NDArray[np.uint8]:
        """A picture of the infant, shape (height, width, 3), values 0 to 255.

        The camera is placed at the first picture of an episode, and follows an infant that moves
        away.

        Args:
            state: State to be drawn.
        """
        frames = frames_with_hands(self._shapes, state)
        self._move(self._bodies, world_poses(self._drawables, frames))
        self._move(self._slices, slice_poses(self._rings, frames))
        self._view = self._next_view(state)
        pose = self._view.pose
        return self._client.picture(pose.eye_m.tolist(), pose.look_at_m.tolist(), self._drawn.size)

    def _move(self, bodies: Sequence[int], poses: Poses) -> None:
        position = np.where(np.isnan(poses.position_m), _HIDDEN_M, poses.position_m)
        for body, pos, quat in zip(bodies, position, poses.quaternion, strict=True):
            self._client.set_base(body, pos.tolist(), quat.tolist())

    def _next_view(self, state: State) -> "View":
        last = self._view
        if last is None or state.time_s == 0 or state.time_s < last.time_s:
            return view_of(state, self._shapes, self._drawn)
        return last.following(state, self._dead_zone_m)


def _rgba(role: Role) -> tuple[float, ...]:
    """Red, green, blue and opacity [0..1]."""
    return (*(channel / 255 for channel in rgb(COLOURS[role])), 1.0)


@dataclass(frozen=True)
class View:
    """The pose of a camera at one time, and the position of the infant.

    Attributes:
        pose: Pose of the camera.
        com_m: Centre of mass of the infant when the camera was last moved, world [m], shape (3,).
        time_s: Time of the picture since the start of the episode [s].
    """

    pose: CameraPose
    com_m: Vector
    time_s: float

    def following(self, state: State, dead_zone_m: float) -> "View":
        """The view at a later time, moved along the floor as the infant leaves the middle.

        Args:
            state: State at that time.
            dead_zone_m: Displacement of the centre of mass before the camera follows [m].
        """
        move = follow_offset_m(state.com_m, self.com_m, dead_zone_m)
        pose = CameraPose(self.pose.eye_m + move, self.pose.look_at_m + move)
        return View(pose, self.com_m + move, state.time_s)


def view_of(state: State, shapes: tuple[Shape, ...], drawn: PictureFormat = _FRONT_RIGHT) -> View:
    """A view of the whole infant, with room for it to topple.

    Args:
        state: State at the first picture.
        shapes: Solids of the infant's body.
        drawn: From where and how large.
    """
    points = extreme_points(body_drawables(shapes), frame_poses(state))
    low, high = points.min(axis=0), points.max(axis=0)
    away_m = _MARGIN * float(np.linalg.norm(high - low)) / 2 * drawn.narrowness
    middle = (low + high) / 2
    towards = camera_axes(*drawn.direction_rad)[2]
    return View(CameraPose(middle + away_m * towards, middle), state.com_m, state.time_s)
