"""Lengths, breadths and masses of the parts of one infant, before they become segments."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from dmi_sim.body.growth import Size
from dmi_sim.spec.body import AgeCurve, BodySpec

Table = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Dimensions:
    """Lengths of one infant [m].

    The legs close the body: hip to vertex plus thigh, shank and foot height is the recumbent
    length, with the measured proportion of thigh to shank.
    """

    trunk: float
    """Seat to C7."""
    head: float
    """C7 to vertex."""
    hip_height: float
    """Seat to hip axis."""
    upper_arm: float
    forearm: float
    """Elbow to finger tips: forearm and hand."""
    thigh: float
    shank: float
    foot: float
    """Heel to toe."""
    ankle_height: float
    """Sole to ankle axis."""
    hip_breadth: float
    hip_half: float
    """Midline to hip joint."""
    shoulder_half: float
    """Midline to shoulder joint."""


def curve_at(curve: AgeCurve, age_months: float) -> float:
    """Value of a curve over age, in its unit."""
    return float(np.interp(age_months, curve.age_months, curve.value))


def column_at(table: Table, age_column: str, column: str, age_months: float) -> float:
    """Value of a table column at an age; the outermost anchors hold beyond them."""
    ages = [float(x) for x in table[age_column]]
    return float(np.interp(age_months, ages, [float(x) for x in table[column]]))


def dimensions(spec: BodySpec, table: Table, size: Size, age_months: float) -> Dimensions:
    """Lengths of an infant [m] from its size and the proportions of its age.

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
    legs = length - assumed(p.crown_rump) + hip_height - ankle_height
    closing = legs / (thigh + shank)
    return Dimensions(
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


def standing_length(d: Dimensions) -> float:
    """Sole to vertex of the straight body [m]."""
    return d.ankle_height + d.shank + d.thigh - d.hip_height + d.trunk + d.head


def masses(table: Table, size: Size, age_months: float) -> dict[str, float]:
    """Masses [kg] of head, trunk and the limb segments of one side; together the body mass.

    Source:
        Jensen (1986) regressions extrapolated below 4 years; ``jensen1986`` in references.
    """

    def part(*columns: str) -> float:
        return size.mass_kg * sum(column_at(table, "month", c, age_months) for c in columns)

    return {
        "head": part("head_neck"),
        "trunk": part("trunk"),
        "upper_arm": part("upper_arm"),
        "forearm": part("forearm", "hand"),
        "thigh": part("thigh"),
        "shank": part("shank"),
        "foot": part("foot"),
    }
