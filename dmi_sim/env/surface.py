"""The surface of an infant: the contact spheres, and how high they are above the floor."""

from dataclasses import dataclass

import numpy as np

from dmi_sim.anatomy import SEGMENTS
from dmi_sim.arrays import Index, Vector
from dmi_sim.infant import Infant
from dmi_sim.physics.state import State


@dataclass(frozen=True, eq=False)
class Surface:
    """Contact spheres of an infant, each fixed to its segment.

    Attributes:
        segment: Index of the segment of each sphere, shape (n,).
        centre_m: Centres in the frames of the segments [m], shape (n, 3).
        radius_m: Radii [m], shape (n,).
    """

    segment: Index
    centre_m: Vector
    radius_m: Vector

    def centres_world(self, state: State) -> Vector:
        """Centres of the spheres, world [m], shape (n, 3)."""
        matrix = state.segment_matrix_world[self.segment]
        turned = np.einsum("nij,nj->ni", matrix, self.centre_m)
        return state.segment_pos_world[self.segment] + turned

    def height_m(self, state: State) -> Vector:
        """Height of the lowest point of each segment above the floor [m], shape (15,).

        The floor is that of the room: where a platform tilts or there is a bench, it lies below.
        """
        matrix = state.segment_matrix_world[self.segment, 2]
        up = (matrix * self.centre_m).sum(axis=1) + state.segment_pos_world[self.segment, 2]
        lowest = np.full(len(SEGMENTS), np.inf)
        np.minimum.at(lowest, self.segment, up - self.radius_m)
        return lowest


def surface_of(infant: Infant) -> Surface:
    """The surface of an infant."""
    spheres = [
        (index, sphere)
        for index, segment in enumerate(infant.ordered_segments)
        for sphere in segment.spheres
    ]
    return Surface(
        np.array([index for index, _ in spheres]),
        np.array([sphere.centre_m for _, sphere in spheres]).reshape(-1, 3),
        np.array([sphere.radius_m for _, sphere in spheres]),
    )
