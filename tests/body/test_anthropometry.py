"""Lengths and masses: they add up to the whole body, and the newborn is as measured."""

import pytest

from dmi_sim.body.anthropometry import column_at, curve_at, segment_masses, standing_length
from dmi_sim.catalog import Catalog
from dmi_sim.infant import Infant
from dmi_sim.spec.body import AgeCurve, BodySpec

AGES = (0.0, 1.0, 3.0, 6.0, 9.0, 12.0, 18.0, 24.0)
SPEC = Catalog.shipped().load(BodySpec, "infant")
MASS_TABLE = Catalog.shipped().table(SPEC.mass_table)
CURVE = AgeCurve(
    age_months=(0, 12), value=(0.6, 0.5), unit="body_length", basis="assumed", note="test"
)


def test_a_curve_is_linear_between_ages_and_constant_beyond() -> None:
    assert curve_at(CURVE, 6.0) == pytest.approx(0.55)
    assert curve_at(CURVE, 24.0) == pytest.approx(0.5)


def test_a_column_is_constant_beyond_its_outermost_rows() -> None:
    table = {"month": ["2", "4"], "thigh": ["0.06", "0.08"]}
    ages = (0.0, 2.0, 3.0, 9.0)
    values = [column_at(table, "month", "thigh", age) for age in ages]
    assert values == pytest.approx([0.06, 0.06, 0.07, 0.08])


@pytest.mark.parametrize("age_months", AGES)
def test_segment_masses_add_up_to_body_mass(age_months: float) -> None:
    masses = segment_masses(MASS_TABLE, 8.0, age_months)
    both_sides = sum(mass for name, mass in masses.items() if name not in ("head", "trunk"))
    assert masses["head"] + masses["trunk"] + 2 * both_sides == pytest.approx(8.0, rel=1e-3)


@pytest.mark.parametrize("age_months", AGES)
def test_the_straight_body_is_as_long_as_the_growth_standard_says(age_months: float) -> None:
    infant = Infant.from_spec(age_months)
    assert standing_length(infant.lengths) == pytest.approx(infant.size.length_m, rel=1e-9)


def test_the_newborn_has_the_published_mass_and_length_fractions() -> None:
    newborn = Infant.from_spec(0)
    head, length = newborn.segments["head"], newborn.length_m
    trunk_kg = sum(
        newborn.segments[name].mass_kg
        for name in ("pelvis", "lumbar", "lower_thorax", "upper_thorax")
    )
    assert head.mass_kg / newborn.mass_kg == pytest.approx(0.24, abs=0.01)
    assert trunk_kg / newborn.mass_kg == pytest.approx(0.43, abs=0.01)
    assert head.length_m / length == pytest.approx(0.26, abs=0.01)
    legs = newborn.lengths.thigh + newborn.lengths.shank + newborn.lengths.ankle_height
    assert legs / length == pytest.approx(0.385, abs=0.02)


def test_with_age_the_head_shrinks_and_the_legs_grow_relative_to_body_length() -> None:
    infants = [Infant.from_spec(age) for age in AGES]
    heads = [infant.lengths.head / infant.length_m for infant in infants]
    legs = [(infant.lengths.thigh + infant.lengths.shank) / infant.length_m for infant in infants]
    assert heads == sorted(heads, reverse=True)
    assert legs == sorted(legs)
    assert heads[-1] < 0.9 * heads[0]
    assert legs[-1] > 1.15 * legs[0]


@pytest.mark.parametrize("age_months", AGES)
def test_every_length_is_plausible_for_an_infant(age_months: float) -> None:
    lengths = Infant.from_spec(age_months).lengths
    assert 0.9 < lengths.thigh / lengths.shank < 1.6
    assert lengths.hip_half < lengths.hip_breadth / 2
    assert lengths.shoulder_half > lengths.hip_half
    assert 0.015 < lengths.ankle_height < 0.05
    assert min(vars(lengths).values()) > 0
