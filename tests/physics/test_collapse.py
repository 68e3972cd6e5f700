"""A relaxed infant topples as infants do, and not because of the step, the side or the seed."""

import numpy as np
import pytest

from tests.mechanics import Place, mirrored, run, scattered, time_to_fall_s

SEEDS = range(20)


def times_s(places: Place, age_months: float, physics_hz: int) -> list[float]:
    setup, world = places(age_months, physics_hz)
    starts = [scattered(setup, world, np.random.default_rng(seed)) for seed in SEEDS]
    return [time_to_fall_s(world, start) for start in starts]


def test_a_relaxed_infant_of_seven_months_is_down_within_about_a_second(places: Place) -> None:
    times = times_s(places, 7, 240)
    assert min(times) > 0.5
    assert max(times) < 1.6


def test_half_the_step_does_not_change_when_infants_fall(places: Place) -> None:
    coarse, fine = (np.array(times_s(places, 7, hz)) for hz in (240, 480))
    assert fine.mean() == pytest.approx(coarse.mean(), rel=0.05)
    assert np.abs(fine - coarse).mean() < 0.05 * coarse.mean()


def test_infants_fall_to_either_side(places: Place) -> None:
    setup, world = places(7)
    ends: list[float] = []
    for seed in SEEDS:
        start = scattered(setup, world, np.random.default_rng(seed))
        ends.append(float(run(world, start, 1.0)[-1].com_m[1]))
    assert min(ends) < 0 < max(ends)


def test_the_mirror_image_of_an_infant_falls_as_late(places: Place) -> None:
    setup, world = places(7)
    starts = [scattered(setup, world, np.random.default_rng(seed)) for seed in range(5)]
    pairs = [(time_to_fall_s(world, s), time_to_fall_s(world, mirrored(s))) for s in starts]
    assert all(a == pytest.approx(b, abs=0.1) for a, b in pairs)
