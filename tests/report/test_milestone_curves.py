from collections.abc import Mapping
from math import isnan

import numpy as np
import pytest

from dmi_sim.catalog import Catalog
from dmi_sim.report.milestone_curves import (
    MilestoneCurve,
    curve_words,
    milestone_curve,
    milestone_curves,
    milestone_rows,
    milestones_picture,
    who_windows,
)
from tests.report.courses import scored

WALKING = "walking_alone"
SOON, LATE, NEVER = {0: 0.0, 4: 0.6, 8: 0.7}, {0: 0.0, 4: 0.1, 8: 0.6}, {0: 0.0, 4: 0.1, 8: 0.2}


def curve(*scores: Mapping[int, float]) -> MilestoneCurve:
    courses = [scored(one, child=number) for number, one in enumerate(scores)]
    return milestone_curve(courses, WALKING)


def test_children_who_never_reach_a_milestone_stay_in_its_curve() -> None:
    found = curve(SOON, NEVER, NEVER, NEVER)
    assert (found.children, found.reached, found.censored) == (4, 1, 3)
    assert found.share[-1] == pytest.approx(0.25)


def test_a_curve_rises_at_the_ages_of_the_assessments() -> None:
    found = curve(SOON, LATE)
    assert found.ages_months == pytest.approx([6 + 4 / 4.35, 6 + 8 / 4.35])
    assert found.share == pytest.approx([0.5, 1.0])


def test_a_child_that_is_lost_early_counts_until_then() -> None:
    short = {0: 0.0, 2: 0.1}
    found = curve(short, SOON, NEVER)
    assert found.share[-1] == pytest.approx(0.5)  # one of the two who were still watched
    assert found.censored == 2


def test_the_age_of_half_is_unknown_if_half_never_reach_it() -> None:
    assert isnan(curve(SOON, NEVER, NEVER).median_months)
    assert curve(SOON, SOON, NEVER).median_months == pytest.approx(6 + 4 / 4.35)


def test_what_was_there_at_the_beginning_is_counted_apart() -> None:
    found = curve({0: 0.9, 4: 0.9}, LATE)
    assert found.at_start == 1
    assert "1 of them at the beginning" in curve_words(found)


def test_words_say_how_many_never_got_there() -> None:
    assert curve_words(curve(SOON, NEVER, NEVER)) == "1 of 3; 2 never; half not by 7.8"
    assert curve_words(curve(SOON, SOON)) == "2 of 2; half by 6.9"


def test_if_nobody_reaches_it_the_curve_is_zero_to_the_end() -> None:
    found = curve(NEVER, NEVER)
    assert found.censored == 2
    assert not np.any(found.share)


def test_arms_keep_their_order() -> None:
    courses = [scored(SOON, arm="second"), scored(LATE, arm="first")]
    for one in milestone_curves(courses):
        assert [found.arm for found in one.curves] == ["second", "first"]


def test_who_windows_stand_beside_the_children() -> None:
    catalog = Catalog.shipped()
    found = milestone_curves([scored(SOON), scored(NEVER, arm="other")])
    titles = {"dmi": "One", "other": "Other"}
    rows = {row[0]: row for row in milestone_rows(found, catalog)}
    assert rows["Walking alone"][-1] == "12.1 (8.2 to 17.6)"
    picture = milestones_picture(found, titles, catalog)
    drawn = {axes.get_title(loc="left") for axes in picture.figure.axes}
    assert drawn == set(rows)
    for axes in picture.figure.axes:
        low, high = axes.get_xlim()
        for one in found:
            window = who_windows(catalog)[one.milestone]
            assert low < window.p1.value < window.p99.value < high
