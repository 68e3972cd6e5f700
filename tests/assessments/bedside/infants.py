"""Infants with chosen muscles, tissue and reflexes, each examined once."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cache
from itertools import pairwise
from typing import TypeVar

from dmi_sim.assessments.bedside.pendulum import Pendulum, pendulum
from dmi_sim.assessments.bedside.pull_to_sit import PullToSit, pull_to_sit
from dmi_sim.assessments.bedside.righting import Righting, righting
from dmi_sim.assessments.bedside.ventral_suspension import VentralSuspension, ventral_suspension
from dmi_sim.infant import Infant


@cache
def typical(age_months: float) -> Infant:
    return Infant.from_spec(age_months)


def stronger(infant: Infant, factor: float) -> Infant:
    forces = tuple(factor * force for force in infant.muscles.peak_force_n)
    return replace(infant, muscles=replace(infant.muscles, peak_force_n=forces))


def softer(infant: Infant, factor: float) -> Infant:
    """The same infant with stiffness of tissue and fibres, and damping, scaled by a factor."""
    tissue = infant.muscles.tissue
    soft = replace(
        tissue,
        stiffness_nm_per_rad=_times(tissue.stiffness_nm_per_rad, factor),
        end_stiffness_nm_per_rad=_times(tissue.end_stiffness_nm_per_rad, factor),
        damping_nms_per_rad=_times(tissue.damping_nms_per_rad, factor),
    )
    fibres = _times(infant.muscles.passive_force_n, factor)
    return replace(infant, muscles=replace(infant.muscles, tissue=soft, passive_force_n=fibres))


def spastic(infant: Infant, gain_s: float) -> Infant:
    every = (gain_s,) * len(infant.muscles.names)
    return replace(infant, nervous=replace(infant.nervous, phasic_gain_s=every))


def without_reflexes(infant: Infant) -> Infant:
    none = (0.0,) * len(infant.muscles.names)
    return replace(infant, nervous=replace(infant.nervous, reflex_gain=none))


def _times(values: tuple[float, ...], factor: float) -> tuple[float, ...]:
    return tuple(factor * value for value in values)


ResultT = TypeVar("ResultT")


def once(examine: Callable[[Infant, int], ResultT]) -> Callable[..., ResultT]:
    """The same examination, cached by infant (which cannot be hashed) and physics rate."""
    done: dict[tuple[int, int], tuple[Infant, ResultT]] = {}

    def cached(infant: Infant, physics_hz: int = 240) -> ResultT:
        key = (id(infant), physics_hz)
        if key not in done:
            done[key] = infant, examine(infant, physics_hz)
        return done[key][1]

    return cached


pulled: Callable[..., PullToSit] = once(pull_to_sit)
suspended: Callable[..., VentralSuspension] = once(ventral_suspension)
tilted: Callable[..., Righting] = once(righting)
swung: Callable[..., Pendulum] = once(lambda infant, hz: pendulum(infant, "left", hz))


def rises(values: Iterable[float]) -> bool:
    """Whether each value is larger than the one before."""
    return all(later > earlier for earlier, later in pairwise(values))
