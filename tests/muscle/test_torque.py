"""From excitation to torque: exact activation, passive tissue that no step can shake."""

import numpy as np
import pytest

from dmi_sim.body.arrays import Vector
from dmi_sim.muscle.torque import active_torque, add_passive_torque, advance_activation

N = 34
TAU_S, DT_S = 0.04, 1 / 240


def activated(excitation: float, seconds: float, dt_s: float = DT_S) -> Vector:
    activation = np.zeros((2, N))
    for _ in range(round(seconds / dt_s)):
        advance_activation(activation, np.full(N, excitation), TAU_S, dt_s)
    return activation


def test_the_step_response_is_the_exponential_whatever_the_step() -> None:
    expected = 0.7 * (1 - np.exp(-0.1 / TAU_S))
    for dt_s in (1 / 240, 1 / 60, 1 / 1000):
        steps = round(0.1 / dt_s)
        exact = 0.7 * (1 - np.exp(-steps * dt_s / TAU_S))
        assert activated(0.7, 0.1, dt_s)[0] == pytest.approx(np.full(N, exact), rel=1e-12)
        assert exact == pytest.approx(expected, rel=0.01)


def test_a_negative_excitation_drives_the_antagonist() -> None:
    activation = activated(-0.7, 0.1)
    assert activation[0] == pytest.approx(np.zeros(N))
    assert activation[1].min() > 0.6


def test_activation_stays_within_bounds_for_any_excitation() -> None:
    random = np.random.default_rng(0)
    activation = np.zeros((2, N))
    for _ in range(500):
        advance_activation(activation, random.uniform(-4, 4, N), TAU_S, DT_S)
        assert activation.min() >= 0
        assert activation.max() <= 1


def test_full_activation_gives_the_strength_of_its_direction() -> None:
    strength, out = np.array([np.full(N, 3.0), np.full(N, 2.0)]), np.empty(N)
    for activation, torque in (((1, 0), 3.0), ((0, 1), -2.0), ((0.5, 0.5), 0.5), ((0, 0), 0.0)):
        active_torque(np.array([np.full(N, a, dtype=float) for a in activation]), strength, out)
        assert out == pytest.approx(np.full(N, torque))


def passive(
    angle: float,
    rate: float,
    *,
    stiffness: float = 2.0,
    damping: float = 0.5,
    inertia: float = 1e-3,
    end_stiffness: float = 10.0,
    dt_s: float = DT_S,
) -> float:
    """Torque of tissue that rests at 0.1 rad and stiffens beyond -0.5 and 1 rad."""
    tissue = np.array([[v] * N for v in (stiffness, damping, -0.5, 1.0, 0.1, inertia)])
    out = np.zeros(N)
    add_passive_torque(np.full(N, angle), np.full(N, rate), tissue, end_stiffness, dt_s, out)
    assert (out == out[0]).all()
    return float(out[0])


@pytest.mark.parametrize(
    ("angle", "rate", "torque"),
    [
        (0.1, 0.0, 0.0),
        (0.4, 0.0, -2.0 * 0.3),
        (0.4, 1.5, -2.0 * 0.3 - 0.5 * 1.5),
        (1.2, 0.0, -2.0 * 1.1 - 10.0 * 0.2),
        (-0.7, 0.0, 2.0 * 0.8 + 10.0 * 0.2),
        (-0.7, -1.0, 2.0 * 0.8 + 10.0 * 0.2 + 0.5),
    ],
)
def test_with_a_short_step_tissue_follows_the_explicit_law(
    angle: float, rate: float, torque: float
) -> None:
    assert passive(angle, rate, dt_s=1e-9) == pytest.approx(torque, abs=1e-5)


@pytest.mark.parametrize("damping", [0.0, 0.5, 50.0])
@pytest.mark.parametrize("dt_s", [1 / 240, 1 / 1000])
def test_at_rest_tissue_pulls_with_its_whole_spring_whatever_the_step(
    damping: float, dt_s: float
) -> None:
    assert passive(0.4, 0.0, damping=damping, dt_s=dt_s) == pytest.approx(-2.0 * 0.3)
    assert passive(1.2, 0.0, damping=damping, dt_s=dt_s) == pytest.approx(-2.0 * 1.1 - 10.0 * 0.2)


@pytest.mark.parametrize("rate", [0.0, 2.0])
def test_the_range_of_motion_is_left_without_a_jump(rate: float) -> None:
    for end in (1.0, -0.5):
        inside, outside = (passive(end + step, rate) for step in (-1e-9, 1e-9))
        assert inside == pytest.approx(outside, rel=0.1)


@pytest.mark.parametrize("damping", [0.0, 0.5, 5.0, 1e6])
@pytest.mark.parametrize("stiffness", [0.0, 2.0, 20.0])
@pytest.mark.parametrize("heavier", [1.0, 3.0, 100.0])
def test_no_damper_and_no_spring_sets_an_inertia_swinging(
    damping: float, stiffness: float, heavier: float
) -> None:
    bound, angle, rate = 1e-3, 0.6, 5.0
    inertia = heavier * bound
    fastest = np.sqrt(rate**2 + stiffness * (angle - 0.1) ** 2 / inertia)
    trace: list[float] = []
    for _ in range(960):
        torque = passive(angle, rate, stiffness=stiffness, damping=damping, inertia=bound)
        rate += DT_S * torque / inertia
        angle += DT_S * rate
        trace.append(abs(rate))
    assert max(trace) < 1.1 * fastest
    if damping:
        assert max(trace[-240:]) < 0.5 * fastest


def test_an_explicit_damper_of_that_size_would_explode() -> None:
    rate = 5.0
    for _ in range(20):
        rate -= DT_S * 5.0 * rate / 1e-3
    assert abs(rate) > 1e6


def test_tissue_adds_to_what_is_there() -> None:
    tissue = np.array([[v] * N for v in (2.0, 0.5, -0.5, 1.0, 0.1, 1e-3)])
    out = np.full(N, 7.0)
    add_passive_torque(np.full(N, 0.1), np.zeros(N), tissue, 10.0, DT_S, out)
    assert out == pytest.approx(np.full(N, 7.0))
