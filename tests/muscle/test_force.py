"""Activation dynamics, fibre kinematics, muscle force and joint torque; power is conserved."""

import numpy as np
import pytest

from dmi_sim.anatomy import AXES
from dmi_sim.arrays import Vector
from dmi_sim.infant import Infant
from dmi_sim.muscle.curves import active_length_factor, passive_force_factor, velocity_factor
from dmi_sim.muscle.force import (
    Fibre,
    FibreForce,
    FibreMotion,
    MuscleTorque,
    add_fibre_work,
    advance_activation,
    fibre_motion,
    muscle_force,
    muscle_torque,
    muscle_work,
    sparse_moment_arms,
)
from dmi_sim.muscle.strength import active_torques
from dmi_sim.records import Records, records, rows
from tests.muscle.muscles import fibres, muscles_at, waking

MUSCLES = Infant.from_spec(7).muscles
N, AXES_N = len(MUSCLES.names), len(AXES)
ARMS = sparse_moment_arms(MUSCLES.moment_arms_m)
FIBRE = fibres(MUSCLES)
RISE_S, FALL_S, DT_S = 0.025, 0.08, 1 / 240


def activated(start: float, excitation: float, seconds: float, dt_s: float = DT_S) -> float:
    """Activation of a muscle after some time at a constant excitation."""
    muscle = muscles_at(np.full(3, start))
    rise, fall = (1 - np.exp(-dt_s / tau) for tau in (RISE_S, FALL_S))
    for _ in range(round(seconds / dt_s)):
        advance_activation(muscle, np.full(3, excitation), waking(3, rise, fall))
    activation = muscle["activation"]
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
    muscle, fibre = muscles_at(np.zeros(N)), waking(N, rise=0.9, fall=0.3)
    for _ in range(500):
        advance_activation(muscle, random.uniform(0, 1, N).round(), fibre)
        assert muscle["activation"].min() >= 0
        assert muscle["activation"].max() <= 1


def fibre_state(angle: Vector, rate: Vector) -> Records[FibreMotion]:
    out = records(FibreMotion, {"length": np.full(N, np.nan), "velocity": np.nan})
    fibre_motion(angle, rate, FIBRE, ARMS, out)
    return out


def moved(length: Vector, velocity: Vector) -> Records[FibreMotion]:
    return records(FibreMotion, {"length": length, "velocity": velocity})


def forces(activation: Vector, motion: Records[FibreMotion]) -> Records[FibreForce]:
    return muscle_force(muscles_at(activation), motion, FIBRE)


def whole_n(force: Records[FibreForce]) -> Vector:
    return force["still_n"] + force["moving_n"]


def torques(force: Records[FibreForce]) -> Records[MuscleTorque]:
    return muscle_torque(force, ARMS, FIBRE)


def random_state(seed: int) -> tuple[Vector, Vector, Vector]:
    """Random angles [rad], rates [rad/s] and activations."""
    random = np.random.default_rng(seed)
    return random.normal(0, 0.5, AXES_N), random.normal(0, 2, AXES_N), random.uniform(0, 1, N)


def test_the_sparse_moment_arms_are_the_matrix_without_its_zeros() -> None:
    full, unit = np.zeros((2, N, AXES_N))
    for arm in rows(ARMS):
        full[arm["muscle"], arm["axis"]] = arm["arm_m"]
        unit[arm["muscle"], arm["axis"]] = arm["direction"]
    assert (full == MUSCLES.moment_arms_m).all()
    assert (ARMS["arm_m"] != 0).all()
    lengths = np.linalg.norm(full, axis=1, keepdims=True)
    assert lengths * unit == pytest.approx(full, rel=1e-12)


@pytest.mark.parametrize("seed", range(3))
def test_fibre_velocity_is_the_derivative_of_fibre_length(seed: int) -> None:
    angle, rate, _ = random_state(seed)
    motion = fibre_state(angle, rate)
    assert motion["length"] == pytest.approx(MUSCLES.length_at(angle), rel=1e-12)
    later = MUSCLES.length_at(angle + 1e-6 * rate)
    assert motion["velocity"] == pytest.approx((later - motion["length"]) / 1e-6, abs=1e-6)


@pytest.mark.parametrize("seed", range(10))
def test_the_power_of_the_muscles_is_the_power_of_the_joints(seed: int) -> None:
    angle, rate, activation = random_state(seed)
    motion = fibre_state(angle, rate)
    force = forces(activation, motion)
    torque = torques(force)
    shortening_m_s = -motion["velocity"] * np.array(MUSCLES.optimal_length_m)
    for part in ("still", "moving"):
        by_muscles = force[f"{part}_n"] @ shortening_m_s
        by_joints = torque[f"{part}_nm"] @ rate
        assert by_joints == pytest.approx(by_muscles, rel=1e-12)


@pytest.mark.parametrize("seed", range(5))
def test_muscle_force_is_activation_times_both_curves_plus_passive_force(seed: int) -> None:
    angle, rate, activation = random_state(seed)
    motion = fibre_state(angle, rate)
    force = forces(activation, motion)
    found, active_n = whole_n(force), force["still_active_n"] + force["moving_n"]
    for m in range(N):
        length, velocity = float(motion["length"][m]), float(motion["velocity"][m])
        active = (activation[m] * active_length_factor(length)) * velocity_factor(
            velocity / MUSCLES.max_shortening_velocity_per_s[m]
        )
        peak_n = MUSCLES.peak_force_n[m]
        assert active_n[m] == pytest.approx(peak_n * active, abs=1e-9)
        whole = active + passive_force_factor(length)
        assert found[m] == pytest.approx(peak_n * whole, abs=1e-9)


def test_muscles_pull_and_never_push() -> None:
    for seed in range(20):
        angle, rate, activation = random_state(seed)
        assert whole_n(forces(activation, fibre_state(angle, 5 * rate))).min() >= -1e-9


def test_a_fast_shortening_muscle_is_weaker_and_a_stretched_one_stronger() -> None:
    shortening, still, lengthening = (
        forces(np.ones(N), moved(np.ones(N), np.full(N, v)))["moving_n"] for v in (-2.0, 0.0, 2.0)
    )
    assert shortening.max() < 0 < lengthening.min()
    assert (still == 0).all()


def test_the_slope_is_the_derivative_of_force_over_velocity() -> None:
    angle, rate, activation = random_state(4)
    motion, step = fibre_state(angle, 0.2 * rate), 1e-6
    before, after = (
        forces(activation, moved(motion["length"], motion["velocity"] + s * step))["moving_n"]
        for s in (-1, 1)
    )
    per_m_s = (after - before) / (2 * step) / np.array(MUSCLES.optimal_length_m)
    slope = forces(activation, motion)["damping_ns_per_m"]
    assert slope == pytest.approx(per_m_s, rel=1e-5)


def test_the_bound_on_damping_is_never_less_than_the_damping() -> None:
    """Damping ``R^T k R`` couples axes; the diagonal bound minus it is positive semidefinite."""
    for seed in range(5):
        angle, rate, activation = random_state(seed)
        force = forces(activation, fibre_state(angle, rate))
        slopes = np.diag(force["damping_ns_per_m"])
        true = MUSCLES.moment_arms_m.T @ slopes @ MUSCLES.moment_arms_m
        surplus = np.diag(torques(force)["damping_nms_per_rad"]) - true
        assert np.linalg.eigvalsh(surplus).min() > -1e-12 * np.abs(true).max()


def test_isometric_torques_of_the_dynamometer_are_those_of_the_simulated_muscles() -> None:
    """Isometric torques of all muscles, with the 0.2 % by which the velocity curve misses 1."""
    angle, _, activation = random_state(7)
    motion = fibre_state(angle, np.zeros(AXES_N))
    silent = torques(forces(np.zeros(N), motion))["still_nm"]
    active = torques(forces(activation, motion))["still_nm"]
    isometric = active_torques(MUSCLES, angle) @ activation
    assert active - silent == pytest.approx(velocity_factor(0.0) * isometric, rel=1e-9)


def test_work_is_force_times_way_booked_by_the_way_a_fibre_goes() -> None:
    """Passive force does no work here, and what velocity adds counts with the damped velocity."""
    columns = {"still_n": 9.0, "moving_n": [-2.0, 1.0], "still_active_n": [5.0, 4.0]}
    force = records(FibreForce, {**columns, "damping_ns_per_m": 0.0})
    fibre = records(Fibre, {name: FIBRE[name][:2] for name in Fibre.__annotations__})
    muscle = muscles_at(np.ones(2))
    motion, damped = (moved(np.ones(2), np.array(v)) for v in ([-1.0, 2.0], [-0.5, 1.0]))
    for _ in range(3):
        add_fibre_work(muscle, force, motion, damped, fibre, DT_S)
    shortened, stretched = np.array(MUSCLES.optimal_length_m[:2]) * 3 * DT_S
    assert muscle["concentric_j"] == pytest.approx([(5.0 * 1.0 - 2.0 * 0.5) * shortened, 0.0])
    assert muscle["eccentric_j"] == pytest.approx([0.0, -(4.0 * 2.0 + 1.0 * 1.0) * stretched])
    by_muscle = [muscle["concentric_j"].sum(), muscle["eccentric_j"].sum()]
    assert muscle_work(muscle) == pytest.approx(by_muscle)
