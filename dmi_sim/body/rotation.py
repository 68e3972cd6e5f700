"""Rotations: unit quaternions (x, y, z, w) and rotation vectors.

The coordinates of a ball joint are the components of its rotation vector (the attitude vector of
Woltring 1994): unit axis times angle [rad] of the child segment in its parent. The conjugate torque
does work at the rate ``torque . d(rotation vector)/dt``, so that the power of the muscles equals
the power at the joints.

The functions of the physics loop are compiled and take one rotation each; the last ones take any
number, in arrays whose leading axes are broadcast against each other.

Source:
    Woltring (1994), J. Biomech. 27, 1399-1414; ``woltring1994``. The Jacobians are those of the
    exponential map of SO(3).
"""

import numpy as np

from dmi_sim.arrays import Vector
from dmi_sim.kernel import kernel

SMALL_ANGLE_RAD = 1e-6
"""Below this angle [rad] the leading term of a series is used, to stay clear of 0 / 0."""


@kernel
def quaternion_of(theta: Vector) -> Vector:
    """Unit quaternion (x, y, z, w) of a rotation vector [rad], shape (3,).

    >>> quaternion_of(np.array([0.0, 0.0, np.pi / 2])).round(3).tolist()
    [0.0, 0.0, 0.707, 0.707]
    """
    # (u sin(a / 2), cos(a / 2)) for the vector a u; sin(a / 2) / a tends to 1 / 2.
    angle = np.sqrt(theta[0] ** 2 + theta[1] ** 2 + theta[2] ** 2)
    scale = 0.5 if angle < SMALL_ANGLE_RAD else np.sin(angle / 2) / angle
    out = np.empty(4)
    out[:3] = scale * theta
    out[3] = np.cos(angle / 2)
    return out


@kernel
def rotation_vector_of(quaternion: Vector) -> Vector:
    """Rotation vector [rad], shape (3,), of a unit quaternion (x, y, z, w).

    A quaternion and its negative are the same rotation; the shorter way is taken, so that the
    angle is at most pi.

    >>> rotation_vector_of(np.array([0.0, 0.0, 1.0, 0.0])).round(3).tolist()
    [0.0, 0.0, 3.142]
    """
    # a = 2 atan2(|v|, w), which unlike 2 acos(w) is accurate at small angles.
    sign = 1.0 if quaternion[3] >= 0 else -1.0
    x, y, z, w = quaternion[0], quaternion[1], quaternion[2], quaternion[3]
    sine = np.sqrt(x * x + y * y + z * z)
    scale = 2.0 if sine < SMALL_ANGLE_RAD else 2 * np.arctan2(sine, sign * w) / sine
    return sign * scale * quaternion[:3]


@kernel
def inverse_jacobian_coefficient(angle: float) -> float:
    """Factor of the squared cross-product matrix in the inverse Jacobians [1/rad^2].

    Args:
        angle: Length of the rotation vector [rad], at least 0 and below 2 pi.

    >>> round(inverse_jacobian_coefficient(0.0), 4)
    0.0833
    >>> round(inverse_jacobian_coefficient(np.pi), 4)
    0.1013
    """
    # c(a) = 1 / a^2 - (1 + cos a) / (2 a sin a) = 1 / 12 + a^2 / 720 + ...
    if angle < 1e-3:
        return 1 / 12 + angle * angle / 720
    return 1 / angle**2 - (1 + np.cos(angle)) / (2 * angle * np.sin(angle))


@kernel
def inverse_right_jacobian(theta: Vector) -> Vector:
    """Inverse right Jacobian of a rotation vector, shape (3, 3).

    It takes the angular velocity in the child frame to the rate of the rotation vector,
    ``d(theta)/dt = J w_child``; by virtual work ``torque_child = J.T torque_theta``.

    Args:
        theta: Rotation vector of the child in its parent [rad], shape (3,).

    >>> inverse_right_jacobian(np.zeros(3)).tolist()
    [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]
    """
    # J = I + [theta]x / 2 + c(|theta|) [theta]x^2, where [theta]x^2 = theta theta' - |theta|^2 I,
    # written out element by element: numba would allocate for every matrix product.
    x, y, z = theta[0], theta[1], theta[2]
    square = x * x + y * y + z * z
    c = inverse_jacobian_coefficient(np.sqrt(square))
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
    """Rotation matrix (3, 3) of a unit quaternion (x, y, z, w); it takes child to parent axes.

    >>> turn = matrix_of(quaternion_of(np.array([0.0, 0.0, np.pi / 2])))
    >>> (turn @ [1.0, 0.0, 0.0]).round(3).tolist()
    [0.0, 1.0, 0.0]
    """
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
    """Hamilton product of two quaternions (x, y, z, w): rotation ``a`` after rotation ``b``.

    >>> quarter = quaternion_of(np.array([0.0, 0.0, np.pi / 2]))
    >>> rotation_vector_of(product(quarter, quarter)).round(3).tolist()
    [0.0, 0.0, 3.142]
    """
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
