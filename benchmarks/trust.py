"""Count how often a study of programmes finds a difference: where none is, and where one is.

Usage: python benchmarks/trust.py [--runs N]

Therapists, timetables, diaries, courses, pairing and statistics are those of the engine. In place
of body and brain stands a cheap learner, in the spirit of the challenge point: a trial teaches most
when its outcome is least certain. It does not know which site hands hold, so no site can win.

- ``same``: two names of one programme. Arms share children, and nothing else.
- ``site``: the same again, but hands at the pelvis in one arm and at the armpits in the other.
- ``dose``: one programme, with twice the sessions in the first arm.
- ``shuffled``: arms of ``dose`` whose labels were drawn anew in each child.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Annotated, Any

import numpy as np
import typer

from dmi_sim.catalog import Catalog
from dmi_sim.child.assessment import Assessment
from dmi_sim.child.course import Course
from dmi_sim.child.diary import Occasion, SessionEntry, session_entry
from dmi_sim.child.practice import PractisedTrial
from dmi_sim.cli.console import CommandResult, command
from dmi_sim.infant import Infant, who
from dmi_sim.report.programme_numbers import primary_comparisons
from dmi_sim.report.programme_question import question_of
from dmi_sim.spec.programme import ProgrammeSpec
from dmi_sim.spec.programme_arm import changed_programme
from dmi_sim.tables import markdown
from dmi_sim.therapy.programmes import therapist_of
from dmi_sim.therapy.therapist import Therapist
from dmi_sim.therapy.timetable import age_months_in, sessions
from dmi_sim.therapy.trial import Trial, TrialRecord

CHILDREN, WEEKS, EVERY_WEEKS, TRIALS = 8, 12, 4, 10
TRIALS_A_MINUTE = 0.15
"""Trials that stand for a minute of a session: seven for three quarters of an hour."""
RATE, HELP, TALENT_SD = 0.12, 1.5, 0.4
"""Gain of skill by the most telling trial, what full firmness adds to skill, spread of talent."""
PROGRAMME = "dmi"
Runs = Annotated[int, typer.Option(min=10, help="Simulated studies for each row.")]


def _site(name: str) -> dict[str, Any]:
    return {"site": {"rule": "fixed", "params": {"site": name}}}


ARMS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "same": ({}, {}),
    "site": (_site("pelvis"), _site("axillae")),
    "dose": ({"timetable": {"sessions_a_week": 6}}, {"timetable": {"sessions_a_week": 3}}),
}
"""What each of two arms changes in the programme, by kind of study."""


@dataclass
class CheapChild:
    """A child without a body: a skill for each exercise, which grows with telling trials.

    Attributes:
        skill: Logit of success without hands, by exercise.
        talent: How much it learns from a trial, beside others.
        rng: Source of all its luck.
    """

    skill: dict[str, float]
    talent: float
    rng: np.random.Generator

    def tries(self, trial: Trial, age_months: float) -> TrialRecord:
        """A trial, from which it learns."""
        chance = _chance(self.skill[trial.exercise] + HELP * trial.firmness)
        self.skill[trial.exercise] += RATE * self.talent * 4 * chance * (1 - chance)
        works = bool(self.rng.random() < chance)
        return TrialRecord(
            trial,
            age_months,
            is_success=works,
            completion=1.0 if works else chance,
            fell=not works,
            duration_s=10.0 if works else 10 * chance,
            support_share=0.2 * trial.firmness,
            support_impulse_n_s=10 * trial.firmness,
        )

    def is_assessed(self, age_months: float, week: int) -> Assessment:
        """What it can do alone, by trials that teach nothing."""
        tried = {n: self.rng.binomial(TRIALS, _chance(s)) / TRIALS for n, s in self.skill.items()}
        fell = {name: 1 - share for name, share in tried.items()}
        return Assessment(age_months, week, TRIALS, tried, tried, fell, {})


def _chance(logit: float) -> float:
    return float(1 / (1 + np.exp(-logit)))


def cheap_child(therapist: Therapist, talent: float, rng: np.random.Generator) -> CheapChild:
    """A child that finds exercises the harder the older infants are who do them."""
    skill = {one.name: (6 - one.typical_age_months) / 2 - 1.5 for one in therapist.skills}
    return CheapChild(skill, talent, rng)


def course(arm: str, number: int, talent: float, programme: ProgrammeSpec, seed: int) -> Course:
    """The course of a cheap child.

    Args:
        arm: Name of the arm.
        number: Number of the child.
        talent: Its talent, the same in every arm.
        programme: The programme of the arm.
        seed: Seed of its luck, and of its therapist's choices.
    """
    therapist, table = therapist_of(programme), programme.timetable
    child = cheap_child(therapist, talent, np.random.default_rng(seed))
    state, diary = therapist.begin(table.age_months, seed), list[SessionEntry]()
    seen = [child.is_assessed(table.age_months, 0)]
    for week in range(WEEKS):
        age = age_months_in(table, week)
        for one in sessions(table, week):
            if one.kind != "therapy":
                continue
            records: list[TrialRecord] = []
            for _ in range(round(TRIALS_A_MINUTE * one.minutes)):
                records.append(child.tries(therapist.order(state), age))
                state = therapist.see(state, records[-1])
            occasion = Occasion(len(diary), week, one.kind, age, one.minutes, programme.rest_s)
            whole = [PractisedTrial(record, is_whole=True) for record in records]
            diary.append(session_entry(occasion, whole))
        if (week + 1) % EVERY_WEEKS == 0:
            seen.append(child.is_assessed(age_months_in(table, week + 1), week + 1))
    return Course(arm, number, _told(table.age_months), programme, tuple(diary), tuple(seen))


@cache
def _told(age_months: float) -> Mapping[str, Any]:
    return who(Infant.from_spec(age_months))


def study_of(kind: str, run: int) -> list[Course]:
    """The courses of a study of two arms, ``first`` and ``second``.

    Args:
        kind: Key of :data:`ARMS`.
        run: Number of the study, which decides all of its luck.
    """
    before = Catalog.shipped().load(ProgrammeSpec, PROGRAMME).model_dump(mode="json")
    rng = np.random.default_rng([run, list(ARMS).index(kind)])
    talents = np.exp(TALENT_SD * rng.standard_normal(CHILDREN)).tolist()
    return [
        course(arm, child, talent, ProgrammeSpec.model_validate(content), int(rng.integers(2**31)))
        for arm, changes in zip(("first", "second"), ARMS[kind], strict=True)
        for content in [changed_programme(before, changes)]
        for child, talent in enumerate(talents)
    ]


def shuffled(courses: Sequence[Course], run: int) -> list[Course]:
    """The same courses, with the labels of the arms drawn anew in each child."""
    swaps = np.random.default_rng(run).random(CHILDREN) < 0.5
    other = {"first": "second", "second": "first"}
    return [replace(one, arm=other[one.arm]) if swaps[one.child] else one for one in courses]


def finds_a_difference(courses: Sequence[Course]) -> bool:
    """Whether a report would say that the arms differ."""
    asked = replace(question_of(courses), outcome="score_area_under_curve")
    (found,) = primary_comparisons(courses, asked)
    return found.p_holm < 0.05 and not found.difference.contains(0.0)


def found_in(runs: int) -> dict[str, int]:
    """In how many studies a difference was found, by kind of study.

    Args:
        runs: Studies of each kind.
    """
    counts = dict.fromkeys((*ARMS, "shuffled"), 0)
    for run in range(runs):
        for kind, courses in _studies(run):
            counts[kind] += finds_a_difference(courses)
    return counts


def _studies(run: int) -> Iterator[tuple[str, Sequence[Course]]]:
    made = {kind: study_of(kind, run) for kind in ARMS}
    yield from made.items()
    yield "shuffled", shuffled(made["dose"], run)


def table(runs: Runs = 200) -> CommandResult:
    """How often studies of programmes find a difference, with a cheap learner."""
    counts = found_in(runs)
    rows = [[kind, str(runs), str(count)] for kind, count in counts.items()]
    head = ("Arms", "Studies", "A difference found")
    return CommandResult("\n".join(markdown(head, rows)), {"runs": runs, "found": counts})


MAIN: Callable[..., Any] = command(table)

if __name__ == "__main__":
    typer.run(MAIN)
