"""The platform's moves: there and back, to any side, ever farther, the same for the same seed."""

import numpy as np
import pytest

from dmi_sim.env.platform_sampling import draw_platform_motion
from dmi_sim.physics.platform import STATIONARY, PlatformMotion
from dmi_sim.spec.exercise import PlatformSpec

SPEC = PlatformSpec(
    first_s=1.0,
    move_s=0.5,
    rest_s=0.5,
    first_tilt_deg=2,
    tilt_growth_deg=1,
    first_shift=0.05,
    shift_growth=0.01,
)
LENGTH_M = 0.7


def drawn(seed: int = 0) -> PlatformMotion:
    return draw_platform_motion(SPEC, 10.0, LENGTH_M, np.random.default_rng(seed))


def farthest(platform_motion: PlatformMotion) -> np.ndarray:
    """SegmentNode of the platform at the end of each way there, shape (moves, 4)."""
    return np.array([platform_motion.at(1.75 + 2 * move)[0] for move in range(4)])


def test_without_a_board_nothing_moves() -> None:
    assert draw_platform_motion(None, 10.0, LENGTH_M, np.random.default_rng(0)) == STATIONARY


def test_the_board_rests_first_and_comes_back_before_the_end() -> None:
    platform_motion = drawn()
    assert np.abs(platform_motion.at(0.99)[0]).max() == 0
    assert platform_motion.end_s == pytest.approx(8.5)
    for back_s in (3.0, 5.0, 7.0, 9.0):
        assert platform_motion.at(back_s)[0] == pytest.approx(np.zeros(4), abs=1e-12)


def test_each_move_goes_farther_than_the_last() -> None:
    places = farthest(drawn())
    tilt_deg = np.degrees(np.hypot(*places[:, 2:].T))
    assert tilt_deg == pytest.approx([2, 3, 4, 5])
    assert np.hypot(*places[:, :2].T) / LENGTH_M == pytest.approx([0.05, 0.06, 0.07, 0.08])


def test_it_goes_to_all_sides() -> None:
    places = np.concatenate([farthest(drawn(seed)) for seed in range(20)])
    for pair in (places[:, :2], places[:, 2:]):
        assert len({tuple(row) for row in (pair > 0).tolist()}) == 4


def test_the_generator_decides_and_nothing_else() -> None:
    assert drawn(1) == drawn(1)
    assert drawn(1) != drawn(2)
