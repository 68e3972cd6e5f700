"""Pushes: constant forces for a short time on a segment."""

from dataclasses import dataclass

import numpy as np

from dmi_sim.arrays import Vector


@dataclass(frozen=True)
class Push:
    """A constant force for a short time at the centre of mass of a segment.

    Attributes:
        segment: Index of the segment.
        start_s: Time of its onset since the start of the episode [s].
        duration_s: Duration [s].
        force_world: Force [N], shape (3,).
    """

    segment: int
    start_s: float
    duration_s: float
    force_world: Vector

    def acts_at(self, time_s: float) -> bool:
        """Whether the push acts at a time [s]."""
        return self.start_s <= time_s < self.start_s + self.duration_s


def horizontal_push(
    segment: int, start_s: float, duration_s: float, impulse_ns: float, heading_rad: float
) -> Push:
    """A level push of an impulse; heading 0 is forward, a quarter turn is to the left.

    Args:
        segment: Index of the segment that is pushed.
        start_s: Time of its onset since the start of the episode [s].
        duration_s: Duration [s].
        impulse_ns: Impulse, force times duration [N s].
        heading_rad: Direction in the horizontal plane [rad].

    >>> horizontal_push(3, 1.0, 0.1, 2.0, 0.0).force_world
    array([20.,  0.,  0.])
    """
    direction = np.array([np.cos(heading_rad), np.sin(heading_rad), 0.0])
    return Push(segment, start_s, duration_s, direction * (impulse_ns / duration_s))
