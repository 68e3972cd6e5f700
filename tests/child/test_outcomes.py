"""Outcomes of a child are what a course says, worked out by hand."""

from dataclasses import replace
from math import isnan

import pytest

from dmi_sim.child.assessment import Assessment
from dmi_sim.child.outcomes import (
    CHILD_OUTCOMES,
    ScoreAt,
    age_at_milestone_months,
    dose,
    measured_in,
    plateaus,
    plateaus_of,
    score_over_weeks,
)
from dmi_sim.errors import InputError
from dmi_sim.spec.base import Quantity
from dmi_sim.spec.plateau import PlateauSpec
from dmi_sim.spec.programme import WEEKS_PER_MONTH
from dmi_sim.statistics.intervals import UNBOUNDED
from tests.child.courses import NOTHING, SITS, assessment, course, record, session, with_milestones

SITTING = "sitting_without_support"


def value_of(name: str, *scores: float, weeks: tuple[int, ...] | None = None) -> float:
    return measured_in(course(scores, weeks), name, {}).value


def test_a_gain_is_the_last_score_less_the_first() -> None:
    assert value_of("score_gain", 0.25, 0.875, 0.75) == 0.5
    assert value_of("score_at_end", 0.25, 0.875, 0.75) == 0.75


def test_the_area_is_a_mean_over_weeks_and_not_over_assessments() -> None:
    # one week at 0 on average 0.5, then three weeks at 1
    assert value_of("score_area_under_curve", 0, 1, 1, weeks=(0, 1, 4)) == pytest.approx(3.5 / 4)
    assert value_of("score_area_under_curve", 0.3, weeks=(0,)) == 0.3


def test_who_learns_sooner_has_more_area_with_the_same_gain() -> None:
    early, late = (0.0, 0.5, 0.5), (0.0, 0.0, 0.5)
    assert value_of("score_gain", *early) == value_of("score_gain", *late)
    assert value_of("score_area_under_curve", *early) > value_of("score_area_under_curve", *late)


def test_a_score_after_a_pause_is_unknown_where_there_is_none() -> None:
    one = course()
    assert isnan(measured_in(one, "score_after_pause", {}).value)
    rested = replace(one, retention=assessment(6, 0.25))
    assert measured_in(rested, "score_after_pause", {}).value == 0.25
    assert len(score_over_weeks(rested)) == len(one.assessments)


def test_a_milestone_is_reached_at_the_first_assessment_that_shows_it() -> None:
    walks = {**SITS, "walking_alone": True}
    one = with_milestones(course((0, 0.5, 1)), [NOTHING, SITS, walks])
    assert age_at_milestone_months(one, SITTING) == 6 + 2 / WEEKS_PER_MONTH
    assert age_at_milestone_months(one, "walking_alone") == 6 + 4 / WEEKS_PER_MONTH


def test_a_skill_that_is_lost_again_was_reached() -> None:
    one = with_milestones(course((0, 0.5, 0)), [NOTHING, SITS, NOTHING])
    assert age_at_milestone_months(one, SITTING) == 6 + 2 / WEEKS_PER_MONTH


def test_who_never_reaches_a_milestone_is_censored_and_not_dropped() -> None:
    one = course((0, 0, 0))
    assert age_at_milestone_months(one, SITTING) is None
    found = measured_in(one, "age_at_milestone_months", {"milestone": SITTING})
    assert found.is_censored
    assert found.value == one.assessments[-1].age_months


def test_a_milestone_without_an_exercise_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(InputError, match="did you mean 'sitting_without_support'"):
        age_at_milestone_months(course(), "sitting_without_suport")


def test_every_registered_outcome_gives_a_number_of_any_course() -> None:
    one = course(sessions=[session(records=[record()])])
    for name, outcome in CHILD_OUTCOMES.items():
        needs = {"milestone": SITTING} if "milestone" in name else {}
        needs = {"motion": "scarf_sign"} if "motion" in name else needs
        assert isinstance(measured_in(one, name, needs).value, float)
        assert outcome.title
        assert outcome.definition
        assert outcome.unit


def test_an_outcome_that_is_not_registered_is_refused() -> None:
    with pytest.raises(InputError, match="did you mean 'score_gain'"):
        measured_in(course(), "score_gains", {})


def examined(left: float, right: float, level: float) -> Assessment:
    motions = {"ankle_dorsiflexion": (left, right)}
    return replace(assessment(0, 0.5), ranges_deg=motions, segmental_level=level)


def test_a_range_of_motion_is_the_mean_of_both_sides() -> None:
    found = replace(course(), assessments=(examined(20, 24, 1), examined(23, 27, 4)))
    ankle = {"motion": "ankle_dorsiflexion"}
    assert measured_in(found, "range_of_motion_deg", ankle).value == 25
    assert measured_in(found, "range_of_motion_gain_deg", ankle).value == 3
    assert measured_in(found, "segmental_level_end", {}).value == 4


def test_what_was_not_assessed_is_not_known() -> None:
    plain = course()
    assert isnan(measured_in(plain, "segmental_level_end", {}).value)
    assert isnan(measured_in(plain, "direction_specific_end", {}).value)
    assert isnan(measured_in(plain, "range_of_motion_deg", {"motion": "scarf_sign"}).value)


def test_a_dose_adds_up_sessions_of_both_kinds() -> None:
    therapy = session(0, records=[record(share=0.2), record(fell=True, share=0.4, duration_s=18)])
    play = session(1, kind="free_play", records=[record("none", share=0.0)])
    given = dose(course(sessions=[therapy, play]))
    assert (given.therapy_minutes, given.play_minutes) == (30, 30)
    assert given.practice_minutes == pytest.approx(0.5)
    assert given.therapy_practice_minutes == pytest.approx(0.4)
    assert (given.repetitions, given.falls) == (3, 1)
    assert given.support_impulse_n_s == 36
    assert given.support_share == pytest.approx((0.2 * 6 + 0.4 * 18) / 24)  # over time, not trials


def test_who_practised_nothing_has_no_dose() -> None:
    given = dose(course())
    assert (given.practice_minutes, given.repetitions, given.support_share) == (0, 0, 0)


def rule(weeks: float = 6, least_gain: float = 0.1, ceiling: float = 0.9) -> PlateauSpec:
    def assumed(value: float, unit: str = "1") -> dict[str, object]:
        told = Quantity(value=value, unit=unit, basis="assumed", note="a test")
        return told.model_dump()

    return PlateauSpec.model_validate(
        {
            "title": "A test",
            "weeks": assumed(weeks, "week"),
            "least_gain": assumed(least_gain),
            "ceiling": assumed(ceiling),
        }
    )


def curve(*scores: float) -> tuple[ScoreAt, ...]:
    return tuple(ScoreAt(2 * n, 6.0, score) for n, score in enumerate(scores))


@pytest.mark.parametrize(
    ("scores", "stretches"),
    [
        ((0.0, 0.2, 0.4, 0.6, 0.8), []),  # rises all the time
        ((0.3, 0.3, 0.3, 0.3), [(0, 6)]),  # flat
        ((0.3, 0.3, 0.3), []),  # flat, but too short
        ((0.0, 0.2, 0.4, 0.4, 0.4, 0.4, 0.6), [(4, 10)]),  # flat in the middle
        ((0.4, 0.35, 0.45, 0.4), [(0, 6)]),  # up and down by less than the gain
        ((0.6, 0.4, 0.3, 0.2), [(0, 6)]),  # whoever loses does not get on
        ((0.95, 0.95, 0.95, 0.95), []),  # nothing is left to gain
        ((0.2, 0.2, 0.2, 0.2, 0.5, 0.5, 0.5, 0.5), [(0, 6), (8, 14)]),  # two of them
    ],
)
def test_a_plateau_is_a_long_stretch_without_gain(
    scores: tuple[float, ...], stretches: list[tuple[int, int]]
) -> None:
    found = plateaus_of(curve(*scores), rule())
    assert [(one.from_week, one.to_week) for one in found] == stretches


def test_a_slow_rise_is_no_plateau_where_it_adds_up_to_the_gain() -> None:
    slow = tuple(0.05 * n for n in range(8))
    assert not plateaus_of(curve(*slow), rule(least_gain=0.1))
    assert plateaus_of(curve(*slow), rule(least_gain=0.2))


def test_the_shipped_rule_knows_who_does_not_get_on() -> None:
    weeks = tuple(range(0, 25, 4))
    still, rising = course([0.1] * 7, weeks), course([0.1 * n for n in range(7)], weeks)
    assert [one.weeks for one in plateaus(still)] == [24]
    assert plateaus(rising) == ()
    assert measured_in(still, "plateau_weeks", {}).value == 24


@pytest.mark.parametrize("name", list(CHILD_OUTCOMES))
def test_an_outcome_says_itself_which_numbers_are_better(name: str) -> None:
    found = CHILD_OUTCOMES[name]
    assert found.direction == ("lower" if found.unit in ("month", "week") else "higher")
    assert (found.unit in ("1", "level")) == (found.bounds != UNBOUNDED)
