"""The segments that the floor and hands hold in a posture."""

import numpy as np
import pytest

from dmi_sim.anatomy import SEGMENTS
from dmi_sim.assessments.support_demand.static_posture import start_posture
from dmi_sim.catalog import Catalog
from dmi_sim.infant import Infant
from dmi_sim.spec.exercise import ExerciseSpec, StartPoseSpec
from tests.assessments.support_demand.postures import hands

SITTING = Catalog.shipped().load(ExerciseSpec, "sitting").start
LEGS = {node.name for node in SEGMENTS if node.kind in ("thigh", "shank", "foot")}


def on_floor(age: float, start: StartPoseSpec) -> set[str]:
    posture = start_posture(Infant.from_spec(age), start)
    return {node.name for node, lies in zip(SEGMENTS, posture.on_floor, strict=True) if lies}


@pytest.mark.parametrize("age", [0, 3, 6, 12, 18, 24])
def test_a_sitting_infant_has_its_legs_on_the_floor_and_can_rock_on_its_hips(age: float) -> None:
    assert on_floor(age, SITTING) == LEGS


@pytest.mark.parametrize("age", [0, 12, 24])
def test_a_standing_infant_has_its_feet_on_the_floor(age: float) -> None:
    assert on_floor(age, StartPoseSpec(angles_deg={}, angle_sd_deg=0)) == {
        "left_foot",
        "right_foot",
    }


def test_an_angle_without_a_side_bends_both_limbs() -> None:
    start = StartPoseSpec(angles_deg={"knee.flexion": 90, "neck.flexion": 10}, angle_sd_deg=0)
    angle = start.angles_rad()
    assert sorted(angle[angle != 0]) == pytest.approx(np.radians([10, 90, 90]))


def test_hands_do_not_support_segments_that_the_floor_holds() -> None:
    posture = start_posture(Infant.from_spec(6), SITTING)
    supported = {
        site: [SEGMENTS[s].name for s in posture.supported(hands(site))]
        for site in ("axillae", "thighs", "none")
    }
    assert supported == {"axillae": ["upper_thorax"], "thighs": [], "none": []}
