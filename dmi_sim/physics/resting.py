"""Where a pose comes to rest, and where its mass is over what it rests on, by statics alone."""

from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import nnls

from dmi_sim.arrays import Index, Vector
from dmi_sim.body.kinematics import InertialParams, joint_quaternions, segment_poses
from dmi_sim.body.rotation import matrix_of, product, quaternion_of
from dmi_sim.infant import Infant
from dmi_sim.physics.pose import RESTING_DEPTH_M, Pose, contact_spheres
from dmi_sim.physics.scene import Scene

LARGEST_TILT_RAD = 0.15
"""A start that would have to tilt farther than this does not rest, but falls [rad]."""
_TOUCHING_M = 1e-3
_NEAR_M = 0.2
"""Spheres farther than this from everything touch nothing after a tilt that is allowed [m]."""
_FAR_BELOW_M = 100.0
"""So far that a body rests on its contacts unless its mass is within 0.1 % of their edge [m]."""
_LAST = np.array([0.0, 0.0, 0.0, 1.0])
_CLOSE, _MOST_ROUNDS, _NO_ROOM = 1e-4, 8, 1e-12


@dataclass(frozen=True, eq=False)
class RigidBody:
    """An infant with stiff joints, in its surroundings.

    Attributes:
        infant: The infant.
        params: Its joints and masses.
        scene: Floor or platform, which is level, and furniture.
    """

    infant: Infant
    params: InertialParams
    scene: Scene

    def com_m(self, pose: Pose) -> Vector:
        """Centre of mass, world [m], shape (3,)."""
        pos, _, matrix = segment_poses(
            pose.pelvis_pos_world,
            pose.pelvis_quat_world,
            joint_quaternions(pose.angle_rad),
            self.params.joint_m,
        )
        com = pos + np.einsum("sij,sj->si", matrix, self.params.com_m)
        return self.params.mass_kg @ com / self.params.mass_kg.sum()

    def spheres(self, pose: Pose) -> tuple[Vector, Vector]:
        """Centres, world [m], shape (n, 3), and radii [m], shape (n,), of its contact spheres."""
        return contact_spheres(pose, self.infant, self.params.joint_m)

    def touching(self, pose: Pose) -> Index:
        """Indices of the contact spheres that touch something."""
        return np.flatnonzero(self.scene.gaps_m(*self.spheres(pose)).min(axis=0) < _TOUCHING_M)

    def com_over_base_m(self, pose: Pose, base: Index) -> Vector:
        """Where the mass is over the middle of some contact spheres, level, world [m], shape (2,).

        Args:
            pose: The pose.
            base: Indices of these spheres.
        """
        return (self.com_m(pose) - self.spheres(pose)[0][base].mean(axis=0))[:2]


def at_rest(pose: Pose, body: RigidBody, largest_tilt_rad: float = LARGEST_TILT_RAD) -> Pose:
    """The pose in which a stiff body comes to rest: where its mass is lowest and nothing sinks in.

    A body that would tilt farther than it may is only put down as it is.

    Args:
        pose: The pose; its joint angles and heading are kept.
        body: The body that takes it.
        largest_tilt_rad: How far it may tilt [rad].
    """
    put_down = rested = _put_down(pose, body)
    tilt = np.zeros(2)
    for _ in range(_MOST_ROUNDS):
        moved = _lowering(rested, body)
        tilt = tilt + moved[1:]
        if not np.linalg.norm(tilt) <= largest_tilt_rad:
            return put_down
        rested = _moved(rested, moved, body.com_m(rested))
        if np.abs(moved).max() < _CLOSE:
            break
    return _put_down(rested, body)


def _put_down(pose: Pose, body: RigidBody) -> Pose:
    """The pose raised, or lowered, until the sphere nearest to anything is as deep as at rest."""
    down_m = body.scene.clearance_m(*body.spheres(pose)) + RESTING_DEPTH_M
    return _moved(pose, np.array([-down_m, 0.0, 0.0]), pose.pelvis_pos_world)


def _lowering(pose: Pose, body: RigidBody) -> Vector:
    """Height [m] and tilts about forward and left [rad] that lower the mass most, shape (3,)."""
    centre, radius = body.spheres(pose)
    gap = (body.scene.gaps_m(centre, radius) + RESTING_DEPTH_M).ravel()
    near = gap < _NEAR_M
    slope = _slopes(body.scene.normals(centre), centre - body.com_m(pose))[near]
    return _lowest(gap[near], slope)


def _slopes(normal: Vector, arm_m: Vector) -> Vector:
    """How gaps change with a height and with tilts: n, and n . (w x r) = w . (r x n), (m, 3)."""
    up = normal[..., 2]
    forward_tilt = arm_m[:, 1] * up - arm_m[:, 2] * normal[..., 1]
    left_tilt = arm_m[:, 2] * normal[..., 0] - arm_m[:, 0] * up
    return np.stack([up, forward_tilt, left_tilt], axis=-1).reshape(-1, 3)


def _lowest(gap_m: Vector, slope: Vector) -> Vector:
    """The lowest x with gaps that stay open, gap + slope x >= 0, shape (3,); infinite if none do.

    It is the place nearest to one far below, so that of equally low ones the smallest is taken,
    to neither side: least distance programming, by its dual.

    Source:
        Lawson and Hanson, Solving Least Squares Problems (1974), chapter 23; ``lawson1974``.
    """
    dual = np.vstack([slope.T, _FAR_BELOW_M * slope[:, 0] - gap_m])
    multipliers, _ = nnls(dual, _LAST)
    residual = dual @ multipliers - _LAST
    if residual[3] > -_NO_ROOM:
        return np.full(3, np.inf)
    return -residual[:3] / residual[3] - np.array([_FAR_BELOW_M, 0.0, 0.0])


def _moved(pose: Pose, moved: Vector, about_m: Vector) -> Pose:
    """The pose raised by a height and tilted about a point."""
    turn = quaternion_of(np.array([moved[1], moved[2], 0.0]))
    arm = matrix_of(turn) @ (pose.pelvis_pos_world - about_m)
    pos = about_m + arm + np.array([0.0, 0.0, moved[0]])
    return replace(
        pose, pelvis_pos_world=pos, pelvis_quat_world=product(turn, pose.pelvis_quat_world)
    )
