"""Pull to sit: the trunk is drawn up, and the head follows if it can."""

from dataclasses import replace

import numpy as np
import pytest

from dmi_sim.assessments.bedside.pull_to_sit import pull_to_sit
from tests.assessments.bedside.infants import pulled, rises, stronger, typical, without_reflexes


@pytest.mark.parametrize("age_months", [0.0, 6.0, 24.0])
def test_the_trunk_ends_nearly_upright(age_months: float) -> None:
    assert np.radians(65) < pulled(typical(age_months)).trunk_end_rad < np.radians(100)


def test_the_state_for_the_picture_has_the_trunk_at_45_degrees() -> None:
    pos = pulled(typical(6)).state.segment_pos_world
    rise = pos[4] - pos[0]
    assert np.degrees(np.arctan2(rise[2], -rise[0])) == pytest.approx(45, abs=2)


def test_hands_pull_symmetrically_and_the_head_stays_in_the_middle() -> None:
    angle = pulled(typical(6)).state.joint_angle_rad
    assert abs(np.degrees(angle[9])) < 1  # side bend of the neck


def test_a_newborn_has_head_lag_and_an_infant_of_six_months_has_none() -> None:
    assert pulled(typical(0)).has_head_lag
    assert not pulled(typical(6)).has_head_lag


def test_voluntary_excitation_without_reflexes_does_not_stabilise_the_head() -> None:
    assert abs(pulled(typical(12)).end_lag_rad) < np.radians(20)
    assert abs(pulled(without_reflexes(typical(12))).end_lag_rad) > np.radians(60)


def test_the_newborn_lacks_strength_against_the_weight_of_its_head() -> None:
    """With mature reflexes a newborn still has head lag; with twice the strength as well, none."""
    newborn = typical(0)
    inhibition = (0.3,) * len(newborn.muscles.names)
    grown = replace(newborn, nervous=replace(newborn.nervous, reciprocal_inhibition=inhibition))
    assert pulled(grown).has_head_lag
    assert not pulled(stronger(grown, 2.0)).has_head_lag


def test_head_lag_falls_from_birth_to_a_year() -> None:
    assert rises(-pulled(typical(age)).lag_rad for age in (0.0, 2.0, 3.0, 4.0, 6.0, 12.0))


def test_findings_are_the_same_in_every_run() -> None:
    assert pull_to_sit(typical(6)) == pulled(typical(6))
