"""Each change acts as the file says, in parameter, size and age; all else stays."""

from collections.abc import Mapping
from dataclasses import fields

import numpy as np
import pytest

from dmi_sim.anatomy import AXIS_INDEX
from dmi_sim.condition.parameters import TARGET_FIELDS
from dmi_sim.condition.transform import amount_at
from dmi_sim.errors import InputError
from dmi_sim.spec.condition import ADDED_UNIT, ONLY_ADDED, Change
from tests.condition.floppy import TYPICAL, amount, applied, condition

WEAK = {"parameter": "strength", "factor": amount(0.4)}
GMFCS = {
    "parameter": "strength",
    "factor": amount([0.9, 0.3], severity=[0.2, 1.0]),
    "by_age": amount([0.0, 1.0], "1", age_months=[0, 20]),
}


def change_of(given: Mapping[str, object]) -> Change:
    return condition({"it": given}).changes["it"]


@pytest.mark.parametrize(("severity", "factor"), [(0.0, 1.0), (0.5, 0.7), (1.0, 0.4)])
def test_a_change_with_one_number_is_proportional_to_severity(
    severity: float, factor: float
) -> None:
    assert amount_at(change_of(WEAK), severity, 7.0) == pytest.approx(factor)


@pytest.mark.parametrize(
    ("severity", "age_months", "factor"),
    [(0.1, 20, 0.95), (0.2, 24, 0.9), (0.6, 20, 0.6), (1.0, 20, 0.3), (1.0, 10, 0.65), (1, 0, 1)],
)
def test_a_change_over_severity_and_age_is_linear_between_its_points(
    severity: float, age_months: float, factor: float
) -> None:
    assert amount_at(change_of(GMFCS), severity, age_months) == pytest.approx(factor)


@pytest.mark.parametrize("parameter", TARGET_FIELDS)
def test_every_parameter_changes_its_target_fields_and_nothing_else(parameter: str) -> None:
    unit = ADDED_UNIT.get(parameter)  # type: ignore[call-overload]
    size = {"deg": 3.0, "1/s": 0.5}.get(unit or "", 0.01)
    added = parameter in ONLY_ADDED or parameter == "reflex_threshold"
    given = {"add": amount(size, unit)} if added and unit else {"factor": amount(0.8)}
    muscles, nervous = applied(condition({"it": {"parameter": parameter, **given}}))
    targets = {target.field for target in TARGET_FIELDS[parameter]}  # type: ignore[index]
    pairs = [
        (muscles, TYPICAL.muscles),
        (muscles.tissue, TYPICAL.muscles.tissue),
        (nervous, TYPICAL.nervous),
        (nervous.noise, TYPICAL.nervous.noise),
    ]
    differing = {
        field.name
        for one, other in pairs
        for field in fields(one)
        if getattr(one, field.name) != getattr(other, field.name)
    }
    assert differing - {"tissue", "noise", "rest_rad"} == targets


def test_severity_zero_changes_nothing_at_all() -> None:
    spec = condition(
        {"weak": WEAK, "late": {"parameter": "sensory_delay", "add": amount(0.02, "s")}}
    )
    assert applied(spec, severity=0.0) == (TYPICAL.muscles, TYPICAL.nervous)


def test_a_shorter_fibre_has_a_larger_relative_length_at_every_angle() -> None:
    spec = condition({"short": {"parameter": "fibre_length", "factor": amount(0.8)}})
    muscles, _ = applied(spec)
    angle = np.radians(np.full(len(AXIS_INDEX), 10.0))
    assert muscles.length_at(angle) == pytest.approx(TYPICAL.muscles.length_at(angle) / 0.8)


def test_a_wider_range_of_motion_is_wider_at_both_ends() -> None:
    spec = condition({"lax": {"parameter": "range", "add": amount(10, "deg")}})
    lax, typical = applied(spec)[0].tissue, TYPICAL.muscles.tissue
    assert np.subtract(typical.lowest_rad, lax.lowest_rad) == pytest.approx(np.radians(10))
    assert np.subtract(lax.highest_rad, typical.highest_rad) == pytest.approx(np.radians(10))


def test_the_resting_angle_stays_within_a_range_that_a_contracture_has_narrowed() -> None:
    tight = {"parameter": "lowest_angle", "axes": ["knee.flexion"], "add": amount(60, "deg")}
    tissue = applied(condition({"tight": tight}))[0].tissue
    knee = AXIS_INDEX["left_knee.flexion"]
    assert tissue.rest_rad[knee] == tissue.lowest_rad[knee]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"parameter": "selectivity", "factor": amount(1.5)}, "changes.it: selectivity: .* to 1"),
        ({"parameter": "reflex_delay", "add": amount(-9, "s")}, "changes.it: reflex_delay_s"),
        ({"parameter": "fibre_length", "factor": amount(0)}, "changes.it: optimal_length_m"),
        ({"parameter": "range", "add": amount(-90, "deg")}, "without a range of motion"),
        (WEAK | {"muscles": ["solus"]}, "muscles: no 'solus'; did you mean 'soleus'"),
    ],
)
def test_a_change_to_a_value_that_no_body_can_have_is_refused(
    given: dict[str, object], message: str
) -> None:
    with pytest.raises(InputError, match=f"floppy: .*{message}"):
        applied(condition({"it": given}))
