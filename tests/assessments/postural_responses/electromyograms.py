"""Synthetic electromyograms: bursts of known muscles at known times."""

from collections.abc import Mapping
from functools import cache

import numpy as np

from dmi_sim.arrays import Vector
from dmi_sim.assessments.postural_responses.muscle_directions import (
    OPPOSITE,
    MuscleDirections,
    muscle_directions,
)
from dmi_sim.assessments.postural_responses.platform_trials import Trial, moves_of
from dmi_sim.assessments.postural_responses.reading import read_move
from dmi_sim.assessments.postural_responses.result import MoveFinding, ResponsesFinding
from dmi_sim.catalog import Catalog
from dmi_sim.infant import Infant
from dmi_sim.muscle.groups import Muscles
from dmi_sim.spec.responses import ResponsesSpec

TIME_S = np.arange(-48, 120) / 240
"""Time after the platform begins to move, from -0.2 s on."""


@cache
def procedure() -> ResponsesSpec:
    """The shipped procedure of sitting."""
    return Catalog.shipped().load(ResponsesSpec, "sitting")


@cache
def muscles() -> Muscles:
    """The muscles of an infant of 7 months."""
    return Infant.from_spec(age_months=7).muscles


@cache
def directions() -> MuscleDirections:
    """The directions of these muscles by the shipped procedure."""
    return muscle_directions(muscles(), procedure().levels, procedure().direction_cosine.value)


def bursts(begins_s: Mapping[str, float], size: float = 0.3) -> Vector:
    """The activation of muscles that each switch on at a given time, shape (t, n)."""
    out = np.zeros((TIME_S.size, len(muscles().names)))
    for name, begin_s in begins_s.items():
        out[begin_s - 1e-9 <= TIME_S, muscles().index(name)] = size
    return out


def trial(begins_s: Mapping[str, float], size: float = 0.3, reflexive: float = 0.0) -> Trial:
    """A trial with bursts on top of a steady 0.1; a share of them is reflexive."""
    burst = bursts(begins_s, size)
    return Trial(TIME_S, 0.1 + burst, 0.1 + 0 * burst, 0.1 + reflexive * burst, fell=False)


def finding() -> ResponsesFinding:
    """A lower trunk that responds to each fall after 100 ms, in proportion to the speed."""
    found: list[MoveFinding] = []
    for move in moves_of(procedure().platform):
        pulls = directions().pulling(OPPOSITE[move.fall]) & (directions().level == 2)
        names = [name for name, does in zip(muscles().names, pulls, strict=True) if does]
        size = 0.1 * move.peak_speed / 0.1875
        each = [trial(dict.fromkeys(names, 0.1), size * scale) for scale in (0.9, 1.1)]
        found.append(read_move(move, each, directions(), procedure()))
    return ResponsesFinding(2.0, True, 0.067, muscles().names, directions(), tuple(found))
