"""Rotations: quaternion and rotation vector say the same, and the Jacobian is a derivative."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from dmi_sim.arrays import Vector
from dmi_sim.body.rotation import (
    conjugate,
    inverse_right_jacobian,
    matrix_of,
    product,
    products,
    quaternion_of,
    quaternions_from_z,
    quaternions_of,
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


COORDINATES = st.floats(-10, 10)
VECTORS = arrays(np.float64, (5, 3), elements=COORDINATES)
DIRECTIONS = arrays(np.float64, (3,), elements=COORDINATES).filter(
    lambda direction: float(np.linalg.norm(direction)) > 1e-3
)


@given(VECTORS)
def test_many_rotation_vectors_give_the_quaternions_of_each(theta: Vector) -> None:
    assert quaternions_of(theta) == pytest.approx(np.stack([quaternion_of(t) for t in theta]))


@given(VECTORS, VECTORS)
def test_many_vectors_turn_at_once_each_as_by_its_matrix(theta: Vector, vector: Vector) -> None:
    turns = quaternions_of(theta)
    each = [matrix_of(turn) @ v for turn, v in zip(turns, vector, strict=True)]
    assert rotated(turns, vector) == pytest.approx(np.stack(each), abs=1e-12)
    assert rotated(conjugate(turns), rotated(turns, vector)) == pytest.approx(vector, abs=1e-12)


@given(VECTORS, VECTORS)
def test_many_products_are_the_product_of_each(theta: Vector, phi: Vector) -> None:
    a, b = quaternions_of(theta), quaternions_of(phi)
    each = [product(p, q) for p, q in zip(a, b, strict=True)]
    assert products(a, b) == pytest.approx(np.stack(each), abs=1e-12)
    assert products(a[0], b)[0] == pytest.approx(each[0], abs=1e-12)


@given(DIRECTIONS)
def test_the_shortest_rotation_takes_the_vertical_to_a_direction(direction: Vector) -> None:
    turn = quaternions_from_z(direction)
    aim = direction / np.linalg.norm(direction)
    assert rotated(turn, np.array([0.0, 0.0, 1.0])) == pytest.approx(aim, abs=1e-5)
    assert np.linalg.norm(turn) == pytest.approx(1)
    assert turn[2] == 0  # no turn about the vertical itself


def test_up_and_straight_down_are_found_too() -> None:
    turns = quaternions_from_z(np.array([[0.0, 0.0, 3.0], [0.0, 0.0, -2.0]]))
    up, down = rotated(turns, np.array([0.0, 0.0, 1.0]))
    assert (up[2], down[2]) == (1, -1)
