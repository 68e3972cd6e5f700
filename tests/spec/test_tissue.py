"""Tissue files: every joint axis is present, with values that tissue can have."""

from typing import Any

import pytest
from pydantic import ValidationError

from dmi_sim.anatomy import AXES
from dmi_sim.catalog import Catalog
from dmi_sim.spec.tissue import TissueAxisSpec, TissueSpec

SHIPPED = Catalog.shipped().load(TissueSpec, "passive")


def quantity(value: Any, unit: str) -> dict[str, Any]:
    return {"value": value, "unit": unit, "basis": "assumed", "note": "test"}


def axis(**changes: Any) -> TissueAxisSpec:
    fields = {
        "stiffness": quantity(1.7, "N.m/rad"),
        "damping": quantity(1.3, "N.m.s/rad"),
        "range": quantity([-20, 130], "deg"),
    }
    return TissueAxisSpec.model_validate({**fields, **changes})


def test_every_axis_of_the_body_has_its_tissue_and_no_other() -> None:
    named = {(str(joint), name) for joint, axes in SHIPPED.joints.items() for name in axes}
    assert named == {(axis.kind, axis.name) for axis in AXES}


def test_a_quantity_needs_the_unit_of_its_field() -> None:
    with pytest.raises(ValidationError, match=r"N\.m/rad"):
        axis(stiffness=quantity(1.0, "N.m/deg"))


def test_tissue_is_slack_at_zero_unless_it_says_otherwise() -> None:
    assert axis().rest is None
    rest = axis(rest=quantity(10, "deg")).rest
    assert rest is not None
    assert rest.value == 10


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"stiffness": quantity(-1.0, "N.m/rad")}, "greater than or equal to 0"),
        ({"damping": quantity(-0.1, "N.m.s/rad")}, "greater than or equal to 0"),
        ({"range": quantity([30, -20], "deg")}, "not within 30 to -20"),
        ({"range": quantity([10, 130], "deg")}, "`rest` of 0 deg is not within 10 to 130"),
        ({"rest": quantity(140, "deg")}, "`rest` of 140 deg is not within -20 to 130"),
        ({"strength": quantity([8, 8], "N.m")}, "strength"),
    ],
)
def test_tissue_that_would_not_restore_is_refused(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        axis(**change)


@pytest.mark.parametrize(("joint", "name"), [("hip", None), ("neck", "rotation")])
def test_a_file_that_leaves_out_an_axis_is_refused_by_name(joint: str, name: str | None) -> None:
    data = SHIPPED.model_dump()
    del (data["joints"] if name is None else data["joints"][joint])[name or joint]
    with pytest.raises(ValidationError, match=joint):
        TissueSpec.model_validate(data)


@pytest.mark.parametrize("joint", ["wrist", "knee"])
def test_a_joint_or_an_axis_that_no_infant_has_is_refused(joint: str) -> None:
    data = SHIPPED.model_dump()
    data["joints"][joint] = data["joints"]["hip"]
    with pytest.raises(ValidationError, match=joint):
        TissueSpec.model_validate(data)
