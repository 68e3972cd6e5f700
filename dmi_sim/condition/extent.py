"""Extent of a condition: the share of a change at each muscle, each joint axis and in the body."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from dmi_sim.anatomy import AXES, LEFT, RIGHT, ROOTS, SEGMENTS, Region, region_of
from dmi_sim.arrays import Vector
from dmi_sim.condition.options import Options
from dmi_sim.condition.parameters import ValuesPer
from dmi_sim.errors import InputError, did_you_mean
from dmi_sim.muscle.groups import Muscles
from dmi_sim.spec.condition import LIMBS, Change, ExtentSpec

_LATERAL = {"left": LEFT, "right": RIGHT}
AXIS_SIDES = tuple(SEGMENTS[1 + axis.joint_index].side for axis in AXES)
"""Side of each axis: +1 left, -1 right, 0 on the midline."""
AXIS_REGIONS: tuple[Region, ...] = tuple(region_of(axis.kind) for axis in AXES)
"""Region of the body of each axis."""


@dataclass(frozen=True)
class Extent:
    """The extent of a condition in one infant: which muscles and axes it affects, and how much.

    Attributes:
        spec: Extent as the file of the condition states it.
        options: Value of every option of the condition.
        muscles: Muscles of the infant.
    """

    spec: ExtentSpec
    options: Options
    muscles: Muscles

    def shares(self, change: Change, per: ValuesPer) -> Vector:
        """Share of a change [0..1] at each muscle (n,), each axis (34,) or in the body (1,).

        It is the product of the shares by the muscles, axes or regions that the change names, by
        the chosen distribution over regions, by side, and by spinal level.

        Args:
            change: One change of the condition.
            per: Kind of items that have one value each in the changed field.

        Raises:
            InputError: If the change names a muscle that does not exist.
        """
        if per == "body":
            return np.array([0.0 if change.regions or change.axes else self._share_of_body()])
        of_muscles = per == "muscle"
        regions = self.muscles.regions if of_muscles else AXIS_REGIONS
        sides = self.muscles.sides if of_muscles else AXIS_SIDES
        named = _named_muscles(change, self.muscles) if of_muscles else _named_axes(change)
        lost = denervated_share(self.muscles, self._level()) if self._level() else None
        caudal = 1.0 if lost is None else lost if of_muscles else _mean_by_axis(self.muscles, lost)
        return np.asarray(named * self._of_regions(regions) * self._of_sides(sides) * caudal)

    def _level(self) -> str:
        return str(self.options[self.spec.below]) if self.spec.below else ""

    def _choice(self) -> str:
        return str(self.options[self.spec.by]) if self.spec.by else ""

    def _is_one_sided(self) -> bool:
        return bool(self.spec.side) and (
            not self.spec.one_sided or self._choice() in self.spec.one_sided
        )

    def _share_of_body(self) -> float:
        if self.spec.by:
            return self.spec.shares[self._choice()].value.get("body", 0.0)
        return 0.0 if self.spec.side or self.spec.below else 1.0

    def _of_regions(self, regions: Iterable[Region]) -> Vector:
        if not self.spec.by:
            return np.ones(1)
        # A region that is named itself wins over the limb that it belongs to.
        given = {str(word): x for word, x in self.spec.shares[self._choice()].value.items()}
        by_region = {name: x for limb, x in given.items() for name in LIMBS.get(limb, ())}
        return np.array([(by_region | given).get(region, 0.0) for region in regions])

    def _of_sides(self, sides: Iterable[int]) -> Vector:
        if not self.spec.side or not self._is_one_sided():
            return np.ones(1)
        affected = _LATERAL[str(self.options[self.spec.side])]
        return np.array([float(side == affected) for side in sides])


def denervated_share(muscles: Muscles, level: str) -> Vector:
    """Share of each muscle's spinal roots that lie caudal to a level [0..1], shape (n,).

    Args:
        muscles: Muscles of the infant.
        level: Lowest intact spinal root, such as ``L3``.
    """
    intact = ROOTS.index(level)
    spans = np.array([[ROOTS.index(first), ROOTS.index(last)] for first, last in muscles.roots])
    # Roots first..last, ends included; those after `intact` are lost.
    lost = np.clip(spans[:, 1] - np.maximum(spans[:, 0] - 1, intact), 0, None)
    return np.asarray(lost / (spans[:, 1] - spans[:, 0] + 1), dtype=np.float64)


def _mean_by_axis(muscles: Muscles, share: Vector) -> Vector:
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
    named = {name for word in change.regions for name in LIMBS.get(word, (word,))}
    return np.array([float(region in named or not change.regions) for region in regions])
