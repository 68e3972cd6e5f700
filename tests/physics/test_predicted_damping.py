"""The law of predicted damping: by the velocity at the end of the step, and exactly so."""

from typing import NamedTuple, get_args

import numpy as np
import pytest

from dmi_sim.arrays import Vector
from dmi_sim.body.joint_inertia import joint_inertia_of
from dmi_sim.body.kinematics import inertial_params
from dmi_sim.env.config import EnvConfig, build_env
from dmi_sim.infant import Infant
from dmi_sim.muscle.force import FibreForce, muscle_force, muscle_torque
from dmi_sim.muscle.tissue import add_spring_torque
from dmi_sim.nervous.motor_command import MotorCommand, equilibrium_command, silent_command
from dmi_sim.physics.neuromuscular import neuromuscular_step
from dmi_sim.physics.neuromuscular_params import DAMPING, Damping, build_neuromuscular_params
from dmi_sim.physics.predicted_damping import (
    LastStep,
    add_end_of_step,
    predicted_change,
    solve_symmetric,
)
from dmi_sim.physics.world import World
from dmi_sim.records import Records
from tests.mechanics import in_the_air, joint_speed
from tests.muscle.muscles import muscles_at
from tests.nervous.reflexes import moved
from tests.physics.bullet_access import arrays_of, plain_bullet
from tests.physics.joints import still
from tests.physics.memory import lain_still

AGES = (0.0, 7.0, 24.0)
DT_S = 1 / 180
RATES_HZ = (120, 180, 240, 480)
INFANTS = {age: Infant.from_spec(age) for age in AGES}
SITTING = {age: build_env(EnvConfig("sitting_v0", age_months=age)) for age in AGES}


class Moment(NamedTuple):
    """A body in motion, muscles tense."""

    infant: Infant
    force: Records[FibreForce]
    last: LastStep
    rate: Vector
    torque: Vector
    damping: Vector

    def change(self) -> Vector:
        law = build_neuromuscular_params(self.infant, np.zeros(34), DT_S, "predicted")
        first_arm, tissue = law.predicted.first_arm, law.tissue
        now = (self.rate, self.torque, self.force, law.arms, first_arm, tissue, self.last)
        return predicted_change(*now, DT_S)


def moment(age_months: float, activation: float = 0.5) -> Moment:
    """Nothing acted in the last step but torques, as in empty space."""
    infant, random = INFANTS[age_months], np.random.default_rng(3)
    angle, rate, torque, before = random.normal(0, 0.4, (4, 34))
    law = build_neuromuscular_params(infant, angle, DT_S)
    muscle = muscles_at(activation, n=len(infant.muscles.names))
    force = muscle_force(muscle, moved(infant.muscles.length_at(angle), 0.0), law.fibre)
    inertia = joint_inertia_of(inertial_params(infant.ordered_segments), angle)
    last = LastStep(rate - DT_S * np.linalg.solve(inertia, before), before, inertia)
    arms_m = infant.muscles.moment_arms_m
    active = arms_m.T @ np.diag(force["damping_ns_per_m"]) @ arms_m
    damping = active + np.diag(infant.muscles.tissue.damping_nms_per_rad)
    return Moment(infant, force, last, rate, torque, damping)


def test_the_law_in_force_is_the_softened_one() -> None:
    assert DAMPING == "softened"


def test_equations_are_solved() -> None:
    root = np.random.default_rng(0).normal(size=(34, 34))
    matrix, right = root @ root.T + np.eye(34), root[0].copy()
    expected = np.linalg.solve(matrix, right)
    solve_symmetric(np.triu(matrix), right)
    assert right == pytest.approx(expected)


@pytest.mark.parametrize("age_months", AGES)
def test_the_body_ends_the_step_as_torques_at_its_end_demand(age_months: float) -> None:
    """Inertia times change = step times torque at the end of the step."""
    now = moment(age_months)
    change = now.change()
    at_the_end = now.torque - now.damping @ change
    assert now.last.inertia_kgm2 @ change == pytest.approx(DT_S * at_the_end)


@pytest.mark.parametrize("age_months", AGES)
def test_muscles_and_tissue_pull_as_they_do_at_the_end_of_the_step(age_months: float) -> None:
    now = moment(age_months)
    change, torque, force = now.change(), now.torque.copy(), now.force.copy()
    law = build_neuromuscular_params(now.infant, np.zeros(34), DT_S, "predicted")
    add_end_of_step(change, force, law.arms, law.tissue, torque)
    assert torque == pytest.approx(now.torque - now.damping @ change)
    lengthening_m_s = -now.infant.muscles.moment_arms_m @ change
    added_n = force["moving_n"] - now.force["moving_n"]
    assert added_n == pytest.approx(now.force["damping_ns_per_m"] * lengthening_m_s)


@pytest.mark.parametrize("age_months", AGES)
def test_what_rests_is_predicted_to_rest_whatever_carries_it(age_months: float) -> None:
    now = moment(age_months)
    rest = np.zeros(34)
    resting = now._replace(rate=rest, last=now.last._replace(rate_rad_s=rest, torque_nm=now.torque))
    assert resting.change() == pytest.approx(0.0, abs=1e-15)


def test_at_rest_springs_pull_whole() -> None:
    infant, angle = INFANTS[7.0], np.full(34, 0.1)
    softened, predicted = (
        build_neuromuscular_params(infant, angle, DT_S, damping) for damping in get_args(Damping)
    )
    limp, history = muscles_at(n=len(infant.muscles.names)), lain_still(infant.muscles, angle)
    whole, _ = neuromuscular_step(*still(angle), 0, limp, history, softened)
    assert np.abs(whole).max() > 0.1
    for step in range(3):
        torque, _ = neuromuscular_step(*still(angle), step, limp, history, predicted)
        assert torque == pytest.approx(whole, rel=1e-12)


def speeds(
    age_months: float, physics_hz: int, command: MotorCommand, damping: Damping = "predicted"
) -> Vector:
    """Mean joint speed of an infant in the air under a command, 4 s at 30 Hz [rad/s]."""
    setup = SITTING[age_months]
    world = World(setup.infant, setup.start, physics_hz, damping=damping)
    world.reset(in_the_air(world.start))
    found: list[float] = []
    for _ in range(120):
        world.begin_control_step(command)
        world.advance(physics_hz // 30)
        found.append(joint_speed(world.observe()))
    world.close()
    return np.array(found)


def full_commands(age_months: float) -> list[MotorCommand]:
    """The full command of each synergy of the sitting exercise."""
    setup = SITTING[age_months]
    start = setup.start.angle_rad
    return [equilibrium_command(setup.infant.muscles, start + c) for c in setup.angle_matrix.T]


@pytest.mark.parametrize("physics_hz", RATES_HZ)
@pytest.mark.parametrize("age_months", AGES)
def test_the_full_command_of_any_synergy_ends_in_calm(age_months: float, physics_hz: int) -> None:
    for command in full_commands(age_months):
        assert speeds(age_months, physics_hz, command)[75:].max() < 0.03


def test_softened_damping_buzzes_where_the_step_is_coarse() -> None:
    """What the law is for: the mode of delayed reflexes at about 20 Hz."""
    abduction = full_commands(24.0)[6]
    assert speeds(24.0, 180, abduction, "softened")[75:].max() > 0.1


@pytest.mark.parametrize("age_months", AGES)
@pytest.mark.parametrize("physics_hz", RATES_HZ)
def test_how_limbs_swing_does_not_depend_on_the_step(age_months: float, physics_hz: int) -> None:
    muscles = SITTING[age_months].infant.muscles
    stiff = equilibrium_command(muscles, SITTING[age_months].start.angle_rad, cocontraction=0.3)
    for command in (stiff, silent_command(muscles)):
        fine, coarse = (speeds(age_months, hz, command)[10:] for hz in (960, physics_hz))
        assert coarse == pytest.approx(fine, abs=0.03)


def restless(age_months: float, random: np.random.Generator) -> MotorCommand:
    """A command to any posture, more or less tense."""
    start = SITTING[age_months].start.angle_rad
    aim = start + random.normal(0, 0.6, start.size)
    tension = float(random.uniform(0, 0.3))
    return equilibrium_command(SITTING[age_months].infant.muscles, aim, cocontraction=tension)


def still_torque(world: World, angle: Vector) -> Vector:
    """Torques of muscles and tissue without what velocity adds [N m], shape (34,)."""
    infant, now = world.infant, arrays_of(world)
    fibre, arms = now.params.fibre, now.params.arms
    force = muscle_force(now.muscle, moved(infant.muscles.length_at(angle), 0.0), fibre)
    torque = muscle_torque(force, arms, fibre)["still_nm"].copy()
    add_spring_torque(angle, now.params.tissue, torque)
    return torque


@pytest.mark.parametrize("is_high", [False, True])
@pytest.mark.parametrize("age_months", AGES)
def test_damping_never_gives_energy_to_the_body(age_months: float, is_high: bool) -> None:
    """While an infant tosses about and falls, and while it kicks in the air."""
    setup, random = SITTING[age_months], np.random.default_rng(0)
    world, work_j = World(setup.infant, setup.start, 180, damping="predicted"), list[float]()
    world.reset(in_the_air(world.start) if is_high else world.start)
    for tick in range(360):
        if tick % 36 == 0:
            world.begin_control_step(restless(age_months, random))
        before = world.observe()
        world.advance(1)
        damping = arrays_of(world).history.last.torque_nm - still_torque(
            world, before.joint_angle_rad
        )
        after = world.observe().joint_velocity_rad_s
        work_j.append(float(damping @ (before.joint_velocity_rad_s + after)) * world.dt_s / 2)
    world.close()
    assert sum(work_j) < -1.0
    assert max(work_j) <= 1e-9


def rates_of(world: World) -> list[bytes]:
    """The joint rates of a second of restlessness, control step by control step."""
    random, found = np.random.default_rng(1), list[bytes]()
    world.reset(world.start)
    for _ in range(30):
        world.begin_control_step(restless(7.0, random))
        world.advance(6)
        found.append(world.observe().joint_velocity_rad_s.tobytes())
    return found


def test_both_loops_do_the_same_and_nothing_stays_from_an_earlier_episode() -> None:
    setup = SITTING[7.0]
    compiled = World(setup.infant, setup.start, 180, damping="predicted")
    with plain_bullet():
        plain = World(setup.infant, setup.start, 180, damping="predicted")
    first = rates_of(compiled)
    assert first == rates_of(plain)
    assert first == rates_of(compiled)
    compiled.close()
    plain.close()
