"""Ventral suspension: which segments hang when the infant is held prone in the air by the chest?"""

from dataclasses import dataclass, field

import numpy as np

from dmi_sim.anatomy import HEAD, PELVIS, SEGMENT_INDEX
from dmi_sim.arrays import Vector
from dmi_sim.assessments.bedside.common import (
    HEIGHT_IN_AIR,
    PHYSICS_HZ,
    PRONE,
    elevation_rad,
    firm_support,
    rotated_pose,
    simulate,
    world_of,
)
from dmi_sim.infant import Infant
from dmi_sim.nervous.motor_command import equilibrium_command
from dmi_sim.physics.state import State
from dmi_sim.physics.support import Support
from dmi_sim.spec.exercise import posture_rad

SETTLE_S = 2.0
"""Time for which the infant is held before the angles are read [s]."""

_LIMBS = {
    "shoulder.flexion": 60.0,
    "shoulder.abduction": 20.0,
    "elbow.flexion": 40.0,
    "hip.flexion": 20.0,
    "hip.abduction": 10.0,
    "knee.flexion": 30.0,
}
_ARCH = {
    "neck.flexion": -60.0,
    "thoracic.flexion": -11.0,
    "thoracolumbar.flexion": -11.0,
    "waist.flexion": -11.0,
}
_START, _TARGET = posture_rad(_LIMBS), posture_rad(_LIMBS | _ARCH)


@dataclass(frozen=True)
class VentralSuspension:
    """The elevations of head, trunk and limbs above the horizontal [rad]; negative if hanging.

    Attributes:
        head_rad: Elevation of the long axis of the head, from neck to vertex.
        back_rad: Mean elevation of the two ends of the trunk, pelvis and base of the neck, seen
            from the hands: 0 straight, negative draped over them.
        arm_rad: Elevation of the line from shoulder to wrist, mean of both sides.
        leg_rad: Elevation of the line from hip to ankle, mean of both sides.
        state: The infant at the end.
    """

    head_rad: float
    back_rad: float
    arm_rad: float
    leg_rad: float
    state: State = field(compare=False, repr=False)


def ventral_suspension(infant: Infant, physics_hz: int = PHYSICS_HZ) -> VentralSuspension:
    """Hold the infant level in the air under the chest and wait.

    Only the stretch reflex acts, towards a straight neck and trunk.

    Args:
        infant: The infant.
        physics_hz: Physics steps per second.
    """
    start = rotated_pose(_START, PRONE, HEIGHT_IN_AIR * infant.length_m)
    with world_of(infant, start, physics_hz) as world:
        world.reset(start, Support((firm_support(infant, "lower_thorax", 0.5),)))
        return _finding(simulate(world, equilibrium_command(infant.muscles, _TARGET), SETTLE_S)[-1])


def _finding(state: State) -> VentralSuspension:
    pos = state.segment_pos_world
    arms, legs = (
        np.mean([elevation_rad(_limb(state, side, *ends)) for side in ("left", "right")])
        for ends in (("upper_arm", "forearm"), ("thigh", "foot"))
    )
    chest = pos[SEGMENT_INDEX["lower_thorax"]]
    upper, lower = pos[HEAD] - chest, pos[PELVIS] - chest
    return VentralSuspension(
        head_rad=elevation_rad(state.segment_matrix_world[HEAD][:, 2]),
        back_rad=(elevation_rad(upper) + elevation_rad(lower)) / 2,
        arm_rad=float(arms),
        leg_rad=float(legs),
        state=state,
    )


def _limb(state: State, side: str, first: str, last: str) -> Vector:
    """The line from the joint of the first segment to that of the last, world [m], shape (3,)."""
    pos = state.segment_pos_world
    return pos[SEGMENT_INDEX[f"{side}_{last}"]] - pos[SEGMENT_INDEX[f"{side}_{first}"]]
