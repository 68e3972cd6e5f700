"""What a child can do in exercises that it never practised, before its programme and after it."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import nan

from dmi_sim.child.assessment import Assessment
from dmi_sim.child.course import Course


@dataclass(frozen=True)
class Transfer:
    """Success alone in exercises that were never practised.

    Attributes:
        exercises: These exercises, in order of the alphabet.
        before: Mean share of success in them at the first assessment; NaN without any.
        after: The same at the last assessment.
    """

    exercises: tuple[str, ...]
    before: float
    after: float

    @property
    def gain(self) -> float:
        """Rise of the share of success; NaN without any such exercise."""
        return self.after - self.before


def transfer(course: Course) -> Transfer:
    """What a child can do in exercises that it never practised, with a therapist or at play.

    Which these are depends on the programme, so transfer tells of arms one by one. For arms beside
    each other see :func:`never_practised` of several courses, and :func:`transfer_in`.

    Args:
        course: The course of the child.
    """
    return transfer_in(course, never_practised([course]))


def transfer_in(course: Course, exercises: Iterable[str]) -> Transfer:
    """What a child can do in some exercises, before and after.

    Args:
        course: The course of the child.
        exercises: Exercises that it is assessed in.
    """
    names = tuple(sorted(exercises))
    first, last = course.assessments[0], course.assessments[-1]
    return Transfer(names, _mean(first, names), _mean(last, names))


def never_practised(courses: Iterable[Course]) -> tuple[str, ...]:
    """The exercises that are assessed and that nobody ever practised, in order of the alphabet.

    Args:
        courses: Courses of one child or of several.
    """
    every = tuple(courses)
    assessed = {name for one in every for name in one.assessments[0].success}
    practised = {
        name for one in every for entry in one.sessions for name in entry.minutes_by_exercise
    }
    return tuple(sorted(assessed - practised))


def _mean(assessment: Assessment, exercises: tuple[str, ...]) -> float:
    if not exercises:
        return nan
    return sum(assessment.success[one] for one in exercises) / len(exercises)
