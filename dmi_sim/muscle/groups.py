"""The muscles of one infant: both sides of every group, at its size and age."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from dmi_sim.anatomy import AXES, AXIS_INDEX, LEFT, MIDLINE, RIGHT, Axis, Region
from dmi_sim.arrays import Vector
from dmi_sim.body.anthropometry import curve_at
from dmi_sim.body.growth import BodySize
from dmi_sim.muscle.tissue import PerAxis, Tissue
from dmi_sim.spec.muscle import GroupSpec, MuscleSpec

PerMuscle = tuple[float, ...]
"""One number for each muscle, in the order of :attr:`Muscles.names`."""


@dataclass(frozen=True)
class Muscles:
    """Muscles and passive tissue of one infant; every tuple runs over the n muscles.

    Attributes:
        names: Names with side, such as ``left_iliopsoas``.
        regions: Region of the body where each muscle mainly acts.
        sides: +1 for a muscle of the left side, -1 for the right.
        roots: First and last spinal root that innervates each muscle.
        peak_force_n: Maximum isometric force [N].
        passive_force_n: Force of the passive fibre at 1.6 optimal lengths [N]; in a typical infant
            equal to the maximum isometric force. Weakness leaves it as it is.
        moment_arm_rows_m: Moment arms about the 34 axes [m], one row for each muscle; the same as
            :attr:`moment_arms_m`, as tuples, so that equal infants compare equal.
        optimal_length_m: Optimal fibre length [m].
        neutral_length: Fibre length over optimal [1] with all anatomical angles 0.
        activation_time_s: Time constant of rising activation [s].
        deactivation_time_s: Time constant of falling activation [s].
        max_shortening_velocity_per_s: Maximum shortening velocity in optimal lengths per second
            [1/s].
        tissue: Passive tissue about the 34 axes.
    """

    names: tuple[str, ...]
    regions: tuple[Region, ...]
    sides: tuple[int, ...]
    roots: tuple[tuple[str, str], ...]
    peak_force_n: PerMuscle
    passive_force_n: PerMuscle
    moment_arm_rows_m: tuple[PerAxis, ...]
    optimal_length_m: PerMuscle
    neutral_length: PerMuscle
    activation_time_s: PerMuscle
    deactivation_time_s: PerMuscle
    max_shortening_velocity_per_s: PerMuscle
    tissue: Tissue

    @cached_property
    def moment_arms_m(self) -> Vector:
        """Moment arms [m], shape (n, 34); positive where the muscle increases the angle."""
        return np.array(self.moment_arm_rows_m)

    def length_at(self, angle_rad: Vector) -> Vector:
        """Fibre lengths over optimal [1], shape (n,), with a rigid tendon.

        Args:
            angle_rad: Anatomical angles [rad], shape (34,).
        """
        change = self.moment_arms_m @ angle_rad / np.array(self.optimal_length_m)
        return np.asarray(np.array(self.neutral_length) - change, dtype=np.float64)

    def index(self, name: str) -> int:
        """Index of a muscle in every tuple.

        Args:
            name: Name of the muscle with its side.

        Raises:
            ValueError: If there is no muscle of that name.
        """
        return self.names.index(name)


def build_muscles(spec: MuscleSpec, tissue: Tissue, size: BodySize, age_months: float) -> Muscles:
    """The muscles of an infant of a size and age.

    Fibre lengths and moment arms scale with body length; forces scale with body mass and with the
    relative strength of the age, so that peak torque over mass times length follows
    ``relative_strength``.

    Args:
        spec: Muscle groups of the reference body.
        tissue: Passive tissue of the infant.
        size: Size of the infant.
        age_months: Age [months], corrected if the infant was born early.
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
        moment_arm_rows_m=tuple(_moment_arm_row(g, side, length) for _, g, side in both),
        optimal_length_m=tuple(length * g.optimal_length.value / 100 for _, g, _ in both),
        neutral_length=tuple(g.neutral_length.value for _, g, _ in both),
        activation_time_s=(curve_at(spec.activation_time, age_months),) * n,
        deactivation_time_s=(curve_at(spec.deactivation_time, age_months),) * n,
        max_shortening_velocity_per_s=(spec.max_shortening_velocity.value,) * n,
        tissue=tissue,
    )


def _moment_arm_row(group: GroupSpec, side: int, scale: float) -> PerAxis:
    """Moment arms of one muscle about the 34 axes [m]; the file gives them in cm, by action."""
    row = [0.0] * len(AXES)
    for action, arm_cm in group.moment_arms.value.items():
        index, sign = axis_of_action(action, side)
        row[index] = sign * scale * arm_cm / 100
    return tuple(row)


def axis_of_action(action: str, side: int) -> tuple[int, int]:
    """The axis that an action of a muscle moves, and in which direction.

    Args:
        action: Joint and action of the muscle, such as ``hip.flexion`` or ``waist.side_bend``.
        side: Side of the muscle, +1 left, -1 right.

    Returns:
        Index of the axis, and +1 for its positive direction or -1 for its negative direction.

    >>> index, sign = axis_of_action("hip.extension", LEFT)
    >>> AXES[index].label, sign
    ('left_hip.flexion', -1)
    """
    joint, word = action.split(".")
    on_midline = joint in MIDLINE
    # Actions of the trunk are relative to the muscle's own side, axes are absolute.
    towards = "left" if (side == LEFT) == (word != "opposite_rotation") else "right"
    own = {"side_bend": "bend", "same_rotation": "rotation", "opposite_rotation": "rotation"}
    direction = f"{towards}_{own[word]}" if word in own else word
    name = joint if on_midline else f"{'left' if side == LEFT else 'right'}_{joint}"
    axes: list[Axis] = [axis for axis in AXES if axis.joint == name]
    axis = next(axis for axis in axes if direction in axis.directions)
    return AXIS_INDEX[axis.label], 1 if axis.directions[0] == direction else -1
