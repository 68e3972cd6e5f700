"""The body in a mirror: a mirrored posture puts mirrored segments where a mirror shows them."""

import numpy as np
import pytest

from dmi_sim.anatomy import AXES
from dmi_sim.body.kinematics import joint_quaternions, segment_poses
from dmi_sim.body.reflection import (
    AXES_MIRRORED,
    FORWARD_LEFT_UP,
    SEGMENTS_MIRRORED,
    Reflection,
)
from dmi_sim.body.rotation import quaternion_of
from dmi_sim.errors import InputError
from dmi_sim.infant import Infant


@pytest.mark.parametrize("axis", range(len(AXES)), ids=[axis.label for axis in AXES])
def test_a_mirrored_posture_is_where_a_mirror_shows_it(axis: int) -> None:
    """One axis at a time, on top of a posture of no particular symmetry."""
    angles = np.random.default_rng(0).normal(0, 0.3, len(AXES))
    angles[axis] += 0.7
    shown = FORWARD_LEFT_UP.of(_places(angles, (0.3, -0.2, 0.5)))[SEGMENTS_MIRRORED.source]
    assert _places(AXES_MIRRORED.of(angles), (-0.3, -0.2, -0.5)) == pytest.approx(shown, abs=1e-12)


def _places(angles: np.ndarray, attitude: tuple[float, ...]) -> np.ndarray:
    """Origins of all segments of an infant whose pelvis is at the origin [m], shape (15, 3)."""
    joint_m = np.array([one.joint_m for one in Infant.from_spec(7).ordered_segments])
    pelvis = quaternion_of(np.array(attitude))
    return segment_poses(np.zeros(3), pelvis, joint_quaternions(angles), joint_m)[0]


def test_mirrored_twice_is_as_before() -> None:
    numbers = np.arange(34.0)
    assert AXES_MIRRORED.of(AXES_MIRRORED.of(numbers)).tolist() == numbers.tolist()


def test_numbers_keep_their_precision() -> None:
    assert FORWARD_LEFT_UP.of(np.ones((2, 3), np.float32)).dtype == np.float32


def test_what_is_no_mirror_image_is_refused() -> None:
    with pytest.raises(ValueError, match="mirrored twice, the numbers are not as before"):
        Reflection(np.array([1, 2, 0]), np.ones(3, np.int8))
    with pytest.raises(ValueError, match="mirrored twice, the numbers are not as before"):
        Reflection(np.array([1, 0]), np.array([1, -1], np.int8))


def test_what_is_there_for_one_side_only_has_no_mirror_image() -> None:
    with pytest.raises(InputError, match=r"no mirror image of 'left_hip'.*no 'right_hip'"):
        Reflection.of_names(("neck", "left_hip"), (1, 1))


def test_parts_are_joined_one_after_another() -> None:
    swapped, turned = (
        Reflection.of_names(("left_foot", "right_foot"), (1, 1)),
        Reflection.in_place((-1,)),
    )
    joined = Reflection.joined((turned, swapped, turned))
    assert joined.of(np.array([1.0, 2.0, 3.0, 4.0])).tolist() == [-1.0, 3.0, 2.0, -4.0]
    assert Reflection.joined(()).size == 0
