"""Scarf sign and popliteal angle: how far a gentle pull moves a limb whose muscles are silent.

Quasi-static: the angle at which the pull equals the resistance of passive tissue and stretched
fibres. Contractures are in the tissue. The examiner also carries the weight of the limb, and the
shoulder blade does not move, as the model has none.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from dmi_sim.anatomy import AXES, AXIS_INDEX
from dmi_sim.arrays import Vector
from dmi_sim.assessments.bedside.common import BodySide
from dmi_sim.body.statics import GRAVITY_M_S2
from dmi_sim.infant import Infant
from dmi_sim.muscle.passive import passive_torque_nm
from dmi_sim.spec.exercise import posture_rad

ELBOW_PULL, ANKLE_PULL = 0.10, 0.02
"""Pull of the examiner at elbow and ankle in body weights (assumed): 3.2 and 0.6 N in a newborn."""
HIP_FLEXION_DEG = 110.0
"""Thigh against the belly, as far as its roundness lets it."""

_EXACT_RAD = 1e-7
"""How exactly the angle at which a limb stops is found."""


@dataclass(frozen=True)
class ScarfSign:
    """How far an arm goes across the chest at shoulder height.

    Attributes:
        force_n: Pull at the elbow, along its path [N].
        crossing_rad: Angle from straight forward to the upper arm [rad].
        past_midline: Elbow beyond the midline, in half shoulder breadths; negative short of it.
    """

    force_n: float
    crossing_rad: float
    past_midline: float


@dataclass(frozen=True)
class PoplitealAngle:
    """How far a knee opens with the thigh against the belly.

    Attributes:
        force_n: Pull at the ankle, square to the shank [N].
        angle_rad: Angle between the back of thigh and shank [rad]; straight is pi.
    """

    force_n: float
    angle_rad: float


def scarf_sign(infant: Infant, side: BodySide = "left") -> ScarfSign:
    """Draw an elbow across the chest with a tenth of the body weight.

    Args:
        infant: The infant, its muscles silent.
        side: The arm that is drawn.
    """
    force = ELBOW_PULL * infant.mass_kg * GRAVITY_M_S2
    upper_arm, half = infant.lengths.upper_arm, infant.lengths.shoulder_half

    def excess_nm(crossing: float) -> float:
        angle, per_crossing = _across(crossing, side)
        return force * upper_arm + float(passive_torque_nm(infant.muscles, angle) @ per_crossing)

    crossing = first_balance(excess_nm, -np.pi / 6, np.pi / 2)
    return ScarfSign(force, crossing, (upper_arm * np.sin(crossing) - half) / half)


def _across(crossing: float, side: BodySide) -> tuple[Vector, Vector]:
    """Angles [rad] with an arm level and turned inwards, and their derivative, each shape (34,)."""
    angle, change = posture_rad({"elbow.flexion": 60}), np.zeros(len(AXES))
    axes = [AXIS_INDEX[f"{side}_shoulder.{name}"] for name in ("abduction", "flexion")]
    angle[axes] = np.pi / 2 * np.array([-np.sin(crossing), np.cos(crossing)])
    change[axes] = np.pi / 2 * np.array([-np.cos(crossing), -np.sin(crossing)])
    return angle, change


def popliteal_angle(infant: Infant, side: BodySide = "left") -> PoplitealAngle:
    """Open a knee with a fiftieth of the body weight, the thigh against the belly.

    Args:
        infant: The infant, its muscles silent.
        side: The leg that is opened.
    """
    knee = AXIS_INDEX[f"{side}_knee.flexion"]
    force = ANKLE_PULL * infant.mass_kg * GRAVITY_M_S2
    angle = posture_rad({"hip.flexion": HIP_FLEXION_DEG, "hip.abduction": 20})

    def excess_nm(opened: float) -> float:
        angle[knee] = np.pi - opened
        return force * infant.lengths.shank - float(passive_torque_nm(infant.muscles, angle)[knee])

    return PoplitealAngle(force, first_balance(excess_nm, np.pi / 6, 1.25 * np.pi))


def first_balance(excess: Callable[[float], float], low: float, high: float) -> float:
    """Smallest angle [rad] at which a pull stops, between two; an end of them if there is none.

    Args:
        excess: Pull beyond resistance at an angle; falls through 0 where the limb stops.
        low: Angle at which the pull begins [rad].
        high: Angle beyond which the limb cannot go [rad].

    >>> round(first_balance(lambda angle: 1 - angle, 0, 3), 6)
    1.0
    """
    grid = np.linspace(low, high, 61).tolist()
    stopped = next((k for k, angle in enumerate(grid) if excess(angle) <= 0), None)
    if not stopped:
        return high if stopped is None else low
    moves, stops = grid[stopped - 1], grid[stopped]
    while stops - moves > _EXACT_RAD:
        middle = (moves + stops) / 2
        moves, stops = (middle, stops) if excess(middle) > 0 else (moves, middle)
    return (moves + stops) / 2
