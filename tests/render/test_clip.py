"""The room that a film fills: the infant all along, with its furniture, but no platform."""

from dataclasses import replace

import numpy as np
import pytest

from dmi_sim.physics.scene import FLOOR_ONLY, Scene, Solid
from dmi_sim.render.clip import Clip, body_points, ground_of, room
from tests.render.doll import HEAD, shapes, toppling

SKULL = [shape for shape in shapes() if shape.segment_index == HEAD]


def edges(clip: Clip) -> tuple[np.ndarray, np.ndarray]:
    points = room(clip)
    return points.min(axis=0), points.max(axis=0)


def test_the_room_reaches_to_the_skin_of_the_first_and_the_last_frame() -> None:
    _, high = edges(Clip(toppling(), shapes()))
    crown_m = 0.33 + 0.10 + 0.07  # of the hair, upright, and in front of the pelvis at the end
    assert high[[0, 2]] == pytest.approx([crown_m, crown_m], abs=0.02)


def test_who_walks_away_needs_the_room_of_the_way() -> None:
    film = toppling(fell=False)
    away = np.linspace(0, 2, len(film.time_s))[:, None, None] * np.array((0.0, 1.0, 0.0))
    here, there = (
        edges(Clip(one, shapes()))[1]
        for one in (film, replace(film, segment_pos_world=film.segment_pos_world + away))
    )
    assert there - here == pytest.approx([0.0, 2.0, 0.0])


def test_furniture_belongs_to_the_room_and_a_board_does_not() -> None:
    table = Solid(("box", (0.1, 0.2, 0.5)), (1.0, 0.0, 0.5))
    assert edges(Clip(toppling(), shapes(), Scene((table,))))[1][[0, 2]].tolist() == [1.1, 1.0]
    on_platform = edges(Clip(toppling(), shapes(), Scene(has_platform=True)))
    assert np.array(on_platform) == pytest.approx(np.array(edges(Clip(toppling(), shapes()))))


def test_an_infant_without_shapes_is_where_its_joints_are() -> None:
    film = toppling()
    points = body_points(film.segment_pos_world, film.segment_quat_world, ())
    assert points.shape == (film.segment_pos_world[..., 0].size, 3)


def test_a_single_moment_can_be_measured() -> None:
    film = toppling()
    points = body_points(film.segment_pos_world[0], film.segment_quat_world[0], SKULL)
    assert points[:, 2].max() == pytest.approx(0.33 + 0.1 + 0.07)


def test_a_recording_knows_of_a_board_by_its_movement_only() -> None:
    film = toppling()
    assert ground_of(film) == FLOOR_ONLY
    assert ground_of(replace(film, platform=film.platform + 0.01)).has_platform
