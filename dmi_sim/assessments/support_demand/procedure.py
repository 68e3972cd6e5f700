"""The demand of a posture on an infant in a pair of hands, from mechanics alone."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from dmi_sim.assessments import OnProgress
from dmi_sim.assessments.support_demand.inverted_pendulum import body_above_hands
from dmi_sim.assessments.support_demand.linearisation import unstable_rates_per_s
from dmi_sim.assessments.support_demand.result import Demand, Effort
from dmi_sim.assessments.support_demand.static_optimisation import least_effort
from dmi_sim.assessments.support_demand.static_posture import StaticPosture, start_posture
from dmi_sim.catalog import Catalog
from dmi_sim.errors import InputError, did_you_mean, require_within
from dmi_sim.infant import Infant
from dmi_sim.spec.exercise import ExerciseSpec
from dmi_sim.spec.support import SITES, SupportSpec

LARGEST_LEAN_DEG = 45.0

_ARM_KINDS = ("upper_arm", "forearm")
_TILTS = ((1, 0, 0), (-1, 0, 0), (0, 1, 0), (0, -1, 0))
"""Directions into which up tilts in the pelvis frame; the infant leans the opposite way."""


def demand(
    infant: Infant,
    support: str = "pelvis",
    posture: str = "sitting",
    *,
    lean_deg: float = 10.0,
    catalog: Catalog | None = None,
) -> Demand:
    """The demand of a posture on an infant in a pair of hands, without training.

    The segments that floor and hands hold are defined in
    :mod:`dmi_sim.assessments.support_demand.static_posture`; the modules beside it derive each
    number. A lean is a tilt of floor, hands and infant together.

    Args:
        infant: The infant.
        support: File in ``models/supports/`` that the exercise allows; ``none`` for no hands.
        posture: File in ``envs/``; its start pose is the posture.
        lean_deg: Size of the leans [degrees], 0 to 45.
        catalog: Catalog with the files; the shipped one by default.

    Raises:
        InputError: If a name is unknown or the lean out of range.
    """
    catalog = catalog or Catalog.shipped()
    exercise = catalog.load(ExerciseSpec, posture)
    hands = _hands(support, posture, exercise, catalog)
    require_within("lean_deg", lean_deg, 0, LARGEST_LEAN_DEG)
    static = start_posture(infant, exercise.start)
    pendulum = body_above_hands(static, hands)
    return Demand(
        support=support,
        posture=posture,
        lean_deg=lean_deg,
        toppling_nm_per_rad=pendulum.stiffness_nm_per_rad,
        fall_time_s=pendulum.fall_time_s,
        delay_limit_s=pendulum.delay_limit_s,
        unstable_per_s=unstable_rates_per_s(static, hands),
        muscles=infant.muscles.names,
        upright=least_effort(static, hands),
        leaning=_hardest_lean(static, hands, float(np.radians(lean_deg))),
    )


def demands_by_site(
    infant: Infant, posture: str = "sitting", *, lean_deg: float = 10.0
) -> list[Demand]:
    """The demand at every support site of an exercise, from the head down.

    Args:
        infant: The infant.
        posture: File in ``envs/``; its start pose is the posture.
        lean_deg: Size of the leans [degrees], 0 to 45.

    Raises:
        InputError: If the exercise is unknown or the lean out of range.
    """
    known = Catalog.shipped().load(ExerciseSpec, posture).supports
    sites = [site for site in SITES if site in known]
    return [demand(infant, site, posture, lean_deg=lean_deg) for site in sites]


def demands_by_age(
    infants: Sequence[Infant], posture: str, lean_deg: float, on_progress: OnProgress
) -> dict[float, list[Demand]]:
    """The demand at every site by age [months], for infants of different ages.

    Args:
        infants: The infants.
        posture: File in ``envs/``; its start pose is the posture.
        lean_deg: Size of the leans [degrees], 0 to 45.
        on_progress: Called before each infant.
    """
    found: dict[float, list[Demand]] = {}
    for done, infant in enumerate(infants):
        age = infant.config.age_months
        on_progress(done / len(infants), f"age {age:g} months")
        found[age] = demands_by_site(infant, posture, lean_deg=lean_deg)
    return found


def _hands(support: str, posture: str, exercise: ExerciseSpec, catalog: Catalog) -> SupportSpec:
    """The hands at a site of an exercise.

    Raises:
        InputError: If the exercise has no such site, or hands at the arms, which bear no posture.
    """
    if support not in exercise.supports:
        near = did_you_mean(support, exercise.supports)
        raise InputError(f"support: no '{support}' in {posture}; {near}")
    hands = catalog.load(SupportSpec, support)
    if hands.segment in _ARM_KINDS:
        sites = ", ".join(name for name in exercise.supports if name in SITES)
        raise InputError(f"support: '{support}' holds arms, which bear no posture; known: {sites}")
    return hands


def _hardest_lean(posture: StaticPosture, hands: SupportSpec, lean_rad: float) -> Effort:
    """The least effort in that of four leans which takes the largest share of strength."""
    level, aside = np.cos(lean_rad) * posture.up_pelvis, np.sin(lean_rad)
    tilts = [level + aside * np.array(heading) for heading in _TILTS]
    efforts = [least_effort(replace(posture, up_pelvis=tilt), hands) for tilt in tilts]
    return max(efforts, key=lambda effort: effort.share_of_strength)
