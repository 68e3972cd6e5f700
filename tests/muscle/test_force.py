"""Activation dynamics, fibre kinematics, muscle force and joint torque; power is conserved."""

import numpy as np
import pytest

from dmi_sim.anatomy import AXES
from dmi_sim.arrays import Vector
from dmi_sim.infant import Infant
from dmi_sim.muscle.curves import active_length_factor, passive_force_factor, velocity_factor
from dmi_sim.muscle.force import (
    advance_activation,
    fibre_motion,
    muscle_force,
    muscle_torque,
    sparse_moment_arms,
)
from dmi_sim.muscle.strength import active_torques

MUSCLES = Infant.from_spec(7).muscles
N, AXES_N = len(MUSCLES.names), len(AXES)
PAIRS, ARMS = sparse_moment_arms(MUSCLES.moment_arms_m)
FIBRE = np.array(
    [
        MUSCLES.peak_force_n,
        MUSCLES.optimal_length_m,
        MUSCLES.neutral_length,
        MUSCLES.max_shortening_velocity_per_s,
        *np.zeros((3, len(MUSCLES.names))),  # rows 4 to 6 are not read here
        MUSCLES.passive_force_n,
    ]
)
ARM_SUM: Vector = np.abs(MUSCLES.moment_arms_m).sum(axis=1)
RISE_S, FALL_S, DT_S = 0.025, 0.08, 1 / 240


def activated(start: float, excitation: float, seconds: float, dt_s: float = DT_S) -> float:
    """Activation of a muscle after some time at a constant excitation."""
    activation = np.full(3, start)
    rise, fall = (np.full(3, 1 - np.exp(-dt_s / tau)) for tau in (RISE_S, FALL_S))
    for _ in range(round(seconds / dt_s)):
        advance_activation(activation, np.full(3, excitation), rise, fall)
    assert (activation == activation[0]).all()
    return float(activation[0])


@pytest.mark.parametrize("dt_s", [1 / 60, 1 / 240, 1 / 960])
@pytest.mark.parametrize(
    ("start", "excitation", "tau_s"), [(0.0, 0.7, RISE_S), (0.9, 0.2, FALL_S), (1.0, 0.0, FALL_S)]
)
def test_activation_follows_the_exponential_exactly_whatever_the_step(
    start: float, excitation: float, tau_s: float, dt_s: float
) -> None:
    exact = excitation + (start - excitation) * np.exp(-0.1 / tau_s)
    assert activated(start, excitation, 0.1, dt_s) == pytest.approx(exact, rel=1e-12)


def test_activation_rises_faster_than_it_falls() -> None:
    assert activated(0.0, 1.0, 0.05) > 1 - activated(1.0, 0.0, 0.05)


def test_activation_stays_between_0_and_1() -> None:
    random = np.random.default_rng(0)
    activation, rise, fall = np.zeros(N), np.full(N, 0.9), np.full(N, 0.3)
    for _ in range(500):
        advance_activation(activation, random.uniform(0, 1, N).round(), rise, fall)
        assert activation.min() >= 0
        assert activation.max() <= 1


def fibre_state(angle: Vector, rate: Vector) -> tuple[Vector, Vector]:
    length, velocity = np.empty(N), np.empty(N)
    fibre_motion(angle, rate, FIBRE, PAIRS, ARMS, length, velocity)
    return length, velocity


def forces(activation: Vector, length: Vector, velocity: Vector) -> Vector:
    """Force rows: at zero velocity, added by velocity [N], slope [N s/m], active [N]; (4, n)."""
    out = np.empty((4, N))
    muscle_force(activation, length, velocity, FIBRE, out)
    return out


def torques(force: Vector) -> Vector:
    out = np.empty((3, AXES_N))
    muscle_torque(force, PAIRS, ARMS, ARM_SUM, out)
    return out


def random_state(seed: int) -> tuple[Vector, Vector, Vector]:
    """Random angles [rad], rates [rad/s] and activations."""
    random = np.random.default_rng(seed)
    return random.normal(0, 0.5, AXES_N), random.normal(0, 2, AXES_N), random.uniform(0, 1, N)


def test_the_sparse_moment_arms_are_the_matrix_without_its_zeros() -> None:
    full = np.zeros((N, AXES_N))
    full[PAIRS[0], PAIRS[1]] = ARMS
    assert (full == MUSCLES.moment_arms_m).all()
    assert (ARMS != 0).all()


@pytest.mark.parametrize("seed", range(3))
def test_fibre_velocity_is_the_derivative_of_fibre_length(seed: int) -> None:
    angle, rate, _ = random_state(seed)
    length, velocity = fibre_state(angle, rate)
    assert length == pytest.approx(MUSCLES.length_at(angle), rel=1e-12)
    later = MUSCLES.length_at(angle + 1e-6 * rate)
    assert velocity == pytest.approx((later - length) / 1e-6, abs=1e-6)


@pytest.mark.parametrize("seed", range(10))
def test_the_power_of_the_muscles_is_the_power_of_the_joints(seed: int) -> None:
    angle, rate, activation = random_state(seed)
    length, velocity = fibre_state(angle, rate)
    force = forces(activation, length, velocity)
    torque = torques(force)
    shortening_m_s = -velocity * np.array(MUSCLES.optimal_length_m)
    for row in (0, 1):
        by_muscles, by_joints = force[row] @ shortening_m_s, torque[row] @ rate
        assert by_joints == pytest.approx(by_muscles, rel=1e-12)


@pytest.mark.parametrize("seed", range(5))
def test_muscle_force_is_activation_times_both_curves_plus_passive_force(seed: int) -> None:
    angle, rate, activation = random_state(seed)
    length, velocity = fibre_state(angle, rate)
    found = forces(activation, length, velocity)[:2].sum(axis=0)
    for m in range(N):
        active = active_length_factor(length[m]) * velocity_factor(
            velocity[m] / MUSCLES.max_shortening_velocity_per_s[m]
        )
        share = activation[m] * active + passive_force_factor(length[m])
        assert found[m] == pytest.approx(MUSCLES.peak_force_n[m] * share, abs=1e-9)


def test_muscles_pull_and_never_push() -> None:
    for seed in range(20):
        angle, rate, activation = random_state(seed)
        assert forces(activation, *fibre_state(angle, 5 * rate))[:2].sum(axis=0).min() >= -1e-9


def test_a_fast_shortening_muscle_is_weaker_and_a_stretched_one_stronger() -> None:
    length, all_on = np.ones(N), np.ones(N)
    shortening, lengthening = (forces(all_on, length, np.full(N, v))[1] for v in (-2.0, 2.0))
    assert shortening.max() < 0 < lengthening.min()
    assert (forces(all_on, length, np.zeros(N))[1] == 0).all()


def test_the_slope_row_is_the_derivative_of_force_over_velocity() -> None:
    angle, rate, activation = random_state(4)
    length, velocity = fibre_state(angle, 0.2 * rate)
    step = 1e-6
    before, after = (forces(activation, length, velocity + s * step)[1] for s in (-1, 1))
    per_m_s = (after - before) / (2 * step) / np.array(MUSCLES.optimal_length_m)
    assert forces(activation, length, velocity)[2] == pytest.approx(per_m_s, rel=1e-5)


def test_the_bound_on_damping_is_never_less_than_the_damping() -> None:
    """Damping ``R^T k R`` couples axes; the diagonal bound minus it is positive semidefinite."""
    for seed in range(5):
        angle, rate, activation = random_state(seed)
        force = forces(activation, *fibre_state(angle, rate))
        true = MUSCLES.moment_arms_m.T @ np.diag(force[2]) @ MUSCLES.moment_arms_m
        surplus = np.diag(torques(force)[2]) - true
        assert np.linalg.eigvalsh(surplus).min() > -1e-12 * np.abs(true).max()


def test_isometric_torques_of_the_dynamometer_are_those_of_the_simulated_muscles() -> None:
    """Isometric torques of all muscles, with the 0.2 % by which the velocity curve misses 1."""
    angle, _, activation = random_state(7)
    length, velocity = fibre_state(angle, np.zeros(AXES_N))
    silent = torques(forces(np.zeros(N), length, velocity))[0]
    active = torques(forces(activation, length, velocity))[0]
    isometric = active_torques(MUSCLES, angle) @ activation
    assert active - silent == pytest.approx(velocity_factor(0.0) * isometric, rel=1e-9)
