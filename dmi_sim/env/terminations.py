"""When an infant has fallen."""

import math

from dmi_sim.physics.state import State
from dmi_sim.spec.exercise import FallSpec


def has_fallen(fall: FallSpec, state: State, start: State) -> bool:
    """Whether any limit of an exercise is passed.

    Args:
        fall: The limits; those that are None do not matter.
        state: Now.
        start: At the beginning of the episode.
    """
    return any(
        (
            fall.head_below is not None
            and state.head_height_m < fall.head_below * start.head_height_m,
            fall.pelvis_below is not None
            and _pelvis(state, 2) < fall.pelvis_below * _pelvis(start, 2),
            fall.tilt_above_deg is not None
            and state.upright_rad > math.radians(fall.tilt_above_deg),
            fall.roll_above_deg is not None
            and pelvis_roll_rad(state) > math.radians(fall.roll_above_deg),
        )
    )


def pelvis_roll_rad(state: State) -> float:
    """How far the pelvis' left-right axis is from level [rad], 0 to pi/2."""
    return math.asin(min(1.0, abs(float(state.segment_matrix_world[0, 2, 1]))))


def _pelvis(state: State, axis: int) -> float:
    return float(state.segment_pos_world[0, axis])
