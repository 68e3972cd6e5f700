"""Joint states as Bullet reports them, made from anatomical angles and rates."""

import numpy as np

from dmi_sim.arrays import Vector
from dmi_sim.body.kinematics import AXIS_COMPONENT, AXIS_JOINT, AXIS_SIGN, rotation_vectors
from dmi_sim.body.rotation import inverse_right_jacobian
from dmi_sim.physics.bullet.engine import joint_positions
from dmi_sim.physics.neuromuscular import IS_HINGE


def flat_of(angle: Vector, spin_child: Vector) -> Vector:
    """What Bullet reports of joints at angles (34,) and child-frame velocities (14, 3)."""
    flat: list[float] = []
    for j, position in enumerate(joint_positions(angle)):
        flat += position
        flat += [spin_child[j, 1]] if IS_HINGE[j] else spin_child[j].tolist()
    return np.array(flat)


def spin_of(angle: Vector, rate: Vector) -> Vector:
    """Child-frame angular velocities (14, 3) of joints at angles (34,) with rates (34,)."""
    theta, theta_rate = rotation_vectors(angle), np.zeros((len(IS_HINGE), 3))
    theta_rate[AXIS_JOINT, AXIS_COMPONENT] = AXIS_SIGN * rate
    out = theta_rate.copy()
    for j in np.flatnonzero(~IS_HINGE):
        out[j] = np.linalg.solve(inverse_right_jacobian(theta[j]), theta_rate[j])
    return out


def moving(angle: Vector, rate: Vector) -> Vector:
    """What Bullet reports of joints at angles with rates."""
    return flat_of(angle, spin_of(angle, rate))


def still(angle: Vector) -> Vector:
    """What Bullet reports of joints at rest."""
    return moving(angle, np.zeros_like(angle))
