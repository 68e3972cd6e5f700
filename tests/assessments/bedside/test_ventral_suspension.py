"""Ventral suspension: segments without tone hang."""

import numpy as np

from tests.assessments.bedside.infants import stronger, suspended, typical, without_reflexes


def test_hands_hold_the_chest_level() -> None:
    chest = suspended(typical(6)).state.segment_matrix_world[2]
    assert abs(np.degrees(np.arcsin(chest[2, 2]))) < 5


def test_the_head_of_a_newborn_droops_and_that_of_a_year_old_rises() -> None:
    assert suspended(typical(0)).head_rad < np.radians(-30)
    assert suspended(typical(12)).head_rad > 0


def test_the_head_is_above_the_trunk_from_three_months_on() -> None:
    """A newborn's hangs, at three months it is held above the plane of the body (recalled)."""
    assert suspended(typical(3)).head_rad > 0
    assert suspended(typical(6)).head_rad > suspended(typical(3)).head_rad


def test_without_reflexes_head_back_and_legs_hang() -> None:
    limp, held = suspended(without_reflexes(typical(6))), suspended(typical(6))
    assert limp.head_rad < held.head_rad - np.radians(30)
    assert limp.back_rad < held.back_rad
    assert limp.leg_rad < held.leg_rad


def test_with_almost_no_strength_the_legs_hang_almost_straight_down() -> None:
    assert suspended(stronger(typical(6), 0.05)).leg_rad < np.radians(-60)


def test_the_infant_is_at_rest_when_the_angles_are_read() -> None:
    assert np.abs(suspended(typical(6)).state.joint_velocity_rad_s).max() < 0.5
