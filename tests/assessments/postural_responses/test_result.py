"""Findings over many trials of one move, and over several speeds."""

import numpy as np
import pytest

from dmi_sim.assessments.postural_responses.result import gain_of
from dmi_sim.errors import InputError
from tests.assessments.postural_responses.electromyograms import finding


def test_a_move_is_summed_up_over_its_trials() -> None:
    slow, fast = finding().at_speeds("slide", "backward")
    assert slow.agonist_first == slow.agonist_larger == 1.0
    assert slow.latency_s == pytest.approx(0.1, abs=1 / 240)
    assert slow.entropy_bits == 0.0
    assert np.isfinite(slow.by_level_s).tolist() == [False, False, True, False]
    assert fast.size("postural") == pytest.approx(2 * slow.size("postural"))


def test_gain_is_the_slope_over_speed() -> None:
    size = np.array([[0.1, 0.2], [0.3, 0.4]])
    gain = gain_of(np.array([1.0, 2.0]), size)
    assert (gain.slope, gain.low, gain.high) == pytest.approx((0.2, 0.2, 0.2))
    spread = gain_of(np.array([1.0, 2.0]), size + np.array([[0.0, 0.0], [0.1, -0.1]]))
    assert spread.slope == pytest.approx(0.2)
    assert spread.low == pytest.approx(0.1)
    assert spread.high == pytest.approx(0.3)


def test_a_gain_needs_two_speeds_and_two_trials() -> None:
    for speed, size in (([1.0, 1.0], np.ones((2, 2))), ([1.0, 2.0], np.ones((2, 1)))):
        with pytest.raises(InputError, match="gain"):
            gain_of(np.array(speed), size)
