"""Arms of a study of programmes are compared child by child, and nobody is dropped."""

from collections.abc import Sequence
from math import isnan

import pytest

from dmi_sim.child.course import Course
from dmi_sim.report.programme_effects import programme_effects
from tests.child.courses import NOTHING, SITS, course, with_milestones
from tests.study.children import SMALL, study

SITTING = "sitting_without_support"


def cohort(first: Sequence[float], second: Sequence[float]) -> list[Course]:
    """Children who end with these scores in the two arms."""
    return [
        course((0.0, score), arm=arm, child=child)
        for arm, scores in (("dmi", first), ("hands_off", second))
        for child, score in enumerate(scores)
    ]


def test_the_effect_is_the_mean_difference_child_by_child() -> None:
    found = programme_effects(cohort((0.5, 0.25, 0.75), (0.25, 0.25, 0.25)), study())
    (one,) = found.comparisons
    assert (one.first, one.second) == ("dmi", "hands_off")
    assert one.differences == {0: 0.25, 1: 0.0, 2: 0.5}
    assert one.difference.value == pytest.approx(0.25)
    assert one.difference.low <= 0.25 <= one.difference.high
    assert [arm.mean.value for arm in found.arms] == pytest.approx([0.5, 0.25])


def test_arms_in_another_order_give_the_opposite_effect() -> None:
    scores = (0.5, 0.25, 0.75, 0.6), (0.25, 0.3, 0.2, 0.1)
    there, back = cohort(*scores), cohort(*reversed(scores))
    (one,), (other,) = (programme_effects(all_, study()).comparisons for all_ in (there, back))
    assert one.difference.value == pytest.approx(-other.difference.value)
    assert one.p_value == pytest.approx(other.p_value)


def test_a_child_that_is_unfinished_in_one_arm_counts_in_no_comparison() -> None:
    courses = [one for one in cohort((0.5, 0.5), (0.0, 0.0)) if (one.child, one.arm) != (1, "dmi")]
    (one,) = programme_effects(courses, study()).comparisons
    assert list(one.differences) == [0]


def test_few_children_do_not_decide() -> None:
    few, many = cohort((0.5,) * 3, (0.0,) * 3), cohort((0.5,) * 12, (0.0,) * 12)
    assert not programme_effects(few, study()).may_decide
    assert programme_effects(many, study()).may_decide


def test_children_who_never_sit_are_censored_and_stay_in_the_comparison() -> None:
    asked = {"outcome": "age_at_milestone_months", "params": {"milestone": SITTING}}
    spec = study(primary_outcome={**SMALL["primary_outcome"], **asked})
    courses = [
        with_milestones(one, [NOTHING, SITS if one.arm == "dmi" else NOTHING])
        for one in cohort((0.5, 0.5), (0.0, 0.0))
    ]
    found = programme_effects(courses, spec)
    assert [arm.censored for arm in found.arms] == [(), (0, 1)]
    assert len(found.comparisons[0].differences) == 2


def test_without_a_pause_there_is_no_score_after_it() -> None:
    spec = study(primary_outcome={**SMALL["primary_outcome"], "outcome": "score_after_pause"})
    found = programme_effects(cohort((0.5, 0.5), (0.0, 0.0)), spec)
    assert all(isnan(value) for arm in found.arms for value in arm.values.values())
    assert found.comparisons[0].differences == {}
