"""Righting: when the seat tilts, do trunk and head stay with it or fall further?"""

from dataclasses import dataclass, field

import numpy as np

from dmi_sim.anatomy import HEAD, PELVIS
from dmi_sim.arrays import Vector
from dmi_sim.assessments.bedside.common import (
    HEIGHT_IN_AIR,
    PHYSICS_HZ,
    firm_support,
    rotated_pose,
    simulate,
    world_of,
)
from dmi_sim.infant import Infant
from dmi_sim.nervous.motor_command import equilibrium_command
from dmi_sim.physics.state import State
from dmi_sim.physics.support import Support
from dmi_sim.physics.world import World
from dmi_sim.spec.exercise import posture_rad

TILT_RAD = np.radians(15)
SECONDS = 0.5
"""Time from the tilt to the reading of the angles [s]."""
_SUPPORTED = ("left_thigh", "right_thigh", "pelvis")
_FORWARD, _RIGHT = np.array([1.0, 0.0, 0.0]), np.array([0.0, -1.0, 0.0])
_SEATED = posture_rad(
    {
        "hip.flexion": 90,
        "hip.abduction": 20,
        "knee.flexion": 60,
        "shoulder.flexion": 10,
        "shoulder.abduction": 12,
        "elbow.flexion": 60,
    }
)


@dataclass(frozen=True)
class Righting:
    """The tilt of trunk and head from the vertical, in the direction of the seat's tilt [rad].

    The same tilt as the seat: they stayed with it. Less is righting, more is falling over.

    Attributes:
        forward_trunk_rad: Tilt of the line from pelvis to base of the neck, seat tilted forward.
        forward_head_rad: Tilt of the long axis of the head, seat tilted forward.
        sideways_trunk_rad: Tilt of the same line, seat tilted to the right.
        sideways_head_rad: Tilt of the same axis, seat tilted to the right.
        state: The infant after the tilt forward.
    """

    forward_trunk_rad: float
    forward_head_rad: float
    sideways_trunk_rad: float
    sideways_head_rad: float
    state: State = field(compare=False, repr=False)


def righting(infant: Infant, physics_hz: int = PHYSICS_HZ) -> Righting:
    """Tilt the seat at once by 15 degrees, forward, and in a second run to the right.

    Pelvis and thighs are held on the seat. Only the stretch reflex responds: it defends the posture
    before the tilt. There is no vestibular reflex, so the trunk does not rise above the seat.

    Args:
        infant: The infant.
        physics_hz: Physics steps per second.
    """
    start = rotated_pose(_SEATED, (0.0, 0.0, 0.0), HEIGHT_IN_AIR * infant.length_m)
    with world_of(infant, start, physics_hz) as world:
        forward, sideways = (_tilted(world, heading) for heading in (_FORWARD, _RIGHT))
    return Righting(*_tilts(forward, _FORWARD), *_tilts(sideways, _RIGHT), state=forward)


def _tilted(world: World, heading: Vector) -> State:
    """The infant after the seat has tilted towards a heading, a horizontal unit vector, world."""
    infant = world.infant
    turn: list[float] = (TILT_RAD * np.cross([0.0, 0.0, 1.0], heading)).tolist()
    world.reset(
        rotated_pose(_SEATED, (turn[0], turn[1], turn[2]), HEIGHT_IN_AIR * infant.length_m),
        Support(tuple(firm_support(infant, name, 0.5) for name in _SUPPORTED)),
    )
    return simulate(world, equilibrium_command(infant.muscles, _SEATED), SECONDS)[-1]


def _tilts(state: State, heading: Vector) -> tuple[float, float]:
    """The tilts of trunk and head towards a heading [rad]."""
    trunk = state.segment_pos_world[HEAD] - state.segment_pos_world[PELVIS]
    head = state.segment_matrix_world[HEAD][:, 2]
    return _tilt(trunk, heading), _tilt(head, heading)


def _tilt(axis: Vector, heading: Vector) -> float:
    return float(np.arctan2(axis @ heading, axis[2]))
