"""Flesh that keeps limbs out of the trunk and apart: its geometry, its law, and what it does."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dmi_sim.anatomy import AXIS_INDEX, SEGMENT_INDEX, SEGMENTS
from dmi_sim.arrays import Vector
from dmi_sim.infant import Infant
from dmi_sim.physics.body_state import SegmentKinematics, segment_motion
from dmi_sim.physics.pose import Pose
from dmi_sim.physics.self_contact import Flesh, apply_self_contact, build_flesh, nearest_shares
from dmi_sim.physics.world import World
from tests.mechanics import WorldFactory, angular_momentum, in_the_air, mirrored, run

DT_S = 1 / 240
FOREARM, THIGH = SEGMENT_INDEX["left_forearm"], SEGMENT_INDEX["left_thigh"]
AGES = (0.0, 7.0, 24.0)

coordinates = st.lists(st.floats(-1, 1), min_size=12, max_size=12)


def lines(numbers: list[float]) -> tuple[Vector, Vector, Vector, Vector]:
    start, end, other_start, other_end = np.array(numbers).reshape(4, 3)
    return start, end, other_start, other_end


def distance_at(ends: tuple[Vector, Vector, Vector, Vector], s: float, t: float) -> float:
    start, end, other_start, other_end = ends
    one, other = start + s * (end - start), other_start + t * (other_end - other_start)
    return float(np.linalg.norm(one - other))


@settings(deadline=None)
@given(coordinates)
def test_no_points_of_two_lines_are_much_nearer_than_those_found(numbers: list[float]) -> None:
    ends = lines(numbers)
    shares = np.linspace(0, 1, 41)
    nearest = min(distance_at(ends, s, t) for s in shares for t in shares)
    lengths = np.linalg.norm(ends[1] - ends[0]), np.linalg.norm(ends[3] - ends[2])
    found = distance_at(ends, *nearest_shares(*ends))
    # The points are drawn to the middles by a weight of 0.05: |a - b|^2 grows by at most this.
    assert found**2 <= nearest**2 + 0.05 * (lengths[0] ** 2 + lengths[1] ** 2) / 4 + 1e-6


@settings(deadline=None)
@given(coordinates)
def test_nearest_points_do_not_depend_on_which_line_comes_first(numbers: list[float]) -> None:
    ends = lines(numbers)
    there, back = nearest_shares(*ends), nearest_shares(*ends[2:], *ends[:2])
    one, other = distance_at(ends, *there), distance_at(ends, *back[::-1])
    assert one == pytest.approx(other, abs=0.02)


def test_parallel_limbs_press_in_the_middle_of_where_they_overlap_however_they_rock() -> None:
    x, z = np.array([1.0, 0.0, 0.0]), np.array([0.0, 0.0, 1.0])
    for rock in (-0.01, 0.0, 0.01):
        s, t = nearest_shares(-x, x, z - x - rock * z, z + x + rock * z)
        assert s == pytest.approx(0.5, abs=0.12)
        assert t == pytest.approx(0.5, abs=0.12)


def crossed(infant: Infant, apart_m: float, speed: float = 0.0) -> SegmentKinematics:
    """All segments far from each other, but a forearm level across a thigh above it.

    Args:
        infant: The infant.
        apart_m: Distance of their axes [m].
        speed: Speed with which the forearm moves down onto the thigh [m/s].
    """
    count = len(SEGMENTS)
    pos = np.zeros((count, 3))
    pos[:, 1] = 10.0 + np.arange(count)
    matrix = np.tile(np.eye(3), (count, 1, 1))
    forward, left = np.array([1.0, 0, 0]), np.array([0, 1.0, 0])
    up = np.array([0, 0, 1.0])
    # Limbs lie along -z of their own frames: the thigh along x, the forearm along y.
    matrix[THIGH] = np.stack([up, left, -forward], axis=1)
    matrix[FOREARM] = np.stack([forward, up, -left], axis=1)
    flesh = build_flesh(infant)
    for limb in (THIGH, FOREARM):
        pos[limb] = -matrix[limb] @ (flesh.start_m[limb] + flesh.end_m[limb]) / 2
    pos[FOREARM, 2] += apart_m
    velocity = np.zeros((count, 3))
    velocity[FOREARM, 2] = -speed
    return SegmentKinematics(pos, np.zeros((count, 4)), matrix, velocity, np.zeros((count, 3)))


def pressed(infant: Infant, motion: SegmentKinematics) -> Flesh:
    flesh = build_flesh(infant)
    apply_self_contact(motion, flesh, DT_S)
    return flesh


def pair_index(flesh: Flesh, *segments: int) -> int:
    both = np.stack([flesh.pairs["first"], flesh.pairs["second"]], axis=1)
    (index,) = np.flatnonzero((np.sort(both, axis=1) == sorted(segments)).all(axis=1))
    return int(index)


@pytest.mark.parametrize("age_months", AGES)
def test_flesh_pushes_as_a_spring_where_limbs_overlap_and_nowhere_else(age_months: float) -> None:
    infant = Infant.from_spec(age_months)
    flesh = build_flesh(infant)
    k = pair_index(flesh, FOREARM, THIGH)
    apart_m, stiffness = flesh.pairs["apart_m"][k], flesh.pairs["stiffness_n_per_m"][k]
    assert (pressed(infant, crossed(infant, apart_m + 1e-4)).pairs["force_n"] == 0).all()
    for overlap_m in (0.001, 0.004, 0.01):
        pairs = pressed(infant, crossed(infant, apart_m - overlap_m)).pairs
        up = 1 if pairs["first"][k] == FOREARM else -1
        assert pairs["force_n"][k] == pytest.approx([0, 0, up * stiffness * overlap_m], abs=1e-8)
        assert np.count_nonzero(pairs["force_n"].any(axis=1)) == 1


def test_flesh_resists_what_comes_and_never_holds_what_goes() -> None:
    infant = Infant.from_spec(7)
    k = pair_index(build_flesh(infant), FOREARM, THIGH)
    apart_m = build_flesh(infant).pairs["apart_m"][k]

    def force_n(speed: float) -> float:
        pairs = pressed(infant, crossed(infant, apart_m - 0.005, speed)).pairs
        return float(pairs["force_n"][k, 2]) * (1 if pairs["first"][k] == FOREARM else -1)

    assert force_n(0.3) > force_n(0.1) > force_n(0.0) > force_n(-0.1) > 0
    assert force_n(-5.0) == 0.0


def test_to_go_into_flesh_and_out_of_it_costs_work() -> None:
    infant = Infant.from_spec(7)
    flesh = build_flesh(infant)
    k = pair_index(flesh, FOREARM, THIGH)
    sign = 1 if flesh.pairs["first"][k] == FOREARM else -1
    work_j = 0.0
    for phase in np.arange(0, 2 * np.pi, 0.01):
        depth_m, speed = 0.008 * (1 - np.cos(phase)) / 2, 0.004 * np.sin(phase) * 5
        moved = crossed(infant, flesh.pairs["apart_m"][k] - depth_m, speed)
        force_n = sign * pressed(infant, moved).pairs["force_n"][k, 2]
        work_j += force_n * -speed * 0.01 / 5
    assert work_j < -1e-4


def test_every_force_has_its_reaction() -> None:
    infant, random = Infant.from_spec(7), np.random.default_rng(0)
    for _ in range(20):
        motion = SegmentKinematics(
            random.normal(0, 0.05, (15, 3)),
            np.zeros((15, 4)),
            np.tile(np.eye(3), (15, 1, 1)),
            random.normal(0, 1, (15, 3)),
            random.normal(0, 3, (15, 3)),
        )
        pairs = pressed(infant, motion).pairs
        assert pairs["force_n"].any()
        assert (pairs["reaction_n"] == -pairs["force_n"]).all()


@pytest.mark.parametrize("age_months", AGES)
def test_joined_segments_and_those_that_no_list_names_pass_through(age_months: float) -> None:
    infant = Infant.from_spec(age_months)
    flesh, listed = build_flesh(infant), infant.anthropometry.spec.self_contact.pairs
    for first, second in zip(flesh.pairs["first"], flesh.pairs["second"], strict=True):
        one, other = SEGMENTS[first], SEGMENTS[second]
        assert one.name != other.parent
        assert other.name != one.parent
        assert (one.kind, other.kind) in listed or (other.kind, one.kind) in listed


def arms_in_the_belly(world: World) -> Pose:
    """In the air, arms bent across the front of the trunk and into it."""
    angle = world.start.angle_rad.copy()
    for side in ("left", "right"):
        angle[AXIS_INDEX[f"{side}_shoulder.flexion"]] = 0.1
        angle[AXIS_INDEX[f"{side}_shoulder.rotation"]] = -1.2
        angle[AXIS_INDEX[f"{side}_elbow.flexion"]] = 1.9
    return replace(in_the_air(world.start), angle_rad=angle)


def depths_m(world: World, pose: Pose) -> Vector:
    """Overlap of each pair that the flesh of an infant keeps apart [m]; negative where apart."""
    flesh = build_flesh(world.infant)
    world.reset(pose)
    q, u = world._now.arrays.q, world._now.arrays.u  # type: ignore[reportPrivateUsage]
    masses = world.engine.masses
    motion = segment_motion(q, u, masses.com_m[0], masses.joint_m)
    apply_self_contact(motion, flesh, DT_S)
    return np.linalg.norm(flesh.pairs["force_n"], axis=1) / flesh.pairs["stiffness_n_per_m"]


@pytest.mark.parametrize("age_months", AGES)
def test_arms_come_out_of_the_belly_and_the_momentum_of_the_whole_stays(
    worlds_at: WorldFactory, age_months: float
) -> None:
    _, world = worlds_at(age_months)
    pose = arms_in_the_belly(world)
    assert depths_m(world, pose).max() > 0.005
    states = run(world, pose, 0.5)
    spins = [angular_momentum(world.infant, state) for state in states]
    moved = np.abs(states[-1].joint_angle_rad - pose.angle_rad).max()
    assert moved > 0.02
    assert np.linalg.norm(spins[-1]) < 2e-3
    assert np.abs(states[-1].com_velocity_m_s[:2]).max() < 3e-3


def test_a_mirrored_infant_is_pushed_apart_as_in_a_mirror(worlds_at: WorldFactory) -> None:
    _, world = worlds_at(7)
    pose = arms_in_the_belly(world)
    askew = replace(pose, angle_rad=pose.angle_rad + np.random.default_rng(1).normal(0, 0.1, 34))
    here, there = depths_m(world, askew), depths_m(world, mirrored(askew))
    assert sorted(there) == pytest.approx(sorted(here), abs=1e-9)
    assert here.max() > 0.003
