"""Turning points, and the face that shows where an infant series_styles."""

from dataclasses import replace

import numpy as np
import pytest

from dmi_sim.render.placement import face, rgb, rotated, rotation_matrix, skull, wxyz
from tests.render.doll import HEAD, about_y, shapes

QUARTER_ABOUT_Z = np.array((0.0, 0.0, np.sqrt(0.5), np.sqrt(0.5)))


def test_a_quarter_turn_about_z_takes_forward_to_the_left() -> None:
    assert rotated(QUARTER_ABOUT_Z, np.array((1.0, 0.0, 0.0))) == pytest.approx([0, 1, 0])


def test_many_points_turn_at_once_each_with_its_quaternion() -> None:
    turns = np.stack((QUARTER_ABOUT_Z, np.array((0.0, 0.0, 0.0, 1.0))))
    points = np.array(((1.0, 0.0, 0.0), (1.0, 0.0, 0.0)))
    assert rotated(turns, points) == pytest.approx(np.array(((0, 1, 0), (1, 0, 0))))


def test_columns_of_the_matrix_are_the_turned_axes() -> None:
    matrix = rotation_matrix(QUARTER_ABOUT_Z)
    assert matrix @ (1, 0, 0) == pytest.approx([0, 1, 0])
    assert matrix.T @ matrix == pytest.approx(np.eye(3))


def test_a_turn_and_its_matrix_agree() -> None:
    rng = np.random.default_rng(0)
    quaternion = rng.normal(size=4)
    quaternion /= np.linalg.norm(quaternion)
    point = rng.normal(size=3)
    assert rotation_matrix(quaternion) @ point == pytest.approx(rotated(quaternion, point))


def test_viewers_get_the_scalar_first() -> None:
    assert wxyz(np.array((1.0, 2.0, 3.0, 4.0))).tolist() == [4, 1, 2, 3]


def test_eyes_and_nose_sit_on_the_front_of_the_skull() -> None:
    left, right, nose = face(shapes())
    centre = np.array((0.0, 0.0, 0.08))
    for ball in (left, right, nose):
        assert ball.segment_index == HEAD
        on_skull = np.sum(((ball.centre_m - centre) / (0.07, 0.06, 0.08)) ** 2)
        assert on_skull == pytest.approx(1.0, abs=0.15)
        assert ball.centre_m[0] > 0.05
    assert left.centre_m[1] == -right.centre_m[1] > 0
    assert nose.centre_m[2] < left.centre_m[2]


def test_the_face_is_on_the_skin_not_on_the_hair() -> None:
    head = skull(shapes())
    assert head is not None
    assert head.colour == "skin"
    assert skull([head, replace(head, colour="hair")]) == head


def test_no_head_no_face() -> None:
    assert face([shape for shape in shapes() if shape.segment != "head"]) == ()


def test_colours_are_read_from_hex() -> None:
    assert rgb("#ff8000") == (255, 128, 0)


def test_the_doll_leans_forward() -> None:
    assert rotated(about_y(0.5), np.array((0.0, 0.0, 1.0)))[0] > 0
