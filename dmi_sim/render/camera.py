"""Pictures of an infant, drawn by Bullet's software renderer in a world of its own."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dmi_sim.arrays import Vector
from dmi_sim.body.kinematics import rotate
from dmi_sim.body.rotation import matrix_of, product, quaternion_of
from dmi_sim.infant import Infant
from dmi_sim.physics.bullet.client import UPRIGHT, Client
from dmi_sim.physics.scene import FLOOR_BELOW_PLATFORM_M, FLOOR_ONLY, PLATFORM_HALF_EXTENTS_M, Scene
from dmi_sim.physics.state import State
from dmi_sim.render.shapes import Colour, Shape, visual_shapes

WIDTH, HEIGHT = 480, 360
_COLOURS: dict[Colour, tuple[float, float, float, float]] = {
    "skin": (0.91, 0.75, 0.65, 1.0),
    "shirt": (0.34, 0.71, 0.91, 1.0),
    "trousers": (0.20, 0.32, 0.48, 1.0),
    "hair": (0.36, 0.25, 0.18, 1.0),
}
_HAND_COLOUR = (0.90, 0.62, 0.0, 1.0)
_FLOOR_COLOUR = (0.93, 0.93, 0.90, 1.0)
_BOARD_COLOUR = (0.80, 0.76, 0.68, 1.0)
_STRIPE_COLOUR = (0.55, 0.50, 0.42, 1.0)
_FURNITURE_COLOUR = (0.72, 0.60, 0.46, 1.0)
_HAND_RADIUS = 0.045
"""Fraction of body length."""
_EYE = np.array([0.9, -1.15, 0.28])
"""From what is looked at to the eye, at its nearest, as a fraction of body length."""
_MARGIN = 3.6
"""Distance of the eye over the radius of the body: its picture fills most of the height."""
_LEASH = 0.3
"""How far the centre of mass leaves the middle before the camera follows, of body length."""


class Camera:
    """Draws one infant and what it is put on and beside.

    Args:
        infant: Whose shapes.
        scene: Drawn with it.
    """

    def __init__(self, infant: Infant, scene: Scene = FLOOR_ONLY) -> None:
        self._client = Client(dt_s=1.0)
        self._length_m = infant.length_m
        self._shapes = visual_shapes(infant)
        self._view: View | None = None
        self._ground = self._add_scene(scene)
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

    def _add_scene(self, scene: Scene) -> list[tuple[int, Vector]]:
        """Draw ground and furniture; bodies that move with the platform, and where they are on it."""
        top_m = FLOOR_BELOW_PLATFORM_M if scene.has_platform else 0.0
        self._client.add_solid(("box", (3.0, 3.0, 0.01)), _FLOOR_COLOUR, (0, 0, top_m - 0.01))
        for solid in scene.furniture:
            body = self._client.add_solid(solid.form, _FURNITURE_COLOUR, solid.centre_m)
            turn = quaternion_of(np.array(solid.rotation_rad)).tolist()
            self._client.set_base(body, solid.centre_m, turn)
        if not scene.has_platform:
            return []
        length, width, depth = PLATFORM_HALF_EXTENTS_M
        drawn = (
            ((length, width, depth), _BOARD_COLOUR, -depth),
            ((length, 0.006, 0.001), _STRIPE_COLOUR, 0.0),
            ((0.006, width, 0.001), _STRIPE_COLOUR, 0.0),
        )
        return [
            (self._client.add_solid(("box", size), colour, (0, 0, z)), np.array([0.0, 0.0, z]))
            for size, colour, z in drawn
        ]

    def picture(self, state: State) -> NDArray[np.uint8]:
        """The infant from the front right, shape (360, 480, 3).

        The camera chooses its place at the first picture of an episode, and follows an infant who
        moves away.

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
        self._place_platform(state.platform)
        self._view = self._seen(state)
        eye, look_at = self._view.eye_m.tolist(), self._view.middle_m.tolist()
        return self._client.picture(eye, look_at, (WIDTH, HEIGHT))

    def _seen(self, state: State) -> "View":
        last = self._view
        if last is None or state.time_s == 0 or state.time_s < last.time_s:
            return view_of(state, self._shapes, self._length_m)
        return last.following(state, _LEASH * self._length_m)

    def _place_platform(self, platform: Vector) -> None:
        turn = quaternion_of(np.array([platform[2], platform[3], 0.0]))
        for body, on_it in self._ground:
            pos = np.array([platform[0], platform[1], 0.0]) + matrix_of(turn) @ on_it
            self._client.set_base(body, pos.tolist(), turn.tolist())

    def _place_hands(self, state: State) -> None:
        hands = both_hands(state, 0.12 * self._length_m)
        for index, body in enumerate(self._hands):
            pos = hands[index].tolist() if index < len(hands) else [0.0, 0.0, -9.0]
            self._client.set_base(body, pos, UPRIGHT)


@dataclass(frozen=True)
class View:
    """From where a picture is taken.

    Attributes:
        middle_m: What is looked at, world [m], shape (3,).
        eye_m: Where the camera is, world [m], shape (3,).
        com_m: Centre of mass of the infant in the middle of the picture, world [m], shape (3,).
        time_s: Of the picture, since the start of the episode [s].
    """

    middle_m: Vector
    eye_m: Vector
    com_m: Vector
    time_s: float

    def following(self, state: State, leash_m: float) -> "View":
        """The view of a later moment: moved along the floor as the infant leaves its middle.

        Args:
            state: Of that moment.
            leash_m: How far the centre of mass may be from where it was [m].
        """
        away = (state.com_m - self.com_m) * np.array([1.0, 1.0, 0.0])
        far_m = float(np.linalg.norm(away))
        move = away * max(0.0, 1 - leash_m / max(far_m, 1e-9))
        return View(self.middle_m + move, self.eye_m + move, self.com_m + move, state.time_s)


def view_of(state: State, shapes: tuple[Shape, ...], length_m: float) -> View:
    """A view of the whole infant, as near as it fits into the picture.

    Args:
        state: Where it is.
        shapes: Of its body.
        length_m: Of its body.
    """
    low, high = extent(state, shapes)
    middle = (low + high) / 2
    near_m = length_m * float(np.linalg.norm(_EYE))
    away_m = max(near_m, _MARGIN * float(np.linalg.norm(high - low)) / 2)
    eye = middle + _EYE / np.linalg.norm(_EYE) * away_m
    return View(middle, eye, state.com_m, state.time_s)


def extent(state: State, shapes: tuple[Shape, ...]) -> tuple[Vector, Vector]:
    """Lowest and highest coordinates of a body, world [m], each shape (3,).

    Args:
        state: Where it is.
        shapes: Of its body.
    """
    s = [shape.segment_index for shape in shapes for _ in range(2)]
    ends = np.array([end for shape in shapes for end in (shape.start_m, shape.end_m)])
    radius = np.array([[max(shape.size_m)] for shape in shapes for _ in range(2)])
    at = state.segment_pos_world[s] + np.einsum("nij,nj->ni", state.segment_matrix_world[s], ends)
    return (at - radius).min(axis=0), (at + radius).max(axis=0)


def both_hands(state: State, half_breadth_m: float) -> Vector:
    """Where to draw the hands [m], shape (0 or 2, 3): beside a ring, or on each limb."""
    attachments = state.support_pos_world
    if len(attachments) != 1:
        return attachments
    left = state.segment_matrix_world[0][:, 1] * half_breadth_m
    return np.array([attachments[0] + left, attachments[0] - left])


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
