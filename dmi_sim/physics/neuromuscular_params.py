"""The arrays of one infant's muscles, tissue and reflexes for the compiled step."""

from typing import Literal, TypeAlias

import numpy as np

from dmi_sim.arrays import Index, Vector
from dmi_sim.body.kinematics import N_AXES, inertial_params, mass_matrix
from dmi_sim.infant import Infant
from dmi_sim.muscle.force import Fibre, sparse_moment_arms
from dmi_sim.muscle.groups import Muscles
from dmi_sim.muscle.tissue import Tissue, axis_tissue
from dmi_sim.nervous.delay import delay_steps
from dmi_sim.nervous.reflex import Reflex
from dmi_sim.nervous.sensorimotor import SensorimotorParams
from dmi_sim.physics.neuromuscular import NeuromuscularParams
from dmi_sim.physics.predicted_damping import PredictedDamping
from dmi_sim.records import Records, records

INERTIA_MARGIN = 0.5
"""Share of the start pose's inertia that is counted on, since other poses may offer less."""

Damping: TypeAlias = Literal["softened", "predicted"]
"""A law of damping: by the velocity of now, softened, or by that at the end of the step."""

DAMPING: Damping = "softened"
"""The law of damping that is in force where none is named."""

INERTIA_AGE_S = 1 / 30
"""Time for which the law ``predicted`` keeps an inertia [s]: a control step."""

_FIRST_LIMB = {"neck": 0, "trunk": 1, "shoulder": 2, "elbow": 2, "hip": 4, "knee": 4, "ankle": 4}


def build_neuromuscular_params(
    infant: Infant, start_angle_rad: Vector, dt_s: float, damping: Damping = DAMPING
) -> NeuromuscularParams:
    """The parameters of an infant's neuromuscular step.

    Args:
        infant: The infant whose muscles, tissue and reflexes are taken.
        start_angle_rad: Joint angles of the pose for which damping is exact [rad], shape (34,).
        dt_s: Physics step [s].
        damping: Law of damping.
    """
    muscles, free = infant.muscles, mobility(infant, start_angle_rad)
    implicit_damping, active_inertia = damping_of(free, muscles.tissue, dt_s)
    return NeuromuscularParams(
        fibre=_fibres(muscles, dt_s),
        arms=sparse_moment_arms(muscles.moment_arms_m),
        reflex=_reflexes(infant.nervous, muscles, dt_s),
        tissue=axis_tissue(muscles.tissue),
        active_inertia_kgm2=active_inertia,
        implicit_damping=implicit_damping,
        dt_s=dt_s,
        predicted=_predicted_damping(infant, dt_s, damping),
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


def _predicted_damping(infant: Infant, dt_s: float, damping: Damping) -> PredictedDamping:
    body, arms_m = inertial_params(infant.ordered_segments), infant.muscles.moment_arms_m
    counts = np.count_nonzero(arms_m, axis=1)
    return PredictedDamping(
        is_used=damping == "predicted",
        inertia_steps=max(1, round(INERTIA_AGE_S / dt_s)),
        first_arm=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        joint_m=body.joint_m,
        com_m=body.com_m,
        mass_kg=body.mass_kg,
        inertia_kgm2=body.inertia_kgm2,
    )


def _fibres(m: Muscles, dt_s: float) -> Records[Fibre]:
    names = ("peak_force_n", "optimal_length_m", "neutral_length", "passive_force_n")
    columns = {
        **{name: getattr(m, name) for name in (*names, "max_shortening_velocity_per_s")},
        "rise": 1 - np.exp(-dt_s / np.array(m.activation_time_s)),
        "fall": 1 - np.exp(-dt_s / np.array(m.deactivation_time_s)),
        "moment_arm_sum_m": np.abs(m.moment_arms_m).sum(axis=1),
    }
    return records(Fibre, columns)


def _reflexes(n: SensorimotorParams, muscles: Muscles, dt_s: float) -> Records[Reflex]:
    names = ("reciprocal_inhibition", "selectivity", "phasic_gain_s", "phasic_threshold_per_s")
    columns = {
        **{name: getattr(n, name) for name in names},
        "gain": n.reflex_gain,
        "velocity_gain_s": n.reflex_velocity_s,
        "threshold": n.reflex_threshold,
        "limb": _limbs(muscles),
        "delay_steps": delay_steps(n.reflex_delay_s, dt_s),
    }
    return records(Reflex, columns)


def _limbs(muscles: Muscles) -> Index:
    pairs = zip(muscles.regions, muscles.sides, strict=True)
    limbs = [_FIRST_LIMB[region] + (_FIRST_LIMB[region] > 1 and side < 0) for region, side in pairs]
    return np.array(limbs, dtype=np.int64)
