"""Words of anatomy that files and arrays share: joints, axes, parts of the body, roots."""

from typing import Literal

JointKind = Literal[
    "neck",
    "thoracic",
    "thoracolumbar",
    "waist",
    "shoulder",
    "elbow",
    "hip",
    "knee",
    "ankle",
]
AxisName = Literal["abduction", "flexion", "rotation"]
Part = Literal["neck", "trunk", "shoulder", "elbow", "hip", "knee", "ankle"]
"""Where a muscle mainly acts; conditions, delays and reflex gains are given by part."""

HINGES = ("elbow", "knee")
"""Joints that only flex."""
MIDLINE: tuple[JointKind, ...] = ("neck", "thoracic", "thoracolumbar", "waist")
"""Joints of head and trunk, one each."""

ROOTS = (
    *(f"C{i}" for i in range(1, 9)),
    *(f"T{i}" for i in range(1, 13)),
    *(f"L{i}" for i in range(1, 6)),
    *(f"S{i}" for i in range(1, 6)),
)
"""Spinal roots from cranial to caudal."""


_PARTS: dict[JointKind, Part] = {
    "neck": "neck",
    "thoracic": "trunk",
    "thoracolumbar": "trunk",
    "waist": "trunk",
    "shoulder": "shoulder",
    "elbow": "elbow",
    "hip": "hip",
    "knee": "knee",
    "ankle": "ankle",
}


def part_of(joint: JointKind) -> Part:
    """The part of the body that a joint belongs to."""
    return _PARTS[joint]
