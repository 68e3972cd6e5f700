"""The arrays of one infant's muscles, tissue and reflexes for the compiled step."""

import numpy as np

from dmi_sim.arrays import Index, Vector
from dmi_sim.body.kinematics import N_AXES, inertial_params, mass_matrix
from dmi_sim.infant import Infant
from dmi_sim.muscle.force import FibreParams, sparse_moment_arms
from dmi_sim.muscle.groups import Muscles
from dmi_sim.muscle.tissue import Tissue, tissue_springs
from dmi_sim.nervous.delay import delay_steps
from dmi_sim.nervous.reflex import ReflexParams
from dmi_sim.nervous.sensorimotor import SensorimotorParams
from dmi_sim.physics.neuromuscular import DampingParams, NeuromuscularParams

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
    muscles, free = infant.muscles, mobility(infant, start_angle_rad)
    return NeuromuscularParams(
        fibre=_fibre_params(muscles, dt_s),
        arms=sparse_moment_arms(muscles.moment_arms_m),
        reflex=_reflex_params(infant.nervous, muscles, dt_s),
        tissue=tissue_springs(muscles.tissue),
        damping=damping_of(free, muscles.tissue, dt_s),
        dt_s=dt_s,
    )


def mobility(infant: Infant, angle_rad: Vector) -> Vector:
    """The mobility of the free body: joint acceleration per joint torque [1/(kg m2)], (34, 34)."""
    inverse = np.linalg.inv(mass_matrix(inertial_params(infant.ordered_segments), angle_rad))
    return np.asarray(inverse[6:, 6:], dtype=np.float64)


def damping_of(mobility: Vector, tissue: Tissue, dt_s: float) -> DampingParams:
    """The implicit damping of a body.

    Args:
        mobility: The mobility ``W`` of the body, see :func:`mobility`.
        tissue: The passive tissue whose dampers are ``D``.
        dt_s: Physics step [s].
    """
    damping = np.array(tissue.damping_nms_per_rad)
    implicit = np.eye(N_AXES) + dt_s * np.diag(damping) @ mobility
    matrix = np.ascontiguousarray(np.linalg.inv(implicit), dtype=np.float64)
    # A further, explicit damper meets at least this inertia.
    left = np.asarray(INERTIA_MARGIN / np.diag(mobility @ matrix), dtype=np.float64)
    return DampingParams(damping, left, matrix)


def _fibre_params(m: Muscles, dt_s: float) -> FibreParams:
    return FibreParams(
        peak_force_n=np.array(m.peak_force_n),
        optimal_length_m=np.array(m.optimal_length_m),
        neutral_length=np.array(m.neutral_length),
        max_shortening_velocity_per_s=np.array(m.max_shortening_velocity_per_s),
        rise=1 - np.exp(-dt_s / np.array(m.activation_time_s)),
        fall=1 - np.exp(-dt_s / np.array(m.deactivation_time_s)),
        moment_arm_sum_m=np.abs(m.moment_arms_m).sum(axis=1),
        passive_force_n=np.array(m.passive_force_n),
    )


def _reflex_params(n: SensorimotorParams, muscles: Muscles, dt_s: float) -> ReflexParams:
    return ReflexParams(
        gain=np.array(n.reflex_gain),
        velocity_gain_s=np.array(n.reflex_velocity_s),
        threshold=np.array(n.reflex_threshold),
        reciprocal_inhibition=np.array(n.reciprocal_inhibition),
        selectivity=np.array(n.selectivity),
        phasic_gain_s=np.array(n.phasic_gain_s),
        phasic_threshold_per_s=np.array(n.phasic_threshold_per_s),
        limb=_limbs(muscles),
        delay_steps=delay_steps(n.reflex_delay_s, dt_s),
    )


def _limbs(muscles: Muscles) -> Index:
    pairs = zip(muscles.regions, muscles.sides, strict=True)
    limbs = [_FIRST_LIMB[region] + (_FIRST_LIMB[region] > 1 and side < 0) for region, side in pairs]
    return np.array(limbs, dtype=np.int64)
