"""Where on a segment a pair of hands takes hold."""

import numpy as np

from dmi_sim.anatomy import TRUNK
from dmi_sim.arrays import Vector
from dmi_sim.body.segments import BodyPlan, Segment
from dmi_sim.spec.support import SupportSpec


def support_point(hold: SupportSpec, plan: BodyPlan, segment: Segment) -> Vector:
    """SupportAttachment in the frame of the held segment [m], shape (3,).

    Args:
        hold: At what height the hands are.
        plan: Of the body, for heights along the trunk.
        segment: The one that is held.
    """
    if hold.height.unit == "segment_length":
        upward = 1 if segment.node.kind in (*TRUNK, "head") else -1
        return np.array([0.0, 0.0, upward * hold.height.value * segment.length_m])
    level = TRUNK.index(segment.node.kind)
    origin = plan.lengths.hip_height if level == 0 else plan.trunk_edges_m()[level]
    return np.array([0.0, 0.0, hold.height.value * plan.lengths.trunk - origin])
