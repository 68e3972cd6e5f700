"""The common tools of the bedside tests."""

import numpy as np
import pytest

from dmi_sim.assessments.bedside.common import (
    HEIGHT_IN_AIR,
    SUPINE,
    align_midsagittal,
    elevation_rad,
    firm_support,
    hold_except,
    rotated_pose,
    simulate,
    world_of,
)
from dmi_sim.body.rotation import matrix_of, quaternion_of
from dmi_sim.nervous.motor_command import SILENT_LENGTH, silent_command
from dmi_sim.physics.pose import Pose
from dmi_sim.physics.support import Support
from dmi_sim.spec.exercise import posture_rad
from tests.assessments.bedside.infants import typical


def test_a_supine_infant_faces_up_with_its_head_behind_its_pelvis() -> None:
    body = matrix_of(rotated_pose(np.zeros(34), SUPINE, 1.0).pelvis_quat_world)
    assert body[:, 0] == pytest.approx([0, 0, 1])  # its front
    assert body[:, 2] == pytest.approx([-1, 0, 0])  # its head


def test_an_aligned_pose_keeps_the_pitch_and_drops_roll_and_shift() -> None:
    askew = quaternion_of(np.array([0.002, -1.5, 0.001]))
    pose = align_midsagittal(Pose(np.array([0.1, 0.02, 0.3]), askew, np.ones(34)))
    assert pose.pelvis_quat_world == pytest.approx(quaternion_of(np.array([0, -1.5, 0])), abs=1e-3)
    assert pose.pelvis_quat_world[[0, 2]].tolist() == [0, 0]
    assert pose.pelvis_pos_world.tolist() == [0.1, 0, 0.3]


@pytest.mark.parametrize("age_months", [0.0, 24.0])
def test_firm_hands_give_by_millimetres_and_hardly_turn(age_months: float) -> None:
    infant = typical(age_months)
    pose = rotated_pose(
        posture_rad({"elbow.flexion": 20}), (0.0, 0.0, 0.0), HEIGHT_IN_AIR * infant.length_m
    )
    with world_of(infant, pose, 240) as world:
        world.reset(pose, Support((firm_support(infant, "upper_thorax", 0.5),)))
        first = world.observe()
        last = simulate(world, silent_command(infant.muscles), 1.5)[-1]
    sunk = last.support_pos_world - first.support_pos_world
    assert np.abs(sunk).max() < 0.01
    assert last.support_share == pytest.approx(1, abs=0.15)  # arms and legs still swing
    assert last.segment_matrix_world[3][2, 2] > np.cos(np.radians(3))


def test_silent_regions_have_no_reflex_and_the_others_hold() -> None:
    muscles = typical(6).muscles
    command = hold_except(typical(6), np.zeros(34), "hip", "knee")
    silent = command.length == SILENT_LENGTH
    regions = {region for region, off in zip(muscles.regions, silent, strict=True) if off}
    assert regions == {"hip", "knee"}
    assert command.length[~silent] == pytest.approx(muscles.length_at(np.zeros(34))[~silent])


def test_a_direction_straight_up_has_an_elevation_of_90_degrees() -> None:
    assert elevation_rad(np.array([0, 0, 2.0])) == pytest.approx(np.pi / 2)
    assert elevation_rad(np.array([0, -3.0, -3.0])) == pytest.approx(-np.pi / 4)
