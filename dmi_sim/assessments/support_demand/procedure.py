"""What a posture under a pair of hands asks of an infant, from mechanics alone."""

from dataclasses import dataclass, replace

import numpy as np

from dmi_sim.assessments.support_demand.inverted_pendulum import topple
from dmi_sim.assessments.support_demand.linearisation import unstable_rates
from dmi_sim.assessments.support_demand.static_optimisation import Effort, least_effort
from dmi_sim.assessments.support_demand.static_posture import StaticPosture, start_posture
from dmi_sim.catalog import Catalog
from dmi_sim.errors import InputError, did_you_mean, require_within
from dmi_sim.infant import Infant
from dmi_sim.spec.exercise import ExerciseSpec
from dmi_sim.spec.support import SITES, SupportSpec

NOTICE = "Simulation, not clinical evidence."
LARGEST_LEAN_DEG = 45.0

_ARMS = ("upper_arm", "forearm")


@dataclass(frozen=True)
class Demand:
    """What the infant must do itself, at one support site.

    Attributes:
        support: File of the hold.
        posture: File of the exercise.
        lean_deg: How far ``leaning`` is tilted [degrees].
        toppling_nm_per_rad: Toppling stiffness of the body above the attachment [N m/rad].
        fall_time_s: Time in which a lean about the attachment grows e-fold [s].
        delay_limit_s: Longest delay with which feedback can balance that body [s].
        unstable_per_s: Rates at which the held body leaves the posture [1/s], fastest first.
        muscles: Names of the muscles, in the order of the activations.
        upright: Least effort in the posture itself.
        leaning: Least effort in the hardest of four leans: forward, back, left, right.
    """

    support: str
    posture: str
    lean_deg: float
    toppling_nm_per_rad: float
    fall_time_s: float
    delay_limit_s: float
    unstable_per_s: tuple[float, ...]
    muscles: tuple[str, ...]
    upright: Effort
    leaning: Effort


def demand(
    infant: Infant,
    support: str = "pelvis",
    posture: str = "sitting",
    *,
    lean_deg: float = 10.0,
    catalog: Catalog | None = None,
) -> Demand:
    """What a posture under a pair of hands asks of an infant, without training.

    How it holds is told in :mod:`dmi_sim.assessments.support_demand.static_posture` (floor and hands), its parts in the
    modules beside that. A lean is a tilt of floor, hands and infant together.

    Args:
        infant: Who.
        support: File in ``models/supports/`` that the exercise knows; ``none`` for no hands.
        posture: File in ``envs/``; its start pose is the posture.
        lean_deg: Size of the leans [degrees], 0 to 45.
        catalog: Where files are read; the shipped ones by default.

    Raises:
        InputError: If a name is unknown or the lean out of range.
    """
    catalog = catalog or Catalog.shipped()
    exercise = catalog.load(ExerciseSpec, posture)
    if support not in exercise.supports:
        near = did_you_mean(support, exercise.supports)
        raise InputError(f"support: no '{support}' in {posture}; {near}")
    require_within("lean_deg", lean_deg, 0, LARGEST_LEAN_DEG)
    hold = catalog.load(SupportSpec, support)
    if hold.segment in _ARMS:
        sites = ", ".join(name for name in exercise.supports if name in SITES)
        raise InputError(f"support: '{support}' holds arms, which bear no posture; known: {sites}")
    static = start_posture(infant, exercise.start)
    pendulum = topple(static, hold)
    return Demand(
        support=support,
        posture=posture,
        lean_deg=lean_deg,
        toppling_nm_per_rad=pendulum.stiffness_nm_per_rad,
        fall_time_s=pendulum.fall_time_s,
        delay_limit_s=pendulum.delay_limit_s,
        unstable_per_s=unstable_rates(static, hold),
        muscles=infant.muscles.names,
        upright=least_effort(static, hold),
        leaning=_hardest_lean(static, hold, float(np.radians(lean_deg))),
    )


def _hardest_lean(posture: StaticPosture, hold: SupportSpec, lean_rad: float) -> Effort:
    level, aside = np.cos(lean_rad) * posture.up_pelvis, np.sin(lean_rad)
    tilts = [
        level + aside * np.array(way) for way in ((1, 0, 0), (-1, 0, 0), (0, 1, 0), (0, -1, 0))
    ]
    efforts = [least_effort(replace(posture, up_pelvis=tilt), hold) for tilt in tilts]
    return max(efforts, key=lambda effort: effort.share_of_strength)
