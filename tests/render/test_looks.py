"""Faces, fingers and toes belong to the body that they are on; hands to an adult."""

import numpy as np
import pytest

from dmi_sim.anatomy import SEGMENTS
from dmi_sim.infant import Infant
from dmi_sim.render.drawable import Drawable
from dmi_sim.render.frames import LEFT_HAND, RIGHT_HAND
from dmi_sim.render.looks import THERAPISTS_HANDS, details
from dmi_sim.render.scene import body_drawables
from dmi_sim.render.shapes import Shape, visual_shapes


def on(infant: Infant, segment: str) -> list[Drawable]:
    """Details on one segment of an infant."""
    return [one for one in details(visual_shapes(infant)) if SEGMENTS[one.frame].name == segment]


def eyes(infant: Infant) -> tuple[Drawable, Drawable]:
    left, right = (one for one in on(infant, "head") if one.role == "eye")
    return left, right


@pytest.mark.parametrize("age_months", [0, 7, 24])
def test_a_hand_has_five_fingers_and_a_foot_five_toes(age_months: float) -> None:
    infant = Infant.from_spec(age_months)
    for side in ("left", "right"):
        assert len(on(infant, f"{side}_forearm")) == len(on(infant, f"{side}_foot")) == 5


def test_the_face_grows_with_the_head_and_not_with_age() -> None:
    """A newborn's head is a larger share of its length, and so is its face."""
    newborn, toddler = Infant.from_spec(0), Infant.from_spec(24)
    apart_m = [2 * eyes(infant)[0].position_m[1] for infant in (newborn, toddler)]
    heads_m = [2 * infant.anthropometry.head_half_axes_m()[1] for infant in (newborn, toddler)]
    assert apart_m[0] / heads_m[0] == pytest.approx(apart_m[1] / heads_m[1])
    assert apart_m[0] / newborn.length_m > 1.2 * apart_m[1] / toddler.length_m


def test_a_larger_head_of_the_same_age_has_a_larger_face() -> None:
    small, large = (Infant.from_spec(7, length_z=z, weight_z=z) for z in (-2.0, 2.0))
    assert eyes(large)[0].size_m > eyes(small)[0].size_m


def test_toes_are_at_the_front_of_the_foot_and_the_great_toe_is_on_the_inner_side() -> None:
    infant = Infant.from_spec(7)
    for side, outward in (("left", 1), ("right", -1)):
        great, *others = on(infant, f"{side}_foot")
        assert all(one.position_m[0] > 0 for one in (great, *others))
        assert all(outward * (one.position_m[1] - great.position_m[1]) > 0 for one in others)
        assert all(max(one.size_m) < max(great.size_m) for one in others)


def test_fingers_are_at_the_end_of_the_arm_and_thumbs_point_to_each_other() -> None:
    infant = Infant.from_spec(7)
    for side, outward in (("left", 1), ("right", -1)):
        *fingers, thumb = on(infant, f"{side}_forearm")
        assert all(one.position_m[2] < thumb.position_m[2] < 0 for one in fingers)
        assert all(outward * (one.position_m[1] - thumb.position_m[1]) > 0 for one in fingers)


def gap(detail: Drawable, carrier: Drawable) -> float:
    """Distance of the middle of a detail from the skin, over the largest extent of the detail."""
    core, rounding = carrier.core_and_rounding_m()
    turn = np.array(detail.position_m) - carrier.position_m
    along = np.array((turn[2], turn[1], turn[0])) if carrier.kind == "capsule" else turn
    away = along - along.clip(-core, core)
    out = (np.linalg.norm(away / rounding) - 1) * rounding.min()
    return float(out / max(detail.size_m))


@pytest.mark.parametrize("age_months", [0, 7, 24])
def test_nothing_floats_beside_the_body(age_months: float) -> None:
    shapes = visual_shapes(Infant.from_spec(age_months))
    carriers = body_drawables(shapes)
    for one in details(shapes):
        own = [solid for solid in carriers if solid.frame == one.frame]
        assert min(gap(one, solid) for solid in own) < 1.0


def test_a_body_without_hands_or_feet_has_neither_fingers_nor_toes() -> None:
    trunk = [one for one in visual_shapes(Infant.from_spec(7)) if one.segment == "pelvis"]
    assert details(trunk) == ()


def test_a_stored_body_has_a_face_too() -> None:
    """Studies store the solids of a body and nothing of its looks."""
    skull = Shape("head", 4, "ellipsoid", (0, 0, 0.1), (0, 0, 0.1), (0.07, 0.06, 0.08), "skin")
    assert {"eye", "mouth", "cheek"} <= {one.role for one in details([skull])}


def test_a_therapist_has_two_forearms_and_hands_with_four_fingers_and_a_thumb() -> None:
    for hand in (LEFT_HAND, RIGHT_HAND):
        own = [one for one in THERAPISTS_HANDS if one.frame == hand]
        assert [one.role for one in own].count("sleeve") == 1
        palm = next(one for one in own if one.kind == "ellipsoid")
        digits = [one for one in own if one.role == "hand" and one.position_m[0] > 0]
        assert len(digits) == 5
        assert all(one.size_m[0] < min(palm.size_m) for one in digits)
