"""Which exercise an episode is, in an environment of several that was not told."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from dmi_sim.aliases import canonical
from dmi_sim.catalog import Catalog
from dmi_sim.errors import InputError, shown
from dmi_sim.spec.exercise import ExerciseSpec


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
    suited = [name for name in exercises if _suits(catalog.load(ExerciseSpec, name), options)]
    if not suited:
        raise InputError(f"support: no exercise offers {shown(options.get('support'))}")
    return suited[int(random.integers(len(suited)))]


def _suits(spec: ExerciseSpec, options: Mapping[str, Any]) -> bool:
    """Whether an exercise offers what is asked; a schedule is looked at when it is read."""
    if options.get("pushes") is True and spec.pushes is None:
        return False
    support = options.get("support")
    return not isinstance(support, str) or canonical(support, spec.supports) in spec.supports
