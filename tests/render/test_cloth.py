"""The romper lies around the trunk, is as broad as the body has it, and bends without seams."""

import numpy as np
import pytest

from dmi_sim.anatomy import TRUNK
from dmi_sim.arrays import Vector
from dmi_sim.body.kinematics import inertial_params, joint_quaternions, segment_poses
from dmi_sim.body.rotation import quaternion_of
from dmi_sim.infant import Infant
from dmi_sim.physics.scene import FLOOR_ONLY
from dmi_sim.render.cloth import Cloth, Ring, ring_points, romper, skin_of, slice_poses, slices_m
from dmi_sim.render.frames import FRAMES, IDENTITY, Poses
from dmi_sim.render.scene import drawables_of
from dmi_sim.render.shapes import visual_shapes
from tests.render.bodies import shapes

AGES = [0, 6, 12, 24]
AROUND = 24


def posed(infant: Infant, angle_rad: Vector, pelvis_rad: Vector = np.zeros(3)) -> Poses:  # noqa: B008
    """Frames of an infant with given joint angles; hands and surroundings have none."""
    pos, quat, _ = segment_poses(
        np.array((0.0, 0.0, 0.5)),
        quaternion_of(pelvis_rad),
        joint_quaternions(angle_rad),
        inertial_params(infant.ordered_segments).joint_m,
    )
    others = len(FRAMES) - len(pos)
    return Poses(
        np.concatenate((pos, np.full((others, 3), np.nan))),
        np.concatenate((quat, np.tile(IDENTITY, (others, 1)))),
    )


def rings_of(infant: Infant) -> tuple[Ring, ...]:
    return tuple(ring for cloth in romper(visual_shapes(infant)) for ring in cloth.rings)


def bent(seed: int) -> Vector:
    return np.random.default_rng(seed).normal(0, 0.3, 34)


@pytest.mark.parametrize("age_months", AGES)
def test_it_is_as_broad_and_as_deep_as_the_trunk_of_its_age(age_months: float) -> None:
    infant = Infant.from_spec(age_months)
    half_axes = np.array([ring.half_axes_m for ring in rings_of(infant)]).max(axis=0)
    assert half_axes == pytest.approx(infant.anthropometry.trunk_half_axes_m(), rel=0.2)


@pytest.mark.parametrize("age_months", AGES)
def test_it_reaches_from_the_seat_to_the_neck(age_months: float) -> None:
    infant = Infant.from_spec(age_months)
    frames = posed(infant, np.zeros(34))
    height = ring_points(rings_of(infant), frames, AROUND)[..., 2]
    pelvis, neck = (frames.position_m[FRAMES.index(name), 2] for name in ("pelvis", "head"))
    assert height.min() < pelvis
    assert height.max() == pytest.approx(neck, abs=0.03 * infant.length_m)


def test_rings_of_a_straight_trunk_are_level_and_above_each_other() -> None:
    infant = Infant.from_spec(7)
    rings = rings_of(infant)
    points = ring_points(rings, posed(infant, np.zeros(34)), AROUND)
    assert np.ptp(points[..., 2], axis=1) == pytest.approx(0, abs=1e-12)
    heights = [ring.height_m for ring in rings]
    assert points[:, 0, 2] - points[0, 0, 2] == pytest.approx(np.subtract(heights, heights[0]))


@pytest.mark.parametrize("seed", range(5))
def test_a_bent_back_has_no_seams(seed: int) -> None:
    """Two neighbouring rings share what one joint of the trunk turns with others."""
    infant = Infant.from_spec(7)
    frames = posed(infant, bent(seed))
    between_rings = turns_rad(slice_poses(rings_of(infant), frames).quaternion)
    at_joints = turns_rad(frames.quaternion[: len(TRUNK)])
    assert between_rings.sum() > 0.9 * at_joints.max()
    assert between_rings.max() < 0.55 * at_joints.max()


def turns_rad(quaternion: Vector) -> Vector:
    """Angles between each of a row of orientations and the next [rad]."""
    cosine = np.abs(np.sum(quaternion[1:] * quaternion[:-1], axis=1))
    return 2 * np.arccos(cosine.clip(0, 1))


def test_it_moves_with_the_body_as_a_whole() -> None:
    infant = Infant.from_spec(7)
    rings, turn = rings_of(infant), np.array((0.3, 0.8, -0.4))
    still, turned = (
        ring_points(rings, posed(infant, bent(1), pelvis), AROUND) for pelvis in (np.zeros(3), turn)
    )
    apart = [
        np.linalg.norm(one[:, None] - one[None], axis=-1) for one in (still[:, 0], turned[:, 0])
    ]
    assert apart[1] == pytest.approx(apart[0])


def skinned(cloth: Cloth, frames: Poses) -> Vector:
    """Points of a skin as a program for skins moves them: every segment with its weight."""
    skin = skin_of(cloth, AROUND)
    weighted = np.zeros_like(skin.points_m)
    for k, frame in enumerate(skin.frames):
        local = Poses(skin.points_m - skin.origins_m[k], np.tile(IDENTITY, (len(weighted), 1)))
        moved = frames.attached([frame] * len(weighted), local).position_m
        weighted += skin.weights[:, [k]] * moved
    return weighted


@pytest.mark.parametrize("age_months", AGES)
def test_the_browser_bends_it_as_the_stills_do(age_months: float) -> None:
    infant = Infant.from_spec(age_months)
    frames = posed(infant, bent(2))
    for cloth in romper(visual_shapes(infant)):
        expected = ring_points(cloth.rings, frames, AROUND).reshape(-1, 3)
        assert skinned(cloth, frames)[:-2] == pytest.approx(expected)


def test_a_skin_is_closed_and_looks_outward() -> None:
    import trimesh

    for cloth in romper(visual_shapes(Infant.from_spec(7))):
        skin = skin_of(cloth, AROUND)
        mesh = trimesh.Trimesh(skin.points_m, skin.faces, process=False)
        assert mesh.is_watertight
        assert mesh.volume > 0
        assert skin.weights.sum(axis=1) == pytest.approx(1)


@pytest.mark.parametrize("age_months", AGES)
def test_slices_for_the_camera_overlap_and_stay_within_the_romper(age_months: float) -> None:
    rings = rings_of(Infant.from_spec(age_months))
    heights = np.array([ring.height_m for ring in rings])
    half = slices_m(rings)[:, 2]
    assert (heights[1:] - half[1:] < heights[:-1] + half[:-1]).all()
    assert (heights + half).max() < heights.max() + 0.02
    assert (heights - half).min() > heights.min() - 0.02


def test_the_trunk_below_it_is_not_drawn() -> None:
    infant = Infant.from_spec(7)
    drawn = {FRAMES[one.frame] for one in drawables_of(visual_shapes(infant), FLOOR_ONLY)}
    assert not drawn & {*TRUNK}


def test_a_body_without_a_whole_trunk_is_drawn_as_it_is() -> None:
    assert romper(shapes()) == ()
    assert {0, 1, 2, 3} <= {one.frame for one in drawables_of(shapes(), FLOOR_ONLY)}
