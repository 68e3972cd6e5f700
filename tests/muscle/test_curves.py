"""The muscle curves of De Groote et al. (2016), against values computed by another program."""

import numpy as np
import pytest

from dmi_sim.muscle.curves import (
    active_length_factor,
    passive_force_factor,
    velocity_factor,
    velocity_slope,
)


@pytest.mark.parametrize(
    ("length", "factor"),
    [
        (0.5, 0.0529123),
        (0.7, 0.6753013),
        (0.85, 0.8743329),
        (1.0, 0.9941399),
        (1.15, 0.8894145),
        (1.3, 0.5896947),
        (1.5, 0.2312432),
    ],
)
def test_the_force_length_curve_is_that_of_the_paper(length: float, factor: float) -> None:
    assert active_length_factor(length) == pytest.approx(factor, abs=1e-6)


@pytest.mark.parametrize(
    ("length", "factor"), [(1.1, 0.0176822), (1.3, 0.1192029), (1.6, 1.0), (1.8, 3.8457904)]
)
def test_the_passive_force_curve_is_that_of_the_paper(length: float, factor: float) -> None:
    assert passive_force_factor(length) == pytest.approx(factor, abs=1e-6)


@pytest.mark.parametrize(
    ("velocity", "factor"),
    [
        (-1.0, 0.0120817),
        (-0.75, 0.1076241),
        (-0.5, 0.2438336),
        (-0.25, 0.4783124),
        (0.0, 1.0023206),
        (0.25, 1.3991745),
        (0.5, 1.5850004),
        (1.0, 1.7889100),
    ],
)
def test_the_force_velocity_curve_is_that_of_the_paper(velocity: float, factor: float) -> None:
    assert velocity_factor(velocity) == pytest.approx(factor, abs=1e-6)


def test_a_fibre_is_strongest_near_its_optimal_length() -> None:
    lengths = np.linspace(0.4, 1.8, 141)
    factors = [active_length_factor(length) for length in lengths.tolist()]
    assert 0.95 < lengths[np.argmax(factors)] < 1.05
    assert max(factors) == pytest.approx(1.0, abs=0.01)
    assert min(factors) > 0


def test_a_fibre_below_optimal_length_has_no_passive_force() -> None:
    for length in (0.0, 0.5, 0.99, 1.0):
        assert passive_force_factor(length) == 0.0


def test_passive_force_rises_from_zero_without_a_jump() -> None:
    factors = [passive_force_factor(length) for length in np.linspace(0.9, 1.7, 801).tolist()]
    assert (np.diff(factors) >= 0).all()
    assert passive_force_factor(1.0 + 1e-9) < 1e-9


def test_beyond_maximum_shortening_velocity_a_fibre_has_no_active_force() -> None:
    for velocity in (-1.1, -2.0, -50.0):
        assert velocity_factor(velocity) == 0.0


def test_force_rises_with_velocity_from_shortening_to_lengthening() -> None:
    velocities = np.linspace(-1.0, 2.0, 301).tolist()
    assert (np.diff([velocity_factor(v) for v in velocities]) > 0).all()
    assert min(velocity_slope(v) for v in velocities) > 0


@pytest.mark.parametrize("velocity", [-0.9, -0.5, -0.1, 0.0, 0.05, 0.4, 1.5])
def test_the_velocity_slope_is_the_derivative_of_the_force_velocity_curve(velocity: float) -> None:
    step = 1e-6
    rise = velocity_factor(velocity + step) - velocity_factor(velocity - step)
    assert velocity_slope(velocity) == pytest.approx(rise / (2 * step), rel=1e-6)


def test_force_changes_fastest_with_velocity_around_rest() -> None:
    slopes = [velocity_slope(v) for v in np.linspace(-1, 1, 201).tolist()]
    assert abs(np.linspace(-1, 1, 201)[np.argmax(slopes)]) < 0.1
