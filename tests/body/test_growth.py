"""Growth: the LMS formula, interpolation over age, standard scores, birth before term."""

from typing import get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dmi_sim.body.growth import (
    DAY_MONTHS,
    LARGEST_AGE_MONTHS,
    LARGEST_LMS_Z,
    LARGEST_Z,
    WEEK_MONTHS,
    BodySize,
    PretermBirth,
    Sex,
    StandardScores,
    blended_size,
    growth_chart,
    growth_standard,
    lms_value,
    preterm_size,
    restricted_lms_value,
    size_at,
)
from dmi_sim.catalog import Catalog
from dmi_sim.infant import Infant

SHIPPED = Catalog.shipped()
TABLE = SHIPPED.table("models/bodies/who_growth.csv")
FIRST_DAYS = SHIPPED.table("models/bodies/who_growth_first_days.csv")
STANDARDS = {sex: growth_standard(TABLE, FIRST_DAYS, sex) for sex in get_args(Sex)}
MEASURES = ("mass_kg", "length_m", "head_circumference_m")
PROPERTIES = settings(deadline=None, max_examples=200, derandomize=True)

ages = st.floats(0, LARGEST_AGE_MONTHS)
lms_scores = st.floats(-LARGEST_LMS_Z, LARGEST_LMS_Z)
scores = st.floats(-LARGEST_Z, LARGEST_Z)
sexes = st.sampled_from(get_args(Sex))
skewnesses = st.one_of(st.just(0.0), st.floats(-1.5, -1e-3), st.floats(1e-3, 1.5))
variations = st.floats(0.02, 0.2)


def standard_score(skewness: float, median: float, variation: float, value: float) -> float:
    """Standard score of a measurement, by the inverse of the LMS formula."""
    ratio = value / median
    power = np.log(ratio) if skewness == 0 else (ratio**skewness - 1) / skewness
    return float(power / variation)


@pytest.mark.parametrize("skewness", [-1.5, -0.2, 0.0, 0.35, 1.0])
@pytest.mark.parametrize("z", [-2.5, 0.0, 1.7])
def test_the_value_at_a_standard_score_has_that_score(skewness: float, z: float) -> None:
    median, variation = 7.6, 0.12
    value = lms_value(skewness, median, variation, z)
    assert standard_score(skewness, median, variation, value) == pytest.approx(z, abs=1e-9)


@PROPERTIES
@given(skewnesses, st.floats(0.5, 100), variations, lms_scores)
def test_any_lms_value_gives_back_its_standard_score(
    skewness: float, median: float, variation: float, z: float
) -> None:
    value = lms_value(skewness, median, variation, z)
    assert standard_score(skewness, median, variation, value) == pytest.approx(z, abs=1e-8)


@PROPERTIES
@given(skewnesses, variations, lms_scores, lms_scores)
def test_a_higher_standard_score_is_a_larger_measurement(
    skewness: float, variation: float, z: float, other: float
) -> None:
    low, high = sorted((z, other))
    smaller, larger = (lms_value(skewness, 7.6, variation, each) for each in (low, high))
    assert 0 < smaller <= larger
    assert smaller < larger or high - low < 1e-9


def who_score(skewness: float, median: float, variation: float, value: float) -> float:
    """Standard score of a weight, by the rule of WHO's own programs beyond -3 and 3."""
    z = standard_score(skewness, median, variation, value)
    if abs(z) <= 3:
        return z
    side = 1 if z > 0 else -1
    third, second = (lms_value(skewness, median, variation, side * edge) for edge in (3, 2))
    return side * (3 + abs(value - third) / abs(third - second))


@pytest.mark.parametrize("skewness", [-0.7, -0.2, 0.0, 0.35, 1.0])
@pytest.mark.parametrize("z", [-5.0, -3.001, -3.0, -1.0, 2.9, 3.0, 4.2, 5.0])
def test_a_weight_has_the_score_that_the_programs_of_who_give_it(skewness: float, z: float) -> None:
    value = restricted_lms_value(skewness, 7.6, 0.12, z)
    assert who_score(skewness, 7.6, 0.12, value) == pytest.approx(z, abs=1e-9)


@pytest.mark.parametrize("sex", get_args(Sex))
@pytest.mark.parametrize("age_months", [0.0, 0.5, 6.0, 24.0])
def test_beyond_three_standard_scores_weight_goes_on_in_equal_steps(
    age_months: float, sex: Sex
) -> None:
    weights = {
        z: size_at(TABLE, sex, age_months, 0, z).mass_kg for z in (-5, -4, -3, -2, 2, 3, 4, 5)
    }
    for inner, *outer in ((2, 3, 4, 5), (-2, -3, -4, -5)):
        steps = np.diff([weights[z] for z in (inner, *outer)])
        assert steps == pytest.approx(steps[0])
    assert weights[-5] > 0.35 * size_at(TABLE, sex, age_months).mass_kg


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


@PROPERTIES
@given(sexes, st.integers(0, 23), st.floats(0, 1), scores, scores)
def test_an_infant_of_any_age_is_between_its_sizes_of_the_months_around_it(
    sex: Sex, month: int, share: float, length_z: float, weight_z: float
) -> None:
    months = (float(month), month + share, month + 1.0)
    before, between, after = (size_at(TABLE, sex, age, length_z, weight_z) for age in months)
    for measure in MEASURES:
        low, here, high = (getattr(size, measure) for size in (before, between, after))
        assert low * (1 - 1e-12) <= here <= high * (1 + 1e-12)


@settings(deadline=None, max_examples=60, derandomize=True)
@given(sexes, ages, scores, scores)
def test_the_segments_of_any_infant_weigh_what_the_growth_standard_says(
    sex: Sex, age_months: float, length_z: float, weight_z: float
) -> None:
    infant = Infant.from_spec(age_months, sex, length_z=length_z, weight_z=weight_z)
    size = STANDARDS[sex].size(age_months, StandardScores(length_z, weight_z))
    assert infant.mass_kg == pytest.approx(size.mass_kg, rel=0.01)
    assert infant.length_m == pytest.approx(size.length_m, rel=0.01)


@PROPERTIES
@given(st.floats(0, 1), st.floats(2, 20), st.floats(2, 20))
def test_a_blend_of_two_sizes_lies_between_them(share: float, one: float, other: float) -> None:
    blend = blended_size(BodySize(one, 0.5, 0.3), BodySize(other, 0.8, 0.5), share)
    assert min(one, other) * (1 - 1e-12) <= blend.mass_kg <= max(one, other) * (1 + 1e-12)
    assert 0.5 * (1 - 1e-12) <= blend.length_m <= 0.8 * (1 + 1e-12)


def test_between_months_an_infant_is_between_sizes() -> None:
    before, between, after = (size_at(TABLE, "female", age) for age in (4.0, 4.5, 5.0))
    assert before.mass_kg < between.mass_kg < after.mass_kg
    assert before.length_m < between.length_m < after.length_m


@pytest.mark.parametrize("sex", ["female", "male"])
def test_every_month_brings_growth(sex: Sex) -> None:
    sizes = [size_at(TABLE, sex, float(age)) for age in range(25)]
    for measure in MEASURES:
        assert (np.diff([getattr(size, measure) for size in sizes]) > 0).all()


def test_standard_scores_change_weight_and_length_independently() -> None:
    median = size_at(TABLE, "male", 6.0)
    long = size_at(TABLE, "male", 6.0, length_z=2.0)
    heavy = size_at(TABLE, "male", 6.0, weight_z=2.0)
    assert long.length_m > 1.05 * median.length_m
    assert long.mass_kg == median.mass_kg
    assert long.head_circumference_m > median.head_circumference_m
    assert heavy.mass_kg > 1.2 * median.mass_kg
    assert heavy.length_m == median.length_m


def test_a_blend_of_nothing_or_all_is_exactly_one_of_the_two() -> None:
    small, big = BodySize(3.3, 0.49, 0.34), BodySize(12.1, 0.87, 0.48)
    assert blended_size(small, big, 0.0) == small
    assert blended_size(small, big, 1.0) == big
    assert blended_size(small, big, 0.25).mass_kg == pytest.approx(5.5)


def preterm(
    weeks_early: float, age_months: float, *, chart: str = "fenton", sex: Sex = "male"
) -> BodySize:
    """The median infant born some weeks early."""
    table = SHIPPED.table(f"models/bodies/{chart}_growth.csv")
    birth = PretermBirth(weeks_early, term_weeks=40, full_chart_weeks=3, fade_weeks=4)
    own_chart = growth_chart(table, sex, "pma_weeks")
    return preterm_size(STANDARDS[sex], own_chart, birth, age_months, StandardScores())


@pytest.mark.parametrize(
    ("weeks", "sex", "mass_kg", "length_m"),
    [  # Fenton 2013, 50th percentile
        (24, "male", 0.651, 0.3092),
        (30, "female", 1.306, 0.3845),
        (32, "male", 1.790, 0.4200),
    ],
)
def test_a_preterm_newborn_has_the_size_of_its_week(
    weeks: int, sex: Sex, mass_kg: float, length_m: float
) -> None:
    newborn = preterm(40 - weeks, 0.0, sex=sex)
    assert newborn.mass_kg == pytest.approx(mass_kg, rel=1e-3)
    assert newborn.length_m == pytest.approx(length_m, rel=1e-3)


@pytest.mark.parametrize("chart", ["fenton", "intergrowth"])
def test_after_its_chart_a_preterm_infant_has_the_standard_size_of_its_corrected_age(
    chart: str,
) -> None:
    early = preterm(10, 12.0, chart=chart)
    assert early == size_at(TABLE, "male", 12.0 - 10 * WEEK_MONTHS)


@pytest.mark.parametrize("age_months", [0.0, 0.7, 2.0, 7.0, 24.0])
def test_birth_at_term_is_the_standard_exactly(age_months: float) -> None:
    assert preterm(0.0, age_months) == STANDARDS["male"].size(age_months, StandardScores())


@pytest.mark.parametrize("sex", get_args(Sex))
def test_by_day_the_newborn_loses_weight_and_has_it_back_within_four_days(sex: Sex) -> None:
    days = [STANDARDS[sex].size(day * DAY_MONTHS, StandardScores()).mass_kg for day in range(8)]
    assert 0.98 < days[1] / days[0] < 0.995
    assert days[4] > days[0]
    assert (np.diff(days[1:]) > 0).all()


@pytest.mark.parametrize(
    ("sex", "day", "mass_kg", "length_m", "head_m"),
    [  # WHO Child Growth Standards by day, medians
        ("female", 1, 3.1957, 0.493166, 0.33975),
        ("female", 7, 3.3388, 0.503298, 0.345529),
        ("male", 1, 3.3174, 0.500601, 0.34562),
        ("female", 60, 5.1049, 0.569805, 0.382106),
    ],
)
def test_in_the_first_two_months_each_day_has_its_published_size(
    sex: Sex, day: int, mass_kg: float, length_m: float, head_m: float
) -> None:
    size = STANDARDS[sex].size(day * DAY_MONTHS, StandardScores())
    assert (size.mass_kg, size.length_m) == pytest.approx((mass_kg, length_m))
    assert size.head_circumference_m == pytest.approx(head_m)


@pytest.mark.parametrize("sex", get_args(Sex))
@pytest.mark.parametrize("z", [-5.0, -2.0, 0.0, 3.0, 5.0])
def test_days_and_months_of_the_standard_meet_without_a_jump(sex: Sex, z: float) -> None:
    ages = np.arange(0, 70) * DAY_MONTHS
    sizes = [STANDARDS[sex].size(age, StandardScores(z, z)) for age in ages.tolist()]
    for measure in MEASURES:
        steps = np.diff(np.log([getattr(size, measure) for size in sizes]))
        assert np.abs(steps[1:]).max() < 0.02
        assert abs(steps[0]) < 0.10  # at -5, the first day takes most


@pytest.mark.parametrize("age_months", [0.0, 1.0, 2.0, 2.7, 7.3, 24.0])
def test_at_whole_months_and_from_two_months_on_days_change_nothing(age_months: float) -> None:
    assert STANDARDS["male"].size(age_months, StandardScores(1.5, -2)) == size_at(
        TABLE, "male", age_months, 1.5, -2
    )


@pytest.mark.parametrize("chart", ["fenton", "intergrowth"])
@pytest.mark.parametrize("sex", ["female", "male"])
@pytest.mark.parametrize("weeks_early", [13.0, 8.0, 3.0, 1.0])
def test_a_preterm_infant_grows_every_two_days_and_never_jumps(
    weeks_early: float, sex: Sex, chart: str
) -> None:
    ages = np.arange(0, 12, 2 * DAY_MONTHS)
    sizes = [preterm(weeks_early, age, chart=chart, sex=sex) for age in ages.tolist()]
    for measure in MEASURES:
        steps = np.diff(np.log([getattr(size, measure) for size in sizes]))
        assert (steps[2:] > 0).all()
        assert steps.min() > -0.015  # in the first days an infant born near term loses weight
        assert steps.max() < 0.08  # INTERGROWTH's own first week brings 24 % of weight


@pytest.mark.parametrize("age_months", [0.0, 1.0, 2.2, 6.0])
@pytest.mark.parametrize("sex", ["female", "male"])
def test_each_day_earlier_an_infant_is_a_little_smaller(age_months: float, sex: Sex) -> None:
    sizes = [preterm(days / 7, age_months, sex=sex) for days in range(0, 16 * 7)]
    for measure in MEASURES:
        steps = np.diff(np.log([getattr(size, measure) for size in sizes]))
        assert (steps < 0).all()
        assert steps.min() > -0.03
