"""What stretched fibres and passive tissue do at rest in a posture: torques and stiffness."""

import numpy as np

from dmi_sim.arrays import Vector
from dmi_sim.assessments.support_demand.static_posture import StaticPosture
from dmi_sim.muscle.curves import passive_force_factor
from dmi_sim.muscle.tissue import add_spring_torque

_STEP = 1e-4
"""Of fibre length over optimal length, for the slope of the passive curve."""


def passive_torque(posture: StaticPosture) -> Vector:
    """Torque of stretched fibres and of the tissue around the joints [N m], shape (34,)."""
    out = posture.infant.muscles.moment_arms_m.T @ _fibre_forces(posture)
    tissue = posture.infant.muscles.tissue
    spring = (tissue.stiffness_nm_per_rad, tissue.lowest_rad, tissue.highest_rad, tissue.rest_rad)
    add_spring_torque(posture.angle_rad, np.array([*spring, tissue.end_stiffness_nm_per_rad]), out)
    return out


def passive_stiffness(posture: StaticPosture) -> Vector:
    """Minus the derivative of :func:`passive_torque` [N m/rad], shape (34, 34)."""
    muscles, tissue, angle = (
        posture.infant.muscles,
        posture.infant.muscles.tissue,
        posture.angle_rad,
    )
    longer, shorter = (_fibre_forces(posture, step) for step in (_STEP, -_STEP))
    per_m = (longer - shorter) / (2 * _STEP) / np.array(muscles.optimal_length_m)
    is_beyond = (angle < tissue.lowest_rad) | (angle > tissue.highest_rad)
    around_joint = np.array(tissue.stiffness_nm_per_rad)
    around_joint += is_beyond * np.array(tissue.end_stiffness_nm_per_rad)
    return (muscles.moment_arms_m.T * per_m) @ muscles.moment_arms_m + np.diag(around_joint)


def _fibre_forces(posture: StaticPosture, stretch: float = 0.0) -> Vector:
    """Passive force of each fibre, a little longer than it is [N], shape (n,)."""
    muscles = posture.infant.muscles
    lengths = (muscles.length_at(posture.angle_rad) + stretch).tolist()
    return np.array(muscles.passive_force_n) * [passive_force_factor(one) for one in lengths]
