"""Conditions are factors: none at severity 0, in full at 1, in proportion between."""

import numpy as np
import pytest

from dmi_sim.catalog import Catalog
from dmi_sim.condition.transform import factor_at, with_condition
from dmi_sim.infant import Infant
from dmi_sim.muscle.generators import PerAxis
from dmi_sim.spec.base import Quantity
from dmi_sim.spec.condition import ConditionSpec, Trait

TYPICAL = Infant.from_spec(7)
FULL: dict[Trait, float] = {
    "strength": 0.4,
    "stiffness": 0.5,
    "damping": 0.6,
    "reflex_gain": 0.7,
    "reflex_damping": 0.8,
    "delay": 1.5,
}
FLOPPY = ConditionSpec.model_validate(
    {
        "title": "Floppy",
        "description": "For tests.",
        "factors": {
            trait: {"value": value, "unit": "1", "basis": "assumed", "note": "test"}
            for trait, value in FULL.items()
        },
    }
)


@pytest.mark.parametrize(("severity", "factor"), [(0.0, 1.0), (0.5, 0.7), (1.0, 0.4)])
def test_a_factor_grows_in_proportion_to_severity(severity: float, factor: float) -> None:
    assert factor_at(FLOPPY, "strength", severity) == pytest.approx(factor)


def test_a_trait_that_is_not_named_stays() -> None:
    weak = FLOPPY.model_copy(update={"factors": {"strength": FLOPPY.factors["strength"]}})
    muscles, nervous = with_condition(TYPICAL.muscles, TYPICAL.nervous, weak, 1.0)
    assert nervous == TYPICAL.nervous
    assert muscles.stiffness_nm_per_rad == TYPICAL.muscles.stiffness_nm_per_rad
    assert muscles.strength_positive_nm != TYPICAL.muscles.strength_positive_nm


def test_severity_zero_changes_nothing_at_all() -> None:
    assert with_condition(TYPICAL.muscles, TYPICAL.nervous, FLOPPY, 0.0) == (
        TYPICAL.muscles,
        TYPICAL.nervous,
    )


def test_full_severity_scales_every_trait_and_spares_the_range_of_motion() -> None:
    muscles, nervous = with_condition(TYPICAL.muscles, TYPICAL.nervous, FLOPPY, 1.0)
    pairs: list[tuple[Trait, float | PerAxis, float | PerAxis]] = [
        ("strength", muscles.strength_positive_nm, TYPICAL.muscles.strength_positive_nm),
        ("strength", muscles.strength_negative_nm, TYPICAL.muscles.strength_negative_nm),
        ("stiffness", muscles.stiffness_nm_per_rad, TYPICAL.muscles.stiffness_nm_per_rad),
        ("damping", muscles.damping_nms_per_rad, TYPICAL.muscles.damping_nms_per_rad),
        ("reflex_gain", nervous.reflex_gain_per_rad, TYPICAL.nervous.reflex_gain_per_rad),
        (
            "reflex_damping",
            nervous.reflex_damping_s_per_rad,
            TYPICAL.nervous.reflex_damping_s_per_rad,
        ),
        ("delay", nervous.sensory_delay_s, TYPICAL.nervous.sensory_delay_s),
    ]
    for trait, changed, typical in pairs:
        assert np.array(changed) == pytest.approx(FULL[trait] * np.array(typical))
    assert muscles.lowest_rad == TYPICAL.muscles.lowest_rad
    assert muscles.highest_rad == TYPICAL.muscles.highest_rad


def test_every_shipped_condition_says_in_words_what_it_changes() -> None:
    catalog = Catalog.shipped()
    for name in catalog.names(ConditionSpec):
        spec = catalog.load(ConditionSpec, name)
        assert spec.description.endswith(".")
        assert all(quantity.value > 0 for quantity in spec.factors.values())
        assert all(isinstance(quantity, Quantity) for quantity in spec.factors.values())
