"""Static loads: the torques and stiffness of weight, against potential energy and pendulums."""

import numpy as np
import pytest

from dmi_sim.anatomy import AXIS_INDEX, SEGMENT_INDEX
from dmi_sim.arrays import Vector
from dmi_sim.body.kinematics import inertial_params, joint_quaternions, segment_poses
from dmi_sim.body.rotation import quaternion_of
from dmi_sim.body.statics import (
    GRAVITY_M_S2,
    Loads,
    gravity_stiffness,
    gravity_torque,
    load_torque,
)
from dmi_sim.infant import Infant

UP = np.array([0.0, 0.0, 1.0])
STRAIGHT = np.zeros(34)
STEP = 1e-5


def random_pose(seed: int) -> tuple[Vector, Vector]:
    random = np.random.default_rng(seed)
    up = random.normal(size=3)
    return random.normal(0, 0.6, 34), up / np.linalg.norm(up)


def potential_j(infant: Infant, angle: Vector, up: Vector, step: Vector) -> float:
    """Energy of the weight once the body has moved by a step of the 40 coordinates."""
    masses = inertial_params(infant.ordered_segments)
    joints = joint_quaternions(angle + step[6:])
    pos, _, matrix = segment_poses(step[:3], quaternion_of(step[3:6]), joints, masses.joint_m)
    heights = (pos + np.einsum("sij,sj->si", matrix, masses.com_m)) @ up
    return float(GRAVITY_M_S2 * masses.mass_kg @ heights)


@pytest.mark.parametrize("age", [0, 6, 24])
@pytest.mark.parametrize("seed", [1, 2])
def test_the_generalised_force_of_weight_is_minus_the_gradient_of_potential_energy(
    age: float, seed: int
) -> None:
    infant, (angle, up) = Infant.from_spec(age), random_pose(seed)
    slope = [
        (potential_j(infant, angle, up, step) - potential_j(infant, angle, up, -step)) / (2 * STEP)
        for step in STEP * np.eye(40)
    ]
    found = gravity_torque(inertial_params(infant.ordered_segments), angle, up)
    assert found == pytest.approx(-np.array(slope), rel=1e-6, abs=1e-7)


def test_the_stiffness_of_weight_is_the_curvature_of_potential_energy() -> None:
    infant, (angle, up) = Infant.from_spec(6), random_pose(3)
    stiffness = gravity_stiffness(inertial_params(infant.ordered_segments), angle, up)[6:, 6:]
    assert stiffness == pytest.approx(stiffness.T, abs=1e-8)
    wide = 1e-3
    for i, j in ((0, 0), (1, 10), (4, 25), (13, 14), (33, 30)):
        a, b = wide * np.eye(40)[6 + i], wide * np.eye(40)[6 + j]
        corners = (
            sign * potential_j(infant, angle, up, step)
            for sign, step in ((1, a + b), (-1, a - b), (-1, b - a), (1, -a - b))
        )
        assert stiffness[i, j] == pytest.approx(sum(corners) / (4 * wide**2), abs=1e-5)


def test_an_upright_head_is_an_inverted_pendulum_and_a_hanging_forearm_a_pendulum() -> None:
    infant = Infant.from_spec(6)
    stiffness = gravity_stiffness(inertial_params(infant.ordered_segments), STRAIGHT, UP)
    for axis, name in (("neck.flexion", "head"), ("left_elbow.flexion", "left_forearm")):
        segment, row = infant.segments[name], 6 + AXIS_INDEX[axis]
        mgh = segment.mass_kg * GRAVITY_M_S2 * segment.com_m[2]
        assert stiffness[row, row] == pytest.approx(-mgh, rel=1e-6)


def test_a_level_forearm_loads_the_elbow_with_its_weight_times_its_lever() -> None:
    infant, angle = Infant.from_spec(6), np.zeros(34)
    axis = AXIS_INDEX["right_elbow.flexion"]
    angle[axis] = np.pi / 2
    forearm = infant.segments["right_forearm"]
    load = forearm.mass_kg * GRAVITY_M_S2 * forearm.com_m[2]
    torque = gravity_torque(inertial_params(infant.ordered_segments), angle, UP)
    assert torque[6 + axis] == pytest.approx(load)


def test_the_force_on_the_pelvis_is_body_weight_wherever_the_body_is() -> None:
    infant, (angle, up) = Infant.from_spec(6), random_pose(5)
    masses = inertial_params(infant.ordered_segments)
    weight = infant.mass_kg * GRAVITY_M_S2
    assert gravity_torque(masses, angle, up)[:3] == pytest.approx(-weight * up)
    assert not gravity_stiffness(masses, angle, up)[:, :3].any()


def test_a_torque_on_a_forearm_loads_exactly_the_joints_between_it_and_the_pelvis() -> None:
    infant = Infant.from_spec(6)
    torque = np.zeros((15, 3))
    torque[SEGMENT_INDEX["left_forearm"]] = (0.3, -0.2, 0.5)
    loads = Loads(np.zeros((15, 3)), np.zeros((15, 3)), torque)
    loaded = load_torque(inertial_params(infant.ordered_segments).joint_m, STRAIGHT, loads)
    between = ("waist", "thoracolumbar", "thoracic", "left_shoulder", "left_elbow")
    joints = {label.split(".")[0] for label, i in AXIS_INDEX.items() if loaded[6 + i] != 0}
    assert joints == set(between)
    assert loaded[3:6] == pytest.approx((0.3, -0.2, 0.5))
    assert loaded[6 + AXIS_INDEX["waist.flexion"]] == pytest.approx(-0.2)
