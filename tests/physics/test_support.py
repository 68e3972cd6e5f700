"""Hands: springs with a ceiling, at the height the file says, that never shake what they hold."""

import numpy as np
import pytest

from dmi_sim.arrays import Vector
from dmi_sim.body.rotation import matrix_of, quaternion_of
from dmi_sim.body.segments import SEGMENTS
from dmi_sim.catalog import Catalog
from dmi_sim.infant import Infant
from dmi_sim.nervous.motor_command import silent_command
from dmi_sim.physics.body_state import SegmentKinematics
from dmi_sim.physics.support import (
    FIRMNESS,
    NO_SUPPORT,
    Support,
    SupportAttachment,
    build_support,
)
from dmi_sim.physics.support_springs import Hand, apply_support
from dmi_sim.spec.support import SITES, SupportMotionSpec, SupportSpec
from tests.mechanics import TICKS, WorldFactory, floor_force_n, run, tone
from tests.physics.bullet_access import springs_of

CATALOG = Catalog.shipped()
INFANT = Infant.from_spec(7)
DT_S = 1 / 240
HELD = SITES[:-1]


def hold_at(
    site: str, strength: float = 1.0, support_motion: SupportMotionSpec | None = None
) -> Support:
    return build_support(CATALOG.load(SupportSpec, site), INFANT, strength, support_motion)


def wrench(
    attachment: SupportAttachment, shift: Vector, turn: Vector, velocity: Vector, spin: Vector
) -> tuple[Vector, Vector, Vector]:
    """What hands do to a segment that was shifted and turned from where they want it."""
    springs = Support((attachment,)).attach(*everywhere(np.zeros(3), np.eye(3)), DT_S)
    matrix = matrix_of(quaternion_of(turn))
    pos = shift + attachment.point_m - matrix @ attachment.point_m  # turns about the attachment
    speeds = (
        np.tile(velocity - np.cross(spin, matrix @ attachment.point_m), (15, 1)),
        np.tile(spin, (15, 1)),
    )
    there = everywhere(pos, matrix)
    apply_support(
        SegmentKinematics(there[0], np.zeros((15, 4)), there[1], *speeds), springs, 0.0, DT_S
    )
    hands = springs.hands
    return hands["force_n"][0], hands["torque_nm"][0], hands["pos"][0]


def everywhere(pos: Vector, matrix: Vector) -> tuple[Vector, Vector]:
    """The same place and attitude for all segments, so that any may be held."""
    return np.tile(pos, (15, 1)), np.tile(matrix, (15, 1, 1))


STATIONARY = np.zeros(3)


def test_no_hands_hold_nothing() -> None:
    assert hold_at("none").attachments == ()
    assert hold_at("pelvis", strength=0.0).attachments == ()


@pytest.mark.parametrize("site", HELD)
def test_trunk_and_head_get_one_ring_and_limbs_one_on_each_side(site: str) -> None:
    kinds = [SEGMENTS[attachment.segment].kind for attachment in hold_at(site).attachments]
    is_limb = site in ("thighs", "shanks", "feet")
    assert len(kinds) == (2 if is_limb else 1)
    assert set(kinds) == {CATALOG.load(SupportSpec, site).segment}


def test_the_lower_the_site_the_lower_the_hands_of_a_sitting_infant(
    worlds_at: WorldFactory,
) -> None:
    setup, world = worlds_at(7)
    heights: list[float] = []
    for site in ("head", "shoulder_girdle", "axillae", "lower_ribs", "waist", "pelvis"):
        world.reset(world.start, setup.support(site, 1.0))
        heights.append(float(world.observe().support_pos_world[0, 2]))
    assert heights == sorted(heights, reverse=True)
    assert min(heights) > 0


@pytest.mark.parametrize("site", ["axillae", "lower_ribs", "waist", "pelvis", "shoulder_girdle"])
def test_a_ring_on_the_trunk_sits_at_the_height_of_its_file(
    worlds_at: WorldFactory, site: str
) -> None:
    setup, world = worlds_at(7)
    world.reset(world.start, setup.support(site, 1.0))
    state = world.observe()
    lengths, spec = setup.infant.lengths, CATALOG.load(SupportSpec, site)
    above_hips = spec.height.value * lengths.trunk - lengths.hip_height
    rise = state.support_pos_world[0] - state.segment_pos_world[0]
    assert np.linalg.norm(rise) == pytest.approx(abs(above_hips), rel=1e-6)


@pytest.mark.parametrize("site", HELD)
def test_hands_in_place_do_nothing(site: str) -> None:
    for attachment in hold_at(site).attachments:
        force, torque, point = wrench(attachment, STATIONARY, STATIONARY, STATIONARY, STATIONARY)
        assert np.linalg.norm(force) < 1e-9
        assert np.linalg.norm(torque) < 1e-9
        assert point == pytest.approx(attachment.point_m)


@pytest.mark.parametrize("site", HELD)
def test_hands_pull_back_and_turn_back(site: str) -> None:
    shift, turn = np.array([0.01, -0.02, 0.005]), np.array([0.03, 0.01, -0.02])
    for attachment in hold_at(site).attachments:
        force, torque, _ = wrench(attachment, shift, turn, STATIONARY, STATIONARY)
        assert force @ shift < -0.99 * np.linalg.norm(force) * np.linalg.norm(shift)
        assert torque @ turn < -0.99 * np.linalg.norm(torque) * np.linalg.norm(turn)


@pytest.mark.parametrize("site", HELD)
@pytest.mark.parametrize("strength", [0.3, 1.0])
def test_no_pull_exceeds_the_cap_on_the_norm(site: str, strength: float) -> None:
    spec, random = CATALOG.load(SupportSpec, site), np.random.default_rng(0)
    weight = INFANT.mass_kg * 9.81
    hold = hold_at(site, strength)
    cap_n = strength * spec.largest_force.value * weight
    cap_nm = strength * spec.largest_torque.value * weight * INFANT.length_m
    for _ in range(200):
        shift, turn, velocity, spin = random.normal(0, [[0.3], [0.8], [3.0], [5.0]], (4, 3))
        both = [wrench(attachment, shift, turn, velocity, spin) for attachment in hold.attachments]
        assert sum(np.linalg.norm(force) for force, _, _ in both) <= cap_n * (1 + 1e-9)
        assert sum(np.linalg.norm(torque) for _, torque, _ in both) <= cap_nm * (1 + 1e-9)


@pytest.mark.parametrize("site", HELD)
def test_a_slow_pull_meets_the_stiffness_of_the_file(site: str) -> None:
    spec, weight = CATALOG.load(SupportSpec, site), INFANT.mass_kg * 9.81
    shift, turn = np.array([0.0, 0.004, 0.003]), np.array([0.0, 0.0, 0.01])
    both = [
        wrench(attachment, shift, turn, STATIONARY, STATIONARY)
        for attachment in hold_at(site).attachments
    ]
    stiffness = sum(np.linalg.norm(force) for force, _, _ in both) / 0.005
    torque_nm = sum(np.linalg.norm(torque) for _, torque, _ in both) / 0.01
    assert stiffness == pytest.approx(spec.stiffness.value * weight, rel=1e-3)
    expected = spec.rotation_stiffness.value * weight * INFANT.length_m
    assert torque_nm == pytest.approx(expected, rel=1e-3)


def test_a_far_pull_reaches_the_cap() -> None:
    (attachment,) = hold_at("axillae").attachments
    force, _, _ = wrench(attachment, np.array([9.0, 0, 0]), STATIONARY, STATIONARY, STATIONARY)
    cap = CATALOG.load(SupportSpec, "axillae").largest_force.value
    assert np.linalg.norm(force) == pytest.approx(cap * INFANT.mass_kg * 9.81)


@pytest.mark.parametrize("strength", [0.25, 0.5])
def test_strength_scales_stiffness_and_caps_together(strength: float) -> None:
    (weak,), (full,) = hold_at("waist", strength).attachments, hold_at("waist").attachments
    for law in ("force_params", "torque_params"):
        ours, theirs = getattr(weak, law), getattr(full, law)
        assert ours[[0, 3]] == pytest.approx(strength * theirs[[0, 3]])


def test_still_hands_and_floor_together_carry_the_weight(worlds_at: WorldFactory) -> None:
    setup, world = worlds_at(7)
    for site in ("axillae", "lower_ribs", "pelvis"):
        states = run(world, world.start, 10.0, setup.support(site, 1.0))
        last = states[-1]
        assert np.linalg.norm(last.com_velocity_m_s) < 5e-3
        carried = floor_force_n(world) + last.support_share * world.weight_n
        assert carried == pytest.approx(world.weight_n, rel=0.01)


def test_the_force_on_record_is_the_mean_over_the_control_step(worlds_at: WorldFactory) -> None:
    setup, world = worlds_at(7)
    world.reset(world.start, setup.support("waist", 1.0))
    world.advance(60)
    whole, single = [], []
    world.begin_control_step(tone(world))
    for _ in range(TICKS):
        world.advance(1)
        whole.append(world.observe().support_force_world[0])
        single.append(whole[-1] * len(whole) - sum(single, np.zeros(3)))
    assert whole[-1] == pytest.approx(np.mean(single, axis=0))
    assert np.ptp([np.linalg.norm(force) for force in single]) > 0
    share = world.observe().support_share
    assert share == pytest.approx(whole[-1][2] / world.weight_n)


def test_hands_on_both_thighs_are_both_on_record(worlds_at: WorldFactory) -> None:
    setup, world = worlds_at(7)
    state = run(world, world.start, 1.0, setup.support("thighs", 1.0))[-1]
    assert state.support_pos_world.shape == state.support_force_world.shape == (2, 3)
    total = np.linalg.norm(state.support_force_world.sum(axis=0))
    assert state.support_force_n >= total - 1e-9
    assert state.support_pos_world[0, 1] > 0 > state.support_pos_world[1, 1]


def test_a_firmness_that_changes_keeps_the_grip(worlds_at: WorldFactory) -> None:
    """Targets stay, stiffness and caps follow; another site is another grip."""
    setup, world = worlds_at(7)
    firm, weak = (setup.support("axillae", strength) for strength in (1.0, 0.25))
    world.reset(world.start, firm)
    world.begin_control_step(tone(world))
    world.advance(8 * TICKS)
    before = springs_of(world).hands.copy()
    world.change_firmness(weak)
    after = springs_of(world)
    for name in set(Hand.__annotations__) - set(FIRMNESS):
        assert (after.hands[name] == before[name]).all()
    for name in ("stiffness_n_per_m", "cap_n", "rotation_stiffness_nm_per_rad", "cap_nm"):
        assert after.hands[name] == pytest.approx(0.25 * before[name])
    world.change_firmness(setup.support("pelvis", 0.5))
    assert springs_of(world).hands["segment"].tolist() == [0]
    assert springs_of(world).work_j is not after.work_j
    assert (springs_of(world).work_j != 0).any()


def test_letting_go_completes_the_work_of_the_hands(worlds_at: WorldFactory) -> None:
    """One step more of the same hands counts the half step that letting go counts at once."""
    setup, world = worlds_at(7)
    works: list[Vector] = []
    for is_let_go in (True, False):
        world.reset(world.start, setup.support("axillae", 1.0))
        world.begin_control_step(silent_command(setup.infant.muscles))
        world.advance(10)
        if is_let_go:
            world.hold(NO_SUPPORT)
            works.append(world.observe().support_work_j)
        else:
            for name in FIRMNESS:  # hands without force
                springs_of(world).hands[name] = float(name in ("mass_kg", "inertia_kgm2"))
            world.advance(1)
            works.append(world.observe().support_work_j)
    assert works[0] == pytest.approx(works[1], rel=1e-12)
