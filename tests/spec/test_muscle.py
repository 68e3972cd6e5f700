"""Muscle files: every joint axis is there, with values that tissue can have."""

from typing import Any

import pytest
from pydantic import ValidationError

from dmi_sim.body.axes import AXES
from dmi_sim.catalog import Catalog
from dmi_sim.spec.muscle import AxisSpec, MuscleSpec

SHIPPED = Catalog.shipped().load(MuscleSpec, "torque_generators")


def quantity(value: Any, unit: str) -> dict[str, Any]:
    return {"value": value, "unit": unit, "basis": "assumed", "note": "test"}


def axis(**changes: Any) -> AxisSpec:
    fields = {
        "strength": quantity([8, 8], "N.m"),
        "stiffness": quantity(1.7, "N.m/rad"),
        "damping": quantity(1.3, "N.m.s/rad"),
        "range": quantity([-20, 130], "deg"),
    }
    return AxisSpec.model_validate({**fields, **changes})


def test_every_axis_of_the_body_has_its_tissue_and_no_other() -> None:
    named = {(str(joint), name) for joint, axes in SHIPPED.joints.items() for name in axes}
    assert named == {(axis.kind, axis.name) for axis in AXES}


def test_a_unit_is_the_one_that_the_field_wants() -> None:
    with pytest.raises(ValidationError, match=r"N\.m"):
        axis(strength=quantity([8, 8], "N.cm"))


def test_tissue_is_slack_at_zero_unless_it_says_otherwise() -> None:
    assert axis().rest is None
    rest = axis(rest=quantity(10, "deg")).rest
    assert rest is not None
    assert rest.value == 10


@pytest.mark.parametrize(
    "change",
    [
        {"strength": quantity([-8, 8], "N.m")},
        {"stiffness": quantity(-1.0, "N.m/rad")},
        {"damping": quantity(-0.1, "N.m.s/rad")},
        {"range": quantity([30, -20], "deg")},
    ],
    ids=lambda change: next(iter(change)),
)
def test_tissue_that_would_push_the_wrong_way_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        axis(**change)


@pytest.mark.parametrize(("joint", "name"), [("hip", None), ("neck", "rotation")])
def test_a_file_that_leaves_out_an_axis_is_refused_by_name(joint: str, name: str | None) -> None:
    data = SHIPPED.model_dump()
    del (data["joints"] if name is None else data["joints"][joint])[name or joint]
    with pytest.raises(ValidationError, match=joint):
        MuscleSpec.model_validate(data)


def test_a_joint_that_nobody_has_is_refused() -> None:
    data = SHIPPED.model_dump()
    data["joints"]["wrist"] = data["joints"]["elbow"]
    with pytest.raises(ValidationError, match="wrist"):
        MuscleSpec.model_validate(data)
