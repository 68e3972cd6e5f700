"""Outside forces in generalised coordinates do the work that they do at their points."""

from dataclasses import replace

import numpy as np
import pytest

from dmi_sim.anatomy import SEGMENTS
from dmi_sim.arrays import Vector
from dmi_sim.body.rotation import product, quaternion_of
from dmi_sim.physics.body_state import SegmentKinematics
from dmi_sim.physics.coordinates import N_U
from dmi_sim.physics.outside_force import add_joint_moments, add_joint_torques, add_to_wrench
from dmi_sim.physics.pose import Pose
from dmi_sim.physics.world import World
from tests.mechanics import WorldFactory
from tests.physics.small_moves import at_rest, generalised, joint_way

FORCE_N, MOMENT_NM = np.array([3.0, -2.0, 5.0]), np.array([0.2, 0.5, -0.4])
POINT_M = np.array([0.02, -0.01, -0.05])
"""A point of every segment, in its frame."""


def moved(pose: Pose, random: np.random.Generator) -> Pose:
    """The pose after a small move of the pelvis and of all joints."""
    turn = quaternion_of(random.normal(0, 1e-6, 3))
    return Pose(
        pose.pelvis_pos_world + random.normal(0, 1e-6, 3),
        product(turn, pose.pelvis_quat_world),
        pose.angle_rad + random.normal(0, 1e-6, 34),
    )


def place(motion: SegmentKinematics, s: int) -> Vector:
    return motion.pos[s] + motion.matrix[s] @ POINT_M


def turn_of(before: Vector, after: Vector) -> Vector:
    """Rotation vector that leads from one rotation matrix to another nearby, world [rad]."""
    skew = after @ before.T
    return np.array([skew[2, 1] - skew[1, 2], skew[0, 2] - skew[2, 0], skew[1, 0] - skew[0, 1]]) / 2


def work_at_the_joints_j(world: World, pose: Pose, then: Pose, torque: Vector) -> float:
    return float(torque @ joint_way(generalised(world, pose)[0], generalised(world, then)[0]))


@pytest.mark.parametrize("s", range(len(SEGMENTS)), ids=[node.name for node in SEGMENTS])
def test_torques_and_wrench_do_the_work_of_a_force_and_a_torque_on_a_segment(
    worlds_at: WorldFactory, s: int
) -> None:
    _, world = worlds_at(7)
    random = np.random.default_rng(s)
    bent = replace(world.start, angle_rad=world.start.angle_rad + random.normal(0, 0.4, 34))
    then = moved(bent, random)
    before, after = at_rest(world, bent), at_rest(world, then)
    pelvis, pelvis_after = (generalised(world, pose)[0][:3] for pose in (bent, then))
    torque, wrench = np.zeros(N_U - 6), np.zeros((2, 3))
    add_joint_torques(before, s, FORCE_N, place(before, s), torque)
    add_joint_moments(before, s, MOMENT_NM, torque)
    add_to_wrench(FORCE_N, place(before, s) - pelvis, MOMENT_NM, wrench)
    done_j = (
        work_at_the_joints_j(world, bent, then, torque)
        + wrench[0] @ (pelvis_after - pelvis)
        + wrench[1] @ turn_of(before.matrix[0], after.matrix[0])
    )
    expected_j = FORCE_N @ (place(after, s) - place(before, s)) + MOMENT_NM @ turn_of(
        before.matrix[s], after.matrix[s]
    )
    assert done_j == pytest.approx(expected_j, rel=1e-3, abs=1e-9)


def test_what_holds_the_pelvis_asks_nothing_of_the_joints(worlds_at: WorldFactory) -> None:
    _, world = worlds_at(7)
    torque = np.zeros(N_U - 6)
    add_joint_torques(at_rest(world, world.start), 0, FORCE_N, np.ones(3), torque)
    add_joint_moments(at_rest(world, world.start), 0, MOMENT_NM, torque)
    assert not torque.any()
