"""Frames have the poses of body, hands, push and platform, at one or all steps of a recording."""

from dataclasses import replace

import numpy as np
import pytest

from dmi_sim.anatomy import SEGMENTS
from dmi_sim.body.kinematics import N_SEGMENTS
from dmi_sim.body.rotation import quaternions_of, rotated
from dmi_sim.render.frames import (
    FRAMES,
    LEFT_HAND,
    PLATFORM,
    PUSH,
    RIGHT_HAND,
    WORLD,
    HandPlacement,
    Poses,
    frame_poses,
)
from tests.render.bodies import HEAD, toppling

X, Z = np.array((1.0, 0.0, 0.0)), np.array((0.0, 0.0, 1.0))
ASIDE = np.array((0.0, 0.1, 0.0))


def test_segments_come_first_in_their_order() -> None:
    assert FRAMES[:N_SEGMENTS] == tuple(segment.name for segment in SEGMENTS)
    assert FRAMES[PLATFORM] == "platform"


def test_a_recording_has_the_poses_of_all_its_steps() -> None:
    recording = toppling()
    frames = frame_poses(recording)
    assert frames.position_m.shape == (len(recording.time_s), len(FRAMES), 3)
    assert frames.quaternion.shape == (len(recording.time_s), len(FRAMES), 4)
    last = frames.at(-1)
    assert (last.position_m[:N_SEGMENTS] == recording.segment_pos_world[-1]).all()
    assert (last.quaternion[:N_SEGMENTS] == recording.segment_quat_world[-1]).all()
    assert (last.position_m[WORLD] == 0).all()


def test_a_platform_that_tilts_about_y_has_its_front_down_and_keeps_the_middle_of_its_top() -> None:
    recording = replace(toppling(), platform=np.tile((0.1, -0.2, 0.0, 0.3), (31, 1)))
    frames = frame_poses(recording).at(0)
    assert frames.position_m[PLATFORM].tolist() == [0.1, -0.2, 0.0]
    assert rotated(frames.quaternion[PLATFORM], X)[2] == pytest.approx(-np.sin(0.3))


def test_a_push_is_at_the_centre_of_mass_along_its_force_while_it_acts() -> None:
    recording = toppling()
    frames = frame_poses(recording)
    is_pushed = recording.push_force_world.any(axis=1)
    assert (np.isfinite(frames.position_m[:, PUSH, 0]) == is_pushed).all()
    now = int(np.flatnonzero(is_pushed)[0])
    assert frames.position_m[now, PUSH] == pytest.approx(recording.com_m[now])
    assert rotated(frames.quaternion[now, PUSH], Z) == pytest.approx([0, 1, 0])


def test_hands_move_with_the_segment_that_they_support() -> None:
    recording = toppling()
    turns = quaternions_of(np.array(((0.0, 0.0, 0.0), (np.pi, 0.0, 0.0))))
    local = Poses(np.stack((ASIDE, -ASIDE)), turns)
    hands = frame_poses(recording, HandPlacement((HEAD, HEAD), local)).position_m
    head = recording.segment_pos_world[:, HEAD]
    assert hands[:, LEFT_HAND] == pytest.approx(head + ASIDE)
    assert hands[:, RIGHT_HAND] == pytest.approx(head - ASIDE)


def test_without_support_there_are_no_hands() -> None:
    assert np.isnan(frame_poses(toppling()).position_m[:, [LEFT_HAND, RIGHT_HAND]]).all()
