"""Rotations of a ball joint: unit quaternions (x, y, z, w) and rotation vectors.

The coordinates of a ball joint are its rotation vector (rotation vector): axis times angle [rad] of
the child segment in its parent. A torque conjugate to them does work at the rate
``torque . d(attitude)/dt``, so the power of muscles equals the power of joints.

Source:
    Woltring (1994), J. Biomech. 27, 1399-1414 (rotation vector); the Jacobians are the left and
    right Jacobians of SO(3).
"""

import numpy as np

from dmi_sim.arrays import Vector
from dmi_sim.kernel import kernel

SMALL_ANGLE_RAD = 1e-6
"""Below this angle series are used, to stay clear of 0 / 0."""


@kernel
def quaternion_of(attitude: Vector) -> Vector:
    """Unit quaternion (x, y, z, w) of an rotation vector [rad], shape (3,)."""
    angle = np.sqrt(attitude[0] ** 2 + attitude[1] ** 2 + attitude[2] ** 2)
    scale = 0.5 if angle < SMALL_ANGLE_RAD else np.sin(angle / 2) / angle
    out = np.empty(4)
    out[:3] = scale * attitude
    out[3] = np.cos(angle / 2)
    return out


@kernel
def rotation_vector_of(quaternion: Vector) -> Vector:
    """Attitude vector [rad], shape (3,), angle at most pi, of a quaternion (x, y, z, w)."""
    sign = 1.0 if quaternion[3] >= 0 else -1.0
    x, y, z, w = quaternion[0], quaternion[1], quaternion[2], quaternion[3]
    sine = np.sqrt(x * x + y * y + z * z)
    scale = 2.0 if sine < SMALL_ANGLE_RAD else 2 * np.arctan2(sine, sign * w) / sine
    return sign * scale * quaternion[:3]


@kernel
def rate_coefficients(angle: float) -> float:
    """Coefficient of the squared cross product in both inverse Jacobians."""
    if angle < 1e-3:
        return 1 / 12 + angle * angle / 720
    return 1 / angle**2 - (1 + np.cos(angle)) / (2 * angle * np.sin(angle))


@kernel
def inverse_right_jacobian(attitude: Vector) -> Vector:
    """Matrix (3, 3) from the child-frame angular velocity to the rate of the rotation vector.

    ``d(attitude)/dt = J w_child``, and by virtual work ``torque_child = J.T torque_attitude``.
    """
    x, y, z = attitude[0], attitude[1], attitude[2]
    square = x * x + y * y + z * z
    c = rate_coefficients(np.sqrt(square))
    out = np.empty((3, 3))
    out[0, 0] = 1 + c * (x * x - square)
    out[1, 1] = 1 + c * (y * y - square)
    out[2, 2] = 1 + c * (z * z - square)
    out[0, 1] = c * x * y - 0.5 * z
    out[1, 0] = c * x * y + 0.5 * z
    out[0, 2] = c * x * z + 0.5 * y
    out[2, 0] = c * x * z - 0.5 * y
    out[1, 2] = c * y * z - 0.5 * x
    out[2, 1] = c * y * z + 0.5 * x
    return out


@kernel
def matrix_of(quaternion: Vector) -> Vector:
    """Rotation matrix (3, 3) of a unit quaternion (x, y, z, w)."""
    x, y, z, w = quaternion[0], quaternion[1], quaternion[2], quaternion[3]
    out = np.empty((3, 3))
    out[0, 0] = 1 - 2 * (y * y + z * z)
    out[1, 1] = 1 - 2 * (x * x + z * z)
    out[2, 2] = 1 - 2 * (x * x + y * y)
    out[0, 1] = 2 * (x * y - w * z)
    out[1, 0] = 2 * (x * y + w * z)
    out[0, 2] = 2 * (x * z + w * y)
    out[2, 0] = 2 * (x * z - w * y)
    out[1, 2] = 2 * (y * z - w * x)
    out[2, 1] = 2 * (y * z + w * x)
    return out


@kernel
def product(a: Vector, b: Vector) -> Vector:
    """Quaternion (x, y, z, w) of rotation ``a`` after rotation ``b``."""
    out = np.empty(4)
    out[0] = a[3] * b[0] + a[0] * b[3] + a[1] * b[2] - a[2] * b[1]
    out[1] = a[3] * b[1] - a[0] * b[2] + a[1] * b[3] + a[2] * b[0]
    out[2] = a[3] * b[2] + a[0] * b[1] - a[1] * b[0] + a[2] * b[3]
    out[3] = a[3] * b[3] - a[0] * b[0] - a[1] * b[1] - a[2] * b[2]
    return out


def rotated(quaternion: Vector, points: Vector) -> Vector:
    """Points turned by unit quaternions, many at a time.

    >>> half_turn_about_z = np.array([0.0, 0.0, 1.0, 0.0])
    >>> rotated(half_turn_about_z, np.array([1.0, 2.0, 3.0])).tolist()
    [-1.0, -2.0, 3.0]

    Args:
        quaternion: Unit quaternions (x, y, z, w), shape (..., 4).
        points: Points or vectors, shape (..., 3), broadcast against the quaternions.
    """
    axis, scalar = quaternion[..., :3], quaternion[..., 3:]
    swept = 2 * np.cross(axis, points)
    return points + scalar * swept + np.cross(axis, swept)


def conjugate(quaternion: Vector) -> Vector:
    """Unit quaternions (x, y, z, w) of the opposite rotations, shape (..., 4).

    >>> conjugate(np.array([0.0, 0.6, 0.0, 0.8])).tolist()
    [-0.0, -0.6, -0.0, 0.8]
    """
    return quaternion * np.array((-1.0, -1.0, -1.0, 1.0))


def products(a: Vector, b: Vector) -> Vector:
    """Quaternions (x, y, z, w) of the rotations ``a`` after the rotations ``b``, shape (..., 4).

    >>> products(np.array([1.0, 0.0, 0.0, 0.0]), np.array([0.0, 1.0, 0.0, 0.0])).tolist()
    [0.0, 0.0, 1.0, 0.0]
    """
    vector = a[..., 3:] * b[..., :3] + b[..., 3:] * a[..., :3] + np.cross(a[..., :3], b[..., :3])
    scalar = a[..., 3:] * b[..., 3:] - (a[..., :3] * b[..., :3]).sum(axis=-1, keepdims=True)
    return np.concatenate((vector, scalar), axis=-1)


def quaternions_of(rotation_vector: Vector) -> Vector:
    """Unit quaternions (x, y, z, w), shape (..., 4), of rotation vectors [rad], shape (..., 3).

    >>> quaternions_of(np.array([[0.0, 0.0, np.pi], [0.0, 0.0, 0.0]])).round(9).tolist()
    [[0.0, 0.0, 1.0, 0.0], [0.0, 0.0, 0.0, 1.0]]
    """
    half = np.linalg.norm(rotation_vector, axis=-1, keepdims=True) / 2
    return np.concatenate((np.sinc(half / np.pi) / 2 * rotation_vector, np.cos(half)), axis=-1)


def quaternions_from_z(direction: Vector) -> Vector:
    """Unit quaternions (x, y, z, w) of the shortest rotations of +z to directions, shape (..., 4).

    Args:
        direction: Vectors of any length above 0, shape (..., 3).

    >>> rotated(quaternions_from_z(np.array([2.0, 0.0, 0.0])), np.array([0.0, 0.0, 1.0])).round(9)
    array([1., 0., 0.])
    """
    x, y, z = np.moveaxis(direction / np.linalg.norm(direction, axis=-1, keepdims=True), -1, 0)
    opposite = z < 1e-12 - 1  # then any axis across z will do
    # The axis is the cross product z x direction; adding 1 to the cosine halves the angle.
    double = np.stack((np.where(opposite, 1.0, -y), x, 0 * z, 1 + z), axis=-1)
    return double / np.linalg.norm(double, axis=-1, keepdims=True)
