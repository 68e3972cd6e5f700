"""Muscle files: actions and roots that exist, numbers that a muscle can have."""

from typing import Any

import pytest
from pydantic import ValidationError

from dmi_sim.anatomy import HINGES, MIDLINE, ROOTS
from dmi_sim.catalog import Catalog
from dmi_sim.spec.muscle import ACTIONS, GroupSpec, MuscleSpec

SHIPPED = Catalog.shipped().load(MuscleSpec, "hill_groups")


def quantity(value: Any, unit: str) -> dict[str, Any]:
    return {"value": value, "unit": unit, "basis": "assumed", "note": "test"}


def group(**changes: Any) -> GroupSpec:
    fields = {
        "region": "hip",
        "roots": ["L1", "L4"],
        "cross_section": quantity(5.0, "cm2"),
        "moment_arms": quantity({"hip.flexion": 1.7}, "cm"),
        "optimal_length": quantity(6.0, "cm"),
        "neutral_length": quantity(1.1, "1"),
    }
    return GroupSpec.model_validate({**fields, **changes})


def test_a_group_has_the_values_of_the_file() -> None:
    assert group().moment_arms.value == {"hip.flexion": 1.7}
    assert group().roots == ("L1", "L4")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"moment_arms": quantity({"hip.flexio": 1.7}, "cm")}, "did you mean 'hip.flexion'"),
        ({"moment_arms": quantity({"wrist.flexion": 1.0}, "cm")}, "no action 'wrist.flexion'"),
        ({"moment_arms": quantity({"elbow.abduction": 1.0}, "cm")}, "no action 'elbow.abduction'"),
        ({"moment_arms": quantity({"hip.flexion": -1.0}, "cm")}, "greater than 0"),
        ({"moment_arms": quantity({"hip.flexion": 1.0}, "m")}, "cm"),
        ({"roots": ["L1", "L9"]}, "no spinal root 'L9'"),
        ({"roots": ["S1", "L5"]}, "S1 is not cranial to L5"),
        ({"region": "wrist"}, "region"),
        ({"cross_section": quantity(0.0, "cm2")}, "greater than 0"),
        ({"optimal_length": quantity(-1.0, "cm")}, "greater than 0"),
        ({"neutral_length": quantity(1.0, "cm")}, "neutral_length"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_muscle_that_no_infant_has_is_refused(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        group(**change)


def test_a_muscle_may_be_innervated_by_one_root() -> None:
    assert group(roots=["L4", "L4"]).roots == ("L4", "L4")


def test_spinal_roots_are_in_order_from_cranial_to_caudal() -> None:
    assert (ROOTS[0], ROOTS[-1], len(ROOTS)) == ("C1", "S5", 30)
    assert ROOTS.index("C8") < ROOTS.index("T1") < ROOTS.index("L1") < ROOTS.index("S1")


def test_hinges_only_flex_and_actions_on_the_trunk_have_a_side() -> None:
    by_joint: dict[str, set[str]] = {}
    for action in ACTIONS:
        joint, word = action.split(".")
        by_joint.setdefault(joint, set()).add(word)
    for hinge in HINGES:
        assert by_joint[hinge] == {"flexion", "extension"}
    for joint in MIDLINE:
        assert {"side_bend", "same_rotation", "opposite_rotation"} <= by_joint[joint]


def test_the_shipped_muscles_use_every_action_of_every_joint() -> None:
    used = {action for spec in SHIPPED.groups.values() for action in spec.moment_arms.value}
    assert used == set(ACTIONS)


def test_the_region_of_a_muscle_is_one_of_its_joints() -> None:
    trunk = ("thoracic", "thoracolumbar", "waist")
    for name, spec in SHIPPED.groups.items():
        joints = {action.split(".")[0] for action in spec.moment_arms.value}
        assert joints & {spec.region, *(trunk if spec.region == "trunk" else ())}, name


def test_strength_and_speed_change_with_age_as_the_file_says() -> None:
    assert SHIPPED.relative_strength.value[SHIPPED.relative_strength.age_months.index(18)] == 1.0
    assert list(SHIPPED.relative_strength.value) == sorted(SHIPPED.relative_strength.value)
