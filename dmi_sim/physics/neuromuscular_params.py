"""The arrays of one infant's muscles, tissue and reflexes for the compiled step."""

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
"""Share of the start pose's inertia that is counted on, since other poses may offer less."""

_FIRST_LIMB = {"neck": 0, "trunk": 1, "shoulder": 2, "elbow": 2, "hip": 4, "knee": 4, "ankle": 4}


def build_neuromuscular_params(
    infant: Infant, start_angle_rad: Vector, dt_s: float
) -> NeuromuscularParams:
    """The parameters of an infant's neuromuscular step.

    Args:
        infant: The infant whose muscles, tissue and reflexes are taken.
        start_angle_rad: Joint angles of the pose for which damping is exact [rad], shape (34,).
        dt_s: Physics step [s].
    """
    muscles, nervous = infant.muscles, infant.nervous
    arm_index, moment_arm_m = sparse_moment_arms(muscles.moment_arms_m)
    norm = np.linalg.norm(muscles.moment_arms_m, axis=1)
    implicit_damping, inertia = damping_of(mobility(infant, start_angle_rad), muscles.tissue, dt_s)
    return NeuromuscularParams(
        fibre=_fibre_rows(muscles, dt_s),
        reflex=_reflex_rows(nervous),
        arm_index=arm_index,
        moment_arm_m=moment_arm_m,
        moment_arm_share=moment_arm_m / norm[arm_index[0]],
        reflex_delay_steps=delay_steps(nervous.reflex_delay_s, dt_s),
        limb=_limbs(muscles),
        tissue=_tissue_rows(muscles.tissue, inertia),
        implicit_damping=implicit_damping,
        dt_s=dt_s,
    )


def mobility(infant: Infant, angle_rad: Vector) -> Vector:
    """The mobility of the free body: joint acceleration per joint torque [1/(kg m2)], (34, 34)."""
    inverse = np.linalg.inv(mass_matrix(inertial_params(infant.ordered_segments), angle_rad))
    return np.asarray(inverse[6:, 6:], dtype=np.float64)


def damping_of(mobility: Vector, tissue: Tissue, dt_s: float) -> tuple[Vector, Vector]:
    """The implicit damping matrix ``(I + dt D W)^-1`` and the inertia that it leaves.

    Args:
        mobility: The mobility ``W`` of the body, see :func:`mobility`.
        tissue: The passive tissue whose dampers are ``D``.
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
    arm_sum = np.abs(m.moment_arms_m).sum(axis=1)
    plain = (m.peak_force_n, m.optimal_length_m, m.neutral_length, m.max_shortening_velocity_per_s)
    return np.array([*plain, rise, fall, arm_sum, m.passive_force_n])


def _reflex_rows(n: SensorimotorParams) -> Vector:
    tonic = (n.reflex_gain, n.reflex_velocity_s, n.reflex_threshold)
    phasic = (n.phasic_gain_s, n.phasic_threshold_per_s)
    return np.array([*tonic, n.reciprocal_inhibition, n.selectivity, *phasic])


def _limbs(muscles: Muscles) -> Index:
    pairs = zip(muscles.regions, muscles.sides, strict=True)
    limbs = [_FIRST_LIMB[region] + (_FIRST_LIMB[region] > 1 and side < 0) for region, side in pairs]
    return np.array(limbs, dtype=np.int64)


def _tissue_rows(t: Tissue, inertia: Vector) -> Vector:
    elastic = (t.stiffness_nm_per_rad, t.lowest_rad, t.highest_rad, t.rest_rad)
    return np.array([*elastic, t.end_stiffness_nm_per_rad, t.damping_nms_per_rad, inertia])
