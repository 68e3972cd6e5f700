"""Hands higher up leave less to do: an infant with reflexes only stays up longer in them.

Nothing in the engine ranks the sites; this order has to come out of mechanics.
"""

import numpy as np
import pytest

from dmi_sim.env.config import EnvBuild
from dmi_sim.physics.world import World
from tests.mechanics import WorldFactory, is_down, run

SITES = ("axillae", "lower_ribs", "waist", "pelvis", "none")


def upright_time_and_height(setup: EnvBuild, world: World, site: str) -> tuple[float, float]:
    """Time until the fall [s] and mean height of the head over its start in ten seconds."""
    states = run(world, world.start, 10.0, setup.support(site, 1.0))
    falls = (state.time_s for state in states if is_down(state, states[0]))
    heights = [state.head_height_m / states[0].head_height_m for state in states]
    return next(falls, 10.0), float(np.mean(heights))


@pytest.mark.parametrize("age_months", [3, 7])
def test_the_higher_the_hands_the_longer_a_limp_infant_stays_up(
    worlds_at: WorldFactory, age_months: float
) -> None:
    setup, world = worlds_at(age_months)
    measured = [upright_time_and_height(setup, world, site) for site in SITES]
    times, heights = zip(*measured, strict=True)
    assert list(times) == sorted(times, reverse=True)
    assert (np.diff(heights) < 0).all()
    assert times[0] == 10.0
    assert times[-1] < 2.0


def test_weaker_hands_hold_up_less(worlds_at: WorldFactory) -> None:
    setup, world = worlds_at(7)
    heights: list[float] = []
    for strength in (1.0, 0.3, 0.0):
        states = run(world, world.start, 4.0, setup.support("lower_ribs", strength))
        heights.append(float(np.mean([state.head_height_m for state in states])))
    assert heights == sorted(heights, reverse=True)


def test_hands_without_strength_are_no_hands(worlds_at: WorldFactory) -> None:
    setup, world = worlds_at(7)
    held, free = (
        run(world, world.start, 1.0, setup.support(*choice))[-1]
        for choice in (("axillae", 0.0), ("none", 1.0))
    )
    assert (held.joint_angle_rad == free.joint_angle_rad).all()
    assert held.support_force_n == free.support_force_n == 0.0
