"""Hands are drawn on the skin of the segment that they support, on their side of it."""

from dataclasses import replace

import numpy as np
import pytest

from dmi_sim.anatomy import SEGMENTS, TRUNK
from dmi_sim.arrays import Vector
from dmi_sim.body.kinematics import inertial_params, joint_quaternions, segment_poses
from dmi_sim.body.rotation import quaternion_of, rotated
from dmi_sim.catalog import Catalog
from dmi_sim.infant import Infant
from dmi_sim.physics.support import build_support
from dmi_sim.physics.support_springs import attachment_points
from dmi_sim.recording import Recording
from dmi_sim.render.cloth import ring_points, romper
from dmi_sim.render.frames import LEFT_HAND, NO_HANDS, RIGHT_HAND, frame_poses
from dmi_sim.render.hands import frames_with_hands, hand_placement
from dmi_sim.render.scene import body_drawables, extreme_points
from dmi_sim.render.shapes import visual_shapes
from dmi_sim.spec.support import SupportSpec
from tests.render.bodies import shapes, toppling

CATALOG = Catalog.shipped()
SITES = [name for name in CATALOG.names(SupportSpec) if name != "none"]
PRONE = np.array((0.0, np.pi / 2, 0.0))
"""Rotation vector of a pelvis whose front is down [rad]."""


def supported(
    infant: Infant, site: str, pelvis_rad: Vector, angle_rad: Vector
) -> tuple[Recording, list[int]]:
    """One step of an infant in a posture with support, and the supported segments."""
    pos, quat, matrix = segment_poses(
        np.array((0.0, 0.0, 0.5)),
        quaternion_of(pelvis_rad),
        joint_quaternions(angle_rad),
        inertial_params(infant.ordered_segments).joint_m,
    )
    support = build_support(CATALOG.load(SupportSpec, site), infant, 1.0)
    hands = support.attach(pos, matrix, 1 / 240).hands
    segments = [attachment.segment for attachment in support.attachments]
    points = attachment_points(hands, pos, matrix)
    recording = replace(
        toppling(0.0),
        segment_pos_world=pos[None],
        segment_quat_world=quat[None],
        support_pos_world=points[None],
    )
    return recording, segments


@pytest.mark.parametrize("age_months", [0, 7, 24])
@pytest.mark.parametrize("site", SITES)
def test_the_supported_segment_is_found_at_every_site_in_any_posture(
    site: str, age_months: float
) -> None:
    infant = Infant.from_spec(age_months)
    for angle in (np.zeros(34), np.random.default_rng(0).normal(0, 0.3, 34)):
        recording, segments = supported(infant, site, np.zeros(3), angle)
        found = hand_placement(visual_shapes(infant), recording).segments
        assert found == (segments[0], segments[-1])


@pytest.mark.parametrize("site", SITES)
def test_palms_lie_on_the_skin_left_and_right(site: str) -> None:
    infant = Infant.from_spec(7)
    recording, _ = supported(infant, site, np.zeros(3), np.zeros(34))
    hands = hand_placement(visual_shapes(infant), recording)
    frames = frame_poses(recording, hands).at(0)
    for hand, segment, side in zip((LEFT_HAND, RIGHT_HAND), hands.segments, (1, -1), strict=True):
        own = [s for s in visual_shapes(infant) if s.segment_index == segment]
        skin = extreme_points(body_drawables(own), frames)[:, 1]
        edge = skin.max() if side == 1 else skin.min()
        assert 0 < side * (frames.position_m[hand, 1] - edge) < 0.02
        out = rotated(frames.quaternion[hand], np.array((0.0, 1.0, 0.0)))
        assert out == pytest.approx([0, side, 0])


def forearm(recording: Recording, infant: Infant) -> Vector:
    """Direction from the left palm to the elbow, world."""
    frames = frame_poses(recording, hand_placement(visual_shapes(infant), recording)).at(0)
    return rotated(frames.quaternion[LEFT_HAND], np.array((-1.0, 0.0, 0.0)))


@pytest.mark.parametrize("site", SITES)
def test_forearms_come_from_behind_the_trunk_and_from_in_front_of_limbs(site: str) -> None:
    infant = Infant.from_spec(7)
    recording, (segment, *_) = supported(infant, site, np.zeros(3), np.zeros(34))
    forward, _, up = forearm(recording, infant)
    assert up > 0
    assert (forward < 0) == (SEGMENTS[segment].side == 0)


@pytest.mark.parametrize("site", SITES)
def test_forearms_never_come_through_the_floor(site: str) -> None:
    infant = Infant.from_spec(7)
    for pelvis in (PRONE, -PRONE):
        recording, _ = supported(infant, site, pelvis, np.zeros(34))
        assert forearm(recording, infant)[2] > 0


def test_without_support_there_are_no_hands() -> None:
    assert hand_placement(shapes(), toppling()) is NO_HANDS


def test_a_state_without_a_body_to_draw_has_no_hands() -> None:
    assert hand_placement((), toppling(supported=True)) is NO_HANDS


def test_straps_beside_a_pair_of_limbs_do_not_move_the_hands() -> None:
    infant = Infant.from_spec(7)
    thighs, segments = supported(infant, "thighs", np.zeros(3), np.zeros(34))
    pelvis, _ = supported(infant, "pelvis", np.zeros(3), np.zeros(34))
    points = np.concatenate((thighs.support_pos_world, pelvis.support_pos_world), axis=1)
    strapped = replace(thighs, support_pos_world=points)
    found = hand_placement(visual_shapes(infant), strapped)
    assert found.segments == tuple(segments)


def test_hands_are_drawn_where_they_hold_at_each_step() -> None:
    """At the chest, then nobody, then at both thighs; each on the skin of its segment."""
    infant = Infant.from_spec(7)
    sites = ("axillae", "none", "thighs")
    chest, thighs = (supported(infant, s, np.zeros(3), np.zeros(34))[0] for s in sites[::2])
    held = [chest, replace(chest, support_pos_world=np.zeros((1, 0, 3))), thighs]
    points = np.full((3, 2, 3), np.nan)
    for step, one in enumerate(held):
        points[step, : one.support_pos_world.shape[1]] = one.support_pos_world[0]
    recording = replace(
        toppling(2 / 30, fell=False),
        segment_pos_world=np.repeat(held[0].segment_pos_world, 3, axis=0),
        segment_quat_world=np.repeat(held[0].segment_quat_world, 3, axis=0),
        support_pos_world=points,
        support_site=np.array(sites),
    )
    shapes = visual_shapes(infant)
    frames = frames_with_hands(shapes, recording)
    for step, one in enumerate(held):
        alone = frame_poses(one, hand_placement(shapes, one))
        assert frames.at(step).position_m[:-3] == pytest.approx(
            alone.position_m[0, :-3], nan_ok=True
        )
    assert np.isnan(frames.position_m[1, LEFT_HAND]).all()


@pytest.mark.parametrize("age_months", [0, 7, 24])
@pytest.mark.parametrize("site", SITES)
def test_palms_lie_on_romper_or_shoulder_at_the_height_of_the_grip(
    site: str, age_months: float
) -> None:
    """Neither in the air beside the trunk nor in it, at every age."""
    infant = Infant.from_spec(age_months)
    recording, (segment, *_) = supported(infant, site, np.zeros(3), np.zeros(34))
    if SEGMENTS[segment].name not in TRUNK:
        return
    frames = frame_poses(recording, hand_placement(visual_shapes(infant), recording)).at(0)
    rings = [ring for cloth in romper(visual_shapes(infant)) for ring in cloth.rings]
    skin = ring_points(rings, frames, 40)
    grip = recording.support_pos_world[0, 0]
    arms = [one for one in visual_shapes(infant) if one.segment.endswith("upper_arm")]
    shoulder_m = extreme_points(body_drawables(arms), frames)[:, 1].max()
    for hand, side in ((LEFT_HAND, 1), (RIGHT_HAND, -1)):
        palm = frames.position_m[hand]
        assert palm[2] == pytest.approx(grip[2], abs=0.01)
        ring = skin[np.abs(skin[:, 0, 2] - palm[2]).argmin()]
        trunk_m, palm_m = np.abs(ring[:, 1]).max(), side * palm[1]
        assert palm_m > trunk_m - 0.01
        assert palm_m < max(trunk_m, shoulder_m if site == "shoulder_girdle" else 0.0) + 0.025
