"""What is drawn of the sessions of one child: when, which exercise, in whose hands, how firmly."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from dmi_sim.child.course import Course
from dmi_sim.child.diary import SessionEntry
from dmi_sim.child.programme import FREE_PLAY
from dmi_sim.spec.programme import WEEKS_PER_MONTH
from dmi_sim.therapy.skills import Skills

MOST_MARKED = 240
"""Sessions with a therapist up to which each of them is drawn; of more, a week is one mark."""


@dataclass(frozen=True)
class Mark:
    """Practice of one exercise in hands at one site, in a session or in a week.

    Attributes:
        from_months: Age at its beginning [months].
        months: Width on the axis of age [months].
        exercise: The exercise.
        site: Site of the hands, or ``none``.
        minutes: Time of it [min].
        firmness: Mean firmness of the hands over this time, 0 to 1.
    """

    from_months: float
    months: float
    exercise: str
    site: str
    minutes: float
    firmness: float


@dataclass(frozen=True)
class Load:
    """What the hands carried in a session with a therapist, or in all of a week.

    Attributes:
        from_months: Age at its beginning [months].
        months: Width on the axis of age [months].
        share: Mean share of body weight in the hands; negative if they pressed down.
        impulse_n_s: Impulse of the hands [N s].
    """

    from_months: float
    months: float
    share: float
    impulse_n_s: float


@dataclass(frozen=True)
class _Stretch:
    """Sessions that are drawn as one, and where on the axis of age."""

    from_months: float
    months: float
    sessions: tuple[SessionEntry, ...]


def therapy_of(course: Course) -> tuple[SessionEntry, ...]:
    """The sessions with a therapist, oldest first."""
    return tuple(one for one in course.sessions if one.kind != FREE_PLAY)


def play_of(course: Course) -> tuple[SessionEntry, ...]:
    """The sessions of free play, oldest first."""
    return tuple(one for one in course.sessions if one.kind == FREE_PLAY)


def is_drawn_by_week(course: Course) -> bool:
    """Whether there are so many sessions with a therapist that a mark is a week of them."""
    return len(therapy_of(course)) > MOST_MARKED


def therapy_marks(course: Course) -> tuple[Mark, ...]:
    """Practice with a therapist, a mark for each session, exercise and site."""
    return tuple(mark for one in _stretches(course) for mark in _marks(one))


def play_marks(course: Course) -> tuple[Mark, ...]:
    """Free play, a mark for each week and exercise; nobody's hands are there."""
    return tuple(mark for one in _weeks(play_of(course)) for mark in _marks(one))


def loads(course: Course) -> tuple[Load, ...]:
    """What the hands carried, session by session, or week by week where these are the marks."""
    return tuple(map(_load, _stretches(course)))


def _stretches(course: Course) -> Iterator[_Stretch]:
    therapy = therapy_of(course)
    return _weeks(therapy) if is_drawn_by_week(course) else _sessions(therapy)


def _weeks(sessions: Iterable[SessionEntry]) -> Iterator[_Stretch]:
    for own in _by_week(sessions).values():
        yield _Stretch(own[0].age_months, 1 / WEEKS_PER_MONTH, tuple(own))


def _sessions(sessions: Iterable[SessionEntry]) -> Iterator[_Stretch]:
    """Each session, those of a week side by side over its width."""
    for own in _by_week(sessions).values():
        width = 1 / WEEKS_PER_MONTH / len(own)
        for place, one in enumerate(own):
            yield _Stretch(one.age_months + place * width, width, (one,))


def _by_week(sessions: Iterable[SessionEntry]) -> dict[int, list[SessionEntry]]:
    found = defaultdict[int, list[SessionEntry]](list)
    for one in sessions:
        found[one.week].append(one)
    return found


def _marks(stretch: _Stretch) -> Iterator[Mark]:
    minutes, firm = (defaultdict[tuple[str, str], float](float) for _ in range(2))
    for session in stretch.sessions:
        for practised in session.practised():
            record, trial = practised.record, practised.record.trial
            minutes[trial.exercise, trial.support] += record.duration_s / 60
            firm[trial.exercise, trial.support] += trial.firmness * record.duration_s / 60
    for (exercise, site), spent in minutes.items():
        firmness = firm[exercise, site] / spent if spent else 0.0
        yield Mark(stretch.from_months, stretch.months, exercise, site, spent, firmness)


def _load(stretch: _Stretch) -> Load:
    practised = sum(one.practice_minutes for one in stretch.sessions)
    carried = sum(one.support_share * one.practice_minutes for one in stretch.sessions)
    return Load(
        stretch.from_months,
        stretch.months,
        share=carried / practised if practised else 0.0,
        impulse_n_s=sum(one.support_impulse_n_s for one in stretch.sessions),
    )


def practised_exercises(courses: Iterable[Course], skills: Skills) -> tuple[str, ...]:
    """The exercises that anyone practised, with a therapist or at play, from the lowest skill up.

    Args:
        courses: Courses of children.
        skills: All exercises, from the lowest skill to the highest.
    """
    seen = {name for one in courses for entry in one.sessions for name in entry.minutes_by_exercise}
    known = [one.name for one in skills if one.name in seen]
    return (*known, *sorted(seen - {*known}))
