"""A recording with the body and the scene to draw, and the space that they take up."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from dmi_sim.arrays import Vector
from dmi_sim.physics.scene import FLOOR_ONLY, Scene
from dmi_sim.recording import Recording
from dmi_sim.render.cloth import Cloth, romper
from dmi_sim.render.drawable import Drawable
from dmi_sim.render.frames import Poses
from dmi_sim.render.hands import frames_with_hands
from dmi_sim.render.scene import (
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
        scene: Furniture and platform; a recording has the motion of a platform only.
    """

    recording: Recording
    shapes: Sequence[Shape]
    scene: Scene = FLOOR_ONLY

    @cached_property
    def drawables(self) -> tuple[Drawable, ...]:
        """The solids that are in the picture at some time; the floor is not among them."""
        position_m = self.frames.position_m
        candidates = drawables_of(self.shapes, self.scene)
        return tuple(d for d in candidates if np.isfinite(position_m[:, d.frame]).any())

    @cached_property
    def cloths(self) -> tuple[Cloth, ...]:
        """The clothes over the trunk."""
        return romper(self.shapes)

    @cached_property
    def frames(self) -> Poses:
        """Poses of all frames at all T control steps, shapes (T, 20, 3) and (T, 20, 4)."""
        return frames_with_hands(self.shapes, self.recording)

    @cached_property
    def space_m(self) -> Vector:
        """Points around the infant at all times and its furniture, world [m], shape (n, 3).

        A platform is left out: the part under the infant is seen with it.
        """
        furniture = surroundings(Scene(self.scene.furniture))
        joints = self.recording.segment_pos_world.reshape(-1, 3)
        around = extreme_points(body_drawables(self.shapes), self.frames)
        return np.concatenate((joints, around, extreme_points(furniture, self.frames.at(0))))


def ground_of(recording: Recording) -> Scene:
    """The scene as far as a recording alone gives it: a platform, if one moved."""
    return Scene(has_platform=bool(np.any(recording.platform)))
