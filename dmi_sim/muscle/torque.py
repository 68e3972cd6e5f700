"""From excitation to torque, one physics step at a time, compiled."""

import numpy as np

from dmi_sim.body.arrays import Vector
from dmi_sim.kernel import kernel


@kernel
def advance_activation(
    activation: Vector, excitation: Vector, time_constant_s: float, dt_s: float
) -> None:
    """Move activations towards excitations, in place; exact for a constant excitation.

    Args:
        activation: Of the pairs of antagonists [0..1], shape (2, 34); changed.
        excitation: Signed: positive drives the first of the pair, negative the second, shape (34,).
        time_constant_s: Of first-order activation [s].
        dt_s: Physics step [s].
    """
    share = 1.0 - np.exp(-dt_s / time_constant_s)
    for i in range(excitation.size):
        u = min(1.0, max(-1.0, excitation[i]))
        activation[0, i] += share * (max(0.0, u) - activation[0, i])
        activation[1, i] += share * (max(0.0, -u) - activation[1, i])


@kernel
def active_torque(activation: Vector, strength: Vector, out: Vector) -> None:
    """Write the torque of the pairs [N m] into ``out``, shape (34,).

    Args:
        activation: Of the pairs [0..1], shape (2, 34).
        strength: Largest torques of the pairs [N m], shape (2, 34).
        out: Positive in the positive anatomical direction; changed.
    """
    for i in range(out.size):
        out[i] = activation[0, i] * strength[0, i] - activation[1, i] * strength[1, i]


@kernel
def add_passive_torque(
    angle: Vector,
    rate: Vector,
    tissue: Vector,
    end_stiffness: float,
    dt_s: float,
    out: Vector,
) -> None:
    """Add the torque of passive tissue [N m] to ``out``, semi-implicitly.

    A light segment under an explicit damper blows up beyond ``2 I / dt``. Here the damper, and what
    the spring gains within the step, act on the velocity at the end of the step as if the axis
    carried the inertia ``I`` alone:
    ``torque = -k q - (d + dt k) v / (1 + dt (d + dt k) / I)``. With ``I`` a lower bound of the
    inertia that the axis meets, no ``d`` makes the step unstable. At rest the torque is that of the
    spring, whatever the step; in motion a damper beyond ``I / dt`` acts as about ``I / dt``.

    Args:
        angle: Anatomical angles [rad], shape (34,).
        rate: Their rates [rad/s], shape (34,).
        tissue: Rows stiffness, damping, lowest, highest, rest, inertia bound; shape (6, 34).
        end_stiffness: Added beyond lowest and highest [N m/rad].
        dt_s: Physics step [s].
        out: Torques [N m], shape (34,); changed.
    """
    for i in range(out.size):
        stiffness, damping = tissue[0, i], tissue[1, i]
        spring = stiffness * (angle[i] - tissue[4, i])
        beyond = max(0.0, angle[i] - tissue[3, i]) + min(0.0, angle[i] - tissue[2, i])
        if beyond != 0.0:
            spring += end_stiffness * beyond
            stiffness += end_stiffness
        slowing = damping + dt_s * stiffness
        out[i] -= spring + slowing * rate[i] / (1.0 + dt_s * slowing / tissue[5, i])
