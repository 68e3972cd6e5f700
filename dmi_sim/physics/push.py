"""Pushes: short pushes on a named segment."""

from dataclasses import dataclass

import numpy as np

from dmi_sim.arrays import Vector


@dataclass(frozen=True)
class Push:
    """A constant force for a short time at the centre of mass of a segment.

    Attributes:
        segment: Index of the segment.
        start_s: When it begins, since the start of the episode [s].
        duration_s: How long it lasts [s].
        force_world: Force [N], shape (3,).
    """

    segment: int
    start_s: float
    duration_s: float
    force_world: Vector

    def acts_at(self, time_s: float) -> bool:
        """Whether it pushes at a time."""
        return self.start_s <= time_s < self.start_s + self.duration_s


def horizontal_push(
    segment: int, start_s: float, duration_s: float, impulse_ns: float, heading_rad: float
) -> Push:
    """A level push of an impulse [N s]; heading 0 is forward, a quarter turn is to the left."""
    direction = np.array([np.cos(heading_rad), np.sin(heading_rad), 0.0])
    return Push(segment, start_s, duration_s, direction * (impulse_ns / duration_s))
