"""A posture to start from."""

from dataclasses import dataclass, replace

import numpy as np

from dmi_sim.arrays import Vector
from dmi_sim.body.kinematics import joint_quaternions, segment_poses
from dmi_sim.infant import Infant
from dmi_sim.physics.scene import FLOOR_ONLY, Scene

_ABOVE_M = 10.0
"""Higher than any furniture."""
RESTING_DEPTH_M = 1e-4
"""Deeper than this nothing is in the floor at rest; what is not in it is not held by it yet."""
_CLOSE_M = 1e-9
_MOST_STEPS = 1000
UPRIGHT = np.array([0.0, 0.0, 0.0, 1.0])


@dataclass(frozen=True)
class Pose:
    """Where the pelvis is and how the joints are bent.

    Attributes:
        pelvis_pos_world: PolicyMetadata of the pelvis frame [m], shape (3,).
        pelvis_quat_world: Its orientation (x, y, z, w).
        angle_rad: Anatomical angles, shape (34,).
    """

    pelvis_pos_world: Vector
    pelvis_quat_world: Vector
    angle_rad: Vector


def standing_on_floor(
    pose: Pose, infant: Infant, joint_m: Vector, scene: Scene = FLOOR_ONLY
) -> Pose:
    """The same pose let down from above until a contact sphere touches floor or furniture.

    Args:
        pose: Its height does not matter.
        infant: Whose contact spheres.
        joint_m: Joints in their parents' frames [m], shape (15, 3).
        scene: What may be touched; a platform is level.
    """
    centre, radius = contact_spheres(pose, infant, joint_m)
    drop = _fall_m(centre, radius, scene)
    return replace(pose, pelvis_pos_world=pose.pelvis_pos_world - np.array([0.0, 0.0, drop]))


def lifted_out(pose: Pose, infant: Infant, joint_m: Vector, scene: Scene = FLOOR_ONLY) -> Pose:
    """The same pose, lifted until no contact sphere is deeper than at rest in anything.

    Args:
        pose: Of the infant.
        infant: Whose contact spheres.
        joint_m: Joints in their parents' frames [m], shape (15, 3).
        scene: What it may be in; a platform is level.
    """
    depth = -scene.clearance_m(*contact_spheres(pose, infant, joint_m))
    lift = np.array([0.0, 0.0, max(0.0, depth - RESTING_DEPTH_M)])
    return replace(pose, pelvis_pos_world=pose.pelvis_pos_world + lift)


def contact_spheres(pose: Pose, infant: Infant, joint_m: Vector) -> tuple[Vector, Vector]:
    """Centres, world [m], shape (n, 3), and radii [m], shape (n,), of all contact spheres.

    Args:
        pose: Of the infant.
        infant: Whose spheres.
        joint_m: Joints in their parents' frames [m], shape (15, 3).
    """
    pos, _, matrix = segment_poses(
        pose.pelvis_pos_world, pose.pelvis_quat_world, joint_quaternions(pose.angle_rad), joint_m
    )
    spheres = [
        (s, sphere) for s, part in enumerate(infant.ordered_segments) for sphere in part.spheres
    ]
    centre = np.array([pos[s] + matrix[s] @ np.array(sphere.centre_m) for s, sphere in spheres])
    return centre, np.array([sphere.radius_m for _, sphere in spheres])


def _fall_m(centre: Vector, radius: Vector, scene: Scene) -> float:
    """How far spheres come down from where they are until one touches [m]; negative is up.

    From high above they sink by the shortest distance to anything, again and again: they cannot
    pass what they contact_force first.

    Source:
        Sphere tracing: The Visual Computer 12 (1996), 527-545; ``hart1996``.
    """
    lowest = float((centre[:, 2] - radius).min())
    if not scene.furniture:
        return lowest
    down, fallen = np.array([0.0, 0.0, 1.0]), lowest - _ABOVE_M
    for _ in range(_MOST_STEPS):
        gap = scene.clearance_m(centre - fallen * down, radius)
        fallen += gap
        if gap < _CLOSE_M:
            break
    return fallen
