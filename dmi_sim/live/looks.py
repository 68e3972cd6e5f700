"""What makes an infant look friendly and hands look like hands; no physics depends on it.

Chosen by eye. Solids are added to those of :mod:`dmi_sim.render.scene`, in frames of the same.
"""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from dmi_sim.body.rotation import quaternions_from_z
from dmi_sim.body.segments import Point
from dmi_sim.live.messages import Part
from dmi_sim.render.colours import COLOURS
from dmi_sim.render.frames import IDENTITY, LEFT_HAND, RIGHT_HAND
from dmi_sim.render.shapes import Shape

COLOURS_OF_PAGE: Mapping[str, str] = {
    **{str(role): colour for role, colour in COLOURS.items()},
    "hand": "#c08a66",
    "sleeve": "#3d7a73",
    "cheek": "#e79a80",
    "mouth": "#b0555a",
    "shine": "#ffffff",
}
"""Colours of the page: a therapist's hands look like skin, sleeves and furniture stay apart."""

_FACE: tuple[tuple[str, Point, Point], ...] = (
    ("skin", (-0.05, 1.0, -0.12), (0.20, 0.09, 0.26)),
    ("skin", (-0.05, -1.0, -0.12), (0.20, 0.09, 0.26)),
    ("cheek", (0.79, 0.50, -0.36), (0.14, 0.17, 0.15)),
    ("cheek", (0.79, -0.50, -0.36), (0.14, 0.17, 0.15)),
    ("mouth", (0.885, 0.0, -0.50), (0.05, 0.20, 0.055)),
    ("shine", (0.955, 0.43, 0.08), (0.05, 0.05, 0.05)),
    ("shine", (0.955, -0.43, 0.08), (0.05, 0.05, 0.05)),
)
"""Ears, cheeks, mouth and the shine of the eyes: role, place and half axes in those of the head."""

_FINGER_M, _THUMB_M = 0.0085, 0.0095
"""Radii of a finger and a thumb [m]."""
_FINGERS: tuple[tuple[Point, Point], ...] = tuple(
    ((0.018, 0.004, z), (0.066, -0.016, 1.15 * z)) for z in (-0.028, -0.0095, 0.0095, 0.028)
)
_THUMB: tuple[Point, Point] = ((-0.008, 0.002, 0.030), (0.026, -0.008, 0.062))
"""Ends of the digits in the frame of a hand [m], whose palm lies on the skin below it."""


def features(shapes: Sequence[Shape]) -> tuple[Part, ...]:
    """A face, and fingers of the hands that hold.

    Args:
        shapes: Solids of the infant's body.
    """
    return (*_face(shapes), *_digits())


def _face(shapes: Sequence[Shape]) -> Iterator[Part]:
    for head in shapes:
        if (head.segment, head.kind, head.colour) != ("head", "ellipsoid", "skin"):
            continue
        for role, place, half_axes in _FACE:
            x, y, z = (np.array(head.start_m) + np.array(head.size_m) * place).tolist()
            size = tuple((min(head.size_m) * np.array(half_axes)).tolist())
            yield Part(
                frame=head.segment_index,
                role=role,
                kind="ellipsoid",
                size_m=size,
                position_m=(x, y, z),
                quaternion=IDENTITY,
            )


def _digits() -> Iterator[Part]:
    for hand in (LEFT_HAND, RIGHT_HAND):
        for start, end in _FINGERS:
            yield _digit(hand, start, end, _FINGER_M)
        yield _digit(hand, *_THUMB, _THUMB_M)


def _digit(hand: int, start: Point, end: Point, radius_m: float) -> Part:
    way = np.array(end) - np.array(start)
    x, y, z = ((np.array(start) + np.array(end)) / 2).tolist()
    a, b, c, d = quaternions_from_z(way).tolist()
    return Part(
        frame=hand,
        role="hand",
        kind="capsule",
        size_m=(radius_m, float(np.linalg.norm(way))),
        position_m=(x, y, z),
        quaternion=(a, b, c, d),
    )
