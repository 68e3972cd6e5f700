"""What resists when no muscle acts: stretched fibres and the tissue around the joints."""

import numpy as np

from dmi_sim.arrays import Vector
from dmi_sim.muscle.curves import passive_force_factor
from dmi_sim.muscle.groups import Muscles
from dmi_sim.muscle.tissue import add_spring_torque, axis_tissue

_STRETCH = 1e-4
"""Change of a fibre's length, over its optimal length, for the slope of the passive curve."""


def passive_torque_nm(muscles: Muscles, angle_rad: Vector) -> Vector:
    """Torque of stretched, silent fibres and of passive tissue [N m], shape (34,).

    Args:
        muscles: Muscles and tissue of an infant.
        angle_rad: Anatomical angles [rad], shape (34,).
    """
    out = muscles.moment_arms_m.T @ _fibre_forces_n(muscles, angle_rad)
    add_spring_torque(angle_rad, axis_tissue(muscles.tissue), out)
    return out


def passive_stiffness_nm_per_rad(muscles: Muscles, angle_rad: Vector) -> Vector:
    """Minus the derivative of :func:`passive_torque_nm` [N m/rad], shape (34, 34).

    Args:
        muscles: Muscles and tissue of an infant.
        angle_rad: Anatomical angles [rad], shape (34,).
    """
    tissue = muscles.tissue
    longer, shorter = (
        _fibre_forces_n(muscles, angle_rad, stretch) for stretch in (_STRETCH, -_STRETCH)
    )
    per_m = (longer - shorter) / (2 * _STRETCH) / np.array(muscles.optimal_length_m)
    is_beyond = (angle_rad < tissue.lowest_rad) | (angle_rad > tissue.highest_rad)
    around_joint = np.array(tissue.stiffness_nm_per_rad)
    around_joint += is_beyond * np.array(tissue.end_stiffness_nm_per_rad)
    return (muscles.moment_arms_m.T * per_m) @ muscles.moment_arms_m + np.diag(around_joint)


def _fibre_forces_n(muscles: Muscles, angle_rad: Vector, stretch: float = 0.0) -> Vector:
    """Passive force of each fibre, a little longer than it is [N], shape (n,)."""
    lengths = (muscles.length_at(angle_rad) + stretch).tolist()
    return np.array(muscles.passive_force_n) * [passive_force_factor(one) for one in lengths]
