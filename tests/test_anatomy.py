"""Axes: every degree of freedom has a name, a direction and a sign that agree with anatomy."""

import numpy as np
import pytest

from dmi_sim.anatomy import AXES, AXIS_INDEX, SEGMENT_INDEX, SEGMENTS
from dmi_sim.arrays import Vector
from dmi_sim.body.kinematics import inertial_params, joint_quaternions, segment_poses
from dmi_sim.infant import Infant

BODY = inertial_params(Infant.from_spec(7).ordered_segments)
FORWARD, LEFT, UP = np.eye(3)


def moved(label: str, segment: str, far: tuple[float, float, float]) -> Vector:
    """How a point of a segment moves when an axis turns by 0.3 rad in its positive direction."""
    angle = np.zeros(len(AXES))
    angle[AXIS_INDEX[label]] = 0.3
    s = SEGMENT_INDEX[segment]
    ends: list[Vector] = []
    for turn in (np.zeros(len(AXES)), angle):
        upright = np.array([0.0, 0.0, 0.0, 1.0])
        poses = segment_poses(np.zeros(3), upright, joint_quaternions(turn), BODY.joint_m)
        ends.append(poses[0][s] + poses[2][s] @ np.array(far))
    return ends[1] - ends[0]


TOP, BOTTOM, TOE, ASIDE = (0.0, 0.0, 0.1), (0.0, 0.0, -0.1), (0.1, 0.0, 0.0), (0.1, 0.0, 0.0)


@pytest.mark.parametrize(
    ("label", "segment", "point", "towards"),
    [
        ("neck.flexion", "head", TOP, FORWARD),
        ("waist.flexion", "lumbar", TOP, FORWARD),
        ("waist.abduction", "lumbar", TOP, -LEFT),
        ("thoracic.rotation", "upper_thorax", ASIDE, LEFT),
        ("left_hip.flexion", "left_thigh", BOTTOM, FORWARD),
        ("left_hip.abduction", "left_thigh", BOTTOM, LEFT),
        ("right_hip.abduction", "right_thigh", BOTTOM, -LEFT),
        ("left_hip.rotation", "left_thigh", TOE, LEFT),
        ("right_hip.rotation", "right_thigh", TOE, -LEFT),
        ("left_knee.flexion", "left_shank", BOTTOM, -FORWARD),
        ("left_ankle.flexion", "left_foot", TOE, UP),
        ("left_shoulder.flexion", "left_upper_arm", BOTTOM, FORWARD),
        ("right_shoulder.abduction", "right_upper_arm", BOTTOM, -LEFT),
        ("right_elbow.flexion", "right_forearm", BOTTOM, FORWARD),
    ],
)
def test_the_positive_direction_of_an_axis_moves_the_body_as_its_name_says(
    label: str, segment: str, point: tuple[float, float, float], towards: Vector
) -> None:
    path = moved(label, segment, point)
    assert path @ towards > 0.9 * np.linalg.norm(path)


def test_there_are_34_axes_each_with_its_own_name() -> None:
    assert len(AXES) == len(AXIS_INDEX) == 34
    assert all(AXES[index].label == label for label, index in AXIS_INDEX.items())


def test_hinges_only_flex() -> None:
    hinges = {node.joint for node in SEGMENTS if node.is_hinge}
    names = {axis.name for axis in AXES if axis.joint in hinges}
    assert hinges == {"left_elbow", "right_elbow", "left_knee", "right_knee"}
    assert names == {"flexion"}


def test_both_sides_of_a_limb_have_the_same_words_for_directions() -> None:
    words = {(axis.kind, axis.name): axis.directions for axis in AXES}
    assert all(words[axis.kind, axis.name] == axis.directions for axis in AXES)
    assert words["hip", "flexion"] == ("flexion", "extension")
    assert words["ankle", "flexion"] == ("dorsiflexion", "plantarflexion")
    assert words["waist", "abduction"] == ("right_bend", "left_bend")
