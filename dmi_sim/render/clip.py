"""A recording with all that it takes to draw it, and the room that it fills."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dmi_sim.arrays import Vector
from dmi_sim.physics.scene import FLOOR_ONLY, Scene
from dmi_sim.recording import Recording
from dmi_sim.render.placement import rotated
from dmi_sim.render.scene_objects import props
from dmi_sim.render.shapes import Shape


@dataclass(frozen=True)
class Clip:
    """What is shown of one infant.

    Attributes:
        recording: What happened.
        shapes: What the infant series_styles like.
        scene: What it was put on and beside; a recording knows how a platform moved, not what stood
            there.
    """

    recording: Recording
    shapes: Sequence[Shape]
    scene: Scene = FLOOR_ONLY


def ground_of(recording: Recording) -> Scene:
    """All that a recording itself knows of its scene: a platform, if it moved."""
    return Scene(has_platform=bool(np.any(recording.platform)))


def room(clip: Clip) -> Vector:
    """Points around the infant all along, and the corners of its furniture [m], (n, 3).

    A platform is left out: what is under the infant is seen with it.
    """
    film = clip.recording
    points = body_points(film.segment_pos_world, film.segment_quat_world, clip.shapes)
    things = [prop.corners(film.platform[0]) for prop in props(clip.scene) if not prop.on_platform]
    return np.concatenate((points, *things))


def body_points(position: Vector, quaternion: Vector, shapes: Sequence[Shape]) -> Vector:
    """Lowest and highest corners of the boxes around all parts of a body [m], (n, 3).

    Args:
        position: Segment origins in the world [m], (..., 15, 3).
        quaternion: Their orientations (x, y, z, w), (..., 15, 4).
        shapes: Of the body; without any, the origins themselves.
    """
    if not shapes:
        return position.reshape(-1, 3)
    segment = [shape.segment_index for shape in shapes for _ in range(2)]
    ends = np.array([end for shape in shapes for end in (shape.start_m, shape.end_m)])
    radius = np.array([[max(shape.size_m)] for shape in shapes for _ in range(2)])
    places = position[..., segment, :] + rotated(quaternion[..., segment, :], ends)
    return np.concatenate((places - radius, places + radius)).reshape(-1, 3)
