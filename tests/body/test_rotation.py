"""Rotations: quaternion, rotation vector and matrix agree, and the Jacobian is a derivative."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from dmi_sim.arrays import Vector
from dmi_sim.body.rotation import (
    SMALL_ANGLE_RAD,
    conjugate,
    inverse_jacobian_coefficient,
    inverse_right_jacobian,
    matrix_of,
    product,
    products,
    quaternion_of,
    quaternions_from_z,
    quaternions_of,
    rotated,
    rotation_vector_of,
)

RANDOM = np.random.default_rng(3)
LARGEST = np.pi - 1e-3
PROPERTIES = settings(deadline=None, max_examples=200, derandomize=True)


def rotation_vector(angle_rad: float) -> Vector:
    axis = RANDOM.normal(size=3)
    return angle_rad * axis / np.linalg.norm(axis)


VECTORS = [
    rotation_vector(angle) for angle in (0, 1e-9, 1e-6, 1e-4, 1e-3, 0.1, 1.0, 2.0, 3.0, LARGEST)
]


@st.composite
def rotation_vectors(draw: st.DrawFn, largest_rad: float = LARGEST) -> Vector:
    """Rotation vectors of any axis and of any angle from 0 to the largest."""
    axis = np.array([draw(st.floats(-1, 1)) for _ in range(3)])
    norm = float(np.linalg.norm(axis))
    assume(norm > 1e-3)
    return draw(st.floats(0, largest_rad)) * axis / norm


@pytest.mark.parametrize("theta", VECTORS, ids=lambda theta: f"{np.linalg.norm(theta):.1e}")
def test_a_rotation_vector_survives_the_way_through_a_quaternion(theta: Vector) -> None:
    assert rotation_vector_of(quaternion_of(theta)) == pytest.approx(theta, abs=1e-12)
    assert rotation_vector_of(-quaternion_of(theta)) == pytest.approx(theta, abs=1e-12)
    assert np.linalg.norm(quaternion_of(theta)) == pytest.approx(1)


@PROPERTIES
@given(rotation_vectors())
def test_any_rotation_vector_survives_the_way_through_either_quaternion(theta: Vector) -> None:
    quaternion = quaternion_of(theta)
    assert np.linalg.norm(quaternion) == pytest.approx(1, abs=1e-14)
    for same in (quaternion, -quaternion):
        assert rotation_vector_of(same) == pytest.approx(theta, abs=1e-11)


@PROPERTIES
@given(rotation_vectors(largest_rad=50.0))
def test_a_rotation_of_many_turns_comes_back_as_the_shortest_one(theta: Vector) -> None:
    shortest = rotation_vector_of(quaternion_of(theta))
    assert np.linalg.norm(shortest) <= np.pi + 1e-12
    assert matrix_of(quaternion_of(shortest)) == pytest.approx(
        matrix_of(quaternion_of(theta)), abs=1e-11
    )


def test_a_quarter_turn_about_the_vertical_takes_forward_to_left() -> None:
    turn = matrix_of(quaternion_of(np.array([0.0, 0.0, np.pi / 2])))
    assert turn @ [1, 0, 0] == pytest.approx([0, 1, 0], abs=1e-15)


def rodrigues(theta: Vector, vector: Vector) -> Vector:
    """A vector after a rotation, by the formula of Rodrigues."""
    angle = float(np.linalg.norm(theta))
    axis = theta / angle if angle else np.zeros(3)
    turned = (
        vector * np.cos(angle)
        + np.cross(axis, vector) * np.sin(angle)
        + axis * (axis @ vector) * (1 - np.cos(angle))
    )
    return turned if angle else vector


@pytest.mark.parametrize("theta", VECTORS, ids=lambda theta: f"{np.linalg.norm(theta):.1e}")
def test_the_matrix_of_a_rotation_vector_is_the_formula_of_rodrigues(theta: Vector) -> None:
    vector = np.array([0.3, -0.7, 0.2])
    expected = rodrigues(theta, vector)
    assert matrix_of(quaternion_of(theta)) @ vector == pytest.approx(expected, abs=1e-12)


@PROPERTIES
@given(rotation_vectors())
def test_the_matrix_of_any_rotation_is_orthogonal_and_leaves_its_axis_alone(theta: Vector) -> None:
    matrix = matrix_of(quaternion_of(theta))
    assert matrix @ matrix.T == pytest.approx(np.eye(3), abs=1e-14)
    assert np.linalg.det(matrix) == pytest.approx(1)
    assert matrix @ theta == pytest.approx(theta, abs=1e-12)


@PROPERTIES
@given(rotation_vectors())
def test_the_angle_of_a_rotation_can_be_read_from_its_matrix(theta: Vector) -> None:
    trace = float(np.trace(matrix_of(quaternion_of(theta))))
    assert trace == pytest.approx(1 + 2 * np.cos(np.linalg.norm(theta)), abs=1e-13)


@PROPERTIES
@given(rotation_vectors(), rotation_vectors())
def test_the_angle_of_a_rotation_does_not_depend_on_the_frame_it_is_seen_from(
    theta: Vector, frame: Vector
) -> None:
    turn, back = quaternion_of(frame), quaternion_of(-frame)
    seen = rotation_vector_of(product(product(turn, quaternion_of(theta)), back))
    assert np.linalg.norm(seen) == pytest.approx(np.linalg.norm(theta), abs=1e-11)
    assert seen == pytest.approx(matrix_of(turn) @ theta, abs=1e-10)


def test_many_points_are_turned_as_one_by_one_with_their_matrices() -> None:
    turns = np.array([quaternion_of(theta) for theta in VECTORS])
    points = RANDOM.normal(size=(5, 3))
    expected = [points @ matrix_of(turn).T for turn in turns]
    assert rotated(turns[:, None], points) == pytest.approx(np.array(expected))
    assert rotated(turns[3], points[0]) == pytest.approx(expected[3][0])


def test_a_product_of_quaternions_is_a_product_of_matrices() -> None:
    a, b = quaternion_of(rotation_vector(1.0)), quaternion_of(rotation_vector(2.0))
    assert matrix_of(product(a, b)) == pytest.approx(matrix_of(a) @ matrix_of(b))


@PROPERTIES
@given(rotation_vectors(), rotation_vectors(), rotation_vectors())
def test_rotations_compose_as_their_matrices_in_any_grouping(
    first: Vector, second: Vector, third: Vector
) -> None:
    a, b, c = quaternion_of(first), quaternion_of(second), quaternion_of(third)
    assert matrix_of(product(a, b)) == pytest.approx(matrix_of(a) @ matrix_of(b), abs=1e-14)
    assert product(product(a, b), c) == pytest.approx(product(a, product(b, c)), abs=1e-14)


@PROPERTIES
@given(rotation_vectors())
def test_a_rotation_and_its_opposite_leave_everything_where_it_was(theta: Vector) -> None:
    there_and_back = product(quaternion_of(theta), quaternion_of(-theta))
    assert there_and_back == pytest.approx([0, 0, 0, 1], abs=1e-14)
    assert matrix_of(quaternion_of(-theta)) == pytest.approx(matrix_of(quaternion_of(theta)).T)


def numeric_inverse_jacobian(theta: Vector, step: float = 1e-5) -> Vector:
    """Rates of the rotation vector per angular velocity in the child frame, by differences."""
    columns: list[Vector] = []
    for omega_child in np.eye(3):
        after, before = (
            rotation_vector_of(
                product(quaternion_of(theta), quaternion_of(sign * step * omega_child))
            )
            for sign in (1, -1)
        )
        columns.append((after - before) / (2 * step))
    return np.column_stack(columns)


@pytest.mark.parametrize("theta", VECTORS[:-1], ids=lambda x: f"{np.linalg.norm(x):.1e}")
def test_the_inverse_jacobian_is_the_derivative_of_the_rotation_vector(theta: Vector) -> None:
    numeric = numeric_inverse_jacobian(theta)
    assert inverse_right_jacobian(theta) == pytest.approx(numeric, abs=1e-6)


def right_jacobian(theta: Vector) -> Vector:
    """The right Jacobian by its own closed form, not as an inverse."""
    angle = float(np.linalg.norm(theta))
    cross = np.cross(np.eye(3), theta)
    if angle < SMALL_ANGLE_RAD:
        return np.eye(3) - cross / 2
    first, second = (1 - np.cos(angle)) / angle**2, (angle - np.sin(angle)) / angle**3
    return np.eye(3) - first * cross + second * cross @ cross


@PROPERTIES
@given(rotation_vectors())
def test_the_inverse_jacobian_undoes_the_right_jacobian(theta: Vector) -> None:
    both_ways = inverse_right_jacobian(theta) @ right_jacobian(theta)
    assert both_ways == pytest.approx(np.eye(3), abs=1e-6)


@PROPERTIES
@given(rotation_vectors())
def test_a_spin_about_the_axis_of_a_rotation_changes_its_angle_alone(theta: Vector) -> None:
    assert inverse_right_jacobian(theta) @ theta == pytest.approx(theta, abs=1e-12)


@PROPERTIES
@given(rotation_vectors())
def test_the_jacobian_of_the_opposite_rotation_is_the_transpose(theta: Vector) -> None:
    assert inverse_right_jacobian(-theta) == pytest.approx(inverse_right_jacobian(theta).T)


def test_the_series_for_small_angles_meets_the_formula() -> None:
    below, above = (inverse_jacobian_coefficient(angle) for angle in (0.000999, 0.001001))
    assert below == pytest.approx(above, rel=1e-6)
    assert inverse_jacobian_coefficient(0.0) == pytest.approx(1 / 12)


COORDINATES = st.floats(-10, 10)
ROTATION_VECTORS = arrays(np.float64, (5, 3), elements=COORDINATES)
DIRECTIONS = arrays(np.float64, (3,), elements=COORDINATES).filter(
    lambda direction: float(np.linalg.norm(direction)) > 1e-3
)


@PROPERTIES
@given(ROTATION_VECTORS)
def test_many_rotation_vectors_give_the_quaternions_of_each(theta: Vector) -> None:
    assert quaternions_of(theta) == pytest.approx(np.stack([quaternion_of(t) for t in theta]))


@PROPERTIES
@given(ROTATION_VECTORS, ROTATION_VECTORS)
def test_many_vectors_turn_at_once_each_as_by_its_matrix(theta: Vector, vector: Vector) -> None:
    turns = quaternions_of(theta)
    each = [matrix_of(turn) @ v for turn, v in zip(turns, vector, strict=True)]
    assert rotated(turns, vector) == pytest.approx(np.stack(each), abs=1e-12)
    assert rotated(conjugate(turns), rotated(turns, vector)) == pytest.approx(vector, abs=1e-12)


@PROPERTIES
@given(ROTATION_VECTORS, ROTATION_VECTORS)
def test_many_products_are_the_product_of_each(theta: Vector, phi: Vector) -> None:
    a, b = quaternions_of(theta), quaternions_of(phi)
    each = [product(p, q) for p, q in zip(a, b, strict=True)]
    assert products(a, b) == pytest.approx(np.stack(each), abs=1e-12)
    assert products(a[0], b)[0] == pytest.approx(each[0], abs=1e-12)


@PROPERTIES
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
