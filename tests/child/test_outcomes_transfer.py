from dataclasses import replace
from math import isnan

import pytest

from dmi_sim.child.course import Course
from dmi_sim.child.outcomes_transfer import never_practised, transfer, transfer_in
from tests.report.courses import course, scored


@pytest.fixture(scope="module")
def child() -> Course:
    return course("dmi", weeks=2)


def test_what_a_child_never_practised_is_in_no_session_of_its_diary(child: Course) -> None:
    practised = {name for one in child.sessions for name in one.minutes_by_exercise}
    found = transfer(child).exercises
    assert found
    assert not practised & {*found}
    assert practised | {*found} == {*child.assessments[0].success}


def test_transfer_is_success_in_these_exercises_alone_before_and_after(child: Course) -> None:
    first, last = child.assessments[0], child.assessments[-1]
    better = replace(last, success=dict.fromkeys(last.success, 0.8))
    worse = replace(first, success=dict.fromkeys(first.success, 0.3))
    found = transfer(replace(child, assessments=(worse, better)))
    assert (found.before, found.after) == pytest.approx((0.3, 0.8))
    assert found.gain == pytest.approx(0.5)


def test_success_in_what_was_practised_does_not_count_as_transfer(child: Course) -> None:
    last, untried = child.assessments[-1], transfer(child).exercises
    practised = {name: 1.0 for name in last.success if name not in untried}
    praised = replace(
        child,
        assessments=(child.assessments[0], replace(last, success={**last.success, **practised})),
    )
    assert transfer(praised).after == transfer(child).after


def test_a_child_who_practised_everything_has_no_transfer() -> None:
    assert isnan(transfer_in(scored({0: 0.1, 4: 0.9}), ()).gain)


def test_two_children_have_in_common_what_neither_practised(child: Course) -> None:
    idle = replace(child, sessions=())
    assert never_practised([child, idle]) == transfer(child).exercises
    assert {*never_practised([idle])} == {*child.assessments[0].success}
