"""Body files: curves over age, and bodies that no infant has."""

from typing import Any, get_args

import pytest
from pydantic import ValidationError

from dmi_sim.anatomy import SegmentKind
from dmi_sim.catalog import Catalog
from dmi_sim.spec.body import AgeCurve, BodySpec, ContactSphere, ReferenceSize

SHIPPED = Catalog.shipped().load(BodySpec, "infant")


def curve(**changes: Any) -> AgeCurve:
    fields = {"age_months": [0, 12], "value": [0.6, 0.5], "unit": "1", "basis": "assumed"}
    return AgeCurve.model_validate({**fields, "note": "test", **changes})


def test_a_curve_has_one_value_for_each_age() -> None:
    assert curve().value == (0.6, 0.5)
    with pytest.raises(ValidationError, match="2 ages but 3 values"):
        curve(value=[0.6, 0.5, 0.4])


@pytest.mark.parametrize("ages", [[12, 0], [6, 6]])
def test_the_ages_of_a_curve_rise(ages: list[float]) -> None:
    with pytest.raises(ValidationError, match="`age_months` must rise"):
        curve(age_months=ages)


@pytest.mark.parametrize(
    "change", [{"radius": 0.0}, {"radius": 0.5}, {"along": 3.0}, {"offset": [0.0]}, {"size": 1}]
)
def test_a_contact_sphere_that_fits_no_infant_is_refused(change: dict[str, Any]) -> None:
    fields = {"name": "heel", "along": 0.5, "offset": [0.0, 0.0], "radius": 0.02}
    assert ContactSphere.model_validate(fields).radius == 0.02
    with pytest.raises(ValidationError):
        ContactSphere.model_validate({**fields, **change})


@pytest.mark.parametrize("change", [{"mass_kg": 0}, {"length_m": -0.6}])
def test_a_reference_body_has_a_positive_size(change: dict[str, float]) -> None:
    with pytest.raises(ValidationError, match="greater than 0"):
        ReferenceSize.model_validate({"mass_kg": 7.5, "length_m": 0.67, **change})


def test_the_shipped_body_gives_every_segment_an_inertia_floor() -> None:
    assert set(SHIPPED.inertia_floor) == set(get_args(SegmentKind))
    assert all(floor.value > 0 for floor in SHIPPED.inertia_floor.values())


def test_a_body_that_leaves_out_a_segment_is_refused_by_name() -> None:
    data = SHIPPED.model_dump()
    del data["inertia_floor"]["shank"]
    with pytest.raises(ValidationError, match="shank"):
        BodySpec.model_validate(data)


def test_the_joints_of_the_shipped_trunk_stand_one_above_the_other() -> None:
    heights = SHIPPED.trunk_heights
    order = [heights.hip, heights.waist, heights.thoracolumbar, heights.thoracic, heights.shoulder]
    values = [height.value for height in order]
    assert values == sorted(values)
    assert values[0] > 0
    assert values[-1] < 1


def test_contact_spheres_have_unique_names() -> None:
    names = [sphere.name for spheres in SHIPPED.contact_spheres.values() for sphere in spheres]
    assert len(set(names)) == len(names)


def test_segments_that_may_touch_have_contact_spheres() -> None:
    kinds = {kind for pair in SHIPPED.touching_pairs for kind in pair}
    assert kinds <= set(SHIPPED.contact_spheres)
