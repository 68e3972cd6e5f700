"""How the body can still move where floor and hands hold it, and what it does when let go.

Motion is linear about the posture. What the floor holds cannot move; hands are springs and dampers
at the grip, as stiff as in simulation; muscles hold the posture with torques that do not change,
reflexes are off, and passive tissue is all that resists. The rates at which such a body leaves the
posture are the positive eigenvalues.
"""

import numpy as np

from dmi_sim.arrays import Index, Vector
from dmi_sim.body.kinematics import N_AXES, N_SEGMENTS, mass_matrix
from dmi_sim.body.statics import (
    GRAVITY_M_S2,
    Loads,
    gravity_stiffness,
    gravity_torque,
    load_stiffness,
    load_torque,
)
from dmi_sim.assessments.support_demand.passive import passive_stiffness
from dmi_sim.assessments.support_demand.static_posture import Stance
from dmi_sim.spec.support import HoldSpec

_AT_REST_PER_S = 1e-6
"""Rates below this are rounding."""


def wrench_map(stance: Stance, segment: int, point_m: Vector) -> Vector:
    """Generalised force of a unit force and a unit torque on a segment, shape (40, 6).

    Args:
        stance: Infant and posture.
        segment: On which they act.
        point_m: Where, in the frame of the segment [m], shape (3,).

    Returns:
        Columns: forces, then torques, along x, y, z of the pelvis frame.
    """
    point = np.zeros((N_SEGMENTS, 3))
    point[segment] = point_m
    columns: list[Vector] = []
    for row in np.eye(6):
        force, torque = np.zeros((N_SEGMENTS, 3)), np.zeros((N_SEGMENTS, 3))
        force[segment], torque[segment] = row[:3], row[3:]
        loads = Loads(point, force, torque)
        columns.append(load_torque(stance.masses.joint_m, stance.angle_rad, loads))
    return np.column_stack(columns)


def grip_maps(stance: Stance, hold: HoldSpec) -> Vector:
    """:func:`wrench_map` of each grip of the hands, shape (h, 40, 6)."""
    held = stance.held(hold)
    maps = [wrench_map(stance, s, stance.grip_m(hold, s)) for s in held]
    return np.array(maps).reshape(-1, 6 + N_AXES, 6)


def freedom(stance: Stance) -> Vector:
    """Orthonormal basis of the motions that the floor leaves, shape (40, n)."""
    from scipy.linalg import null_space

    floor = np.flatnonzero(stance.on_floor)
    if not floor.size:
        return np.eye(6 + N_AXES)
    return np.asarray(
        null_space(_wrench_maps(stance, floor, stance.masses.com_m).T), dtype=np.float64
    )


def unstable_rates(stance: Stance, hold: HoldSpec) -> tuple[float, ...]:
    """Rates at which the held body leaves the posture [1/s], fastest first; empty if stable.

    Args:
        stance: Infant and posture.
        hold: Where and how firmly the hands hold, at full strength.
    """
    basis = freedom(stance)
    stiffness, damping = (basis.T @ m @ basis for m in _stiffness_and_damping(stance, hold))
    mass = basis.T @ mass_matrix(stance.masses, stance.angle_rad) @ basis
    n = basis.shape[1]
    accelerations = -np.linalg.solve(mass, np.hstack([stiffness, damping]))
    companion = np.vstack([np.hstack([np.zeros((n, n)), np.eye(n)]), accelerations])
    rates = np.linalg.eigvals(companion).real
    return tuple(sorted((float(r) for r in rates if r > _AT_REST_PER_S), reverse=True))


def _stiffness_and_damping(stance: Stance, hold: HoldSpec) -> tuple[Vector, Vector]:
    joint_m, angle = stance.masses.joint_m, stance.angle_rad
    stiffness = gravity_stiffness(stance.masses, angle, stance.up_pelvis)
    stiffness += load_stiffness(joint_m, angle, _reaction(stance, hold))
    damping = np.zeros_like(stiffness)
    stiffness[6:, 6:] += passive_stiffness(stance)
    damping[6:, 6:] += np.diag(stance.infant.muscles.tissue.damping_nms_per_rad)
    for grip in grip_maps(stance, hold):
        spring, damper = _hand_laws(stance, hold)
        stiffness += (grip * spring) @ grip.T
        damping += (grip * damper) @ grip.T
    return stiffness, damping


def _hand_laws(stance: Stance, hold: HoldSpec) -> tuple[Vector, Vector]:
    """Stiffness and damping of one grip, three of translation and three of rotation.

    Rotation is left undamped, which makes no mode stable or unstable.
    """
    share = 1 / max(1, stance.held(hold).size)
    mass, length = stance.infant.mass_kg, stance.infant.length_m
    weight = share * mass * GRAVITY_M_S2
    firm, weak = hold.stiffness.value * weight, hold.rotation_stiffness.value * weight * length
    damper = 2 * hold.damping_ratio.value * np.sqrt(firm * share * mass)
    return np.repeat([firm, weak], 3), np.repeat([damper, 0.0], 3)


def _reaction(stance: Stance, hold: HoldSpec) -> Loads:
    """What carries the weight: the floor, or the hands of an infant in the air.

    Of all forces and torques on the carrying segments that balance the body as a whole, those that
    leave the least torque to the joints.
    """
    from scipy.linalg import null_space

    carriers, point = np.flatnonzero(stance.on_floor), stance.masses.com_m.copy()
    if not carriers.size:
        carriers = stance.held(hold)
        for s in carriers:
            point[s] = stance.grip_m(hold, s)
    force, torque = np.zeros((N_SEGMENTS, 3)), np.zeros((N_SEGMENTS, 3))
    if carriers.size:
        weight = gravity_torque(stance.masses, stance.angle_rad, stance.up_pelvis)
        maps = _wrench_maps(stance, carriers, point)
        wrench = -np.linalg.pinv(maps[:6]) @ weight[:6]
        spare = null_space(maps[:6])
        joints = weight[6:] + maps[6:] @ wrench
        wrench -= spare @ (np.linalg.pinv(maps[6:] @ spare) @ joints)
        force[carriers], torque[carriers] = np.hsplit(wrench.reshape(-1, 6), 2)
    return Loads(point, force, torque)


def _wrench_maps(stance: Stance, segments: Index, point_m: Vector) -> Vector:
    """:func:`wrench_map` of segments at their points, side by side, shape (40, 6 k)."""
    return np.hstack([wrench_map(stance, s, point_m[s]) for s in segments])
