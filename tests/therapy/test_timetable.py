"""What happens in a week."""

import pytest

from dmi_sim.errors import InputError
from dmi_sim.spec.programme import TimetableSpec
from dmi_sim.therapy.timetable import DAYS_A_WEEK, age_months_in, free_play_at, sessions

PLAY = [
    {"from_months": 0, "minutes_a_day": 30, "shares": {"prone_propping": 1}},
    {"from_months": 7, "minutes_a_day": 60, "shares": {"sitting": 3, "rolling": 1}},
]


def timetable(**content: object) -> TimetableSpec:
    usual = {"age_months": 6, "weeks": 10, "sessions_a_week": 3, "minutes_a_session": 40}
    return TimetableSpec.model_validate({**usual, **content})


@pytest.mark.parametrize("count", [0, 1, 3, 5, 7, 10])
def test_a_therapist_comes_as_often_as_the_timetable_says(count: int) -> None:
    week = sessions(timetable(sessions_a_week=count, free_play=PLAY), 0)
    therapy = [one for one in week if one.kind == "therapy"]
    assert len(therapy) == count
    assert sum(one.minutes for one in therapy) == 40 * count


def test_sessions_are_spread_over_the_days() -> None:
    assert [one.day for one in sessions(timetable(), 0)] == [0, 2, 4]
    assert [one.day for one in sessions(timetable(sessions_a_week=5), 0)] == [0, 1, 2, 4, 5]
    assert [one.day for one in sessions(timetable(sessions_a_week=14), 0)] == sorted(
        [*range(7)] * 2
    )


def test_a_week_goes_from_day_to_day_and_the_therapist_comes_before_free_play() -> None:
    week = sessions(timetable(free_play=PLAY), 0)
    assert [one.day for one in week] == sorted(one.day for one in week)
    assert [one.kind for one in week if one.day == 0] == ["therapy", "free_play"]
    assert [one.kind for one in week if one.day == 1] == ["free_play"]


def test_in_a_pause_and_after_the_last_week_there_is_free_play_alone() -> None:
    paused = timetable(free_play=PLAY, pauses=[{"from_week": 4, "to_week": 5}])
    for week, kinds in ((3, 2), (4, 1), (5, 1), (6, 2), (9, 2), (10, 1), (30, 1)):
        assert len({one.kind for one in sessions(paused, week)}) == kinds, week
    assert sum(one.minutes for one in sessions(paused, 4)) == 30 * DAYS_A_WEEK
    assert sessions(timetable(pauses=[{"from_week": 4, "to_week": 4}]), 4) == ()


def test_a_child_is_seven_days_older_each_week() -> None:
    ages = [age_months_in(timetable(), week) for week in range(53)]
    assert ages[0] == 6
    assert ages[52] == pytest.approx(18, abs=0.05)
    assert {one.age_months for one in sessions(timetable(), 7)} == {ages[7]}


def test_free_play_changes_with_age() -> None:
    young, old = (sessions(timetable(sessions_a_week=0, free_play=PLAY), week) for week in (0, 9))
    assert young[0].shares == (("prone_propping", 1.0),)
    assert old[0].shares == (("sitting", 0.75), ("rolling", 0.25))
    assert (young[0].minutes, old[0].minutes) == (30, 60)


def test_a_child_without_free_play_practises_with_the_therapist_alone() -> None:
    assert free_play_at(timetable(), 6) is None
    none = [{"from_months": 0, "minutes_a_day": 0, "shares": {"sitting": 1}}]
    assert {one.kind for one in sessions(timetable(free_play=none), 0)} == {"therapy"}


def test_there_is_no_week_before_the_first() -> None:
    with pytest.raises(InputError, match="week: -1 is below 0"):
        sessions(timetable(), -1)
