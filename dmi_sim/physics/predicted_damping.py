"""Damping at the velocity with which a physics step ends: the law ``predicted``, compiled.

Damping that is computed from the velocity of now must be softened, or a coarse step throws light
limbs back. But softening takes damping from slow movement too, the more the coarser the step, and
delayed reflexes then shake the body. Here the change of velocity in the coming step is predicted
from all forces, and muscles and tissue pull as they do at its end: the linearly implicit Euler
method. Slow movement keeps all its damping, and what an infant does hardly depends on the step.

Source:
    Hairer & Wanner (1996), Solving Ordinary Differential Equations II, section IV.9;
    ``hairer1996``.
"""

from typing import NamedTuple

import numpy as np

from dmi_sim.arrays import Index, Vector
from dmi_sim.body.joint_inertia import write_joint_inertia
from dmi_sim.body.kinematics import N_AXES
from dmi_sim.kernel import kernel
from dmi_sim.muscle.force import FibreForce, MomentArm
from dmi_sim.muscle.tissue import AxisTissue
from dmi_sim.records import Records


class PredictedDamping(NamedTuple):
    """What the law needs to know of a body.

    Attributes:
        is_used: Whether this law is in force.
        inertia_steps: Physics steps for which an inertia is kept.
        first_arm: First moment arm of each muscle, then the number of arms, shape (n + 1,).
        joint_m: Joints in their parents' frames [m], shape (15, 3).
        com_m: Centres of mass in the segment frames [m], shape (15, 3).
        mass_kg: Masses of the segments [kg], shape (15,).
        inertia_kgm2: Principal moments of inertia of the segments [kg m2], shape (15, 3).
    """

    is_used: bool
    inertia_steps: int
    first_arm: Index
    joint_m: Vector
    com_m: Vector
    mass_kg: Vector
    inertia_kgm2: Vector


class LastStep(NamedTuple):
    """What the law remembers of the last physics step.

    Attributes:
        rate_rad_s: Joint rates at its start [rad/s], shape (34,).
        torque_nm: Torques of muscles and tissue in it [N m], shape (34,).
        inertia_kgm2: Inertia that the joints met [kg m2], shape (34, 34).
    """

    rate_rad_s: Vector
    torque_nm: Vector
    inertia_kgm2: Vector


def no_last_step() -> LastStep:
    """The memory of a law that has not begun."""
    return LastStep(np.zeros(N_AXES), np.zeros(N_AXES), np.zeros((N_AXES, N_AXES)))


@kernel
def renew_inertia(angle: Vector, step: int, body: PredictedDamping, last: LastStep) -> None:
    """Write the inertia that the joints meet now, in every ``inertia_steps``-th step.

    Args:
        angle: Anatomical angles [rad], shape (34,).
        step: Physics steps since the start of the episode.
        body: What is known of the body.
        last: Memory of the law; its inertia is written.
    """
    if step % body.inertia_steps == 0:
        write_joint_inertia(
            angle, body.joint_m, body.com_m, body.mass_kg, body.inertia_kgm2, last.inertia_kgm2
        )


@kernel
def predicted_change(
    rate: Vector,
    torque: Vector,
    force: Records[FibreForce],
    arms: Records[MomentArm],
    first_arm: Index,
    tissue: Records[AxisTissue],
    last: LastStep,
    dt_s: float,
) -> Vector:
    """The change of the joint rates in the coming step [rad/s], shape (34,).

    Gravity, contacts and hands are taken to act as in the last step: as what must have acted
    beside muscles and tissue to change the rates as they have changed. So a body that rests,
    whatever carries it, is predicted to rest, and nothing is softened there.

    Args:
        rate: Rates of the anatomical angles [rad/s], shape (34,).
        torque: Torques of muscles and tissue at these rates [N m], shape (34,).
        force: Forces of the fibres, of which damping is read, shape (n,).
        arms: Moment arms of the muscles, muscle by muscle and axis by axis.
        first_arm: See :class:`PredictedDamping`.
        tissue: Passive tissue, of which damping is read, shape (34,).
        last: The last step.
        dt_s: Physics step [s].
    """
    # (M + dt (D + R' K R)) dv = dt (torque + outside)
    # with outside = M (v - v_last) / dt - torque_last
    out, matrix = np.empty(N_AXES), last.inertia_kgm2.copy()
    for i in range(N_AXES):
        out[i] = dt_s * (torque[i] - last.torque_nm[i])
        matrix[i, i] += dt_s * tissue[i].damping_nms_per_rad
    for k in range(N_AXES):
        gained = rate[k] - last.rate_rad_s[k]
        for i in range(N_AXES):
            out[i] += last.inertia_kgm2[k, i] * gained
    _add_active_damping(force, arms, first_arm, dt_s, matrix)
    solve_symmetric(matrix, out)
    return out


@kernel
def _add_active_damping(
    force: Records[FibreForce],
    arms: Records[MomentArm],
    first_arm: Index,
    dt_s: float,
    out: Vector,
) -> None:
    """Add ``dt R' K R``, the damping of active muscle over a step, to an upper triangle."""
    for m in range(force.size):
        if force[m].damping_ns_per_m > 0.0:
            for a in range(first_arm[m], first_arm[m + 1]):
                share = dt_s * force[m].damping_ns_per_m * arms[a].arm_m
                for b in range(a, first_arm[m + 1]):
                    out[arms[a].axis, arms[b].axis] += share * arms[b].arm_m


@kernel
def solve_symmetric(matrix: Vector, x: Vector) -> None:
    """Solve a system of equations in place, by elimination without pivoting.

    Args:
        matrix: Symmetric positive definite matrix, of which the upper triangle is read; changed.
        x: Right-hand side; the solution is written into it.

    >>> x = np.array([3.0, 5.0])
    >>> solve_symmetric(np.array([[2.0, 1.0], [1.0, 3.0]]), x)
    >>> x.round(12).tolist()
    [0.8, 1.4]
    """
    for k in range(x.size):
        pivot = 1.0 / matrix[k, k]
        for i in range(k + 1, x.size):
            share = matrix[k, i] * pivot
            for j in range(i, x.size):
                matrix[i, j] -= share * matrix[k, j]
            x[i] -= share * x[k]
    for k in range(x.size - 1, -1, -1):
        x[k] /= matrix[k, k]
        for i in range(k):
            x[i] -= matrix[i, k] * x[k]


@kernel
def add_end_of_step(
    change: Vector,
    force: Records[FibreForce],
    arms: Records[MomentArm],
    tissue: Records[AxisTissue],
    torque: Vector,
) -> None:
    """Let muscles and tissue pull as they do at the end of the step.

    Args:
        change: Change of the joint rates in the step [rad/s], shape (34,).
        force: Forces of the fibres, shape (n,); changed.
        arms: Moment arms of the muscles.
        tissue: Passive tissue, shape (34,).
        torque: Torques of muscles and tissue [N m], shape (34,); changed.
    """
    added_n = np.zeros(force.size)
    for k in range(arms.size):
        added_n[arms[k].muscle] -= arms[k].arm_m * change[arms[k].axis]
    for m in range(force.size):
        added_n[m] *= force[m].damping_ns_per_m
        force[m].moving_n += added_n[m]
    for k in range(arms.size):
        torque[arms[k].axis] += arms[k].arm_m * added_n[arms[k].muscle]
    for i in range(torque.size):
        torque[i] -= tissue[i].damping_nms_per_rad * change[i]
