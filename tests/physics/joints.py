"""Generalised coordinates of a pelvis at rest and joints at anatomical angles and rates."""

import numpy as np

from dmi_sim.arrays import Vector
from dmi_sim.body.kinematics import (
    AXIS_COMPONENT,
    AXIS_JOINT,
    AXIS_SIGN,
    joint_quaternions,
    rotation_vectors,
)
from dmi_sim.body.rotation import inverse_right_jacobian
from dmi_sim.physics.coordinates import IS_HINGE, JOINT_Q, JOINT_U, N_Q, N_U

Coordinates = tuple[Vector, Vector]
"""Generalised positions (51,) and velocities (40,)."""


def coordinates_of(angle: Vector, spin_child: Vector) -> Coordinates:
    """Of joints at angles (34,) with child-frame velocities (14, 3)."""
    q, u = np.zeros(N_Q), np.zeros(N_U)
    q[6] = 1.0
    for j, quat in enumerate(joint_quaternions(angle)):
        if IS_HINGE[j]:
            q[JOINT_Q[j]] = 2 * np.arctan2(quat[1], quat[3])
        else:
            q[JOINT_Q[j] : JOINT_Q[j] + 4] = quat
    u[6:] = joint_numbers(spin_child)
    return q, u


def joint_numbers(child: Vector) -> Vector:
    """Child-frame vectors (14, 3) as the joints' part of ``u`` (34,); a hinge's is about y."""
    rows = zip(child.tolist(), IS_HINGE, strict=True)
    return np.concatenate([row[1:2] if hinge else row for row, hinge in rows])


def spin_of(angle: Vector, rate: Vector) -> Vector:
    """Child-frame angular velocities (14, 3) of joints at angles (34,) with rates (34,)."""
    theta, theta_rate = rotation_vectors(angle), np.zeros((len(IS_HINGE), 3))
    theta_rate[AXIS_JOINT, AXIS_COMPONENT] = AXIS_SIGN * rate
    out = theta_rate.copy()
    for j in np.flatnonzero(~IS_HINGE):
        out[j] = np.linalg.solve(inverse_right_jacobian(theta[j]), theta_rate[j])
    return out


def moving(angle: Vector, rate: Vector) -> Coordinates:
    """Of joints at angles with rates."""
    return coordinates_of(angle, spin_of(angle, rate))


def still(angle: Vector) -> Coordinates:
    """Of joints at rest."""
    return moving(angle, np.zeros_like(angle))


def place_of(joint: int) -> slice:
    """The part of the joint torques (34,) that drives a joint."""
    start = int(JOINT_U[joint]) - 6
    return slice(start, start + (1 if IS_HINGE[joint] else 3))
