"""Pull to sit: does the head follow the trunk when the infant is drawn up from its back?

The infant tries to keep its head in line with the trunk, with the same command at every age:
stretch reflexes hold the aligned neck, and a voluntary command excites the neck flexors. That
excitation falls with the cosine of the trunk's inclination, as does the torque of the head's
weight. Whether it is enough depends on strength and reflexes.
"""

from dataclasses import dataclass, field, replace

import numpy as np

from dmi_sim.anatomy import AXIS_INDEX, HEAD, PELVIS, UPPER_THORAX
from dmi_sim.arrays import Vector
from dmi_sim.assessments.bedside.common import (
    PHYSICS_HZ,
    SAMPLE_HZ,
    SUPINE,
    align_midsagittal,
    firm_support,
    hold_except,
    rotated_pose,
    simulate,
    world_of,
)
from dmi_sim.infant import Infant
from dmi_sim.nervous.motor_command import MotorCommand
from dmi_sim.physics.state import State
from dmi_sim.physics.support import Support, SupportAttachment, SupportTrajectory
from dmi_sim.physics.world import World
from dmi_sim.spec.exercise import posture_rad

REST_S, PULL_S = 0.5, 2.0
"""Durations of lying in the examiner's hands and of drawing up [s]."""
PULL_RAD = np.radians(100)
"""Angle of the hands' arc about the hips [rad]; the arms give, so the trunk turns less."""
SEEN_AT_RAD = np.pi / 4
"""Inclination of the trunk at which clinicians judge head lag [rad]."""
EFFORT = 0.9
"""Voluntary excitation of the neck flexors [0..1] while the trunk lies level."""
HEAD_LAG_RAD = float(np.radians(20))
"""Angle above which clinicians record head lag, the trunk at 45 degrees [rad] (assumed): more than
a controlled head wobbles, and about twice the error of judging an angle by eye."""

_KEYS = 41
_SUPINE = posture_rad(
    {
        "shoulder.flexion": 85,
        "elbow.flexion": 20,
        "hip.flexion": 45,
        "hip.abduction": 25,
        "knee.flexion": 50,
    }
)


@dataclass(frozen=True)
class PullToSit:
    """The angle of the head behind the trunk during the pull.

    Attributes:
        lag_rad: Head lag when the trunk passes 45 degrees [rad]; negative if the head leads.
        largest_lag_rad: Largest head lag of the whole pull [rad].
        end_lag_rad: Head lag when the hands come to rest [rad].
        trunk_end_rad: Inclination of the trunk when the hands come to rest [rad].
        state: The infant when the trunk passes 45 degrees.
    """

    lag_rad: float
    largest_lag_rad: float
    end_lag_rad: float
    trunk_end_rad: float
    state: State = field(compare=False, repr=False)

    @property
    def has_head_lag(self) -> bool:
        """Whether a clinician would record head lag."""
        return self.lag_rad > HEAD_LAG_RAD


def pull_to_sit(infant: Infant, physics_hz: int = PHYSICS_HZ) -> PullToSit:
    """Draw the infant up by both forearms within two seconds.

    The trunk is the line from the hips to the base of the neck, the head its long axis. The legs
    are silent; arms and trunk hold their posture.

    Args:
        infant: The infant.
        physics_hz: Physics steps per second.
    """
    with world_of(infant, rotated_pose(_SUPINE, SUPINE, infant.length_m), physics_hz) as world:
        _hold_forearms(world)
        return _finding(_draw_up(world))


def _draw_up(world: World) -> list[State]:
    """States of the pull, with a command that depends on the trunk's inclination."""
    states = simulate(world, _command(world.infant, np.pi / 2), REST_S)[-1:]
    while len(states) <= PULL_S * SAMPLE_HZ:
        command = _command(world.infant, _inclination(_trunk_axis(states[-1])))
        states += simulate(world, command, 1 / SAMPLE_HZ)
    return states


def _command(infant: Infant, trunk_rad: float) -> MotorCommand:
    """The command that holds head, trunk and arms in line and lifts the head; legs silent."""
    held = hold_except(infant, _SUPINE, "hip", "knee", "ankle")
    is_flexor = infant.muscles.moment_arms_m[:, AXIS_INDEX["neck.flexion"]] > 0
    return replace(held, excitation=EFFORT * max(0.0, np.cos(trunk_rad)) * is_flexor)


def _hold_forearms(world: World) -> None:
    attachments = tuple(
        firm_support(world.infant, f"{side}_forearm", 0.9, can_turn=True)
        for side in ("left", "right")
    )
    start = align_midsagittal(world.start)
    world.reset(start)
    state = world.observe()
    hands = np.mean([_point_world(state, attachment) for attachment in attachments], axis=0)
    world.reset(start, Support(attachments, _arc(hands - state.segment_pos_world[PELVIS])))


def _point_world(state: State, attachment: SupportAttachment) -> Vector:
    own = attachment.segment
    return state.segment_pos_world[own] + state.segment_matrix_world[own] @ attachment.point_m


def _arc(lever_m: Vector) -> SupportTrajectory:
    """The motion of the hands on an arc about the hips, from rest to rest with minimum jerk.

    Args:
        lever_m: Vector from the hips to the middle of the hands at the start, world [m],
            shape (3,).

    Source:
        Flash and Hogan (1985), J. Neurosci. 5, 1688-1703 (minimum jerk); ``flash1985``.
    """
    share = np.linspace(0, 1, _KEYS)
    turn = PULL_RAD * share**3 * (10 - 15 * share + 6 * share**2)
    forward = np.cos(turn) * lever_m[0] + np.sin(turn) * lever_m[2] - lever_m[0]
    upward = np.cos(turn) * lever_m[2] - np.sin(turn) * lever_m[0] - lever_m[2]
    offsets = np.column_stack([forward, np.zeros(_KEYS), upward])
    return SupportTrajectory(times_s=REST_S + PULL_S * share, offsets_m=offsets)


def _finding(states: list[State]) -> PullToSit:
    trunk = np.array([_inclination(_trunk_axis(state)) for state in states])
    lag = np.array([_lag(state) for state in states])
    passed = int(np.argmax(trunk > SEEN_AT_RAD)) if trunk.max() > SEEN_AT_RAD else len(states) - 1
    until = slice(max(0, passed - 1), passed + 1)
    return PullToSit(
        lag_rad=float(np.interp(SEEN_AT_RAD, trunk[until], lag[until])),
        largest_lag_rad=float(lag.max()),
        end_lag_rad=float(lag[-1]),
        trunk_end_rad=float(trunk[-1]),
        state=states[passed],
    )


def _lag(state: State) -> float:
    """The backward component of the rotation from the trunk's axis to the head's [rad]."""
    trunk = _trunk_axis(state) / np.linalg.norm(_trunk_axis(state))
    left = state.segment_matrix_world[UPPER_THORAX][:, 1]
    head = state.segment_matrix_world[HEAD][:, 2]
    turn = np.cross(head, trunk)
    sine = float(np.linalg.norm(turn))
    return float(np.arctan2(sine, head @ trunk) * (turn @ left) / max(sine, 1e-12))


def _trunk_axis(state: State) -> Vector:
    return state.segment_pos_world[HEAD] - state.segment_pos_world[PELVIS]


def _inclination(axis_world: Vector) -> float:
    """The inclination of an axis in the plane of the pull [rad]: 0 lying, pi/2 upright."""
    return float(np.arctan2(axis_world[2], -axis_world[0]))
