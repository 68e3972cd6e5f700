"""Courses of children without physics: real therapists order, and a formula answers."""

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

import numpy as np

from dmi_sim.catalog import Catalog
from dmi_sim.child.assessment import Assessment, milestones_reached
from dmi_sim.child.course import Course
from dmi_sim.child.diary import Occasion, SessionEntry, session_entry
from dmi_sim.child.practice import PractisedTrial
from dmi_sim.spec.programme import ProgrammeSpec
from dmi_sim.therapy.programmes import therapist_of
from dmi_sim.therapy.skills import all_skills
from dmi_sim.therapy.timetable import Session, age_months_in, sessions
from dmi_sim.therapy.trial import Trial, TrialRecord

CATALOG = Catalog.shipped()
SKILLS = all_skills(CATALOG)
TRIALS_A_SESSION = 6


@dataclass
class FormulaChild:
    """A child that learns by a formula; what it learns does not depend on whose hands hold it.

    Attributes:
        talent: How much a trial of an exercise adds to what the child can do in it.
        seed: Seed of its luck.
    """

    talent: float
    seed: int
    practised: Counter[str] = field(default_factory=Counter[str])
    trials: int = 0

    def chance(self, trial: Trial, age_months: float) -> float:
        """Chance of success in a trial."""
        typical = next(one.typical_age_months for one in SKILLS if one.name == trial.exercise)
        skill = self.talent * self.practised[trial.exercise] + 2 * trial.firmness
        return 1 / (1 + math.exp(2 + 0.4 * (typical - age_months) - skill))

    def answer(self, trial: Trial, age_months: float) -> PractisedTrial:
        """What came of a trial of ten seconds."""
        is_success = bool(self._luck() < self.chance(trial, age_months))
        self.practised[trial.exercise] += 1
        share = 0.4 * trial.firmness
        record = TrialRecord(
            trial,
            age_months,
            is_success=is_success,
            completion=1.0 if is_success else 0.3,
            fell=not is_success and bool(self._luck() < 0.5),
            duration_s=10.0,
            support_share=share,
            support_impulse_n_s=700 * share,
        )
        return PractisedTrial(record, is_whole=True)

    def assessed(self, age_months: float, week: int) -> Assessment:
        """What it can do alone, in tenths."""
        success = {one.name: round(self.chance(Trial(one.name), age_months), 1) for one in SKILLS}
        return Assessment(
            age_months=age_months,
            week=week,
            trials=10,
            success=success,
            completion=success,
            fell={name: round(1 - share, 1) for name, share in success.items()},
            milestones=milestones_reached(success, 0.5, CATALOG),
        )

    def _luck(self) -> float:
        self.trials += 1
        return float(np.random.default_rng((self.seed, self.trials)).random())


def course(
    arm: str = "dmi",
    child: int = 0,
    *,
    weeks: int = 12,
    talent: float = 0.1,
    programme: ProgrammeSpec | None = None,
    with_retention: bool = True,
) -> Course:
    """The course of a child of six months through a programme, which has the name of its arm."""
    spec = programme or CATALOG.load(ProgrammeSpec, arm)
    timetable = spec.timetable.model_copy(update={"weeks": weeks})
    spec = spec.model_copy(update={"timetable": timetable})
    learner = FormulaChild(talent * (1 + 0.2 * child), child)
    entries: list[SessionEntry] = []
    assessments = [learner.assessed(timetable.age_months, 0)]
    for entry in _lived(spec, learner, weeks, assessments):
        entries.append(entry)
    last = assessments[-1]
    forgotten = {name: max(0.0, round(share - 0.1, 1)) for name, share in last.success.items()}
    later = replace(last, week=weeks + 4, age_months=last.age_months + 0.92, success=forgotten)
    return Course(
        arm=arm,
        child=child,
        who=_who(child, timetable.age_months),
        programme=spec,
        sessions=tuple(entries),
        assessments=tuple(assessments),
        retention=later if with_retention else None,
    )


def cohort(arms: Sequence[str], children: int, **further: Any) -> tuple[Course, ...]:
    """Courses of some children in some arms, child by child."""
    return tuple(course(arm, child, **further) for child in range(children) for arm in arms)


def scored(scores: Mapping[int, float], **changes: Any) -> Course:
    """A course with scores by week, in which every exercise has the same success."""
    begun = _one_week()
    first = begun.assessments[0]
    found = tuple(
        replace(
            first,
            week=week,
            age_months=6 + week / 4.35,
            success=dict.fromkeys(first.success, score),
            milestones=dict.fromkeys(first.milestones, score >= 0.5),
        )
        for week, score in scores.items()
    )
    return replace(begun, assessments=found, **changes)


@cache
def _one_week() -> Course:
    return course(weeks=1, with_retention=False)


def _lived(
    spec: ProgrammeSpec, learner: FormulaChild, weeks: int, assessments: list[Assessment]
) -> Iterator[SessionEntry]:
    therapist, timetable, number = therapist_of(spec), spec.timetable, 0
    state = therapist.begin(timetable.age_months, learner.seed)
    for week in range(weeks):
        for session in sessions(timetable, week):
            answers: list[PractisedTrial] = []
            for trial in range(TRIALS_A_SESSION):
                if session.kind == "free_play":
                    order = _at_play(session, number + trial)
                    answers.append(learner.answer(order, session.age_months))
                else:
                    answers.append(learner.answer(therapist.order(state), session.age_months))
                    state = therapist.see(state, answers[-1].record)
            yield session_entry(_occasion(session, number), answers)
            number += 1
        if (week + 1) % 4 == 0 or week == weeks - 1:
            assessments.append(learner.assessed(age_months_in(timetable, week + 1), week + 1))


def _at_play(session: Session, number: int) -> Trial:
    return Trial(session.shares[number % len(session.shares)][0])


def _occasion(session: Session, number: int) -> Occasion:
    return Occasion(number, session.week, session.kind, session.age_months, session.minutes, 10.0)


def _who(child: int, age_months: float) -> dict[str, Any]:
    return {
        "age_months": age_months,
        "sex": ("female", "male")[child % 2],
        "condition": "typical",
        "severity": 0.5,
        "condition_options": {},
        "length_z": 0.0,
        "weight_z": 0.0,
    }
