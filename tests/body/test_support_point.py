"""Support points: the height on the body of each support site."""

import numpy as np
import pytest

from dmi_sim.anatomy import SEGMENTS
from dmi_sim.body.kinematics import inertial_params
from dmi_sim.body.statics import segments_in_pelvis
from dmi_sim.body.support_point import support_point
from dmi_sim.catalog import Catalog
from dmi_sim.errors import InputError
from dmi_sim.infant import Infant
from dmi_sim.spec.support import SITES, SupportSpec

INFANT = Infant.from_spec(6)


def height_above_seat_m(site: str) -> float:
    """Height of the support point on the straight body."""
    support = Catalog.shipped().load(SupportSpec, site)
    index = next(i for i, node in enumerate(SEGMENTS) if node.kind == support.segment)
    pos, _ = segments_in_pelvis(inertial_params(INFANT.ordered_segments).joint_m, np.zeros(34))
    point = support_point(support, INFANT.anthropometry, INFANT.ordered_segments[index])
    return float(pos[index, 2] + point[2] + INFANT.lengths.hip_height)


@pytest.mark.parametrize(
    ("site", "share"),
    [("shoulder_girdle", 1.0), ("axillae", 0.82), ("lower_ribs", 0.45), ("pelvis", 0.18)],
)
def test_support_points_of_the_trunk_are_at_their_share_of_the_trunk(
    site: str, share: float
) -> None:
    assert height_above_seat_m(site) == pytest.approx(share * INFANT.lengths.trunk)


def test_support_points_go_down_the_body_in_the_order_of_the_sites() -> None:
    heights = [height_above_seat_m(site) for site in SITES if site != "none"]
    assert heights == sorted(heights, reverse=True)


@pytest.mark.parametrize("age_months", [0, 6, 24])
def test_hands_on_the_feet_hold_between_ankle_and_sole(age_months: float) -> None:
    infant = Infant.from_spec(age_months)
    feet = Catalog.shipped().load(SupportSpec, "feet")
    foot = next(one for one in infant.ordered_segments if one.node.kind == "foot")
    x, y, z = support_point(feet, infant.anthropometry, foot)
    assert (x, y) == (0, 0)
    assert z == pytest.approx(-feet.height.value * infant.lengths.ankle_height)
    assert -infant.lengths.ankle_height < z < 0


@pytest.mark.parametrize("name", Catalog.shipped().names(SupportSpec))
def test_every_support_point_lies_on_its_segment(name: str) -> None:
    support = Catalog.shipped().load(SupportSpec, name)
    for segment in INFANT.ordered_segments:
        if segment.node.kind == support.segment:
            reach_m = max(segment.length_m, INFANT.lengths.ankle_height)
            assert np.abs(support_point(support, INFANT.anthropometry, segment)).max() <= reach_m


def test_a_height_of_the_trunk_beyond_the_held_segment_is_refused() -> None:
    support = Catalog.shipped().load(SupportSpec, "pelvis")
    high = support.height.model_copy(update={"value": 0.9})
    pelvis = INFANT.ordered_segments[0]
    with pytest.raises(InputError, match=r"at the pelvis: height: 0.9 .* from 0.00 to 0.24"):
        support_point(support.model_copy(update={"height": high}), INFANT.anthropometry, pelvis)
