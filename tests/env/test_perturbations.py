"""Perturbations: pushes and platform motion that chance decides, by its seed."""

import numpy as np
import pytest

from dmi_sim.anatomy import SEGMENTS
from dmi_sim.env.perturbations import (
    draw_platform_motion,
    draw_pushes,
    pushes_as_drawn,
)
from dmi_sim.physics.platform import STATIONARY, PlatformMotion
from dmi_sim.physics.push import Push
from dmi_sim.spec.exercise import PlatformSpec, PushSpec

PUSHES = PushSpec(
    segment="upper_thorax",
    first_s=1.0,
    every_s=0.5,
    duration_s=0.1,
    first_m_s=0.05,
    growth_m_s=0.02,
    spread=0.2,
)
PLATFORM = PlatformSpec(
    first_s=1.0,
    move_s=0.5,
    rest_s=0.5,
    first_tilt_deg=2,
    tilt_growth_deg=1,
    first_shift=0.05,
    shift_growth=0.01,
)
MASS_KG, LENGTH_M, EPISODE_S = 8.0, 0.7, 10.0


def pushes(seed: int = 0) -> tuple[Push, ...]:
    drawn = draw_pushes(PUSHES, EPISODE_S, np.random.default_rng(seed))
    return pushes_as_drawn(PUSHES, drawn, MASS_KG)


def motion(seed: int = 0) -> PlatformMotion:
    return draw_platform_motion(PLATFORM, EPISODE_S, LENGTH_M, np.random.default_rng(seed))


def farthest(platform_motion: PlatformMotion) -> np.ndarray:
    """The platform at the end of each way there, shape (moves, 4)."""
    return np.array([platform_motion.at(1.75 + 2 * move)[0] for move in range(4)])


def test_pushes_come_at_regular_times_until_the_end() -> None:
    assert [push.start_s for push in pushes()] == pytest.approx(np.arange(1.0, EPISODE_S, 0.5))
    assert {SEGMENTS[push.segment].name for push in pushes()} == {"upper_thorax"}


def test_each_push_has_its_impulse_within_the_spread() -> None:
    speeds = np.array(
        [np.linalg.norm(push.force_world) * push.duration_s / MASS_KG for push in pushes()]
    )
    expected = 0.05 + 0.02 * np.arange(speeds.size)
    assert (np.abs(speeds / expected - 1) <= 0.2 + 1e-9).all()
    assert np.ptp(speeds / expected) > 0.05


def test_pushes_are_level_and_come_from_all_sides() -> None:
    forces = np.array([push.force_world for seed in range(20) for push in pushes(seed)])
    assert np.abs(forces[:, 2]).max() == 0
    quadrants = {tuple(row) for row in (forces[:, :2] > 0).tolist()}
    assert len(quadrants) == 4


def test_the_generator_decides_about_pushes_and_nothing_else() -> None:
    ours, again, other = ([p.force_world.tolist() for p in pushes(seed)] for seed in (1, 1, 2))
    assert ours == again
    assert ours != other


def test_an_exercise_without_platform_has_no_motion() -> None:
    random = np.random.default_rng(0)
    assert draw_platform_motion(None, EPISODE_S, LENGTH_M, random) == STATIONARY


def test_the_platform_rests_first_and_comes_back_before_the_end() -> None:
    assert np.abs(motion().at(0.99)[0]).max() == 0
    assert motion().end_s == pytest.approx(8.5)
    for back_s in (3.0, 5.0, 7.0, 9.0):
        assert motion().at(back_s)[0] == pytest.approx(np.zeros(4), abs=1e-12)


def test_each_move_of_the_platform_goes_farther_than_the_last() -> None:
    places = farthest(motion())
    tilt_deg = np.degrees(np.hypot(*places[:, 2:].T))
    assert tilt_deg == pytest.approx([2, 3, 4, 5])
    assert np.hypot(*places[:, :2].T) / LENGTH_M == pytest.approx([0.05, 0.06, 0.07, 0.08])


def test_the_platform_goes_to_all_sides() -> None:
    places = np.concatenate([farthest(motion(seed)) for seed in range(20)])
    for pair in (places[:, :2], places[:, 2:]):
        assert len({tuple(row) for row in (pair > 0).tolist()}) == 4


def test_the_generator_decides_about_the_platform_and_nothing_else() -> None:
    assert motion(1) == motion(1)
    assert motion(1) != motion(2)
