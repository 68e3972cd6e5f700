"""What muscles and passive tissue do at rest."""

from dataclasses import replace

import numpy as np
import pytest

from dmi_sim.anatomy import AXIS_INDEX
from dmi_sim.assessments.support_demand.passive import passive_stiffness, passive_torque
from dmi_sim.assessments.support_demand.static_posture import StaticPosture
from tests.assessments.support_demand.postures import sitting, without_passive_tissue


def moved(posture: StaticPosture, axis: int, by_rad: float) -> StaticPosture:
    step = by_rad * np.eye(34)[axis]
    return replace(posture, angle_rad=posture.angle_rad + step)


def test_passive_stiffness_is_how_passive_torque_falls_as_joints_turn() -> None:
    posture = sitting()
    for label in ("left_hip.flexion", "neck.flexion", "waist.abduction", "right_knee.flexion"):
        axis = AXIS_INDEX[label]
        after, before = (passive_torque(moved(posture, axis, by)) for by in (1e-4, -1e-4))
        slope = (after - before) / 2e-4
        assert passive_stiffness(posture)[:, axis] == pytest.approx(-slope, rel=1e-3, abs=1e-4)


def test_tissue_at_rest_with_slack_fibres_resists_nothing() -> None:
    posture = without_passive_tissue(sitting())
    assert passive_torque(posture) == pytest.approx(np.zeros(34), abs=1e-6)


def test_beyond_the_range_tissue_pushes_back_harder() -> None:
    posture = sitting()
    axis = AXIS_INDEX["neck.flexion"]
    highest = posture.infant.muscles.tissue.highest_rad[axis]
    inside, beyond = (
        passive_stiffness(replace(posture, angle_rad=(highest + by) * np.eye(34)[axis]))[axis, axis]
        for by in (-0.01, 0.01)
    )
    assert beyond > inside + 0.9 * posture.infant.muscles.tissue.end_stiffness_nm_per_rad[axis]
