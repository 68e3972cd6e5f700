"""Where to draw a therapist's hands: a recording knows grips on the midline of a segment only."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dmi_sim.assess.recording import Recording
from dmi_sim.body.arrays import Vector
from dmi_sim.body.shapes import Shape
from dmi_sim.view.pose import rotated

COLOUR = "#3a3f47"
_THICKNESS_M = 0.012


@dataclass(frozen=True)
class Palm:
    """One hand on the skin, fixed to the segment that it holds.

    Attributes:
        segment_index: The held segment.
        centre_m: Middle of the palm in the segment's frame [m], (3,).
        side: +1 on the left of the segment, -1 on the right.
    """

    segment_index: int
    centre_m: Vector
    side: int

    @property
    def elbow_m(self) -> Vector:
        """Where the forearm behind this hand comes from, in the segment's frame [m], (3,)."""
        return self.centre_m + np.array((-0.09, 0.11 * self.side, 0.01))


def palms(recording: Recording, shapes: Sequence[Shape]) -> tuple[Palm, ...]:
    """Two hands where one grip holds trunk or head, one hand per limb where two grips hold limbs.

    Returns:
        Nothing where nobody holds.
    """
    count = recording.hand_pos_world.shape[1]
    grips = [_grip(recording, index) for index in range(count)]
    return tuple(
        Palm(segment, centre + np.array((0.0, side * _reach_m(shapes, segment), 0.0)), side)
        for segment, centre in grips
        for side in ((1, -1) if count == 1 else _outer_side(recording, segment))
    )


def _grip(recording: Recording, index: int) -> tuple[int, Vector]:
    """The segment in whose frame a grip stands still, and where it stands there."""
    turned_back = recording.segment_quat_world * np.array((-1.0, -1.0, -1.0, 1.0))
    away = recording.hand_pos_world[:, index, None, :] - recording.segment_pos_world
    local = rotated(turned_back, away)
    wander = np.linalg.norm(local - local[0], axis=2).max(axis=0)
    distance = np.linalg.norm(local[0], axis=1)
    segment = int(np.argmin(np.round(wander, 4) + 1e-6 * distance))
    return segment, local[0, segment]


def _outer_side(recording: Recording, segment: int) -> tuple[int, ...]:
    """The side of the body on which a limb is, as its joint stands to the pelvis at the start."""
    pelvis, limb = recording.segment_pos_world[0, 0], recording.segment_pos_world[0, segment]
    turned_back = recording.segment_quat_world[0, 0] * np.array((-1.0, -1.0, -1.0, 1.0))
    return (1 if rotated(turned_back, limb - pelvis)[1] >= 0 else -1,)


def _reach_m(shapes: Sequence[Shape], segment: int) -> float:
    """Half the breadth of a segment with half a hand on top [m]."""
    own = [shape for shape in shapes if shape.segment_index == segment]
    breadths = [s.size_m[0] if s.kind == "capsule" else s.size_m[1] for s in own]
    return max(breadths, default=0.03) + _THICKNESS_M
