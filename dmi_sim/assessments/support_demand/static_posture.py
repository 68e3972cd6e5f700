"""An infant at rest in a posture, and the segments that floor and hands hold.

The floor carries and holds every limb segment that lies on it, and a segment of trunk or head that
lies on it flat. A pelvis that sits upright on the floor is carried at the hips, on which it can
rock. All other segments must be held by the hands or by the infant itself.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dmi_sim.anatomy import SEGMENTS, TRUNK
from dmi_sim.arrays import Index, Vector
from dmi_sim.body.kinematics import InertialParams, inertial_params
from dmi_sim.body.statics import segments_in_pelvis
from dmi_sim.body.support_point import support_point
from dmi_sim.infant import Infant
from dmi_sim.spec.exercise import StartPoseSpec
from dmi_sim.spec.support import SupportSpec

AXIAL = (*TRUNK, "head")
"""Segments on the midline, from the pelvis up."""

_NEAR = 0.05
"""Height above the lowest segment, in body lengths, up to which a segment lies on the floor:
infants are soft, and with the lowest point alone the thighs of a rigid pose would be in the air."""
_FLAT_COSINE = np.cos(np.pi / 4)
"""Cosine of the tilt from the vertical, 45 degrees, beyond which trunk and head lie flat."""


@dataclass(frozen=True)
class StaticPosture:
    """An infant in a posture, in the frame of its pelvis.

    Attributes:
        infant: The infant.
        masses: Masses and inertias of the segments.
        angle_rad: Anatomical angles [rad], shape (34,).
        up_pelvis: Unit vector against gravity in the pelvis frame, shape (3,).
        on_floor: Whether the floor holds each segment, 15 values.
    """

    infant: Infant
    masses: InertialParams
    angle_rad: Vector
    up_pelvis: Vector
    on_floor: tuple[bool, ...]

    def segments(self) -> tuple[Vector, Vector]:
        """The origins [m], shape (15, 3), and rotations, shape (15, 3, 3), in the pelvis frame."""
        return segments_in_pelvis(self.masses.joint_m, self.angle_rad)

    def supported(self, support: SupportSpec) -> Index:
        """The indices of the segments that hands support and the floor does not."""
        in_hands = [node.kind == support.segment for node in SEGMENTS]
        return np.flatnonzero(np.array(in_hands) & ~np.array(self.on_floor))

    def attachment_m(self, support: SupportSpec, segment: int) -> Vector:
        """The point at which hands support a segment, in its frame [m], shape (3,)."""
        return support_point(
            support, self.infant.anthropometry, self.infant.ordered_segments[segment]
        )


def start_posture(infant: Infant, start: StartPoseSpec) -> StaticPosture:
    """The posture in which an exercise begins: on the floor, pelvis level, joints at start angles.

    Args:
        infant: The infant.
        start: Start pose of the exercise; its random variation is left out.
    """
    masses, angle = inertial_params(infant.ordered_segments), start.angles_rad()
    up = np.array([0.0, 0.0, 1.0])
    return StaticPosture(infant, masses, angle, up, _on_floor(infant, masses, angle, up))


def _on_floor(
    infant: Infant, masses: InertialParams, angle_rad: Vector, up: Vector
) -> tuple[bool, ...]:
    """Whether the floor holds each segment."""
    pos, matrix = segments_in_pelvis(masses.joint_m, angle_rad)
    lowest = [
        min(
            ((pos[s] + matrix[s] @ np.array(ball.centre_m)) @ up - ball.radius_m for ball in balls),
            default=np.inf,
        )
        for s, balls in enumerate(segment.spheres for segment in infant.ordered_segments)
    ]
    near = np.array(lowest) - min(lowest) < _NEAR * infant.length_m
    lies = [
        node.kind not in AXIAL or matrix[s][:, 2] @ up < _FLAT_COSINE
        for s, node in enumerate(SEGMENTS)
    ]
    touching: NDArray[np.bool_] = near & np.array(lies)
    return tuple(bool(touching[s] or _bridges(s, touching)) for s in range(len(SEGMENTS)))


def _bridges(segment: int, touching: NDArray[np.bool_]) -> bool:
    """Whether all neighbours of a segment, two or more, touch the floor."""
    name, parent = SEGMENTS[segment].name, SEGMENTS[segment].parent
    around = [s for s, node in enumerate(SEGMENTS) if node.parent == name or node.name == parent]
    return len(around) > 1 and all(touching[s] for s in around)
