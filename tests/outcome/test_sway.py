"""Sway of paths whose length, size and frequency are known."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from dmi_sim.arrays import Vector
from dmi_sim.outcome.sway import (
    CUT_OFF_HZ,
    ellipse_area_prediction_m2,
    low_pass,
    mean_speed_m_s,
    path_length_m,
    power_frequency_hz,
    rms_m,
)

PROPERTIES = settings(deadline=None, max_examples=100, derandomize=True)
PATHS = arrays(np.int64, (40, 2), elements=st.integers(-200_000, 200_000)).map(lambda n: 1e-6 * n)
"""Paths of 40 samples within 20 cm, in whole micrometres [m]."""
SHIFTS = arrays(np.float64, (2,), elements=st.floats(-1, 1))
SCALES = st.floats(0.1, 10)
TURNS = st.floats(-np.pi, np.pi)
RATE = 30
TIME = np.arange(300) / RATE


def circle(radius: float = 0.01, samples: int = 361) -> Vector:
    angle = np.linspace(0, 2 * np.pi, samples)
    return radius * np.stack([np.cos(angle), np.sin(angle)], axis=1)


def sine(hz: float, samples: int = 300) -> Vector:
    return np.sin(2 * np.pi * hz * np.arange(samples) / RATE)


def white(samples: int = 30_000) -> Vector:
    return np.random.default_rng(1).normal(size=samples)


def test_once_around_a_circle_is_its_circumference() -> None:
    assert path_length_m(circle()) == pytest.approx(2 * np.pi * 0.01, rel=1e-4)


def test_a_way_there_and_back_counts_twice() -> None:
    assert path_length_m(np.array([0.0, 0.02, 0.0])) == pytest.approx(0.04)


def test_speed_is_path_over_time_in_each_direction() -> None:
    path = np.stack([0.03 * TIME, -0.04 * TIME], axis=1)
    found = [mean_speed_m_s(each, RATE) for each in (path, path[:, 0], path[:, 1])]
    assert found == pytest.approx([0.05, 0.03, 0.04])


def test_a_circle_is_its_radius_away_from_its_mean_and_a_sine_its_amplitude_over_root_two() -> None:
    assert rms_m(circle()[:-1] + np.array([4.0, -1.0])) == pytest.approx(0.01)
    assert rms_m(0.02 * sine(1.0)) == pytest.approx(0.02 / np.sqrt(2))


@pytest.mark.parametrize(("samples", "factor"), [(10, 11.04), (30, 7.15), (100_000, 5.99)])
def test_the_ellipse_has_the_factor_of_schubert_and_kirchner(samples: int, factor: float) -> None:
    path = np.random.default_rng(2).normal(size=(samples, 2))
    circle_m2 = np.pi * float(np.sqrt(np.linalg.det(np.cov(path.T))))
    assert ellipse_area_prediction_m2(path) / circle_m2 == pytest.approx(factor, abs=0.005)


@pytest.mark.parametrize("samples", [3, 8, 300])
def test_its_quantile_is_that_of_the_f_distribution(samples: int) -> None:
    path = np.random.default_rng(3).normal(size=(samples, 2))
    factor = 2 * (samples**2 - 1) / (samples * (samples - 2)) * stats.f.ppf(0.9, 2, samples - 2)
    expected = factor * np.pi * np.sqrt(np.linalg.det(np.cov(path.T)))
    assert ellipse_area_prediction_m2(path, 0.9) == pytest.approx(expected)


@pytest.mark.parametrize("samples", [6, 30])
def test_one_new_sample_in_twenty_falls_outside_the_ellipse(samples: int) -> None:
    random, trials = np.random.default_rng(4), 4_000
    spread = np.array([[3.0, 0.0], [1.5, 0.5]])
    inside = 0
    for _ in range(trials):
        seen = random.normal(size=(samples, 2)) @ spread.T
        covariance = np.cov(seen.T)
        reach = ellipse_area_prediction_m2(seen) / (np.pi * np.sqrt(np.linalg.det(covariance)))
        way = spread @ random.normal(size=2) - seen.mean(axis=0)
        inside += bool(way @ np.linalg.solve(covariance, way) <= reach)
    assert inside / trials == pytest.approx(0.95, abs=0.012)


def test_a_path_along_a_line_has_no_area() -> None:
    assert ellipse_area_prediction_m2(np.stack([TIME, 2 * TIME], axis=1)) == pytest.approx(0.0)


@pytest.mark.parametrize("hz", [0.5, 1.3, 4.0])
def test_a_sine_has_all_its_power_at_its_frequency(hz: float) -> None:
    for share in (0.5, 0.95):
        assert power_frequency_hz(7 + sine(hz), RATE, share) == pytest.approx(hz, abs=0.15)


def test_white_noise_spreads_its_power_evenly_up_to_half_the_rate() -> None:
    assert power_frequency_hz(white(), RATE, 0.5) == pytest.approx(7.5, abs=0.3)
    assert power_frequency_hz(white(), RATE, 0.95) == pytest.approx(14.25, abs=0.2)


def test_the_stronger_of_two_directions_has_the_median_frequency() -> None:
    both = np.stack([3 * sine(1.0), sine(4.0)], axis=1)
    assert power_frequency_hz(both, RATE, 0.5) == pytest.approx(1.0, abs=0.15)
    assert power_frequency_hz(both, RATE, 0.95) == pytest.approx(4.0, abs=0.15)


def test_the_filter_keeps_slow_sway_in_place_halves_it_at_the_cut_off_and_drops_jitter() -> None:
    middle = slice(60, -60)
    slow, edge, fast = sine(0.5), sine(CUT_OFF_HZ), sine(13.0)
    assert low_pass(slow, RATE)[middle] == pytest.approx(slow[middle], abs=2e-3)
    assert low_pass(edge, RATE)[middle] == pytest.approx(0.5 * edge[middle], abs=1e-3)
    assert np.abs(low_pass(fast, RATE)[middle]).max() < 0.01


def test_the_filter_takes_each_direction_for_itself() -> None:
    both = np.stack([sine(0.5), sine(9.0)], axis=1)
    alone = np.stack([low_pass(both[:, 0], RATE), low_pass(both[:, 1], RATE)], axis=1)
    assert low_pass(both, RATE) == pytest.approx(alone)


@pytest.mark.parametrize("path", [np.zeros((14, 2)), np.zeros((0, 2))])
def test_what_is_too_short_is_not_filtered(path: Vector) -> None:
    assert np.isnan(low_pass(path, RATE)).all()


def test_a_rate_that_cannot_show_the_cut_off_gives_no_filtered_path() -> None:
    assert np.isnan(low_pass(sine(1.0), 2 * CUT_OFF_HZ)).all()


def test_a_sample_that_is_not_known_is_never_passed_over() -> None:
    path = circle()
    path[100, 1] = np.nan
    assert np.isnan(low_pass(path, RATE)).all()
    found = (
        path_length_m(path),
        mean_speed_m_s(path, RATE),
        rms_m(path),
        ellipse_area_prediction_m2(path),
        power_frequency_hz(path, RATE, 0.5),
    )
    assert np.isnan(found).all()


def test_too_few_samples_have_no_speed_no_area_and_no_frequency() -> None:
    assert np.isnan(mean_speed_m_s(np.zeros((1, 2)), RATE))
    assert np.isnan(ellipse_area_prediction_m2(np.zeros((2, 2))))
    assert np.isnan(power_frequency_hz(sine(1.0, samples=149), RATE, 0.5))
    assert np.isfinite(power_frequency_hz(sine(1.0, samples=150), RATE, 0.5))


def test_what_stands_still_has_no_frequency() -> None:
    assert np.isnan(power_frequency_hz(np.full(300, 0.1), RATE, 0.5))


@PROPERTIES
@given(PATHS, SHIFTS)
def test_no_measure_of_sway_depends_on_where_the_infant_sways(path: Vector, shift: Vector) -> None:
    moved = path + shift
    for measure in (path_length_m, rms_m, ellipse_area_prediction_m2):
        assert measure(moved) == pytest.approx(measure(path), rel=1e-6, abs=1e-9)


@PROPERTIES
@given(PATHS, TURNS)
def test_no_measure_of_sway_depends_on_which_way_the_infant_faces(
    path: Vector, heading_rad: float
) -> None:
    cosine, sine_ = np.cos(heading_rad), np.sin(heading_rad)
    turned = path @ np.array([[cosine, sine_], [-sine_, cosine]])
    for measure in (path_length_m, rms_m, ellipse_area_prediction_m2):
        assert measure(turned) == pytest.approx(measure(path), rel=1e-6, abs=1e-9)


@PROPERTIES
@given(PATHS, SCALES)
def test_lengths_grow_with_the_size_of_sway_and_areas_with_its_square(
    path: Vector, scale: float
) -> None:
    for measure in (path_length_m, rms_m):
        assert measure(scale * path) == pytest.approx(scale * measure(path), rel=1e-9, abs=1e-12)
    area = ellipse_area_prediction_m2(scale * path)
    assert area == pytest.approx(scale**2 * ellipse_area_prediction_m2(path), rel=1e-6, abs=1e-12)


@PROPERTIES
@given(PATHS)
def test_a_path_is_at_least_as_long_as_the_straight_way_and_the_same_backwards(
    path: Vector,
) -> None:
    length = path_length_m(path)
    assert length >= np.linalg.norm(path[-1] - path[0]) - 1e-12
    assert path_length_m(path[::-1]) == pytest.approx(length)
