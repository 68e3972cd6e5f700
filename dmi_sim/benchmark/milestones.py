"""Ages at milestones: when a child that is tested along its way has which, and what stays open.

A milestone that a child has not reached by its last test is censored: nobody knows whether it comes
later or never.
"""

from collections.abc import Callable, Mapping, Sequence
from math import ceil, inf
from statistics import median_low

from dmi_sim.catalog import Catalog
from dmi_sim.child.assessment import MILESTONES, PROGRESS
from dmi_sim.spec.base import Strict
from dmi_sim.spec.milestones import MilestonesSpec
from dmi_sim.spec.progress import ProgressSpec
from dmi_sim.tables import UNKNOWN, number, plain_words

HELD = ("standing", "axillae", 0.5)
"""Standing with assistance: infants hold on to something; here hands hold, half as firmly."""


class MilestoneTest(Strict):
    """Which milestones a child of an age has reached, of those that it had not before."""

    age_months: float
    practice_min: float
    """Practice that was simulated up to then [min]."""
    reached: dict[str, bool]


class MilestoneCourse(Strict):
    """The tests of one child, the first before any practice."""

    tests: tuple[MilestoneTest, ...] = ()

    def age_at(self, milestone: str) -> float | None:
        """The age at the first test with a milestone [months]; None if there is none."""
        found = (one.age_months for one in self.tests if one.reached.get(milestone))
        return next(found, None)

    def practice_at(self, milestone: str) -> float | None:
        """The practice before that test [min]; None if there is none."""
        found = (one.practice_min for one in self.tests if one.reached.get(milestone))
        return next(found, None)


def task(milestone: str) -> tuple[str, Mapping[str, object]]:
    """The exercise that stands for a milestone, and the options of its trials.

    >>> task("sitting_without_support"), task("standing_with_assistance")[0]
    (('sitting', {'support': None}), 'standing')
    """
    exercise = Catalog.shipped().load(MilestonesSpec, MILESTONES).milestones[milestone].exercise
    if exercise is not None:
        return exercise, {"support": None}
    exercise, site, firmness = HELD
    return exercise, {"support": site, "support_strength": firmness}


def reaches(succeeds: Callable[[str, int], bool], milestone: str, seeds: Sequence[int]) -> bool:
    """Whether enough trials succeed; no more are made than it takes to know.

    Args:
        succeeds: Makes a trial of a milestone with a seed.
        milestone: The milestone.
        seeds: A seed for each trial.
    """
    needed = ceil(len(seeds) * Catalog.shipped().load(ProgressSpec, PROGRESS).reached.value)
    successes = 0
    for number_before, seed in enumerate(seeds):
        successes += succeeds(milestone, seed)
        left = len(seeds) - number_before - 1
        if successes >= needed or successes + left < needed:
            break
    return successes >= needed


def in_words(course: MilestoneCourse) -> str:
    """How far a child has come, in a line."""
    last = course.tests[-1]
    now = ", ".join(plain_words(name) for name, is_reached in last.reached.items() if is_reached)
    return (
        f"{last.age_months:.2f} months, {last.practice_min:.1f} min of practice"
        f"{f': {now}' if now else ''}"
    )


def cell(courses: Sequence[MilestoneCourse], milestone: str) -> str:
    """The median age at a milestone, and in brackets that of each child, from the youngest on.

    >>> def course(*ages):
    ...     sits = [{"age_months": a, "practice_min": 0, "reached": {"sit": a == 6}} for a in ages]
    ...     return MilestoneCourse.model_validate({"tests": sits})
    >>> cell([course(5.5, 6.0), course(5.5)], "sit")
    '6.0 (6.0; > 5.5)'
    >>> cell([course(6.0, 6.5), course(5.0), course(5.5)], "sit")
    '> 5.0 (at most 6.0; > 5.0; > 5.5)'
    """
    if not courses:
        return UNKNOWN
    ordered = sorted((_known_age(one, milestone), _in_cell(one, milestone)) for one in courses)
    middle = median_low(range(len(ordered)))
    return f"{ordered[middle][1]} ({'; '.join(words for _, words in ordered)})"


def _known_age(course: MilestoneCourse, milestone: str) -> float:
    age = course.age_at(milestone)
    return inf if age is None else age


def _in_cell(course: MilestoneCourse, milestone: str) -> str:
    tried = [one.age_months for one in course.tests if milestone in one.reached]
    if not tried:
        return UNKNOWN
    age = course.age_at(milestone)
    if age is None:
        return f"> {number(tried[-1], 1)}"
    return f"{'at most ' if age == tried[0] else ''}{number(age, 1)}"
