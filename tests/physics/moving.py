"""A held body of one piece for tests of moving hands: where it is, how it moves, what it feels."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from dmi_sim.arrays import Vector
from dmi_sim.physics.body_state import SegmentKinematics
from dmi_sim.physics.support import Support, SupportAttachment, SupportTrajectory
from dmi_sim.physics.support_springs import SupportSprings, apply_support

DT_S = 1 / 240
STIFFNESS, DAMPING, MASS_KG, CAP_N = 300.0, 24.0, 2.0, 50.0
_LAW = np.array([STIFFNESS, DAMPING, MASS_KG, CAP_N])
_FREE = np.array([0.0, 0.0, 1.0, 0.0])


def attached(torque_params: Vector = _FREE, **trajectory: Any) -> SupportSprings:
    """One hand around the origin of a body at the origin, moved by a trajectory."""
    hold = Support(
        (SupportAttachment(0, np.zeros(3), _LAW, torque_params),),
        SupportTrajectory(**trajectory),
    )
    return hold.attach(np.zeros((15, 3)), np.tile(np.eye(3), (15, 1, 1)), DT_S)


def motion(pos: Sequence[float], velocity: Sequence[float] = (0, 0, 0)) -> SegmentKinematics:
    """All segments at one place with one velocity, level and not turning."""
    place, speed = (np.tile(np.array(row, dtype=np.float64), (15, 1)) for row in (pos, velocity))
    return SegmentKinematics(
        place, np.zeros((15, 4)), np.tile(np.eye(3), (15, 1, 1)), speed, 0 * speed
    )


def felt(springs: SupportSprings, moved: SegmentKinematics, time_s: float = 0.0) -> Vector:
    """Force of the hand in one step [N], (3,)."""
    apply_support(moved, springs, time_s, DT_S)
    return springs.hands["force_n"][0].copy()


def drawn(springs: SupportSprings, velocity: Sequence[float], seconds: float) -> Vector:
    """Forces of the hand while something draws the body along at a speed [N], (steps, 3)."""
    pace = np.array(velocity, dtype=np.float64)
    return np.array(
        [
            felt(springs, motion((tick * DT_S * pace).tolist(), velocity), tick * DT_S)
            for tick in range(round(seconds / DT_S))
        ]
    )
