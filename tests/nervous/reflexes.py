"""Records of reflexes and of stretch for tests of single reflexes."""

from typing import Any

import numpy as np

from dmi_sim.arrays import Index, Vector
from dmi_sim.muscle.force import FibreMotion
from dmi_sim.nervous.reflex import Reflex
from dmi_sim.records import Records, records


def reflexes(n: int, **own: Vector | Index | float) -> Records[Reflex]:
    """Reflexes of selective muscles that have none but those that are named."""
    none: dict[str, Any] = dict.fromkeys(Reflex.__annotations__, np.zeros(n))
    return records(Reflex, {**none, "selectivity": 1.0, **own})


def moved(length: Vector | float, velocity: Vector | float) -> Records[FibreMotion]:
    """The motion of one fibre, or of many."""
    return records(FibreMotion, {"length": np.atleast_1d(length), "velocity": velocity})
