"""What an infant has touched so far in an episode: the load on each segment, and its steps.

Contact forces of one physics step flicker, and a step takes time, so some terms need a memory. It
is a frozen record that a pure function takes from one control step to the next. An episode keeps
one only where a term of its exercise says that it :func:`.needs_contact_history`.
"""

from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np

from dmi_sim.anatomy import SEGMENT_INDEX, SEGMENTS, SegmentKind
from dmi_sim.arrays import Vector

Limbs = Literal["hands", "knees", "feet"]
"""What an infant moves about on, left and right in turn."""

LOAD_S = 0.3
"""Time constant of the low pass of the load [s]; assumed: an infant's step takes about as long."""
SHORTEST_SWING_S = 0.1
"""Time for which a limb is off the ground in a step, at least [s]; assumed."""
LEAST_CLEARANCE = 0.01
"""Height to which a limb is lifted in a step, at least, in body lengths; assumed, some 8 mm."""
LEAST_CONTACT = 0.02
"""Share of body weight from which a limb counts as on the ground."""
_ROUNDING_S = 1e-6
"""Sums of control steps fall short by less."""

Pair = tuple[float, float]


@dataclass(frozen=True)
class Steps:
    """The steps of the left and the right of a kind of limb.

    A limb makes a step when it is put down after it has been lifted clear of the ground, for at
    least :data:`SHORTEST_SWING_S` in which the other one was on the ground. So hops, dragged toes
    and the flicker of contacts are no steps. Steps of the same side in a row count once.

    Attributes:
        swing_s: Time for which each has been off the ground while the other was on it [s].
        highest: Height to which each has been lifted since it left the ground, in body lengths.
        last: Side of the last step, 0 for left and 1 for right; None before the first.
        alternate: Steps so far, without those of the same side in a row.

    >>> lifted = Steps().after((False, True), (0.03, 0.0), dt_s=0.2)
    >>> lifted.after((True, True), (0.0, 0.0), dt_s=0.2).alternate
    1
    """

    swing_s: Pair = (0.0, 0.0)
    highest: Pair = (0.0, 0.0)
    last: int | None = None
    alternate: int = 0

    def after(self, is_down: tuple[bool, bool], height: Pair, dt_s: float) -> "Steps":
        """The steps one control step later.

        Args:
            is_down: Whether left and right are on the ground now.
            height: Height of each above the floor now, in body lengths.
            dt_s: Control step [s].
        """
        if is_down == (True, True) and self.swing_s == (0.0, 0.0) and self.highest == (0.0, 0.0):
            return self
        made = [side for side in (0, 1) if is_down[side] and self._is_whole(side)]
        counted = [side for side in made if side != self.last]
        left, right = (self._swing_after(side, is_down, height, dt_s) for side in (0, 1))
        return Steps(
            swing_s=(left[0], right[0]),
            highest=(left[1], right[1]),
            last=made[-1] if made else self.last,
            alternate=self.alternate + len(counted),
        )

    def _is_whole(self, side: int) -> bool:
        lasted = self.swing_s[side] >= SHORTEST_SWING_S - _ROUNDING_S
        return lasted and self.highest[side] >= LEAST_CLEARANCE

    def _swing_after(
        self, side: int, is_down: tuple[bool, bool], height: Pair, dt_s: float
    ) -> Pair:
        """Time off the ground and greatest height of one side; zeros while it is down."""
        if is_down[side]:
            return 0.0, 0.0
        swing_s = self.swing_s[side] + (dt_s if is_down[1 - side] else 0.0)
        return swing_s, max(self.highest[side], height[side])


_SEGMENT_OF: dict[Limbs, SegmentKind] = {"hands": "forearm", "knees": "thigh", "feet": "foot"}
"""The segment with which each touches the ground."""
_SIDES: dict[Limbs, tuple[int, int]] = {
    limbs: (SEGMENT_INDEX[f"left_{segment}"], SEGMENT_INDEX[f"right_{segment}"])
    for limbs, segment in _SEGMENT_OF.items()
}


@dataclass(frozen=True, eq=False)
class ContactHistory:
    """What has been touched up to a control step.

    Attributes:
        load: Force of ground and furniture on each segment over body weight, low-passed with
            :data:`LOAD_S`, shape (15,); up to that time after the start it is the plain mean.
        steps: Steps of hands, knees and feet.
        elapsed_s: Time that it tells of [s].
    """

    load: Vector = field(default_factory=lambda: np.zeros(len(SEGMENTS)))
    steps: dict[Limbs, Steps] = field(default_factory=lambda: {limbs: Steps() for limbs in _SIDES})
    elapsed_s: float = 0.0

    def after(self, contact_force: Vector, height: Vector, dt_s: float) -> "ContactHistory":
        """The history one control step later.

        Args:
            contact_force: Force of ground and furniture on each segment over body weight now,
                shape (15,).
            height: Height of the lowest point of each segment, in body lengths, shape (15,).
            dt_s: Control step [s].
        """
        elapsed_s = self.elapsed_s + dt_s
        newest = max(dt_s / elapsed_s, min(1.0, dt_s / LOAD_S))
        load = self.load + newest * (contact_force - self.load)
        is_down, heights = (contact_force >= LEAST_CONTACT).tolist(), height.tolist()
        steps = {
            limbs: self.steps[limbs].after(
                (is_down[left], is_down[right]), (heights[left], heights[right]), dt_s
            )
            for limbs, (left, right) in _SIDES.items()
        }
        return replace(self, load=load, steps=steps, elapsed_s=elapsed_s)
