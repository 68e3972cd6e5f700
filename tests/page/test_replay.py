"""Recordings on the page of the classroom: what was recorded is what is told and drawn."""

import base64
import gzip
import json
import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from dmi_sim.errors import InputError
from dmi_sim.page.packing import GRAIN_M, unpacked
from dmi_sim.page.replay import Recordings, clip_frames, clip_scene, in_pages, replay_html
from dmi_sim.physics.scene import Scene, Solid
from dmi_sim.render.clip import Clip
from dmi_sim.render.frames import LEFT_HAND, PLATFORM, PUSH, RIGHT_HAND
from tests.render.bodies import HZ, shapes, toppling

CLIP = Clip(toppling(), shapes())


def film_of(page: str) -> dict[str, Any]:
    """What a page in one file is told."""
    text = re.search(r'<script id="film" type="application/json">"([^"]+)"', page)
    assert text is not None
    film: dict[str, Any] = json.loads(gzip.decompress(base64.b64decode(text[1])))
    return film


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
    shown = film_of(replay_html(Recordings({"One": CLIP, "Another": CLIP, "A third": CLIP})))
    assert [one["title"] for one in shown["takes"]] == ["One", "Another", "A third"]
    assert shown["films"] == [{"title": "", "takes": [0, 1, 2]}]


def test_the_page_itself_is_small() -> None:
    assert len(replay_html(Recordings({"One": CLIP}))) < 350_000


def test_more_infants_than_have_place_come_on_pages_of_their_own() -> None:
    pages = in_pages({"Seven": [*"abcdefg"], "One": ["a"]})
    assert {title: len(shown) for title, shown in pages.items()} == {
        "Seven (1)": 6,
        "Seven (2)": 1,
        "One": 1,
    }


def test_fewer_pictures_are_kept_and_the_last_one_always() -> None:
    (every,) = film_of(replay_html(Recordings({"One": CLIP})))["takes"]
    shown = film_of(replay_html(Recordings({"One": CLIP}), pictures_per_s=10))
    (few,) = shown["takes"]
    assert shown["hz"] == 10
    assert len(few["frames"]) == pytest.approx(len(every["frames"]) / 3, abs=1)
    assert few["frames"][-1] == every["frames"][-1]


def test_a_shirt_has_the_colour_that_is_given_or_one_of_its_own() -> None:
    clips = {"One": CLIP, "Another": CLIP}
    takes = film_of(replay_html(Recordings(clips, {"Another": "#123456"})))["takes"]
    first, second = (one["scene"]["colours"]["shirt"] for one in takes)
    assert second == "#123456"
    assert first != second


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({}, "fell"),
        ({"fell": False}, ""),
        ({"fell": False, "is_success": True}, "succeeded"),
        ({"physics_fault": True}, "fault"),
    ],
)
def test_it_is_told_how_an_infant_ended(change: dict[str, bool], told: str) -> None:
    clip = Clip(replace(toppling(), **change), shapes())
    (take,) = film_of(replay_html(Recordings({"One": clip})))["takes"]
    assert take["ending"] == told


def test_a_push_is_shown_until_it_has_been_seen_and_then_goes() -> None:
    pushed_s = CLIP.recording.push_force_world.any(axis=1).sum() / HZ
    shown = [np.isfinite(unpacked(one.poses)[PUSH, 0]) for one in clip_frames(CLIP)]
    assert sum(shown) / HZ == pytest.approx(pushed_s + 0.4, abs=1 / HZ)
    assert not shown[0]
    assert not shown[-1]


def test_only_who_is_held_has_hands() -> None:
    held, free = (Clip(toppling(supported=one), shapes()) for one in (True, False))
    for clip, is_held in ((held, True), (free, False)):
        poses = unpacked(clip_frames(clip)[0].poses)
        assert np.isfinite(poses[[LEFT_HAND, RIGHT_HAND], 0]).all() == is_held


def test_a_platform_slides_and_tilts_as_it_was_recorded() -> None:
    recording = toppling()
    way = np.linspace(0, 1, len(recording.time_s))[:, None] * np.array((0.1, 0.0, 0.0, 0.2))
    clip = Clip(replace(recording, platform=way), shapes(), Scene(has_platform=True))
    last = unpacked(clip_frames(clip)[-1].poses)[PLATFORM]
    assert last[:3] == pytest.approx([0.1, 0.0, 0.0], abs=GRAIN_M)
    assert last[3:] == pytest.approx([0.0, np.sin(0.1), 0.0, np.cos(0.1)], abs=1e-4)


def test_furniture_is_in_the_scene() -> None:
    bench = Scene((Solid(("box", (0.1, 0.2, 0.1)), (0.0, 0.0, 0.1)),))
    drawn, bare = (clip_scene(Clip(toppling(), shapes(), one)).parts for one in (bench, Scene()))
    assert len(drawn) == len(bare) + 1


def test_nothing_to_show_is_refused() -> None:
    with pytest.raises(InputError, match="no recording"):
        replay_html(Recordings({}))
