"""The infant of the growth standards: its size, its strength, its refusals."""

import random
import time
from math import inf, isfinite

import numpy as np
import pytest

from dmi_sim import Infant
from dmi_sim.anatomy import ROOTS
from dmi_sim.body.growth import Sex, size_at
from dmi_sim.catalog import Catalog
from dmi_sim.errors import InputError
from dmi_sim.spec.condition import ConditionSpec

AGES = (0, 1, 3, 6, 9, 12, 18, 24)
SHIPPED = Catalog.shipped()
WHO = SHIPPED.table("models/bodies/who_growth.csv")


@pytest.mark.parametrize("sex", ["female", "male"])
@pytest.mark.parametrize("age_months", AGES)
def test_the_median_infant_weighs_and_measures_what_the_standard_says(
    age_months: int, sex: Sex
) -> None:
    infant, row = Infant.from_spec(age_months, sex), (sex[0].upper(), str(age_months))
    at = list(zip(WHO["sex"], WHO["month"], strict=True)).index(row)
    assert infant.mass_kg == pytest.approx(float(WHO["wt_M_kg"][at]), rel=0.01)
    assert infant.length_m == pytest.approx(float(WHO["len_M_cm"][at]) / 100, rel=0.01)


@pytest.mark.parametrize("z", [-5.0, -3.0, -1.0, 2.0, 5.0])
def test_standard_scores_scale_the_whole_body(z: float) -> None:
    infant = Infant.from_spec(7, "male", length_z=z, weight_z=z)
    size = size_at(WHO, "male", 7.0, z, z)
    assert infant.mass_kg == pytest.approx(size.mass_kg, rel=0.01)
    assert infant.length_m == pytest.approx(size.length_m, rel=0.01)
    assert infant.anthropometry.head_half_axes_m()[0] == pytest.approx(
        Infant.from_spec(7, "male").anthropometry.head_half_axes_m()[0]
        * size.head_circumference_m
        / size_at(WHO, "male", 7.0).head_circumference_m
    )


def test_every_segment_has_mass_length_and_inertia() -> None:
    infant = Infant.from_spec(7)
    assert len(infant.segments) == 15
    for segment in infant.segments.values():
        assert segment.mass_kg > 0
        assert segment.length_m > 0
        assert len(segment.com_m) == len(segment.inertia_kgm2) == 3
    assert sum(s.mass_kg for s in infant.segments.values()) == pytest.approx(infant.mass_kg)


def test_infants_of_equal_configuration_are_equal() -> None:
    assert Infant.from_spec(7) == Infant.from_spec(7)
    assert Infant.from_spec(7).muscles == Infant.from_spec(7).muscles
    assert Infant.from_spec(7).muscles != Infant.from_spec(8).muscles
    assert Infant.from_spec(7) != Infant.from_spec(7, "male")


def test_the_configuration_has_every_option_so_that_it_rebuilds_the_infant() -> None:
    given = {"topography": "unilateral"}
    infant = Infant.from_spec(7, condition="spastic_cp", condition_options=given)
    options = dict(infant.config.condition_options)
    assert options == {"topography": "unilateral", "side": "left"}
    again = Infant.from_spec(7, condition="spastic_cp", condition_options=options)
    assert again == infant
    assert hash(again.config) == hash(infant.config)
    assert Infant.from_spec(7, condition="spastic_cp").config != infant.config


def test_a_newborn_cannot_hold_its_head_up_as_a_child_of_half_a_year_can() -> None:
    def reserve(age_months: float) -> float:
        infant = Infant.from_spec(age_months)
        head = infant.segments["head"]
        return infant.peak_torque_nm("neck", "extension") / (head.mass_kg * 9.81 * head.com_m[2])

    assert reserve(0) < 1.1
    assert reserve(6) > 1.5 * reserve(0)


@pytest.mark.parametrize(
    ("joint", "direction", "message"),
    [
        ("hipp", "flexion", "joint: no 'hipp'; did you mean 'hip'"),
        ("hip", "flexsion", "direction: no 'flexsion' at the hip; did you mean 'flexion'"),
        ("knee", "abduction", "direction: no 'abduction' at the knee"),
    ],
)
def test_an_unknown_direction_names_the_nearest(joint: str, direction: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        Infant.from_spec(7).peak_torque_nm(joint, direction)


NAN = float("nan")


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ({"age_months": -0.1}, "age_months: -0.1 is outside 0 to 24"),
        ({"age_months": 25}, "age_months: 25 is outside 0 to 24"),
        ({"age_months": NAN}, "age_months: nan is outside"),
        ({"sex": "femal"}, "sex: no 'femal'; did you mean 'female'"),
        ({"severity": 1.5}, "severity: 1.5 is outside 0 to 1"),
        ({"length_z": 5.1}, "length_z: 5.1 is outside -5 to 5"),
        ({"weight_z": NAN}, "weight_z: nan is outside"),
        ({"condition": "typicall"}, "did you mean 'typical'"),
        ({"condition": 3}, "condition: no '3'; known: "),
        ({"age_months": "7"}, "age_months: '7' is not a number"),
        ({"age_months": None}, "age_months: None is not a number"),
        ({"sex": 1}, "sex: no '1'; known: female, male"),
        ({"condition_options": {"side": "left"}}, "condition_options: typical offers none"),
        (
            {"condition": "spastic_cp", "condition_options": {"side": "lef"}},
            "condition_options.side: no 'lef'; did you mean 'left'",
        ),
    ],
)
def test_a_configuration_out_of_range_is_refused(config: dict[str, object], message: str) -> None:
    with pytest.raises(InputError, match=message):
        Infant.from_spec(**{"age_months": 7, **config})  # type: ignore[arg-type]


ODD = (NAN, inf, -1, 99, "left", None, "", [1], {"a": 1}, "L9", True, 1e300)
FIELDS = (
    "age_months",
    "sex",
    "condition",
    "severity",
    "length_z",
    "weight_z",
    "condition_options",
    "topography",
    "side",
    "level",
    "weeks",
    "growth",
    "growth_z",
)


def random_spec(rng: random.Random) -> dict[str, object]:
    """A configuration as a user might write it: mostly right, one value in ten odd."""

    def maybe(value: object) -> object:
        return rng.choice(ODD) if rng.random() < 0.1 else value

    options: dict[str, object] = {
        "topography": rng.choice(["unilateral", "diplegia", "quadriplegia"]),
        "side": rng.choice(["left", "right"]),
        "level": rng.choice(ROOTS),
        "weeks": rng.uniform(23, 37),
        "growth": rng.choice(["fenton", "intergrowth"]),
        "growth_z": rng.uniform(-2.1, 0.1),
    }
    condition = rng.choice(SHIPPED.names(ConditionSpec))
    offered = SHIPPED.load(ConditionSpec, condition).options
    chosen = {k: maybe(v) for k, v in options.items() if k in offered or rng.random() < 0.02}
    return {
        "age_months": maybe(rng.uniform(0, 24)),
        "sex": maybe(rng.choice(["female", "male"])),
        "condition": maybe(condition),
        "severity": maybe(rng.uniform(0, 1)),
        "length_z": maybe(rng.uniform(-5, 5)),
        "weight_z": maybe(rng.uniform(-5, 5)),
        "condition_options": maybe(chosen),
    }


def require_sane(infant: Infant) -> None:
    muscles, nervous, tissue = infant.muscles, infant.nervous, infant.muscles.tissue
    masses = [segment.mass_kg for segment in infant.ordered_segments]
    assert min(masses) > 0
    assert sum(masses) == infant.mass_kg == pytest.approx(infant.size.mass_kg, rel=1e-3)
    assert infant.length_m == pytest.approx(infant.size.length_m)
    assert all(min(s.inertia_kgm2) > 0 for s in infant.ordered_segments)
    assert min(muscles.peak_force_n) >= 0
    assert min(*muscles.optimal_length_m, *muscles.activation_time_s) > 0
    delays = (*nervous.reflex_delay_s, *nervous.proprioceptive_delay_s, nervous.central_delay_s)
    assert min(delays) >= 0
    assert max(delays) < 0.5
    assert (np.array(tissue.lowest_rad) < np.array(tissue.highest_rad)).all()
    assert (np.array(tissue.lowest_rad) <= np.array(tissue.rest_rad)).all()
    assert 0 <= min(nervous.sensation) <= max(nervous.sensation) <= 1
    assert 0 <= min(nervous.selectivity) <= max(nervous.selectivity) <= 1
    numbers = (*muscles.peak_force_n, *muscles.neutral_length, *nervous.reflex_gain, *masses)
    assert all(isfinite(x) for x in (*numbers, *tissue.stiffness_nm_per_rad, infant.length_m))


def built_or_refused(spec: dict[str, object]) -> Infant | str:
    """The infant, or the field that the refusal names."""
    try:
        return Infant.from_spec(**spec)  # type: ignore[arg-type]
    except InputError as error:
        return str(error).partition(":")[0].removeprefix("condition_options.")


def test_500_random_specs_build_a_sane_infant_or_name_the_field() -> None:
    rng, start = random.Random(20261123), time.perf_counter()
    results = [built_or_refused(random_spec(rng)) for _ in range(500)]
    seconds = time.perf_counter() - start
    infants = [result for result in results if isinstance(result, Infant)]
    for infant in infants:
        require_sane(infant)
    assert {result for result in results if isinstance(result, str)} <= set(FIELDS)
    assert 150 < len(infants) < 450
    assert seconds < 20
