from dataclasses import replace

import pytest

from dmi_sim.child.course import Course
from dmi_sim.report.child_marks import (
    MOST_MARKED,
    is_drawn_by_week,
    loads,
    play_marks,
    practised_exercises,
    therapy_marks,
    therapy_of,
)
from tests.report.courses import SKILLS


@pytest.fixture(scope="module")
def child(children: tuple[Course, ...]) -> Course:
    return children[0]


def test_all_minutes_with_the_therapist_are_drawn(child: Course) -> None:
    drawn = sum(one.minutes for one in therapy_marks(child))
    assert drawn == pytest.approx(sum(one.practice_minutes for one in therapy_of(child)))


def test_all_minutes_of_play_are_drawn_and_nobody_holds_the_child(child: Course) -> None:
    marks = play_marks(child)
    played = [one for one in child.sessions if one.kind == "free_play"]
    assert sum(one.minutes for one in marks) == pytest.approx(
        sum(one.practice_minutes for one in played)
    )
    assert {one.site for one in marks} == {"none"}


def test_sessions_of_a_week_stand_side_by_side_within_it(child: Course) -> None:
    begins = sorted({one.from_months for one in therapy_marks(child)})
    assert len(begins) == len(therapy_of(child))
    week_months = 12 / 52.18
    assert begins[2] - begins[0] < week_months <= begins[3] - begins[0] + 1e-3


def test_firmness_is_that_of_the_trials(children: tuple[Course, ...]) -> None:
    traditional = next(one for one in children if one.arm == "traditional")
    assert {round(one.firmness, 9) for one in therapy_marks(traditional)} == {1.0}


def test_of_very_many_sessions_a_week_is_one_mark(child: Course) -> None:
    entry = therapy_of(child)[0]
    many = tuple(
        entry.model_copy(update={"week": number // 5, "age_months": 6 + 0.23 * (number // 5)})
        for number in range(MOST_MARKED + 5)
    )
    long = replace(child, sessions=many)
    assert is_drawn_by_week(long)
    assert not is_drawn_by_week(child)
    assert len(loads(long)) == len(many) / 5
    assert loads(long)[0].impulse_n_s == pytest.approx(5 * entry.support_impulse_n_s)
    assert loads(long)[0].share == pytest.approx(entry.support_share)


def test_a_child_without_a_therapist_has_no_marks_of_one(children: tuple[Course, ...]) -> None:
    playing = next(one for one in children if one.arm == "free_play")
    assert therapy_marks(playing) == () == loads(playing)
    assert play_marks(playing)


def test_exercises_are_in_order_of_skill(children: tuple[Course, ...]) -> None:
    order = [one.name for one in SKILLS]
    found = practised_exercises(children, SKILLS)
    assert list(found) == sorted(found, key=order.index)
    assert "prone_propping" in found
