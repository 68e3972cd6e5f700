"""Size from kilograms and metres: back to standard scores, on the chart the infant grows by."""

from itertools import pairwise
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dmi_sim.body.growth import DAY_MONTHS, LARGEST_Z, Sex
from dmi_sim.catalog import Catalog
from dmi_sim.errors import InputError
from dmi_sim.infant import Infant
from dmi_sim.spec.condition import ConditionSpec

CONDITIONS = Catalog.shipped().names(ConditionSpec)
MODERATE = st.floats(-2.5, 2.5)


@pytest.mark.parametrize("condition", CONDITIONS)
@settings(deadline=None, max_examples=15, derandomize=True)
@given(st.sampled_from(get_args(Sex)), st.floats(0, 24), st.floats(0, 1), MODERATE, MODERATE)
def test_an_infant_of_measured_size_is_the_infant_of_its_standard_scores(
    condition: str, sex: Sex, age: float, severity: float, length_z: float, weight_z: float
) -> None:
    scored = Infant.from_spec(age, sex, condition, severity, length_z=length_z, weight_z=weight_z)
    measured = Infant.from_spec(
        age, sex, condition, severity, mass_kg=scored.mass_kg, length_m=scored.length_m
    )
    assert measured.mass_kg == pytest.approx(scored.mass_kg, rel=1e-12)
    assert measured.length_m == pytest.approx(scored.length_m, rel=1e-12)
    assert measured.config.weight_z == pytest.approx(weight_z, abs=1e-9)
    assert measured.config.length_z == pytest.approx(length_z, abs=1e-9)


def build(age_months: float, **given: Any) -> Infant:
    return Infant.from_spec(age_months, **given)


def limits(age_months: float, condition: str, name: str) -> tuple[float, float]:
    """Least and largest mass or length that the refusal of an impossible one names."""
    with pytest.raises(InputError) as refused:
        build(age_months, condition=condition, **{name: 1000.0})
    words = str(refused.value).split()
    return float(words[words.index("to") - 1]), float(words[words.index("to") + 1])


@pytest.mark.parametrize("condition", CONDITIONS)
@pytest.mark.parametrize("age_months", [0.0, 0.1, 7.0, 24.0])
@pytest.mark.parametrize("name", ["mass_kg", "length_m"])
def test_a_refusal_names_limits_that_are_not_refused_themselves(
    name: str, age_months: float, condition: str
) -> None:
    low, high = limits(age_months, condition, name)
    assert 0 < low < high
    for limit in (low, high):
        infant = build(age_months, condition=condition, **{name: limit})
        assert getattr(infant, name) == pytest.approx(limit, rel=1e-9)


def test_only_one_of_the_two_measures_may_be_given() -> None:
    light = Infant.from_spec(7, mass_kg=6.2)
    assert light.mass_kg == pytest.approx(6.2)
    assert light.config.length_z == 0
    short = Infant.from_spec(7, length_m=0.65, weight_z=-1)
    assert short.length_m == pytest.approx(0.65)
    assert short.config.weight_z == -1


def test_infants_of_equal_size_are_equal_however_it_was_said() -> None:
    measured = Infant.from_spec(7, "male", mass_kg=7.0, length_m=0.66)
    length_z, weight_z = measured.config.length_z, measured.config.weight_z
    assert Infant.from_spec(7, "male", length_z=length_z, weight_z=weight_z) == measured


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"mass_kg": 6.2, "weight_z": 1.0}, "mass_kg: give mass_kg or weight_z, not both"),
        ({"length_m": 0.6, "length_z": 1.0}, "length_m: give length_m or length_z, not both"),
        ({"mass_kg": 25}, r"mass_kg: 25 is outside 4\.\d+ to 13\.\d+ kg for a girl of 7 months"),
        ({"mass_kg": 6200}, "; 6200 g are 6.2 kg"),
        ({"length_m": 65}, "; 65 cm are 0.65 m"),
        ({"length_m": 0.3}, r"length_m: 0\.3 is outside 0\.5\d+ to 0\.7\d+ m"),
        ({"mass_kg": float("nan")}, "mass_kg: nan is outside 4"),
        ({"mass_kg": "heavy"}, "mass_kg: 'heavy' is not a number from 4"),
        ({"weight_z": -5.5}, "weight_z: -5.5 is outside -5 to 5"),
    ],
)
def test_a_size_that_no_infant_has_is_refused(given: dict[str, object], message: str) -> None:
    with pytest.raises(InputError, match=message):
        build(7, **given)


def test_the_shift_of_a_condition_counts_towards_the_largest_score() -> None:
    options = {"growth_z": -2.0}
    Infant.from_spec(7, "male", "chromosomal_disorder", 1.0, options, weight_z=-3)
    with pytest.raises(InputError, match="weight_z: -4 is outside -3 to 5"):
        Infant.from_spec(7, "male", "chromosomal_disorder", 1.0, options, weight_z=-4)


def test_no_preterm_infant_is_lighter_than_the_lightest_who_lived() -> None:
    options = {"weeks": 29}
    with pytest.raises(InputError, match=r"weight_z: -5 is outside -3\.\d+ to 5 .* 0\.2 kg"):
        Infant.from_spec(0, "male", "preterm", 1.0, options, weight_z=-5)
    lightest = Infant.from_spec(0, "male", "preterm", 1.0, options, mass_kg=0.2)
    assert lightest.mass_kg == pytest.approx(0.2)


@pytest.mark.parametrize("condition", CONDITIONS)
@pytest.mark.parametrize("age_months", [0.0, 3.0, 24.0])
def test_the_smallest_and_the_largest_infant_of_every_condition_can_be_built(
    age_months: float, condition: str
) -> None:
    sizes = {"length_m": limits(age_months, condition, "length_m")}
    sizes["mass_kg"] = limits(age_months, condition, "mass_kg")
    for length_m in sizes["length_m"]:
        for mass_kg in sizes["mass_kg"]:
            infant = Infant.from_spec(
                age_months, condition=condition, length_m=length_m, mass_kg=mass_kg
            )
            assert min(min(s.inertia_kgm2) for s in infant.ordered_segments) > 0
            assert max(abs(infant.config.weight_z), abs(infant.config.length_z)) <= LARGEST_Z


@pytest.mark.parametrize("growth", ["fenton", "intergrowth"])
@pytest.mark.parametrize("age_months", [0.0, 0.5, 1.0, 3.0])
def test_no_day_of_gestation_makes_an_infant_jump(age_months: float, growth: str) -> None:
    first = {"fenton": 24, "intergrowth": 27}[growth]
    births = [f"{weeks}+{day}" for weeks in range(first, 37) for day in range(7)]
    infants = [
        Infant.from_spec(age_months, "male", "preterm", 1.0, {"weeks": birth, "growth": growth})
        for birth in births
    ]
    for before, after in pairwise(infants):
        assert 1.0 < after.mass_kg / before.mass_kg < 1.04
        assert 1.0 < after.length_m / before.length_m < 1.02
        later = after.developmental_months - before.developmental_months
        assert -1e-12 <= later <= DAY_MONTHS + 1e-12
