"""The space of a clip: the infant at all times and its furniture, but no platform."""

from dataclasses import replace

import numpy as np
import pytest

from dmi_sim.physics.scene import FLOOR_ONLY, Scene, Solid
from dmi_sim.render.clip import Clip, ground_of
from dmi_sim.render.frames import FRAMES, PUSH
from tests.render.bodies import shapes, toppling


def edges(clip: Clip) -> tuple[np.ndarray, np.ndarray]:
    points = clip.space_m
    return points.min(axis=0), points.max(axis=0)


def test_the_space_reaches_to_the_skin_of_the_first_and_the_last_frame() -> None:
    _, high = edges(Clip(toppling(), shapes()))
    crown_m = 0.33 + 0.10 + 0.07  # of the hair, upright, and in front of the pelvis at the end
    assert high[[0, 2]] == pytest.approx([crown_m, crown_m], abs=0.02)


def test_an_infant_that_walks_away_needs_the_space_of_its_path() -> None:
    recording = toppling(fell=False)
    away = np.linspace(0, 2, len(recording.time_s))[:, None, None] * np.array((0.0, 1.0, 0.0))
    walker = replace(recording, segment_pos_world=recording.segment_pos_world + away)
    here, there = (edges(Clip(one, shapes()))[1] for one in (recording, walker))
    assert there - here == pytest.approx([0.0, 2.0, 0.0])


def test_furniture_belongs_to_the_space_and_a_platform_does_not() -> None:
    table = Solid(("box", (0.1, 0.2, 0.5)), (1.0, 0.0, 0.5))
    assert edges(Clip(toppling(), shapes(), Scene((table,))))[1][[0, 2]].tolist() == [1.1, 1.0]
    on_platform = edges(Clip(toppling(), shapes(), Scene(has_platform=True)))
    assert np.array(on_platform) == pytest.approx(np.array(edges(Clip(toppling(), shapes()))))


def test_an_infant_without_shapes_is_where_its_joints_are() -> None:
    joints = toppling().segment_pos_world.reshape(-1, 3)
    low, high = edges(Clip(toppling(), ()))
    assert low == pytest.approx(joints.min(axis=0))
    assert high == pytest.approx(joints.max(axis=0))


@pytest.mark.parametrize("supported", [False, True])
def test_only_solids_that_are_present_at_some_time_are_drawn(supported: bool) -> None:
    clip = Clip(toppling(supported=supported), shapes())
    drawn = {FRAMES[drawable.frame] for drawable in clip.drawables}
    assert "push" in drawn
    assert ("left_hand" in drawn, "right_hand" in drawn) == (supported, supported)
    unpushed = replace(clip.recording, push_force_world=np.zeros((31, 3)))
    assert PUSH not in {drawable.frame for drawable in Clip(unpushed, shapes()).drawables}


def test_a_recording_has_a_platform_only_if_it_moved() -> None:
    recording = toppling()
    assert ground_of(recording) == FLOOR_ONLY
    assert ground_of(replace(recording, platform=recording.platform + 0.01)).has_platform
