"""Records of muscles for tests of single laws."""

from typing import Any

import numpy as np

from dmi_sim.arrays import Vector
from dmi_sim.muscle.force import Fibre, Muscle
from dmi_sim.muscle.groups import Muscles
from dmi_sim.records import Records, RecordT, records


def fibres(muscles: Muscles, **other: Any) -> Records[Fibre]:
    """Fibres of an infant; where nothing else is said, activation follows excitation at once."""
    names = ("peak_force_n", "optimal_length_m", "neutral_length", "passive_force_n")
    columns = {
        **{name: getattr(muscles, name) for name in (*names, "max_shortening_velocity_per_s")},
        "moment_arm_sum_m": np.abs(muscles.moment_arms_m).sum(axis=1),
        "rise": 1.0,
        "fall": 1.0,
    }
    return records(Fibre, columns | other)


def waking(n: int, rise: float, fall: float) -> Records[Fibre]:
    """Fibres of which nothing counts but how fast activation rises and falls, shape (n,)."""
    return records(Fibre, {"rise": np.full(n, rise), "fall": fall})


def muscles_at(
    activation: Vector | float = 0.0,
    excitation: Vector | float = 0.0,
    commanded_length: Vector | float = 100.0,
    n: int = 1,
) -> Records[Muscle]:
    """Muscles without noise that have not worked; by default silent, reflexes asleep."""
    columns = {
        "activation": np.broadcast_to(activation, np.broadcast_shapes((n,), np.shape(activation))),
        "excitation": excitation,
        "commanded_length": commanded_length,
        "noise_factor": 1.0,
    }
    return records(Muscle, columns)


def changed(rows: Records[RecordT], **columns: Any) -> Records[RecordT]:
    """The same records but for the columns that are named."""
    out = rows.copy()
    for name, column in columns.items():
        out[name] = column
    return out
