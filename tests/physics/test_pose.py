"""Poses are put down on the floor, neither above it nor in it."""

from dataclasses import replace

import numpy as np
import pytest

from dmi_sim.arrays import Vector
from dmi_sim.body.kinematics import inertial_params, joint_quaternions, segment_poses
from dmi_sim.body.rotation import quaternion_of
from dmi_sim.infant import Infant
from dmi_sim.physics.pose import (
    RESTING_DEPTH_M,
    UPRIGHT,
    Pose,
    contact_spheres,
    lifted_out,
    standing_on_floor,
)
from dmi_sim.physics.scene import Scene, Solid

INFANT = Infant.from_spec(7)
JOINT_M = inertial_params(INFANT.ordered_segments).joint_m


def lowest_point_m(pose: Pose) -> float:
    pos, _, matrix = segment_poses(
        pose.pelvis_pos_world, pose.pelvis_quat_world, joint_quaternions(pose.angle_rad), JOINT_M
    )
    return min(
        (pos[s] + matrix[s] @ np.array(sphere.centre_m))[2] - sphere.radius_m
        for s, part in enumerate(INFANT.ordered_segments)
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


def box(half_extents: tuple[float, float, float], centre: tuple[float, float, float]) -> Scene:
    return Scene((Solid(("box", half_extents), centre),))


def clearance_m(pose: Pose, scene: Scene) -> float:
    return scene.clearance_m(*contact_spheres(pose, INFANT, JOINT_M))


SCENES = {
    "a wide bench": box((1.0, 1.0, 0.1), (0.0, 0.0, 0.1)),
    "a bench behind": box((0.2, 0.3, 0.1), (-0.2, 0.0, 0.1)),
    "a step under one foot": box((0.1, 0.1, 0.01), (0.0, 0.15, 0.01)),
    "a table in front": box((0.2, 0.4, 0.2), (0.35, 0.0, 0.2)),
    "a rail across": Scene((Solid(("capsule", (0.02, 1.0)), (0.05, 0.0, 0.3), (1.57, 0.0, 0.0)),)),
    "a wedge": Scene((Solid(("box", (0.3, 0.3, 0.05)), (0.0, 0.0, 0.1), (0.0, 0.3, 0.0)),)),
}


@pytest.mark.parametrize("scene", SCENES.values(), ids=SCENES.keys())
@pytest.mark.parametrize("seed", range(3))
def test_an_infant_is_let_down_until_it_touches_what_is_under_it(scene: Scene, seed: int) -> None:
    random = np.random.default_rng(seed)
    turn = quaternion_of(random.normal(0, 0.5, 3))
    pose = Pose(np.array([0.0, 0.05, 9.0]), turn, random.normal(0, 0.4, 34))
    placed = standing_on_floor(pose, INFANT, JOINT_M, scene)
    on_floor = standing_on_floor(pose, INFANT, JOINT_M)
    assert clearance_m(placed, scene) == pytest.approx(0.0, abs=1e-8)
    assert placed.pelvis_pos_world[:2] == pytest.approx(pose.pelvis_pos_world[:2])
    assert placed.pelvis_pos_world[2] >= on_floor.pelvis_pos_world[2] - 1e-12


def test_on_a_wide_bench_it_is_as_much_higher_as_the_bench_is() -> None:
    pose = Pose(np.zeros(3), UPRIGHT, np.zeros(34))
    high = standing_on_floor(pose, INFANT, JOINT_M, SCENES["a wide bench"])
    low = standing_on_floor(pose, INFANT, JOINT_M)
    assert high.pelvis_pos_world - low.pelvis_pos_world == pytest.approx([0, 0, 0.2])


def test_furniture_out_of_reach_changes_nothing() -> None:
    pose = Pose(np.zeros(3), UPRIGHT, np.zeros(34))
    away = standing_on_floor(pose, INFANT, JOINT_M, box((0.2, 0.2, 0.2), (3.0, 0.0, 0.2)))
    near = standing_on_floor(pose, INFANT, JOINT_M)
    assert away.pelvis_pos_world == pytest.approx(near.pelvis_pos_world, abs=1e-8)


def test_a_pose_in_the_floor_is_lifted_out_and_one_above_it_is_left() -> None:
    touching = standing_on_floor(Pose(np.zeros(3), UPRIGHT, np.zeros(34)), INFANT, JOINT_M)
    sunk, high = (
        replace(touching, pelvis_pos_world=touching.pelvis_pos_world + np.array([0, 0, by_m]))
        for by_m in (-0.003, 0.003)
    )
    assert lowest_point_m(lifted_out(sunk, INFANT, JOINT_M)) == pytest.approx(-RESTING_DEPTH_M)
    assert lifted_out(high, INFANT, JOINT_M).pelvis_pos_world == pytest.approx(
        high.pelvis_pos_world
    )
