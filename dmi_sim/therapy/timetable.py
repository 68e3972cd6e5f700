"""What happens in a week of a programme: sessions in order, and the age of the child in it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from dmi_sim.errors import InputError
from dmi_sim.spec.free_play import FreePlaySpec
from dmi_sim.spec.programme import WEEKS_PER_MONTH, TimetableSpec

DAYS_A_WEEK = 7
"""Days in a week, which a programme counts from 0."""


@dataclass(frozen=True)
class Session:
    """A time in which a child practises, with a therapist or on its own.

    Attributes:
        kind: Whether a therapist is there.
        week: Week of the programme, from 0.
        day: Day of the week, from 0.
        age_months: Age of the child in this week [months].
        minutes: Length of the session [min].
        shares: Share of the time that each exercise has in free play, adding up to 1; a therapist
            orders exercises, so with one there are none.
    """

    kind: Literal["therapy", "free_play"]
    week: int
    day: int
    age_months: float
    minutes: float
    shares: tuple[tuple[str, float], ...] = ()


def age_months_in(timetable: TimetableSpec, week: int) -> float:
    """The age of the child at the beginning of a week [months].

    Args:
        timetable: When the therapist comes.
        week: Week of the programme, from 0.

    >>> timetable = TimetableSpec(age_months=6, weeks=10, sessions_a_week=3)
    >>> round(age_months_in(timetable, 9), 2)
    8.07
    """
    return timetable.age_months + week / WEEKS_PER_MONTH


def sessions(timetable: TimetableSpec, week: int) -> tuple[Session, ...]:
    """What happens in a week, in order.

    The sessions of a therapist are spread evenly over the days, and come before the free play of
    their day. In a pause, and once the programme is over, there is free play alone.

    Args:
        timetable: When the therapist comes.
        week: Week of the programme, from 0.

    Raises:
        InputError: If the week lies before the first one.

    >>> twice = TimetableSpec(age_months=6, weeks=10, sessions_a_week=2)
    >>> [(one.kind, one.day) for one in sessions(twice, 0)]
    [('therapy', 0), ('therapy', 3)]
    """
    if week < 0:
        raise InputError(f"week: {week} is below 0, the first week")
    return tuple(one for day in range(DAYS_A_WEEK) for one in _day(timetable, week, day))


def _day(timetable: TimetableSpec, week: int, day: int) -> Iterator[Session]:
    age_months = age_months_in(timetable, week)
    for _ in range(_therapist_days(timetable, week).count(day)):
        yield Session("therapy", week, day, age_months, timetable.minutes_a_session)
    play = free_play_at(timetable, age_months)
    if play and play.minutes_a_day:
        yield Session("free_play", week, day, age_months, play.minutes_a_day, _shares(play))


def _therapist_days(timetable: TimetableSpec, week: int) -> list[int]:
    """The day of each session of a therapist in a week."""
    if week >= timetable.weeks or timetable.is_pause(week):
        return []
    count = timetable.sessions_a_week
    return [number * DAYS_A_WEEK // count for number in range(count)]


def free_play_at(timetable: TimetableSpec, age_months: float) -> FreePlaySpec | None:
    """What a child of an age practises on its own; None if nothing.

    Args:
        timetable: When the therapist comes.
        age_months: Age of the child [months].
    """
    begun = [one for one in timetable.free_play if one.from_months <= age_months]
    return begun[-1] if begun else None


def _shares(play: FreePlaySpec) -> tuple[tuple[str, float], ...]:
    total = sum(play.shares.values())
    return tuple((name, weight / total) for name, weight in play.shares.items())
