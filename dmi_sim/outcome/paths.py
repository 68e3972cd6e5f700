"""Paths of the centre of mass and of the centre of pressure of a recorded infant over the ground.

Directions are those of the room: x (``ap``, front and back of an infant as it begins)
and y (``ml``, its sides). Where a platform moves, its shift is taken off.
"""

from functools import lru_cache

from dmi_sim.arrays import Vector
from dmi_sim.outcome.sway import low_pass
from dmi_sim.recording import Recording


def com_over_ground_m(recording: Recording) -> Vector:
    """Path of the centre of mass against the ground [m], shape (T, 2)."""
    return recording.com_m[:, :2] - recording.platform[:, :2]


def cop_over_ground_m(recording: Recording) -> Vector:
    """Path of the centre of pressure against the ground [m], shape (T - 1, 2).

    The first sample is left out: at the start nothing presses on the infant yet.
    """
    return recording.cop_m[1:, :2] - recording.platform[1:, :2]


# Several outcomes of one recording follow from each of these: the last answer is kept.


@lru_cache(maxsize=1)
def com_path_m(recording: Recording) -> Vector:
    """Path of the centre of mass against the ground, low-pass filtered [m], shape (T, 2)."""
    return low_pass(com_over_ground_m(recording), recording.control_hz)


@lru_cache(maxsize=1)
def cop_path_m(recording: Recording) -> Vector:
    """Path of the centre of pressure against the ground, low-pass filtered [m], (T - 1, 2).

    NaN throughout if there was no pressure at some step.
    """
    return low_pass(cop_over_ground_m(recording), recording.control_hz)
