"""Lengths, breadths and masses of one infant, before they become segments."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from dmi_sim.arrays import TableColumns
from dmi_sim.body.growth import BodySize
from dmi_sim.spec.body import AgeCurve, BodySpec


@dataclass(frozen=True)
class BodyLengths:
    """Lengths and breadths of one infant [m].

    The legs close the body: hip to vertex plus thigh, shank and foot height is the recumbent
    length, while thigh and shank keep their measured proportion.
    """

    trunk: float
    """Seat to C7 [m]."""
    head: float
    """C7 to vertex [m]."""
    hip_height: float
    """Seat to hip axis [m]."""
    upper_arm: float
    """Shoulder to elbow [m]."""
    forearm: float
    """Elbow to finger tips, forearm and hand together [m]."""
    thigh: float
    """Hip to knee [m]."""
    shank: float
    """Knee to ankle [m]."""
    foot: float
    """Heel to toe [m]."""
    ankle_height: float
    """Sole to ankle axis [m]."""
    hip_breadth: float
    """Breadth of the body at the hips [m]."""
    hip_half: float
    """Midline to hip joint [m]."""
    shoulder_half: float
    """Midline to shoulder joint [m]."""


@dataclass(frozen=True)
class Anthropometry:
    """All measures that the segments of one infant are built from.

    Attributes:
        spec: Proportions, densities and contact spheres that hold for every infant.
        size: Mass [kg], length [m] and head circumference [m].
        lengths: Lengths and breadths [m].
        masses_kg: Masses of head, trunk and the limb segments of one side [kg].
    """

    spec: BodySpec
    size: BodySize
    lengths: BodyLengths
    masses_kg: dict[str, float]

    def trunk_edges_m(self) -> tuple[float, ...]:
        """Heights above the seat where the four trunk segments begin and the last ends [m]."""
        h = self.spec.trunk_heights
        fractions = (0.0, h.waist.value, h.thoracolumbar.value, h.thoracic.value, 1.0)
        return tuple(self.lengths.trunk * fraction for fraction in fractions)

    def head_half_axes_m(self) -> tuple[float, float]:
        """Half the length and half the breadth of the skull [m].

        The skull is an ellipse seen from above whose mean radius gives the head circumference.
        """
        # a + b = C / pi for an ellipse that is nearly a circle; `ratio` splits the sum.
        mean = self.size.head_circumference_m / (2 * np.pi)
        ratio = self.spec.head_anterior_posterior_ratio.value
        return mean * ratio, mean * (2 - ratio)

    def trunk_half_axes_m(self) -> tuple[float, float]:
        """Half the depth and half the breadth of the trunk [m], at tissue density."""
        # The trunk is an elliptic cylinder as broad as the hips: pi a b = mass / (density length).
        half_y = self.lengths.hip_breadth / 2
        area = self.masses_kg["trunk"] / (self.spec.tissue_density.value * self.lengths.trunk)
        return area / (np.pi * half_y), half_y


def curve_at(curve: AgeCurve, age_months: float) -> float:
    """Value of a curve at an age, in the unit of the curve.

    >>> curve = AgeCurve(age_months=(0, 12), value=(0.6, 0.5), unit="1", basis="assumed", note="-")
    >>> round(curve_at(curve, 6.0), 3)
    0.55
    """
    return float(np.interp(age_months, curve.age_months, curve.value))


def column_at(table: TableColumns, age_column: str, column: str, age_months: float) -> float:
    """Value of a table column at an age, linear between rows, constant beyond the outermost.

    >>> column_at({"month": ["2", "4"], "thigh": ["0.06", "0.10"]}, "month", "thigh", 3.0)
    0.08
    """
    ages = [float(x) for x in table[age_column]]
    return float(np.interp(age_months, ages, [float(x) for x in table[column]]))


def body_lengths(
    spec: BodySpec, table: TableColumns, size: BodySize, age_months: float
) -> BodyLengths:
    """Lengths and breadths of an infant [m], from its size and the proportions of its age.

    Args:
        spec: Proportions that are assumed over age.
        table: Measured limb lengths as fractions of body length, by age group.
        size: Size of the infant; of it only length matters here.
        age_months: Age [months], corrected if the infant was born early.

    Source:
        Snyder et al. (1977), fractions of WHO length; ``snyder1977`` in models/references.yaml.
    """
    length = size.length_m

    def measured(column: str) -> float:
        return length * column_at(table, "mid_age_mo", column, age_months)

    def assumed(curve: AgeCurve) -> float:
        return length * curve_at(curve, age_months)

    p = spec.proportions
    trunk = assumed(p.crown_rump) - assumed(p.vertex_c7)
    hip_height = spec.trunk_heights.hip.value * trunk
    ankle_height = assumed(p.sole_to_ankle)
    thigh = measured("rump_knee") - assumed(p.buttock_depth)
    shank = measured("knee_sole") - assumed(p.knee_cap_height) - ankle_height
    # Thigh and shank share what is left between hip and ankle axis, in their measured ratio.
    legs = length - assumed(p.crown_rump) + hip_height - ankle_height
    closing = legs / (thigh + shank)
    return BodyLengths(
        trunk=trunk,
        head=assumed(p.vertex_c7),
        hip_height=hip_height,
        upper_arm=measured("upper_arm_shoulder_elbow"),
        forearm=measured("forearm") + measured("hand"),
        thigh=thigh * closing,
        shank=shank * closing,
        foot=measured("foot"),
        ankle_height=ankle_height,
        hip_breadth=measured("hip_breadth"),
        hip_half=spec.hip_half_breadth.value * measured("hip_breadth"),
        shoulder_half=assumed(p.shoulder_half_breadth),
    )


def standing_length(d: BodyLengths) -> float:
    """Length of the straight body from sole to vertex [m]."""
    return d.ankle_height + d.shank + d.thigh - d.hip_height + d.trunk + d.head


def segment_masses(table: TableColumns, mass_kg: float, age_months: float) -> dict[str, float]:
    """Masses [kg] of head, trunk and the limb segments of one side; they add up to body mass.

    Args:
        table: Segment masses as fractions of body mass, by month.
        mass_kg: Body mass [kg].
        age_months: Age [months], corrected if the infant was born early.

    Source:
        Jensen (1986) regressions extrapolated below 4 years; ``jensen1986`` in references.
    """

    def mass(*columns: str) -> float:
        return mass_kg * sum(column_at(table, "month", c, age_months) for c in columns)

    return {
        "head": mass("head_neck"),
        "trunk": mass("trunk"),
        "upper_arm": mass("upper_arm"),
        "forearm": mass("forearm", "hand"),
        "thigh": mass("thigh"),
        "shank": mass("shank"),
        "foot": mass("foot"),
    }


def whole_mass(masses_kg: Mapping[str, float]) -> float:
    """Mass of the whole body [kg]: head, trunk, and the limb segments of both sides.

    Args:
        masses_kg: Masses as :func:`segment_masses` gives them [kg].
    """
    limbs = (mass for name, mass in masses_kg.items() if name not in ("head", "trunk"))
    return masses_kg["head"] + masses_kg["trunk"] + 2 * sum(limbs)
