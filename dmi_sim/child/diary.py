"""The diary of a child: what it practised in each session, in whose hands, and what came of it."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import NonNegativeFloat, NonNegativeInt

from dmi_sim.child.practice import PractisedTrial
from dmi_sim.spec.base import Fraction, Strict
from dmi_sim.therapy.trial import Trial, TrialRecord

TrialLine = tuple[str, str, float, bool, bool, bool, float, bool, float, float, float]
"""A trial of a diary: exercise, site, firmness, pushes; whether it came to an end by itself,
success, completion, fall, duration [s], share of body weight in the hands, their impulse [N s]."""


class SessionEntry(Strict):
    """What a child practised in one session.

    Trials that were cut off count in all times and loads, and in nothing else.
    """

    number: NonNegativeInt
    """Number of the session in the life of the child, from 0."""
    week: NonNegativeInt
    """Week of the programme, from 0."""
    kind: str
    """``therapy`` or ``free_play``."""
    age_months: NonNegativeFloat
    """Age of the child [months]."""
    minutes: NonNegativeFloat
    """Length of the session in the timetable [min]."""
    practice_minutes: NonNegativeFloat
    """Time that was simulated [min]."""
    rest_minutes: NonNegativeFloat
    """Rests between trials [min]."""
    trials: NonNegativeInt
    """Trials that came to an end by themselves."""
    successes: NonNegativeInt
    """Number of them with success."""
    falls: NonNegativeInt
    """Number of them with a fall."""
    minutes_by_exercise: dict[str, float]
    """Time in each exercise [min]."""
    minutes_by_site: dict[str, float]
    """Time in hands at each site, ``none`` among them [min]."""
    support_impulse_n_s: NonNegativeFloat
    """Impulse of the hands [N s]."""
    support_share: float
    """Mean share of body weight in the hands, over all of the time; negative if they pressed the
    child down more than they carried it."""
    lines: tuple[TrialLine, ...]
    """All trials, oldest first."""

    @property
    def success(self) -> Fraction:
        """Share of the trials with success; 0 without any."""
        return self.successes / self.trials if self.trials else 0.0

    def practised(self) -> tuple[PractisedTrial, ...]:
        """All trials as they were seen, oldest first."""
        return tuple(_practised(line, self.age_months) for line in self.lines)


@dataclass(frozen=True)
class Diary:
    """All sessions of a child, oldest first."""

    sessions: tuple[SessionEntry, ...] = ()

    def __len__(self) -> int:
        """Number of sessions."""
        return len(self.sessions)

    def __iter__(self) -> Iterator[SessionEntry]:
        """The sessions, oldest first."""
        return iter(self.sessions)

    def with_session(self, entry: SessionEntry) -> "Diary":
        """The diary with one more session."""
        return Diary((*self.sessions, entry))

    @property
    def rows(self) -> tuple[dict[str, Any], ...]:
        """One row for each session, without its trials."""
        return tuple(one.model_dump(exclude={"lines"}) for one in self.sessions)

    @property
    def practice_hours(self) -> float:
        """Practice so far [h]."""
        return sum(one.practice_minutes for one in self.sessions) / 60


@dataclass(frozen=True)
class Occasion:
    """When a session is, and how long.

    Attributes:
        number: Number of the session in the life of the child, from 0.
        week: Week of the programme, from 0.
        kind: ``therapy`` or ``free_play``.
        age_months: Age of the child [months].
        minutes: Length of the session in the timetable [min].
        rest_s: Rest after each trial [s].
    """

    number: int
    week: int
    kind: str
    age_months: float
    minutes: float
    rest_s: float


def session_entry(occasion: Occasion, practised: Sequence[PractisedTrial]) -> SessionEntry:
    """The entry of a session.

    Args:
        occasion: When it was, and how long.
        practised: Its trials, oldest first.
    """
    records = [one.record for one in practised]
    whole = [one.record for one in practised if one.is_whole]
    total_s = sum(one.duration_s for one in records)
    load_s = sum(one.support_share * one.duration_s for one in records)
    return SessionEntry(
        number=occasion.number,
        week=occasion.week,
        kind=occasion.kind,
        age_months=occasion.age_months,
        minutes=occasion.minutes,
        practice_minutes=total_s / 60,
        rest_minutes=occasion.rest_s * len(whole) / 60,
        trials=len(whole),
        successes=sum(one.is_success for one in whole),
        falls=sum(one.fell for one in whole),
        minutes_by_exercise=_minutes(records, lambda trial: trial.exercise),
        minutes_by_site=_minutes(records, lambda trial: trial.support),
        support_impulse_n_s=sum(one.support_impulse_n_s for one in records),
        support_share=load_s / total_s if total_s else 0.0,
        lines=tuple(_line(one) for one in practised),
    )


def _minutes(records: Sequence[TrialRecord], key: Callable[[Trial], str]) -> dict[str, float]:
    seconds: dict[str, float] = defaultdict(float)
    for one in records:
        seconds[key(one.trial)] += one.duration_s
    return {name: seconds[name] / 60 for name in sorted(seconds)}


def _line(one: PractisedTrial) -> TrialLine:
    record, trial = one.record, one.record.trial
    ordered = (trial.exercise, trial.support, trial.firmness, trial.pushes)
    came_of_it = (one.is_whole, record.is_success, record.completion, record.fell)
    loads = (record.duration_s, record.support_share, record.support_impulse_n_s)
    return (*ordered, *came_of_it, *loads)


def _practised(line: TrialLine, age_months: float) -> PractisedTrial:
    exercise, site, firmness, pushes, is_whole, is_success, completion, fell, *loads = line
    trial = Trial(exercise, site, firmness, pushes)
    record = TrialRecord(trial, age_months, is_success, completion, fell, *loads)
    return PractisedTrial(record, is_whole)
