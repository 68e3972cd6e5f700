"""Hands: springs with a ceiling, at the height the file says, that never shake what they hold."""

import numpy as np
import pytest

from dmi_sim.arrays import Vector
from dmi_sim.body.rotation import matrix_of, quaternion_of
from dmi_sim.body.segments import PLACES
from dmi_sim.catalog import Catalog
from dmi_sim.infant import Infant
from dmi_sim.physics.support import Grip, Hold, build_hold
from dmi_sim.physics.body_state import Motion
from dmi_sim.physics.support_springs import hold_body
from dmi_sim.spec.support import SITES, Handling, HoldSpec
from tests.mechanics import TICKS, Place, floor_force_n, run, tone

CATALOG = Catalog.shipped()
INFANT = Infant.from_spec(7)
DT_S = 1 / 240
HELD = SITES[:-1]


def hold_at(site: str, strength: float = 1.0, handling: Handling | None = None) -> Hold:
    return build_hold(CATALOG.load(HoldSpec, site), INFANT, strength, handling)


def wrench(
    grip: Grip, shift: Vector, turn: Vector, velocity: Vector, spin: Vector
) -> tuple[Vector, Vector, Vector]:
    """What hands do to a segment that was shifted and turned from where they want it."""
    rings = Hold((grip,)).taken(*everywhere(np.zeros(3), np.eye(3)), DT_S)
    matrix = matrix_of(quaternion_of(turn))
    pos = shift + grip.point_m - matrix @ grip.point_m  # turns about the grip
    speeds = (
        np.tile(velocity - np.cross(spin, matrix @ grip.point_m), (15, 1)),
        np.tile(spin, (15, 1)),
    )
    there = everywhere(pos, matrix)
    hold_body(Motion(there[0], np.zeros((15, 4)), there[1], *speeds), rings, 0.0, DT_S)
    return rings.wrench[0, :3], rings.wrench[0, 3:6], rings.wrench[0, 6:]


def everywhere(pos: Vector, matrix: Vector) -> tuple[Vector, Vector]:
    """The same place and attitude for all segments, so that any may be held."""
    return np.tile(pos, (15, 1)), np.tile(matrix, (15, 1, 1))


STILL = np.zeros(3)


def test_no_hands_hold_nothing() -> None:
    assert hold_at("none").grips == ()
    assert hold_at("pelvis", strength=0.0).grips == ()


@pytest.mark.parametrize("site", HELD)
def test_trunk_and_head_get_one_ring_and_limbs_one_on_each_side(site: str) -> None:
    kinds = [PLACES[grip.segment].kind for grip in hold_at(site).grips]
    is_limb = site in ("thighs", "shanks", "feet")
    assert len(kinds) == (2 if is_limb else 1)
    assert set(kinds) == {CATALOG.load(HoldSpec, site).segment}


def test_the_lower_the_site_the_lower_the_hands_of_a_sitting_infant(places: Place) -> None:
    setup, world = places(7)
    heights: list[float] = []
    for site in ("head", "shoulder_girdle", "axillae", "lower_ribs", "waist", "pelvis"):
        world.reset(world.start, setup.hold(site, 1.0))
        heights.append(float(world.state(0).hand_pos_world[0, 2]))
    assert heights == sorted(heights, reverse=True)
    assert min(heights) > 0


@pytest.mark.parametrize("site", ["axillae", "lower_ribs", "waist", "pelvis", "shoulder_girdle"])
def test_a_ring_on_the_trunk_sits_at_the_height_of_its_file(places: Place, site: str) -> None:
    setup, world = places(7)
    world.reset(world.start, setup.hold(site, 1.0))
    state = world.state(0)
    lengths, spec = setup.infant.lengths, CATALOG.load(HoldSpec, site)
    above_hips = spec.height.value * lengths.trunk - lengths.hip_height
    rise = state.hand_pos_world[0] - state.segment_pos_world[0]
    assert np.linalg.norm(rise) == pytest.approx(abs(above_hips), rel=1e-6)


@pytest.mark.parametrize("site", HELD)
def test_hands_in_place_do_nothing(site: str) -> None:
    for grip in hold_at(site).grips:
        force, torque, point = wrench(grip, STILL, STILL, STILL, STILL)
        assert np.linalg.norm(force) < 1e-9
        assert np.linalg.norm(torque) < 1e-9
        assert point == pytest.approx(grip.point_m)


@pytest.mark.parametrize("site", HELD)
def test_hands_pull_back_and_turn_back(site: str) -> None:
    shift, turn = np.array([0.01, -0.02, 0.005]), np.array([0.03, 0.01, -0.02])
    for grip in hold_at(site).grips:
        force, torque, _ = wrench(grip, shift, turn, STILL, STILL)
        assert force @ shift < -0.99 * np.linalg.norm(force) * np.linalg.norm(shift)
        assert torque @ turn < -0.99 * np.linalg.norm(torque) * np.linalg.norm(turn)


@pytest.mark.parametrize("site", HELD)
@pytest.mark.parametrize("strength", [0.3, 1.0])
def test_no_pull_exceeds_the_cap_on_the_norm(site: str, strength: float) -> None:
    spec, random = CATALOG.load(HoldSpec, site), np.random.default_rng(0)
    weight = INFANT.mass_kg * 9.81
    hold = hold_at(site, strength)
    cap_n = strength * spec.largest_force.value * weight
    cap_nm = strength * spec.largest_torque.value * weight * INFANT.length_m
    for _ in range(200):
        shift, turn, velocity, spin = random.normal(0, [[0.3], [0.8], [3.0], [5.0]], (4, 3))
        both = [wrench(grip, shift, turn, velocity, spin) for grip in hold.grips]
        assert sum(np.linalg.norm(force) for force, _, _ in both) <= cap_n * (1 + 1e-9)
        assert sum(np.linalg.norm(torque) for _, torque, _ in both) <= cap_nm * (1 + 1e-9)


@pytest.mark.parametrize("site", HELD)
def test_a_slow_pull_meets_the_stiffness_of_the_file(site: str) -> None:
    spec, weight = CATALOG.load(HoldSpec, site), INFANT.mass_kg * 9.81
    shift, turn = np.array([0.0, 0.004, 0.003]), np.array([0.0, 0.0, 0.01])
    both = [wrench(grip, shift, turn, STILL, STILL) for grip in hold_at(site).grips]
    stiffness = sum(np.linalg.norm(force) for force, _, _ in both) / 0.005
    turning = sum(np.linalg.norm(torque) for _, torque, _ in both) / 0.01
    assert stiffness == pytest.approx(spec.stiffness.value * weight, rel=1e-3)
    expected = spec.rotation_stiffness.value * weight * INFANT.length_m
    assert turning == pytest.approx(expected, rel=1e-3)


def test_a_far_pull_reaches_the_cap() -> None:
    (grip,) = hold_at("axillae").grips
    force, _, _ = wrench(grip, np.array([9.0, 0, 0]), STILL, STILL, STILL)
    cap = CATALOG.load(HoldSpec, "axillae").largest_force.value
    assert np.linalg.norm(force) == pytest.approx(cap * INFANT.mass_kg * 9.81)


@pytest.mark.parametrize("strength", [0.25, 0.5])
def test_strength_scales_stiffness_and_caps_together(strength: float) -> None:
    (weak,), (full,) = hold_at("waist", strength).grips, hold_at("waist").grips
    for law in ("force_law", "torque_law"):
        ours, theirs = getattr(weak, law), getattr(full, law)
        assert ours[[0, 3]] == pytest.approx(strength * theirs[[0, 3]])


def test_still_hands_and_floor_together_carry_the_weight(places: Place) -> None:
    setup, world = places(7)
    for site in ("axillae", "lower_ribs", "pelvis"):
        states = run(world, world.start, 10.0, setup.hold(site, 1.0))
        last = states[-1]
        assert np.linalg.norm(last.com_velocity_m_s) < 5e-3
        carried = floor_force_n(world) + last.support_share * world.weight_n
        assert carried == pytest.approx(world.weight_n, rel=0.01)


def test_the_force_on_record_is_the_mean_over_the_control_step(places: Place) -> None:
    setup, world = places(7)
    world.reset(world.start, setup.hold("waist", 1.0))
    world.advance(60)
    whole, single = [], []
    world.begin_control_step(tone(world))
    for _ in range(TICKS):
        world.advance(1)
        whole.append(world.state(len(whole) + 1).hand_force_world[0])
        single.append(whole[-1] * len(whole) - sum(single, np.zeros(3)))
    assert whole[-1] == pytest.approx(np.mean(single, axis=0))
    assert np.ptp([np.linalg.norm(force) for force in single]) > 0
    share = world.state(TICKS).support_share
    assert share == pytest.approx(whole[-1][2] / world.weight_n)


def test_hands_on_both_thighs_are_both_on_record(places: Place) -> None:
    setup, world = places(7)
    state = run(world, world.start, 1.0, setup.hold("thighs", 1.0))[-1]
    assert state.hand_pos_world.shape == state.hand_force_world.shape == (2, 3)
    total = np.linalg.norm(state.hand_force_world.sum(axis=0))
    assert state.support_force_n >= total - 1e-9
    assert state.hand_pos_world[0, 1] > 0 > state.hand_pos_world[1, 1]
