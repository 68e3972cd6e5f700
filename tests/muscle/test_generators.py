"""Strength and passive tissue over age."""

import numpy as np
import pytest

from dmi_sim.body.axes import AXES
from dmi_sim.body.growth import Size
from dmi_sim.catalog import Catalog
from dmi_sim.infant import Infant
from dmi_sim.muscle.generators import build_muscles
from dmi_sim.spec.muscle import MuscleSpec

AGES = (0.0, 1.0, 3.0, 6.0, 9.0, 12.0, 18.0, 24.0)
INFANTS = [Infant.from_spec(age) for age in AGES]
SPEC = Catalog.shipped().load(MuscleSpec, "torque_generators")


@pytest.mark.parametrize("axis", range(len(AXES)), ids=lambda i: AXES[i].label)
def test_strength_relative_to_weight_and_size_rises_with_age(axis: int) -> None:
    for is_positive in (True, False):
        relative = [
            infant.muscles.peak_torque_nm(axis, is_positive) / (infant.mass_kg * infant.length_m)
            for infant in INFANTS
        ]
        assert (np.diff(relative) > 0).all()


def test_passive_tissue_grows_with_the_body() -> None:
    for name in ("stiffness_nm_per_rad", "damping_nms_per_rad"):
        values = np.array([getattr(infant.muscles, name) for infant in INFANTS])
        assert (np.diff(values, axis=0) > 0).all()
    ends = [infant.muscles.end_stiffness_nm_per_rad for infant in INFANTS]
    assert ends == sorted(ends)


def test_the_reference_body_has_the_values_of_the_file() -> None:
    body, strongest = SPEC.reference_body, SPEC.relative_strength
    age = strongest.age_months[strongest.value.index(1.0)]
    muscles = build_muscles(SPEC, Size(body.mass_kg, body.length_m, 0.47), age)
    for i, axis in enumerate(AXES):
        spec = SPEC.joints[axis.kind][axis.name]  # type: ignore[index]
        assert muscles.peak_torque_nm(i, True) == pytest.approx(spec.strength.value[0])
        assert muscles.peak_torque_nm(i, False) == pytest.approx(spec.strength.value[1])
        assert muscles.stiffness_nm_per_rad[i] == pytest.approx(spec.stiffness.value)
        assert np.degrees(muscles.highest_rad[i]) == pytest.approx(spec.range.value[1])


def test_both_sides_are_equally_strong() -> None:
    muscles = INFANTS[3].muscles
    by_side = {"left": [], "right": []}
    for i, axis in enumerate(AXES):
        if axis.joint != axis.kind:
            side = axis.joint.removesuffix(f"_{axis.kind}")
            by_side[side].append((axis.name, muscles.strength_positive_nm[i]))
    assert by_side["left"] == by_side["right"]
    assert len(by_side["left"]) == 11


@pytest.mark.parametrize("index", range(len(AGES)), ids=lambda i: f"{AGES[i]:g} months")
def test_rest_lies_within_the_range_of_motion(index: int) -> None:
    muscles = INFANTS[index].muscles
    low, rest, high = (
        np.array(values) for values in (muscles.lowest_rad, muscles.rest_rad, muscles.highest_rad)
    )
    assert (low < rest).all()
    assert (rest < high).all()
