"""Where to draw a therapist's hands: a recording knows attachments on the midline of a segment only."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dmi_sim.arrays import Vector
from dmi_sim.recording import Recording
from dmi_sim.render.placement import rotated
from dmi_sim.render.shapes import Shape

PALM, SLEEVE = "#9c6644", "#3a3f47"
_THICKNESS_M = 0.012
_FOREARM_M = (-0.09, 0.11, 0.04)
"""From the palm to the elbow: backward, outward, upward in the world, at the start."""


@dataclass(frozen=True)
class Palm:
    """One hand on the skin, fixed to the segment that it holds.

    Attributes:
        segment_index: The held segment.
        centre_m: Middle of the palm in the segment's frame [m], (3,).
        elbow_m: Where the forearm comes from, in the segment's frame [m], (3,).
    """

    segment_index: int
    centre_m: Vector
    elbow_m: Vector


def palms(recording: Recording, shapes: Sequence[Shape]) -> tuple[Palm, ...]:
    """Two hands where one attachment holds trunk or head, one hand per limb where two attachments hold limbs.

    Returns:
        Nothing where nobody holds.
    """
    count = recording.support_pos_world.shape[1]
    attachments = [_grip(recording, index) for index in range(count)]
    return tuple(
        _palm(recording, segment, centre + np.array((0.0, side * _reach_m(shapes, segment), 0.0)))
        for segment, centre in attachments
        for side in ((1, -1) if count == 1 else _outer_side(recording, segment))
    )


def _palm(recording: Recording, segment: int, centre_m: Vector) -> Palm:
    """A palm whose forearm comes from behind the infant, on the same side of the body."""
    turn = recording.segment_quat_world[0, segment]
    place = recording.segment_pos_world[0, segment] + rotated(turn, centre_m)
    side = 1.0 if _seen_from_pelvis(recording, place)[1] >= 0 else -1.0
    outward = np.array(_FOREARM_M) * np.array((1.0, side, 1.0))
    return Palm(segment, centre_m, centre_m + rotated(_turned_back(turn), outward))


def _turned_back(quaternion: Vector) -> Vector:
    return quaternion * np.array((-1.0, -1.0, -1.0, 1.0))


def _seen_from_pelvis(recording: Recording, place_world: Vector) -> Vector:
    """A place at the start in the frame of the pelvis [m], (3,)."""
    away = place_world - recording.segment_pos_world[0, 0]
    return rotated(_turned_back(recording.segment_quat_world[0, 0]), away)


def _grip(recording: Recording, index: int) -> tuple[int, Vector]:
    """The segment in whose frame a attachment stands still, and where it stands there."""
    away = recording.support_pos_world[:, index, None, :] - recording.segment_pos_world
    local = rotated(_turned_back(recording.segment_quat_world), away)
    wander = np.linalg.norm(local - local[0], axis=2).max(axis=0)
    distance = np.linalg.norm(local[0], axis=1)
    segment = int(np.argmin(np.round(wander, 4) + 1e-6 * distance))
    return segment, local[0, segment]


def _outer_side(recording: Recording, segment: int) -> tuple[int, ...]:
    """The side of the body on which a limb is, as its joint stands to the pelvis at the start."""
    joint = _seen_from_pelvis(recording, recording.segment_pos_world[0, segment])
    return (1 if joint[1] >= 0 else -1,)


def _reach_m(shapes: Sequence[Shape], segment: int) -> float:
    """Half the breadth of a segment with half a hand on top [m]."""
    own = [shape for shape in shapes if shape.segment_index == segment]
    breadths = [s.size_m[0] if s.kind == "capsule" else s.size_m[1] for s in own]
    return max(breadths, default=0.03) + _THICKNESS_M
