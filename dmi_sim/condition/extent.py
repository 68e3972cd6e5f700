"""How much of a change arrives at each muscle, each joint axis and the body as a whole."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from dmi_sim.anatomy import AXES, LEFT, RIGHT, ROOTS, SEGMENTS, Region, region_of
from dmi_sim.arrays import Vector
from dmi_sim.condition.options import Options
from dmi_sim.condition.parameters import Over
from dmi_sim.errors import InputError, did_you_mean
from dmi_sim.muscle.groups import Muscles
from dmi_sim.spec.condition import LIMBS, Change, ExtentSpec

_LATERAL = {"left": LEFT, "right": RIGHT}
AXIS_SIDES = tuple(SEGMENTS[1 + axis.joint_index].side for axis in AXES)
"""+1 left, -1 right, 0 on the midline."""
AXIS_REGIONS: tuple[Region, ...] = tuple(region_of(axis.kind) for axis in AXES)


@dataclass(frozen=True)
class AffectedMuscles:
    """Where a condition acts in one infant.

    Attributes:
        extent: What the condition says.
        options: What was chosen.
        muscles: Of the infant.
    """

    extent: ExtentSpec
    options: Options
    muscles: Muscles

    def shares(self, change: Change, over: Over) -> Vector:
        """Share of a change, 0 to 1, at each muscle (n,), axis (34,) or the body (1,).

        Raises:
            InputError: If the change names a muscle that there is not.
        """
        if over == "body":
            return np.array([0.0 if change.regions or change.axes else self._share_of_body()])
        of_muscles = over == "muscle"
        regions = self.muscles.regions if of_muscles else AXIS_REGIONS
        sides = self.muscles.sides if of_muscles else AXIS_SIDES
        named = _named_muscles(change, self.muscles) if of_muscles else _named_axes(change)
        lost = share_below(self.muscles, self._level()) if self._level() else None
        caudal = 1.0 if lost is None else lost if of_muscles else _joined(self.muscles, lost)
        return np.asarray(named * self._of_regions(regions) * self._of_sides(sides) * caudal)

    def _level(self) -> str:
        return str(self.options[self.extent.below]) if self.extent.below else ""

    def _choice(self) -> str:
        return str(self.options[self.extent.by]) if self.extent.by else ""

    def _is_one_sided(self) -> bool:
        return bool(self.extent.side) and (
            not self.extent.one_sided or self._choice() in self.extent.one_sided
        )

    def _share_of_body(self) -> float:
        if self.extent.by:
            return self.extent.shares[self._choice()].value.get("body", 0.0)
        return 0.0 if self.extent.side or self.extent.below else 1.0

    def _of_regions(self, regions: Iterable[Region]) -> Vector:
        if not self.extent.by:
            return np.ones(1)
        given = {str(word): x for word, x in self.extent.shares[self._choice()].value.items()}
        by_region = {part: x for limb, x in given.items() for part in LIMBS.get(limb, ())}
        return np.array([(by_region | given).get(region, 0.0) for region in regions])

    def _of_sides(self, sides: Iterable[int]) -> Vector:
        if not self.extent.side or not self._is_one_sided():
            return np.ones(1)
        affected = _LATERAL[str(self.options[self.extent.side])]
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
    moves = muscles.moment_arms_m != 0
    return np.asarray(moves.T @ share / np.maximum(moves.sum(axis=0), 1), dtype=np.float64)


def _named_muscles(change: Change, muscles: Muscles) -> Vector:
    groups = [name.split("_", 1)[1] for name in muscles.names]
    for word in change.muscles:
        if word not in groups:
            raise InputError(f"muscles: no '{word}'; {did_you_mean(word, set(groups))}")
    if change.muscles:
        return np.array([float(group in change.muscles) for group in groups])
    return _named_regions(change, muscles.regions)


def _named_axes(change: Change) -> Vector:
    if change.axes:
        return np.array([float(f"{axis.kind}.{axis.name}" in change.axes) for axis in AXES])
    return _named_regions(change, AXIS_REGIONS)


def _named_regions(change: Change, regions: tuple[Region, ...]) -> Vector:
    named = {part for word in change.regions for part in LIMBS.get(word, (word,))}
    return np.array([float(region in named or not change.regions) for region in regions])
