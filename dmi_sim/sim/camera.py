"""Pictures of an infant, drawn by Bullet's software renderer in a world of its own."""

import numpy as np
from numpy.typing import NDArray

from dmi_sim.body.arrays import Vector
from dmi_sim.body.kinematics import rotate
from dmi_sim.body.rotation import matrix_of, product
from dmi_sim.body.shapes import Colour, Shape, visual_shapes
from dmi_sim.infant import Infant
from dmi_sim.sim.client import Client
from dmi_sim.sim.state import State

WIDTH, HEIGHT = 480, 360
_COLOURS: dict[Colour, tuple[float, float, float, float]] = {
    "skin": (0.91, 0.75, 0.65, 1.0),
    "shirt": (0.34, 0.71, 0.91, 1.0),
    "trousers": (0.20, 0.32, 0.48, 1.0),
    "hair": (0.36, 0.25, 0.18, 1.0),
}
_HAND_COLOUR = (0.90, 0.62, 0.0, 1.0)
_FLOOR_COLOUR = (0.93, 0.93, 0.90, 1.0)
_HAND_RADIUS = 0.045
"""Fraction of body length."""


class Camera:
    """Draws one infant.

    Args:
        infant: Whose shapes.
    """

    def __init__(self, infant: Infant) -> None:
        self._client = Client(dt_s=1.0)
        self._length_m = infant.length_m
        self._shapes = visual_shapes(infant)
        self._client.add_solid(("box", (3.0, 3.0, 0.01)), _FLOOR_COLOUR, (0.0, 0.0, -0.01))
        self._bodies = [self._add(shape) for shape in self._shapes]
        radius = _HAND_RADIUS * self._length_m
        self._hands = [
            self._client.add_solid(("ellipsoid", (radius,) * 3), _HAND_COLOUR, (0.0, 0.0, -9.0))
            for _ in range(2)
        ]

    def close(self) -> None:
        """Free the renderer; twice does no harm."""
        self._client.close()

    def _add(self, shape: Shape) -> int:
        if shape.kind == "ellipsoid":
            return self._client.add_solid(
                ("ellipsoid", shape.size_m), _COLOURS[shape.colour], shape.start_m
            )
        length = float(np.linalg.norm(np.subtract(shape.end_m, shape.start_m)))
        form = ("capsule", (shape.size_m[0], length))
        return self._client.add_solid(form, _COLOURS[shape.colour], shape.start_m)

    def picture(self, state: State) -> NDArray[np.uint8]:
        """The infant from the front left, shape (360, 480, 3).

        Args:
            state: Where it is.
        """
        for shape, body in zip(self._shapes, self._bodies, strict=True):
            pos = state.segment_pos_world[shape.segment_index]
            quat = state.segment_quat_world[shape.segment_index]
            centre, turn = _in_segment(shape)
            arm = np.empty(3)
            rotate(matrix_of(quat), centre, arm)
            self._client.set_base(body, (pos + arm).tolist(), product(quat, turn).tolist())
        self._place_hands(state)
        look_at = (0.15 * self._length_m, 0.0, 0.27 * self._length_m)
        eye = (1.05 * self._length_m, -1.15 * self._length_m, 0.55 * self._length_m)
        return self._client.picture(eye, look_at, (WIDTH, HEIGHT))

    def _place_hands(self, state: State) -> None:
        hands = both_hands(state, 0.12 * self._length_m)
        for index, body in enumerate(self._hands):
            pos = hands[index].tolist() if index < len(hands) else [0.0, 0.0, -9.0]
            self._client.set_base(body, pos, [0.0, 0.0, 0.0, 1.0])


def both_hands(state: State, half_breadth_m: float) -> Vector:
    """Where to draw the hands [m], shape (0 or 2, 3): beside a ring, or on each limb."""
    grips = state.hand_pos_world
    if len(grips) != 1:
        return grips
    left = state.segment_matrix_world[0][:, 1] * half_breadth_m
    return np.array([grips[0] + left, grips[0] - left])


def _in_segment(shape: Shape) -> tuple[Vector, Vector]:
    """Centre [m] and quaternion of a solid whose long axis is z, in the segment frame."""
    start, end = np.array(shape.start_m), np.array(shape.end_m)
    axis = end - start
    length = float(np.linalg.norm(axis))
    if length < 1e-9:
        return start, np.array([0.0, 0.0, 0.0, 1.0])
    axis = axis / length
    half = np.array([-axis[1], axis[0], 0.0, 1.0 + axis[2]])
    if axis[2] < -1 + 1e-9:
        half = np.array([1.0, 0.0, 0.0, 0.0])
    return (start + end) / 2, half / np.linalg.norm(half)
