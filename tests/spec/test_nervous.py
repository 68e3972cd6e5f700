"""Nervous layer files: every region has its reflex and its nerve."""

from typing import Any, get_args

import pytest
from pydantic import ValidationError

from dmi_sim.anatomy import JointKind, Region, region_of
from dmi_sim.catalog import Catalog
from dmi_sim.infant import Infant
from dmi_sim.spec.nervous import NervousSpec

SHIPPED = Catalog.shipped().load(NervousSpec, "spinal")


def changed(path: tuple[str, ...], value: Any) -> NervousSpec:
    """The shipped file with one entry replaced."""
    data = SHIPPED.model_dump()
    inner = data
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    return NervousSpec.model_validate(data)


def test_every_joint_and_every_muscle_belongs_to_a_region_with_reflex_and_nerve() -> None:
    regions = {region_of(joint) for joint in get_args(JointKind)} | set(
        Infant.from_spec(7).muscles.regions
    )
    assert regions == set(get_args(Region))
    assert set(SHIPPED.reflex) == set(SHIPPED.path_length) == regions


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (("reflex", "hip", "gain", "value"), -1.0, "greater than or equal to 0"),
        (("reflex", "hip", "gain", "unit"), "1/rad", "gain"),
        (("reflex", "hip", "velocity", "value"), -0.1, "greater than or equal to 0"),
        (("path_length", "ankle", "value"), -0.1, "greater than or equal to 0"),
        (("path_length", "ankle", "unit"), "m", "body_length"),
        (("synaptic_delay", "value"), float("nan"), "synaptic_delay"),
        (("motor_noise", "age_months"), (0.0, 24.0, 6.0), "must rise"),
        (("wrist",), 1.0, "wrist"),
    ],
)
def test_a_nervous_layer_that_no_infant_has_is_refused(
    path: tuple[str, ...], value: Any, message: str
) -> None:
    with pytest.raises(ValidationError, match=message):
        changed(path, value)


@pytest.mark.parametrize("section", ["reflex", "path_length"])
def test_a_file_that_leaves_out_a_region_is_refused_by_name(section: str) -> None:
    data = SHIPPED.model_dump()
    del data[section]["knee"]
    with pytest.raises(ValidationError, match="knee"):
        NervousSpec.model_validate(data)


def test_a_reflex_threshold_may_lie_below_the_commanded_length() -> None:
    spec = changed(("reflex", "hip", "threshold", "value"), -0.05)
    assert spec.reflex["hip"].threshold.value == -0.05
