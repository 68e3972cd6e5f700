"""An infant at rest in a posture: what the floor holds, what hands hold, what it holds itself.

The floor carries and holds every limb segment that lies on it, and a part of the trunk or the head
that lies on it flat. A pelvis that sits upright on the floor is carried at the hips, on which it
can rock. All else the infant must hold itself, or the hands do.
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
"""A segment within this share of the body length above the lowest one lies on the floor: infants
are soft, and the lowest point of a pose alone would leave the thighs in the air."""
_FLAT_COSINE = np.cos(np.pi / 4)
"""A trunk that leans more than 45 degrees from the vertical lies."""


@dataclass(frozen=True)
class StaticPosture:
    """An infant in a posture, in the frame of its pelvis.

    Attributes:
        infant: The infant.
        masses: Masses and inertias of its segments.
        angle_rad: Anatomical angles [rad], shape (34,).
        up_pelvis: Unit vector against gravity, shape (3,).
        on_floor: Whether the floor holds a segment, shape (15,).
    """

    infant: Infant
    masses: InertialParams
    angle_rad: Vector
    up_pelvis: Vector
    on_floor: tuple[bool, ...]

    def segments(self) -> tuple[Vector, Vector]:
        """Origins [m], shape (15, 3), and matrices (15, 3, 3) in the pelvis frame."""
        return segments_in_pelvis(self.masses.joint_m, self.angle_rad)

    def supported(self, support: SupportSpec) -> Index:
        """Indices of the segments that hands hold and the floor does not."""
        held = [node.kind == support.segment for node in SEGMENTS]
        return np.flatnonzero(np.array(held) & ~np.array(self.on_floor))

    def attachment_m(self, support: SupportSpec, segment: int) -> Vector:
        """Point at which hands hold a segment, in its frame [m], shape (3,)."""
        return support_point(
            support, self.infant.anthropometry, self.infant.ordered_segments[segment]
        )


def start_posture(infant: Infant, start: StartPoseSpec) -> StaticPosture:
    """The infant as an exercise begins: pelvis level, joints at the start angles, on the floor."""
    masses, angle = inertial_params(infant.ordered_segments), start.angles_rad()
    up = np.array([0.0, 0.0, 1.0])
    return StaticPosture(infant, masses, angle, up, _on_floor(infant, masses, angle, up))


def _on_floor(
    infant: Infant, masses: InertialParams, angle_rad: Vector, up: Vector
) -> tuple[bool, ...]:
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
    """Whether a segment without contact of its own lies between two that touch the floor."""
    name, parent = SEGMENTS[segment].name, SEGMENTS[segment].parent
    around = [s for s, node in enumerate(SEGMENTS) if node.parent == name or node.name == parent]
    return len(around) > 1 and all(touching[s] for s in around)
