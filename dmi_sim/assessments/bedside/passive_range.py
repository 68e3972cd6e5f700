"""Scarf sign, popliteal angle, ankle: the range of a limb with silent muscles under a gentle pull.

Quasi-static: the limb stops at the angle at which passive tissue and stretched fibres resist as
much as the examiner pulls. Contractures are part of the tissue. The examiner also carries the
weight of the limb. The model has no shoulder blade, so none moves.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import degrees
from typing import Literal, TypeAlias, get_args

import numpy as np

from dmi_sim.anatomy import AXES, AXIS_INDEX
from dmi_sim.arrays import Vector
from dmi_sim.assessments.bedside.common import BodySide
from dmi_sim.body.statics import GRAVITY_M_S2
from dmi_sim.infant import Infant
from dmi_sim.muscle.passive import passive_torque_nm
from dmi_sim.spec.exercise import posture_rad

ELBOW_FORCE, ANKLE_FORCE = 0.10, 0.02
"""Force of the examiner at elbow and ankle, in body weights (assumed): 3.2 and 0.6 N at birth."""
FOREFOOT_FORCE, FOREFOOT = 0.20, 0.5
"""Force of the examiner under the ball of the foot, in body weights, and how far that is ahead of
the ankle, in lengths of the foot (both assumed): 6 N at birth, 18 N at a year."""
HIP_FLEXION_DEG = 110.0
"""Hip flexion with the thigh against the belly, as far as the belly allows [degrees]."""

_SIDES: tuple[BodySide, ...] = get_args(BodySide)
_TOLERANCE_RAD = 1e-7
"""Tolerance of the angle at which a limb stops [rad]."""


@dataclass(frozen=True)
class ScarfSign:
    """The reach of an arm across the chest at shoulder height.

    Attributes:
        force_n: Force at the elbow, along its path [N].
        crossing_rad: Angle from straight forward to the upper arm [rad].
        past_midline: Distance of the elbow beyond the midline, in half shoulder breadths; negative
            if it stays short of it.
    """

    force_n: float
    crossing_rad: float
    past_midline: float


@dataclass(frozen=True)
class PoplitealAngle:
    """The opening of a knee with the thigh against the belly.

    Attributes:
        force_n: Force at the ankle, perpendicular to the shank [N].
        angle_rad: Angle between the back of thigh and shank [rad]; straight is pi.
    """

    force_n: float
    angle_rad: float


@dataclass(frozen=True)
class Dorsiflexion:
    """The bending of an ankle with the knee straight.

    Attributes:
        force_n: Force under the ball of the foot, perpendicular to the sole [N].
        angle_rad: Dorsiflexion from a right angle between shank and foot [rad].
    """

    force_n: float
    angle_rad: float


def scarf_sign(infant: Infant, side: BodySide = "left") -> ScarfSign:
    """Draw an elbow across the chest with a tenth of the body weight.

    Args:
        infant: The infant, its muscles silent.
        side: Side of the arm.
    """
    force = ELBOW_FORCE * infant.mass_kg * GRAVITY_M_S2
    upper_arm, half = infant.lengths.upper_arm, infant.lengths.shoulder_half

    def excess_nm(crossing: float) -> float:
        angle, per_crossing = _scarf_posture(crossing, side)
        return force * upper_arm + float(passive_torque_nm(infant.muscles, angle) @ per_crossing)

    crossing = first_balance(excess_nm, -np.pi / 6, np.pi / 2)
    return ScarfSign(force, crossing, (upper_arm * np.sin(crossing) - half) / half)


def _scarf_posture(crossing: float, side: BodySide) -> tuple[Vector, Vector]:
    """Angles [rad] with an arm level and turned inwards, and their derivative, shape (34,) each."""
    angle, change = posture_rad({"elbow.flexion": 60}), np.zeros(len(AXES))
    axes = [AXIS_INDEX[f"{side}_shoulder.{name}"] for name in ("abduction", "flexion")]
    angle[axes] = np.pi / 2 * np.array([-np.sin(crossing), np.cos(crossing)])
    change[axes] = np.pi / 2 * np.array([-np.cos(crossing), -np.sin(crossing)])
    return angle, change


def popliteal_angle(infant: Infant, side: BodySide = "left") -> PoplitealAngle:
    """Open a knee with a fiftieth of the body weight, the thigh against the belly.

    Args:
        infant: The infant, its muscles silent.
        side: Side of the leg.
    """
    knee = AXIS_INDEX[f"{side}_knee.flexion"]
    force = ANKLE_FORCE * infant.mass_kg * GRAVITY_M_S2
    angle = posture_rad({"hip.flexion": HIP_FLEXION_DEG, "hip.abduction": 20})

    def excess_nm(opened: float) -> float:
        angle[knee] = np.pi - opened
        return force * infant.lengths.shank - float(passive_torque_nm(infant.muscles, angle)[knee])

    return PoplitealAngle(force, first_balance(excess_nm, np.pi / 6, 1.25 * np.pi))


def dorsiflexion(infant: Infant, side: BodySide = "left") -> Dorsiflexion:
    """Bend an ankle up with a fifth of the body weight, hip and knee straight.

    Args:
        infant: The infant, its muscles silent.
        side: Side of the leg.
    """
    ankle = AXIS_INDEX[f"{side}_ankle.flexion"]
    force = FOREFOOT_FORCE * infant.mass_kg * GRAVITY_M_S2
    angle = posture_rad({})

    def excess_nm(bent: float) -> float:
        angle[ankle] = bent
        pulled = force * FOREFOOT * infant.lengths.foot
        return pulled + float(passive_torque_nm(infant.muscles, angle)[ankle])

    return Dorsiflexion(force, first_balance(excess_nm, -np.pi / 3, np.pi / 2))


Motion: TypeAlias = Literal["ankle_dorsiflexion", "popliteal_angle", "scarf_sign"]
"""A range of motion of the examination."""
MOTIONS: tuple[Motion, ...] = get_args(Motion)


def ranges_deg(infant: Infant) -> dict[Motion, tuple[float, float]]:
    """All ranges of motion, left and right [deg].

    Args:
        infant: The infant, its muscles silent.

    >>> sorted(ranges_deg(Infant.from_spec(6))) == sorted(MOTIONS)
    True
    """
    angles_rad: dict[Motion, list[float]] = {
        "ankle_dorsiflexion": [dorsiflexion(infant, side).angle_rad for side in _SIDES],
        "popliteal_angle": [popliteal_angle(infant, side).angle_rad for side in _SIDES],
        "scarf_sign": [scarf_sign(infant, side).crossing_rad for side in _SIDES],
    }
    return {one: (degrees(left), degrees(right)) for one, (left, right) in angles_rad.items()}


def first_balance(excess: Callable[[float], float], low: float, high: float) -> float:
    """The smallest angle between two limits at which a pull is balanced [rad].

    Args:
        excess: Torque of the pull minus the resistance at an angle; the limb stops where it falls
            through 0.
        low: Angle at which the pull begins [rad].
        high: Angle beyond which the limb cannot go [rad].

    Returns:
        The angle; ``low`` if the limb does not move, ``high`` if nothing stops it.

    >>> round(first_balance(lambda angle: 1 - angle, 0, 3), 6)
    1.0
    """
    grid = np.linspace(low, high, 61).tolist()
    stopped = next((k for k, angle in enumerate(grid) if excess(angle) <= 0), None)
    if not stopped:
        return high if stopped is None else low
    moves, stops = grid[stopped - 1], grid[stopped]
    # Bisection: the limb still moves at the first angle and has stopped at the second.
    while stops - moves > _TOLERANCE_RAD:
        middle = (moves + stops) / 2
        moves, stops = (middle, stops) if excess(middle) > 0 else (moves, middle)
    return (moves + stops) / 2
