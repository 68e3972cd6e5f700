"""The linear motion of a supported body about a posture, under constant muscle torques.

Segments that the floor holds cannot move. Hands are springs and dampers at the points of support,
as stiff as in simulation. Muscles balance the posture with constant torques; reflexes are off and
only passive tissue resists. The positive eigenvalues are the rates at which the body leaves the
posture.
"""

import numpy as np

from dmi_sim.arrays import Index, Vector
from dmi_sim.assessments.support_demand.static_posture import StaticPosture
from dmi_sim.body.kinematics import N_AXES, N_SEGMENTS, mass_matrix
from dmi_sim.body.statics import (
    GRAVITY_M_S2,
    Loads,
    gravity_stiffness,
    gravity_torque,
    load_stiffness,
    load_torque,
)
from dmi_sim.muscle.passive import passive_stiffness_nm_per_rad
from dmi_sim.spec.support import SupportSpec

_ROUNDING_PER_S = 1e-6
"""Rate below which an eigenvalue is rounding error [1/s]."""


def wrench_map(posture: StaticPosture, segment: int, point_m: Vector) -> Vector:
    """The generalised forces of unit forces and unit torques on a segment, shape (40, 6).

    Args:
        posture: Infant and posture.
        segment: Index of the segment on which they act.
        point_m: Point of application in the frame of the segment [m], shape (3,).

    Returns:
        One column per force, then per torque, along x, y, z of the pelvis frame.
    """
    point = np.zeros((N_SEGMENTS, 3))
    point[segment] = point_m
    columns: list[Vector] = []
    for row in np.eye(6):
        force, torque = np.zeros((N_SEGMENTS, 3)), np.zeros((N_SEGMENTS, 3))
        force[segment], torque[segment] = row[:3], row[3:]
        loads = Loads(point, force, torque)
        columns.append(load_torque(posture.masses.joint_m, posture.angle_rad, loads))
    return np.column_stack(columns)


def support_maps(posture: StaticPosture, support: SupportSpec) -> Vector:
    """The :func:`wrench_map` of each attachment of the hands, shape (h, 40, 6)."""
    supported = posture.supported(support)
    maps = [wrench_map(posture, s, posture.attachment_m(support, s)) for s in supported]
    return np.array(maps).reshape(-1, 6 + N_AXES, 6)


def free_motions(posture: StaticPosture) -> Vector:
    """An orthonormal basis of the motions that the floor leaves free, shape (40, n)."""
    from scipy.linalg import null_space

    floor = np.flatnonzero(posture.on_floor)
    if not floor.size:
        return np.eye(6 + N_AXES)
    return np.asarray(
        null_space(_wrench_maps(posture, floor, posture.masses.com_m).T), dtype=np.float64
    )


def unstable_rates_per_s(posture: StaticPosture, support: SupportSpec) -> tuple[float, ...]:
    """The rates at which the supported body leaves the posture [1/s], fastest first.

    Args:
        posture: Infant and posture.
        support: Site and stiffness of the hands, which support at full strength.

    Returns:
        Rates, one per unstable mode; empty if the posture is stable.
    """
    basis = free_motions(posture)
    stiffness, damping = (basis.T @ m @ basis for m in _stiffness_and_damping(posture, support))
    mass = basis.T @ mass_matrix(posture.masses, posture.angle_rad) @ basis
    n = basis.shape[1]
    # M a = -K x - D v as a first-order system in (x, v), whose eigenvalues are the rates.
    accelerations = -np.linalg.solve(mass, np.hstack([stiffness, damping]))
    companion = np.vstack([np.hstack([np.zeros((n, n)), np.eye(n)]), accelerations])
    rates = np.linalg.eigvals(companion).real
    return tuple(sorted((float(r) for r in rates if r > _ROUNDING_PER_S), reverse=True))


def _stiffness_and_damping(posture: StaticPosture, support: SupportSpec) -> tuple[Vector, Vector]:
    """The stiffness and damping from weight, passive tissue and hands, shape (40, 40) each."""
    muscles, angle, joint_m = posture.infant.muscles, posture.angle_rad, posture.masses.joint_m
    stiffness = gravity_stiffness(posture.masses, angle, posture.up_pelvis)
    stiffness += load_stiffness(joint_m, angle, _reaction(posture, support))
    damping = np.zeros_like(stiffness)
    stiffness[6:, 6:] += passive_stiffness_nm_per_rad(muscles, angle)
    damping[6:, 6:] += np.diag(muscles.tissue.damping_nms_per_rad)
    for attachment in support_maps(posture, support):
        spring, damper = _spring_and_damper(posture, support)
        stiffness += (attachment * spring) @ attachment.T
        damping += (attachment * damper) @ attachment.T
    return stiffness, damping


def _spring_and_damper(posture: StaticPosture, support: SupportSpec) -> tuple[Vector, Vector]:
    """The stiffness and damping of one attachment: three of translation, then three of rotation.

    Rotation is left undamped; that makes no mode stable or unstable.
    """
    share = 1 / max(1, posture.supported(support).size)
    mass, length = posture.infant.mass_kg, posture.infant.length_m
    weight = share * mass * GRAVITY_M_S2
    firm = support.stiffness.value * weight
    weak = support.rotation_stiffness.value * weight * length
    damper = 2 * support.damping_ratio.value * np.sqrt(firm * share * mass)
    return np.repeat([firm, weak], 3), np.repeat([damper, 0.0], 3)


def _reaction(posture: StaticPosture, support: SupportSpec) -> Loads:
    """The reaction to the weight: from the floor, or from the hands if the infant is in the air.

    Of all forces and torques on the carrying segments that balance the body as a whole, the
    reaction is the one that leaves the least torque to the joints.
    """
    from scipy.linalg import null_space

    carriers, point = np.flatnonzero(posture.on_floor), posture.masses.com_m.copy()
    if not carriers.size:
        carriers = posture.supported(support)
        for s in carriers:
            point[s] = posture.attachment_m(support, s)
    force, torque = np.zeros((N_SEGMENTS, 3)), np.zeros((N_SEGMENTS, 3))
    if carriers.size:
        weight = gravity_torque(posture.masses, posture.angle_rad, posture.up_pelvis)
        maps = _wrench_maps(posture, carriers, point)
        wrench = -np.linalg.pinv(maps[:6]) @ weight[:6]
        # Moves within the null space keep the balance of the whole body and unload the joints.
        spare = null_space(maps[:6])
        joints = weight[6:] + maps[6:] @ wrench
        wrench -= spare @ (np.linalg.pinv(maps[6:] @ spare) @ joints)
        force[carriers], torque[carriers] = np.hsplit(wrench.reshape(-1, 6), 2)
    return Loads(point, force, torque)


def _wrench_maps(posture: StaticPosture, segments: Index, point_m: Vector) -> Vector:
    """The :func:`wrench_map` of several segments at their points, side by side, shape (40, 6 k)."""
    return np.hstack([wrench_map(posture, s, point_m[s]) for s in segments])
