"""Passive tissue about the joints of one infant: stiffness, end stiffness, damping, range."""

from dataclasses import dataclass

import numpy as np

from dmi_sim.anatomy import AXES, Axis
from dmi_sim.arrays import Vector
from dmi_sim.body.anthropometry import curve_at
from dmi_sim.body.growth import BodySize
from dmi_sim.kernel import kernel
from dmi_sim.records import Records, record_dtype, records
from dmi_sim.spec.body import AgeCurve
from dmi_sim.spec.tissue import TissueAxisSpec, TissueSpec

PerAxis = tuple[float, ...]
"""One number for each of the 34 axes, in the order of :data:`dmi_sim.anatomy.AXES`."""


@dataclass(frozen=True)
class Tissue:
    """Passive tissue of one infant; every tuple runs over the 34 axes.

    Attributes:
        stiffness_nm_per_rad: Stiffness at any angle [N m/rad].
        damping_nms_per_rad: Damping at any angle [N m s/rad].
        lowest_rad: Lower end of the range of motion [rad].
        highest_rad: Upper end of the range of motion [rad].
        rest_rad: Angle at which the tissue is slack [rad].
        end_stiffness_nm_per_rad: Further stiffness beyond the range of motion [N m/rad].
    """

    stiffness_nm_per_rad: PerAxis
    damping_nms_per_rad: PerAxis
    lowest_rad: PerAxis
    highest_rad: PerAxis
    rest_rad: PerAxis
    end_stiffness_nm_per_rad: PerAxis


class AxisTissue:
    """The passive tissue about one axis.

    Attributes:
        stiffness_nm_per_rad: Stiffness at any angle [N m/rad].
        lowest_rad: Lower end of the range of motion [rad].
        highest_rad: Upper end of the range of motion [rad].
        rest_rad: Angle at which the tissue is slack [rad].
        end_stiffness_nm_per_rad: Further stiffness beyond the range of motion [N m/rad].
        damping_nms_per_rad: Damping at any angle [N m s/rad].
    """

    stiffness_nm_per_rad: float
    lowest_rad: float
    highest_rad: float
    rest_rad: float
    end_stiffness_nm_per_rad: float
    damping_nms_per_rad: float


def axis_tissue(tissue: Tissue) -> Records[AxisTissue]:
    """Passive tissue as an array over the axes, shape (34,)."""
    names = record_dtype(AxisTissue).names or ()
    return records(AxisTissue, {name: getattr(tissue, name) for name in names})


def build_tissue(spec: TissueSpec, size: BodySize, age_months: float) -> Tissue:
    """The passive tissue of an infant of a size and age.

    Stiffness scales with mass x length, as the moment of gravity does; damping with mass x
    length^1.5, so that the damping ratio of a limb that swings under gravity stays the same.

    Args:
        spec: Passive tissue of the reference body.
        size: Size of the infant.
        age_months: Age [months], corrected if the infant was born early.
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


def _limit(by_age: AgeCurve | None, constant_deg: float, age_months: float) -> float:
    return float(np.radians(curve_at(by_age, age_months) if by_age else constant_deg))


@kernel
def add_spring_torque(angle: Vector, tissue: Records[AxisTissue], out: Vector) -> None:
    """Add the elastic torque of passive tissue to ``out``.

    Args:
        angle: Anatomical angles [rad], shape (34,).
        tissue: Passive tissue, shape (34,).
        out: Torques [N m], shape (34,); changed.
    """
    # -k (q - q_rest) - k_end (q - nearest end of the range, where q is beyond it)
    for i in range(out.size):
        above, below = angle[i] - tissue[i].highest_rad, angle[i] - tissue[i].lowest_rad
        beyond = max(0.0, above) + min(0.0, below)
        elastic = tissue[i].stiffness_nm_per_rad * (angle[i] - tissue[i].rest_rad)
        out[i] -= elastic + tissue[i].end_stiffness_nm_per_rad * beyond
