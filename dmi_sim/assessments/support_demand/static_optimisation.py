"""The least that muscles must do to hold a posture: static optimisation.

At rest, torques of muscles (active and passive), of passive tissue, of weight and of the hands
balance along every motion that the floor leaves free. Hands push and pull at the attachment as suits the
infant best, up to their largest force along each axis, and give no torque: a ring, not a clamp.

Among all activations that balance, two are asked for: those whose largest is least (what share of
its strength the infant needs; above 1 it cannot hold), and those with the least sum of squares.

Source:
    Crowninshield and Brand (1981), J. Biomech. 14, 793-801 (criterion of the sum of powers).
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from dmi_sim.anatomy import AXES
from dmi_sim.arrays import Vector
from dmi_sim.assessments.support_demand.linearisation import freedom, support_maps
from dmi_sim.assessments.support_demand.passive import passive_torque
from dmi_sim.assessments.support_demand.static_posture import StaticPosture
from dmi_sim.body.statics import GRAVITY_M_S2, gravity_torque
from dmi_sim.muscle.strength import active_torques
from dmi_sim.spec.support import SupportSpec

_COORDINATES = (*["pelvis"] * 6, *(axis.label for axis in AXES))
_BALANCE_WEIGHT = 1e4
"""How much more an imbalance of the largest load counts than a full activation."""
_HAND_COST = 1e-3
"""Cost of the hands' largest force beside a full activation: enough to make the answer unique."""


@dataclass(frozen=True)
class Effort:
    """What holding a posture takes.

    Attributes:
        share_of_strength: Least share of its strength, the same for all muscles, with which the
            infant holds; above 1 it cannot; infinite if muscles could not at any strength.
        weakest: Axis whose load makes up most of the share, such as ``neck.flexion``, or
            ``pelvis`` where that must be held on the legs; empty if no strength would do.
        activation: Of each muscle [0..1], least sum of squares; empty if the infant cannot hold.
    """

    share_of_strength: float
    weakest: str
    activation: tuple[float, ...]

    @property
    def is_possible(self) -> bool:
        """Whether the infant is strong enough."""
        return bool(self.activation)

    @property
    def mean_square(self) -> float:
        """Mean squared activation [0..1]; infinite if the infant cannot hold."""
        return float(np.mean(np.square(self.activation))) if self.activation else float("inf")


class _Balance(NamedTuple):
    """``muscles @ activation + hands @ share_of_largest_force = load`` along the free motions."""

    muscles: Vector
    hands: Vector
    load: Vector


def least_effort(posture: StaticPosture, hold: SupportSpec) -> Effort:
    """The least that muscles must do.

    Args:
        posture: Infant and posture.
        hold: Where the hands are and how much force they may give.
    """
    basis = freedom(posture)
    balance = _balance(posture, hold, basis)
    share, prices = _least_share(balance)
    cost = np.abs(basis @ prices * _load(posture))
    weakest = _COORDINATES[int(cost.argmax())] if cost.any() else ""
    return Effort(share, weakest, _least_squares(balance) if share <= 1 else ())


def _load(posture: StaticPosture) -> Vector:
    """Generalised force of weight and of all that is passive, shape (40,)."""
    out = gravity_torque(posture.masses, posture.angle_rad, posture.up_pelvis)
    out[6:] += passive_torque(posture)
    return out


def _balance(posture: StaticPosture, hold: SupportSpec, basis: Vector) -> _Balance:
    pull = active_torques(posture.infant.muscles, posture.angle_rad)
    cap_n = hold.largest_force.value * posture.infant.mass_kg * GRAVITY_M_S2
    attachments = support_maps(posture, hold)[:, :, :3] * cap_n / max(1, posture.held(hold).size)
    columns = attachments.transpose(1, 0, 2).reshape(basis.shape[0], -1)
    return _Balance(basis[6:].T @ pull, basis.T @ columns, -basis.T @ _load(posture))


def _least_share(balance: _Balance) -> tuple[float, Vector]:
    """Smallest common bound of the activations that balance, infinite if none do, and its prices.

    The price of a motion is how much the bound rises with the load along it.
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
    """Activations [0..1] with the least sum of squares that balance."""
    from scipy.optimize import lsq_linear

    n, h = balance.muscles.shape[1], balance.hands.shape[1]
    weight = _BALANCE_WEIGHT / max(float(np.abs(balance.load).max()), 1e-9)
    cost = np.diag(np.concatenate([np.ones(n), np.full(h, _HAND_COST)]))
    rows = np.vstack([weight * np.hstack([balance.muscles, balance.hands]), cost])
    goal = np.concatenate([weight * balance.load, np.zeros(n + h)])
    lowest = np.concatenate([np.zeros(n), -np.ones(h)])
    found = lsq_linear(rows, goal, (lowest, np.ones(n + h)), method="bvls")
    return tuple(float(a) for a in np.clip(found.x[:n], 0.0, 1.0))
