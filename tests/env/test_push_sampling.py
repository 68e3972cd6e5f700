"""Pushes: regular, ever harder, from any side, the same for the same seed."""

import numpy as np
import pytest

from dmi_sim.anatomy import SEGMENTS
from dmi_sim.env.push_sampling import draw_pushes
from dmi_sim.physics.push import Push
from dmi_sim.spec.exercise import PushSpec

SPEC = PushSpec(
    segment="upper_thorax",
    first_s=1.0,
    every_s=0.5,
    duration_s=0.1,
    first_m_s=0.05,
    growth_m_s=0.02,
    spread=0.2,
)
MASS_KG = 8.0


def drawn(seed: int = 0) -> tuple[Push, ...]:
    return draw_pushes(SPEC, MASS_KG, 10.0, np.random.default_rng(seed))


def test_they_come_at_regular_times_until_the_end() -> None:
    pushes = drawn()
    assert [push.start_s for push in pushes] == pytest.approx(np.arange(1.0, 10.0, 0.5))
    assert {SEGMENTS[push.segment].name for push in pushes} == {"upper_thorax"}


def test_each_has_its_impulse_within_the_spread() -> None:
    speeds = np.array(
        [np.linalg.norm(push.force_world) * push.duration_s / MASS_KG for push in drawn()]
    )
    expected = 0.05 + 0.02 * np.arange(speeds.size)
    assert (np.abs(speeds / expected - 1) <= 0.2 + 1e-9).all()
    assert np.ptp(speeds / expected) > 0.05


def test_they_are_level_and_come_from_all_sides() -> None:
    forces = np.array([push.force_world for seed in range(20) for push in drawn(seed)])
    assert np.abs(forces[:, 2]).max() == 0
    quadrants = {tuple(row) for row in (forces[:, :2] > 0).tolist()}
    assert len(quadrants) == 4


def test_the_generator_decides_and_nothing_else() -> None:
    ours, again, other = ([p.force_world.tolist() for p in drawn(seed)] for seed in (1, 1, 2))
    assert ours == again
    assert ours != other
