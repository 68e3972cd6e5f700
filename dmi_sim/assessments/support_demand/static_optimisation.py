"""Static optimisation: the least muscle effort that holds a posture.

At rest, the torques of muscles (active and passive), passive tissue, weight and hands balance along
every motion that the floor leaves free. Hands push and pull as helps the infant most, up to their
largest force along each axis, and give no torque.

Two solutions are computed: the least common bound on all activations, which is the share of its
strength that the infant needs (above 1 it cannot hold the posture), and the activations with the
least sum of squares.

Source:
    Crowninshield and Brand (1981), J. Biomech. 14, 793-801 (criterion of the sum of powers);
    ``crowninshield1981``.
"""

from typing import NamedTuple

import numpy as np

from dmi_sim.anatomy import AXES
from dmi_sim.arrays import Vector
from dmi_sim.assessments.support_demand.linearisation import free_motions, support_maps
from dmi_sim.assessments.support_demand.result import Effort
from dmi_sim.assessments.support_demand.static_posture import StaticPosture
from dmi_sim.body.statics import GRAVITY_M_S2, gravity_torque
from dmi_sim.muscle.passive import passive_torque_nm
from dmi_sim.muscle.strength import active_torques
from dmi_sim.spec.support import SupportSpec

_COORDINATES = (*["pelvis"] * 6, *(axis.label for axis in AXES))
_BALANCE_WEIGHT = 1e4
"""Weight of an imbalance as large as the largest load, relative to a full activation."""
_SUPPORT_COST = 1e-3
"""Cost of the hands' largest force, relative to a full activation; makes the solution unique."""


class _Balance(NamedTuple):
    """``muscles @ activation + hands @ share_of_largest_force = load`` along n free motions.

    Attributes:
        muscles: Generalised force of each muscle at full activation, shape (n, muscles).
        hands: Generalised force of the hands' largest force along each axis, shape (n, 3 h).
        load: Generalised force to balance, shape (n,).
    """

    muscles: Vector
    hands: Vector
    load: Vector


def least_effort(posture: StaticPosture, support: SupportSpec) -> Effort:
    """The least muscle effort that holds a posture.

    Args:
        posture: Infant and posture.
        support: Site and largest force of the hands.
    """
    basis = free_motions(posture)
    balance = _balance(posture, support, basis)
    share, prices = _least_share(balance)
    # The price of a motion times the load along it is the motion's contribution to the share.
    cost = np.abs(basis @ prices * _load(posture))
    limiting_axis = _COORDINATES[int(cost.argmax())] if cost.any() else ""
    return Effort(share, limiting_axis, _least_squares(balance) if share <= 1 else ())


def _load(posture: StaticPosture) -> Vector:
    """The generalised force of weight and passive tissue, shape (40,)."""
    out = gravity_torque(posture.masses, posture.angle_rad, posture.up_pelvis)
    out[6:] += passive_torque_nm(posture.infant.muscles, posture.angle_rad)
    return out


def _balance(posture: StaticPosture, support: SupportSpec, basis: Vector) -> _Balance:
    active_nm = active_torques(posture.infant.muscles, posture.angle_rad)
    cap_n = support.largest_force.value * posture.infant.mass_kg * GRAVITY_M_S2
    count = max(1, posture.supported(support).size)
    attachments = support_maps(posture, support)[:, :, :3] * cap_n / count
    columns = attachments.transpose(1, 0, 2).reshape(basis.shape[0], -1)
    return _Balance(basis[6:].T @ active_nm, basis.T @ columns, -basis.T @ _load(posture))


def _least_share(balance: _Balance) -> tuple[float, Vector]:
    """The least common bound of the activations that balance, infinite if none do, and its prices.

    The price of a motion is the rise of the bound with the load along it (dual variable).
    """
    from scipy.optimize import linprog

    n, h = balance.muscles.shape[1], balance.hands.shape[1]
    equations = np.hstack([balance.muscles, balance.hands, np.zeros((balance.load.size, 1))])
    below_bound = np.hstack([np.eye(n), np.zeros((n, h)), -np.ones((n, 1))])
    found = linprog(
        c=np.append(np.zeros(n + h), 1.0),
        A_ub=below_bound,
        b_ub=np.zeros(n),
        A_eq=equations,
        b_eq=balance.load,
        bounds=[(0, None)] * n + [(-1, 1)] * h + [(0, None)],
    )
    if found.status != 0:
        return float("inf"), np.zeros(balance.load.size)
    return float(found.fun), np.asarray(found.eqlin.marginals, dtype=np.float64)


def _least_squares(balance: _Balance) -> tuple[float, ...]:
    """The activations with the least sum of squares that balance [0..1]."""
    from scipy.optimize import lsq_linear

    n, h = balance.muscles.shape[1], balance.hands.shape[1]
    weight = _BALANCE_WEIGHT / max(float(np.abs(balance.load).max()), 1e-9)
    cost = np.diag(np.concatenate([np.ones(n), np.full(h, _SUPPORT_COST)]))
    rows = np.vstack([weight * np.hstack([balance.muscles, balance.hands]), cost])
    target = np.concatenate([weight * balance.load, np.zeros(n + h)])
    lowest = np.concatenate([np.zeros(n), -np.ones(h)])
    found = lsq_linear(rows, target, (lowest, np.ones(n + h)), method="bvls")
    return tuple(float(a) for a in np.clip(found.x[:n], 0.0, 1.0))
