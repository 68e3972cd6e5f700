"""When static, active and reactive control count as present: pure functions of a posture in time.

Only what is cranial to the examiner's hands counts. Each rule looks at a trial of its own; none
knows what another found.

Source: Butler et al. (2010), Pediatric Physical Therapy 22, 246-257, ``butler2010`` in
models/references.yaml, for the three tests and the five seconds; the other numbers are ours.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dmi_sim.anatomy import AXIS_INDEX, HEAD, PELVIS
from dmi_sim.arrays import Vector
from dmi_sim.physics.state import State
from dmi_sim.spec.assessment import ActiveSpec, NeutralSpec, PushSide, ReactiveSpec, StaticSpec

Mask = NDArray[np.bool_]

_AT_C7_M = 1e-3
"""Shorter lines from the hands to C7 have no direction: there is no trunk above the hands."""
_INSTANT_S = 1e-6


@dataclass(frozen=True)
class Posture:
    """How an infant sat, at every control step.

    Attributes:
        time_s: Time since the start [s], shape (n,).
        trunk_rad: Tilt from the vertical of the line from the hands, or the hips without them, to
            C7 [rad], shape (n,).
        head_rad: Tilt of the long axis of the head from the vertical [rad], shape (n,).
        angle_rad: Anatomical joint angles [rad], shape (n, 34).
    """

    time_s: Vector
    trunk_rad: Vector
    head_rad: Vector
    angle_rad: Vector


@dataclass(frozen=True)
class Judgement:
    """What an examiner says of one trial.

    Attributes:
        passed: Whether control was there.
        seen: The numbers that it rests on.
    """

    passed: bool
    seen: Mapping[str, float]


def posture_of(states: Sequence[State]) -> Posture:
    """The posture above the hands.

    Args:
        states: One state per control step, with one pair of hands on the trunk or none.
    """
    hands = [
        s.support_pos_world[0] if len(s.support_pos_world) else s.segment_pos_world[PELVIS]
        for s in states
    ]
    c7 = np.array([s.segment_pos_world[HEAD] for s in states])
    return Posture(
        time_s=np.array([s.time_s for s in states]),
        trunk_rad=_tilt(c7 - np.array(hands)),
        head_rad=_tilt(np.array([s.segment_matrix_world[HEAD][:, 2] for s in states])),
        angle_rad=np.array([s.joint_angle_rad for s in states]),
    )


def _tilt(lines: Vector) -> Vector:
    """Angles from the vertical [rad], shape (n,), of lines in the world, shape (n, 3)."""
    level = np.hypot(lines[:, 0], lines[:, 1])
    is_point = np.hypot(level, lines[:, 2]) < _AT_C7_M
    return np.where(is_point, 0.0, np.arctan2(level, lines[:, 2]))


def neutral(posture: Posture, spec: NeutralSpec) -> Mask:
    """When head and trunk above the hands are upright, short lapses overlooked, shape (n,).

    A lapse counts as short only once neutral is regained: one at the end, as in a fall, is none.
    """
    is_trunk_up = posture.trunk_rad <= np.radians(spec.trunk.value)
    is_up = is_trunk_up & (posture.head_rad <= np.radians(spec.head.value))
    for begin, end in _stretches(~is_up):
        is_inside = begin > 0 and end < is_up.size
        if is_inside and posture.time_s[end] - posture.time_s[begin] <= spec.lapse.value:
            is_up[begin:end] = True
    return is_up


def _stretches(mask: Mask) -> list[tuple[int, int]]:
    """First index of each stretch of truth and the index after its last."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]]).astype(np.int8)))
    return [(int(a), int(b)) for a, b in edges.reshape(-1, 2)]


def longest_neutral_s(posture: Posture, spec: NeutralSpec) -> float:
    """The longest time in one piece that the posture was neutral [s]."""
    stretches = _stretches(neutral(posture, spec))
    return max(
        (float(posture.time_s[b - 1] - posture.time_s[a]) for a, b in stretches), default=0.0
    )


def is_kept(posture: Posture, spec: NeutralSpec, begin_s: float, end_s: float) -> bool:
    """Whether the posture was neutral all the time from one moment to another, and seen to be."""
    time = posture.time_s
    inside = (time >= begin_s - _INSTANT_S) & (time <= end_s + _INSTANT_S)
    is_seen = bool(time[-1] >= end_s - _INSTANT_S)
    return is_seen and bool(neutral(posture, spec)[inside].all())


def judge_static(posture: Posture, spec: NeutralSpec, test: StaticSpec) -> Judgement:
    """Present if the posture was neutral for long enough in one piece."""
    longest = longest_neutral_s(posture, spec)
    return Judgement(longest >= test.hold.value - _INSTANT_S, {"neutral_s": longest})


def movement_times_s(test: ActiveSpec) -> dict[str, tuple[float, float]]:
    """Begin and end of each movement with the rest after it [s]."""
    each = 2 * test.ramp.value + test.stay.value + test.rest.value
    starts = [test.first.value + place * each for place in range(len(test.movements))]
    return {name: (at, at + each) for name, at in zip(test.movements, starts, strict=True)}


def active_lasts_s(test: ActiveSpec) -> float:
    """How long a trial takes [s]."""
    return max(end for _, end in movement_times_s(test).values())


def reactive_lasts_s(test: ReactiveSpec) -> float:
    """How long a trial takes [s]."""
    return test.first.value + len(test.sides) * test.every.value


def judge_active(posture: Posture, spec: NeutralSpec, test: ActiveSpec) -> Judgement:
    """Present if every movement went far enough and the posture stayed neutral all along."""
    reached = [_reached_rad(posture, test, name) for name in test.movements]
    stayed = is_kept(posture, spec, test.first.value, active_lasts_s(test))
    return Judgement(
        stayed and min(reached) >= np.radians(test.reached.value),
        {"neutral_s": longest_neutral_s(posture, spec), "reached_rad": min(reached)},
    )


def _reached_rad(posture: Posture, test: ActiveSpec, name: str) -> float:
    """How far a movement went in its direction [rad], 0 if it was not seen."""
    begin, end = movement_times_s(test)[name]
    movement = test.movements[name]
    axis = posture.angle_rad[:, AXIS_INDEX[movement.measured]]
    moved = np.sign(movement.axes_deg[movement.measured]) * (axis - axis[0])
    inside = (posture.time_s >= begin) & (posture.time_s <= end)
    return float(moved[inside].max(initial=0.0))


def push_times_s(test: ReactiveSpec) -> dict[PushSide, float]:
    """When the push from each side begins [s]."""
    return {
        side: test.first.value + place * test.every.value for place, side in enumerate(test.sides)
    }


def judge_reactive(posture: Posture, spec: NeutralSpec, test: ReactiveSpec) -> Judgement:
    """Present if the posture was neutral before the pushes and soon again after each."""
    regained = {
        side: _regained_s(posture, spec, at, at + test.every.value)
        for side, at in push_times_s(test).items()
    }
    was_up = is_kept(posture, spec, test.first.value, test.first.value)
    slowest = max(regained.values())
    seen = {f"regained_from_{side}_s": after for side, after in regained.items()}
    return Judgement(was_up and slowest <= test.regained.value + _INSTANT_S, seen)


def _regained_s(posture: Posture, spec: NeutralSpec, at_s: float, until_s: float) -> float:
    """How long after a push neutral was regained, to stay [s]; infinite if it was not."""
    time = posture.time_s
    if time[-1] < until_s - _INSTANT_S:
        return np.inf
    inside = (time >= at_s - _INSTANT_S) & (time <= until_s + _INSTANT_S)
    out = np.flatnonzero(~neutral(posture, spec)[inside])
    if out.size == 0:
        return 0.0
    after = time[inside][out[-1] + 1 :]
    return float(after[0] - at_s) if after.size else np.inf
