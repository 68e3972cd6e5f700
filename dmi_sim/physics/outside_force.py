"""Outside forces on any segment as torques of the joints and a wrench on the pelvis, compiled.

Bullet measures the point of a force on a link from where that link was a step ago, so that its
lever is wrong by the way of a step: 4 mm at 1 m/s. Of the pelvis alone it knows where it is. In
generalised coordinates the force is exact, and all hands together cost an engine two calls.

Source:
    Featherstone (2008), Rigid Body Dynamics Algorithms, section 5.3, outside forces by the
    transpose of the Jacobian; ``featherstone2008``.
"""

import numpy as np

from dmi_sim.arrays import Vector
from dmi_sim.body.kinematics import PARENT, cross, rotate
from dmi_sim.kernel import kernel
from dmi_sim.physics.body_state import SegmentKinematics
from dmi_sim.physics.coordinates import IS_HINGE, JOINT_U


@kernel
def add_joint_torques(
    motion: SegmentKinematics, s: int, force: Vector, pos: Vector, torque: Vector
) -> None:
    """Add what a force on a segment does at the joints between it and the pelvis.

    Args:
        motion: Positions of all segments.
        s: Index of the segment.
        force: The force [N], world, shape (3,).
        pos: Point where it acts [m], world, shape (3,).
        torque: Joint torques conjugate to the joints' part of ``u`` [N m], shape (34,); changed.
    """
    moment = np.empty(3)
    while s > 0:
        cross(pos - motion.pos[s], force, moment)
        _add_moment_at(motion, s, moment, torque)
        s = PARENT[s]


@kernel
def add_joint_moments(motion: SegmentKinematics, s: int, moment: Vector, torque: Vector) -> None:
    """Add what a torque on a segment [N m], world, shape (3,), does at the same joints.

    Args:
        motion: Positions of all segments.
        s: Index of the segment.
        moment: The torque on it [N m], world, shape (3,).
        torque: Joint torques conjugate to the joints' part of ``u`` [N m], shape (34,); changed.
    """
    while s > 0:
        _add_moment_at(motion, s, moment, torque)
        s = PARENT[s]


@kernel
def _add_moment_at(motion: SegmentKinematics, s: int, moment: Vector, torque: Vector) -> None:
    """Add a moment [N m], world, to the torque of the joint between a segment and its parent."""
    own, at = np.empty(3), JOINT_U[s - 1] - 6
    rotate(motion.matrix[s].T, moment, own)
    if IS_HINGE[s - 1]:  # about the second axis of the child
        torque[at] += own[1]
    else:
        for c in range(3):
            torque[at + c] += own[c]


@kernel
def add_to_wrench(force: Vector, lever: Vector, moment: Vector, wrench: Vector) -> None:
    """Add a force and a torque to a wrench.

    Args:
        force: The force [N], shape (3,).
        lever: Point where it acts, from the point of the wrench [m], shape (3,).
        moment: The torque [N m], shape (3,).
        wrench: Force [N] and torque [N m], shape (2, 3); changed.
    """
    swing = np.empty(3)
    cross(lever, force, swing)
    for c in range(3):
        wrench[0, c] += force[c]
        wrench[1, c] += swing[c] + moment[c]
