"""Work of hands and of muscles: what closed forms and the balance of energy say."""

import numpy as np
import pytest

from dmi_sim.anatomy import AXIS_INDEX
from dmi_sim.body.kinematics import inertial_params
from dmi_sim.catalog import Catalog
from dmi_sim.infant import Infant
from dmi_sim.muscle.curves import passive_force_factor
from dmi_sim.muscle.tissue import add_spring_torque
from dmi_sim.nervous.motor_command import excitation_command, silent_command
from dmi_sim.physics.body_state import SegmentKinematics
from dmi_sim.physics.neuromuscular import NeuromuscularParams
from dmi_sim.physics.neuromuscular_params import build_neuromuscular_params
from dmi_sim.physics.state import State
from dmi_sim.physics.support import build_support
from dmi_sim.physics.support_springs import apply_support
from dmi_sim.physics.world import World
from dmi_sim.spec.support import SupportKeyframe, SupportMotionSpec, SupportSpec
from tests.mechanics import WorldFactory, in_the_air, run
from tests.physics.bullet_access import engine_of
from tests.physics.moving import CAP_N, DT_S, STIFFNESS, attached, drawn, felt, motion
from tests.physics.readings import segments

AXILLAE = Catalog.shipped().load(SupportSpec, "axillae")


def test_hands_that_pull_with_a_constant_force_give_all_of_it_as_motion() -> None:
    """A free mass far from where the hand wants it: force at its cap, work = kinetic energy."""
    springs, mass_kg = attached(), 4.0
    springs.hands["target_pos"] = [1e3, 0, 0]
    pos, velocity = np.zeros(3), np.zeros(3)
    for _ in range(240):
        force = felt(springs, motion(pos.tolist(), velocity.tolist()))
        velocity = velocity + force * DT_S / mass_kg
        pos = pos + velocity * DT_S
    felt(springs, motion(pos.tolist(), velocity.tolist()))  # the last half step
    assert np.linalg.norm(velocity) == pytest.approx(CAP_N / mass_kg, rel=1e-4)
    half_step_j = 0.5 * CAP_N * velocity[0] * DT_S
    kinetic_j = 0.5 * mass_kg * velocity @ velocity
    assert springs.work_j[0] - half_step_j == pytest.approx(kinetic_j, rel=1e-9)
    assert springs.work_j[1] == 0


def test_hands_that_give_way_take_force_times_way() -> None:
    limit_n, way_m = 6.0, 1.0
    springs = attached(yield_n=limit_n)
    drawn(springs, (0.5, 0, 0), 2 * way_m)
    assert springs.work_j[0] == 0
    assert springs.work_j[1] == pytest.approx(-limit_n * way_m, rel=0.02)


def test_a_spring_gives_back_what_it_took() -> None:
    slow, stretch_m = 0.001, 0.05
    springs = attached()
    springs.hands["damping_ns_per_m"] = 0.0  # no damper; the implicit part of the spring is left
    steps = round(stretch_m / slow / DT_S)
    for tick in range(steps):
        felt(springs, motion((slow * tick * DT_S, 0, 0), (slow, 0, 0)))
    taken_j = springs.work_j[1]
    for tick in range(steps, 0, -1):
        felt(springs, motion((slow * tick * DT_S, 0, 0), (-slow, 0, 0)))
    assert taken_j == pytest.approx(-0.5 * STIFFNESS * stretch_m**2, rel=1e-3)
    assert springs.work_j[0] == pytest.approx(-taken_j, rel=1e-3)


def test_turning_a_segment_in_the_ring_takes_work_too() -> None:
    stiffness_nm_per_rad, rate = 2.0, 0.01
    springs = attached(np.array([stiffness_nm_per_rad, 0.0, 1e9, 1e9]))
    spin = np.tile([0, 0, rate], (15, 1))
    steps = round(0.5 / rate / DT_S)
    for tick in range(steps):
        c, s = np.cos(tick * rate * DT_S), np.sin(tick * rate * DT_S)
        matrix = np.tile(np.array([[c, -s, 0], [s, c, 0], [0, 0, 1.0]]), (15, 1, 1))
        there = SegmentKinematics(
            np.zeros((15, 3)), np.zeros((15, 4)), matrix, np.zeros((15, 3)), spin
        )
        apply_support(there, springs, 0.0, DT_S)
    assert springs.work_j[1] == pytest.approx(-stiffness_nm_per_rad * (1 - np.cos(0.5)), rel=1e-3)


def test_lifting_a_limp_infant_takes_its_weight_times_the_way(worlds_at: WorldFactory) -> None:
    """From hanging at rest to hanging at rest, 0.4 body lengths higher."""
    setup, world = worlds_at(7)
    keys = ((0.0, 0.0), (5.0, 0.0), (7.0, 0.4))
    path = tuple(SupportKeyframe(time_s=time, offset=(0, 0, up)) for time, up in keys)
    hold = build_support(AXILLAE, setup.infant, 1.0, SupportMotionSpec(path=path))
    limp = silent_command(setup.infant.muscles)
    states = run(world, in_the_air(world.start), 12.0, hold, command=limp)
    before, after = states[150], states[-1]
    work_j = float((after.support_work_j - before.support_work_j).sum())
    risen_m = after.com_m[2] - before.com_m[2]
    assert risen_m == pytest.approx(0.4 * setup.infant.length_m, rel=0.01)
    assert work_j == pytest.approx(world.weight_n * risen_m, rel=0.01)
    assert after.support_share == pytest.approx(1.0, abs=1e-3)
    assert (after.muscle_work_j == 0).all()


def test_hands_that_break_a_fall_take_energy_and_hardly_give_any(worlds_at: WorldFactory) -> None:
    setup, world = worlds_at(7)
    hold = setup.support("axillae", 1.0)
    last = run(world, world.start, 3.0, hold, command=silent_command(setup.infant.muscles))[-1]
    gave_j, took_j = last.support_work_j
    assert took_j < 0 < gave_j < -took_j


def test_nobody_works_at_rest_nor_without_hands(worlds_at: WorldFactory) -> None:
    setup, world = worlds_at(7)
    first = run(world, world.start, 0.0, setup.support("axillae", 1.0))[0]
    assert (first.support_work_j == 0).all()
    assert (first.muscle_work_j == 0).all()
    assert (run(world, world.start, 1.0)[-1].support_work_j == 0).all()


def test_a_muscle_that_moves_a_limb_works_and_one_that_is_stretched_takes(
    worlds_at: WorldFactory,
) -> None:
    """Elbow flexors lift the forearms, and take back some when the elbow swings open again."""
    setup, world = worlds_at(7)
    muscles = setup.infant.muscles
    flexors = muscles.moment_arms_m[:, AXIS_INDEX["left_elbow.flexion"]] > 0
    pose = in_the_air(world.start)
    gave_j, took_j = run(world, pose, 0.3, command=excitation_command(np.where(flexors, 0.5, 0.0)))[
        -1
    ].muscle_work_j
    assert gave_j > 0
    assert gave_j > -2 * took_j


def own_kinetic_j(infant: Infant, world: World, state: State) -> float:
    """Kinetic energy about the centre of mass [J], summed over the segments."""
    engine = engine_of(world)
    masses, seen = inertial_params(infant.ordered_segments), segments(engine)
    levers = np.einsum("sij,sj->si", seen.matrix, masses.com_m)
    speed = seen.velocity + np.cross(seen.angular_velocity, levers) - state.com_velocity_m_s
    twice_rotation_j = (masses.inertia_kgm2 * state.segment_angular_velocity_own**2).sum()
    return 0.5 * float((masses.mass_kg * (speed**2).sum(axis=1)).sum() + twice_rotation_j)


def passive_power_w(law: NeuromuscularParams, infant: Infant, state: State) -> float:
    """Power of springs, dampers and unexcited fibres on the joints, as applied [W]."""
    muscles, rate = infant.muscles, state.joint_velocity_rad_s
    torque = np.zeros(rate.size)
    add_spring_torque(state.joint_angle_rad, law.tissue, torque)
    length = muscles.length_at(state.joint_angle_rad)
    fibres = np.array(muscles.passive_force_n) * [passive_force_factor(x) for x in length]
    torque += fibres @ muscles.moment_arms_m - law.implicit_damping @ (
        law.tissue["damping_nms_per_rad"] * rate
    )
    return float(torque @ rate)


@pytest.mark.parametrize(("physics_hz", "share"), [(240, 0.03), (960, 0.01)])
@pytest.mark.parametrize("seed", range(2))
def test_muscles_and_passive_tissue_together_make_the_motion_of_a_body_in_the_air(
    worlds_at: WorldFactory, physics_hz: int, share: float, seed: int
) -> None:
    """Energy about the centre of mass, which gravity does not touch."""
    setup, world = worlds_at(7, physics_hz)
    infant, random = setup.infant, np.random.default_rng(seed)
    law = build_neuromuscular_params(infant, world.start.angle_rad, world.dt_s)
    world.reset(in_the_air(world.start))
    world.begin_control_step(
        excitation_command(0.3 * random.uniform(0, 1, len(infant.muscles.names)))
    )
    powers: list[float] = []
    for _ in range(round(0.15 * physics_hz)):
        powers.append(passive_power_w(law, infant, world.observe()))
        world.advance(1)
    last = world.observe()
    gave_j, took_j = last.muscle_work_j
    kinetic_j = own_kinetic_j(infant, world, last)
    assert took_j < 0 < kinetic_j
    assert gave_j + took_j + sum(powers) * world.dt_s == pytest.approx(
        kinetic_j, abs=share * (gave_j - took_j)
    )


def test_the_sum_over_muscles_is_kept_through_an_episode(worlds_at: WorldFactory) -> None:
    """Work only grows in both directions, whatever commands come between."""
    _, world = worlds_at(7)
    states = run(world, world.start, 1.0)
    work = np.array([state.muscle_work_j for state in states])
    assert (np.diff(work[:, 0]) >= 0).all()
    assert (np.diff(work[:, 1]) <= 0).all()
    assert work[-1, 0] > 0 > work[-1, 1]
