"""Damping that never shakes a body, however stiff the step, and never takes from a spring."""

from dataclasses import replace

import numpy as np
import pytest

from dmi_sim.anatomy import AXIS_INDEX
from dmi_sim.arrays import Vector
from dmi_sim.body.kinematics import inertial_params, mass_matrix
from dmi_sim.env.config import EnvConfig, build_env
from dmi_sim.infant import Infant
from dmi_sim.muscle.force import muscle_force, muscle_torque
from dmi_sim.physics.bullet.engine import BulletEngine
from dmi_sim.physics.neuromuscular import (
    NeuromuscularParams,
    active_softening,
    neuromuscular_step,
)
from dmi_sim.physics.neuromuscular_params import build_neuromuscular_params, damping_of, mobility
from dmi_sim.physics.pose import UPRIGHT, Pose
from tests.muscle.muscles import muscles_at
from tests.nervous.reflexes import moved
from tests.physics.bullet_access import set_moving
from tests.physics.joints import still
from tests.physics.memory import lain_still
from tests.physics.readings import read, segments

DT_S = 1 / 240
AGES = (0.0, 7.0, 24.0)
SITTING = {age: build_env(EnvConfig("sitting", age_months=age)).start.angle_rad for age in AGES}
INFANTS = {age: Infant.from_spec(age) for age in AGES}
KNEE = AXIS_INDEX["left_knee.flexion"]


def law_of(age_months: float, dt_s: float = DT_S) -> NeuromuscularParams:
    """The law of an infant who starts in the sitting posture."""
    return build_neuromuscular_params(INFANTS[age_months], SITTING[age_months], dt_s)


def postures(age_months: float, count: int) -> list[Vector]:
    """Any angles within the range of motion."""
    tissue, random = INFANTS[age_months].muscles.tissue, np.random.default_rng(0)
    low, high = np.array(tissue.lowest_rad), np.array(tissue.highest_rad)
    return [low + (high - low) * random.uniform(size=34) for _ in range(count)]


def slowed(infant: Infant, angle: Vector, dt_s: float = DT_S) -> tuple[Vector, Vector, Vector]:
    """Mobility, dampers and the matrix ``(I + dt D W)^-1`` in a pose."""
    free = mobility(infant, angle)
    damping = np.diag(infant.muscles.tissue.damping_nms_per_rad)
    return free, damping, damping_of(free, infant.muscles.tissue, dt_s)[0]


def with_damping(infant: Infant, axis: int, damping_nms_per_rad: float) -> Infant:
    """An infant with one damper and no other."""
    values = tuple(damping_nms_per_rad * (i == axis) for i in range(34))
    tissue = replace(infant.muscles.tissue, damping_nms_per_rad=values)
    return replace(infant, muscles=replace(infant.muscles, tissue=tissue))


@pytest.mark.parametrize("age_months", AGES)
def test_mobility_is_what_the_joints_of_the_free_body_answer_to_torque(age_months: float) -> None:
    """Pelvis free: of the whole inverse mass matrix, not the inverse of the joints' own block."""
    infant, angle = INFANTS[age_months], SITTING[age_months]
    torque = np.random.default_rng(1).normal(size=34)
    pushed = np.concatenate([np.zeros(6), torque])
    answer = np.linalg.solve(mass_matrix(inertial_params(infant.ordered_segments), angle), pushed)
    assert mobility(infant, angle) @ torque == pytest.approx(answer[6:])


@pytest.mark.parametrize("age_months", AGES)
def test_damping_as_it_is_applied_takes_energy_in_every_direction(age_months: float) -> None:
    _, damping, implicit_damping = slowed(INFANTS[age_months], SITTING[age_months])
    applied = implicit_damping @ damping
    assert applied == pytest.approx(applied.T, abs=1e-12 * np.abs(applied).max())
    assert np.linalg.eigvalsh((applied + applied.T) / 2).min() > 0


@pytest.mark.parametrize("dt_s", [1 / 240, 1 / 1000])
def test_dampers_act_on_the_velocity_at_the_end_of_the_step(dt_s: float) -> None:
    free, damping, implicit_damping = slowed(INFANTS[7.0], SITTING[7.0], dt_s)
    before = np.random.default_rng(2).normal(size=34)
    after = before - dt_s * free @ implicit_damping @ damping @ before
    assert after == pytest.approx(before - dt_s * free @ damping @ after, rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("axis", [0, 9, KNEE, AXIS_INDEX["left_ankle.rotation"]])
@pytest.mark.parametrize("damping", [0.01, 1.0, 100.0, 1e6])
def test_no_damper_however_strong_turns_a_joint_back(axis: int, damping: float) -> None:
    infant = with_damping(INFANTS[7.0], axis, damping)
    free, dampers, implicit_damping = slowed(infant, SITTING[7.0])
    after = 1.0 - DT_S * (free @ implicit_damping @ dampers)[axis, axis]
    assert 0 < after < 1
    assert after == pytest.approx(1 / (1 + DT_S * damping * free[axis, axis]), rel=1e-6)


def test_the_same_dampers_applied_explicitly_would_throw_joints_back() -> None:
    tissue = INFANTS[7.0].muscles.tissue
    free = mobility(INFANTS[7.0], SITTING[7.0])
    explicit = np.eye(34) - DT_S * free * np.array(tissue.damping_nms_per_rad)
    assert np.linalg.eigvals(explicit).real.min() < -1


@pytest.mark.parametrize("age_months", AGES)
def test_at_rest_springs_pull_whole_whatever_the_step_and_the_damper(age_months: float) -> None:
    infant, angle = INFANTS[age_months], postures(age_months, 1)[0]
    history = lain_still(infant.muscles, angle)
    found: list[Vector] = []
    for dt_s, damping in ((DT_S, 1.0), (DT_S, 1e6), (1e-4, 1.0)):
        law = build_neuromuscular_params(
            with_damping(infant, KNEE, damping), SITTING[age_months], dt_s
        )
        silent = muscles_at(n=len(infant.muscles.names))
        found.append(neuromuscular_step(*still(angle), 0, silent, history, law)[0])
    assert np.abs(found[0]).max() > 0.1
    assert found[1] == pytest.approx(found[0], rel=1e-12)
    assert found[2] == pytest.approx(found[0], rel=1e-12)


def free_step(age_months: float, angle: Vector, activation: float) -> Vector:
    """What one step makes of the joint rates of a body in the air, all else at rest, (34, 34)."""
    infant, law = INFANTS[age_months], law_of(age_months)
    muscle = muscles_at(activation, n=len(infant.muscles.names))
    force = muscle_force(muscle, moved(infant.muscles.length_at(angle), 0.0), law.fibre)
    slopes, arms_m = np.diag(force["damping_ns_per_m"]), infant.muscles.moment_arms_m
    torque = muscle_torque(force, law.arms, law.fibre)
    softening = 1 + DT_S * torque["damping_nms_per_rad"] / law.active_inertia_kgm2
    assert softening == pytest.approx(active_softening(torque, law.active_inertia_kgm2, DT_S))
    dampers = np.diag(infant.muscles.tissue.damping_nms_per_rad)
    damping = arms_m.T @ slopes @ arms_m / softening[:, None] + dampers
    return np.eye(34) - DT_S * mobility(infant, angle) @ law.implicit_damping @ damping


@pytest.mark.parametrize("activation", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("age_months", AGES)
def test_damping_is_stable_in_every_posture_though_exact_in_one(
    age_months: float, activation: float
) -> None:
    """Other postures offer up to 20 times the mobility (generalised eigenvalue) of the start."""
    for angle in [SITTING[age_months], *postures(age_months, 15)]:
        rates = np.linalg.eigvals(free_step(age_months, angle, activation))
        assert np.abs(rates).max() < 1
        assert rates.real.min() > -0.6


@pytest.mark.parametrize("age_months", AGES)
def test_the_inertia_left_is_less_than_any_that_a_damper_meets_in_the_start_pose(
    age_months: float,
) -> None:
    infant = INFANTS[age_months]
    free, _, implicit_damping = slowed(infant, SITTING[age_months])
    left = damping_of(free, infant.muscles.tissue, DT_S)[1]
    assert left.min() > 0
    assert (left * np.diag(free @ implicit_damping) < 1).all()


def energies_j(age_months: float, seed: int) -> Vector:
    """Kinetic energy about the centre of mass of a limp body with dampers alone, step by step."""
    plain, tissue = INFANTS[age_months], INFANTS[age_months].muscles.tissue
    none = (0.0,) * 34
    limp = replace(tissue, stiffness_nm_per_rad=none, end_stiffness_nm_per_rad=none)
    n = len(plain.muscles.names)
    muscles = replace(plain.muscles, tissue=limp, peak_force_n=(0.0,) * n)
    infant, random = replace(plain, muscles=muscles), np.random.default_rng(seed)
    engine, law = (
        BulletEngine(infant, DT_S),
        build_neuromuscular_params(infant, SITTING[age_months], DT_S),
    )
    pose = Pose(np.array([0.0, 0.0, 50.0]), UPRIGHT, random.normal(0, 0.3, 34))
    set_moving(engine, pose, random, speed=3.0)
    silent, history = muscles_at(n=n), lain_still(muscles, pose.angle_rad)
    found: list[float] = []
    for tick in range(120):
        found.append(_own_energy_j(engine))
        torque, _ = neuromuscular_step(*read(engine), tick, silent, history, law)
        engine.apply_torques(torque)
        engine.step()
    engine.close()
    return np.array(found)


def _own_energy_j(engine: BulletEngine) -> float:
    _, _, matrix, velocity, spin = segments(engine)
    masses = engine.masses
    arms = np.einsum("sij,sj->si", matrix, masses.com_m)
    speed = velocity + np.cross(spin, arms)
    speed -= masses.mass_kg @ speed / masses.mass_kg.sum()
    own = np.einsum("sij,si->sj", matrix, spin)
    twice_rotation_j = (masses.inertia_kgm2 * own**2).sum()
    return float(0.5 * ((masses.mass_kg * (speed**2).sum(axis=1)).sum() + twice_rotation_j))


@pytest.mark.parametrize("age_months", AGES)
@pytest.mark.parametrize("seed", range(3))
def test_the_energy_of_a_damped_body_in_the_air_never_grows(age_months: float, seed: int) -> None:
    energy = energies_j(age_months, seed)
    assert (np.diff(energy) <= 0).all()
    assert energy[-1] < 0.8 * energy[0]
