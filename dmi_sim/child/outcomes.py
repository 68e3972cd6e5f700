"""What came of a course: pure functions, one number per child or a curve over its weeks.

Outcomes that a study may name as its primary one are registered with ``@child_outcome``; to add
one, write a function here, or in a plug-in: it takes a :class:`~dmi_sim.child.course.Course` and
typed keywords and gives a :class:`Measured`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from math import nan
from typing import Literal, TypeAlias

from dmi_sim.assessments.bedside.passive_range import Motion
from dmi_sim.catalog import Catalog
from dmi_sim.child.course import Course
from dmi_sim.child.diary import SessionEntry
from dmi_sim.child.programme import FREE_PLAY
from dmi_sim.errors import InputError, did_you_mean
from dmi_sim.registry import Registry
from dmi_sim.spec.plateau import PlateauSpec
from dmi_sim.spec.programme_study import AssessmentPart
from dmi_sim.statistics.intervals import UNBOUNDED, Bounds

Direction: TypeAlias = Literal["higher", "lower"]
"""Which numbers of an outcome are better."""
SCORES = Bounds(0.0, 1.0)
"""What a score can be."""
PLATEAU = "alone"
"""File in ``models/assessments/plateaus/`` that says what a plateau is."""


@dataclass(frozen=True)
class Measured:
    """The number of one child.

    Attributes:
        value: The number; that at the end of what was watched where it is censored.
        is_censored: Whether what was waited for did not come: the true number is larger.
    """

    value: float
    is_censored: bool = False


@dataclass(frozen=True)
class ChildOutcome:
    """An outcome of a child that a study may name.

    Attributes:
        name: Name in study files.
        title: What it is, in words.
        unit: Unit of the number; ``1`` for scores.
        definition: First sentence of the function.
        function: Gives the number of a course.
        direction: Which numbers are better.
        bounds: What a number can be at all; an interval does not go beyond.
        part: What children have to be assessed in besides the exercises; None for nothing.
    """

    name: str
    title: str
    unit: str
    definition: str
    function: Callable[..., Measured]
    direction: Direction = "higher"
    bounds: Bounds = UNBOUNDED
    part: AssessmentPart | None = None


CHILD_OUTCOMES: Registry[ChildOutcome] = Registry("outcome of a child")
"""Outcomes of a child by name."""


def child_outcome(
    title: str,
    unit: str,
    name: str = "",
    *,
    direction: Direction = "higher",
    bounds: Bounds = UNBOUNDED,
    part: AssessmentPart | None = None,
) -> Callable[[Callable[..., Measured]], Callable[..., Measured]]:
    """Register a function as an outcome of a child.

    Args:
        title: What it is, in words.
        unit: Unit of the number.
        name: Name of the outcome; that of the function by default.
        direction: Which numbers are better.
        bounds: What a number can be at all.
        part: What children have to be assessed in besides the exercises.
    """

    def register(function: Callable[..., Measured]) -> Callable[..., Measured]:
        known, words = name or function.__name__, (function.__doc__ or "").partition("\n")[0]
        definition = words.rstrip(".")
        outcome = ChildOutcome(known, title, unit, definition, function, direction, bounds, part)
        CHILD_OUTCOMES.add(known, outcome)
        return function

    return register


@dataclass(frozen=True)
class ScoreAt:
    """The score of a child at one assessment.

    Attributes:
        week: Weeks since the beginning.
        age_months: Age [months].
        score: Mean share of success over all exercises, 0 to 1.
    """

    week: int
    age_months: float
    score: float


def score_over_weeks(course: Course) -> tuple[ScoreAt, ...]:
    """The score at each assessment, oldest first; that after a pause is not among them."""
    return tuple(ScoreAt(one.week, one.age_months, one.score) for one in course.assessments)


@child_outcome("gain in the score of exercises done alone", "1", bounds=Bounds(-1.0, 1.0))
def score_gain(course: Course) -> Measured:
    """Score at the last assessment less that at the first."""
    return Measured(course.assessments[-1].score - course.assessments[0].score)


@child_outcome("score of exercises done alone, in the end", "1", bounds=SCORES)
def score_at_end(course: Course) -> Measured:
    """Score at the last assessment."""
    return Measured(course.assessments[-1].score)


@child_outcome("score of exercises done alone, mean over the weeks", "1", bounds=SCORES)
def score_area_under_curve(course: Course) -> Measured:
    """Mean of the score over the weeks: area under the score over weeks, over their number."""
    points = score_over_weeks(course)
    weeks = points[-1].week - points[0].week
    if not weeks:
        return Measured(points[-1].score)
    area = sum((b.week - a.week) * (a.score + b.score) / 2 for a, b in pairwise(points))
    return Measured(area / weeks)


@child_outcome("score of exercises done alone, after a pause", "1", bounds=SCORES)
def score_after_pause(course: Course) -> Measured:
    """Score after a pause without practice or play; unknown where the study has none."""
    return Measured(nan if course.retention is None else course.retention.score)


@child_outcome("age at a milestone", "month", "age_at_milestone_months", direction="lower")
def restricted_age_months(course: Course, *, milestone: str) -> Measured:
    """Age at the first assessment at which a milestone is reached, or censored at the last.

    A child that does not reach it counts with its age at the last assessment (restricted mean
    age), so arms are to be compared over the same weeks.

    Args:
        course: The course.
        milestone: Name of a milestone that an exercise comes near to.
    """
    age = age_at_milestone_months(course, milestone)
    end = course.assessments[-1].age_months
    return Measured(end, is_censored=True) if age is None else Measured(age)


def _known(found: float | None) -> float:
    return nan if found is None else found


@child_outcome("range of motion in the end", "deg", part="ranges")
def range_of_motion_deg(course: Course, *, motion: Motion) -> Measured:
    """Range of a joint at the last assessment, mean of both sides.

    Args:
        course: The course.
        motion: Name of the range.
    """
    return Measured(course.assessments[-1].range_deg(motion))


@child_outcome("gain in range of motion", "deg", part="ranges")
def range_of_motion_gain_deg(course: Course, *, motion: Motion) -> Measured:
    """Range of a joint at the last assessment less that at the first, mean of both sides.

    Args:
        course: The course.
        motion: Name of the range.
    """
    first, last = (course.assessments[place].range_deg(motion) for place in (0, -1))
    return Measured(last - first)


@child_outcome(
    "segmental level of trunk control, in the end",
    "level",
    bounds=Bounds(0.0, 7.0),
    part="segmental",
)
def segmental_level_end(course: Course) -> Measured:
    """Lowest level of the trunk that is controlled at rest, of seven from the head down."""
    return Measured(_known(course.assessments[-1].segmental_level))


@child_outcome(
    "share of direction-specific responses, in the end", "1", bounds=SCORES, part="responses"
)
def direction_specific_end(course: Course) -> Measured:
    """Share of a platform's moves at which muscles that hold the body back respond first."""
    return Measured(_known(course.assessments[-1].direction_specific))


def age_at_milestone_months(course: Course, milestone: str) -> float | None:
    """Age at the first assessment at which a milestone is reached; None if it is not: censored.

    The true age lies between that of the assessment before and this one. A milestone that is
    reached at the first assessment of all was there before the programme began.

    Args:
        course: The course.
        milestone: Name of a milestone that an exercise comes near to.

    Raises:
        InputError: If no exercise comes near to such a milestone.
    """
    for one in course.assessments:
        if milestone not in one.milestones:
            hint = did_you_mean(milestone, one.milestones)
            raise InputError(f"milestone: no exercise comes near to '{milestone}'; {hint}")
        if one.milestones[milestone]:
            return one.age_months
    return None


@dataclass(frozen=True)
class Dose:
    """All that a child was given, and all that it did, over its whole course.

    Attributes:
        therapy_minutes: Time with the therapist, as the timetable has it [min].
        play_minutes: Time of free play, as the timetable has it [min].
        practice_minutes: Time that was simulated, both together [min].
        therapy_practice_minutes: That with the therapist alone [min].
        repetitions: Trials that came to an end by themselves.
        falls: Falls in these trials.
        support_impulse_n_s: Impulse of the hands [N s].
        support_share: Mean share of body weight in the hands over all practice with the therapist;
            0 without any.
    """

    therapy_minutes: float
    play_minutes: float
    practice_minutes: float
    therapy_practice_minutes: float
    repetitions: int
    falls: int
    support_impulse_n_s: float
    support_share: float


def dose(course: Course) -> Dose:
    """What a child was given and did over its whole course.

    Args:
        course: The course.
    """
    return dose_of(course.sessions)


def dose_of(sessions: Iterable[SessionEntry]) -> Dose:
    """What a child was given and did in some sessions, as in those of one week.

    Args:
        sessions: Sessions of one child.
    """
    everything = tuple(sessions)
    therapy = [one for one in everything if one.kind != FREE_PLAY]
    practised = sum(one.practice_minutes for one in therapy)
    load = sum(one.support_share * one.practice_minutes for one in therapy)
    return Dose(
        therapy_minutes=sum(one.minutes for one in therapy),
        play_minutes=sum(one.minutes for one in everything if one.kind == FREE_PLAY),
        practice_minutes=sum(one.practice_minutes for one in everything),
        therapy_practice_minutes=practised,
        repetitions=sum(one.trials for one in everything),
        falls=sum(one.falls for one in everything),
        support_impulse_n_s=sum(one.support_impulse_n_s for one in everything),
        support_share=load / practised if practised else 0.0,
    )


@child_outcome("time on a plateau", "week", direction="lower")
def plateau_weeks(course: Course) -> Measured:
    """Weeks that a child spends on plateaus, as the shipped rule says what one is."""
    return Measured(float(sum(one.weeks for one in plateaus(course))))


@dataclass(frozen=True)
class Plateau:
    """A stretch of weeks in which the score hardly rose.

    Attributes:
        from_week: Week of the first assessment of it.
        to_week: Week of the last one.
        score: Score at its beginning.
    """

    from_week: int
    to_week: int
    score: float

    @property
    def weeks(self) -> int:
        """Length [weeks]."""
        return self.to_week - self.from_week


def plateaus(course: Course, rule: PlateauSpec | None = None) -> tuple[Plateau, ...]:
    """The plateaus of a course, oldest first.

    Args:
        course: The course.
        rule: What counts as one; that of the shipped file by default.
    """
    chosen = rule or Catalog.shipped().load(PlateauSpec, PLATEAU)
    return plateaus_of(score_over_weeks(course), chosen)


def plateaus_of(points: tuple[ScoreAt, ...], rule: PlateauSpec) -> tuple[Plateau, ...]:
    """The plateaus of a curve of scores, oldest first, none overlapping another.

    From each assessment on, the stretch is followed for as long as no score in it is higher by the
    least gain than at its beginning. A stretch that is long enough is a plateau; one that begins
    within another prolongs it.

    Args:
        points: Scores over the weeks, rising in weeks.
        rule: What counts as a plateau.
    """
    found: list[Plateau] = []
    for number, begin in enumerate(points):
        if begin.score >= rule.ceiling.value:
            continue
        end = _end_of_stretch(points[number:], rule.least_gain.value)
        if end.week - begin.week < rule.weeks.value:
            continue
        if found and begin.week <= found[-1].to_week:
            longer = max(end.week, found[-1].to_week)
            found[-1] = Plateau(found[-1].from_week, longer, found[-1].score)
        else:
            found.append(Plateau(begin.week, end.week, begin.score))
    return tuple(found)


def _end_of_stretch(points: tuple[ScoreAt, ...], least_gain: float) -> ScoreAt:
    last = points[0]
    for one in points:
        if one.score - points[0].score >= least_gain:
            break
        last = one
    return last


def measured_in(course: Course, name: str, params: Mapping[str, object]) -> Measured:
    """The number of a course that a study names as its outcome.

    Args:
        course: The course.
        name: Name of a registered outcome.
        params: Its parameters.

    Raises:
        InputError: If there is no such outcome.
    """
    if reason := CHILD_OUTCOMES.unknown(name):
        raise InputError(f"outcome: {reason}")
    return CHILD_OUTCOMES[name].function(course, **params)
