"""Slip-through: can the shoulders carry the body when the infant is lifted under the arms?

Hands under the upper arms push them up. The muscles that pull the arms down must give as much
torque, or the arms rise and the body slips through the hands. Static: full effort, with the arms
level, where the hands have the longest lever.
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
"""Distance from the shoulder joint to the middle of the examiner's hand, in upper arm lengths."""

_AXES = [AXIS_INDEX[f"left_shoulder.{name}"] for name in ("abduction", "flexion", "rotation")]


@dataclass(frozen=True)
class SlipThrough:
    """The load that the shoulders can carry.

    Attributes:
        carried: Load that both shoulders carry at full effort, in body weights.
        slip: Share of the body weight beyond that load: 0 holds, 1 slips through.
    """

    carried: float
    slip: float


def slip_through(infant: Infant) -> SlipThrough:
    """Lift the infant under both upper arms, close to the shoulders.

    Args:
        infant: The infant, at full effort.
    """
    lever_m = LEVER * infant.lengths.upper_arm
    weight_n = infant.mass_kg * GRAVITY_M_S2
    carried = 2 * _adduction_torque_nm(infant) / lever_m / weight_n
    return SlipThrough(carried, max(0.0, 1.0 - carried))


def _adduction_torque_nm(infant: Infant) -> float:
    """The largest torque that pulls the level left arm down [N m].

    About the two other axes of the shoulder the examiner's hand can balance at most the torque with
    which it lifts; the muscles must keep within that.
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
