"""Peak joint torques: what a dynamometer would read, by static optimisation over the muscles."""

import numpy as np

from dmi_sim.anatomy import AXES
from dmi_sim.arrays import Vector
from dmi_sim.muscle.curves import active_length_factor
from dmi_sim.muscle.groups import Muscles

ANGLES = 9
"""Angles over the range of motion at which torque is sought."""


def peak_torque_nm(muscles: Muscles, axis: int, sign: int) -> float:
    """Largest isometric torque [N m] about one axis.

    All activations between 0 and 1 are free. About the other axes of the same joint the tester's
    hand resists no more than about the tested one; other joints are held. The joint is moved over
    its range and the best angle counts, with all other joints at rest.

    Args:
        muscles: Of the infant.
        axis: Index of the axis.
        sign: +1 for its positive direction, -1 for the negative.
    """
    tissue = muscles.tissue
    angle = np.array(tissue.rest_rad)
    best = 0.0
    for value in np.linspace(tissue.lowest_rad[axis], tissue.highest_rad[axis], ANGLES):
        angle[axis] = value
        best = max(best, _torque_at(muscles, angle, axis, sign))
    return best


def active_torques(muscles: Muscles, angle_rad: Vector) -> Vector:
    """Isometric torques [N m] of each muscle at full activation, shape (34, n).

    Args:
        muscles: Of the infant.
        angle_rad: Anatomical angles [rad], shape (34,).
    """
    lengths = muscles.length_at(angle_rad).tolist()
    force = np.array(muscles.peak_force_n) * [active_length_factor(x) for x in lengths]
    return np.asarray(muscles.moment_arms_m.T * force, dtype=np.float64)


def _torque_at(muscles: Muscles, angle: Vector, axis: int, sign: int) -> float:
    from scipy.optimize import linprog

    torques = active_torques(muscles, angle)
    joint = AXES[axis].joint
    others = [i for i, a in enumerate(AXES) if a.joint == joint and i != axis]
    tested = sign * torques[axis]
    resisted = [side * torques[i] - tested for i in others for side in (1, -1)]
    found = linprog(
        -tested,
        A_ub=np.array(resisted) if resisted else None,
        b_ub=np.zeros(len(resisted)) if resisted else None,
        bounds=(0.0, 1.0),
    )
    return float(-found.fun)
