"""Rotations: quaternion and rotation vector say the same, and the Jacobian is a derivative."""

import numpy as np
import pytest

from dmi_sim.arrays import Vector
from dmi_sim.body.rotation import (
    inverse_right_jacobian,
    matrix_of,
    product,
    quaternion_of,
    rate_coefficients,
    rotated,
    rotation_vector_of,
)

RANDOM = np.random.default_rng(3)
LARGEST = np.pi - 1e-3


def attitude(angle_rad: float) -> Vector:
    axis = RANDOM.normal(size=3)
    return angle_rad * axis / np.linalg.norm(axis)


ATTITUDES = [attitude(angle) for angle in (0, 1e-9, 1e-6, 1e-4, 1e-3, 0.1, 1.0, 2.0, 3.0, LARGEST)]


@pytest.mark.parametrize("theta", ATTITUDES, ids=lambda theta: f"{np.linalg.norm(theta):.1e}")
def test_an_attitude_survives_the_way_through_a_quaternion(theta: Vector) -> None:
    assert rotation_vector_of(quaternion_of(theta)) == pytest.approx(theta, abs=1e-12)
    assert rotation_vector_of(-quaternion_of(theta)) == pytest.approx(theta, abs=1e-12)
    assert np.linalg.norm(quaternion_of(theta)) == pytest.approx(1)


def test_a_quarter_turn_about_the_vertical_takes_forward_to_left() -> None:
    turn = matrix_of(quaternion_of(np.array([0.0, 0.0, np.pi / 2])))
    assert turn @ [1, 0, 0] == pytest.approx([0, 1, 0], abs=1e-15)


@pytest.mark.parametrize("theta", ATTITUDES, ids=lambda theta: f"{np.linalg.norm(theta):.1e}")
def test_the_matrix_of_an_attitude_is_the_formula_of_rodrigues(theta: Vector) -> None:
    vector = np.array([0.3, -0.7, 0.2])
    angle = float(np.linalg.norm(theta))
    axis = theta / angle if angle else np.zeros(3)
    turned = (
        vector * np.cos(angle)
        + np.cross(axis, vector) * np.sin(angle)
        + axis * (axis @ vector) * (1 - np.cos(angle))
    )
    expected = turned if angle else vector
    assert matrix_of(quaternion_of(theta)) @ vector == pytest.approx(expected, abs=1e-12)


def test_many_points_are_turned_as_one_by_one_with_their_matrices() -> None:
    turns = np.array([quaternion_of(theta) for theta in ATTITUDES])
    points = RANDOM.normal(size=(5, 3))
    expected = [points @ matrix_of(turn).T for turn in turns]
    assert rotated(turns[:, None], points) == pytest.approx(np.array(expected))
    assert rotated(turns[3], points[0]) == pytest.approx(expected[3][0])


def test_a_product_of_quaternions_is_a_product_of_matrices() -> None:
    a, b = quaternion_of(attitude(1.0)), quaternion_of(attitude(2.0))
    assert matrix_of(product(a, b)) == pytest.approx(matrix_of(a) @ matrix_of(b))


@pytest.mark.parametrize("theta", ATTITUDES[:-1], ids=lambda x: f"{np.linalg.norm(x):.1e}")
def test_the_inverse_jacobian_is_the_derivative_of_the_attitude(theta: Vector) -> None:
    step = 1e-5
    for k in range(3):
        spin_child = np.eye(3)[k]
        after, before = (
            rotation_vector_of(
                product(quaternion_of(theta), quaternion_of(sign * step * spin_child))
            )
            for sign in (1, -1)
        )
        numeric = (after - before) / (2 * step)
        assert inverse_right_jacobian(theta)[:, k] == pytest.approx(numeric, abs=1e-6)


def test_the_series_for_small_angles_meets_the_formula() -> None:
    assert rate_coefficients(0.000999) == pytest.approx(rate_coefficients(0.001001), rel=1e-6)
    assert rate_coefficients(0.0) == pytest.approx(1 / 12)
