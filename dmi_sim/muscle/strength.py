"""Peak joint torques, as a dynamometer would read them, by static optimisation over the muscles."""

import numpy as np

from dmi_sim.anatomy import AXES
from dmi_sim.arrays import Vector
from dmi_sim.muscle.curves import active_length_factor
from dmi_sim.muscle.groups import Muscles

ANGLES = 9
"""Number of angles over the range of motion at which torque is sought."""


def peak_torque_nm(muscles: Muscles, axis: int, sign: int) -> float:
    """Peak isometric torque about one axis in one direction [N m].

    All activations between 0 and 1 are allowed. The dynamometer resists the other axes of the same
    joint with no more torque than the tested one; all other joints are fixed at rest. The tested
    joint takes :data:`ANGLES` angles over its range of motion, and the best one counts.

    Args:
        muscles: Muscles and passive tissue of the infant.
        axis: Index of the axis in :data:`dmi_sim.anatomy.AXES`.
        sign: +1 for its positive direction, -1 for its negative direction.
    """
    tissue = muscles.tissue
    angle = np.array(tissue.rest_rad)
    best = 0.0
    for value in np.linspace(tissue.lowest_rad[axis], tissue.highest_rad[axis], ANGLES):
        angle[axis] = value
        best = max(best, _torque_at(muscles, angle, axis, sign))
    return best


def active_torques(muscles: Muscles, angle_rad: Vector) -> Vector:
    """Isometric torques of each muscle at full activation [N m], shape (34, n).

    Args:
        muscles: Muscles of the infant.
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
    # Linear programme over activations a in [0, 1]: maximise tested . a such that the torque about
    # every other axis of the joint stays within +-(tested . a).
    tested = sign * torques[axis]
    resisted = [side * torques[i] - tested for i in others for side in (1, -1)]
    found = linprog(
        -tested,
        A_ub=np.array(resisted) if resisted else None,
        b_ub=np.zeros(len(resisted)) if resisted else None,
        bounds=(0.0, 1.0),
    )
    return float(-found.fun)
