"""Passive tissue of one infant: springs with a soft end, and dampers that cannot blow up."""

from dataclasses import dataclass

import numpy as np

from dmi_sim.anatomy import AXES, Axis
from dmi_sim.arrays import Vector
from dmi_sim.body.anthropometry import curve_at
from dmi_sim.body.growth import Size
from dmi_sim.kernel import kernel
from dmi_sim.spec.body import AgeCurve
from dmi_sim.spec.tissue import TissueAxisSpec, TissueSpec

PerAxis = tuple[float, ...]


@dataclass(frozen=True)
class Tissue:
    """Passive tissue about the 34 axes.

    Attributes:
        stiffness_nm_per_rad: Within the range of motion [N m/rad].
        damping_nms_per_rad: At any angle [N m s/rad].
        lowest_rad: Lower end of the range [rad].
        highest_rad: Upper end of the range [rad].
        rest_rad: Where tissue is slack [rad].
        end_stiffness_nm_per_rad: Added beyond the range [N m/rad].
    """

    stiffness_nm_per_rad: PerAxis
    damping_nms_per_rad: PerAxis
    lowest_rad: PerAxis
    highest_rad: PerAxis
    rest_rad: PerAxis
    end_stiffness_nm_per_rad: PerAxis


def build_tissue(spec: TissueSpec, size: Size, age_months: float) -> Tissue:
    """Tissue of an infant of a size and age.

    Stiffness grows with mass x length, as the moment of gravity does; damping with mass x
    length^1.5, so that the damping ratio under gravity stays the same.

    Args:
        spec: Values for the reference body.
        size: Of the infant.
        age_months: Of the infant; of corrected age if born early.
    """
    mass = size.mass_kg / spec.reference_body.mass_kg
    length = size.length_m / spec.reference_body.length_m
    axes = [_axis_spec(spec, axis) for axis in AXES]
    lowest = [_limit(a.lowest_by_age, a.range.value[0], age_months) for a in axes]
    highest = [_limit(a.highest_by_age, a.range.value[1], age_months) for a in axes]
    rest = np.clip([np.radians(a.rest.value) if a.rest else 0.0 for a in axes], lowest, highest)
    return Tissue(
        stiffness_nm_per_rad=tuple(mass * length * a.stiffness.value for a in axes),
        damping_nms_per_rad=tuple(mass * length**1.5 * a.damping.value for a in axes),
        lowest_rad=tuple(lowest),
        highest_rad=tuple(highest),
        rest_rad=tuple(rest.tolist()),
        end_stiffness_nm_per_rad=(mass * length * spec.end_stiffness.value,) * len(axes),
    )


def _axis_spec(spec: TissueSpec, axis: Axis) -> TissueAxisSpec:
    return {str(kind): axes for kind, axes in spec.joints.items()}[axis.kind][axis.name]


def _limit(by_age: AgeCurve | None, grown_deg: float, age_months: float) -> float:
    return float(np.radians(curve_at(by_age, age_months) if by_age else grown_deg))


@kernel
def add_spring_torque(angle: Vector, tissue: Vector, out: Vector) -> None:
    """Add the elastic torque of passive tissue [N m] to ``out``, shape (34,).

    Args:
        angle: Anatomical angles [rad], shape (34,).
        tissue: Rows stiffness, lowest, highest, rest, end stiffness; others follow.
        out: Torques [N m], shape (34,); changed.
    """
    for i in range(out.size):
        beyond = max(0.0, angle[i] - tissue[2, i]) + min(0.0, angle[i] - tissue[1, i])
        out[i] -= tissue[0, i] * (angle[i] - tissue[3, i]) + tissue[4, i] * beyond
