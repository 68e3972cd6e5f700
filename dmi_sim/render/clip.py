"""A recording with all that it takes to draw it, and the room that it takes up."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from dmi_sim.arrays import Vector
from dmi_sim.physics.scene import FLOOR_ONLY, Scene
from dmi_sim.recording import Recording
from dmi_sim.render.frames import Poses, frame_poses
from dmi_sim.render.hands import hand_placement
from dmi_sim.render.scene import (
    Drawable,
    body_drawables,
    drawables_of,
    extreme_points,
    surroundings,
)
from dmi_sim.render.shapes import Shape


@dataclass(frozen=True)
class Clip:
    """A recording of one infant, ready to be drawn.

    Attributes:
        recording: Motion of the infant, its support and the platform.
        shapes: Solids of the infant's body.
        scene: Furniture and platform; a recording knows how a platform moved, not what stood there.
    """

    recording: Recording
    shapes: Sequence[Shape]
    scene: Scene = FLOOR_ONLY

    @cached_property
    def drawables(self) -> tuple[Drawable, ...]:
        """Everything that comes into the picture at some moment, but for the floor."""
        position_m = self.frames.position_m
        everything = drawables_of(self.shapes, self.scene)
        return tuple(d for d in everything if np.isfinite(position_m[:, d.frame]).any())

    @cached_property
    def frames(self) -> Poses:
        """Poses of all frames at all T control steps, shapes (T, 20, 3) and (T, 20, 4)."""
        return frame_poses(self.recording, hand_placement(self.shapes, self.recording))

    @cached_property
    def room_m(self) -> Vector:
        """Points around the infant all along, and around its furniture [m], world, shape (n, 3).

        A platform is left out: what is under the infant is seen with it.
        """
        furniture = surroundings(Scene(self.scene.furniture))
        joints = self.recording.segment_pos_world.reshape(-1, 3)
        around = extreme_points(body_drawables(self.shapes), self.frames)
        return np.concatenate((joints, around, extreme_points(furniture, self.frames.at(0))))


def ground_of(recording: Recording) -> Scene:
    """All that a recording itself knows of its scene: a platform, if it moved."""
    return Scene(has_platform=bool(np.any(recording.platform)))
