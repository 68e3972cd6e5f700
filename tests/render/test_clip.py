"""The room that a clip takes up: the infant all along, with its furniture, but no platform."""

from dataclasses import replace

import numpy as np
import pytest

from dmi_sim.physics.scene import FLOOR_ONLY, Scene, Solid
from dmi_sim.render.clip import Clip, ground_of
from dmi_sim.render.frames import FRAMES, PUSH
from tests.render.bodies import shapes, toppling


def edges(clip: Clip) -> tuple[np.ndarray, np.ndarray]:
    points = clip.room_m
    return points.min(axis=0), points.max(axis=0)


def test_the_room_reaches_to_the_skin_of_the_first_and_the_last_frame() -> None:
    _, high = edges(Clip(toppling(), shapes()))
    crown_m = 0.33 + 0.10 + 0.07  # of the hair, upright, and in front of the pelvis at the end
    assert high[[0, 2]] == pytest.approx([crown_m, crown_m], abs=0.02)


def test_who_walks_away_needs_the_room_of_the_way() -> None:
    recording = toppling(fell=False)
    away = np.linspace(0, 2, len(recording.time_s))[:, None, None] * np.array((0.0, 1.0, 0.0))
    walker = replace(recording, segment_pos_world=recording.segment_pos_world + away)
    here, there = (edges(Clip(one, shapes()))[1] for one in (recording, walker))
    assert there - here == pytest.approx([0.0, 2.0, 0.0])


def test_furniture_belongs_to_the_room_and_a_platform_does_not() -> None:
    table = Solid(("box", (0.1, 0.2, 0.5)), (1.0, 0.0, 0.5))
    assert edges(Clip(toppling(), shapes(), Scene((table,))))[1][[0, 2]].tolist() == [1.1, 1.0]
    on_platform = edges(Clip(toppling(), shapes(), Scene(has_platform=True)))
    assert np.array(on_platform) == pytest.approx(np.array(edges(Clip(toppling(), shapes()))))


def test_an_infant_without_shapes_is_where_its_joints_are() -> None:
    joints = toppling().segment_pos_world.reshape(-1, 3)
    low, high = edges(Clip(toppling(), ()))
    assert low == pytest.approx(joints.min(axis=0))
    assert high == pytest.approx(joints.max(axis=0))


@pytest.mark.parametrize("held", [False, True])
def test_only_what_is_there_at_some_moment_is_drawn(held: bool) -> None:
    clip = Clip(toppling(held=held), shapes())
    drawn = {FRAMES[drawable.frame] for drawable in clip.drawables}
    assert "push" in drawn
    assert ("left_hand" in drawn, "right_hand" in drawn) == (held, held)
    still = replace(clip.recording, push_force_world=np.zeros((31, 3)))
    assert PUSH not in {drawable.frame for drawable in Clip(still, shapes()).drawables}


def test_a_recording_knows_of_a_platform_by_its_motion_only() -> None:
    recording = toppling()
    assert ground_of(recording) == FLOOR_ONLY
    assert ground_of(replace(recording, platform=recording.platform + 0.01)).has_platform
