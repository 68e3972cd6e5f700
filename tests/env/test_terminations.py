"""Falls: each limit by itself, none where none is given."""

import math

import numpy as np
import pytest

from dmi_sim.env.terminations import has_fallen, pelvis_roll_rad
from dmi_sim.physics.state import State
from dmi_sim.spec.exercise import FallSpec
from tests.env.contexts import still_state, turned

START = still_state(segment_pos_world=np.full((15, 3), 0.3))
LYING = still_state(
    segment_pos_world=np.full((15, 3), 0.05),
    segment_matrix_world=turned((math.pi / 2, 0.0, 0.0)),
    head_height_m=0.05,
    upright_rad=math.pi / 2,
)


def test_without_limits_nobody_falls() -> None:
    assert not has_fallen(FallSpec(), LYING, START)


@pytest.mark.parametrize(
    "fall",
    [
        FallSpec(head_below=0.6),
        FallSpec(pelvis_below=0.5),
        FallSpec(tilt_above_deg=60),
        FallSpec(roll_above_deg=50),
    ],
)
def test_each_limit_by_itself_sees_an_infant_that_lies_on_its_side(fall: FallSpec) -> None:
    assert has_fallen(fall, LYING, START)
    assert not has_fallen(fall, START, START)


@pytest.mark.parametrize(("height_m", "fallen"), [(0.241, False), (0.239, True)])
def test_a_head_falls_below_a_share_of_its_first_height(height_m: float, fallen: bool) -> None:
    now = still_state(head_height_m=height_m, segment_pos_world=np.full((15, 3), 0.3))
    assert has_fallen(FallSpec(head_below=0.6), now, START) is fallen


@pytest.mark.parametrize("side", [-1, 1])
def test_both_sides_tip_alike(side: int) -> None:
    tipped: State = still_state(segment_matrix_world=turned((side * 0.7, 0.0, 0.0)))
    assert pelvis_roll_rad(tipped) == pytest.approx(0.7)


def test_bowing_is_no_tipping_to_a_side() -> None:
    assert pelvis_roll_rad(still_state(segment_matrix_world=turned((0.0, 1.0, 0.0)))) == 0
