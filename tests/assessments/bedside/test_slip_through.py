"""Slip-through: the load that the shoulders can carry."""

import numpy as np
import pytest

from dmi_sim.anatomy import AXIS_INDEX
from dmi_sim.assessments.bedside.slip_through import LEVER, slip_through
from tests.assessments.bedside.infants import rises, stronger, typical


def test_an_infant_of_six_months_holds() -> None:
    assert slip_through(typical(6)).slip == 0


def test_infants_carry_more_of_their_weight_as_they_grow() -> None:
    assert rises(slip_through(typical(age)).carried for age in (0.0, 3.0, 6.0, 12.0, 24.0))


def test_half_the_strength_carries_about_half_and_no_strength_next_to_nothing() -> None:
    full, half, none = (slip_through(stronger(typical(6), share)) for share in (1.0, 0.5, 0.0))
    assert half.carried == pytest.approx(full.carried / 2, rel=0.1)
    assert none.slip > 0.8  # the rest is passive tissue


def test_the_share_that_slips_is_the_share_that_is_not_carried() -> None:
    weak = slip_through(stronger(typical(6), 0.4))
    assert weak.slip == pytest.approx(1 - weak.carried)
    assert 0 < weak.slip < 1


def test_no_more_is_carried_than_the_adductors_could_at_their_best_length() -> None:
    infant = typical(6)
    moment_arms_m = infant.muscles.moment_arms_m[:, AXIS_INDEX["left_shoulder.abduction"]]
    best_nm = np.sum(np.clip(-moment_arms_m, 0, None) * np.array(infant.muscles.peak_force_n))
    most = 2 * best_nm * 1.1 / (LEVER * infant.lengths.upper_arm) / (infant.mass_kg * 9.81)
    assert slip_through(infant).carried < most
