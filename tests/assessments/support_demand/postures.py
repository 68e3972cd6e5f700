"""Sitting infants with chosen muscles and tissue."""

from dataclasses import replace

import numpy as np

from dmi_sim.assessments.support_demand.static_posture import StaticPosture, start_posture
from dmi_sim.catalog import Catalog
from dmi_sim.infant import Infant
from dmi_sim.spec.exercise import ExerciseSpec
from dmi_sim.spec.support import SupportSpec

CATALOG = Catalog.shipped()
START = CATALOG.load(ExerciseSpec, "sitting").start
DOWNWARDS = ("head", "shoulder_girdle", "axillae", "lower_ribs", "waist", "pelvis", "none")
"""Sites that differ for a sitting infant, from the head down."""


def hands(site: str) -> SupportSpec:
    return CATALOG.load(SupportSpec, site)


def sitting(age_months: float = 6.0) -> StaticPosture:
    return start_posture(Infant.from_spec(age_months), START)


def scaled(infant: Infant, strength: float) -> Infant:
    """The same infant with the strength of all muscles scaled by a factor."""
    forces = tuple(strength * force for force in infant.muscles.peak_force_n)
    return replace(infant, muscles=replace(infant.muscles, peak_force_n=forces))


def without_passive_tissue(
    posture: StaticPosture, fused: tuple[bool, ...] = (False,) * 34, fibre_length: float = 0.5
) -> StaticPosture:
    """The same posture with tissue that resists only at fused axes, and all fibres at one length.

    Args:
        posture: Infant and posture.
        fused: Whether each axis is practically immovable.
        fibre_length: Fibre length over optimal length in this posture; short fibres are slack.
    """
    muscles, angle = posture.infant.muscles, posture.angle_rad
    tissue = replace(
        muscles.tissue,
        stiffness_nm_per_rad=tuple(1e7 if is_fused else 0.0 for is_fused in fused),
        rest_rad=tuple(angle.tolist()),
        damping_nms_per_rad=(0.0,) * 34,
        end_stiffness_nm_per_rad=(0.0,) * 34,
    )
    shortening = np.array(muscles.moment_arm_rows_m) @ angle / np.array(muscles.optimal_length_m)
    neutral = tuple((fibre_length + shortening).tolist())
    bare = replace(muscles, tissue=tissue, neutral_length=neutral)
    return replace(posture, infant=replace(posture.infant, muscles=bare))
