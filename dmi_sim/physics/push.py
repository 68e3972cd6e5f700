"""Pushes and pulls: constant forces on a segment, for a short time or until they are ended."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dmi_sim.arrays import Vector
from dmi_sim.body.kinematics import rotate
from dmi_sim.kernel import kernel
from dmi_sim.physics.body_state import SegmentKinematics
from dmi_sim.records import Records, Vector3, records


@dataclass(frozen=True)
class Push:
    """A constant force for a short time at the centre of mass of a segment.

    Attributes:
        segment: Index of the segment.
        start_s: Time of its onset since the start of the episode [s].
        duration_s: Duration [s].
        force_world: Force [N], shape (3,).
    """

    segment: int
    start_s: float
    duration_s: float
    force_world: Vector

    def acts_at(self, time_s: float) -> bool:
        """Whether the push acts at a time [s]."""
        return self.start_s <= time_s < self.start_s + self.duration_s

    @property
    def size_n(self) -> float:
        """Norm of the force [N]."""
        return float(np.linalg.norm(self.force_world))


class PushForce:
    """A push for the compiled loop.

    Attributes:
        segment: Index of the segment.
        start_s: Time of the onset since the start of the episode [s].
        end_s: Time of the end [s].
        force_n: Force [N], world.
        pos: Point where it acts in the present step [m], world; written.
    """

    segment: int
    start_s: float
    end_s: float
    force_n: Vector3
    pos: Vector3


def push_forces(pushes: Sequence[Push]) -> Records[PushForce]:
    """Pushes as an array, in their order."""
    if not pushes:
        return _NONE
    columns = {
        "segment": [push.segment for push in pushes],
        "start_s": [push.start_s for push in pushes],
        "end_s": [push.start_s + push.duration_s for push in pushes],
        "force_n": np.array([push.force_world for push in pushes]).reshape(-1, 3),
    }
    return records(PushForce, columns)


_NONE = records(PushForce, {"segment": []})


@kernel
def place_pushes(
    motion: SegmentKinematics, com_m: Vector, pushes: Records[PushForce], time_s: float
) -> None:
    """Write where the pushes that act now act: at the centres of mass of their segments.

    Args:
        motion: Positions of all segments.
        com_m: Centres of mass in the segment frames [m], shape (15, 3).
        pushes: The pushes; ``pos`` of those that act is written.
        time_s: Time since the start of the episode [s].
    """
    for k in range(pushes.size):
        push = pushes[k]
        if push.start_s <= time_s < push.end_s:
            rotate(motion.matrix[push.segment], com_m[push.segment], push.pos)
            push.pos[:] += motion.pos[push.segment]


def horizontal_push(
    segment: int, start_s: float, duration_s: float, impulse_ns: float, heading_rad: float
) -> Push:
    """A level push of an impulse; heading 0 is forward, a quarter turn is to the left.

    Args:
        segment: Index of the segment that is pushed.
        start_s: Time of its onset since the start of the episode [s].
        duration_s: Duration [s].
        impulse_ns: Impulse, force times duration [N s].
        heading_rad: Direction in the horizontal plane [rad].

    >>> horizontal_push(3, 1.0, 0.1, 2.0, 0.0).force_world
    array([20.,  0.,  0.])
    """
    direction = np.array([np.cos(heading_rad), np.sin(heading_rad), 0.0])
    return Push(segment, start_s, duration_s, direction * (impulse_ns / duration_s))


def push_from_step(
    segment: int, step: int, impulse_ns: Vector, duration_s: float, dt_s: float
) -> Push:
    """A push that begins with a physics step and lasts whole steps, so that its impulse is exact.

    Args:
        segment: Index of the segment that is pushed.
        step: Number of the physics step with which it begins.
        impulse_ns: Impulse [N s], world, shape (3,).
        duration_s: Duration [s], rounded to whole physics steps, at least one.
        dt_s: Physics step [s].

    >>> push = push_from_step(3, 100, np.array([0.0, 2.0, 0.0]), 0.1, dt_s=0.01)
    >>> push.force_world, sum(push.acts_at(0.01 * step) for step in range(200))
    (array([ 0., 20.,  0.]), 10)
    """
    lasts_s = max(1, round(duration_s / dt_s)) * dt_s
    return Push(segment, _just_before(step, dt_s), lasts_s, impulse_ns / lasts_s)


def pull_from_step(
    segment: int, step: int, force_n: Vector, duration_s: float | None, dt_s: float
) -> Push:
    """A constant force that begins with a physics step; without a duration it never ends.

    Args:
        segment: Index of the segment that is pulled.
        step: Number of the physics step with which it begins.
        force_n: Force [N], world, shape (3,).
        duration_s: Duration [s], rounded to whole physics steps, at least one; None for no end.
        dt_s: Physics step [s].
    """
    lasts_s = np.inf if duration_s is None else max(1, round(duration_s / dt_s)) * dt_s
    return Push(segment, _just_before(step, dt_s), lasts_s, force_n)


def _just_before(step: int, dt_s: float) -> float:
    """Half a step before a step [s], where no rounding decides whether the step counts."""
    return (step - 0.5) * dt_s
