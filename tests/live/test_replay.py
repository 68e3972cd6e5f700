"""Recordings on the page of the classroom: what was recorded is what is told and drawn."""

import numpy as np
import pytest

from dmi_sim.errors import InputError
from dmi_sim.live.packing import GRAIN_M, unpacked
from dmi_sim.live.replay import clip_frames, clip_scene, replay_html
from dmi_sim.render.clip import Clip
from tests.render.bodies import shapes, toppling

CLIP = Clip(toppling(), shapes())


def test_each_step_of_a_recording_is_a_frame_of_the_page() -> None:
    frames = clip_frames(CLIP)
    recording = CLIP.recording
    assert [one.upright_rad for one in frames] == pytest.approx(recording.upright_rad, abs=1e-3)
    shown = unpacked(frames[3].poses)[: recording.segment_pos_world.shape[1], :3]
    assert shown == pytest.approx(recording.segment_pos_world[3], abs=GRAIN_M)


def test_a_fall_is_told_at_its_end_and_not_before() -> None:
    told = [one.fell_at_s for one in clip_frames(CLIP)]
    assert told[:-1] == [None] * (len(told) - 1)
    assert (told[-1] is not None) == CLIP.recording.fell


def test_the_camera_sees_the_whole_way_of_an_infant() -> None:
    scene = clip_scene(CLIP, "#123456")
    low, high = np.array(scene.low_m), np.array(scene.high_m)
    places = CLIP.recording.segment_pos_world
    assert (places >= low - 1e-4).all()
    assert (places <= high + 1e-4).all()
    assert scene.colours["shirt"] == "#123456"


def test_the_page_is_one_file_that_holds_every_recording() -> None:
    page = replay_html({"One": CLIP, "Another": CLIP, "A third": CLIP})
    assert '<script id="film"' in page
    assert len(page) < 2_000_000


def test_nothing_to_show_is_refused() -> None:
    with pytest.raises(InputError, match="no recording"):
        replay_html({})
