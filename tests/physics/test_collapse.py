"""An infant topples as infants do, and not because of the step, the side or the seed."""

import numpy as np
import pytest

from dmi_sim.nervous.motor_command import silent_command
from dmi_sim.physics.state import State
from tests.mechanics import WorldFactory, mirrored, run, scattered, time_to_fall_s

SEEDS = range(20)


def times_s(
    worlds_at: WorldFactory, age_months: float, physics_hz: int, *, limp: bool = False
) -> list[float]:
    """When twenty infants are down [s]: with tone, or limp, every reflex asleep."""
    setup, world = worlds_at(age_months, physics_hz)
    command = silent_command(setup.infant.muscles) if limp else None
    starts = [scattered(setup, world, np.random.default_rng(seed)) for seed in SEEDS]
    return [time_to_fall_s(world, start, command=command) for start in starts]


def test_a_limp_infant_of_seven_months_is_down_within_about_a_second(
    worlds_at: WorldFactory,
) -> None:
    times = times_s(worlds_at, 7, 240)
    assert min(times) > 0.5
    assert max(times) < 2.0


@pytest.mark.parametrize("age_months", [0, 7, 24])
def test_tone_delays_the_fall(worlds_at: WorldFactory, age_months: float) -> None:
    limp, toned = (times_s(worlds_at, age_months, 240, limp=limp) for limp in (True, False))
    assert np.mean(toned) > 1.1 * np.mean(limp)
    assert max(limp) < 1.2


@pytest.mark.parametrize("age_months", [0, 7, 24])
def test_half_the_step_does_not_change_when_limp_infants_fall(
    worlds_at: WorldFactory, age_months: float
) -> None:
    coarse, fine = (np.array(times_s(worlds_at, age_months, hz, limp=True)) for hz in (240, 480))
    assert fine.mean() == pytest.approx(coarse.mean(), rel=0.02)
    assert np.abs(fine - coarse).mean() < 0.02 * coarse.mean()


def limp_fall(
    worlds_at: WorldFactory, age_months: float, seed: int, physics_hz: int
) -> list[State]:
    """The first half second of a limp infant, at 30 Hz."""
    setup, world = worlds_at(age_months)
    start = scattered(setup, world, np.random.default_rng(seed))
    _, world = worlds_at(age_months, physics_hz)
    world.reset(start)
    world.begin_control_step(silent_command(setup.infant.muscles))
    states: list[State] = []
    for _ in range(15):
        world.advance(physics_hz // 30)
        states.append(world.observe())
    return states


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("age_months", [0, 7, 24])
def test_half_the_step_does_not_change_how_limp_infants_fall(
    worlds_at: WorldFactory, age_months: float, seed: int
) -> None:
    """Seat on the floor all the while; its contacts, not the joints, depend on the step most."""
    length_m = worlds_at(age_months)[0].infant.length_m
    coarse, fine = (limp_fall(worlds_at, age_months, seed, hz) for hz in (240, 480))
    for a, b in zip(coarse, fine, strict=True):
        assert np.linalg.norm(a.com_m - b.com_m) < 0.01 * length_m
        assert abs(a.upright_rad - b.upright_rad) < 0.06
        assert abs(a.head_height_m - b.head_height_m) < 0.03 * length_m


def test_half_the_step_does_not_change_when_infants_with_tone_fall(worlds_at: WorldFactory) -> None:
    coarse, fine = (np.array(times_s(worlds_at, 7, hz)) for hz in (240, 480))
    assert fine.mean() == pytest.approx(coarse.mean(), rel=0.05)
    assert np.abs(fine - coarse).mean() < 0.05 * coarse.mean()


def test_infants_fall_to_either_side(worlds_at: WorldFactory) -> None:
    setup, world = worlds_at(7)
    ends: list[float] = []
    for seed in SEEDS:
        start = scattered(setup, world, np.random.default_rng(seed))
        ends.append(float(run(world, start, 1.0)[-1].com_m[1]))
    assert min(ends) < 0 < max(ends)


def test_the_mirror_image_of_an_infant_falls_as_late(worlds_at: WorldFactory) -> None:
    setup, world = worlds_at(7)
    starts = [scattered(setup, world, np.random.default_rng(seed)) for seed in range(5)]
    pairs = [(time_to_fall_s(world, s), time_to_fall_s(world, mirrored(s))) for s in starts]
    assert all(a == pytest.approx(b, abs=0.1) for a, b in pairs)
