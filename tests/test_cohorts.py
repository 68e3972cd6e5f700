"""Cohorts: reproducible, nested, and spread as the growth standard says."""

from functools import cache

import numpy as np
import pytest

import dmi_sim
from dmi_sim.body.growth import Sex
from dmi_sim.catalog import Catalog
from dmi_sim.errors import InputError
from dmi_sim.infant import Infant
from dmi_sim.spec.cohort import CohortSpec

WHO = Catalog.shipped().table("models/bodies/who_growth.csv")
N = 400


@cache
def many(sex: Sex | None = "male") -> tuple[Infant, ...]:
    return dmi_sim.cohort(N, 7, age_months=6, sex=sex)


def test_the_same_seed_gives_the_same_infants_and_another_others() -> None:
    assert dmi_sim.cohort(3, 1) == dmi_sim.cohort(3, 1)
    assert dmi_sim.cohort(3, 1) != dmi_sim.cohort(3, 2)


def test_the_first_of_many_are_those_of_a_smaller_cohort() -> None:
    assert dmi_sim.cohort(5, 11)[:2] == dmi_sim.cohort(2, 11)


def test_choosing_the_sex_or_the_condition_changes_nothing_else() -> None:
    girls = dmi_sim.cohort(4, 3, sex="female", condition="spastic_cp", severity=0.3)
    for girl, anyone in zip(girls, dmi_sim.cohort(4, 3), strict=True):
        assert girl.config.sex == "female"
        assert girl.config.severity == 0.3
        assert girl.config.length_z == anyone.config.length_z


@pytest.mark.parametrize(
    ("column", "scale", "read"),
    [("wt", 1.0, lambda i: i.mass_kg), ("len", 100.0, lambda i: i.length_m)],
)
def test_means_and_spreads_are_those_of_the_standard(column: str, scale: float, read) -> None:  # type: ignore[no-untyped-def]
    row = list(zip(WHO["sex"], WHO["month"], strict=True)).index(("M", "6"))
    unit = {"wt": "kg", "len": "cm"}[column]
    median = float(WHO[f"{column}_M_{unit}"][row])
    spread = float(WHO[f"{column}_sd_{unit}"][row])
    values = np.array([scale * read(infant) for infant in many()])
    assert abs(values.mean() - median) < 4 * spread / np.sqrt(N)
    assert values.std() == pytest.approx(spread, rel=0.12)


def test_long_infants_are_heavy_as_the_file_says_and_sexes_are_mixed() -> None:
    spec = Catalog.shipped().load(CohortSpec, "infants")
    scores = np.array([(i.config.length_z, i.config.weight_z) for i in many(None)])
    found = np.corrcoef(scores.T)[0, 1]
    assert found == pytest.approx(spec.length_weight_correlation.value, abs=0.1)
    assert np.abs(scores).max() <= spec.largest_z.value
    girls = sum(infant.config.sex == "female" for infant in many(None))
    assert girls / N == pytest.approx(spec.share_of_girls.value, abs=0.1)


@pytest.mark.parametrize(
    ("n", "seed", "more", "message"),
    [
        (0, 1, {}, "n: 0 is not a whole number from 1 on"),
        (2.5, 1, {}, "n: 2.5 is not a whole number"),
        (2, -1, {}, "seed: -1 is not a whole number from 0 on"),
        (2, 1, {"condition": "hypotonnia"}, "condition: no 'hypotonnia'; did you mean"),
        (2, 1, {"age_months": 30}, "age_months: 30 is outside 0 to 24"),
        (2, 1, {"condition_options": {"side": "left"}}, "condition_options: typical offers none"),
    ],
)
def test_a_wrong_cohort_is_refused(
    n: int, seed: int, more: dict[str, object], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        dmi_sim.cohort(n, seed, **more)  # type: ignore[arg-type]
