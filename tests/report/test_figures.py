"""Figures: the same bytes each time, fit for a page, every infant and arm in them."""

import re
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from matplotlib.text import Text

from dmi_sim.catalog import Catalog
from dmi_sim.render.plotting import Picture, canvas, svg_text
from dmi_sim.render.series_style import series_styles
from dmi_sim.report.comparisons import Group
from dmi_sim.report.figures import (
    assistance,
    forest,
    last_test,
    learning_curves,
)
from dmi_sim.report.findings import LearningCurve, StudyFindings
from dmi_sim.report.labels import measure
from dmi_sim.report.support_words import schedule_title
from dmi_sim.spec.support_schedule import SupportSchedule

TITLES = {"axillae": "Hands high", "pelvis": "Hands low", "none": "No hands"}
TIME = measure("time_upright_s")

Draw = Callable[[StudyFindings], str]
PICTURES: dict[str, Callable[[StudyFindings], Picture]] = {
    "forest": lambda found: forest(found.comparisons, TITLES, TIME, 1.0),
    "learning": lambda found: learning_curves(found.pushed, TITLES, "Time [s]", "pushed"),
    "last": lambda found: last_test(found.pushed, TITLES, TIME),
    "assistance": lambda found: assistance(
        found.impulse_n_s_per_h, found.weight_share, TITLES, "help"
    ),
}


def inline(picture: Callable[[StudyFindings], Picture]) -> Draw:
    return lambda found: picture(found).inline


FIGURES = {name: inline(picture) for name, picture in PICTURES.items()}


@pytest.mark.parametrize("name", PICTURES)
@pytest.mark.parametrize(("ending", "start"), [("svg", b"<?xml"), ("pdf", b"%PDF")])
def test_a_file_of_a_figure_is_the_same_each_time(
    name: str, ending: str, start: bytes, findings: StudyFindings
) -> None:
    first, again = (PICTURES[name](findings).file_bytes(ending) for _ in range(2))
    assert first.startswith(start)
    assert first == again
    assert re.search(rb"20\d\d-?\d\d-?\d\d", first) is None


@pytest.fixture(params=FIGURES)
def draw(request: pytest.FixtureRequest) -> Draw:
    return FIGURES[request.param]


def test_a_figure_is_the_same_each_time(draw: Draw, findings: StudyFindings) -> None:
    assert draw(findings) == draw(findings)


def test_a_figure_is_well_formed_and_stands_alone(draw: Draw, findings: StudyFindings) -> None:
    text = draw(findings)
    assert ElementTree.fromstring(text).tag == "svg"
    assert "://" not in text
    assert "<style" not in text  # it would hold for the whole page
    assert re.search(r"20\d\d-\d\d-\d\d", text) is None


def test_text_stays_text_and_takes_the_colour_of_the_page(
    draw: Draw, findings: StudyFindings
) -> None:
    text = draw(findings)
    assert "<text" in text
    assert "currentColor" in text
    assert "#1b2a3c" not in text


def test_ids_of_two_figures_of_a_page_differ(findings: StudyFindings) -> None:
    found = [set(re.findall(r'\bid="([^"]+)"', draw(findings))) for draw in FIGURES.values()]
    assert len(set.union(*found)) == sum(map(len, found))


def test_every_reference_inside_a_figure_leads_somewhere(
    draw: Draw, findings: StudyFindings
) -> None:
    text = draw(findings)
    ids = set(re.findall(r'\bid="([^"]+)"', text))
    assert set(re.findall(r'(?:url\(#|href="#)([^")]+)', text)) <= ids


def test_the_forest_plot_has_every_effect(findings: StudyFindings) -> None:
    text = FIGURES["forest"](findings)
    assert text.count("minus") == 3
    assert "+2.0 s [0.8, 3.2]" in text


def test_a_comparison_without_interval_is_drawn_without_one(findings: StudyFindings) -> None:
    lone = findings.comparisons[0]
    nowhere = replace(lone.difference, low=np.nan, high=np.nan)
    text = forest([replace(lone, difference=nowhere)], TITLES, TIME, 1.0).inline
    assert "no interval" in text


def test_every_infant_has_its_own_thin_line(findings: StudyFindings) -> None:
    fewer = tuple(curve for curve in findings.pushed if curve.seed != 2)
    lines = [
        _drawn(FIGURES["learning"](replace(findings, pushed=c))) for c in (findings.pushed, fewer)
    ]
    assert lines[0] - lines[1] == 3


def _drawn(text: str) -> int:
    """Number of lines that are thin and half transparent."""
    return text.count("stroke-opacity: 0.6")


def test_an_arm_without_data_is_left_out_of_the_curves_and_keeps_its_column_at_the_last_test(
    findings: StudyFindings,
) -> None:
    without = [curve for curve in findings.pushed if curve.arm != "pelvis"]
    assert "Hands low" not in learning_curves(without, TITLES, "Time [s]", "x").inline
    assert "Hands low" in last_test(without, TITLES, TIME).inline


def test_groups_stand_side_by_side(findings: StudyFindings) -> None:
    boys = [replace(c, group=replace(c.group, sex="male")) for c in findings.pushed]
    titles = {curve.group: f"{curve.group.sex} infant" for curve in (*findings.pushed, *boys)}
    text = learning_curves([*findings.pushed, *boys], TITLES, "Time [s]", "x", titles).inline
    assert "female infant" in text
    assert "male infant" in text.replace("female infant", "")


def test_arms_beyond_the_colours_are_told_by_marker_and_line() -> None:
    found = list(series_styles(map(str, range(36))).values())
    assert len({(one.marker, one.line) for one in found}) == 36


def test_arms_differ_in_colour_marker_and_line() -> None:
    found = list(series_styles("abcdef").values())
    for field in ("colour", "marker", "line"):
        assert len({getattr(style, field) for style in found}) == 6


def test_an_arm_has_the_style_of_its_order_whatever_its_name() -> None:
    assert list(series_styles(["x", "y"]).values()) == list(
        series_styles(["pelvis", "none"]).values()
    )


def test_a_label_is_escaped() -> None:
    with canvas(2, 2) as (figure, _):
        assert 'aria-label="a &lt; &quot;b&quot;"' in svg_text(figure, "x", 'a < "b"')


def test_one_test_is_a_point(findings: StudyFindings) -> None:
    first = findings.pushed[0]
    curve = LearningCurve(first.group, first.arm, 0, first.dose_h[:1], first.values[:1])
    assert "<svg" in learning_curves([curve], TITLES, "Time [s]", "x").inline


@pytest.mark.parametrize("draw", [FIGURES["learning"], FIGURES["last"]])
def test_a_test_without_a_value_leaves_a_gap(draw: Draw, findings: StudyFindings) -> None:
    gap = [replace(c, values=np.where(c.dose_h > 0.7, np.nan, c.values)) for c in findings.pushed]
    none = [replace(c, values=np.full_like(c.values, np.nan)) for c in findings.pushed]
    for curves in (gap, none):
        text = draw(replace(findings, pushed=tuple(curves)))
        assert "<svg" in text
        assert "nan" not in text


SCHEDULE = SupportSchedule.model_validate(
    {
        "site": ["axillae", "lower_ribs", "waist", "pelvis"],
        "move_after": {"success": 0.8, "of_last": 20},
        "firmness": {"from": 0.5, "to": 0, "by": "competence"},
    }
)
"""Hands whose title is long."""


def crowded(findings: StudyFindings, kinds: int) -> tuple[StudyFindings, dict[Group, str]]:
    """The findings as if they were those of several kinds of infants."""
    groups = [replace(findings.groups[0], age_months=7.0 + age) for age in range(kinds)]

    def of_each(items: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(replace(one, group=group) for group in groups for one in items)

    kind = "spastic cerebral palsy, topography diplegia, severity 0.5"
    titles = {group: f"girl of {group.age_months:g} months, {kind}" for group in groups}
    fields = ("comparisons", "pushed")
    return replace(findings, **{one: of_each(getattr(findings, one)) for one in fields}), titles


@pytest.mark.parametrize("kinds", [1, 2, 3, 4, 7])
@pytest.mark.parametrize("name", PICTURES)
def test_long_titles_and_many_kinds_of_infants_leave_room_for_the_data_and_are_not_cut_off(
    name: str, kinds: int, findings: StudyFindings
) -> None:
    found, groups = crowded(findings, kinds)
    title = schedule_title(SCHEDULE, 1.0, Catalog.shipped())
    titles = {"axillae": title, "pelvis": "Hands at the pelvis, 30 % strength", "none": "No hands"}
    picture = {
        "forest": lambda: forest(found.comparisons, titles, TIME, 1.0, groups),
        "learning": lambda: learning_curves(found.pushed, titles, "Time [s]", "pushed", groups),
        "last": lambda: last_test(found.pushed, titles, TIME, groups),
        "assistance": lambda: assistance(
            found.impulse_n_s_per_h, found.weight_share, titles, "help", groups[found.groups[0]]
        ),
    }[name]()
    assert picture.inline  # drawn without a warning: warnings are errors in these tests
    drawn = picture.figure
    boxes = [axes.get_position() for axes in drawn.axes]
    in_a_row = len({round(box.x0, 2) for box in boxes})
    assert min(box.width for box in boxes) * in_a_row > 0.5
    assert min(box.height for box in boxes) * len({round(box.y0, 2) for box in boxes}) > 0.35
    for text in drawn.findobj(Text):
        if re.search("[A-Za-z]{3}", text.get_text()):
            extent = text.get_window_extent()
            assert extent.x0 > -2
            assert extent.x1 < drawn.bbox.width + 2, text.get_text()
            assert extent.y1 < drawn.bbox.height + 2, text.get_text()
    for axes in drawn.axes if name == "last" else ():
        extents = [label.get_window_extent() for label in axes.get_xticklabels()]
        assert all(one.x1 < following.x0 for one, following in pairwise(extents))
