"""Torque generators: a pair of antagonists and passive tissue at every anatomical axis."""

from dataclasses import dataclass

import numpy as np

from dmi_sim.body.anthropometry import curve_at
from dmi_sim.body.axes import AXES, Axis
from dmi_sim.body.growth import Size
from dmi_sim.spec.muscle import AxisSpec, MuscleSpec

PerAxis = tuple[float, ...]


@dataclass(frozen=True)
class Muscles:
    """Muscle and passive tissue of one infant; tuples run over the 34 axes.

    Attributes:
        strength_positive_nm: Largest torque in the positive direction [N m].
        strength_negative_nm: Largest torque in the negative direction, as a magnitude [N m].
        stiffness_nm_per_rad: Passive stiffness within the range [N m/rad].
        damping_nms_per_rad: Passive damping [N m s/rad].
        lowest_rad: Lower end of the range of motion [rad].
        highest_rad: Upper end of the range of motion [rad].
        rest_rad: Where passive tissue is slack [rad].
        end_stiffness_nm_per_rad: Added beyond the range [N m/rad].
        activation_time_s: Time constant of activation [s].
    """

    strength_positive_nm: PerAxis
    strength_negative_nm: PerAxis
    stiffness_nm_per_rad: PerAxis
    damping_nms_per_rad: PerAxis
    lowest_rad: PerAxis
    highest_rad: PerAxis
    rest_rad: PerAxis
    end_stiffness_nm_per_rad: float
    activation_time_s: float

    def peak_torque_nm(self, axis_index: int, is_positive: bool) -> float:
        """Largest isometric torque of one axis in one direction [N m]."""
        table = self.strength_positive_nm if is_positive else self.strength_negative_nm
        return table[axis_index]


def build_muscles(spec: MuscleSpec, size: Size, age_months: float) -> Muscles:
    """Muscles of an infant of a size and age.

    Strength and stiffness grow with mass x length, as the moment of gravity does; strength besides
    with the relative strength of the age; damping with mass x length^1.5, so that the damping
    ratio under gravity stays the same.

    Args:
        spec: Values for the reference body.
        size: Of the infant.
        age_months: Of the infant.
    """
    mass = size.mass_kg / spec.reference_body.mass_kg
    length = size.length_m / spec.reference_body.length_m
    strong = mass * length * curve_at(spec.relative_strength, age_months)
    axes = [_axis_spec(spec, axis) for axis in AXES]
    return Muscles(
        strength_positive_nm=tuple(strong * a.strength.value[0] for a in axes),
        strength_negative_nm=tuple(strong * a.strength.value[1] for a in axes),
        stiffness_nm_per_rad=tuple(mass * length * a.stiffness.value for a in axes),
        damping_nms_per_rad=tuple(mass * length**1.5 * a.damping.value for a in axes),
        lowest_rad=tuple(float(np.radians(a.range.value[0])) for a in axes),
        highest_rad=tuple(float(np.radians(a.range.value[1])) for a in axes),
        rest_rad=tuple(float(np.radians(a.rest.value)) if a.rest else 0.0 for a in axes),
        end_stiffness_nm_per_rad=mass * length * spec.end_stiffness.value,
        activation_time_s=spec.activation_time.value,
    )


def _axis_spec(spec: MuscleSpec, axis: Axis) -> AxisSpec:
    return {str(kind): axes for kind, axes in spec.joints.items()}[axis.kind][axis.name]
