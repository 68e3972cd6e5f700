"""What the floor holds in a posture."""

import numpy as np
import pytest

from dmi_sim.body.segments import PLACES
from dmi_sim.catalog import Catalog
from dmi_sim.assessments.support_demand.static_posture import start_stance
from dmi_sim.infant import Infant
from dmi_sim.spec.exercise import EnvironmentSpec, StartSpec
from dmi_sim.spec.support import HoldSpec

SITTING = Catalog.shipped().load(EnvironmentSpec, "sitting").start
LEGS = {place.name for place in PLACES if place.kind in ("thigh", "shank", "foot")}


def on_floor(age: float, start: StartSpec) -> set[str]:
    stance = start_stance(Infant.from_spec(age), start)
    return {place.name for place, held in zip(PLACES, stance.on_floor, strict=True) if held}


@pytest.mark.parametrize("age", [0, 3, 6, 12, 18, 24])
def test_a_sitting_infant_has_its_legs_on_the_floor_and_can_rock_on_its_hips(age: float) -> None:
    assert on_floor(age, SITTING) == LEGS


@pytest.mark.parametrize("age", [0, 12, 24])
def test_a_standing_infant_has_its_feet_on_the_floor(age: float) -> None:
    assert on_floor(age, StartSpec(angles_deg={}, spread_deg=0)) == {"left_foot", "right_foot"}


def test_an_angle_without_a_side_bends_both_limbs() -> None:
    start = StartSpec(angles_deg={"knee.flexion": 90, "neck.flexion": 10}, spread_deg=0)
    angle = start.angles_rad()
    assert sorted(angle[angle != 0]) == pytest.approx(np.radians([10, 90, 90]))


def test_hands_add_nothing_where_the_floor_holds() -> None:
    stance = start_stance(Infant.from_spec(6), SITTING)
    held = {
        site: [PLACES[s].name for s in stance.held(Catalog.shipped().load(HoldSpec, site))]
        for site in ("axillae", "thighs", "none")
    }
    assert held == {"axillae": ["upper_thorax"], "thighs": [], "none": []}
