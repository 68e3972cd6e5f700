"""What fibres and passive tissue do when no muscle acts."""

from dataclasses import replace

import numpy as np
import pytest

from dmi_sim.anatomy import AXIS_INDEX
from dmi_sim.infant import Infant
from dmi_sim.muscle.passive import passive_stiffness_nm_per_rad, passive_torque_nm
from dmi_sim.spec.exercise import posture_rad

MUSCLES = Infant.from_spec(6).muscles
SEATED = posture_rad({"hip.flexion": 90, "knee.flexion": 60, "elbow.flexion": 60})


@pytest.mark.parametrize(
    "label", ["left_hip.flexion", "neck.flexion", "waist.abduction", "right_knee.flexion"]
)
def test_passive_stiffness_is_how_passive_torque_falls_as_joints_turn(label: str) -> None:
    step = 1e-4 * np.eye(34)[AXIS_INDEX[label]]
    after, before = (passive_torque_nm(MUSCLES, SEATED + by) for by in (step, -step))
    stiffness = passive_stiffness_nm_per_rad(MUSCLES, SEATED)[:, AXIS_INDEX[label]]
    assert stiffness == pytest.approx((before - after) / 2e-4, rel=1e-3, abs=1e-4)


def test_tissue_at_rest_with_slack_fibres_resists_nothing() -> None:
    slack = replace(MUSCLES, neutral_length=(0.5,) * len(MUSCLES.names))
    rest = np.array(MUSCLES.tissue.rest_rad)
    assert passive_torque_nm(slack, rest) == pytest.approx(np.zeros(34), abs=1e-12)


def test_beyond_the_range_tissue_pushes_back_harder() -> None:
    axis = AXIS_INDEX["neck.flexion"]
    tissue = MUSCLES.tissue
    inside, beyond = (
        passive_stiffness_nm_per_rad(MUSCLES, (tissue.highest_rad[axis] + by) * np.eye(34)[axis])
        for by in (-0.01, 0.01)
    )
    assert beyond[axis, axis] > inside[axis, axis] + 0.9 * tissue.end_stiffness_nm_per_rad[axis]
