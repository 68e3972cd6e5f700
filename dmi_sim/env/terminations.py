"""Terminations: pure functions of a step that tell whether an infant has fallen.

Any one that an exercise names ends the episode. To add one, write a function here, or in a plug-in,
under ``@termination``, with typed keywords; angles that a file sets are in degrees. Its test goes
to ``tests/env/test_terminations.py``.
"""

import math
from collections.abc import Callable
from typing import Annotated, TypeVar

from pydantic import Field

from dmi_sim.anatomy import SEGMENT_INDEX, SegmentName
from dmi_sim.env.context import StepContext, segment_heights_m
from dmi_sim.physics.state import State
from dmi_sim.registry import Registry

Termination = Callable[..., bool]
TerminationT = TypeVar("TerminationT", bound=Termination)

TERMINATIONS: Registry[Termination] = Registry("termination")
"""Terminations by name."""

Fraction = Annotated[float, Field(gt=0, lt=1)]
Degrees = Annotated[float, Field(gt=0, le=180)]


def termination(function: TerminationT) -> TerminationT:
    """Register a function as a termination under its name."""
    TERMINATIONS.add(function.__name__, function)
    return function


@termination
def segment_height_below(context: StepContext, *, segment: SegmentName, fraction: Fraction) -> bool:
    """Whether a segment is lower than a fraction of its height at the start."""
    now, then = segment_heights_m(context, segment)
    return now < fraction * then


@termination
def trunk_tilt_above(context: StepContext, *, angle_deg: Degrees) -> bool:
    """Whether the line from pelvis to C7 is farther from the vertical than an angle."""
    return context.state.upright_rad > math.radians(angle_deg)


@termination
def segment_roll_above(context: StepContext, *, segment: SegmentName, angle_deg: Degrees) -> bool:
    """Whether the left-right axis of a segment is farther from level than an angle."""
    return segment_roll_rad(context.state, segment) > math.radians(angle_deg)


def segment_roll_rad(state: State, segment: SegmentName) -> float:
    """Angle between the left-right axis of a segment and the level [rad], 0 to pi/2."""
    matrix = state.segment_matrix_world[SEGMENT_INDEX[segment]]
    return math.asin(min(1.0, abs(float(matrix[2, 1]))))
