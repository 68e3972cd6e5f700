"""The point of a segment that a support is attached to."""

import numpy as np

from dmi_sim.anatomy import TRUNK
from dmi_sim.arrays import Vector
from dmi_sim.body.anthropometry import Anthropometry
from dmi_sim.body.segments import Segment
from dmi_sim.spec.support import SupportSpec


def support_point(support: SupportSpec, body: Anthropometry, segment: Segment) -> Vector:
    """The point that a support holds, in the frame of the supported segment [m], shape (3,).

    Args:
        support: Support whose ``height`` is a fraction of the trunk or of the segment.
        body: Measures of the infant, for heights along the trunk.
        segment: The segment that is supported.
    """
    if support.height.unit == "segment_length":
        upward = 1 if segment.node.kind in (*TRUNK, "head") else -1
        return np.array([0.0, 0.0, upward * support.height.value * segment.length_m])
    # Trunk heights count from the seat; subtract the height of the segment's own origin.
    level = TRUNK.index(segment.node.kind)
    origin = body.lengths.hip_height if level == 0 else body.trunk_edges_m()[level]
    return np.array([0.0, 0.0, support.height.value * body.lengths.trunk - origin])
