"""A pose of the infant, put down on its scene."""

from dataclasses import dataclass, replace

import numpy as np

from dmi_sim.arrays import Vector
from dmi_sim.body.kinematics import joint_quaternions, segment_poses
from dmi_sim.infant import Infant
from dmi_sim.physics.scene import FLOOR_ONLY, Scene

_ABOVE_M = 10.0
"""Height above any furniture [m]."""
RESTING_DEPTH_M = 1e-4
"""Depth of a resting contact [m]: nothing lies deeper, and less deep it is not carried yet."""
_CLOSE_M = 1e-9
_MOST_STEPS = 1000
UPRIGHT = np.array([0.0, 0.0, 0.0, 1.0])


@dataclass(frozen=True)
class Pose:
    """The position and orientation of the pelvis, and all joint angles.

    Attributes:
        pelvis_pos_world: Origin of the pelvis frame [m], shape (3,).
        pelvis_quat_world: Orientation of the pelvis (x, y, z, w).
        angle_rad: Anatomical angles [rad], shape (34,).
    """

    pelvis_pos_world: Vector
    pelvis_quat_world: Vector
    angle_rad: Vector


def standing_on_floor(
    pose: Pose, infant: Infant, joint_m: Vector, scene: Scene = FLOOR_ONLY
) -> Pose:
    """The same pose let down from above until a contact sphere touches floor or furniture.

    Args:
        pose: The pose; its height does not matter.
        infant: The infant whose contact spheres touch.
        joint_m: Joints in their parents' frames [m], shape (15, 3).
        scene: Floor or platform, which is level, and furniture.
    """
    centre, radius = contact_spheres(pose, infant, joint_m)
    drop = _fall_m(centre, radius, scene)
    return replace(pose, pelvis_pos_world=pose.pelvis_pos_world - np.array([0.0, 0.0, drop]))


def lifted_out(pose: Pose, infant: Infant, joint_m: Vector, scene: Scene = FLOOR_ONLY) -> Pose:
    """The same pose, lifted until no contact sphere is deeper than at rest in anything.

    Args:
        pose: The pose of the infant.
        infant: The infant whose contact spheres are tested.
        joint_m: Joints in their parents' frames [m], shape (15, 3).
        scene: Floor or platform, which is level, and furniture.
    """
    depth = -scene.clearance_m(*contact_spheres(pose, infant, joint_m))
    lift = np.array([0.0, 0.0, max(0.0, depth - RESTING_DEPTH_M)])
    return replace(pose, pelvis_pos_world=pose.pelvis_pos_world + lift)


def contact_spheres(pose: Pose, infant: Infant, joint_m: Vector) -> tuple[Vector, Vector]:
    """Centres, world [m], shape (n, 3), and radii [m], shape (n,), of all contact spheres.

    Args:
        pose: The pose of the infant.
        infant: The infant whose spheres are placed.
        joint_m: Joints in their parents' frames [m], shape (15, 3).
    """
    pos, _, matrix = segment_poses(
        pose.pelvis_pos_world, pose.pelvis_quat_world, joint_quaternions(pose.angle_rad), joint_m
    )
    spheres = [
        (s, sphere)
        for s, segment in enumerate(infant.ordered_segments)
        for sphere in segment.spheres
    ]
    centre = np.array([pos[s] + matrix[s] @ np.array(sphere.centre_m) for s, sphere in spheres])
    return centre, np.array([sphere.radius_m for _, sphere in spheres])


def _fall_m(centre: Vector, radius: Vector, scene: Scene) -> float:
    """The height that spheres fall until one of them touches something [m]; negative is up.

    From high above they sink by the shortest distance to anything, again and again, so they cannot
    pass through what they touch first.

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
