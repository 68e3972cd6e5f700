"""The muscles of one infant: both sides of every group, at its size and age."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from dmi_sim.anatomy import AXES, AXIS_INDEX, LEFT, MIDLINE, RIGHT, Axis, Region
from dmi_sim.arrays import Vector
from dmi_sim.body.anthropometry import curve_at
from dmi_sim.body.growth import Size
from dmi_sim.muscle.tissue import PerAxis, Tissue
from dmi_sim.spec.muscle import GroupSpec, MuscleSpec

PerMuscle = tuple[float, ...]


@dataclass(frozen=True)
class Muscles:
    """Muscles and passive tissue of one infant; tuples run over the muscles.

    Attributes:
        names: Such as ``left_iliopsoas``.
        regions: Where each mainly acts.
        sides: +1 left, -1 right.
        roots: First and last spinal root of each.
        peak_force_n: Largest active force [N].
        passive_force_n: Force of the unexcited fibre at 1.6 of its optimal length [N]; equal to the
            largest active force in a typical infant, and not lost with it in weakness.
        moment_arm_m: Rows over the 34 axes [m]; lengthening is minus their product with the angles.
        optimal_length_m: Of the fibre [m].
        neutral_length: Fibre length over optimal, all angles 0.
        activation_time_s: Time constant of rising activation [s].
        deactivation_time_s: Time constant of falling activation [s].
        fastest_per_s: Largest shortening velocity in optimal lengths per second [1/s].
        tissue: Passive tissue of the 34 axes.
    """

    names: tuple[str, ...]
    regions: tuple[Region, ...]
    sides: tuple[int, ...]
    roots: tuple[tuple[str, str], ...]
    peak_force_n: PerMuscle
    passive_force_n: PerMuscle
    moment_arm_m: tuple[PerAxis, ...]
    optimal_length_m: PerMuscle
    neutral_length: PerMuscle
    activation_time_s: PerMuscle
    deactivation_time_s: PerMuscle
    fastest_per_s: PerMuscle
    tissue: Tissue

    @cached_property
    def moment_arms_m(self) -> Vector:
        """Moment arms [m] as an array, shape (n, 34)."""
        return np.array(self.moment_arm_m)

    def length_at(self, angle_rad: Vector) -> Vector:
        """Fibre lengths over optimal, shape (n,), at anatomical angles [rad], shape (34,)."""
        change = self.moment_arms_m @ angle_rad / np.array(self.optimal_length_m)
        return np.asarray(np.array(self.neutral_length) - change, dtype=np.float64)

    def index(self, name: str) -> int:
        """SegmentNode of a muscle in every tuple."""
        return self.names.index(name)


def build_muscles(spec: MuscleSpec, tissue: Tissue, size: Size, age_months: float) -> Muscles:
    """Muscles of an infant of a size and age.

    Lengths and moment arms grow with body length, forces with body mass and with the relative
    strength of the age: peak torque over mass times length is ``relative_strength``.

    Args:
        spec: Values for the reference body.
        tissue: Passive tissue of the infant.
        size: Of the infant.
        age_months: Of the infant; of corrected age if born early.
    """
    mass = size.mass_kg / spec.reference_body.mass_kg
    length = size.length_m / spec.reference_body.length_m
    strong = mass * curve_at(spec.relative_strength, age_months)
    both = [(name, g, side) for name, g in spec.groups.items() for side in (LEFT, RIGHT)]
    n = len(both)
    peak = tuple(strong * spec.specific_tension.value * g.cross_section.value for _, g, _ in both)
    return Muscles(
        names=tuple(f"{'left' if side == LEFT else 'right'}_{name}" for name, _, side in both),
        regions=tuple(g.region for _, g, _ in both),
        sides=tuple(side for _, _, side in both),
        roots=tuple(g.roots for _, g, _ in both),
        peak_force_n=peak,
        passive_force_n=peak,
        moment_arm_m=tuple(_arms(g, side, length) for _, g, side in both),
        optimal_length_m=tuple(length * g.optimal_length.value / 100 for _, g, _ in both),
        neutral_length=tuple(g.neutral_length.value for _, g, _ in both),
        activation_time_s=(curve_at(spec.activation_time, age_months),) * n,
        deactivation_time_s=(curve_at(spec.deactivation_time, age_months),) * n,
        fastest_per_s=(spec.fastest_shortening.value,) * n,
        tissue=tissue,
    )


def _arms(group: GroupSpec, side: int, scale: float) -> PerAxis:
    row = [0.0] * len(AXES)
    for action, arm_cm in group.moment_arms.value.items():
        index, sign = axis_of_action(action, side)
        row[index] = sign * scale * arm_cm / 100
    return tuple(row)


def axis_of_action(action: str, side: int) -> tuple[int, int]:
    """Axis that an action of a muscle turns about, and whether to its positive or negative side.

    Args:
        action: Such as ``hip.flexion`` or ``waist.side_bend``.
        side: Of the muscle, +1 left, -1 right.
    """
    joint, word = action.split(".")
    on_midline = joint in MIDLINE
    towards = "left" if (side == LEFT) == (word != "opposite_rotation") else "right"
    own = {"side_bend": "bend", "same_rotation": "rotation", "opposite_rotation": "rotation"}
    direction = f"{towards}_{own[word]}" if word in own else word
    name = joint if on_midline else f"{'left' if side == LEFT else 'right'}_{joint}"
    axes: list[Axis] = [axis for axis in AXES if axis.joint == name]
    axis = next(axis for axis in axes if direction in axis.directions)
    return AXIS_INDEX[axis.label], 1 if axis.directions[0] == direction else -1
