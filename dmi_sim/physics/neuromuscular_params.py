"""An infant's muscles, tissue and reflexes as arrays for the compiled step."""

import numpy as np

from dmi_sim.arrays import Index, Vector
from dmi_sim.body.kinematics import N_AXES, inertial_params, mass_matrix
from dmi_sim.infant import Infant
from dmi_sim.muscle.force import sparse_moment_arms
from dmi_sim.muscle.groups import Muscles
from dmi_sim.muscle.tissue import Tissue
from dmi_sim.nervous.delay import delay_steps
from dmi_sim.nervous.sensorimotor import SensorimotorParams
from dmi_sim.physics.neuromuscular import NeuromuscularParams

INERTIA_MARGIN = 0.5
"""Other poses may offer less inertia than the start pose."""

_LIMBS = {"neck": 0, "trunk": 1, "shoulder": 2, "elbow": 2, "hip": 4, "knee": 4, "ankle": 4}


def build_neuromuscular_params(
    infant: Infant, start_angle_rad: Vector, dt_s: float
) -> NeuromuscularParams:
    """The law of motion of an infant's joints.

    Args:
        infant: Who.
        start_angle_rad: Pose for which damping is exact [rad], shape (34,).
        dt_s: Physics step [s].
    """
    muscles, nervous = infant.muscles, infant.nervous
    places, arms = sparse_moment_arms(muscles.moment_arms_m)
    norm = np.linalg.norm(muscles.moment_arms_m, axis=1)
    implicit_damping, inertia = damping_of(mobility(infant, start_angle_rad), muscles.tissue, dt_s)
    return NeuromuscularParams(
        fibre=_fibre_rows(muscles, dt_s),
        reflex=_reflex_rows(nervous),
        places=places,
        arms=np.array([arms, arms / norm[places[0]]]),
        physics_steps=np.array([delay_steps(nervous.reflex_delay_s, dt_s), _limbs(muscles)]),
        tissue=_tissue_rows(muscles.tissue, inertia),
        implicit_damping=implicit_damping,
        dt_s=dt_s,
    )


def mobility(infant: Infant, angle_rad: Vector) -> Vector:
    """Joint accelerations per joint torque of the free body [1/(kg m2)], shape (34, 34)."""
    inverse = np.linalg.inv(mass_matrix(inertial_params(infant.ordered_segments), angle_rad))
    return np.asarray(inverse[6:, 6:], dtype=np.float64)


def damping_of(mobility: Vector, tissue: Tissue, dt_s: float) -> tuple[Vector, Vector]:
    """What damps without blowing up: the matrix ``(I + dt D W)^-1`` and what inertia it leaves.

    Args:
        mobility: See :func:`mobility`.
        tissue: Whose dampers are ``D``.
        dt_s: Physics step [s].

    Returns:
        The matrix, shape (34, 34), and a lower bound of the inertia that a further, explicit
        damper at each axis meets [kg m2], shape (34,).
    """
    damping = np.diag(tissue.damping_nms_per_rad)
    implicit = np.eye(N_AXES) + dt_s * damping @ mobility
    implicit_damping = np.ascontiguousarray(np.linalg.inv(implicit), dtype=np.float64)
    left = np.asarray(INERTIA_MARGIN / np.diag(mobility @ implicit_damping), dtype=np.float64)
    return implicit_damping, left


def _fibre_rows(m: Muscles, dt_s: float) -> Vector:
    rise = 1 - np.exp(-dt_s / np.array(m.activation_time_s))
    fall = 1 - np.exp(-dt_s / np.array(m.deactivation_time_s))
    reach = np.abs(m.moment_arms_m).sum(axis=1)
    plain = (m.peak_force_n, m.optimal_length_m, m.neutral_length, m.max_shortening_velocity_per_s)
    return np.array([*plain, rise, fall, reach, m.passive_force_n])


def _reflex_rows(n: SensorimotorParams) -> Vector:
    tonic = (n.reflex_gain, n.reflex_velocity_s, n.reflex_threshold)
    phasic = (n.phasic_gain_s, n.phasic_threshold_per_s)
    return np.array([*tonic, n.reciprocal_inhibition, n.selectivity, *phasic])


def _limbs(muscles: Muscles) -> Index:
    pairs = zip(muscles.regions, muscles.sides, strict=True)
    limbs = [_LIMBS[part] + (_LIMBS[part] > 1 and side < 0) for part, side in pairs]
    return np.array(limbs, dtype=np.int64)


def _tissue_rows(t: Tissue, inertia: Vector) -> Vector:
    elastic = (t.stiffness_nm_per_rad, t.lowest_rad, t.highest_rad, t.rest_rad)
    return np.array([*elastic, t.end_stiffness_nm_per_rad, t.damping_nms_per_rad, inertia])
