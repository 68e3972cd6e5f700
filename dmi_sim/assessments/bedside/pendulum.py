"""Pendulum test of the leg: the shank falls from extension and swings; tone stops it early.

Source:
    Wartenberg (1951), Neurology 1, 18-24, ``wartenberg1951``; relaxation index of Bajd and Vodovnik
    (1984), J. Biomed. Eng. 6, 9-16, ``bajd1984``. Recalled, not read.
"""

from dataclasses import dataclass

import numpy as np

from dmi_sim.anatomy import AXIS_INDEX
from dmi_sim.arrays import Vector
from dmi_sim.assessments.bedside.common import (
    HEIGHT_IN_AIR,
    PHYSICS_HZ,
    BodySide,
    firm_support,
    rotated_pose,
    simulate,
    world_of,
)
from dmi_sim.infant import Infant
from dmi_sim.nervous.motor_command import silent_command
from dmi_sim.physics.support import Support
from dmi_sim.spec.exercise import posture_rad

SECONDS = 10.0
SWING_RAD = np.radians(3)
"""A swing of less than this between two turning points does not count."""
HEALTHY_INDEX = 1.6
"""Ratio of the first swing to the angle from start to rest in healthy adults."""
RECLINE_RAD = np.radians(-45)
"""Pitch of the pelvis [rad]: the trunk leans back, the thighs are level."""

_RECLINED = posture_rad({"hip.flexion": 45, "knee.flexion": 90})
_SUPPORTED = ("pelvis", "lower_thorax", "upper_thorax")


@dataclass(frozen=True)
class Pendulum:
    """The swing of a shank.

    Attributes:
        first_swing_rad: Angle from the start to the first turning point [rad].
        swings: Number of swings to and fro, each larger than 3 degrees in both directions.
        relaxation_index: First swing over 1.6 times the angle from start to rest; about 1 in
            healthy legs.
        time_s: Times of the curve [s].
        knee_flexion_rad: Knee flexion at these times [rad].
    """

    first_swing_rad: float
    swings: int
    relaxation_index: float
    time_s: tuple[float, ...]
    knee_flexion_rad: tuple[float, ...]


def pendulum(infant: Infant, side: BodySide = "left", physics_hz: int = PHYSICS_HZ) -> Pendulum:
    """Let a shank fall from as straight as the knee goes, all muscles silent.

    Firm hands support trunk and thigh in the air, the thigh level. The shank starts level too, or,
    if the knee cannot straighten, at the end of its range.

    Args:
        infant: The infant.
        side: Side of the leg that swings.
        physics_hz: Physics steps per second.
    """
    angle, knee = _RECLINED.copy(), AXIS_INDEX[f"{side}_knee.flexion"]
    angle[knee] = max(0.0, infant.muscles.tissue.lowest_rad[knee])
    start = rotated_pose(angle, (0.0, RECLINE_RAD, 0.0), HEIGHT_IN_AIR * infant.length_m)
    attachments = tuple(firm_support(infant, name, 0.6) for name in (*_SUPPORTED, f"{side}_thigh"))
    with world_of(infant, start, physics_hz) as world:
        world.reset(start, Support(attachments))
        states = simulate(world, silent_command(infant.muscles), SECONDS)
    times = [0.0, *(state.time_s for state in states)]
    return _finding(times, [angle[knee], *(s.joint_angle_rad[knee] for s in states)])


def _finding(time_s: list[float], knee_rad: list[float]) -> Pendulum:
    curve = np.array(knee_rad)
    turning = turning_points(curve)
    first = turning[1] - turning[0]
    return Pendulum(
        first_swing_rad=first,
        swings=len(turning) // 2,
        relaxation_index=first / (HEALTHY_INDEX * float(curve[-1] - curve[0])),
        time_s=tuple(time_s),
        knee_flexion_rad=tuple(curve.tolist()),
    )


def turning_points(curve: Vector, least: float = SWING_RAD) -> list[float]:
    """The start of a curve and its turning points, each a large enough swing from the last.

    Args:
        curve: Angle of a swinging leg [rad], shape (n,); flexion first.
        least: Smallest swing that counts [rad].

    >>> turning_points(np.array([0.0, 1.0, 0.4, 0.8, 0.79]), least=0.1)
    [0.0, 1.0, 0.4, 0.8]
    """
    out, extreme, sign = [float(curve[0])], float(curve[0]), 1
    for value in curve.tolist():
        if sign * (value - extreme) > 0:
            extreme = value
        elif sign * (extreme - value) > least and abs(extreme - out[-1]) > least:
            out.append(extreme)
            extreme, sign = value, -sign
    if abs(extreme - out[-1]) > least:
        out.append(extreme)
    return out
