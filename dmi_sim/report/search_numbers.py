"""Where the hands of a programme were over the weeks, and whether they went caudal."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import nan

import numpy as np

from dmi_sim.child.course import Course
from dmi_sim.child.diary import SessionEntry
from dmi_sim.child.programme import FREE_PLAY
from dmi_sim.spec.support import SITES
from dmi_sim.statistics.intervals import Estimate, t_interval

Minutes = Mapping[str, float]
"""Minutes of practice with a therapist by site, ``none`` among them."""


@dataclass(frozen=True)
class HandsOverTime:
    """Where hands were in one arm.

    Attributes:
        weeks: Minutes by site in each week of therapy, over all children.
        early: Mean place of the hands in the first third of therapy, with its interval.
        late: The same in the last third.
        shift: Late less early, child by child; above 0 hands went caudal.
    """

    weeks: Mapping[int, Minutes]
    early: Estimate
    late: Estimate
    shift: Estimate


def hands_over_time(courses: Sequence[Course]) -> HandsOverTime:
    """Where hands were in the course of therapy.

    Args:
        courses: Courses of the children of one arm.
    """
    thirds = [_thirds(one.sessions) for one in courses]
    early = np.array([mean_place(first) for first, _ in thirds])
    late = np.array([mean_place(last) for _, last in thirds])
    return HandsOverTime(
        weeks=_by_week(courses),
        early=t_interval(early[np.isfinite(early)]),
        late=t_interval(late[np.isfinite(late)]),
        shift=t_interval((late - early)[np.isfinite(late - early)]),
    )


def mean_place(minutes: Minutes) -> float:
    """Mean place of the hands on the body, weighted by time: 0 at the head, 1 without hands.

    The places in between lie as far apart as each other, in the order of the sites.

    Args:
        minutes: Minutes by site; NaN comes of none.

    >>> mean_place({"head": 1.0, "none": 3.0})
    0.75
    """
    total = sum(minutes.values())
    places = ((SITES.index(site) / (len(SITES) - 1), spent) for site, spent in minutes.items())
    return sum(place * spent for place, spent in places) / total if total else nan


def _thirds(sessions: Iterable[SessionEntry]) -> tuple[Minutes, Minutes]:
    """Minutes by site in the first and in the last third of the sessions with a therapist."""
    therapy = [one for one in sessions if one.kind != FREE_PLAY]
    third = max(1, len(therapy) // 3)
    return _minutes(therapy[:third]), _minutes(therapy[-third:])


def _minutes(sessions: Iterable[SessionEntry]) -> Minutes:
    found: dict[str, float] = defaultdict(float)
    for one in sessions:
        for site, minutes in one.minutes_by_site.items():
            found[site] += minutes
    return dict(found)


def _by_week(courses: Sequence[Course]) -> dict[int, Minutes]:
    therapy = [one for course in courses for one in course.sessions if one.kind != FREE_PLAY]
    weeks = sorted({one.week for one in therapy})
    return {week: _minutes(one for one in therapy if one.week == week) for week in weeks}
