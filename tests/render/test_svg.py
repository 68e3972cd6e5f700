"""Stills: capsules and ellipsoids end up where an orthographic camera sees them."""

import re
from dataclasses import replace
from math import pi
from xml.etree import ElementTree

import numpy as np
import pytest

from dmi_sim.infant import Infant
from dmi_sim.physics.scene import Scene, Solid
from dmi_sim.render.clip import Clip
from dmi_sim.render.colours import COLOURS
from dmi_sim.render.looks import THERAPISTS_HANDS, details
from dmi_sim.render.shapes import Shape, visual_shapes
from dmi_sim.render.svg import (
    Projection,
    elements,
    film_strip_svg,
    still_svg,
)
from tests.render.bodies import shapes, toppling

SIDE = Projection(azimuth_rad=-pi / 2, elevation_rad=0.0, pixels_per_m=100.0)
MIDDLE_X, FLOOR_Y = 100 * SIDE.width_m / 2, 100 * SIDE.height_m


def numbers(svg: str, *names: str) -> list[float]:
    return [float(re.search(rf' {name}="([-\d.]+)"', svg)[1]) for name in names]  # pyright: ignore


def test_a_side_view_shows_forward_to_the_right_and_up_to_the_top() -> None:
    x, y, _ = SIDE.seen(np.array((0.2, 0.5, 0.3)))
    assert (x, y) == pytest.approx((MIDDLE_X + 20, FLOOR_Y - 30))


def test_a_point_on_the_side_of_the_camera_is_nearer() -> None:
    right, left = SIDE.seen(np.array(((0.0, -0.1, 0.0), (0.0, 0.1, 0.0))))
    assert right[2] > left[2]


def test_a_view_from_the_front_shows_left_to_the_right() -> None:
    front = Projection(azimuth_rad=0.0, elevation_rad=0.0)
    assert front.seen(np.array((0.0, 0.1, 0.0)))[0] > front.seen(np.zeros(3))[0]


def test_a_capsule_is_a_round_line_as_thick_as_it_is() -> None:
    tube = Shape("pelvis", 0, "capsule", (0, 0, 0), (0.1, 0, 0), (0.05, 0.05, 0.05), "shirt")
    line = elements(Clip(toppling(), [tube]), 0, SIDE, "#123456")[0]
    assert 'stroke-linecap="round"' in line
    assert numbers(line, "stroke-width") == pytest.approx([10.0])
    x1, y1, x2 = numbers(line, "x1", "y1", "x2")
    assert (x1, y1, x2 - x1) == pytest.approx((MIDDLE_X, FLOOR_Y - 7, 10.0), abs=0.06)
    assert 'stroke="#123456"' in line


def test_an_ellipsoid_shows_its_outline_turned_with_its_segment() -> None:
    egg = Shape("pelvis", 0, "ellipsoid", (0, 0, 0), (0, 0, 0), (0.03, 0.9, 0.06), "skin")
    upright, lying = (
        elements(Clip(toppling(), [egg]), frame, SIDE, "#123456")[0] for frame in (0, -1)
    )
    assert numbers(upright, "rx", "ry") == pytest.approx([6.0, 3.0], abs=0.06)
    assert numbers(lying, "rx", "ry") == pytest.approx([6.0, 3.0], abs=0.06)
    angles = [float(re.search(r"rotate\(([-\d.]+)", one)[1]) % 180 for one in (upright, lying)]  # pyright: ignore
    assert angles == pytest.approx([90.0, 0.0], abs=0.1) or angles == pytest.approx([90.0, 180.0])


@pytest.mark.parametrize(("azimuth", "nearest"), [(-pi / 2, "#00ff00"), (pi / 2, COLOURS["hair"])])
def test_near_shapes_are_drawn_over_far_ones(azimuth: float, nearest: str) -> None:
    right = Shape("pelvis", 0, "capsule", (0, -0.1, 0), (0.1, -0.1, 0), (0.05, 0, 0), "shirt")
    left = replace(right, start_m=(0, 0.1, 0), end_m=(0.1, 0.1, 0), colour="hair")
    view = Projection(azimuth_rad=azimuth)
    assert (
        f'stroke="{nearest}"' in elements(Clip(toppling(), [right, left]), 0, view, "#00ff00")[-1]
    )


def test_a_push_is_drawn_over_everything_while_it_lasts() -> None:
    recording = toppling(1.0)
    pushed = int(np.flatnonzero(recording.push_force_world.any(axis=1))[0])
    arrow = f'stroke="{COLOURS["push"]}"'
    last = elements(Clip(recording, shapes()), pushed, SIDE, "#123456")[-1]
    assert arrow in last
    assert arrow not in "".join(elements(Clip(recording, shapes()), 0, SIDE, "#123456"))


def test_a_supported_infant_has_two_more_hands() -> None:
    alone, supported = (
        elements(Clip(toppling(supported=s), shapes()), 0, SIDE, "#123456") for s in (False, True)
    )
    assert len(supported) - len(alone) == len(THERAPISTS_HANDS)


def test_a_frame_is_a_standalone_svg_that_repeats_itself() -> None:
    text = still_svg(Clip(toppling(), shapes()), 0)
    assert ElementTree.fromstring(text).tag == "{http://www.w3.org/2000/svg}svg"
    assert text == still_svg(Clip(toppling(), shapes()), 0)


def test_the_shirt_takes_the_colour_asked_for() -> None:
    tube = Shape("pelvis", 0, "capsule", (0, 0, 0), (0.1, 0, 0), (0.05, 0.05, 0.05), "shirt")
    assert "#0072b2" in still_svg(Clip(toppling(), [tube]), 0, shirt="#0072b2")


def test_a_strip_runs_from_the_first_frame_to_the_last_and_names_the_fall() -> None:
    captions = re.findall(
        r">([^<]+)</text>", film_strip_svg(Clip(toppling(2.0), shapes()), count=3)
    )
    assert captions == ["0.0 s", "1.0 s", "2.0 s", "fell"]
    steady = film_strip_svg(Clip(toppling(2.0, fell=False), shapes()), count=2)
    assert "fell" not in steady


def test_the_whole_infant_stays_in_the_picture() -> None:
    recording = toppling(1.0)
    text = film_strip_svg(Clip(recording, shapes()), count=1)
    width, height = (float(px) for px in re.search(r'viewBox="0 0 (\d+) (\d+)"', text).groups())  # pyright: ignore
    for x, y in re.findall(r'<ellipse cx="([-\d.]+)" cy="([-\d.]+)"', text):
        assert 0 < float(x) < width
        assert 0 < float(y) < height


BENCH = Solid(("box", (0.1, 0.2, 0.1)), (0.0, 0.0, 0.1))
"""Seen from the right: its top and its right side."""


def order(centre: tuple[float, float, float]) -> list[str]:
    """Names of the elements of a ball near the bench and of the bench, first drawn first."""
    view = Projection(azimuth_rad=-pi / 2, elevation_rad=0.3)
    origin = toppling().segment_pos_world[0, 0]
    ball = Shape("x", 0, "ellipsoid", (0, 0, 0), (0, 0, 0), (0.05, 0.05, 0.05), "shirt")
    at = replace(ball, start_m=tuple((np.array(centre) - origin).tolist()))
    clip = Clip(toppling(), [at], Scene((BENCH,)))
    return [element[1:8] for element in elements(clip, 0, view, "#123456")]


@pytest.mark.parametrize("centre", [(0, 0.1, 0.25), (0, -0.3, 0.05), (0, -0.25, 0.25)])
def test_a_solid_on_a_bench_or_on_its_near_side_is_drawn_over_it(
    centre: tuple[float, float, float],
) -> None:
    assert order(centre) == ["polygon", "ellipse"]


@pytest.mark.parametrize("centre", [(0, 0.3, 0.05), (0, 0.0, 0.1)])
def test_a_solid_behind_a_bench_or_under_its_top_is_drawn_below_it(
    centre: tuple[float, float, float],
) -> None:
    assert order(centre) == ["ellipse", "polygon"]


def test_a_platform_shows_its_tilt() -> None:
    recording = replace(toppling(), platform=np.tile((0.0, 0.0, 0.0, 0.2), (31, 1)))
    drawn = elements(Clip(recording, (), Scene(has_platform=True)), 0, SIDE, "#123456")[0]
    corners = np.array([[float(c) for c in p.split(",")] for p in points_of(drawn)])
    front, back = corners[corners[:, 0].argmax()], corners[corners[:, 0].argmin()]
    slope = (front[1] - back[1]) / (front[0] - back[0])
    assert np.arctan(slope) == pytest.approx(0.2, abs=0.04)  # its edge is 0.05 m thick


def points_of(svg: str) -> list[str]:
    found = re.search(r'points="([^"]+)"', svg)
    assert found is not None
    return found[1].split()


def test_a_rail_is_drawn_as_thick_as_it_is() -> None:
    rail = Solid(("capsule", (0.02, 0.5)), (0.1, 0.0, 0.3), (pi / 2, 0.0, 0.0))
    drawn = elements(Clip(toppling(), (), Scene((rail,))), 0, SIDE, "#123456")[0]
    assert numbers(drawn, "stroke-width") == pytest.approx([4.0])


def test_a_picture_is_no_higher_than_a_lying_infant_needs_and_holds_the_furniture() -> None:
    def size(clip: Clip) -> list[float]:
        return numbers(film_strip_svg(clip, count=1), "width", "height")

    high = Scene((Solid(("box", (0.1, 0.2, 0.4)), (0.0, 0.0, 0.4)),))
    upright = toppling(fell=False)
    lying = replace(upright, segment_pos_world=upright.segment_pos_world * (1, 1, 0.2))
    heights = [size(Clip(recording, shapes()))[1] for recording in (lying, upright)]
    assert heights[0] < heights[1] - 30
    assert size(Clip(upright, shapes(), high))[1] > heights[1] + 60


def test_an_infant_that_walks_away_stays_in_the_picture() -> None:
    recording = toppling(fell=False)
    away = np.linspace(0, 2, len(recording.time_s))[:, None, None] * np.array((1.0, 0.0, 0.0))
    walker = replace(recording, segment_pos_world=recording.segment_pos_world + away)
    text = film_strip_svg(Clip(walker, shapes()), count=2)
    width = numbers(text, "width")[0] / 2
    xs = [float(x) for x in re.findall(r'<ellipse cx="([-\d.]+)"[^>]*transform', text)]
    assert min(xs) > 0
    assert max(xs) < width


def test_a_head_without_skull_has_no_face() -> None:
    bodiless = [replace(shape, segment="trunk") for shape in shapes()]
    with_face, without = (still_svg(Clip(toppling(), s), 0) for s in (shapes(), bodiless))
    assert with_face.count("<ellipse") - without.count("<ellipse") == len(details(shapes()))


def test_an_infant_in_a_romper_has_one_outline_around_trousers_and_one_around_the_shirt() -> None:
    drawn = elements(Clip(toppling(), visual_shapes(Infant.from_spec(7))), 0, SIDE, "#123456")
    cloths = [one for one in drawn if one.startswith("<path")]
    assert len(cloths) == 2
    assert all('paint-order="stroke"' in one for one in cloths)
    assert sum('fill="#123456"' in one for one in cloths) == 1


def test_a_face_that_is_seen_is_not_below_the_hair() -> None:
    """From the front of a leaning head, and not from behind."""
    for azimuth, is_hair_first in ((0.0, True), (pi, False)):
        drawn = elements(Clip(toppling(), shapes()), 0, Projection(azimuth_rad=azimuth), "#123456")
        hair = next(i for i, one in enumerate(drawn) if COLOURS["hair"] in one)
        eye = next(i for i, one in enumerate(drawn) if f'fill="{COLOURS["eye"]}"' in one)
        assert (hair < eye) == is_hair_first


def test_skin_on_skin_is_left_out_where_it_would_be_a_speck() -> None:
    clip = Clip(toppling(), visual_shapes(Infant.from_spec(7)))
    few, many = (
        sum(map(bool, elements(clip, 0, Projection(pixels_per_m=scale), "#123456")))
        for scale in (60.0, 600.0)
    )
    assert few < many - 15
