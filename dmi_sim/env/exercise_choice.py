"""Which exercise an episode is, in an environment of several that was not told."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from dmi_sim.aliases import canonical
from dmi_sim.catalog import Catalog
from dmi_sim.env.config import SupportLike, read_schedule
from dmi_sim.errors import InputError, did_you_mean, shown
from dmi_sim.spec.exercise import ExerciseSpec
from dmi_sim.spec.support_schedule import SupportScheduleFile


def draw_exercise(
    exercises: Sequence[str],
    catalog: Catalog,
    options: Mapping[str, Any],
    random: np.random.Generator,
) -> str:
    """An exercise at random, all alike, of those that offer the support and the pushes asked for.

    Args:
        exercises: Exercises to choose from.
        catalog: Catalog that they are read from.
        options: Options of the reset, over what the environment was made with.
        random: Source of the choice.

    Raises:
        InputError: If no exercise offers them.
    """
    suited = suited_exercises(exercises, catalog, options)
    return suited[int(random.integers(len(suited)))]


def suited_exercises(
    exercises: Sequence[str], catalog: Catalog, options: Mapping[str, Any]
) -> tuple[str, ...]:
    """The exercises that offer the support and the pushes asked for.

    Args:
        exercises: Exercises to choose from.
        catalog: Catalog that they are read from.
        options: Options of a reset; only ``support`` and ``pushes`` matter here.

    Raises:
        InputError: If no exercise offers them.
    """
    specs = {name: catalog.load(ExerciseSpec, name) for name in exercises}
    support = options.get("support")
    offering = {n: spec for n, spec in specs.items() if _offers(spec, support, catalog)}
    if not offering:
        known = {site for spec in specs.values() for site in spec.supports}
        nearest = did_you_mean(str(support), sorted(known))
        raise InputError(f"support: no exercise offers {shown(support)}; {nearest}")
    if options.get("pushes") is not True:
        return tuple(offering)
    pushed = tuple(name for name, spec in offering.items() if spec.pushes is not None)
    if not pushed:
        raise InputError(f"pushes: none of {', '.join(offering)} has any to ask for")
    return pushed


def _offers(spec: ExerciseSpec, support: SupportLike, catalog: Catalog) -> bool:
    """Whether all sites at which hands are to hold are sites of an exercise."""
    sites = _sites(support, spec, catalog)
    return all(canonical(site, spec.supports) in spec.supports for site in sites)


def _sites(support: SupportLike, spec: ExerciseSpec, catalog: Catalog) -> tuple[str, ...]:
    if support is None:
        return ()
    if not isinstance(support, str):
        return read_schedule(support).site
    is_file = canonical(support, spec.supports) not in spec.supports
    if is_file and support in catalog.names(SupportScheduleFile):
        return catalog.load(SupportScheduleFile, support).support.site
    return (support,)
