"""A posture to start from."""

from dataclasses import dataclass, replace

import numpy as np

from dmi_sim.body.arrays import Vector
from dmi_sim.body.kinematics import joint_quaternions, segment_poses
from dmi_sim.infant import Infant

UPRIGHT = np.array([0.0, 0.0, 0.0, 1.0])


@dataclass(frozen=True)
class Pose:
    """Where the pelvis is and how the joints are bent.

    Attributes:
        pelvis_pos_world: Origin of the pelvis frame [m], shape (3,).
        pelvis_quat_world: Its orientation (x, y, z, w).
        angle_rad: Anatomical angles, shape (34,).
    """

    pelvis_pos_world: Vector
    pelvis_quat_world: Vector
    angle_rad: Vector


def standing_on_floor(pose: Pose, infant: Infant, joint_m: Vector) -> Pose:
    """The same pose lifted or lowered until its lowest contact sphere touches the floor."""
    pos, _, matrix = segment_poses(
        pose.pelvis_pos_world, pose.pelvis_quat_world, joint_quaternions(pose.angle_rad), joint_m
    )
    lowest = min(
        (pos[s] + matrix[s] @ np.array(sphere.centre_m))[2] - sphere.radius_m
        for s, segment in enumerate(infant.parts)
        for sphere in segment.spheres
    )
    return replace(pose, pelvis_pos_world=pose.pelvis_pos_world - np.array([0.0, 0.0, lowest]))
