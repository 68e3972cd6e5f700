"""Hands are drawn on the skin of the segment that they hold, on the side where they are."""

from dataclasses import replace

import numpy as np
import pytest

from dmi_sim.recording import Recording
from dmi_sim.render.hands import palms
from dmi_sim.render.placement import rotated
from dmi_sim.render.shapes import Shape
from tests.render.doll import shapes, toppling

LEFT_THIGH, RIGHT_THIGH = 7, 12


def gripped(segments: list[int], local: tuple[float, float, float] = (0, 0, 0)) -> Recording:
    """The toppling doll with attachments fixed to segments, and segments that sway against each other."""
    film = toppling(1.0)
    quats = film.segment_quat_world.copy()
    sway = 0.2 * np.sin(np.arange(15)[None, :] + film.time_s[:, None] * 5)
    quats[..., 2] += sway
    quats /= np.linalg.norm(quats, axis=2, keepdims=True)
    attachments = film.segment_pos_world[:, segments] + rotated(quats[:, segments], np.array(local))
    return replace(film, segment_quat_world=quats, support_pos_world=attachments)


def test_nobody_holds_no_hands() -> None:
    assert palms(toppling(), shapes()) == ()


@pytest.mark.parametrize("segment", [0, 3, 4])
def test_a_grip_on_the_midline_is_two_hands_on_either_side_of_its_segment(segment: int) -> None:
    left, right = palms(gripped([segment], (0.0, 0.0, 0.04)), shapes())
    assert left.segment_index == right.segment_index == segment
    assert left.centre_m[1] == pytest.approx(-right.centre_m[1])
    assert left.centre_m[[0, 2]] == pytest.approx([0.0, 0.04])


def test_palms_lie_on_the_skin() -> None:
    wide = Shape("x", 3, "ellipsoid", (0, 0, 0), (0, 0, 0), (0.05, 0.10, 0.05), "shirt")
    left, _ = palms(gripped([3]), [wide])
    assert left.centre_m[1] == pytest.approx(0.10, abs=0.02)


def test_two_grips_on_limbs_are_one_hand_each_on_its_outer_side() -> None:
    left, right = palms(gripped([LEFT_THIGH, RIGHT_THIGH]), shapes())
    assert (left.segment_index, right.segment_index) == (LEFT_THIGH, RIGHT_THIGH)
    assert left.centre_m[1] > 0 > right.centre_m[1]


def test_forearms_come_from_behind_and_outside() -> None:
    film = toppling(held=True)
    for palm in palms(film, shapes()):
        turn = film.segment_quat_world[0, palm.segment_index]
        reach = rotated(turn, palm.elbow_m - palm.centre_m)
        assert reach[0] < 0
        assert reach[1] * palm.centre_m[1] > 0
