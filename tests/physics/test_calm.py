"""No buzz: a statue sits still, and a relaxed infant does not tremble."""

from collections.abc import Generator
from functools import cache

import numpy as np
import pytest

from dmi_sim.infant import Infant
from dmi_sim.sim.engine import Engine
from tests.mechanics import Place, floor_force_n, in_the_air, joint_speed, run

AGES = (0.0, 3.0, 7.0, 12.0, 24.0)
DT_S = 1 / 240


@cache
def statue(age_months: float) -> Engine:
    """An engine of its own, whose joints can be locked."""
    return Engine(Infant.from_spec(age_months), DT_S)


@pytest.fixture(autouse=True, scope="module")
def closed_engines() -> Generator[None, None, None]:
    yield
    for age in AGES:
        statue(age).close()


@pytest.mark.parametrize("age_months", AGES)
def test_a_statue_sits_still(places: Place, age_months: float) -> None:
    _, world = places(age_months)
    engine = statue(age_months)
    engine.put(world.start)
    engine.lock(world.start)
    squares: list[float] = []
    for tick in range(11 * 240):
        engine.step()
        if tick >= 240 and tick % 8 == 0:
            velocity = engine.read_out(engine.joints()).com_velocity
            squares.append(float(velocity @ velocity))
    assert len(squares) == 300
    assert np.sqrt(np.mean(squares)) < 1e-3
    carried = sum(force for other, _, _, _, force in engine.contacts() if other == 0)
    assert carried == pytest.approx(world.weight_n, rel=1e-3)


@pytest.mark.parametrize("age_months", AGES)
def test_a_relaxed_infant_is_calm_until_it_topples(places: Place, age_months: float) -> None:
    _, world = places(age_months)
    states = run(world, world.start, 4.0)
    tilts = [np.degrees(state.upright_rad) for state in states]
    toppling = next((k for k, tilt in enumerate(tilts) if tilt > 10), len(states))
    assert toppling > 9  # 0.3 s
    calm = states[min(15, toppling - 1) : toppling]
    assert max(joint_speed(state) for state in calm) < 0.1


@pytest.mark.parametrize("age_months", AGES)
def test_a_relaxed_infant_is_calm_in_the_air(places: Place, age_months: float) -> None:
    _, world = places(age_months)
    states = run(world, in_the_air(world.start), 1.5)
    assert max(joint_speed(state) for state in states[15:]) < 0.1
    assert joint_speed(states[-1]) < 0.01


@pytest.mark.parametrize("age_months", AGES)
def test_a_fallen_infant_comes_to_rest(places: Place, age_months: float) -> None:
    _, world = places(age_months)
    states = run(world, world.start, 8.0)
    assert joint_speed(states[-1]) < 0.02
    assert max(np.abs(state.joint_velocity_rad_s).max() for state in states) < 30
    assert not world.is_broken


@pytest.mark.parametrize("age_months", AGES)
def test_the_full_command_of_any_synergy_ends_in_calm(places: Place, age_months: float) -> None:
    setup, world = places(age_months)
    pose = in_the_air(world.start)
    for column in setup.command_matrix.T:
        world.reset(pose)
        world.begin_control_step(world.start.angle_rad + column)
        world.advance(480)
        assert joint_speed(world.state(0)) < 0.05


@pytest.mark.parametrize("age_months", [0.0, 7.0, 24.0])
@pytest.mark.parametrize("site", ["axillae", "pelvis", "feet"])
def test_hands_bring_no_buzz(places: Place, age_months: float, site: str) -> None:
    setup, world = places(age_months)
    states = run(world, world.start, 15.0, setup.hold(site, 1.0))[-30:]
    assert max(joint_speed(state) for state in states) < 0.02
    assert max(np.linalg.norm(state.com_velocity_m_s) for state in states) < 0.01


def test_at_rest_the_floor_force_is_steady(places: Place) -> None:
    _, world = places(7)
    run(world, world.start, 8.0)
    forces: list[float] = []
    for _ in range(24):
        world.advance(1)
        forces.append(floor_force_n(world))
    assert np.ptp(forces) < 0.05 * world.weight_n
