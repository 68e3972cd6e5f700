"""Extent: a change acts where its regions, muscles, the chosen side and the spinal level say."""

import numpy as np
import pytest

from dmi_sim.anatomy import AXES
from dmi_sim.condition.extent import AXIS_SIDES, denervated_share
from tests.condition.floppy import SIDES, TYPICAL, amount, applied, condition

MUSCLES = TYPICAL.muscles
NAMES = ("unilateral", "all_limbs")
TOPOGRAPHY = {
    "options": {
        "side": SIDES,
        "topography": {"description": "Limbs", "choices": NAMES, "default": "unilateral"},
    },
    "extent": {
        "by": "topography",
        "side": "side",
        "one_sided": ["unilateral"],
        "shares": {
            "unilateral": amount({"arm": 1.0, "elbow": 0.5}),
            "all_limbs": amount({"arm": 1.0, "leg": 0.5, "body": 1.0}),
        },
    },
}


def weakened(spec: dict[str, object], **options: object) -> dict[str, float]:
    """Share of its strength that each weakened muscle keeps."""
    weak = {"parameter": "strength", "factor": amount(0.0)} | spec.pop("weak", {})  # type: ignore[operator]
    left = applied(condition({"weak": weak}, **spec), options=options)[0].peak_force_n
    shares = np.divide(left, MUSCLES.peak_force_n)
    return {name: x for name, x in zip(MUSCLES.names, shares, strict=True) if x < 1}


def test_without_an_extent_all_muscles_are_affected() -> None:
    assert set(weakened({})) == set(MUSCLES.names)


def test_a_limb_stands_for_its_regions() -> None:
    affected = weakened({"weak": {"regions": ["leg", "neck"]}})
    regions = {MUSCLES.regions[MUSCLES.index(name)] for name in affected}
    assert regions == {"hip", "knee", "ankle", "neck"}


def test_a_named_muscle_is_affected_on_both_sides() -> None:
    assert set(weakened({"weak": {"muscles": ["soleus"]}})) == {"left_soleus", "right_soleus"}


@pytest.mark.parametrize("side", ["left", "right"])
def test_one_side_alone_is_affected_and_a_region_wins_over_its_limb(side: str) -> None:
    affected = weakened(dict(TOPOGRAPHY), side=side)
    assert all(name.startswith(side) for name in affected)
    assert affected[f"{side}_infraspinatus"] == 0.0
    assert affected[f"{side}_biceps"] == 0.5
    assert f"{side}_soleus" not in affected


def test_a_choice_that_is_not_one_sided_affects_both_sides() -> None:
    affected = weakened(dict(TOPOGRAPHY), topography="all_limbs")
    assert affected["left_soleus"] == affected["right_soleus"] == 0.5
    assert "left_longissimus" not in affected


@pytest.mark.parametrize(("topography", "factor"), [("unilateral", 1.0), ("all_limbs", 2.0)])
def test_sensory_noise_changes_where_the_shares_name_the_body(
    topography: str, factor: float
) -> None:
    noisy = {"parameter": "sensory_noise", "factor": amount(2.0)}
    _, nervous = applied(condition({"it": noisy}, **TOPOGRAPHY), options={"topography": topography})
    assert nervous.noise.tilt_rad == pytest.approx(factor * TYPICAL.nervous.noise.tilt_rad)


def test_a_sensory_delay_of_one_region_spares_the_central_delay() -> None:
    late = {"parameter": "sensory_delay", "regions": ["leg"], "add": amount(0.1, "s")}
    _, nervous = applied(condition({"it": late}))
    assert nervous.central_delay_s == TYPICAL.nervous.central_delay_s
    later = np.array(nervous.proprioceptive_delay_s) > TYPICAL.nervous.proprioceptive_delay_s
    assert {axis.kind for axis, hit in zip(AXES, later, strict=True) if hit} == {
        "hip",
        "knee",
        "ankle",
    }


def test_joints_of_the_midline_are_not_affected_by_a_one_sided_condition() -> None:
    spec = condition(
        {"soft": {"parameter": "stiffness", "factor": amount(0.5)}},
        options={"side": SIDES},
        extent={"side": "side"},
    )
    soft, typical = applied(spec)[0].tissue, MUSCLES.tissue
    halved = np.divide(soft.stiffness_nm_per_rad, typical.stiffness_nm_per_rad) == 0.5
    assert (halved == (np.array(AXIS_SIDES) == 1)).all()
    assert {axis.joint for axis, hit in zip(AXES, halved, strict=True) if hit} == {
        f"left_{joint}" for joint in ("shoulder", "elbow", "hip", "knee", "ankle")
    }


@pytest.mark.parametrize(
    ("muscle", "level", "share"),
    [
        ("soleus", "L5", 1.0),
        ("soleus", "S1", 0.5),
        ("soleus", "S5", 0.0),
        ("vasti", "L3", 1 / 3),
        ("vasti", "L1", 1.0),
        ("iliopsoas", "T12", 1.0),
        ("biceps", "C5", 0.5),
    ],
)
def test_a_muscle_is_denervated_by_the_share_of_its_roots_below_the_level(
    muscle: str, level: str, share: float
) -> None:
    assert denervated_share(MUSCLES, level)[MUSCLES.index(f"left_{muscle}")] == pytest.approx(share)
