"""Flesh that keeps limbs out of the trunk and apart: its geometry, its law, and what it does."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dmi_sim.anatomy import AXIS_INDEX, SEGMENT_INDEX, SEGMENTS
from dmi_sim.arrays import Vector
from dmi_sim.body.capsules import capsule
from dmi_sim.infant import Infant
from dmi_sim.physics.body_state import SegmentKinematics
from dmi_sim.physics.coordinates import N_U
from dmi_sim.physics.pose import Pose
from dmi_sim.physics.self_contact import (
    Flesh,
    add_self_contact,
    build_flesh,
    nearest_points,
    pair_force,
)
from dmi_sim.physics.world import World
from tests.mechanics import WorldFactory, angular_momentum, in_the_air, mirrored, run
from tests.physics.small_moves import at_rest, generalised, joint_way

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
    s, t, distance = nearest_points(*ends)
    # What draws the points to the middles adds at most a fiftieth of a quarter of each length.
    most = nearest**2 + 0.02 * (lengths[0] ** 2 + lengths[1] ** 2) / 4
    assert distance_at(ends, s, t) ** 2 <= distance**2 + 1e-9 <= most + 1e-6


@settings(deadline=None)
@given(coordinates)
def test_nearest_points_do_not_depend_on_which_line_comes_first(numbers: list[float]) -> None:
    ends = lines(numbers)
    assert nearest_points(*ends)[2] == pytest.approx(
        nearest_points(*ends[2:], *ends[:2])[2], abs=1e-5
    )


def test_parallel_limbs_press_in_the_middle_of_where_they_overlap_however_they_rock() -> None:
    x, z = np.array([0.05, 0.0, 0.0]), np.array([0.0, 0.0, 0.03])
    for rock in (-0.01, 0.0, 0.01):
        s, t, _ = nearest_points(-x, x, z - x - rock * z, z + x + rock * z)
        assert s == pytest.approx(0.5, abs=0.2)
        assert t == pytest.approx(0.5, abs=0.2)


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


def pair_index(flesh: Flesh, *segments: int) -> int:
    both = np.stack([flesh.pairs["first"], flesh.pairs["second"]], axis=1)
    (index,) = np.flatnonzero((np.sort(both, axis=1) == sorted(segments)).all(axis=1))
    return int(index)


def ends(flesh: Flesh, motion: SegmentKinematics) -> tuple[Vector, Vector]:
    """Both ends of the axes of all capsules, world [m]."""

    def placed(own_m: Vector) -> Vector:
        return motion.pos + np.einsum("sij,sj->si", motion.matrix, own_m)

    return placed(flesh.start_m), placed(flesh.end_m)


def force_n(flesh: Flesh, motion: SegmentKinematics, *segments: int) -> Vector:
    """Force on the first of two segments [N], world."""
    k, force = pair_index(flesh, *segments), np.zeros(3)
    pair_force(motion, *ends(flesh, motion), flesh.pairs[k], DT_S, force, np.zeros(3))
    return force if flesh.pairs["first"][k] == segments[0] else -force


def torques_nm(flesh: Flesh, motion: SegmentKinematics) -> Vector:
    out = np.zeros(N_U - 6)
    add_self_contact(motion, flesh, DT_S, out)
    return out


@pytest.mark.parametrize("age_months", AGES)
def test_flesh_pushes_as_a_spring_where_limbs_overlap_and_nowhere_else(age_months: float) -> None:
    infant = Infant.from_spec(age_months)
    flesh = build_flesh(infant)
    k = pair_index(flesh, FOREARM, THIGH)
    apart_m, stiffness = flesh.pairs["apart_m"][k], flesh.pairs["stiffness_n_per_m"][k]
    assert not torques_nm(flesh, crossed(infant, apart_m + 1e-4)).any()
    for overlap_m in (0.001, 0.004, 0.01):
        force = force_n(flesh, crossed(infant, apart_m - overlap_m), FOREARM, THIGH)
        assert force == pytest.approx([0, 0, stiffness * overlap_m], abs=1e-6)


def test_flesh_resists_what_comes_and_never_holds_what_goes() -> None:
    infant = Infant.from_spec(7)
    flesh = build_flesh(infant)
    apart_m = flesh.pairs["apart_m"][pair_index(flesh, FOREARM, THIGH)]

    def push_n(speed: float) -> float:
        motion = crossed(infant, apart_m - 0.005, speed)
        return float(force_n(flesh, motion, FOREARM, THIGH)[2])

    assert push_n(0.3) > push_n(0.1) > push_n(0.0) > push_n(-0.1) > 0
    assert push_n(-5.0) == 0.0


def test_to_go_into_flesh_and_out_of_it_costs_work() -> None:
    infant = Infant.from_spec(7)
    flesh = build_flesh(infant)
    apart_m = flesh.pairs["apart_m"][pair_index(flesh, FOREARM, THIGH)]
    work_j, period_s, step = 0.0, 0.2, 0.01
    for phase in np.arange(0, 2 * np.pi, step):
        depth_m = 0.004 * (1 - np.cos(phase))
        speed = 0.004 * np.sin(phase) * 2 * np.pi / period_s
        push_n = force_n(flesh, crossed(infant, apart_m - depth_m, speed), FOREARM, THIGH)[2]
        work_j -= push_n * speed * step * period_s / (2 * np.pi)
    assert work_j < -1e-4


def test_torques_of_flesh_do_the_work_of_its_forces(worlds_at: WorldFactory) -> None:
    """Moved a little, an infant at rest loses what its flesh stores."""
    _, world = worlds_at(7)
    flesh, random = build_flesh(world.infant), np.random.default_rng(3)
    pose = arms_in_the_belly(world)
    pairs = flesh.pairs
    pairs["damping_ns_per_m"], step = 0.0, 1e-5

    def stored_j(angle_rad: Vector) -> float:
        start, end = ends(flesh, at_rest(world, replace(pose, angle_rad=angle_rad)))
        overlap = [
            max(0.0, apart_m - nearest_points(start[i], end[i], start[j], end[j])[2])
            for i, j, apart_m in zip(pairs["first"], pairs["second"], pairs["apart_m"], strict=True)
        ]
        return float((pairs["stiffness_n_per_m"] * np.square(overlap)).sum() / 2)

    torque = torques_nm(flesh, at_rest(world, pose))
    assert np.abs(torque).max() > 0.1
    for _ in range(5):
        way = random.normal(0, step, 34)
        before, _ = generalised(world, pose)
        after, _ = generalised(world, replace(pose, angle_rad=pose.angle_rad + way))
        lost_j = stored_j(pose.angle_rad) - stored_j(pose.angle_rad + way)
        assert torque @ joint_way(before, after) == pytest.approx(lost_j, rel=0.02, abs=2e-9)


@pytest.mark.parametrize("age_months", AGES)
def test_joined_segments_and_those_that_no_list_names_pass_through(age_months: float) -> None:
    infant = Infant.from_spec(age_months)
    flesh, listed = build_flesh(infant), infant.anthropometry.spec.self_contact.pairs
    for first, second in zip(flesh.pairs["first"], flesh.pairs["second"], strict=True):
        one, other = SEGMENTS[first], SEGMENTS[second]
        assert one.name != other.parent
        assert other.name != one.parent
        assert (one.kind, other.kind) in listed or (other.kind, one.kind) in listed


def test_every_pair_that_is_listed_keeps_apart_on_both_sides() -> None:
    infant = Infant.from_spec(7)
    pairs = build_flesh(infant).pairs
    built = {
        frozenset((SEGMENTS[i].kind, SEGMENTS[j].kind))
        for i, j in zip(pairs["first"], pairs["second"], strict=True)
    }
    assert built == {frozenset(pair) for pair in infant.anthropometry.spec.self_contact.pairs}
    touched = np.concatenate([pairs["first"], pairs["second"]])
    for index, node in enumerate(SEGMENTS):
        twin = SEGMENT_INDEX[node.name.replace("left_", "right_")]
        assert (touched == index).sum() == (touched == twin).sum()


@pytest.mark.parametrize("age_months", AGES)
def test_the_ends_of_limbs_move_as_half_their_mass_or_more(age_months: float) -> None:
    """Else damping at them would be too much for a physics step."""
    infant = Infant.from_spec(age_months)
    for segment in infant.ordered_segments:
        if segment.node.side:
            flesh = capsule(infant.anthropometry, segment)
            inertia = min(segment.inertia_kgm2[:2]) + segment.inertia_floor_kgm2
            for end_m in (flesh.start_m, flesh.end_m):
                lever_m = np.linalg.norm(np.subtract(end_m, segment.com_m))
                assert 1 / (1 + segment.mass_kg * lever_m**2 / inertia) > 0.5


def arms_in_the_belly(world: World) -> Pose:
    """In the air, arms bent across the front of the trunk and into it."""
    angle = world.start.angle_rad.copy()
    for side in ("left", "right"):
        angle[AXIS_INDEX[f"{side}_shoulder.flexion"]] = 0.1
        angle[AXIS_INDEX[f"{side}_shoulder.rotation"]] = -1.2
        angle[AXIS_INDEX[f"{side}_elbow.flexion"]] = 1.9
    return replace(in_the_air(world.start), angle_rad=angle)


def forces_n(world: World, pose: Pose) -> Vector:
    """Forces of all pairs that press on each other in a pose [N]."""
    flesh, motion = build_flesh(world.infant), at_rest(world, pose)
    segments = zip(flesh.pairs["first"], flesh.pairs["second"], strict=True)
    sizes = [np.linalg.norm(force_n(flesh, motion, *pair)) for pair in segments]
    return np.array(sizes, dtype=np.float64)


@pytest.mark.parametrize("age_months", AGES)
def test_arms_come_out_of_the_belly_and_the_momentum_of_the_whole_stays(
    worlds_at: WorldFactory, age_months: float
) -> None:
    _, world = worlds_at(age_months)
    pose = arms_in_the_belly(world)
    assert forces_n(world, pose).max() > 1
    states = run(world, pose, 0.5)
    spins = [angular_momentum(world.infant, state) for state in states]
    moved = np.abs(states[-1].joint_angle_rad - pose.angle_rad).max()
    assert moved > 0.02
    assert np.linalg.norm(spins[-1]) < 2e-3
    assert np.abs(states[-1].com_velocity_m_s[:2]).max() < 3e-3
    assert forces_n(world, replace(pose, angle_rad=states[-1].joint_angle_rad)).max() < 1


def test_a_mirrored_infant_is_pushed_apart_as_in_a_mirror(worlds_at: WorldFactory) -> None:
    _, world = worlds_at(7)
    pose = arms_in_the_belly(world)
    askew = replace(pose, angle_rad=pose.angle_rad + np.random.default_rng(1).normal(0, 0.1, 34))
    here, there = forces_n(world, askew), forces_n(world, mirrored(askew))
    assert sorted(there) == pytest.approx(sorted(here), abs=1e-6)
    assert here.max() > 1
