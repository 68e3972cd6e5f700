"""What makes an infant look friendly and hands look like hands; no physics depends on it.

Chosen by eye. A face, fingers and toes follow the solids that they are on, and with them the age
and the proportions of the body; a therapist's hands are those of an adult.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from dmi_sim.anatomy import SEGMENTS
from dmi_sim.arrays import Vector
from dmi_sim.body.segments import Point
from dmi_sim.render.colours import Role
from dmi_sim.render.drawable import ORIGIN, Drawable, capsule
from dmi_sim.render.frames import LEFT_HAND, RIGHT_HAND
from dmi_sim.render.shapes import Shape

_Detail = tuple[Role, Point, Point]
"""Role, centre and half axes; both lengths in half axes of the solid that it is on."""

_FACE: tuple[_Detail, ...] = (
    ("skin", (-0.05, 1.0, -0.12), (0.19, 0.10, 0.22)),
    ("skin", (-0.05, -1.0, -0.12), (0.19, 0.10, 0.22)),
    ("cheek", (0.78, 0.50, -0.27), (0.14, 0.18, 0.14)),
    ("cheek", (0.78, -0.50, -0.27), (0.14, 0.18, 0.14)),
    ("eye", (0.86, 0.42, 0.02), (0.10, 0.12, 0.13)),
    ("eye", (0.86, -0.42, 0.02), (0.10, 0.12, 0.13)),
    ("shine", (0.945, 0.40, 0.07), (0.04, 0.045, 0.04)),
    ("shine", (0.945, -0.40, 0.07), (0.04, 0.045, 0.04)),
    ("skin", (0.97, 0.0, -0.17), (0.12, 0.12, 0.10)),
    ("mouth", (0.86, 0.0, -0.49), (0.05, 0.13, 0.05)),
    ("mouth", (0.855, 0.15, -0.45), (0.045, 0.075, 0.045)),
    ("mouth", (0.855, -0.15, -0.45), (0.045, 0.075, 0.045)),
)
"""Ears, cheeks, eyes and their shine, nose and a smile, on the front (+x) of the head."""

_FINGERS: tuple[_Detail, ...] = (
    *(("skin", (0.0, y, -0.95), (0.42, 0.25, 0.50)) for y in (-0.66, -0.22, 0.22, 0.66)),
    ("skin", (0.15, -1.0, -0.30), (0.45, 0.32, 0.46)),
)
"""Four fingers at the end of the left palm, which faces backward, and a thumb beside the body."""

_TOES: tuple[_Detail, ...] = (
    ("skin", (0.98, -0.55, -0.28), (0.20, 0.40, 0.42)),
    *(("skin", (0.97 - 0.07 * i, -0.08 + 0.28 * i, -0.32), (0.15, 0.24, 0.32)) for i in range(4)),
)
"""The toes of the left foot, the great toe on the inner side."""

_FINGER_M, _THUMB_M = 0.0085, 0.0095
"""Radii of a therapist's finger and thumb [m]."""
_DIGITS: tuple[tuple[Point, Point, float], ...] = (
    *(
        ((0.018, 0.004, z), (0.066, -0.016, 1.15 * z), _FINGER_M)
        for z in (-0.028, -0.0095, 0.0095, 0.028)
    ),
    ((-0.008, 0.002, 0.030), (0.026, -0.008, 0.062), _THUMB_M),
)
"""Ends [m] and radius of the digits in the frame of a hand, whose palm is on the skin below it."""
_PALM_M: Point = (0.036, 0.016, 0.042)
"""Half axes of a therapist's palm [m]."""
_FOREARM: tuple[tuple[Role, Point, Point, float], ...] = (
    ("hand", (-0.015, 0.004, 0.0), (-0.06, 0.05, 0.0), 0.017),
    ("sleeve", (-0.055, 0.045, 0.0), (-0.14, 0.14, 0.0), 0.024),
)
"""Role, ends [m] and radius of wrist and sleeve in the frame of a hand."""


def details(shapes: Sequence[Shape]) -> tuple[Drawable, ...]:
    """Face, fingers and toes of an infant; older bodies have larger ones.

    Args:
        shapes: Solids of the infant's body.
    """
    return tuple(one for shape in shapes for one in _details_on(shape))


def _details_on(shape: Shape) -> Iterator[Drawable]:
    side = SEGMENTS[shape.segment_index].side or 1
    centre, half = _box_around(shape)
    for role, place, half_axes in _features(shape):
        x, y, z = (centre + half * place * (1, side, 1)).tolist()
        size = tuple((half * half_axes).tolist())
        yield Drawable(shape.segment_index, role, "ellipsoid", size, (x, y, z))


def _features(shape: Shape) -> tuple[_Detail, ...]:
    name = shape.segment.removeprefix("left_").removeprefix("right_")
    return _DETAILS.get((name, shape.kind, shape.colour), ())


_DETAILS: dict[tuple[str, str, str], tuple[_Detail, ...]] = {
    ("head", "ellipsoid", "skin"): _FACE,
    ("forearm", "ellipsoid", "skin"): _FINGERS,
    ("foot", "capsule", "skin"): _TOES,
}
"""Details by the solid that carries them: segment without its side, kind and colour."""


def _box_around(shape: Shape) -> tuple[Vector, Vector]:
    """Centre and half extents of a solid along the axes of its segment [m], each (3,)."""
    start, end = np.array(shape.start_m), np.array(shape.end_m)
    return (start + end) / 2, np.abs(end - start) / 2 + shape.size_m


def _therapists_hand(hand: int) -> Iterator[Drawable]:
    yield from (capsule(hand, role, (a, b), radius) for role, a, b, radius in _FOREARM)
    yield Drawable(hand, "hand", "ellipsoid", _PALM_M, ORIGIN)
    yield from (capsule(hand, "hand", (a, b), radius) for a, b, radius in _DIGITS)


THERAPISTS_HANDS = (*_therapists_hand(LEFT_HAND), *_therapists_hand(RIGHT_HAND))
"""Forearms, palms, fingers and thumbs; they are seen where hands hold, see :mod:`.hands`."""
