"""Slip-through: lifted under the arms, can the shoulders carry the body?

Hands under the upper arms push them up; the muscles that pull the arms down must answer with as
much torque, or the arms rise and the body slips between the hands. Static: full effort, arms
already level, which is where hands lift with the longest lever.
"""

from dataclasses import dataclass

import numpy as np

from dmi_sim.anatomy import AXIS_INDEX
from dmi_sim.arrays import Vector
from dmi_sim.body.statics import GRAVITY_M_S2
from dmi_sim.infant import Infant
from dmi_sim.muscle.passive import passive_torque_nm
from dmi_sim.muscle.strength import active_torques
from dmi_sim.spec.exercise import posture_rad

LEVER = 0.2
"""Distance from shoulder joint to the middle of the examiner's fingers, in upper arm lengths."""

_AXES = [AXIS_INDEX[f"left_shoulder.{name}"] for name in ("abduction", "flexion", "rotation")]


@dataclass(frozen=True)
class SlipThrough:
    """What the shoulders can carry.

    Attributes:
        carried: Load that both shoulders carry at full effort, in body weights.
        slip: Share of the body weight that they cannot: 0 holds, 1 slips through.
    """

    carried: float
    slip: float


def slip_through(infant: Infant) -> SlipThrough:
    """Lift the infant by hands under both upper arms, close to the shoulders.

    Args:
        infant: The infant, trying as hard as it can.
    """
    lever_m = LEVER * infant.lengths.upper_arm
    weight_n = infant.mass_kg * GRAVITY_M_S2
    carried = 2 * _pull_down_nm(infant) / lever_m / weight_n
    return SlipThrough(carried, max(0.0, 1.0 - carried))


def _pull_down_nm(infant: Infant) -> float:
    """Largest torque that pulls the level left arm down [N m].

    The examiner's hand lets the arm twist and swing no more than muscles about those axes allow:
    about them it gives at most the torque that it lifts with.
    """
    from scipy.optimize import linprog

    angle = posture_rad({"shoulder.abduction": 90})
    active = active_torques(infant.muscles, angle)[_AXES]
    passive = passive_torque_nm(infant.muscles, angle)[_AXES]
    down, down_passive = -active[0], -passive[0]
    limits = [
        (sign * active[i] - down, down_passive - sign * passive[i])
        for i in (1, 2)
        for sign in (1, -1)
    ]
    rows: Vector = np.array([row for row, _ in limits])
    found = linprog(-down, A_ub=rows, b_ub=[bound for _, bound in limits], bounds=(0.0, 1.0))
    return float(down_passive - found.fun) if found.status == 0 else max(0.0, float(down_passive))
