"""How much of a change arrives at each muscle, each joint axis and the body as a whole."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from dmi_sim.arrays import Vector
from dmi_sim.anatomy import AXES
from dmi_sim.body.segments import LEFT, PLACES, RIGHT
from dmi_sim.condition.options import Options
from dmi_sim.condition.parameters import Over
from dmi_sim.errors import InputError, did_you_mean
from dmi_sim.muscle.groups import Muscles
from dmi_sim.anatomy import ROOTS, Part, part_of
from dmi_sim.spec.condition import LIMBS, Change, Reach

_LATERAL = {"left": LEFT, "right": RIGHT}
AXIS_SIDES = tuple(PLACES[1 + axis.joint_index].side for axis in AXES)
"""+1 left, -1 right, 0 on the midline."""
AXIS_PARTS: tuple[Part, ...] = tuple(part_of(axis.kind) for axis in AXES)


@dataclass(frozen=True)
class Area:
    """Where a condition acts in one infant.

    Attributes:
        reach: What the condition says.
        options: What was chosen.
        muscles: Of the infant.
    """

    reach: Reach
    options: Options
    muscles: Muscles

    def shares(self, change: Change, over: Over) -> Vector:
        """Share of a change, 0 to 1, at each muscle (n,), axis (34,) or the body (1,).

        Raises:
            InputError: If the change names a muscle that there is not.
        """
        if over == "body":
            return np.array([0.0 if change.parts or change.axes else self._share_of_body()])
        of_muscles = over == "muscle"
        parts = self.muscles.parts if of_muscles else AXIS_PARTS
        sides = self.muscles.sides if of_muscles else AXIS_SIDES
        named = _named_muscles(change, self.muscles) if of_muscles else _named_axes(change)
        lost = share_below(self.muscles, self._level()) if self._level() else None
        caudal = 1.0 if lost is None else lost if of_muscles else _joined(self.muscles, lost)
        return np.asarray(named * self._of_parts(parts) * self._of_sides(sides) * caudal)

    def _level(self) -> str:
        return str(self.options[self.reach.below]) if self.reach.below else ""

    def _choice(self) -> str:
        return str(self.options[self.reach.by]) if self.reach.by else ""

    def _is_one_sided(self) -> bool:
        return bool(self.reach.side) and (
            not self.reach.one_sided or self._choice() in self.reach.one_sided
        )

    def _share_of_body(self) -> float:
        if self.reach.by:
            return self.reach.shares[self._choice()].value.get("body", 0.0)
        return 0.0 if self.reach.side or self.reach.below else 1.0

    def _of_parts(self, parts: Iterable[Part]) -> Vector:
        if not self.reach.by:
            return np.ones(1)
        given = {str(word): x for word, x in self.reach.shares[self._choice()].value.items()}
        by_part = {part: x for limb, x in given.items() for part in LIMBS.get(limb, ())}
        return np.array([(by_part | given).get(part, 0.0) for part in parts])

    def _of_sides(self, sides: Iterable[int]) -> Vector:
        if not self.reach.side or not self._is_one_sided():
            return np.ones(1)
        affected = _LATERAL[str(self.options[self.reach.side])]
        return np.array([float(side == affected) for side in sides])


def share_below(muscles: Muscles, level: str) -> Vector:
    """Share of each muscle's roots that lie caudal to a spinal root, shape (n,).

    Args:
        muscles: Of the infant.
        level: The lowest intact root, such as ``L3``.
    """
    intact = ROOTS.index(level)
    spans = np.array([[ROOTS.index(first), ROOTS.index(last)] for first, last in muscles.roots])
    lost = np.clip(spans[:, 1] - np.maximum(spans[:, 0] - 1, intact), 0, None)
    return np.asarray(lost / (spans[:, 1] - spans[:, 0] + 1), dtype=np.float64)


def _joined(muscles: Muscles, share: Vector) -> Vector:
    """Mean over the muscles that move each axis, shape (34,)."""
    moves = muscles.arms != 0
    return np.asarray(moves.T @ share / np.maximum(moves.sum(axis=0), 1), dtype=np.float64)


def _named_muscles(change: Change, muscles: Muscles) -> Vector:
    groups = [name.split("_", 1)[1] for name in muscles.names]
    for word in change.muscles:
        if word not in groups:
            raise InputError(f"muscles: no '{word}'; {did_you_mean(word, set(groups))}")
    if change.muscles:
        return np.array([float(group in change.muscles) for group in groups])
    return _named_parts(change, muscles.parts)


def _named_axes(change: Change) -> Vector:
    if change.axes:
        return np.array([float(f"{axis.kind}.{axis.name}" in change.axes) for axis in AXES])
    return _named_parts(change, AXIS_PARTS)


def _named_parts(change: Change, parts: tuple[Part, ...]) -> Vector:
    named = {part for word in change.parts for part in LIMBS.get(word, (word,))}
    return np.array([float(part in named or not change.parts) for part in parts])
