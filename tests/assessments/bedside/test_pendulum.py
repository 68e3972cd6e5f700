"""Pendulum test: the count of swings, and the mechanics of the leg."""

import numpy as np
import pytest

from dmi_sim.anatomy import AXIS_INDEX
from dmi_sim.arrays import Vector
from dmi_sim.assessments.bedside.pendulum import pendulum, turning_points
from dmi_sim.infant import Infant
from dmi_sim.muscle.passive import passive_torque_nm
from dmi_sim.spec.exercise import posture_rad
from tests.assessments.bedside.infants import rises, softer, spastic, swung, typical

KNEE = AXIS_INDEX["left_knee.flexion"]
TIME = np.linspace(0, 10, 601)


def test_turning_points_of_a_damped_wave_are_its_extremes_while_they_are_large() -> None:
    curve = 1 - np.exp(-0.5 * TIME) * np.cos(2 * np.pi * TIME)
    found = turning_points(curve, 0.2)
    extremes = [1 - np.exp(-0.25 * k) * (-1) ** k for k in range(len(found))]
    assert found == pytest.approx(extremes, abs=0.02)
    assert np.exp(-0.25 * (len(found) - 1)) * (1 + np.exp(-0.25)) < 2 * 0.2 * np.exp(0.5)


def test_swings_below_the_threshold_do_not_count() -> None:
    assert turning_points(TIME + 0.01 * np.sin(40 * TIME), 0.1) == [0.0, pytest.approx(10, abs=0.1)]


def test_a_leg_that_creeps_to_rest_has_one_swing() -> None:
    assert len(turning_points(1 - np.exp(-TIME), 0.1)) == 2


@pytest.mark.parametrize("age_months", [0.0, 6.0, 24.0])
def test_the_leg_swings_as_a_single_joint_below_a_fixed_thigh(age_months: float) -> None:
    """The reference: one degree of freedom, weight, the same passive torques, a rigid foot."""
    infant = typical(age_months)
    found = swung(infant)
    alone = one_joint(infant, np.array(found.time_s[1:]), found.knee_flexion_rad[0])
    assert found.knee_flexion_rad[-1] == pytest.approx(alone[-1], abs=np.radians(2))
    assert max(found.knee_flexion_rad) == pytest.approx(max(alone), rel=0.05)
    assert abs(found.swings - len(turning_points(alone)) // 2) <= 1


def one_joint(infant: Infant, time_s: Vector, start_rad: float) -> Vector:
    """Knee flexion [rad] of shank and foot as one pendulum on a level thigh."""
    from scipy.integrate import solve_ivp

    shank, foot = infant.segments["left_shank"], infant.segments["left_foot"]
    foot_m = np.array([foot.com_m[0], 0.0, foot.com_m[2] - infant.lengths.shank])
    first_moment_kg_m = shank.mass_kg * np.array(shank.com_m) + foot.mass_kg * foot_m
    floor = shank.inertia_floor_kgm2 + foot.inertia_floor_kgm2
    inertia = shank.inertia_kgm2[1] + foot.inertia_kgm2[1] + floor
    inertia += shank.mass_kg * shank.com_m[2] ** 2 + foot.mass_kg * float(foot_m @ foot_m)
    angle = posture_rad({"hip.flexion": 45})
    damping = infant.muscles.tissue.damping_nms_per_rad[KNEE]

    def rate(_: float, y: Vector) -> list[float]:
        angle[KNEE] = y[0]
        down = -first_moment_kg_m[2] * np.cos(y[0]) + first_moment_kg_m[0] * np.sin(y[0])
        torque = passive_torque_nm(infant.muscles, angle)[KNEE] - damping * y[1] + 9.81 * down
        return [y[1], torque / inertia]

    done = solve_ivp(rate, (0, time_s[-1]), [start_rad, 0.0], t_eval=time_s, rtol=1e-6)
    return np.asarray(done.y[0])


def test_a_soft_leg_swings_further_and_longer() -> None:
    found = [swung(softer(typical(6), factor)) for factor in (1.0, 0.7, 0.4)]
    assert rises(one.first_swing_rad for one in found)
    assert rises(one.swings for one in found)


def test_a_spastic_leg_is_caught_early_and_swings_less() -> None:
    found = [swung(spastic(typical(12), gain)) for gain in (0.3, 0.1, 0.03, 0.0)]
    assert rises(one.first_swing_rad for one in found)
    assert rises(one.relaxation_index for one in found)
    assert found[0].swings < found[-1].swings


def test_left_and_right_legs_swing_alike() -> None:
    right = pendulum(typical(6), "right")
    assert right.first_swing_rad == pytest.approx(swung(typical(6)).first_swing_rad, rel=1e-3)
