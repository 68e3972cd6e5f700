"""The inertia that joints meet while the pelvis is free, compiled: fast enough for a movement.

:func:`dmi_sim.body.kinematics.mass_matrix` says the same in the words of a textbook and is what
this is tested against.
"""

import numpy as np

from dmi_sim.arrays import Index, Vector
from dmi_sim.body.kinematics import (
    AXIS_COMPONENT,
    AXIS_JOINT,
    AXIS_SIGN,
    N_AXES,
    N_JOINTS,
    N_SEGMENTS,
    PARENT,
    InertialParams,
    cross,
    joint_quaternions,
    rotate,
    rotation_vectors,
    segment_poses,
)
from dmi_sim.body.rotation import inverse_right_jacobian
from dmi_sim.kernel import kernel

_FIRST_AXIS: Index = np.searchsorted(AXIS_JOINT, np.arange(N_JOINTS + 1))
_NEXT = ((0, 1, 2), (1, 2, 0), (2, 0, 1))
_UPRIGHT = np.array([0.0, 0.0, 0.0, 1.0])
_ORIGIN = np.zeros(3)


def joint_inertia_of(body: InertialParams, angle_rad: Vector) -> Vector:
    """The inertia that the joints of a free body meet [kg m2], shape (34, 34).

    It is the inverse of the joints' block of the inverse mass matrix.

    Args:
        body: Joint positions and inertial parameters of the body.
        angle_rad: Anatomical angles [rad], shape (34,).
    """
    out = np.empty((N_AXES, N_AXES))
    write_joint_inertia(angle_rad, body.joint_m, body.com_m, body.mass_kg, body.inertia_kgm2, out)
    return out


@kernel
def write_joint_inertia(
    angle_rad: Vector,
    joint_m: Vector,
    com_m: Vector,
    mass_kg: Vector,
    inertia_kgm2: Vector,
    out: Vector,
) -> None:
    """Write the inertia that the joints of a free body meet [kg m2].

    Args:
        angle_rad: Anatomical angles [rad], shape (34,).
        joint_m: Joints in their parents' frames [m], shape (15, 3).
        com_m: Centres of mass in the segment frames [m], shape (15, 3).
        mass_kg: Masses of the segments [kg], shape (15,).
        inertia_kgm2: Principal moments of inertia of the segments [kg m2], shape (15, 3).
        out: The inertia, shape (34, 34); written.

    Source:
        Featherstone (2008), Rigid Body Dynamics Algorithms, section 6.2: composite rigid bodies;
        ``featherstone2008``.
    """
    quat = joint_quaternions(angle_rad)
    pos, _, matrix = segment_poses(_ORIGIN, _UPRIGHT, quat, joint_m)
    mass, moment, inertia = _distal_parts(pos, matrix, com_m, mass_kg, inertia_kgm2)
    twist = _twists(angle_rad, pos, matrix)
    momentum = np.empty((N_AXES, 6))
    for i in range(N_AXES):
        s = AXIS_JOINT[i] + 1
        _momentum(twist[i], float(mass[s]), moment[s], inertia[s], momentum[i])
    out[:] = 0.0
    for i in range(N_AXES):
        s = AXIS_JOINT[i] + 1
        while s > 0:  # a joint meets what it carries together with every joint that carries it
            for j in range(_FIRST_AXIS[s - 1], _FIRST_AXIS[s]):
                shared = 0.0
                for k in range(6):
                    shared += twist[j, k] * momentum[i, k]
                out[i, j] = out[j, i] = shared
            s = PARENT[s]
    _subtract_free_pelvis(momentum, mass[0], moment[0], inertia[0], out)


@kernel
def _distal_parts(
    pos: Vector, matrix: Vector, com_m: Vector, mass_kg: Vector, inertia_kgm2: Vector
) -> tuple[Vector, Vector, Vector]:
    """Mass, first moment and inertia about the pelvis of each segment and all that it carries."""
    mass, moment = mass_kg.copy(), np.empty((N_SEGMENTS, 3))
    inertia, com = np.empty((N_SEGMENTS, 3, 3)), np.empty(3)
    for s in range(N_SEGMENTS):
        rotate(matrix[s], com_m[s], com)
        for r in range(3):
            com[r] += pos[s, r]
        distance2 = com[0] * com[0] + com[1] * com[1] + com[2] * com[2]
        for r in range(3):
            moment[s, r] = mass[s] * com[r]
            for c in range(3):
                own = -mass[s] * com[r] * com[c]
                for k in range(3):
                    own += matrix[s, r, k] * inertia_kgm2[s, k] * matrix[s, c, k]
                inertia[s, r, c] = own
            inertia[s, r, r] += mass[s] * distance2
    for s in range(N_SEGMENTS - 1, 0, -1):
        up = PARENT[s]
        mass[up] += mass[s]
        for r in range(3):
            moment[up, r] += moment[s, r]
            for c in range(3):
                inertia[up, r, c] += inertia[s, r, c]
    return mass, moment, inertia


@kernel
def _twists(angle_rad: Vector, pos: Vector, matrix: Vector) -> Vector:
    """Angular velocity, and velocity at the pelvis' origin, per unit rate of each axis, (34, 6)."""
    theta, out = rotation_vectors(angle_rad), np.empty((N_AXES, 6))
    own, turning, moving = np.empty(3), np.empty(3), np.empty(3)
    for s in range(1, N_SEGMENTS):
        to_rates = inverse_right_jacobian(theta[s - 1])
        for i in range(_FIRST_AXIS[s - 1], _FIRST_AXIS[s]):
            at, first, second = _NEXT[AXIS_COMPONENT[i]]
            cross(to_rates[first], to_rates[second], own)  # a column of the inverse, scaled
            scale = AXIS_SIGN[i] / (
                to_rates[at, 0] * own[0] + to_rates[at, 1] * own[1] + to_rates[at, 2] * own[2]
            )
            rotate(matrix[s], own, turning)
            cross(pos[s], turning, moving)
            for k in range(3):
                out[i, k], out[i, 3 + k] = scale * turning[k], scale * moving[k]
    return out


@kernel
def _momentum(twist: Vector, mass: float, h: Vector, inertia: Vector, out: Vector) -> None:
    """Write the angular momentum about the pelvis and the momentum of a body that moves so.

    ``h`` is its first moment of mass.
    """
    wx, wy, wz, vx, vy, vz = twist
    for k in range(3):
        out[k] = inertia[k, 0] * wx + inertia[k, 1] * wy + inertia[k, 2] * wz
    out[0] += h[1] * vz - h[2] * vy
    out[1] += h[2] * vx - h[0] * vz
    out[2] += h[0] * vy - h[1] * vx
    out[3] = mass * vx + wy * h[2] - wz * h[1]
    out[4] = mass * vy + wz * h[0] - wx * h[2]
    out[5] = mass * vz + wx * h[1] - wy * h[0]


@kernel
def _subtract_free_pelvis(
    momentum: Vector, mass: float, moment: Vector, inertia: Vector, out: Vector
) -> None:
    """Subtract what joints do not meet because the pelvis gives way."""
    # M_jj - M_jp M_pp^-1 M_pj = M_jj - Y' Y with M_pp = L L' and L Y = M_pj
    pelvis, unit, y = np.empty((6, 6)), np.eye(6), np.empty((6, N_AXES))
    for k in range(6):
        _momentum(unit[k], mass, moment, inertia, pelvis[k])
        for i in range(N_AXES):
            y[k, i] = momentum[i, k]
    _divide_by_root(pelvis, y)
    for i in range(N_AXES):
        for k in range(6):
            share = y[k, i]
            for j in range(N_AXES):
                out[i, j] -= share * y[k, j]


@kernel
def _divide_by_root(square: Vector, rows: Vector) -> None:
    """Replace ``rows`` by ``L^-1 rows``, with ``L L' = square``, in place."""
    n = len(square)
    for k in range(n):
        scale = 1.0 / np.sqrt(square[k, k])
        for c in range(n):
            square[k, c] *= scale
        for i in range(rows.shape[1]):
            rows[k, i] *= scale
        for r in range(k + 1, n):
            share = square[k, r]
            for c in range(r, n):
                square[r, c] -= share * square[k, c]
            for i in range(rows.shape[1]):
                rows[r, i] -= share * rows[k, i]
