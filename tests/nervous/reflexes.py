"""Records of reflexes and of stretch for tests of single reflexes."""

import numpy as np

from dmi_sim.arrays import Index, Vector
from dmi_sim.muscle.force import FibreMotion
from dmi_sim.nervous.reflex import Reflex
from dmi_sim.records import Records, records


def reflexes(n: int, **own: Vector | Index | float) -> Records[Reflex]:
    """Reflexes of selective muscles that have none but those that are named."""
    return records(Reflex, {"selectivity": np.ones(n), **own})


def moved(length: Vector | float, velocity: Vector | float) -> Records[FibreMotion]:
    """The motion of one fibre, or of many."""
    return records(FibreMotion, {"length": np.atleast_1d(length), "velocity": velocity})
