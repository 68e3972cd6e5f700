"""The point of a segment that a support is attached to."""

import numpy as np

from dmi_sim.anatomy import TRUNK
from dmi_sim.arrays import Vector
from dmi_sim.body.anthropometry import Anthropometry
from dmi_sim.body.segments import Segment
from dmi_sim.errors import InputError
from dmi_sim.spec.support import SupportSpec


def support_point(support: SupportSpec, body: Anthropometry, segment: Segment) -> Vector:
    """The point that a support holds, in the frame of the supported segment [m], shape (3,).

    Args:
        support: Support whose ``height`` is a fraction of the trunk or of the segment.
        body: Measures of the infant.
        segment: The segment that is supported.

    Raises:
        InputError: If a height of the trunk lies outside the segment.
    """
    if support.height.unit == "segment_length":
        upward = 1 if segment.node.kind in (*TRUNK, "head") else -1
        # The long axis of a foot lies level; downwards it is as long as the ankle is high.
        length = body.lengths.ankle_height if segment.node.kind == "foot" else segment.length_m
        return np.array([0.0, 0.0, upward * support.height.value * length])
    return np.array([0.0, 0.0, _trunk_height_m(support, body, segment)])


def _trunk_height_m(support: SupportSpec, body: Anthropometry, segment: Segment) -> float:
    """The height of a support point above the origin of its trunk segment [m]."""
    level, trunk_m = TRUNK.index(segment.node.kind), body.lengths.trunk
    low, high = (edge / trunk_m for edge in body.trunk_edges_m()[level : level + 2])
    if not low - 1e-9 <= support.height.value <= high + 1e-9:
        raise InputError(
            f"{support.title}: height: {support.height.value:g} of the trunk is outside the "
            f"{segment.node.kind}, which goes from {low:.2f} to {high:.2f}"
        )
    # Trunk heights count from the seat; subtract the height of the segment's own origin.
    origin = body.lengths.hip_height if level == 0 else body.trunk_edges_m()[level]
    return support.height.value * trunk_m - origin
