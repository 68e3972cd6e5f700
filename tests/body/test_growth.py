"""Growth: the LMS formula, interpolation between months, what z-scores do."""

import numpy as np
import pytest

from dmi_sim.body.growth import Sex, lms_value, size_at
from dmi_sim.catalog import Catalog

TABLE = Catalog.shipped().table("models/bodies/who_growth.csv")


@pytest.mark.parametrize("skewness", [-1.5, -0.2, 0.0, 0.35, 1.0])
@pytest.mark.parametrize("z", [-2.5, 0.0, 1.7])
def test_the_value_at_a_z_score_has_that_z_score(skewness: float, z: float) -> None:
    median, variation = 7.6, 0.12
    ratio = lms_value(skewness, median, variation, z) / median
    power = np.log(ratio) if skewness == 0 else (ratio**skewness - 1) / skewness
    assert power / variation == pytest.approx(z, abs=1e-9)


def test_a_skewness_near_zero_meets_the_limit_without_a_jump() -> None:
    below, above = (lms_value(skewness, 7.6, 0.12, 2.0) for skewness in (0.0009, 0.0011))
    assert below == pytest.approx(above, rel=1e-4)


@pytest.mark.parametrize(
    ("sex", "age_months", "mass_kg", "length_m"),
    [  # WHO Child Growth Standards, weight-for-age and length-for-age, 50th percentile, lying
        ("female", 0, 3.2322, 0.491477),
        ("male", 0, 3.3464, 0.498842),
        ("female", 12, 8.9481, 0.740150),
        ("male", 12, 9.6479, 0.757488),
        ("female", 24, 11.4775, 0.864153),
        ("male", 24, 12.1515, 0.878161),
    ],
)
def test_the_median_infant_has_the_published_size(
    sex: Sex, age_months: float, mass_kg: float, length_m: float
) -> None:
    size = size_at(TABLE, sex, age_months)
    assert size.mass_kg == pytest.approx(mass_kg, rel=5e-3)
    assert size.length_m == pytest.approx(length_m, rel=5e-3)


def test_between_months_an_infant_is_between_sizes() -> None:
    before, between, after = (size_at(TABLE, "female", age) for age in (4.0, 4.5, 5.0))
    assert before.mass_kg < between.mass_kg < after.mass_kg
    assert before.length_m < between.length_m < after.length_m


@pytest.mark.parametrize("sex", ["female", "male"])
def test_every_month_brings_growth(sex: Sex) -> None:
    sizes = [size_at(TABLE, sex, float(age)) for age in range(25)]
    for column in ("mass_kg", "length_m", "head_circumference_m"):
        assert (np.diff([getattr(size, column) for size in sizes]) > 0).all()


def test_z_scores_move_weight_and_length_apart() -> None:
    median = size_at(TABLE, "male", 6.0)
    long = size_at(TABLE, "male", 6.0, length_z=2.0)
    heavy = size_at(TABLE, "male", 6.0, weight_z=2.0)
    assert long.length_m > 1.05 * median.length_m
    assert long.mass_kg == median.mass_kg
    assert long.head_circumference_m > median.head_circumference_m
    assert heavy.mass_kg > 1.2 * median.mass_kg
    assert heavy.length_m == median.length_m
