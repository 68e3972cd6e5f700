"""Hands that move on a path, go along with the infant and give way to it."""

import numpy as np
import pytest

from dmi_sim.arrays import Vector
from dmi_sim.catalog import Catalog
from dmi_sim.infant import Infant
from dmi_sim.physics.support import build_support
from dmi_sim.physics.support_springs import path_at
from dmi_sim.spec.support import SupportKeyframe, SupportMotionSpec, SupportSpec
from tests.mechanics import WorldFactory, floor_force_n, run
from tests.physics.moving import CAP_N, STIFFNESS, attached, drawn, felt, motion

CATALOG = Catalog.shipped()
AXILLAE = CATALOG.load(SupportSpec, "axillae")


def keys(*rows: tuple[float, float, float, float]) -> tuple[SupportKeyframe, ...]:
    """Key times [s] and offsets [body lengths]."""
    return tuple(SupportKeyframe(time_s=time, offset=offset) for time, *offset in rows)  # type: ignore[misc]


def place_on(path: Vector, time_s: float) -> Vector:
    out = np.zeros(3)
    path_at(path, time_s, out)
    return out


def test_hands_move_in_straight_lines_between_keys_and_stay_at_the_last() -> None:
    path = np.array([[0.5, 0, 0, 0], [1, 0, 0, 0.2], [3, 0.1, 0, 0.2]])
    for time_s, offset in (
        (0.0, (0, 0, 0)),
        (0.75, (0, 0, 0.1)),
        (1.0, (0, 0, 0.2)),
        (2.0, (0.05, 0, 0.2)),
        (9.0, (0.1, 0, 0.2)),
    ):
        assert place_on(path, time_s) == pytest.approx(np.array(offset))
    assert (place_on(np.zeros((0, 4)), 1.0) == 0).all()
    assert (place_on(np.array([[1.0, 2, 3, 4]]), 0.0) == [2, 3, 4]).all()


@pytest.mark.parametrize("age_months", [3, 18])
def test_a_path_is_measured_in_body_lengths(age_months: float) -> None:
    infant = Infant.from_spec(age_months)
    rise = SupportMotionSpec(path=keys((0, 0, 0, 0), (2, 0.1, 0, 0.5)))
    trajectory = build_support(AXILLAE, infant, 1.0, rise).trajectory
    assert trajectory.offsets_m[-1] == pytest.approx(infant.length_m * np.array([0.1, 0, 0.5]))


def test_an_exercise_may_say_what_the_hands_of_a_hold_do() -> None:
    infant = Infant.from_spec(7)
    still, rising = SupportMotionSpec(), SupportMotionSpec(path=keys((0, 0, 0, 0), (1, 0, 0, 1)))
    spec = AXILLAE.model_copy(update={"support_motion": rising})
    assert build_support(spec, infant, 1.0).trajectory.times_s.size == 2
    assert build_support(spec, infant, 1.0, still).trajectory.times_s.size == 0


def test_hands_keep_pace_with_their_path_without_pushing_a_body_that_does_so_too() -> None:
    springs = attached(times_s=np.array([0.0, 2.0]), offsets_m=np.array([[0.0, 0, 0], [0.4, 0, 0]]))
    assert np.abs(drawn(springs, (0.2, 0, 0), 1.5)).max() < 1e-9


@pytest.mark.parametrize("tau_s", [0.05, 0.3, 1.0])
def test_hands_that_go_along_lag_by_speed_times_time_constant(tau_s: float) -> None:
    speed = 0.05
    springs = attached(follow_per_s=np.array([1 / tau_s, 0, 0]))
    forces = drawn(springs, (speed, 0, 0), 8 * tau_s)
    assert -forces[-1, 0] == pytest.approx(
        STIFFNESS * speed * tau_s, rel=0.1 if tau_s < 0.1 else 0.02
    )
    assert (forces[:, 1:] == 0).all()


def test_after_a_step_hands_that_go_along_let_go_with_their_time_constant() -> None:
    springs = attached(follow_per_s=np.array([2.0, 0, 0]))
    moved = motion((0.02, 0, 0))
    pulls = [felt(springs, moved)[0] for _ in range(241)]
    assert pulls[120] / pulls[0] == pytest.approx(np.exp(-1), rel=1e-6)
    assert pulls[240] / pulls[0] == pytest.approx(np.exp(-2), rel=1e-6)


def test_hands_stand_still_where_they_do_not_go_along() -> None:
    springs = attached(follow_per_s=np.array([0, 5.0, 0]))
    moved = motion((0.02, 0.02, 0.02))
    late = [felt(springs, moved) for _ in range(480)][-1]
    assert late == pytest.approx([-STIFFNESS * 0.02, 0, -STIFFNESS * 0.02], abs=1e-3)


def test_hands_that_yield_never_pull_harder_and_stay_where_they_were_pulled_to() -> None:
    limit_n = 9.0
    springs = attached(yield_n=limit_n)
    forces = drawn(springs, (0.2, 0.1, 0), 2.0)
    pulls = np.linalg.norm(forces, axis=1)
    assert pulls.max() == pytest.approx(limit_n)
    assert (np.diff(pulls) > -1e-9).all()
    stretch_m = np.linalg.norm(np.array([0.4, 0.2, 0]) * (1 - 1 / 480)) - limit_n / STIFFNESS
    assert np.linalg.norm(springs.hands["target_pos"][0]) == pytest.approx(stretch_m)
    assert np.linalg.norm(felt(springs, motion(springs.hands["target_pos"][0].tolist()))) < 1e-9


def test_hands_that_are_pulled_less_than_they_yield_to_are_springs() -> None:
    firm, soft = attached(), attached(yield_n=9.0)
    moved = motion((0.02, 0, 0))
    assert felt(soft, moved) == pytest.approx(felt(firm, moved))
    assert (soft.hands["target_pos"] == 0).all()


def test_a_cap_below_what_hands_yield_to_still_holds() -> None:
    assert np.linalg.norm(felt(attached(yield_n=4 * CAP_N), motion((2.0, 0, 0)))) == pytest.approx(
        CAP_N
    )


@pytest.mark.parametrize("tau_s", [1e-3, 1 / 240, 0.02, 0.1])
@pytest.mark.parametrize("mass_kg", [2.0, 20.0])
def test_hands_that_go_along_never_shake_what_they_hold(tau_s: float, mass_kg: float) -> None:
    """A free body with a speed comes to rest in the hands, whatever the time constant."""
    springs = attached(follow_per_s=np.full(3, 1 / tau_s))
    pos, velocity, speeds = np.zeros(3), np.array([0.5, -0.2, 0.1]), []
    for _ in range(2400):
        velocity = velocity + felt(springs, motion(pos.tolist(), velocity.tolist())) / (
            240 * mass_kg
        )
        pos = pos + velocity / 240
        speeds.append(float(np.linalg.norm(velocity)))
    assert max(speeds) <= np.linalg.norm([0.5, -0.2, 0.1]) * (1 + 1e-9)
    assert speeds[-1] < speeds[0]


def test_strength_and_both_hands_share_what_they_yield_to() -> None:
    infant = Infant.from_spec(7)
    thighs, support_motion = (
        CATALOG.load(SupportSpec, "thighs"),
        SupportMotionSpec(yields_above=0.4),
    )
    hold = build_support(thighs, infant, 0.5, support_motion)
    assert 2 * hold.trajectory.yield_n == pytest.approx(
        0.5 * 0.4 * infant.mass_kg * 9.80665, rel=1e-3
    )
    assert build_support(thighs, infant, 0.5).trajectory.yield_n == np.inf


def test_every_episode_begins_with_hands_where_the_infant_is(worlds_at: WorldFactory) -> None:
    """Hands that were pulled away or moved off in one episode are back in the next."""
    setup, world = worlds_at(7)
    hold = build_support(
        AXILLAE,
        setup.infant,
        1.0,
        SupportMotionSpec(
            follow_s=(0.2, 0.2, None), yields_above=0.3, path=keys((0, 0, 0, 0), (1, 0, 0, 0.3))
        ),
    )
    first, again = (run(world, world.start, 1.5, hold)[-1] for _ in range(2))
    assert (first.segment_pos_world == again.segment_pos_world).all()
    assert (first.support_work_j == again.support_work_j).all()
    assert (hold.trajectory.offsets_m[0] == 0).all()


def test_hands_that_rise_lift_the_infant_off_the_floor(worlds_at: WorldFactory) -> None:
    setup, world = worlds_at(7)
    rise_m = 0.4 * setup.infant.length_m
    path = keys((0, 0, 0, 0), (0.5, 0, 0, 0), (2.5, 0.1, 0, 0.4))
    states = run(
        world,
        world.start,
        8.0,
        build_support(AXILLAE, setup.infant, 1.0, SupportMotionSpec(path=path)),
    )
    first, last = states[0], states[-1]
    assert floor_force_n(world) == 0
    assert last.support_share == pytest.approx(1.0, abs=0.01)
    sag_m = 1 / AXILLAE.stiffness.value
    gone = last.support_pos_world[0] - first.support_pos_world[0]
    assert gone == pytest.approx([0.1 * setup.infant.length_m, 0, rise_m - sag_m], abs=0.01)
    at_cap = AXILLAE.largest_force.value * world.weight_n * (1 + 1e-9)
    assert max(state.support_force_n for state in states) <= at_cap


def test_hands_that_go_along_forward_let_the_infant_fall_forward_more(
    worlds_at: WorldFactory,
) -> None:
    setup, world = worlds_at(7)
    tilts: list[float] = []
    for follow in ((None, None, None), (0.3, 0.3, None)):
        hold = build_support(AXILLAE, setup.infant, 1.0, SupportMotionSpec(follow_s=follow))
        tilts.append(run(world, world.start, 3.0, hold)[-1].upright_rad)
    assert tilts[1] > tilts[0]


def test_hands_that_yield_are_felt_no_harder_than_that_by_an_infant(
    worlds_at: WorldFactory,
) -> None:
    setup, world = worlds_at(7)
    hold = build_support(AXILLAE, setup.infant, 1.0, SupportMotionSpec(yields_above=0.02))
    states = run(world, world.start, 3.0, hold)
    shares = [state.support_force_n / world.weight_n for state in states]
    assert max(shares) == pytest.approx(0.02, rel=1e-6)
    still = run(world, world.start, 3.0, build_support(AXILLAE, setup.infant, 1.0))
    assert states[-1].head_height_m < still[-1].head_height_m
