"""Righting: an infant on a tilted seat."""

from collections.abc import Callable

import numpy as np
import pytest

from dmi_sim.assessments.bedside.righting import TILT_RAD
from dmi_sim.infant import Infant
from tests.assessments.bedside.infants import stronger, tilted, typical, without_reflexes


def test_reflexes_alone_never_bring_the_trunk_above_the_tilt_of_the_seat() -> None:
    found = tilted(typical(24))
    assert found.forward_trunk_rad > TILT_RAD
    assert found.sideways_trunk_rad > TILT_RAD


def test_older_infants_stay_up_better() -> None:
    newborn, half_a_year = tilted(typical(0)), tilted(typical(6))
    assert half_a_year.forward_trunk_rad < newborn.forward_trunk_rad - np.radians(30)
    assert half_a_year.sideways_trunk_rad < newborn.sideways_trunk_rad - np.radians(30)


def test_the_head_falls_further_than_the_trunk() -> None:
    found = tilted(typical(6))
    assert found.forward_head_rad > found.forward_trunk_rad
    assert found.sideways_head_rad > found.sideways_trunk_rad


@pytest.mark.parametrize("change", [without_reflexes, lambda infant: stronger(infant, 0.5)])
def test_without_reflexes_or_strength_trunk_and_head_fall_further(
    change: Callable[[Infant], Infant],
) -> None:
    less, usual = tilted(change(typical(6))), tilted(typical(6))
    assert less.forward_trunk_rad > usual.forward_trunk_rad
    assert less.forward_head_rad > usual.forward_head_rad
    assert less.sideways_trunk_rad > usual.sideways_trunk_rad


def test_hands_keep_the_pelvis_on_the_seat() -> None:
    pelvis = tilted(typical(6)).state.segment_matrix_world[0]
    pitch = np.arctan2(pelvis[0, 2], pelvis[2, 2])
    assert pitch == pytest.approx(TILT_RAD, abs=np.radians(5))
