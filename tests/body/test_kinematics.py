"""Kinematics: poses, velocities, the centre of mass and the mass matrix of the body."""

import numpy as np
import pytest

from dmi_sim.anatomy import AXES, AXIS_INDEX
from dmi_sim.arrays import Vector
from dmi_sim.body.kinematics import (
    AXIS_SIGN,
    centre_of_mass,
    free_inertia,
    inertial_params,
    joint_quaternions,
    mass_matrix,
    rotation_vectors,
    segment_poses,
    segment_velocities,
)
from dmi_sim.body.rotation import quaternion_of
from dmi_sim.infant import Infant
from tests.body import peer

UPRIGHT = np.array([0.0, 0.0, 0.0, 1.0])
INFANT = Infant.from_spec(7)
BODY = inertial_params(INFANT.ordered_segments)


def test_the_straight_body_stands_as_tall_as_it_is_long() -> None:
    pos, _, _ = segment_poses(np.zeros(3), UPRIGHT, joint_quaternions(np.zeros(34)), BODY.joint_m)
    names = [segment.node.name for segment in INFANT.ordered_segments]
    vertex = pos[names.index("head"), 2] + INFANT.lengths.head
    sole = pos[names.index("left_foot"), 2] - INFANT.lengths.ankle_height
    assert vertex - sole == pytest.approx(INFANT.length_m)


def test_anatomical_angles_become_rotation_vectors_with_their_signs() -> None:
    angle = np.zeros(34)
    angle[AXIS_INDEX["left_knee.flexion"]] = 0.5
    angle[AXIS_INDEX["right_hip.abduction"]] = 0.2
    theta = rotation_vectors(angle)
    axes = {axis.label: axis for axis in AXES}
    assert theta[axes["left_knee.flexion"].joint_index, 1] == 0.5
    assert theta[axes["right_hip.abduction"].joint_index, 0] == -0.2
    assert np.abs(theta).sum() == pytest.approx(0.7)
    assert set(AXIS_SIGN) == {-1.0, 1.0}


def test_segment_velocities_are_the_derivatives_of_segment_poses() -> None:
    random = np.random.default_rng(4)
    theta, omega_child = random.normal(0, 0.5, (2, 14, 3))
    velocity, omega = random.normal(size=3), random.normal(size=3)
    start = quaternion_of(random.normal(size=3))
    step = 1e-6

    def at(time: float) -> tuple[Vector, Vector, Vector]:
        turn = peer.turned(start, omega * time, in_world=True)
        joints = zip(theta, omega_child, strict=True)
        balls = np.array([peer.turned(quaternion_of(t), w * time) for t, w in joints])
        return segment_poses(velocity * time, turn, balls, BODY.joint_m)

    pos, _, matrix = at(0.0)
    linear, angular = segment_velocities(velocity, omega, omega_child, pos, matrix)
    (after, _, turned), (before, _, unturned) = at(step), at(-step)
    assert linear == pytest.approx((after - before) / (2 * step), abs=1e-6)
    skew = np.einsum("sij,skj->sik", (turned - unturned) / (2 * step), matrix)
    assert angular == pytest.approx(skew[:, [2, 0, 1], [1, 2, 0]], abs=1e-6)


def test_the_centre_of_mass_and_its_velocity_are_mass_weighted_means() -> None:
    random = np.random.default_rng(5)
    quats = joint_quaternions(random.normal(0, 0.5, 34))
    pos, _, matrix = segment_poses(random.normal(size=3), UPRIGHT, quats, BODY.joint_m)
    velocity, omega = random.normal(size=(2, 15, 3))
    centre, motion = centre_of_mass(pos, matrix, velocity, omega, BODY.com_m, BODY.mass_kg)
    levers = np.einsum("sij,sj->si", matrix, BODY.com_m)
    weights = BODY.mass_kg / BODY.mass_kg.sum()
    assert centre == pytest.approx(weights @ (pos + levers))
    assert motion == pytest.approx(weights @ (velocity + np.cross(omega, levers)))


def test_the_mass_matrix_holds_body_mass_and_is_symmetric_and_positive_definite() -> None:
    matrix = mass_matrix(BODY, np.random.default_rng(7).normal(0, 0.5, 34))
    assert matrix[:3, :3] == pytest.approx(INFANT.mass_kg * np.eye(3), abs=1e-12)
    assert matrix == pytest.approx(matrix.T)
    assert np.linalg.eigvalsh(matrix).min() > 0


def test_an_axis_meets_less_inertia_with_all_other_axes_free_than_with_them_locked() -> None:
    angle = np.zeros(34)
    free = free_inertia(BODY, angle)
    locked = np.diag(mass_matrix(BODY, angle))[6:]
    assert (free > 0).all()
    assert (free < locked).all()
    assert free[AXIS_INDEX["left_hip.flexion"]] == pytest.approx(
        free[AXIS_INDEX["right_hip.flexion"]]
    )
