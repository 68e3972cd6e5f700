"""The rules of static, active and reactive control: pure functions of a posture over time.

Only the body cranial to the examiner's hands counts. Each rule judges trials of its own and does
not depend on the findings of another.

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
"""Length below which the line from the hands to C7 has no direction [m]: no trunk is above them."""
_TOLERANCE_S = 1e-6


@dataclass(frozen=True)
class Posture:
    """The posture of a sitting infant at every control step.

    Attributes:
        time_s: Time since the start [s], shape (n,).
        trunk_rad: Tilt of the trunk from the vertical [rad], shape (n,): of the line to C7 from the
            hands, or from the hips without hands.
        head_rad: Tilt of the long axis of the head from the vertical [rad], shape (n,).
        angle_rad: Anatomical joint angles [rad], shape (n, 34).
    """

    time_s: Vector
    trunk_rad: Vector
    head_rad: Vector
    angle_rad: Vector


@dataclass(frozen=True)
class Judgement:
    """An examiner's judgement of one trial.

    Attributes:
        passed: Whether control was present.
        seen: Quantities on which the judgement rests, by name; the name ends in the unit.
    """

    passed: bool
    seen: Mapping[str, float]


def posture_of(states: Sequence[State]) -> Posture:
    """The posture above the hands over time.

    Args:
        states: States, one per control step, with one pair of hands on the trunk or none.
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
    """The angles of lines in the world, shape (n, 3), from the vertical [rad], shape (n,)."""
    level = np.hypot(lines[:, 0], lines[:, 1])
    is_point = np.hypot(level, lines[:, 2]) < _AT_C7_M
    return np.where(is_point, 0.0, np.arctan2(level, lines[:, 2]))


def neutral(posture: Posture, spec: NeutralSpec) -> Mask:
    """Whether head and trunk above the hands are upright at each step, shape (n,).

    Short lapses are overlooked, but only if neutral is regained: a lapse at the end, as in a fall,
    counts.

    Args:
        posture: Posture over time.
        spec: Limits of neutral and of a short lapse.
    """
    is_trunk_up = posture.trunk_rad <= np.radians(spec.trunk.value)
    is_up = is_trunk_up & (posture.head_rad <= np.radians(spec.head.value))
    for begin, end in _runs(~is_up):
        is_inside = begin > 0 and end < is_up.size
        if is_inside and posture.time_s[end] - posture.time_s[begin] <= spec.lapse.value:
            is_up[begin:end] = True
    return is_up


def _runs(mask: Mask) -> list[tuple[int, int]]:
    """The first index of each run of true values and the index after its last."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]]).astype(np.int8)))
    return [(int(a), int(b)) for a, b in edges.reshape(-1, 2)]


def longest_neutral_s(posture: Posture, spec: NeutralSpec) -> float:
    """The longest uninterrupted time for which the posture was neutral [s]."""
    runs = _runs(neutral(posture, spec))
    return max((float(posture.time_s[b - 1] - posture.time_s[a]) for a, b in runs), default=0.0)


def is_kept(posture: Posture, spec: NeutralSpec, begin_s: float, end_s: float) -> bool:
    """Whether the posture was recorded and neutral throughout an interval [s]."""
    time = posture.time_s
    inside = (time >= begin_s - _TOLERANCE_S) & (time <= end_s + _TOLERANCE_S)
    is_seen = bool(time[-1] >= end_s - _TOLERANCE_S)
    return is_seen and bool(neutral(posture, spec)[inside].all())


def judge_static(posture: Posture, spec: NeutralSpec, test: StaticSpec) -> Judgement:
    """The judgement of static control: present if neutral for long enough without interruption."""
    longest = longest_neutral_s(posture, spec)
    return Judgement(longest >= test.hold.value - _TOLERANCE_S, {"neutral_s": longest})


def movement_times_s(test: ActiveSpec) -> dict[str, tuple[float, float]]:
    """The begin and end of each movement, including the rest after it [s]."""
    each = 2 * test.ramp.value + test.stay.value + test.rest.value
    starts = [test.first.value + k * each for k in range(len(test.movements))]
    return {name: (at, at + each) for name, at in zip(test.movements, starts, strict=True)}


def active_duration_s(test: ActiveSpec) -> float:
    """The duration of an active trial [s]."""
    return max(end for _, end in movement_times_s(test).values())


def reactive_duration_s(test: ReactiveSpec) -> float:
    """The duration of a reactive trial [s]."""
    return test.first.value + len(test.sides) * test.every.value


def judge_active(posture: Posture, spec: NeutralSpec, test: ActiveSpec) -> Judgement:
    """The judgement of active control: present if each movement went far enough, always neutral."""
    reached = [_reached_rad(posture, test, name) for name in test.movements]
    stayed = is_kept(posture, spec, test.first.value, active_duration_s(test))
    return Judgement(
        stayed and min(reached) >= np.radians(test.reached.value),
        {"neutral_s": longest_neutral_s(posture, spec), "reached_rad": min(reached)},
    )


def _reached_rad(posture: Posture, test: ActiveSpec, name: str) -> float:
    """The largest excursion of a movement in its direction [rad]; 0 if it was not recorded."""
    begin, end = movement_times_s(test)[name]
    movement = test.movements[name]
    axis = posture.angle_rad[:, AXIS_INDEX[movement.measured]]
    moved = np.sign(movement.axes_deg[movement.measured]) * (axis - axis[0])
    inside = (posture.time_s >= begin) & (posture.time_s <= end)
    return float(moved[inside].max(initial=0.0))


def push_times_s(test: ReactiveSpec) -> dict[PushSide, float]:
    """The time at which the push from each side begins [s]."""
    return {side: test.first.value + k * test.every.value for k, side in enumerate(test.sides)}


def judge_reactive(posture: Posture, spec: NeutralSpec, test: ReactiveSpec) -> Judgement:
    """The judgement of reactive control: present if neutral before and soon after each push."""
    regained = {
        side: _regained_s(posture, spec, at, at + test.every.value)
        for side, at in push_times_s(test).items()
    }
    was_up = is_kept(posture, spec, test.first.value, test.first.value)
    slowest = max(regained.values())
    seen = {f"regained_from_{side}_s": after for side, after in regained.items()}
    return Judgement(was_up and slowest <= test.regained.value + _TOLERANCE_S, seen)


def _regained_s(posture: Posture, spec: NeutralSpec, at_s: float, until_s: float) -> float:
    """The time from a push until neutral was regained for good [s]; infinite if it was not."""
    time = posture.time_s
    if time[-1] < until_s - _TOLERANCE_S:
        return np.inf
    inside = (time >= at_s - _TOLERANCE_S) & (time <= until_s + _TOLERANCE_S)
    out = np.flatnonzero(~neutral(posture, spec)[inside])
    if out.size == 0:
        return 0.0
    after = time[inside][out[-1] + 1 :]
    return float(after[0] - at_s) if after.size else np.inf
