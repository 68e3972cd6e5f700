from dataclasses import replace
from math import isnan

import pytest

from dmi_sim.catalog import Catalog
from dmi_sim.child.course import Course
from dmi_sim.report.programme_after import after_practice, after_section
from tests.report.courses import scored

FLAT = {week: 0.3 for week in range(0, 25, 4)}
RISING = {week: 0.03 * week for week in range(0, 25, 4)}
STAIRCASE = {0: 0.1, 4: 0.3, 8: 0.3, 12: 0.3, 16: 0.6, 20: 0.6, 24: 0.6}
NOISY = {0: 0.30, 4: 0.31, 8: 0.29, 12: 0.32, 16: 0.30, 20: 0.31, 24: 0.29}


@pytest.mark.parametrize(
    ("scores", "weeks"), [(FLAT, 24), (RISING, 0), (STAIRCASE, 16), (NOISY, 24)]
)
def test_weeks_on_plateaus_are_those_without_a_gain(scores: dict[int, float], weeks: int) -> None:
    (found,) = after_practice([scored(scores)])
    assert found.plateau_weeks == weeks
    assert found.with_plateau == (weeks > 0)


def test_who_can_do_nearly_all_is_on_no_plateau() -> None:
    (found,) = after_practice([scored({week: 0.95 for week in range(0, 25, 4)})])
    assert found.with_plateau == 0


def test_children_with_a_plateau_are_counted_by_arm() -> None:
    found = after_practice([scored(FLAT), scored(RISING, child=1), scored(RISING, arm="other")])
    assert [(one.arm, one.with_plateau, one.children) for one in found] == [
        ("dmi", 1, 2),
        ("other", 0, 1),
    ]


def test_what_is_kept_after_a_pause_is_told_beside_the_score_at_the_end() -> None:
    child = scored({0: 0.0, 4: 0.8})
    later = replace(
        child.assessments[-1], week=8, success=dict.fromkeys(child.assessments[-1].success, 0.6)
    )
    rested = replace(child, retention=later)
    (found,) = after_practice([rested])
    assert (found.score_at_end, found.score_after_pause) == pytest.approx((0.8, 0.6))
    page = after_section([rested], {"dmi": "DMI"}, Catalog.shipped())
    assert "75\u00a0%" in page
    assert "The pause was 4 weeks" in page


def test_without_a_pause_nothing_is_said_of_what_remains() -> None:
    child = scored({0: 0.0, 4: 0.8})
    assert isnan(after_practice([child])[0].score_after_pause)
    assert "asks for no pause" in after_section([child], {"dmi": "DMI"}, Catalog.shipped())


def test_only_exercises_left_out_in_every_arm_are_compared(children: tuple[Course, ...]) -> None:
    found = {one.arm: one for one in after_practice(children)}
    assert found["free_play"].untried > found["dmi"].untried
    page = after_section(children, dict.fromkeys(found, "Arm"), Catalog.shipped())
    assert "Nobody in any arm practised: " in page
    assert "sitting on a board that moves" in page
