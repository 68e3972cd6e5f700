"""Poses are put down on the floor, neither above it nor in it."""

from dataclasses import replace

import numpy as np
import pytest

from dmi_sim.body.arrays import Vector
from dmi_sim.body.kinematics import joint_quaternions, masses_of, segment_poses
from dmi_sim.body.rotation import quaternion_of
from dmi_sim.infant import Infant
from dmi_sim.sim.pose import UPRIGHT, Pose, standing_on_floor

INFANT = Infant.from_spec(7)
JOINT_M = masses_of(INFANT.parts).joint_m


def lowest_point_m(pose: Pose) -> float:
    pos, _, matrix = segment_poses(
        pose.pelvis_pos_world, pose.pelvis_quat_world, joint_quaternions(pose.angle_rad), JOINT_M
    )
    return min(
        (pos[s] + matrix[s] @ np.array(sphere.centre_m))[2] - sphere.radius_m
        for s, part in enumerate(INFANT.parts)
        for sphere in part.spheres
    )


@pytest.mark.parametrize("height_m", [-0.5, 0.0, 3.0])
@pytest.mark.parametrize(
    "turn", [np.zeros(3), np.array([0.5, 1.0, -2.0])], ids=["upright", "askew"]
)
def test_the_lowest_sphere_touches_the_floor(height_m: float, turn: Vector) -> None:
    angle = np.random.default_rng(1).normal(0, 0.4, 34)
    pose = Pose(np.array([0.2, -0.1, height_m]), quaternion_of(turn), angle)
    placed = standing_on_floor(pose, INFANT, JOINT_M)
    assert lowest_point_m(placed) == pytest.approx(0.0, abs=1e-12)
    assert placed.pelvis_pos_world[:2] == pytest.approx(pose.pelvis_pos_world[:2])


def test_a_standing_infant_is_as_tall_as_its_legs_say() -> None:
    pose = Pose(np.zeros(3), UPRIGHT, np.zeros(34))
    placed = standing_on_floor(replace(pose), INFANT, JOINT_M)
    lengths = INFANT.lengths
    legs = lengths.thigh + lengths.shank + lengths.ankle_height
    assert placed.pelvis_pos_world[2] == pytest.approx(legs, rel=0.05)
